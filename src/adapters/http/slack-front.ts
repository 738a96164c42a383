import { createHmac, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { type Problem, writeProblem } from './problem.ts'
import { parseSlackBody } from './slack-body.ts'

/** Slack's own requests stay far below this; Bolt would take 4 MB. */
const bodyLimitBytes = 256 * 1024
/** Slack's documented window; Bolt looks at the past side of it only. */
const windowSeconds = 5 * 60

export interface SlackFront {
  signingSecret: string
  /** Bolt's receiver; it gets only requests that are signed, in time and well formed. */
  listener: RequestListener
  now(): Date
}

/**
 * What stands before Bolt at `/slack/events`: method, size, window and signature are checked on the
 * raw body before anything is parsed, then the shape, since Bolt fails on signed nonsense.
 */
export function guardSlack({ signingSecret, listener, now }: SlackFront) {
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (request.method !== 'POST') return writeProblem(response, onlyPost)
    const rawBody = await readBody(request)
    if (rawBody === undefined) {
      // Read on, without keeping it: a sender that is cut off would not see the answer.
      request.resume()
      return writeProblem(response, tooLarge)
    }
    if (!isGenuine(request, rawBody, signingSecret, now())) {
      return writeProblem(response, notGenuine)
    }
    const parsed = parseSlackBody(request.headers['content-type'], rawBody)
    if (!parsed.ok) return writeProblem(response, parsed.problem)
    // Bolt compares the type as a whole, parameters included.
    request.headers['content-type'] = parsed.contentType
    listener(Object.assign(request, { rawBody }), response)
  }
}

const onlyPost: Problem = {
  status: 405,
  detail: 'Slack sends with POST here; nothing else is answered.',
  headers: { allow: 'POST' },
}
const tooLarge: Problem = {
  status: 413,
  detail: `The body is larger than ${bodyLimitBytes / 1024} KB.`,
}
const notGenuine: Problem = {
  status: 401,
  detail:
    'The signature or the time of the request is not right. Check the signing secret of the Slack app and the clock of the server.',
}

/** The whole body; undefined where it is larger than the limit. */
async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  if (Number(request.headers['content-length'] ?? 0) > bodyLimitBytes) return undefined
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    size += chunk.length
    if (size > bodyLimitBytes) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks, size)
}

/** Slack's signature v0: HMAC-SHA256 over version, timestamp and raw body. */
function isGenuine(
  request: IncomingMessage,
  rawBody: Buffer,
  signingSecret: string,
  now: Date,
): boolean {
  const timestamp = request.headers['x-slack-request-timestamp']
  const signature = request.headers['x-slack-signature']
  if (typeof timestamp !== 'string' || !/^\d{1,12}$/.test(timestamp)) return false
  if (typeof signature !== 'string') return false
  if (Math.abs(now.getTime() / 1000 - Number(timestamp)) > windowSeconds) return false
  const digest = createHmac('sha256', signingSecret)
    .update(`v0:${timestamp}:`)
    .update(rawBody)
    .digest('hex')
  const expected = Buffer.from(`v0=${digest}`)
  const given = Buffer.from(signature)
  return given.length === expected.length && timingSafeEqual(given, expected)
}
