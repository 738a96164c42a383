import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import { Webhook } from 'standardwebhooks'
import { z } from 'zod'

/** What came to a receiver, with the signature checked by the library that others use. */
export interface Received {
  headers: IncomingHttpHeaders
  body: string
  id: string
  /** The type of the event. */
  type: string
  verified: boolean
}

export interface FakeReceiver {
  url: string
  received: Received[]
  /** Checks signatures with this from now on. */
  trust(secret: string): void
  /** How requests are answered from now on; 200 as long as nothing is said. */
  answer(how: (response: ServerResponse, received: Received) => void): void
  stop(): Promise<void>
}

const envelope = z.object({ id: z.string(), type: z.string() })

/** A program of others on loopback that is told of events. */
export async function startFakeReceiver(): Promise<FakeReceiver> {
  const received: Received[] = []
  let secret = ''
  let answer = (response: ServerResponse, _: Received): void => void response.end('ok')

  const isVerified = (body: string, headers: IncomingHttpHeaders): boolean => {
    const texts = Object.entries(headers).flatMap(([key, value]) =>
      typeof value === 'string' ? [[key, value]] : [],
    )
    try {
      new Webhook(secret).verify(body, Object.fromEntries(texts))
      return true
    } catch {
      return false
    }
  }

  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const body = Buffer.concat(chunks).toString()
    const { headers } = request
    const { id, type } = envelope.parse(JSON.parse(body))
    const one = { headers, body, id, type, verified: isVerified(body, headers) }
    received.push(one)
    answer(response, one)
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}/hooks`,
    received,
    trust(other) {
      secret = other
    },
    answer(how) {
      answer = how
    },
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

export const status =
  (code: number, headers: Record<string, string> = {}) =>
  (response: ServerResponse): void =>
    void response.writeHead(code, headers).end()

export const hang = (): void => {}
