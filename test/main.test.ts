import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { connect, createServer, type Server } from 'node:net'
import { dirname, join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { apiKey, channels, eventually, isCardOf, people } from './support/baton.ts'
import { freshDatabase } from './support/database.ts'
import { type FakeSlack, startFakeSlack } from './support/fake-slack.ts'
import {
  asRoot,
  createProgram,
  hasLocalSlack,
  nobody,
  type Program,
  processesOn,
  type RunningProgram,
} from './support/program.ts'

let program: Program
let slack: FakeSlack
let dataDir: string
beforeAll(async () => {
  program = createProgram()
  dataDir = program.newDataDir()
  slack = await startFakeSlack({
    users: Object.values(people),
    channels: Object.values(channels),
  })
}, 60_000)
afterAll(async () => {
  await program.remove()
  await slack.stop()
})
afterEach(() => slack.heal())

/** Baton in a process, for the Slack of the tests; variables may be added or taken away. */
function start(env: Record<string, string> = {}): RunningProgram {
  return program.start({
    run: ['main'],
    env: {
      SLACK_BOT_TOKEN: slack.botToken,
      SLACK_SIGNING_SECRET: slack.signingSecret,
      SLACK_API_URL: slack.apiUrl,
      BATON_DATA_DIR: dataDir,
      BATON_API_KEY: apiKey,
      LOG_FORMAT: 'json',
      PORT: '0',
      ...env,
    },
  })
}
const noSlack = { SLACK_BOT_TOKEN: '', SLACK_SIGNING_SECRET: '', SLACK_API_URL: '' }

const listening = async (running: RunningProgram): Promise<string> =>
  (await running.says(/Baton listens on (http:[\w.:/-]+)/))[1] ?? ''

/** Stops it as asked for, within five seconds, with nothing left of it. */
async function stopped(running: RunningProgram, signal: NodeJS.Signals): Promise<void> {
  const start = performance.now()
  running.signal(signal)
  const code = await running.ended
  expect({ code, err: running.err() }).toEqual({ code: 0, err: '' })
  expect(performance.now() - start).toBeLessThan(5_000)
  expect(processesOn(dataDir)).toEqual([])
}

async function databaseOfTest(): Promise<{ DATABASE_URL: string }> {
  const database = await freshDatabase({ empty: true })
  onTestFinished(() => database.drop())
  return { DATABASE_URL: database.url }
}

async function takenPort(): Promise<number> {
  const server: Server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const address = server.address()
  return address !== null && typeof address === 'object' ? address.port : 0
}

async function api(url: string, method: string, path: string, body?: unknown): Promise<unknown> {
  const response = await fetch(`${url}/api/v1/${path}`, {
    method,
    headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  expect(response.ok).toBe(true)
  return response.json()
}
const handOver = async (url: string, name: string): Promise<string> => {
  const email = `${name.toLowerCase()}@example.com`
  const made = await api(url, 'POST', 'handoffs', { lead: { email, name }, reason: 'Asked' })
  expect(made).toMatchObject({ id: expect.stringMatching(/^hof_/) })
  return Object(made).id
}
const cardsOf = (id: string) =>
  slack.messages(channels.sql.id).filter((message) => isCardOf(message, id))
/** A Baton that was killed may have held the right to speak: it runs out within seconds. */
const posted = (id: string) => eventually(() => cardsOf(id).length > 0 || undefined, 20_000)

describe('a start that can not succeed', () => {
  test.concurrent.each([
    [{ PORT: 'http' }, 'PORT expects a port number from 0 to 65535'],
    [{ LOG_LEVEL: 'loud' }, /^baton: LOG_LEVEL expects trace, debug, .* or silent$/],
    [{ SLACK_SIGNING_SECRET: '' }, /^baton: SLACK_SIGNING_SECRET expects .*SLACK_APP_TOKEN/],
    [{ ...noSlack, BATON_SANDBOX: 'off' }, /^baton: SLACK_BOT_TOKEN .*BATON_SANDBOX is off$/],
  ])('because of %j ends with code 2 and one line', async (env, line) => {
    const running = start(env)
    expect(await running.ended).toBe(2)
    const lines = running.err().trimEnd().split('\n')
    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatch(line)
    expect(running.out()).toBe('')
  })

  test('because of the first agreement ends with code 2, and names line and field', async () => {
    const file = join(dirname(dataDir), 'agreement.yml')
    writeFileSync(file, 'language: en\nclocks:\n  accept: { within: { working: soon } }\n')
    const running = start({ ...(await databaseOfTest()), BATON_AGREEMENT: file })
    expect(await running.ended).toBe(2)
    expect(running.err()).toContain(`baton: ${file}:`)
    expect(running.err()).toMatch(/agreement\.yml:3: clocks\.accept\.within\S*: expects/)
  })

  test('because of the database ends with code 1 and says so', async () => {
    const running = start({ DATABASE_URL: 'postgresql://u:hidden@127.0.0.1:1/baton' })
    expect(await running.ended).toBe(1)
    expect(running.err()).toMatch(/^baton: .*DATABASE_URL.*nothing listens there.*\n$/)
    expect(running.err() + running.out()).not.toContain('hidden')
  })

  test('because of a token that Slack refuses ends with code 1 and says so', async () => {
    slack.fail('auth.test', { with: { error: 'invalid_auth' } })
    const running = start(await databaseOfTest())
    expect(await running.ended).toBe(1)
    expect(running.err()).toBe('baton: Slack refuses SLACK_BOT_TOKEN: invalid_auth\n')
  })

  test('because of its port ends with code 1 and names the port', async () => {
    const port = await takenPort()
    const running = start({ ...(await databaseOfTest()), PORT: String(port) })
    expect(await running.ended).toBe(1)
    expect(running.err()).toMatch(new RegExp(`^baton: .*port ${port}: it is taken.*\n$`))
  })

  test('leaves no database of its own running', async () => {
    const running = start({ PORT: String(await takenPort()) })
    expect(await running.ended).toBe(1)
    expect(processesOn(dataDir)).toEqual([])
  })
})

describe('Baton with its embedded database', () => {
  test('stops as asked, and knows its handoffs after every kind of end', async () => {
    const first = start()
    const before = await handOver(await listening(first), 'Before')
    await posted(before)
    await stopped(first, 'SIGTERM')

    const second = start()
    const during = await handOver(await listening(second), 'During')
    await posted(during)
    second.signal('SIGKILL')
    await second.ended

    const third = start()
    await listening(third)
    third.signal('SIGKILL')
    for (const pid of processesOn(dataDir)) process.kill(pid, 'SIGKILL')
    await third.ended

    const fourth = start()
    const url = await listening(fourth)
    const after = await handOver(url, 'After')
    await posted(after)
    expect(await api(url, 'GET', 'handoffs')).toMatchObject({
      items: [{ id: after }, { id: during }, { id: before }],
    })
    for (const id of [before, during, after]) expect(cardsOf(id)).toHaveLength(1)
    await stopped(fourth, 'SIGTERM')
  }, 60_000)

  test('does not wait for a client, nor for a Slack, that hangs', async () => {
    const running = start()
    const url = new URL(await listening(running))
    slack.fail('chat.postMessage', { with: 'hang' })
    await handOver(url.origin, 'Hanging')
    await eventually(() => slack.refused.some(({ why }) => why === 'hang') || undefined)
    const socket = connect(Number(url.port), url.hostname).on('error', () => {})
    onTestFinished(() => void socket.destroy())
    socket.write('POST /api/v1/handoffs HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{')
    await once(socket, 'connect')
    await stopped(running, 'SIGTERM')
  })

  test('stops while it starts, too', async () => {
    const running = start({ LOG_LEVEL: 'debug' })
    await running.says(/embedded database/)
    await stopped(running, 'SIGINT')
  })
})

const accounts: [string, number | undefined][] = [
  [asRoot ? 'root' : 'an ordinary user', undefined],
  ...(asRoot ? [['an ordinary user', nobody] satisfies [string, number]] : []),
]

describe.each(accounts)('the sandbox, started as %s', (_who, uid) => {
  const sandbox = (env: Record<string, string> = {}): RunningProgram =>
    program.start({
      run: ['main'],
      env: { BATON_DATA_DIR: dataDir, LOG_FORMAT: 'json', BATON_API_KEY: apiKey, ...env },
      ...(uid === undefined ? {} : { uid }),
    })

  test('says where it is, stops at Ctrl-C, and remembers its handoffs', async ({ skip }) => {
    skip(!hasLocalSlack, 'the local Slack is installed on Linux x64 only')
    skip(uid !== undefined && !program.isOpenTo(uid), 'this folder is closed to that account')
    dataDir = program.newDataDir(uid)
    const port = await takenPort()

    const first = sandbox({ PORT: String(port) })
    const slackUrl = (await first.says(/Open {2}(http:\S+)/))[1] ?? ''
    const url = await listening(first)
    expect(first.out()).toContain(`port ${port} is taken, using `)
    expect(url).not.toContain(`:${port}`)
    expect((await fetch(`${url}/readyz`)).status).toBe(200)
    expect((await fetch(slackUrl)).status).toBe(200)
    const id = await handOver(url, 'Remembered')
    await stopped(first, 'SIGINT')

    const second = sandbox({ PORT: String(port) })
    const again = await listening(second)
    await second.says(/Everything is as you left it/)
    expect(await api(again, 'GET', `handoffs/${id}`)).toMatchObject({ id })
    await stopped(second, 'SIGINT')
  }, 40_000)
})
