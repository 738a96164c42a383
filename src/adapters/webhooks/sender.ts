import { randomBytes } from 'node:crypto'
import { type IncomingMessage, request as requestPlain } from 'node:http'
import { request as requestWithTls } from 'node:https'
import type { LookupFunction } from 'node:net'
import { Webhook } from 'standardwebhooks'
import type { WebhookAnswer } from '../../domain/webhook.ts'
import type { WebhookMessage, WebhookSender } from '../../use-cases/ports/webhooks.ts'
import { type Address, type Resolve, resolveName, type Way, wayTo } from './addresses.ts'

export interface SenderOptions {
  /** Whether private addresses, and those without TLS among them, are sent to. */
  allowPrivate: boolean
  /** For one try, from the name to the answer. */
  timeoutMs?: number
  resolve?: Resolve
  userAgent: string
}

/** Nobody reads the answer; more of it than this ends the connection. */
const mostOfAnswer = 64 * 1024

/** Sends what Standard Webhooks describes, and follows nobody elsewhere. */
export function createWebhookSender({
  allowPrivate,
  timeoutMs = 10_000,
  resolve = resolveName,
  userAgent,
}: SenderOptions): WebhookSender {
  const way = async (url: string, signal: AbortSignal): Promise<Way> => {
    const asked = wayTo(url, { allowPrivate, resolve })
    return Promise.race([asked, aborted(signal)])
  }

  return {
    // as Standard Webhooks writes it: 32 random bytes
    newSecret: () => `whsec_${randomBytes(32).toString('base64')}`,

    async check(url) {
      const found = await way(url, AbortSignal.timeout(timeoutMs)).catch(() => unknown)
      return found.ok ? undefined : found.why
    },

    async send(message, stop) {
      const timeout = AbortSignal.timeout(timeoutMs)
      const signal = stop === undefined ? timeout : AbortSignal.any([timeout, stop])
      try {
        const found = await way(message.url, signal)
        if (!found.ok) return { kind: 'none', why: found.why }
        return await post(found, { ...signed(message), 'user-agent': userAgent }, message, signal)
      } catch (error) {
        if (stop?.aborted) return undefined
        return { kind: 'none', why: timeout.aborted ? 'timeout' : whyOf(error) }
      }
    },
  }
}

const unknown: Way = { ok: false, why: 'address-unknown' }

function signed({ id, at, secret, body }: WebhookMessage): Record<string, string> {
  return {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': `${Math.floor(at.getTime() / 1_000)}`,
    'webhook-signature': new Webhook(secret).sign(id, at, body),
  }
}

function post(
  { url, addresses }: { url: URL; addresses: Address[] },
  headers: Record<string, string>,
  { body, at }: WebhookMessage,
  signal: AbortSignal,
): Promise<WebhookAnswer> {
  const request = url.protocol === 'https:' ? requestWithTls : requestPlain
  const bytes = Buffer.from(body)
  return new Promise((resolve, reject) => {
    const sending = request(url, {
      method: 'POST',
      headers: { ...headers, 'content-length': bytes.byteLength },
      agent: false,
      lookup: knowing(addresses),
      signal,
    })
    sending.on('error', reject)
    sending.on('response', (response) => {
      const status = response.statusCode ?? 0
      const retryAfterMs = retryAfter(response.headers['retry-after'], at)
      // the status is the answer, however the rest of it ends
      const answered = () => resolve({ kind: 'status', status, retryAfterMs })
      sending.off('error', reject).on('error', answered)
      drain(response).then(answered, answered)
    })
    sending.end(bytes)
  })
}

/** The name was asked for once: another answer by now does not count. */
const knowing = (addresses: Address[]): LookupFunction => {
  return (_name, { all }, callback) => {
    const [first] = addresses
    if (all === true) callback(null, addresses)
    else callback(null, first?.address ?? '', first?.family)
  }
}

/** Reads an answer to its end, or until it has gone on for too long. */
async function drain(response: IncomingMessage): Promise<void> {
  let size = 0
  for await (const chunk of response) {
    size += Buffer.byteLength(chunk)
    // leaving the loop closes the connection
    if (size > mostOfAnswer) return
  }
}

/** Seconds, or a date; null where it is neither. In milliseconds. */
function retryAfter(header: string | undefined, now: Date): number | null {
  if (header === undefined) return null
  const text = header.trim()
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1_000
  const at = Date.parse(text)
  return Number.isNaN(at) ? null : Math.max(0, at - now.getTime())
}

function whyOf(error: unknown): 'certificate' | 'unreachable' {
  const code = error instanceof Error && 'code' in error ? `${error.code}` : ''
  return /CERT|TLS|SSL|SELF_SIGNED|UNABLE_TO/.test(code) ? 'certificate' : 'unreachable'
}

/** Asking for a name can't be called off, only not waited for. */
const aborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason)
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
