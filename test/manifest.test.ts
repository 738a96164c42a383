import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { features, tablesOf } from '../src/adapters/slack/features/index.ts'

const url = z.url({ protocol: /^https$/ })
const parameters = z.record(
  z.string(),
  z.strictObject({
    type: z.enum(['string', 'slack#/types/user_id']),
    title: z.string().max(255),
    description: z.string().max(1_000),
    is_required: z.boolean(),
    name: z.string(),
  }),
)
const manifestSchema = z.object({
  display_information: z.strictObject({
    name: z.string().max(35),
    description: z.string().max(140),
    long_description: z.string().min(174).max(4_000),
    background_color: z.string().regex(/^#[0-9a-f]{6}$/),
  }),
  features: z.strictObject({
    app_home: z.strictObject({
      home_tab_enabled: z.literal(true),
      messages_tab_enabled: z.literal(true),
      messages_tab_read_only_enabled: z.literal(false),
    }),
    bot_user: z.strictObject({ display_name: z.string().max(80), always_online: z.boolean() }),
    slash_commands: z.array(
      z.strictObject({
        command: z.string().regex(/^\/[a-z]{1,31}$/),
        url,
        description: z.string().max(2_000),
        usage_hint: z.string().max(1_000).optional(),
        should_escape: z.boolean(),
      }),
    ),
    shortcuts: z
      .array(
        z.strictObject({
          name: z.string().max(24),
          type: z.enum(['global', 'message']),
          callback_id: z.string().max(255),
          description: z.string().max(150),
        }),
      )
      .max(10),
  }),
  functions: z.record(
    z.string().regex(/^[a-z_]{1,100}$/),
    z.strictObject({
      title: z.string().max(255),
      description: z.string().max(1_000),
      input_parameters: parameters,
      output_parameters: parameters,
    }),
  ),
  oauth_config: z.strictObject({ scopes: z.strictObject({ bot: z.array(z.string()) }) }),
  settings: z.strictObject({
    event_subscriptions: z.strictObject({ request_url: url, bot_events: z.array(z.string()) }),
    interactivity: z.strictObject({ is_enabled: z.literal(true), request_url: url }),
    org_deploy_enabled: z.literal(true),
    function_runtime: z.literal('remote'),
    socket_mode_enabled: z.boolean(),
    token_rotation_enabled: z.literal(false),
  }),
})

const source = readFileSync(new URL('../manifest.yml', import.meta.url), 'utf8')
const manifest = manifestSchema.parse(parse(source))
const tables = tablesOf(features)

describe('manifest.yml', () => {
  test('names the commands that are answered, and no others', () => {
    const commands = manifest.features.slash_commands.map(({ command }) => command)
    expect(commands.sort()).toEqual([...tables.commands.keys()].sort())
  })

  test('names the shortcuts that are answered, and no others', () => {
    const shortcuts = manifest.features.shortcuts.map(({ callback_id: id }) => id)
    expect(shortcuts.sort()).toEqual([...tables.shortcuts.keys()].sort())
  })

  test('subscribes to the events that are handled, and no others', () => {
    const events = manifest.settings.event_subscriptions.bot_events
    expect(events.sort()).toEqual([...tables.events.keys(), 'function_executed'].sort())
  })

  test('names the steps of workflows that are run, and no others', () => {
    expect(Object.keys(manifest.functions).sort()).toEqual([...tables.steps.keys()].sort())
    for (const { input_parameters: inputs, output_parameters: outputs } of Object.values(
      manifest.functions,
    )) {
      for (const [key, { name }] of Object.entries({ ...inputs, ...outputs })) {
        expect(name).toBe(key)
      }
    }
  })

  test('sends everything to the one address', () => {
    const { features, settings } = manifest
    const addresses = [
      ...features.slash_commands.map((command) => command.url),
      settings.event_subscriptions.request_url,
      settings.interactivity.request_url,
    ]
    expect(new Set(addresses)).toEqual(new Set(['https://baton.example/slack/events']))
  })

  test('asks for the scopes that are used and no more', () => {
    expect(manifest.oauth_config.scopes.bot).toEqual([
      'channels:history',
      'channels:join',
      'channels:read',
      'chat:write',
      'commands',
      'files:read',
      'files:write',
      'groups:history',
      'groups:read',
      'im:history',
      'im:write',
      'usergroups:read',
      'users:read',
      'users:read.email',
    ])
  })
})

describe('the registry', () => {
  test('refuses two handlers for the same id', () => {
    const [feature] = features
    if (feature === undefined) throw new Error('no features')
    expect(() => tablesOf([feature, feature])).toThrow('two features answer to handoff.accept')
  })
})
