// Who runs: what the server's own file says, and whether that is still true.

import { execFileSync } from 'node:child_process'
import * as fs from 'node:fs'
import { join } from 'node:path'
import type { Address } from './address.ts'
import { isDenied, windows } from './platform.ts'

export type Server = Address & { readonly pid: number }

const fileOf = (cluster: string): string => join(cluster, 'postmaster.pid')

/** Its first lines: process id, folder, time, port, socket folder, address, memory, status. */
function postmasterFile(cluster: string): string[] | undefined {
  try {
    return fs.readFileSync(fileOf(cluster), 'utf8').split('\n')
  } catch {
    return undefined
  }
}

/** Whether the server lets clients in. */
export const isReady = (cluster: string): boolean =>
  postmasterFile(cluster)?.[7]?.trim() === 'ready'

/** The server that runs on the cluster, ready or not. */
export function runningServer(cluster: string): Server | undefined {
  const lines = postmasterFile(cluster)
  if (!lines) return undefined
  const pid = Number(lines[0])
  return isPostgres(pid)
    ? { pid, port: Number(lines[3]), socket: lines[4]?.trim() ?? '' }
    : undefined
}

/** Whether the process with this number is a PostgreSQL that lives. */
export const isPostgres = (pid: number): boolean => commandOf(pid)?.includes('postgres') ?? false

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
export function dropStrangersFile(cluster: string) {
  const command = commandOf(Number(postmasterFile(cluster)?.[0]) || 0)
  if (command && !command.includes('postgres')) fs.rmSync(fileOf(cluster), { force: true })
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
