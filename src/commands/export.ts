import { writeFile } from 'node:fs/promises'
import type { Command } from 'commander'
import { forgetWords } from '../content/words/erasure.ts'
import { exportLead } from '../use-cases/export-lead.ts'
import { commandWorld } from './command-world.ts'
import { addressIn } from './forget.ts'
import { CommandError, print } from './output.ts'
import { withDatabase, workspaceOf } from './with-database.ts'

interface Options {
  out?: string
  workspace?: string
  json?: boolean
}

export function addExportCommand(program: Command): void {
  program
    .command('export')
    .description('print everything that is kept of a lead, in JSON')
    .argument('<email>', 'the address of the lead')
    .option('--out <file>', 'write it to a file instead')
    .option('--workspace <id>', 'the workspace, where there are several')
    .option('--json', 'answer in JSON, as it does anyway')
    .action(run)
}

async function run(email: string, options: Options): Promise<void> {
  const address = addressIn(email)
  await withDatabase(async (database) => {
    const workspaceId = await workspaceOf(database, options.workspace)
    const kept = await exportLead(commandWorld(database), workspaceId, address)
    if (kept === undefined) throw new CommandError(forgetWords.unknown)
    const text = JSON.stringify(kept, null, 2)
    if (options.out === undefined) return void process.stdout.write(`${text}\n`)
    // nobody else is to read it
    await writeFile(options.out, `${text}\n`, { mode: 0o600 })
    print(options, { file: options.out }, `Written to ${options.out}.`)
  })
}
