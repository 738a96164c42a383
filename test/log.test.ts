import { describe, expect, test } from 'vitest'
import { createLog } from '../src/log.ts'

const canary = 'maria@officineverdi.example'

function logged(write: (log: ReturnType<typeof createLog>) => void, format = json): string {
  const lines: string[] = []
  write(createLog({ level: 'trace', format }, { write: (line) => lines.push(line) }))
  return lines.join('')
}
const json = 'json' as 'json' | 'pretty'

/** An error as `pg` throws it: the detail quotes the row. */
function databaseError(): Error {
  return Object.assign(new Error('duplicate key value violates unique constraint "leads_pkey"'), {
    name: 'error',
    code: '23505',
    detail: `Key (workspace_id, email)=(T0ACME, ${canary}) already exists.`,
    where: 'Maria Verdi',
    table: 'leads',
    parameters: ['Maria Verdi', canary],
  })
}

describe.each(['json', 'pretty'] as const)('a fault in the log (%s)', (format) => {
  test('has its kind, message, code and place, and nothing else that it carries', () => {
    const log = logged((to) => to.error({ err: databaseError() }, 'not saved'), format)
    for (const kept of ['not saved', 'duplicate key value', '23505', 'log.test.ts']) {
      expect(log).toContain(kept)
    }
    for (const dropped of [canary, 'Maria Verdi', 'already exists']) {
      expect(log).not.toContain(dropped)
    }
  })

  test('tells its causes in the same way, however deep', () => {
    const request = Object.assign(new Error('the middle'), {
      cause: databaseError(),
      config: { body: { name: 'Maria Verdi' }, headers: { authorization: 'Bearer let-me-in' } },
    })
    const err = new Error('the outer', { cause: request })
    const log = logged((to) => to.error({ err }, 'failed'), format)
    for (const kept of ['the outer', 'the middle', 'duplicate key value']) {
      expect(log).toContain(kept)
    }
    for (const dropped of [canary, 'Maria Verdi', 'let-me-in']) expect(log).not.toContain(dropped)
  })

  test('that is no error shows nothing of what was thrown', () => {
    for (const thrown of [{ body: 'Maria Verdi' }, `Maria Verdi <${canary}>`, null]) {
      const log = logged((to) => to.error({ err: thrown, id: 'hof_1' }, 'failed'), format)
      expect(log).toContain('hof_1')
      expect(log).not.toContain('Maria')
    }
  })
})

test.each([
  [
    'the query that Prisma shows',
    'Invalid `prisma.lead.create()` invocation:\n\n{\n  data: { name: "Maria Verdi" }\n}\n\nArgument `email` is missing.',
  ],
  ['the value that PostgreSQL can not read', 'invalid input syntax for type integer: "Maria"'],
  ['the text that is no JSON', errorOf(() => JSON.parse('Maria Verdi')).message],
])('a message leaves out %s', (_what, message) => {
  for (const words of [['failed'], []]) {
    const log = logged((to) => to.error({ err: new Error(message) }, ...words))
    expect(log).not.toContain('Maria')
    expect(log).toContain(message.slice(0, 10))
  }
  expect(logged((to) => to.error(new Error(message)))).not.toContain('Maria')
})

test('a message of many lines keeps the first and the last', () => {
  const log = logged((to) => to.error({ err: new Error('It failed:\nMaria Verdi\nToo long.') }))
  expect(log).toContain('It failed: … Too long.')
  expect(log).not.toContain('Maria')
})

/** Put together here, so that nobody takes the source for a leak. */
const token = (kind: string) => [kind, '1234567890', 'AbCdEfGhIjKl'].join('-')

const whsec = `whsec_${'Ab+/9'.repeat(8)}aBc=`

test.each([
  ['an e-mail address', `sent to ${canary}.`, canary],
  ['an e-mail address after a line break', `one\n${canary}`, canary],
  ['an e-mail address after a control character', `one\u0001${canary}`, canary],
  ['an address with an accent', 'to josé@example.com', 'josé'],
  ['a bot token', `with ${token('xoxb')}`, token('xoxb')],
  ['a user token', `with\n${token('xoxp')}`, token('xoxp')],
  ['an app token', `with ${token('xapp')}`, token('xapp')],
  ['a key of the API', `with baton_${'k'.repeat(43)}`, 'k'.repeat(43)],
  ['the secret of a webhook', `signed with ${whsec}`, whsec.slice(6)],
  ['a secret of a webhook in a list', `${whsec},whsec_YWJjZGVmZ2hpams`, 'YWJjZGVmZ2hpams'],
  ['an authorization', 'authorization: Bearer s3cr3t-key', 's3cr3t-key'],
  ['an authorization in an address', 'auth=Bearer%20s3cr3t-key', 's3cr3t-key'],
  ['an authorization of a key with dots', 'bearer\ts3cr3t.key~a+b/c=', 's3cr3t.key'],
  ['a password of the database', 'at postgresql://baton:s3cr3t@db.example/baton', 's3cr3t'],
  ['a password of Redis', 'at redis://:s3cr3t@cache.example:6379', 's3cr3t'],
])('%s is left out wherever it stands', (_what, text, canaryText) => {
  const nested = { a: { b: [{ c: text }] } }
  for (const log of [
    logged((to) => to.info(text)),
    logged((to) => to.info(nested, 'nested')),
    logged((to) => to.child({ text }).info('child')),
    logged((to) => to.error({ err: new Error(text) }, 'failed')),
    logged((to) => to.error({ err: new Error('outer', { cause: new Error(text) }) }, 'failed')),
  ]) {
    expect(log).not.toContain(canaryText)
    for (const line of log.trim().split('\n')) expect(() => JSON.parse(line)).not.toThrow()
  }
  expect(logged((to) => to.info(nested, text), 'pretty')).not.toContain(canaryText)
})

/** Each secret in the places where somebody may put it without thinking of the log. */
const canaries = {
  webhook: whsec,
  bot: token('xoxb'),
  app: token('xapp'),
  key: `baton_${'k'.repeat(43)}`,
}
const requestOf = (secret: string) => ({
  headers: { authorization: `Bearer ${secret}`, 'webhook-signature': secret },
  body: JSON.stringify({ token: secret, nested: JSON.stringify({ secret }) }),
  [secret]: 'as a key',
})

describe.each(Object.entries(canaries))('the secret of a %s', (_, secret) => {
  test.each(['json', 'pretty'] as const)('is in no line of the log (%s)', (format) => {
    const err = Object.assign(new Error(`refused ${secret}`, { cause: `not ${secret}` }), {
      code: secret,
      name: secret,
    })
    for (const log of [
      logged((to) => to.info(requestOf(secret), `sent ${secret}`), format),
      logged((to) => to.warn('%s and %o', secret, requestOf(secret)), format),
      logged((to) => to.child(requestOf(secret)).error({ err }, 'failed'), format),
      logged((to) => to.child({}, { msgPrefix: `[${secret}] ` }).info('prefixed'), format),
      logged((to) => to.error(err), format),
      logged((to) => to.error({ err: new AggregateError([err], secret) }), format),
    ]) {
      expect(log).not.toBe('')
      expect(log).not.toContain(secret)
      // nor what of it is left where it is escaped or cut
      expect(log).not.toContain(secret.slice(8, 30))
    }
  })
})

test('a very long text costs no time', () => {
  const start = performance.now()
  logged((to) => to.info('x'.repeat(200_000)))
  expect(performance.now() - start).toBeLessThan(2_000)
})

test('below its level nothing is written', () => {
  const lines: string[] = []
  createLog({ level: 'warn', format: 'json' }, { write: (line) => lines.push(line) }).info('no')
  expect(lines).toEqual([])
})

function errorOf(run: () => unknown): Error {
  try {
    run()
  } catch (error) {
    if (error instanceof Error) return error
  }
  throw new Error('it did not fail')
}
