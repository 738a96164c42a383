import type { Command } from 'commander'
import { createApiKeys } from '../adapters/postgres/api-keys.ts'
import { CommandError, print } from './output.ts'
import { withDatabase, workspaceOf } from './with-database.ts'

interface Options {
  json?: boolean
  workspace?: string
}

export function addApiKeyCommands(program: Command): void {
  const apiKey = program.command('api-key').description('keys of the HTTP API')
  apiKey
    .command('create')
    .description('make a key; it is shown this once')
    .argument('<name>', 'what the key is for, such as website-form')
    .option('--workspace <id>', 'the workspace, where there are several')
    .option('--json', 'answer in JSON')
    .action(async (name: string, options: Options) => {
      if (!/^[\w .-]{1,80}$/.test(name)) {
        throw new CommandError('a name has at most 80 letters, digits, spaces, dots and dashes')
      }
      await withDatabase(async (database) => {
        const workspace = await workspaceOf(database, options.workspace)
        if ((await database.prisma.apiKey.count({ where: { workspaceId: workspace, name } })) > 0) {
          throw new CommandError(`there is a key named ${name} already: choose another name`)
        }
        const key = await createApiKeys(database).create(workspace, name)
        print(options, { name, workspace, key }, key)
      })
    })
}
