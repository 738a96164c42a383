import type { Command } from 'commander'
import { readConfig } from '../config.ts'
import { openDatabase, prepareDatabase } from '../database.ts'
import { createLog } from '../log.ts'
import { print } from './output.ts'

export function addMigrateCommand(program: Command): void {
  program
    .command('migrate')
    .description('bring the database up to date (every start does this too)')
    .option('--json', 'answer in JSON')
    .action(async (options: { json?: boolean }) => {
      const log = createLog({ level: 'warn', format: 'pretty' }, process.stderr)
      const database = await openDatabase(readConfig(), log)
      try {
        const applied = await prepareDatabase(database.url, log)
        const text = applied.length === 0 ? 'up to date' : `applied ${applied.join(', ')}`
        print(options, { applied }, text)
      } finally {
        await database.stop()
      }
    })
}
