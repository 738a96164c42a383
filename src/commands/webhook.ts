import { randomUUID } from 'node:crypto'
import type { Command } from 'commander'
import { z } from 'zod'
import type { Database } from '../adapters/postgres/client.ts'
import { createWebhooks } from '../adapters/postgres/webhooks.ts'
import { createWebhookSender } from '../adapters/webhooks/sender.ts'
import type { Config } from '../config.ts'
import { webhookRefusalWords } from '../content/words/webhooks.ts'
import { type EventType, eventTypes } from '../domain/handoff.ts'
import { version } from '../shipped.ts'
import type { WebhookEndpoint, WebhookLogLine } from '../use-cases/ports/webhooks.ts'
import { addEndpoint, type EndpointWorld, testEndpoint } from '../use-cases/webhook-endpoints.ts'
import { CommandError, print } from './output.ts'
import { withDatabase, workspaceOf } from './with-database.ts'

interface Options {
  json?: boolean
  workspace?: string
}

/** Programs of others that are told of events. */
export function addWebhookCommands(program: Command): void {
  const webhook = program.command('webhook').description('programs that are told of events')
  const command = (nameAndArguments: string, description: string): Command =>
    webhook
      .command(nameAndArguments)
      .description(description)
      .option('--workspace <id>', 'the workspace, where there are several')
      .option('--json', 'answer in JSON')

  command('add <url>', 'have events sent to an address; the secret is shown this once')
    .option('--events <types>', 'only these, such as HandedOff,Accepted (all)')
    .action((url: string, options: Options & { events?: string }) =>
      withEndpoints(options, async (world, workspaceId) => {
        const events = options.events === undefined ? [] : typesOf(options.events)
        const added = await addEndpoint(world, workspaceId, { url, events })
        if (!added.ok) throw new CommandError(webhookRefusalWords(added.refusal, 'en'))
        const { endpoint } = added
        print(options, endpoint, `${lineOf(endpoint)}\n${endpoint.secret}`)
      }),
    )

  command('list', 'the webhooks of the workspace').action((options: Options) =>
    withEndpoints(options, async ({ webhooks }, workspaceId) => {
      const endpoints = await webhooks.list(workspaceId)
      print(options, endpoints, endpoints.map(lineOf).join('\n') || 'no webhooks')
    }),
  )

  command('remove <id>', 'remove one, and its log').action((id: string, options: Options) =>
    withEndpoints(options, async ({ webhooks }, workspaceId) => {
      if (!(await webhooks.remove(workspaceId, id))) throw unknown(id)
      print(options, { id, removed: true }, `removed ${id}`)
    }),
  )

  command('test <id>', 'send a test now').action((id: string, options: Options) =>
    withEndpoints(options, async (world, workspaceId) => {
      const tested = await testEndpoint(world, workspaceId, id)
      if (tested === undefined) throw unknown(id)
      print(options, tested, `${tested.taken ? 'taken' : 'not taken'}: ${tested.answer}`)
      if (!tested.taken) process.exitCode = 1
    }),
  )

  command('log <id>', 'what was sent in the last 30 days, newest first')
    .option('--limit <n>', 'so many lines', '50')
    .action((id: string, options: Options & { limit: string }) =>
      withEndpoints(options, async ({ webhooks }, workspaceId) => {
        const limit = limitSchema.safeParse(options.limit)
        if (!limit.success) throw new CommandError('--limit expects a number from 1 to 1,000')
        const page = await webhooks.log(workspaceId, id, { limit: limit.data })
        if (page === undefined) throw unknown(id)
        print(options, page.items, page.items.map(logLine).join('\n') || 'nothing was sent yet')
      }),
    )
}

const limitSchema = z.coerce.number().int().min(1).max(1_000)

const withEndpoints = (
  { workspace }: Options,
  run: (world: EndpointWorld, workspaceId: string) => Promise<void>,
): Promise<void> =>
  withDatabase(async (database, config) =>
    run(endpointWorld(database, config), await workspaceOf(database, workspace)),
  )

const endpointWorld = (database: Database, { webhooksPrivate }: Config): EndpointWorld => ({
  webhooks: createWebhooks(database),
  webhookSender: createWebhookSender({
    allowPrivate: webhooksPrivate === 'allowed',
    userAgent: `Baton/${version}`,
  }),
  now: () => new Date(),
  newId: (prefix) => `${prefix}_${randomUUID().replaceAll('-', '')}`,
})

/** The types in a list such as `HandedOff,Accepted`; refuses what is none. */
function typesOf(list: string): EventType[] {
  return list.split(',').map((written) => {
    const type = eventTypes.find((one) => one.toLowerCase() === written.trim().toLowerCase())
    if (type === undefined) {
      throw new CommandError(`--events knows no “${written}”: use some of ${eventTypes.join(', ')}`)
    }
    return type
  })
}

const lineOf = ({ id, url, events, disabledAt }: WebhookEndpoint): string =>
  [
    id,
    url,
    events.join(',') || 'all events',
    ...(disabledAt === null ? [] : [`disabled since ${disabledAt.toISOString()}`]),
  ].join('  ')

const logLine = ({ createdAt, type, state, tries, answer, nextTryAt }: WebhookLogLine): string =>
  [
    createdAt.toISOString(),
    type,
    state,
    `tries ${tries}`,
    ...(answer === null ? [] : [answer]),
    ...(nextTryAt === null ? [] : [`again at ${nextTryAt.toISOString()}`]),
  ].join('  ')

const unknown = (id: string): CommandError => new CommandError(`there is no webhook ${id}`)
