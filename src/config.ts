import { resolve } from 'node:path'
import { z } from 'zod'

/**
 * The environment, read once. The only reader of process.env.
 */

/** A variable that is set to nothing is not set. */
const optional = <T extends z.ZodType>(schema: T) =>
  z.preprocess((value) => (value === '' ? undefined : value), schema.optional())

const withDefault = <T>(schema: z.ZodType<T>, fallback: T) =>
  optional(schema).transform((value): T => value ?? fallback)

const startsWith = (prefix: string) =>
  z.string().regex(new RegExp(`^${prefix}\\S+$`), `expects a token that starts with ${prefix}`)

const url = (protocols: RegExp, example: string) =>
  z.string().refine((value) => {
    const parsed = URL.canParse(value) ? new URL(value) : undefined
    return parsed !== undefined && protocols.test(parsed.protocol)
  }, `expects an address such as ${example}`)

const environmentSchema = z
  .object({
    SLACK_BOT_TOKEN: optional(startsWith('xoxb-')),
    SLACK_SIGNING_SECRET: optional(
      z.string().regex(/^\S{8,}$/, 'expects the signing secret of the Slack app'),
    ),
    SLACK_APP_TOKEN: optional(startsWith('xapp-')),
    SLACK_API_URL: optional(
      url(/^https?:$/, 'https://slack.com/api/').refine(
        (value) => value.endsWith('/api/'),
        'expects an address that ends in /api/',
      ),
    ),
    DATABASE_URL: optional(url(/^postgres(ql)?:$/, 'postgresql://user:password@host:5432/baton')),
    REDIS_URL: optional(url(/^rediss?:$/, 'redis://host:6379')),
    HOST: withDefault(
      z.string().regex(/^[\w.:-]+$/, 'expects a host name or an address such as 0.0.0.0'),
      '127.0.0.1',
    ),
    PORT: withDefault(
      z
        .string()
        .regex(/^\d{1,5}$/, 'expects a port number from 0 to 65535')
        .transform(Number)
        .refine((port) => port <= 65_535, 'expects a port number from 0 to 65535'),
      3_000,
    ),
    BATON_DATA_DIR: withDefault(z.string(), '.baton'),
    BATON_AGREEMENT: optional(z.string()),
    BATON_API_KEY: optional(
      z.string().regex(/^\S{32,512}$/, 'expects a key of 32 to 512 characters without spaces'),
    ),
    BATON_API_RATE: withDefault(
      z
        .string()
        .regex(/^\d{1,6}$/, 'expects requests a minute from 0 (no limit) to 999999')
        .transform(Number),
      600,
    ),
    BATON_ROLE: withDefault(
      z.enum(['all', 'web', 'worker'], 'expects all, web or worker'),
      'all' as const,
    ),
    BATON_PUBLIC_URL: optional(url(/^https?:$/, 'https://baton.example')),
    BATON_CRM_MAPPING: optional(z.string()),
    HUBSPOT_ACCESS_TOKEN: optional(z.string().regex(/^\S{8,}$/, 'expects an access token')),
    HUBSPOT_CLIENT_SECRET: optional(
      z.string().regex(/^\S{8,}$/, 'expects the client secret of the HubSpot app'),
    ),
    HUBSPOT_API_URL: optional(url(/^https?:$/, 'https://api.hubapi.com')),
    SALESFORCE_LOGIN_URL: optional(url(/^https?:$/, 'https://acme.my.salesforce.com')),
    SALESFORCE_CLIENT_ID: optional(z.string().regex(/^\S+$/, 'expects the consumer key')),
    SALESFORCE_CLIENT_SECRET: optional(z.string().regex(/^\S+$/, 'expects the consumer secret')),
    SALESFORCE_WEBHOOK_SECRET: optional(
      z.string().regex(/^[\w-]{24,200}$/, 'expects 24 to 200 letters, digits, _ or -'),
    ),
    SALESFORCE_ORGANIZATION_ID: optional(
      z
        .string()
        .regex(
          /^00D[A-Za-z0-9]{12}([A-Za-z0-9]{3})?$/,
          'expects an organization id, such as 00D000000000001',
        ),
    ),
    BATON_SANDBOX: withDefault(z.enum(['on', 'off'], 'expects on or off'), 'on' as const),
    BATON_WEBHOOKS_PRIVATE: withDefault(
      z.enum(['refused', 'allowed'], 'expects refused or allowed'),
      'refused' as const,
    ),
    LOG_LEVEL: withDefault(
      z.enum(
        ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'],
        'expects trace, debug, info, warn, error, fatal or silent',
      ),
      'info' as const,
    ),
    LOG_FORMAT: optional(z.enum(['pretty', 'json'], 'expects pretty or json')),
  })
  .superRefine((env, context) => {
    const complain = (variable: string, message: string) =>
      context.addIssue({ code: 'custom', path: [variable], message })
    for (const [variable, needed] of neededBy) {
      if (env[variable] !== undefined && env[needed] === undefined) {
        complain(needed, `expects a value, since ${variable} is set`)
      }
    }
    if (env.SLACK_BOT_TOKEN === undefined) {
      if (env.SLACK_SIGNING_SECRET !== undefined || env.SLACK_APP_TOKEN !== undefined) {
        complain(
          'SLACK_BOT_TOKEN',
          'expects the bot token that belongs to the other Slack variables',
        )
      } else if (env.BATON_SANDBOX === 'off') {
        complain('SLACK_BOT_TOKEN', 'expects a bot token, since BATON_SANDBOX is off')
      }
    } else if (env.SLACK_SIGNING_SECRET === undefined && env.SLACK_APP_TOKEN === undefined) {
      complain(
        'SLACK_SIGNING_SECRET',
        'expects the signing secret (Slack over HTTP), or SLACK_APP_TOKEN for Socket Mode',
      )
    }
  })

/** Variables that are of no use without another one. */
const neededBy = [
  ['HUBSPOT_CLIENT_SECRET', 'HUBSPOT_ACCESS_TOKEN'],
  ['HUBSPOT_CLIENT_SECRET', 'BATON_PUBLIC_URL'],
  ['SALESFORCE_LOGIN_URL', 'SALESFORCE_CLIENT_ID'],
  ['SALESFORCE_CLIENT_ID', 'SALESFORCE_CLIENT_SECRET'],
  ['SALESFORCE_CLIENT_SECRET', 'SALESFORCE_LOGIN_URL'],
  ['SALESFORCE_WEBHOOK_SECRET', 'SALESFORCE_ORGANIZATION_ID'],
  ['SALESFORCE_WEBHOOK_SECRET', 'SALESFORCE_LOGIN_URL'],
] as const

/** How Baton is connected to a workspace. */
export type SlackConfig = {
  botToken: string
  apiUrl: string | undefined
  mode: { kind: 'http'; signingSecret: string } | { kind: 'socket'; appToken: string }
}

/** How Baton is connected to CRMs; null where it is not. */
export interface CrmConfig {
  /** File with the mapping of fields; the shipped one without it. */
  mappingFile: string | undefined
  hubspot: {
    accessToken: string
    apiUrl: string | undefined
    /** With it HubSpot's webhooks are taken, as signed over the public address. */
    webhook: { clientSecret: string; publicUrl: string } | null
  } | null
  salesforce: {
    loginUrl: string
    clientId: string
    clientSecret: string
    webhook: { secret: string; organizationId: string } | null
  } | null
}

export interface Config {
  /** null: the sandbox, a local Slack of our own */
  slack: SlackConfig | null
  databaseUrl: string | undefined
  redisUrl: string | undefined
  host: string
  port: number
  dataDir: string
  agreementFile: string | undefined
  apiKey: string | undefined
  /** Requests a minute that a key of the API may send to this process; 0 for any number. */
  apiRate: number
  role: 'all' | 'web' | 'worker'
  crm: CrmConfig
  /** Whether webhooks are sent to private addresses. */
  webhooksPrivate: 'refused' | 'allowed'
  log: { level: string; format: 'pretty' | 'json' }
}

/** A variable with a value that can't be used; the message is one line that names it. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}

/**
 * Reads the environment. Throws ConfigError for the first variable that is wrong, with what it
 * expects. Never repeats the value: it may be a secret.
 */
export function readConfig(environment: NodeJS.ProcessEnv = process.env): Config {
  const parsed = environmentSchema.safeParse(environment)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw new ConfigError(`${issue?.path.join('.')} ${issue?.message}`)
  }
  const env = parsed.data
  return {
    slack: slackConfig(env),
    databaseUrl: env.DATABASE_URL,
    redisUrl: env.REDIS_URL,
    host: env.HOST,
    port: env.PORT,
    dataDir: resolve(env.BATON_DATA_DIR),
    agreementFile: env.BATON_AGREEMENT,
    apiKey: env.BATON_API_KEY,
    apiRate: env.BATON_API_RATE,
    role: env.BATON_ROLE,
    crm: crmConfig(env),
    webhooksPrivate: env.BATON_WEBHOOKS_PRIVATE,
    log: {
      level: env.LOG_LEVEL,
      format: env.LOG_FORMAT ?? (process.stdout.isTTY ? 'pretty' : 'json'),
    },
  }
}

function crmConfig(env: z.output<typeof environmentSchema>): CrmConfig {
  const {
    HUBSPOT_ACCESS_TOKEN: accessToken,
    HUBSPOT_CLIENT_SECRET: hubspotSecret,
    BATON_PUBLIC_URL: publicUrl,
    SALESFORCE_LOGIN_URL: loginUrl,
    SALESFORCE_CLIENT_ID: clientId = '',
    SALESFORCE_CLIENT_SECRET: clientSecret = '',
    SALESFORCE_WEBHOOK_SECRET: secret,
    SALESFORCE_ORGANIZATION_ID: organizationId = '',
  } = env
  return {
    mappingFile: env.BATON_CRM_MAPPING,
    hubspot:
      accessToken === undefined
        ? null
        : {
            accessToken,
            apiUrl: env.HUBSPOT_API_URL,
            webhook:
              hubspotSecret === undefined || publicUrl === undefined
                ? null
                : { clientSecret: hubspotSecret, publicUrl },
          },
    salesforce:
      loginUrl === undefined
        ? null
        : {
            loginUrl,
            clientId,
            clientSecret,
            webhook: secret === undefined ? null : { secret, organizationId },
          },
  }
}

function slackConfig(env: z.output<typeof environmentSchema>): SlackConfig | null {
  if (env.SLACK_BOT_TOKEN === undefined) return null
  const common = { botToken: env.SLACK_BOT_TOKEN, apiUrl: env.SLACK_API_URL }
  // with both, the app token decides: it is only set where Socket Mode is wanted
  if (env.SLACK_APP_TOKEN !== undefined) {
    return { ...common, mode: { kind: 'socket', appToken: env.SLACK_APP_TOKEN } }
  }
  const signingSecret = env.SLACK_SIGNING_SECRET ?? ''
  return { ...common, mode: { kind: 'http', signingSecret } }
}
