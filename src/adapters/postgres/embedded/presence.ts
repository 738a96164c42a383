import { setTimeout as pause } from 'node:timers/promises'
import { Client } from 'pg'
import { user } from './address.ts'

/** The advisory lock of everyone who uses the server, in the maintenance database. */
const presenceLock = 7_228_366

/** That one of those who use the server is there. */
export type Presence = { leave(): Promise<'last' | 'others stay'> }

/**
 * Says that we use the server, for as long as this process lives, and starts it again where it
 * died; makes the database at the first time. Undefined where the server does not take us (it
 * starts, or stops, or is gone).
 */
export async function enter(
  url: string,
  revive: () => Promise<unknown>,
): Promise<Presence | undefined> {
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
