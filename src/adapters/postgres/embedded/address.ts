import * as fs from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { type Account, canReach, own } from './accounts.ts'
import { windows } from './platform.ts'

/** Where a server listens: a TCP port on Windows, a socket in a folder elsewhere. */
export type Address = { readonly port: number; readonly socket: string }

/** Baton's user, and its database. */
export const user = 'baton'
const shortFolder = 'baton-socket-'

/** A Unix socket needs no port and is open to nobody else; Windows gets a free port of its own. */
export async function newAddress(cluster: string, account: Account | undefined): Promise<Address> {
  return windows
    ? { port: await freePort(), socket: '' }
    : { port: 5432, socket: socketFolder(cluster, account) }
}

/** The settings that make a server listen there, and nowhere else. */
export function listening({ port, socket }: Address): string[] {
  return windows
    ? ['listen_addresses=127.0.0.1', `port=${port}`]
    : [
        'listen_addresses=',
        'unix_socket_permissions=0700',
        `port=${port}`,
        `unix_socket_directories=${socket}`,
      ]
}

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

/** The URL of a database of the server. Holds the password. */
export function urlOf({ port, socket }: Address, password: string, database: string): string {
  return windows
    ? `postgresql://${user}:${password}@127.0.0.1:${port}/${database}`
    : `postgresql://${user}:${password}@localhost:${port}/${database}?host=${encodeURIComponent(socket)}`
}

/** Removes the folder that was made for the socket alone, if one was. */
export function removeSocketFolder({ socket }: Address) {
  if (!windows && basename(socket).startsWith(shortFolder))
    fs.rmSync(socket, { recursive: true, force: true })
}
