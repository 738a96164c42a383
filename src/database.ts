import type { Logger } from 'pino'
import { startEmbeddedPostgres } from './adapters/postgres/embedded.ts'
import { migrate } from './adapters/postgres/migrate.ts'
import type { Config } from './config.ts'
import { StartError } from './start-error.ts'

/** The database to use: the one that is configured, or an embedded one under the data folder. */
export async function openDatabase(
  { databaseUrl, dataDir }: Pick<Config, 'databaseUrl' | 'dataDir'>,
  log: Logger,
): Promise<{ url: string; stop(): Promise<void> }> {
  return databaseUrl === undefined
    ? startEmbeddedPostgres({ dataDir, log })
    : { url: databaseUrl, stop: async () => {} }
}

const unreachable: Record<string, string> = {
  ECONNREFUSED: 'nothing listens there',
  ENOENT: 'nothing listens there',
  ENOTFOUND: 'its host is not known',
  EAI_AGAIN: 'its host is not known',
  ETIMEDOUT: 'it does not answer',
  'timeout expired': 'it does not answer',
  '28000': 'it refuses this user',
  '28P01': 'it refuses this user or password',
  '3D000': 'it has no database of that name',
}

/** Brings the database up to date. Refuses one that can't be reached in a line that says why. */
export async function prepareDatabase(url: string, log: Logger): Promise<string[]> {
  try {
    return await migrate(url, { log })
  } catch (error) {
    if (!(error instanceof Error)) throw error
    const code = 'code' in error ? String(error.code) : error.message
    const known = unreachable[code]
    if (known === undefined) throw error
    throw new StartError(`The database of DATABASE_URL can't be used: ${known} (${code})`, {
      cause: error,
    })
  }
}
