import { createHmac } from 'node:crypto'
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http'

export const signingSecret = 'a-signing-secret-for-tests'

export const sign = (body: string | Buffer, at: Date, secret = signingSecret) => {
  const timestamp = String(Math.floor(at.getTime() / 1000))
  const digest = createHmac('sha256', secret).update(`v0:${timestamp}:`).update(body).digest('hex')
  return { 'x-slack-request-timestamp': timestamp, 'x-slack-signature': `v0=${digest}` }
}

export interface LoopbackAnswer {
  status: number
  headers: IncomingHttpHeaders
  text: string
}

/** Sends exactly what it is told, unlike fetch, which mends paths and headers. */
export function send(
  port: number,
  {
    method = 'GET',
    path = '/',
    headers = {},
    body,
  }: {
    method?: string
    path?: string
    headers?: Record<string, string>
    body?: string | Buffer | Buffer[]
  },
): Promise<LoopbackAnswer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({ port, host: '127.0.0.1', method, path, headers }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString()
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text })
      })
    })
    request.on('error', reject)
    if (Array.isArray(body)) {
      for (const chunk of body) request.write(chunk)
      request.end()
    } else request.end(body)
  })
}

/** Sends to Slack's entrance, signed as Slack signs. */
export const sendSigned = (
  port: number,
  body: string | Buffer,
  headers: Record<string, string> = {},
  at: Date = new Date(),
) =>
  send(port, {
    method: 'POST',
    path: '/slack/events',
    body,
    headers: {
      'content-type': 'application/json',
      'content-length': String(Buffer.byteLength(body)),
      ...sign(body, at),
      ...headers,
    },
  })
