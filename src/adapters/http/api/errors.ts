import { randomBytes } from 'node:crypto'
import type { ErrorHandler } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { refusalWords } from '../../../content/words/refusals.ts'
import { webhookRefusalWords } from '../../../content/words/webhooks.ts'
import type { Refusal } from '../../../domain/decide/decision.ts'
import type { WebhookRefusal } from '../../../domain/webhook.ts'
import { type Fault, type Problem, type ProblemStatus, problemResponse } from '../problem.ts'
import type { ApiOptions, Environment } from './environment.ts'
import type { HandoffJson } from './handoff-schema.ts'

/**
 * The one translator of this edge: refusals of the domain, requests that do not fit a schema and
 * faults that nobody expected all become problem+json here.
 */

/** Ends the request with that problem. */
export function fail(problem: Problem): never {
  throw new HTTPException(problem.status, { res: problemResponse(problem) })
}

export const unknownHandoff: Problem = {
  status: 404,
  detail: 'There is no handoff with this id in your workspace.',
}

export const unknownWebhook: Problem = {
  status: 404,
  detail: 'There is no webhook with this id in your workspace.',
}

/** Why an address is not told of events. */
export function webhookProblem(refusal: WebhookRefusal): Problem {
  const detail = webhookRefusalWords(refusal, 'en')
  const { code } = refusal
  if (code === 'endpoint-known' || code === 'too-many-endpoints') {
    return { status: 409, detail, more: { code } }
  }
  return { status: 422, detail, errors: [{ pointer: '/url', detail }], more: { code } }
}

export const unknownLead: Problem = {
  status: 404,
  detail: 'There is no lead with this e-mail address in your workspace.',
}

/** Some field of the body, by its name. */
export const badField = (field: string, detail: string): Problem => ({
  status: 422,
  detail: 'The body does not fit: see errors.',
  errors: [{ pointer: `/${field}`, detail }],
})

export const keyReused: Problem = {
  status: 422,
  detail:
    'This Idempotency-Key was used for another request. Use a new key, or send the same request again.',
}

/** Why the handoff is not what was asked for; `present` is its state where there is one. */
export function refusalProblem(refusal: Refusal, present: HandoffJson | null): Problem {
  const status = statusOf(refusal)
  const pointer = pointerOf(refusal)
  const detail = refusalWords(refusal, 'en')
  return {
    status,
    detail,
    ...(pointer === undefined ? {} : { errors: [{ pointer, detail }] }),
    more: {
      code: refusal.code,
      ...(status === 409 && present !== null ? { handoff: present } : {}),
    },
  }
}

function statusOf({ code }: Refusal): ProblemStatus {
  switch (code) {
    case 'role-required':
    case 'offered-to':
    case 'owned-by':
    case 'party-to-it':
      return 403
    case 'accepted-by-you':
    case 'accepted-by':
    case 'not-accepted-yet':
    case 'moved-on':
    case 'already-open':
    case 'no-pause-agreed':
    case 'paused-already':
    case 'paused-too-often':
    case 'nothing-to-pause':
    case 'not-paused':
    case 'nothing-to-correct':
    case 'nothing-to-snooze':
    case 'attempts-first':
    case 'stage-not-allowed':
    case 'answered-already':
    case 'contest-too-late':
    case 'nobody-to-rule':
    case 'not-contested':
    case 'ruled-already':
    case 'ruled-so-already':
    case 'ready-already':
    case 'deal-stage-already':
    case 'nobody-has-it':
    case 'named-in-agreement':
      return 409
    case 'unknown-attempt':
      return 404
    case 'erased':
      return 410
    case 'unknown-lead-type':
    case 'unknown-reason':
    case 'unknown-criterion':
    case 'needed':
    case 'date-in-past':
    case 'attempt-in-future':
    case 'unknown-lead':
    case 'same-lead':
    case 'unknown-deal-stage':
    case 'unknown-lost-reason':
    case 'yours-already':
    case 'theirs-already':
    case 'cannot-sell':
    case 'off-duty':
    case 'full':
      return 422
  }
}

/** Where in the body the refusal points to. */
function pointerOf(refusal: Refusal): string | undefined {
  switch (refusal.code) {
    case 'unknown-lead-type':
      return '/lead/type'
    case 'unknown-reason':
    case 'attempts-first':
      return '/reason'
    case 'unknown-criterion':
      return '/criterion'
    case 'attempt-in-future':
      return '/at'
    case 'unknown-lead':
    case 'same-lead':
      return '/duplicateOf'
    case 'unknown-deal-stage':
    case 'deal-stage-already':
      return '/dealStage'
    case 'unknown-lost-reason':
      return '/lostReason'
    case 'yours-already':
    case 'theirs-already':
    case 'cannot-sell':
    case 'off-duty':
    case 'full':
      return '/to'
    case 'needed':
    case 'date-in-past':
      return `/${camelCase(refusal.field)}`
    default:
      return undefined
  }
}

/** Fields of forms and those of bodies differ in that alone: `ready_on` is `readyOn`. */
const camelCase = (name: string): string =>
  name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())

interface Issue {
  path: PropertyKey[]
  message: string
}

/** A part of the request that does not fit its schema: the body with pointers, the rest by name. */
export function misfit(target: string, sent: unknown, issues: Issue[]): Problem {
  if (target === 'param') return issues[0]?.path[0] === 'email' ? unknownLead : unknownHandoff
  const errors = issues
    .slice(0, 50)
    .map(
      ({ path, message }): Fault =>
        target === 'json'
          ? { pointer: pointerTo(path), detail: isMissing(sent, path) ? 'is required' : message }
          : { parameter: String(path[0] ?? ''), detail: message },
    )
  return target === 'json'
    ? { status: 422, detail: 'The body does not fit: see errors.', errors }
    : { status: 400, detail: `The ${target} does not fit: see errors.`, errors }
}

/** RFC 6901. */
export const pointerTo = (path: PropertyKey[]): string =>
  path.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')

function isMissing(sent: unknown, path: PropertyKey[]): boolean {
  let value = sent
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return false
    value = Reflect.get(value, key)
  }
  return value === undefined
}

const databaseAway: Problem = {
  status: 503,
  detail: 'The database does not answer just now. Send the same request again in a few seconds.',
  headers: { 'retry-after': '5' },
}

/** Faults that no rule foresaw. What goes to the log is what failed and where, never with what. */
export function unexpected({ ready, log }: Pick<ApiOptions, 'ready' | 'log'>) {
  const handler: ErrorHandler<Environment> = async (error, context) => {
    if (error instanceof HTTPException) {
      const status = error.status === 415 ? 415 : 400
      return error.res ?? problemResponse({ status, detail: 'The request is not well formed.' })
    }
    const codes = codesOf(error)
    const about = { ...tracesOf(error), codes, method: context.req.method }
    if (codes.some(meansAway) || !(await ready()).database) {
      log.warn(about, 'a request found the database away')
      return problemResponse(databaseAway)
    }
    const reference = randomBytes(4).toString('hex')
    log.error({ ...about, reference }, 'a request ended in a fault')
    if (codes.some(meansUnstorable)) {
      const detail = `The request holds something that can't be stored. Reference: ${reference}.`
      return problemResponse({ status: 400, detail, more: { reference } })
    }
    const detail = `Something went wrong. Reference: ${reference}.`
    return problemResponse({ status: 500, detail, more: { reference } })
  }
  return handler
}

/** Messages of database errors may hold values, so only names, codes and places are kept. */
function tracesOf(error: Error): { error: string; at: string[] } {
  const lines = error.stack?.split('\n') ?? []
  return { error: error.name, at: lines.filter((line) => /^\s+at /.test(line)).slice(0, 12) }
}

/** The codes of an error and of what caused it, as pg, Prisma and the system name them. */
function codesOf(error: unknown, depth = 0): string[] {
  if (typeof error !== 'object' || error === null || depth > 4) return []
  const of = (key: string): unknown => Reflect.get(error, key)
  const code = of('code')
  return [
    ...(typeof code === 'string' ? [code] : []),
    ...[of('cause'), of('meta'), of('driverAdapterError')].flatMap((inner) =>
      codesOf(inner, depth + 1),
    ),
  ]
}

/** No connection, a shutdown, or no free connection in time. */
const meansAway = (code: string): boolean =>
  /^(08|57P0|53300|P1001|P1002|P1008|P1017|P2024|P2028|ECONN|ETIMEDOUT|EPIPE)/.test(code)

/** Data that PostgreSQL refuses as such: class 22, and a text too long for an index. */
const meansUnstorable = (code: string): boolean => /^(22...|54000)$/.test(code)
