import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import type { Account } from './accounts.ts'
import { type Log, windows } from './platform.ts'

/** What the programs run with: their folder, and their account where it is not our own. */
export type Run = {
  readonly native: string
  readonly account?: Account | undefined
  readonly log: Log
}

/**
 * In a process group of its own, so that the terminal's Ctrl-C does not reach it before we stop it
 * in order; with an environment of its own, because PG* variables would change what it does.
 */
export function start(program: 'initdb' | 'postgres', args: string[], { native, account }: Run) {
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
export function ended(child: ChildProcess): Promise<number | null> {
  return new Promise((done) => {
    child.once('error', () => done(null))
    child.once('close', done)
  })
}

/** Passes the output on to the log, and keeps the last thing it had to say. */
export function lastLine(child: ChildProcess, log: Log): () => string {
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
