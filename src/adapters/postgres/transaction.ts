import type { Pool, PoolClient } from 'pg'

/** How a transaction begins; one for reports sees everything as at one moment. */
export type Beginning = 'begin' | 'begin isolation level repeatable read read only'

/**
 * Runs statements in one transaction: all of them hold, or none. Where the work fails its connection
 * is closed, which takes back whatever was begun; `keep` says that what came of it is to hold.
 */
export async function inTransaction<Result>(
  pool: Pick<Pool, 'connect'>,
  work: (client: PoolClient) => Promise<Result>,
  {
    beginning = 'begin',
    keep = () => true,
  }: { beginning?: Beginning; keep?: (result: Result) => boolean } = {},
): Promise<Result> {
  const client = await pool.connect()
  // A connection that breaks fails the statement under way; unheard, it would end the process.
  const ignore = (): void => {}
  client.on('error', ignore)
  let broken = true
  try {
    await client.query(beginning)
    const result = await work(client)
    await client.query(keep(result) ? 'commit' : 'rollback')
    broken = false
    return result
  } finally {
    client.release(broken)
    client.off('error', ignore)
  }
}

/** The same for those who must come one after the other: each holds the lock of that name meanwhile. */
export const underLock = <Result>(
  pool: Pick<Pool, 'connect'>,
  lock: string,
  work: (client: PoolClient) => Promise<Result>,
): Promise<Result> =>
  inTransaction(pool, async (client) => {
    await client.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [lock])
    return work(client)
  })
