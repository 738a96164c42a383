import { connect, type Database } from '../adapters/postgres/client.ts'
import { createWorkspaces } from '../adapters/postgres/workspaces.ts'
import { type Config, readConfig } from '../config.ts'
import { openDatabase, prepareDatabase } from '../database.ts'
import { createLog } from '../log.ts'
import { CommandError } from './output.ts'

/** Runs a command on the configured database, brought up to date; the embedded one is started. */
export async function withDatabase<T>(
  run: (database: Database, config: Config) => Promise<T>,
): Promise<T> {
  const config = readConfig()
  const log = createLog({ level: 'warn', format: 'pretty' }, process.stderr)
  const opened = await openDatabase(config, log)
  try {
    await prepareDatabase(opened.url, log)
    const database = connect(opened.url, { max: 2, applicationName: 'baton command', log })
    try {
      return await run(database, config)
    } finally {
      await database.close()
    }
  } finally {
    await opened.stop()
  }
}

/** The workspace that a command is about: the one that is named, or the only one there is. */
export async function workspaceOf(database: Database, named: string | undefined): Promise<string> {
  const ids = await createWorkspaces(database).ids()
  if (named !== undefined && ids.includes(named)) return named
  const [only, ...others] = ids
  if (only === undefined)
    throw new CommandError('no workspace yet: start Baton once with its token')
  if (named === undefined && others.length === 0) return only
  throw new CommandError(`name the workspace with --workspace: one of ${ids.join(', ')}`)
}
