import { randomBytes } from 'node:crypto'
import { AuthorizationError } from '@slack/bolt'
import { WebAPIPlatformError } from '@slack/web-api'
import type { Logger } from 'pino'
import { z } from 'zod'
import { formWords } from '../../content/words/forms.ts'
import type { Locale } from '../../domain/agreement.ts'
import { sortOut } from './slack-errors.ts'

/** The one place where faults become sentences, log lines and answers to Slack. */

/** Something that was asked and could not be done: Slack gets no acknowledgement for it. */
export class NotDone extends Error {
  override readonly name = 'NotDone'
}

/** A payload that Slack would not send. */
export class Malformed extends Error {
  override readonly name = 'Malformed'
}

/** Checks a payload of Slack. Refuses what is none with an error that holds nothing of it. */
export function checked<Schema extends z.ZodType>(
  schema: Schema,
  payload: unknown,
): z.output<Schema> {
  const parsed = schema.safeParse(payload)
  if (parsed.success) return parsed.data
  const paths = parsed.error.issues.map(({ path }) => path.join('.'))
  throw new Malformed(`not a payload of Slack: ${paths.slice(0, 5).join(', ')}`)
}

/** Where a fault happened: a kind of request, and the id that Slack names it with. */
export interface Where {
  kind: 'action' | 'view' | 'command' | 'shortcut' | 'event' | 'step'
  id: string
}

/** Puts a fault into the log, and gives the short reference under which it is found there. */
export function logFault(log: Logger, where: Where, fault: unknown): string {
  const reference = randomBytes(3).toString('hex')
  log.error({ reference, ...where, fault: describe(fault) }, 'a request of Slack failed')
  return reference
}

/** Errors whose message is written by programs about programs, not about what people sent. */
const tellingErrors = ['Error', 'TypeError', 'RangeError', 'ReferenceError', 'NotDone', 'Malformed']

const codeSchema = z.object({ code: z.union([z.string(), z.number()]) })

/**
 * What the log may hold of a fault: never a body, a token or an e-mail address, so an error's
 * message only where it can't quote them, and of the stack the places only.
 */
function describe(fault: unknown): Record<string, unknown> {
  if (!(fault instanceof Error)) return { name: typeof fault }
  const code = codeSchema.safeParse(fault)
  return {
    name: fault.name,
    ...(code.success ? { code: code.data.code } : {}),
    ...(fault instanceof WebAPIPlatformError ? { slack: sortOut(fault).error } : {}),
    ...(tellingErrors.includes(fault.name) ? { message: withoutSecrets(fault.message) } : {}),
    ...(fault.cause === undefined ? {} : { cause: describe(fault.cause) }),
    at: fault.stack
      ?.split('\n')
      .filter((line) => /^\s+at /.test(line))
      .slice(0, 12),
  }
}

const withoutSecrets = (text: string): string =>
  text
    .slice(0, 300)
    .replace(/\S+@\S+/g, '[address]')
    .replace(/\bx(?:ox|app)\S*/g, '[token]')

const triggerErrors = ['expired_trigger_id', 'exchanged_trigger_id', 'invalid_trigger_id']

/** A fault as a sentence for the one who asked. */
export function faultWords(fault: unknown, reference: string, locale: Locale): string {
  const late = fault instanceof WebAPIPlatformError && triggerErrors.includes(fault.data.error)
  const words = formWords[locale]
  return late ? words.notOpened : words.wentWrong(reference)
}

/** The status for a request that ended with a fault: 401 another team's, 400 nonsense, 503 later. */
export function statusOf(fault: unknown): number {
  if (fault instanceof AuthorizationError) return 401
  const original = originalOf(fault)
  return original instanceof NotDone ? 503 : 400
}

/** Bolt wraps what it does not know. */
const originalOf = (fault: unknown): unknown =>
  fault instanceof Error && 'original' in fault ? fault.original : fault
