import type { Command } from 'commander'
import { z } from 'zod'
import { type Scope, scopes } from '../adapters/http/api/scopes.ts'
import { createApiKeys, type ListedKey } from '../adapters/postgres/api-keys.ts'
import { CommandError, print } from './output.ts'
import { withDatabase, workspaceOf } from './with-database.ts'

interface Options {
  json?: boolean
  workspace?: string
}

interface CreateOptions extends Options {
  scopes?: string
  expires?: string
}

export function addApiKeyCommands(program: Command): void {
  const apiKey = program.command('api-key').description('keys of the HTTP API')
  const workspaceOption = ['--workspace <id>', 'the workspace, where there are several'] as const
  const jsonOption = ['--json', 'answer in JSON'] as const
  apiKey
    .command('create')
    .description('make a key; it is shown this once')
    .argument('<name>', 'what the key is for, such as website-form')
    .option('--scopes <list>', `what it may do: ${scopes.join(',')}; everything without this`)
    .option('--expires <when>', 'after so many days, such as 90d, or from a date on')
    .option(...workspaceOption)
    .option(...jsonOption)
    .action(create)
  apiKey
    .command('list')
    .description('show the keys there are, and when each was used last')
    .option(...workspaceOption)
    .option(...jsonOption)
    .action(list)
  apiKey
    .command('revoke')
    .description('take a key back; within 15 seconds it works nowhere any more')
    .argument('<name>', 'the name that it was made with')
    .option(...workspaceOption)
    .option(...jsonOption)
    .action(revoke)
}

async function create(name: string, options: CreateOptions): Promise<void> {
  if (!/^[\w .-]{1,80}$/.test(name)) {
    throw new CommandError('a name has at most 80 letters, digits, spaces, dots and dashes')
  }
  const given = scopesIn(options.scopes)
  const expiresAt = expiryOf(options.expires, new Date())
  await withDatabase(async (database) => {
    const workspace = await workspaceOf(database, options.workspace)
    const taken = { workspaceId: workspace, name, revokedAt: null }
    if ((await database.prisma.apiKey.count({ where: taken })) > 0) {
      throw new CommandError(`there is a key named ${name} already: choose another name`)
    }
    const key = await createApiKeys(database).create(workspace, name, { scopes: given, expiresAt })
    print(options, { name, workspace, key, scopes: given, expiresAt }, key)
  })
}

async function list(options: Options): Promise<void> {
  await withDatabase(async (database) => {
    const workspace = await workspaceOf(database, options.workspace)
    const keys = await createApiKeys(database).list(workspace)
    const lines = keys.map((key) => lineOf(key, new Date()))
    print(
      options,
      keys,
      lines.length === 0 ? 'no key yet: api-key create <name>' : lines.join('\n'),
    )
  })
}

async function revoke(name: string, options: Options): Promise<void> {
  await withDatabase(async (database) => {
    const workspace = await workspaceOf(database, options.workspace)
    if (!(await createApiKeys(database).revoke(workspace, name))) {
      throw new CommandError(`there is no key named ${name} that works`)
    }
    print(options, { name, workspace, revoked: true }, `${name} is revoked`)
  })
}

const scopesSchema = z.array(z.enum(scopes)).min(1)

/** The scopes in a list such as `read,leads`; none where there is no list. */
export function scopesIn(text: string | undefined): Scope[] {
  if (text === undefined) return []
  const named = new Set(text.split(',').map((scope) => scope.trim()))
  const parsed = scopesSchema.safeParse([...named])
  if (parsed.success) return parsed.data
  throw new CommandError(`--scopes: expects some of ${scopes.join(', ')}, with commas between them`)
}

const dayMs = 86_400_000
const mostDays = 3_650

/** When a key ends: in so many days (`90d`), or at the start of a date in UTC. */
export function expiryOf(text: string | undefined, now: Date): Date | null {
  if (text === undefined) return null
  const [, days] = /^(\d{1,4})d$/.exec(text) ?? []
  const at = days === undefined ? dateOf(text) : new Date(now.getTime() + Number(days) * dayMs)
  if (at === undefined || at <= now || at.getTime() > now.getTime() + mostDays * dayMs) {
    throw new CommandError(
      '--expires: expects 1 to 3650 days such as 90d, or a date to come such as 2027-06-30',
    )
  }
  return at
}

function dateOf(text: string): Date | undefined {
  const parsed = z.iso.date().safeParse(text)
  return parsed.success ? new Date(parsed.data) : undefined
}

function lineOf({ name, scopes, expiresAt, lastUsedAt, revokedAt }: ListedKey, now: Date): string {
  const day = (at: Date): string => at.toISOString().slice(0, 10)
  const ends = (at: Date): string => `${at <= now ? 'expired' : 'expires'} ${day(at)}`
  return [
    name,
    scopes.length === 0 ? 'everything' : scopes.join(','),
    lastUsedAt === null ? 'never used' : `last used ${day(lastUsedAt)}`,
    ...(expiresAt === null ? [] : [ends(expiresAt)]),
    ...(revokedAt === null ? [] : [`revoked ${day(revokedAt)}`]),
  ].join('  ')
}
