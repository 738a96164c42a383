import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import { channels, people } from './support/baton.ts'
import { freshDatabase } from './support/database.ts'
import { type FakeSlack, startFakeSlack } from './support/fake-slack.ts'
import { createProgram, type Program, processesOn, type RunningProgram } from './support/program.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

let program: Program
let slack: FakeSlack
let dataDir: string
beforeAll(async () => {
  program = createProgram()
  dataDir = program.newDataDir()
  mkdirSync(dataDir)
  slack = await startFakeSlack({
    users: Object.values(people),
    channels: Object.values(channels),
  })
}, 60_000)
afterAll(async () => {
  await program.remove()
  await slack.stop()
})

type Answer = { code: number | null; out: string; err: string }

async function baton(
  args: string[],
  options: { input?: string; env?: Record<string, string> } = {},
): Promise<Answer> {
  const env = { BATON_DATA_DIR: dataDir, ...options.env }
  const running = program.start({ ...options, run: ['cli', ...args], env })
  const code = await running.ended
  return { code, out: running.out(), err: running.err() }
}

/** A database that can't be there, for commands that need none. */
const noDatabase = { env: { DATABASE_URL: 'postgresql://127.0.0.1:1/none' } }

const due = (...args: string[]) => baton(['agreement', 'due', ...args], noDatabase)
const batch = (lines: (string | object)[]) =>
  baton(['agreement', 'due', '--batch', '--json'], {
    ...noDatabase,
    input: lines
      .map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`)
      .join(''),
  })

let files = 0
function fileWith(text: string): string {
  files += 1
  const file = join(dataDir, `agreement-${files}.yml`)
  writeFileSync(file, text)
  return file
}

const linesOf = (text: string): unknown[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))

const monday = '2026-11-23T10:00:00Z'

describe.concurrent('agreement due', () => {
  test('answers with the deadline and its steps, in nothing but JSON', async () => {
    const { code, out, err } = await due('--from', monday, '--within', '4h', '--json')
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out.split('\n')).toHaveLength(2)
    const answer = JSON.parse(out)
    expect(Object.keys(answer)).toEqual(['dueAt', 'steps'])
    expect(answer).toMatchObject({
      dueAt: '2026-11-23T15:00:00.000Z',
      steps: [
        { kind: 'start', from: '2026-11-23T10:00:00.000Z' },
        { kind: 'span', workingMs: 2 * 3_600_000 },
        { kind: 'break', workingMs: 0 },
        { kind: 'span', workingMs: 2 * 3_600_000 },
        { kind: 'due', to: '2026-11-23T15:00:00.000Z' },
      ],
    })
  })

  test('goes by the calendar of the file that is named, and of that needs nothing else', async () => {
    const file = fileWith('calendar: { timezone: America/New_York, hours: always }\n')
    const { out } = await due('--file', file, '--from', monday, '--within', '4h', '--json')
    expect(JSON.parse(out)).toMatchObject({ dueAt: '2026-11-23T14:00:00.000Z' })
  })

  test('counts on the wall clock where that is asked for', async () => {
    const { out } = await due('--from', monday, '--within', '24h', '--wall', '--json')
    expect(JSON.parse(out)).toMatchObject({ dueAt: '2026-11-24T10:00:00.000Z' })
  })

  test('is readable without --json', async () => {
    const { code, out } = await due('--from', monday, '--within', '4h')
    expect(code).toBe(0)
    expect(out.trimEnd().split('\n')).toEqual([
      'Mon 23 Nov, 11:00: start',
      '11:00–13:00 counts 2 h',
      'break, until 14:00',
      '14:00–16:00 counts 2 h',
      'due Mon 23 Nov, 16:00 (4 h of working time)',
      'times of Europe/Rome; in UTC it is due 2026-11-23T15:00:00.000Z',
    ])
  })

  test.each([
    [['--from', 'tomorrow', '--within', '4h'], 'from: expects a moment such as'],
    [['--from', monday, '--within', 'soon'], 'within: expects a duration such as'],
    [['--from', monday], 'due needs --from and --within, or --batch'],
  ])('%j is refused in a line', async (args, message) => {
    const { code, out, err } = await due(...args, '--json')
    expect({ code, out }).toEqual({ code: 1, out: '' })
    expect(err).toContain(`baton: ${message}`)
    expect(err.trimEnd().split('\n')).toHaveLength(1)
  })

  test('of a file that is wrong names line and field', async () => {
    const file = fileWith('title: x\ncalendar: { timezone: Rome, hours: always }\n')
    const { code, err } = await due('--file', file, '--from', monday, '--within', '4h')
    expect(code).toBe(2)
    expect(err).toMatch(/agreement-\d+\.yml:2: calendar\.timezone: expects a time zone/)
  })

  test('run by npm has stdout for itself', async () => {
    const args = ['--', 'agreement', 'due', '--from', monday, '--within', '1d', '--json']
    const npm = spawn('npm', ['run', '--silent', 'baton', ...args], { cwd: root })
    let out = ''
    npm.stdout.on('data', (chunk) => {
      out += chunk
    })
    const [code] = await once(npm, 'close')
    expect(code).toBe(0)
    expect(JSON.parse(out)).toMatchObject({ dueAt: '2026-11-24T10:00:00.000Z' })
  }, 60_000)
})

describe.concurrent('agreement due --batch', () => {
  test('gives an answer a line in order, and for a line that has none says why', async () => {
    const { code, out, err } = await batch([
      { from: monday, within: '4h' },
      'this is no JSON',
      { from: monday, within: 'soon' },
      { from: monday, within: { wall: '1h' } },
      'null',
      { from: monday, within: '4h', calendar: { timezone: 'UTC', hours: 'always' } },
      { from: monday, within: '4h', calendar: { timezone: 'Rome', hours: 'always' } },
      { from: monday, within: '4h' },
    ])
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(linesOf(out)).toMatchObject([
      { dueAt: '2026-11-23T15:00:00.000Z' },
      { error: 'expects a line of JSON' },
      { error: expect.stringMatching(/^within: expects a duration/) },
      { dueAt: '2026-11-23T11:00:00.000Z' },
      { error: expect.stringContaining('expects { from, within, calendar? }') },
      { dueAt: '2026-11-23T14:00:00.000Z' },
      { error: expect.stringMatching(/^calendar\.timezone: expects a time zone/) },
      { dueAt: '2026-11-23T15:00:00.000Z' },
    ])
  })

  test('loses no line of many', async () => {
    const lines = Array.from({ length: 5_000 }, (_, minute) => ({
      from: new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString(),
      within: { wall: '1h' },
    }))
    const { out } = await batch(lines)
    const expected = lines.map((_, minute) => ({
      dueAt: new Date(Date.UTC(2026, 0, 1, 1, minute)).toISOString(),
    }))
    expect(linesOf(out)).toMatchObject(expected)
  })

  test('ends with its input, also without a last line break, and with none at all', async () => {
    const run = ['agreement', 'due', '--batch']
    const input = JSON.stringify({ from: monday, within: '4h' })
    expect(linesOf((await baton(run, { input })).out)).toHaveLength(1)
    expect(await baton(run, { input: '' })).toEqual({ code: 0, out: '', err: '' })
  })

  test('says nothing when the one who reads has had enough', async () => {
    const running = program.start({
      run: ['cli', 'agreement', 'due', '--batch'],
      input: `${JSON.stringify({ from: monday, within: '10d' })}\n`.repeat(20_000),
      readsAtMost: 1,
    })
    expect(await running.ended).toBe(0)
    expect(running.err()).toBe('')
  })
})

describe.concurrent('agreement validate', () => {
  test('says that a file is right', async () => {
    const file = fileWith('title: Ours\ncalendar: { timezone: Europe/Rome, hours: always }\n')
    const text = await baton(['agreement', 'validate', file], noDatabase)
    expect(text).toEqual({ code: 0, out: `${file} is a valid agreement: Ours\n`, err: '' })
    const json = await baton(['agreement', 'validate', file, '--json'], noDatabase)
    expect(JSON.parse(json.out)).toEqual({ valid: true, title: 'Ours', warnings: [] })
  })

  test('warns of what may not have been meant, and says that it is right', async () => {
    const file = fileWith(
      'escalation: [{ at: 100%, to: next_owner }]\nreassignment: { clock: restart }\n',
    )
    const { code, out } = await baton(['agreement', 'validate', file], noDatabase)
    expect({ code, out }).toEqual({
      code: 0,
      out: expect.stringMatching(/is a valid agreement: .+\nwarning: escalation: a lead may go /),
    })
    const json = await baton(['agreement', 'validate', file, '--json'], noDatabase)
    expect(JSON.parse(json.out)).toMatchObject({ valid: true, warnings: [{ path: 'escalation' }] })
  })

  test('names file, line and field of each fault, and ends with code 2', async () => {
    const file = fileWith(
      'language: fr\nclocks:\n  accept: { within: { working: soon } }\nfoo: 1\n',
    )
    const { code, out, err } = await baton(['agreement', 'validate', file], noDatabase)
    expect({ code, out }).toEqual({ code: 2, out: '' })
    const lines = err.replace('baton: ', '').split('\n')
    expect(lines).toEqual(
      expect.arrayContaining([
        expect.stringContaining(`${file}:1: language: expects`),
        expect.stringContaining(`${file}:3: clocks.accept.within`),
        expect.stringContaining(`${file}:4: foo: is no field of an agreement`),
      ]),
    )
  })

  test('of a file that is not there says so', async () => {
    const { code, err } = await baton(['agreement', 'validate', '/nowhere.yml'], noDatabase)
    expect({ code, err }).toEqual({ code: 2, err: 'baton: /nowhere.yml: there is no such file\n' })
  })
})

describe.concurrent('an unknown command', () => {
  test.each([
    [['nonsense'], "unknown command 'nonsense'"],
    [['agreement', 'nonsense'], "unknown command 'nonsense'"],
    [['agreement', 'due', '--nonsense'], "unknown option '--nonsense'"],
    [['api-key', 'create'], "missing required argument 'name'"],
    [['api-key', 'revoke'], "missing required argument 'name'"],
  ])('%j ends with code 1 and shows what there is', async (args, message) => {
    const { code, out, err } = await baton(args)
    expect({ code, out }).toEqual({ code: 1, out: '' })
    expect(err).toContain(message)
    expect(err).toContain('Usage: baton')
  })
})

test.concurrent.each([
  ['--scopes', 'write', '--scopes: expects some of read, leads, handoffs, webhooks'],
  ['--scopes', '', '--scopes: expects some of read, leads, handoffs, webhooks'],
  ['--expires', '2020-01-01', '--expires: expects 1 to 3650 days'],
  ['--expires', '0d', '--expires: expects 1 to 3650 days'],
  ['--expires', '2027-02-30', '--expires: expects 1 to 3650 days'],
])('api-key create %s %j is refused in a line', async (option, value, message) => {
  const { code, out, err } = await baton(['api-key', 'create', 'x', option, value], noDatabase)
  expect({ code, out }).toEqual({ code: 1, out: '' })
  expect(err).toContain(message)
  expect(err.trimEnd().split('\n')).toHaveLength(1)
})

describe('on a database', () => {
  const onEmpty = async (): Promise<{ env: Record<string, string> }> => {
    const database = await freshDatabase({ empty: true })
    onTestFinished(() => database.drop())
    return { env: { DATABASE_URL: database.url } }
  }

  test('migrate brings it up to date, once', async () => {
    const empty = await onEmpty()
    const first = await baton(['migrate'], empty)
    expect(first).toMatchObject({ code: 0, out: expect.stringMatching(/^applied \d+_first/) })
    expect(await baton(['migrate'], empty)).toMatchObject({ code: 0, out: 'up to date\n' })
    expect(await baton(['migrate', '--json'], empty)).toMatchObject({ out: '{"applied":[]}\n' })
  })

  test('that no Baton has used yet, commands say that it is to be started first', async () => {
    const { code, out, err } = await baton(['agreement', 'show'], await onEmpty())
    expect({ code, out }).toEqual({ code: 1, out: '' })
    expect(err).toBe('baton: no workspace yet: start Baton once with its token\n')
  })

  test('that can not be reached, commands say so', async () => {
    for (const command of [['migrate'], ['doctor'], ['agreement', 'show']]) {
      const { code, err } = await baton(command, noDatabase)
      expect(code).toBe(1)
      expect(err).toMatch(/^baton: .*DATABASE_URL.*nothing listens there.*\n$/)
    }
  })

  test('a wrong environment ends them with code 2', async () => {
    const { code, err } = await baton(['doctor'], { env: { DATABASE_URL: 'mysql://db' } })
    expect(code).toBe(2)
    expect(err).toMatch(/^baton: DATABASE_URL expects an address such as .*\n$/)
  })
})

describe('beside a Baton that runs on the embedded database', () => {
  let running: RunningProgram
  let url: string
  beforeAll(async () => {
    running = program.start({
      run: ['main'],
      env: { ...environment(), BATON_DATA_DIR: dataDir, PORT: '0', LOG_FORMAT: 'json' },
    })
    url = (await running.says(/Baton listens on (http:[\w.:/-]+)/))[1] ?? ''
  }, 30_000)
  afterAll(async () => {
    running.signal('SIGTERM')
    expect(await running.ended).toBe(0)
    expect(processesOn(dirname(dataDir))).toEqual([])
  })

  const environment = () => ({
    SLACK_BOT_TOKEN: slack.botToken,
    SLACK_SIGNING_SECRET: slack.signingSecret,
    SLACK_API_URL: slack.apiUrl,
  })
  const beside = (...args: string[]) => baton(args, { env: environment() })

  test('api-key create shows a key once, and the API takes it', async () => {
    const { code, out } = await beside('api-key', 'create', 'website')
    expect(code).toBe(0)
    expect(out).toMatch(/^baton_\S+\n$/)
    const headers = { authorization: `Bearer ${out.trim()}` }
    expect((await fetch(`${url}/api/v1/handoffs`, { headers })).status).toBe(200)

    const again = await beside('api-key', 'create', 'website')
    expect(again).toMatchObject({ code: 1, out: '' })
    expect(again.err).toBe('baton: there is a key named website already: choose another name\n')
    const json = await beside('api-key', 'create', 'crm', '--json')
    expect(JSON.parse(json.out)).toEqual({
      name: 'crm',
      workspace: slack.teamId,
      key: expect.stringMatching(/^baton_/),
      scopes: [],
      expiresAt: null,
    })
    expect((await beside('api-key', 'create', '<b>')).code).toBe(1)
    expect((await beside('api-key', 'create', 'x', '--workspace', 'T0NONE')).err).toContain(
      slack.teamId,
    )
  })

  test('an API key may be made for some scopes and a time, is listed and taken back', async () => {
    const made = await beside(
      ...['api-key', 'create', 'reader', '--scopes', 'read', '--expires', '90d', '--json'],
    )
    const { key, scopes, expiresAt } = JSON.parse(made.out)
    expect(scopes).toEqual(['read'])
    const days = (Date.parse(expiresAt) - Date.now()) / 86_400_000
    expect(Math.round(days)).toBe(90)

    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
    const handoffs = `${url}/api/v1/handoffs`
    expect((await fetch(handoffs, { headers })).status).toBe(200)
    const refused = await fetch(handoffs, { method: 'POST', headers, body: '{}' })
    expect(refused.status).toBe(403)
    expect(await refused.json()).toMatchObject({ scope: 'handoffs' })
    expect(refused.headers.get('ratelimit-policy')).toBe('"requests";q=600;w=60')

    const listed = await beside('api-key', 'list', '--json')
    expect(JSON.parse(listed.out)).toContainEqual(
      expect.objectContaining({ name: 'reader', scopes: ['read'], expiresAt, revokedAt: null }),
    )
    expect(listed.out).not.toContain(key)
    expect((await beside('api-key', 'list')).out).toMatch(/^reader {2}read {2}.*expires 20/m)

    expect(await beside('api-key', 'revoke', 'reader')).toMatchObject({
      code: 0,
      out: 'reader is revoked\n',
    })
    const again = await beside('api-key', 'revoke', 'reader')
    expect(again).toMatchObject({
      code: 1,
      err: 'baton: there is no key named reader that works\n',
    })
    await expect
      .poll(async () => (await fetch(handoffs, { headers })).status, { timeout: 20_000 })
      .toBe(401)
  }, 60_000)

  test('agreement show prints the one in force, as a file that is valid again', async () => {
    const { code, out } = await beside('agreement', 'show')
    expect(code).toBe(0)
    expect(out).toMatch(/^# version 1\n/)
    expect(await baton(['agreement', 'validate', fileWith(out)])).toMatchObject({ code: 0 })
    const json = await beside('agreement', 'show', '--json')
    expect(JSON.parse(json.out)).toMatchObject({ version: 1 })
  })

  const findings = z.array(z.object({ what: z.string(), ok: z.boolean(), says: z.string() }))

  test('doctor tells what is well, in text and in JSON', async () => {
    const text = await beside('doctor')
    expect(text).toMatchObject({ code: 0, err: '' })
    for (const what of ['database', 'agreement', 'messages', 'records', 'queue', 'slack']) {
      expect(text.out).toMatch(new RegExp(`^well +${what} `, 'm'))
    }
    const json = await beside('doctor', '--json')
    expect(json.code).toBe(0)
    expect(findings.parse(JSON.parse(json.out)).every(({ ok }) => ok)).toBe(true)
  })

  test('doctor tells what is ill, and ends with code 1', async () => {
    const env = {
      ...environment(),
      SLACK_BOT_TOKEN: 'xoxb-revoked',
      REDIS_URL: 'redis://127.0.0.1:1',
    }
    const { code, out, err } = await baton(['doctor', '--json'], { env })
    expect({ code, err }).toEqual({ code: 1, err: '' })
    const ill = findings.parse(JSON.parse(out)).filter(({ ok }) => !ok)
    expect(ill.map(({ what }) => what)).toEqual(['queue', 'slack'])
    expect(ill.map(({ says }) => says).join(' ')).toContain('invalid_auth')
    expect(out).not.toContain('xoxb-revoked')
  })
})
