import { spawn } from 'node:child_process'
import { Socket } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { listening, newAddress, removeSocketFolder } from './address.ts'
import { windows } from './platform.ts'
import { dropStrangersFile, isPostgres, isReady, runningServer, type Server } from './postmaster.ts'
import { ended, lastLine, type Run, start } from './programs.ts'

/** How long a server may take until it answers, in milliseconds. */
export const startsWithin = 60_000
const stopsWithin = 4_000

/**
 * Starts a server, at the address of the one before where there was one, and waits until it is
 * ready; its last words where it ended instead.
 */
export async function launch(
  cluster: string,
  run: Run,
  before?: Server,
): Promise<string | undefined> {
  dropStrangersFile(cluster)
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
    if (runningServer(cluster)?.pid === child.pid && isReady(cluster)) break
    await pause(10)
  }
  // The server may outlive us, so it does not keep us alive.
  child.unref()
  for (const stream of [child.stdout, child.stderr]) if (stream instanceof Socket) stream.unref()
  return over ? lastWords() : undefined
}

/** Stops the server: first in order, then at once, then for good. */
export async function stopServer(cluster: string, run: Run) {
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
  removeSocketFolder(server)
}

function pgCtlStop(cluster: string, mode: string, { native }: Run) {
  const args = ['stop', '-D', cluster, '-m', mode, '-t', String(stopsWithin / 1_000)]
  return spawn(join(native, 'bin', 'pg_ctl'), args, { stdio: 'ignore', windowsHide: true })
}

async function gone(pid: number, patience: number) {
  const deadline = performance.now() + patience
  while (isPostgres(pid) && performance.now() < deadline) await pause(10)
}
