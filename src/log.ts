import { type Logger, pino } from 'pino'
import { prettyFactory } from 'pino-pretty'
import type { Config } from './config.ts'

/**
 * Of a fault only what helps to find it: its kind, message and place. Details of the database and
 * answers of other services may quote people's data.
 */
function fault(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { message: typeof error }
  const code = 'code' in error && typeof error.code === 'string' ? { code: error.code } : {}
  const cause = error.cause === undefined ? {} : { cause: fault(error.cause) }
  return {
    type: error.name,
    message: essence(error.message),
    ...code,
    ...cause,
    stack: place(error),
  }
}

/**
 * A message without what it quotes: Prisma shows the whole query between the first and the last
 * line, and PostgreSQL and the JSON parser show the value that they can't read.
 */
function essence(message: string): string {
  const lines = message.split('\n').filter((line) => line.trim() !== '')
  return [...new Set([lines.at(0) ?? '', lines.at(-1) ?? ''])]
    .map((line) => line.replace(/: ".*"$/, ': …').replace(/".*"(?:\.\.\.)? is not/, '… is not'))
    .join(' … ')
}

/** The stack without the message that it begins with. */
const place = ({ stack }: Error): string | undefined =>
  stack
    ?.split('\n')
    .filter((line) => /^ {4}at /.test(line))
    .join('\n')

/**
 * What looks like an e-mail address, a token, a key, or the password in an address. In a line of
 * JSON, where a backslash and what it escapes must stay together.
 */
const secrets =
  /(?<!\\(?:u[\da-f]{0,3})?)[^\s@"'<>(),;:=\\/]{1,64}@[^\s@"'<>(),;:=\\/]{1,255}|(?:xox[a-z]|xapp)-[\w-]+|whsec_[\w+/=-]+|baton_[\w-]{20,}|(?<=bearer(?: |\\[tnr]|%20)+)[\w.~+/=-]+|(?<=:\/\/)[^\s/@"\\]{1,512}(?=@)/gi

/** The logger: ids in it, never bodies, e-mail addresses or tokens, whoever put them there. */
export function createLog(
  { level, format }: Config['log'],
  output: { write(line: string): unknown } = pino.destination({ fd: 1, sync: true }),
): Logger {
  const written = format === 'pretty' ? prettyFactory({ translateTime: 'HH:MM:ss' }) : String
  return pino(
    {
      level,
      base: null,
      serializers: { err: fault },
      hooks: {
        // to a fault without words pino would give those of the fault, whatever they quote
        logMethod(args, method) {
          const [about, ...words] = args
          method.call(
            this,
            about,
            ...(words.length === 0 && typeof about !== 'string' ? [''] : words),
          )
        },
      },
    },
    { write: (line) => void output.write(written(line.replace(secrets, '…'))) },
  )
}
