import { type Logger, pino } from 'pino'
import pretty from 'pino-pretty'
import type { Config } from './config.ts'

/**
 * Of a fault only what helps to find it: its kind, message and place. Details of the database and
 * answers of other services may quote people's data.
 */
function fault(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { message: String(error) }
  const code = 'code' in error && typeof error.code === 'string' ? { code: error.code } : {}
  const cause = error.cause === undefined ? {} : { cause: fault(error.cause) }
  return { type: error.name, message: error.message, ...code, ...cause, stack: error.stack }
}

/** The logger: ids in it, never bodies, e-mail addresses or tokens. */
export function createLog({ level, format }: Config['log']): Logger {
  const options = {
    level,
    base: null,
    serializers: { err: fault },
    redact: { paths: ['*.token', '*.email', '*.authorization', 'token', 'email'], censor: '…' },
  }
  return format === 'pretty'
    ? pino(options, pretty({ translateTime: 'HH:MM:ss', ignore: 'pid,hostname', sync: true }))
    : pino(options)
}
