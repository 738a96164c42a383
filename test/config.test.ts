import { resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ConfigError, readConfig } from '../src/config.ts'

const slack = { SLACK_BOT_TOKEN: 'xoxb-1-a', SLACK_SIGNING_SECRET: 'a-signing-secret' }
const read = (environment: Record<string, string> = {}) => readConfig(environment)

function refusalOf(environment: Record<string, string>): string {
  try {
    readConfig(environment)
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError)
    return error instanceof Error ? error.message : ''
  }
  throw new Error('it was taken')
}

test('without an environment everything has its default', () => {
  expect(read()).toEqual({
    slack: null,
    databaseUrl: undefined,
    redisUrl: undefined,
    host: '127.0.0.1',
    port: 3_000,
    dataDir: resolve('.baton'),
    agreementFile: undefined,
    apiKey: undefined,
    apiRate: 600,
    role: 'all',
    crm: { mappingFile: undefined, hubspot: null, salesforce: null },
    webhooksPrivate: 'refused',
    log: { level: 'info', format: process.stdout.isTTY ? 'pretty' : 'json' },
  })
})

test('a variable that is set to nothing is not set', () => {
  const names = [
    ...['SLACK_BOT_TOKEN', 'SLACK_SIGNING_SECRET', 'SLACK_APP_TOKEN', 'SLACK_API_URL'],
    ...['DATABASE_URL', 'REDIS_URL', 'HOST', 'PORT', 'BATON_DATA_DIR', 'BATON_AGREEMENT'],
    ...['BATON_API_KEY', 'BATON_API_RATE', 'BATON_ROLE', 'BATON_SANDBOX', 'LOG_LEVEL'],
    ...['BATON_WEBHOOKS_PRIVATE'],
    'LOG_FORMAT',
  ]
  expect(read(Object.fromEntries(names.map((name) => [name, ''])))).toEqual(read())
})

test('variables of others are let be', () => {
  expect(read({ PATH: '/bin', BATON_SOMETHING: 'x' })).toEqual(read())
})

const apiKey = 'k'.repeat(32)
const hubspot = { HUBSPOT_ACCESS_TOKEN: 'pat-eu1-abc', BATON_PUBLIC_URL: 'https://baton.example' }

test('a CRM is configured with all that belongs to it', () => {
  expect(read({ HUBSPOT_ACCESS_TOKEN: 'pat-eu1-abc' }).crm.hubspot).toMatchObject({ webhook: null })
  expect(read({ ...hubspot, HUBSPOT_CLIENT_SECRET: 'a-secret' }).crm.hubspot).toEqual({
    accessToken: 'pat-eu1-abc',
    apiUrl: undefined,
    webhook: { clientSecret: 'a-secret', publicUrl: 'https://baton.example' },
  })
  expect(refusalOf({ HUBSPOT_CLIENT_SECRET: 'a-secret' })).toContain('HUBSPOT_ACCESS_TOKEN expects')
  expect(
    refusalOf({ HUBSPOT_ACCESS_TOKEN: 'pat-eu1-abc', HUBSPOT_CLIENT_SECRET: 'a-secret' }),
  ).toContain('BATON_PUBLIC_URL expects a value, since HUBSPOT_CLIENT_SECRET is set')
  expect(refusalOf({ SALESFORCE_LOGIN_URL: 'https://acme.my.salesforce.com' })).toContain(
    'SALESFORCE_CLIENT_ID expects',
  )
  expect(
    read({
      SALESFORCE_LOGIN_URL: 'https://acme.my.salesforce.com',
      SALESFORCE_CLIENT_ID: 'id',
      SALESFORCE_CLIENT_SECRET: 'secret',
      SALESFORCE_WEBHOOK_SECRET: 's'.repeat(24),
      SALESFORCE_ORGANIZATION_ID: '00D000000000001',
    }).crm.salesforce,
  ).toEqual({
    loginUrl: 'https://acme.my.salesforce.com',
    clientId: 'id',
    clientSecret: 'secret',
    webhook: { secret: 's'.repeat(24), organizationId: '00D000000000001' },
  })
})

test.each([
  ['DATABASE_URL', 'postgres://u:p@db.example/baton', { databaseUrl: expect.anything() }],
  ['DATABASE_URL', 'postgresql://u@localhost/baton?host=/run/postgresql', {}],
  ['REDIS_URL', 'redis://:secret@cache.example:6379/2', { redisUrl: expect.anything() }],
  ['REDIS_URL', 'rediss://cache.example', { redisUrl: 'rediss://cache.example' }],
  ['HOST', '0.0.0.0', { host: '0.0.0.0' }],
  ['HOST', '::1', { host: '::1' }],
  ['HOST', 'baton.internal', { host: 'baton.internal' }],
  ['PORT', '0', { port: 0 }],
  ['PORT', '65535', { port: 65_535 }],
  ['BATON_DATA_DIR', '/var/lib/baton', { dataDir: '/var/lib/baton' }],
  ['BATON_DATA_DIR', 'here', { dataDir: resolve('here') }],
  ['BATON_AGREEMENT', 'our.yml', { agreementFile: 'our.yml' }],
  ['BATON_API_KEY', apiKey, { apiKey }],
  ['BATON_API_RATE', '0', { apiRate: 0 }],
  ['BATON_API_RATE', '6000', { apiRate: 6_000 }],
  ['BATON_ROLE', 'all', { role: 'all' }],
  ['BATON_ROLE', 'web', { role: 'web' }],
  ['BATON_ROLE', 'worker', { role: 'worker' }],
  ['BATON_SANDBOX', 'on', { slack: null }],
  ['BATON_WEBHOOKS_PRIVATE', 'allowed', { webhooksPrivate: 'allowed' }],
  ['BATON_WEBHOOKS_PRIVATE', 'refused', { webhooksPrivate: 'refused' }],
  ['LOG_LEVEL', 'debug', { log: expect.objectContaining({ level: 'debug' }) }],
  ['LOG_FORMAT', 'pretty', { log: { level: 'info', format: 'pretty' } }],
  ['LOG_FORMAT', 'json', { log: { level: 'info', format: 'json' } }],
])('%s may be %s', (variable, value, expected) => {
  expect(read({ [variable]: value })).toMatchObject(expected)
})

test.each([
  ['SLACK_BOT_TOKEN', 'xoxp-user-token', 'a token that starts with xoxb-'],
  ['SLACK_BOT_TOKEN', 'xoxb-in two', 'a token that starts with xoxb-'],
  ['SLACK_SIGNING_SECRET', 'short', 'the signing secret of the Slack app'],
  ['SLACK_SIGNING_SECRET', 'spaced out secret', 'the signing secret of the Slack app'],
  ['SLACK_APP_TOKEN', 'xoxb-bot-token', 'a token that starts with xapp-'],
  ['SLACK_API_URL', 'slack.example', 'an address such as https://slack.com/api/'],
  ['SLACK_API_URL', 'ftp://slack.example/api/', 'an address such as https://slack.com/api/'],
  ['SLACK_API_URL', 'https://slack.example/', 'ends in /api/'],
  ['DATABASE_URL', 'mysql://root:hidden@db/baton', 'such as postgresql://user:password@host'],
  ['DATABASE_URL', 'db.example', 'such as postgresql://user:password@host'],
  ['REDIS_URL', 'http://cache.example', 'such as redis://host:6379'],
  ['REDIS_URL', 'cache:6379', 'such as redis://host:6379'],
  ['HOST', 'http://0.0.0.0', 'a host name or an address such as 0.0.0.0'],
  ['HOST', 'two words', 'a host name or an address such as 0.0.0.0'],
  ['PORT', '65536', 'a port number from 0 to 65535'],
  ['PORT', '-1', 'a port number from 0 to 65535'],
  ['PORT', '3e3', 'a port number from 0 to 65535'],
  ['BATON_API_RATE', '-1', 'requests a minute from 0 (no limit)'],
  ['BATON_API_RATE', 'fast', 'requests a minute from 0 (no limit)'],
  ['PORT', '3000 ', 'a port number from 0 to 65535'],
  ['PORT', 'http', 'a port number from 0 to 65535'],
  ['BATON_API_KEY', 'k'.repeat(31), 'a key of 32 to 512 characters without spaces'],
  ['BATON_API_KEY', 'k'.repeat(513), 'a key of 32 to 512 characters without spaces'],
  ['BATON_API_KEY', `${apiKey}\nX-Other: 1`, 'a key of 32 to 512 characters without spaces'],
  ['BATON_ROLE', 'master', 'all, web or worker'],
  ['BATON_SANDBOX', 'false', 'on or off'],
  ['BATON_WEBHOOKS_PRIVATE', 'yes', 'refused or allowed'],
  ['LOG_LEVEL', 'verbose', 'trace, debug, info, warn, error, fatal or silent'],
  ['LOG_FORMAT', 'xml', 'pretty or json'],
])('%s may not be %j: it expects %s', (variable, value, expected) => {
  const message = refusalOf({ ...slack, [variable]: value })
  expect(message).toMatch(new RegExp(`^${variable} expects `))
  expect(message).toContain(expected)
  expect(message).not.toContain('\n')
  expect(message).not.toContain(value)
})

test('of several that are wrong the first is named', () => {
  expect(refusalOf({ PORT: 'x', LOG_LEVEL: 'y' })).toMatch(/^PORT expects .*\d$/)
})

describe('the Slack variables', () => {
  const botToken = slack.SLACK_BOT_TOKEN
  const appToken = 'xapp-1-a'

  test('bot token and signing secret are Slack over HTTP', () => {
    expect(read(slack).slack).toEqual({
      botToken,
      apiUrl: undefined,
      mode: { kind: 'http', signingSecret: slack.SLACK_SIGNING_SECRET },
    })
  })

  test('bot token and app token are Socket Mode, also where a signing secret is set', () => {
    const expected = { botToken, apiUrl: undefined, mode: { kind: 'socket', appToken } }
    expect(read({ SLACK_BOT_TOKEN: botToken, SLACK_APP_TOKEN: appToken }).slack).toEqual(expected)
    expect(read({ ...slack, SLACK_APP_TOKEN: appToken }).slack).toEqual(expected)
  })

  test('another address of the Web API is kept', () => {
    const address = 'http://127.0.0.1:9/api/'
    expect(read({ ...slack, SLACK_API_URL: address }).slack?.apiUrl).toBe(address)
  })

  test('the bot token alone asks for the signing secret or the app token', () => {
    const message = refusalOf({ SLACK_BOT_TOKEN: botToken })
    expect(message).toMatch(/^SLACK_SIGNING_SECRET expects .*SLACK_APP_TOKEN/)
  })

  test.each([
    [{ SLACK_SIGNING_SECRET: slack.SLACK_SIGNING_SECRET }],
    [{ SLACK_APP_TOKEN: appToken }],
    [{ SLACK_SIGNING_SECRET: slack.SLACK_SIGNING_SECRET, SLACK_APP_TOKEN: appToken }],
  ])('%j without the bot token is no sandbox, but a mistake', (environment) => {
    expect(refusalOf(environment)).toMatch(/^SLACK_BOT_TOKEN expects the bot token/)
  })

  test('without any of them there is a sandbox, unless that is off', () => {
    expect(read().slack).toBeNull()
    expect(refusalOf({ BATON_SANDBOX: 'off' })).toMatch(/^SLACK_BOT_TOKEN .*BATON_SANDBOX is off$/)
    expect(read({ ...slack, BATON_SANDBOX: 'off' }).slack).not.toBeNull()
  })

  test('an address of the Web API alone does not keep the sandbox away', () => {
    expect(read({ SLACK_API_URL: 'http://127.0.0.1:9/api/' }).slack).toBeNull()
  })
})
