import { createHash, randomBytes } from 'node:crypto'
import * as fs from 'node:fs'
import { join } from 'node:path'
import { type Account, canReach, own, ownerOf, ownFolder } from './accounts.ts'
import { user } from './address.ts'
import { elsewhere, isDenied, type Log } from './platform.ts'
import { ended, lastLine, type Run, start } from './programs.ts'

const passwordFile = 'baton.password'

/**
 * PostgreSQL refuses to run as root: there it runs as whoever owns the folder already, or as
 * nobody. Where that account can't get to the folder (a clone under /root), another one is used.
 */
export function findCluster(wanted: string, log: Log): { cluster: string; account?: Account } {
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

/** Makes the cluster beside its place and moves it there, so that a half-made one never counts. */
export async function initialise(cluster: string, run: Run) {
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
export function isMade(cluster: string): boolean {
  try {
    return fs.readdirSync(cluster).length > 0
  } catch (error) {
    return isDenied(error)
  }
}

/** The user's password. Refuses a cluster that belongs to another account. */
export function readPassword(cluster: string): string {
  try {
    return fs.readFileSync(join(cluster, passwordFile), 'utf8')
  } catch (error) {
    if (!isDenied(error)) throw error
    throw new Error(
      `${cluster} belongs to another account. Start Baton as that account (or as root), or choose another BATON_DATA_DIR.`,
    )
  }
}
