import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import * as fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { compiled } from './compiled.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

export const nobody = 65_534
export const asRoot = process.getuid?.() === 0
export const hasLocalSlack = process.platform === 'linux' && process.arch === 'x64'

/** Baton as it is compiled, to be run in processes of its own. */
export interface Program {
  /** A folder for data that does not exist yet; what still runs on it is ended with the program. */
  newDataDir(owner?: number): string
  start(options: StartOptions): RunningProgram
  /** Whether an account may read the program and its packages. */
  isOpenTo(uid: number): boolean
  /** Ends what was started, and removes it all. */
  remove(): Promise<void>
}

export interface StartOptions {
  /** `main`, or `cli` with its arguments. */
  run: [program: 'main' | 'cli', ...args: string[]]
  env?: Record<string, string>
  /** The account to run under. */
  uid?: number
  input?: string
  /** Closes its output after so many bytes, as `head` does. */
  readsAtMost?: number
}

export interface RunningProgram {
  pid: number
  out(): string
  err(): string
  /** To the whole group of processes, as a terminal does. */
  signal(signal: NodeJS.Signals): void
  /** Its exit code; null where a signal ended it. */
  ended: Promise<number | null>
  /** Waits until it says something like this; refuses after 20 seconds, or when it ends first. */
  says(pattern: RegExp): Promise<RegExpExecArray>
}

export function createProgram(): Program {
  const project = fs.mkdtempSync(join(tmpdir(), 'baton-program-'))
  fs.renameSync(compiled('main.ts', 'cli.ts', 'sandbox/local-slack-preload.ts').folder, at('dist'))
  for (const part of ['src', 'prisma']) fs.symlinkSync(join(root, part), at(part))
  fs.chmodSync(project, 0o755)
  const running: RunningProgram[] = []
  const dataDirs: string[] = []

  function at(...parts: string[]): string {
    return join(project, ...parts)
  }

  return {
    newDataDir(owner) {
      const parent = fs.mkdtempSync(at('data-'))
      fs.chmodSync(parent, 0o755)
      if (owner !== undefined) fs.chownSync(parent, owner, owner)
      const dataDir = join(parent, 'baton')
      dataDirs.push(dataDir)
      return dataDir
    },
    start(options) {
      const started = start(at('dist', `${options.run[0]}.js`), options)
      running.push(started)
      return started
    },
    isOpenTo(uid) {
      const needed = [at('dist/main.js'), join(root, 'node_modules/pg'), join(root, 'prisma')]
      const look = `for (const path of ${JSON.stringify(needed)}) fs.accessSync(path)`
      const options = { uid, gid: uid, cwd: '/' }
      return spawnSync(process.execPath, ['-e', look], options).status === 0
    },
    async remove() {
      for (const one of running) one.signal('SIGKILL')
      await Promise.all(running.map(({ ended }) => ended))
      for (const pid of dataDirs.flatMap(processesOn)) killHard(pid)
      fs.rmSync(project, { recursive: true, force: true, maxRetries: 10 })
    },
  }
}

function start(file: string, options: StartOptions): RunningProgram {
  const { run, env = {}, uid, input = '', readsAtMost = Number.POSITIVE_INFINITY } = options
  const [, ...args] = run
  const { PATH = '' } = process.env
  const child = spawn(process.execPath, [file, ...args], {
    cwd: '/',
    // a group of its own, to be signalled as a whole
    detached: true,
    env: { PATH, HOME: '/', TZ: 'Europe/Rome', ...env },
    ...(uid === undefined ? {} : { uid, gid: uid }),
  })
  child.stdin.on('error', () => {})
  child.stdin.end(input)
  let read = 0
  child.stdout.on('data', (chunk: Buffer) => {
    read += chunk.length
    if (read >= readsAtMost) child.stdout.destroy()
  })
  return watch(child)
}

function watch(child: ChildProcess): RunningProgram {
  const { pid } = child
  if (pid === undefined) throw new Error('it could not be started')
  let out = ''
  let err = ''
  child.stdout?.on('data', (chunk: Buffer) => {
    out += chunk.toString()
  })
  child.stderr?.on('data', (chunk: Buffer) => {
    err += chunk.toString()
  })
  let over = false
  const ended = new Promise<number | null>((done) => {
    child.once('close', (code: number | null) => {
      over = true
      done(code)
    })
  })
  return {
    pid,
    out: () => out,
    err: () => err,
    ended,
    signal(signal) {
      try {
        process.kill(-pid, signal)
      } catch {
        // It has ended.
      }
    },
    async says(pattern) {
      const deadline = performance.now() + 20_000
      for (;;) {
        const found = pattern.exec(out)
        if (found !== null) return found
        if (over || performance.now() > deadline) {
          throw new Error(`It did not say ${pattern}, but:\n${out.slice(-4_000)}\n${err}`)
        }
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
    },
  }
}

/** The processes with this folder in their command line: a database, a local Slack. */
export function processesOn(folder: string): number[] {
  const { stdout } = spawnSync('ps', ['-A', '-o', 'pid=,args='], { encoding: 'utf8' })
  const lines = stdout === null ? commandLines() : stdout.split('\n')
  return lines
    .filter((line) => line.includes(folder))
    .map((line) => Number.parseInt(line, 10))
    .filter((pid) => pid !== process.pid)
}

/** What `ps` says, where it is not installed. */
function commandLines(): string[] {
  return fs.readdirSync('/proc').flatMap((pid) => {
    try {
      return [`${pid} ${fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')}`]
    } catch {
      return []
    }
  })
}

function killHard(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It has ended meanwhile.
  }
}
