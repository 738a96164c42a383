import { PrismaPg } from '@prisma/adapter-pg'
import { Pool } from 'pg'
import type { Logger } from 'pino'
import { PrismaClient } from '../../generated/prisma/client.ts'

/**
 * One pool of connections, for Prisma's models and for the statements that are written by hand.
 * By hand, bigints arrive as text, `json` and `jsonb` parsed, `timestamptz` as a Date.
 */
export type Database = {
  readonly pool: Pool
  readonly prisma: PrismaClient
  /** Lets the statements under way finish, then closes every connection. Once. */
  close(): Promise<void>
}

const seconds = 1_000

/**
 * Connects when first used, so it succeeds while the database is away. Nothing waits without a
 * bound: 5 s for a connection, 15 s for a statement, 15 s for a transaction that does nothing.
 */
export function connect(
  url: string,
  options: { max?: number; applicationName?: string; log?: Pick<Logger, 'warn'> } = {},
): Database {
  const pool = new Pool({
    connectionString: url,
    max: options.max ?? 10,
    application_name: options.applicationName ?? 'baton',
    connectionTimeoutMillis: 5 * seconds,
    statement_timeout: 15 * seconds,
    idle_in_transaction_session_timeout: 15 * seconds,
    idleTimeoutMillis: 30 * seconds,
    keepAlive: true,
  })
  // An idle connection that breaks is replaced at the next use; unheard, it would end the process.
  pool.on('error', (error) => options.log?.warn({ err: error }, 'a database connection broke'))
  // Whoever holds one that breaks learns it from the query; unheard here, it would end the process.
  pool.on('connect', (client) => void client.on('error', () => undefined))
  const prisma = new PrismaClient({ adapter: new PrismaPg(pool) })

  let closed: Promise<void> | undefined
  const close = async () => {
    await prisma.$disconnect()
    await pool.end()
  }
  return {
    pool,
    prisma,
    close: () => {
      closed ??= close()
      return closed
    },
  }
}
