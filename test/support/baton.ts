import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { type AuditFinding, createAuditor } from '../../src/adapters/postgres/auditor.ts'
import { connect } from '../../src/adapters/postgres/client.ts'
import { type Baton, compose } from '../../src/compose.ts'
import { readConfig } from '../../src/config.ts'
import { type FreshDatabase, freshDatabase } from './database.ts'
import { type FakeMessage, type FakeSlack, type FakeUser, startFakeSlack } from './fake-slack.ts'

/** Baton as it is composed for a real workspace, on a database of its own and a Slack on loopback. */
export interface RunningBaton {
  baton: Baton
  slack: FakeSlack
  database: FreshDatabase
  /** What was logged, a line each. */
  logged: string[]
  api(method: string, path: string, body?: unknown, headers?: object): Promise<Answer>
  /** The card of a handoff, once it is posted; the newest state of it. */
  card(handoffId: string, until?: (card: FakeMessage) => boolean): Promise<FakeMessage>
  /** Another process' worth of Baton on the same database and Slack; it stops with the first. */
  another(): Promise<Baton>
  /** Stops Baton and starts it again on the same database and Slack. */
  restart(): Promise<void>
  stop(): Promise<void>
}

export interface Answer {
  status: number
  headers: Headers
  body: Record<string, unknown>
}

export const apiKey = 'a-key-of-the-tests-that-is-long-enough'

export const people = {
  anna: { id: 'U0ANNA', name: 'anna', realName: 'Anna Rossi', email: 'anna@acme.example' },
  luca: {
    id: 'U0LUCA',
    name: 'luca',
    realName: 'Luca Bianchi',
    email: 'luca@acme.example',
    locale: 'it-IT',
  },
  ben: { id: 'U0BEN', name: 'ben', realName: 'Ben Marsh', email: 'ben@acme.example' },
  sara: { id: 'U0SARA', name: 'sara', realName: 'Sara Conti', email: 'sara@acme.example' },
  mario: { id: 'U0MARIO', name: 'mario', realName: 'Mario Bruni', email: 'mario@acme.example' },
  guest: {
    id: 'U0GUEST',
    name: 'guest',
    realName: 'A guest',
    email: 'guest@else.example',
    isGuest: true,
  },
} as const

export const channels = {
  sql: { id: 'C0SQL', name: 'sql-handoffs' },
  service: { id: 'C0SERVICE', name: 'service-handoffs' },
  managers: { id: 'C0MANAGERS', name: 'sales-managers' },
} as const

/** An agreement whose clocks run in hours, so that nothing falls due while a test looks. */
export const calmAgreement = `
calendar: { timezone: Europe/Rome, hours: always }
people:
  - { email: anna@acme.example, role: rep }
  - { email: luca@acme.example, role: rep }
  - { email: ben@acme.example, role: marketing }
  - { email: sara@acme.example, role: sales_manager, head_of: sales }
`

export async function startBaton(
  options: {
    agreement?: string
    redisUrl?: string
    postIntervalMs?: number
    socketMode?: boolean
    webhooksPrivate?: 'allowed'
    /** Who is in the workspace besides the people above. */
    others?: readonly FakeUser[]
  } = {},
): Promise<RunningBaton> {
  const database = await freshDatabase()
  const slack = await startFakeSlack({
    users: [...Object.values(people), ...(options.others ?? [])],
    channels: Object.values(channels),
  })
  const folder = mkdtempSync(join(tmpdir(), 'baton-test-'))
  const agreementFile = join(folder, 'agreement.yml')
  writeFileSync(agreementFile, options.agreement ?? calmAgreement)
  const config = readConfig({
    SLACK_BOT_TOKEN: slack.botToken,
    SLACK_SIGNING_SECRET: slack.signingSecret,
    SLACK_API_URL: slack.apiUrl,
    SLACK_APP_TOKEN: options.socketMode ? slack.appToken : '',
    BATON_AGREEMENT: agreementFile,
    BATON_API_KEY: apiKey,
    REDIS_URL: options.redisUrl ?? '',
    BATON_WEBHOOKS_PRIVATE: options.webhooksPrivate ?? '',
    PORT: '0',
  })
  if (config.slack === null) throw new Error('the tests have a token')
  const logged: string[] = []
  const log = pino({ level: 'debug', base: null }, { write: (line: string) => logged.push(line) })
  const start = async (): Promise<Baton> => {
    const { slack: configured } = config
    if (configured === null) throw new Error('the tests have a token')
    const { postIntervalMs = 0 } = options
    const baton = await compose({
      config,
      slack: configured,
      databaseUrl: database.url,
      log,
      postIntervalMs,
    })
    slack.sendTo(`${baton.url}/slack/events`)
    return baton
  }
  let baton = await start()
  const others: Baton[] = []

  return {
    get baton() {
      return baton
    },
    slack,
    database,
    logged,
    async api(method, path, body, headers = {}) {
      const response = await fetch(`${baton.url}${path}`, {
        method,
        headers: {
          authorization: `Bearer ${apiKey}`,
          'content-type': 'application/json',
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      return { status: response.status, headers: response.headers, body: await json(response) }
    },
    card: (handoffId, until = () => true) =>
      eventually(() =>
        Object.values(channels)
          .flatMap(({ id }) => slack.messages(id))
          .find((message) => isCardOf(message, handoffId) && until(message)),
      ),
    async another() {
      const other = await start()
      others.push(other)
      return other
    },
    async restart() {
      await baton.stop()
      baton = await start()
    },
    async stop() {
      slack.heal()
      await Promise.all(others.map((other) => other.stop()))
      await baton.stop()
      await slack.stop()
      const findings = await auditOf(database.url)
      await database.drop()
      rmSync(folder, { recursive: true })
      if (findings.length > 0) throw new Error(`the audit found ${JSON.stringify(findings)}`)
    },
  }
}

/** What is wrong in a database, whatever the test was about; what is due is given a minute. */
async function auditOf(url: string): Promise<AuditFinding[]> {
  const database = connect(url, { max: 1 })
  try {
    return await createAuditor(database).audit(new Date(), { graceMs: 60_000 })
  } finally {
    await database.close()
  }
}

const json = async (response: Response): Promise<Record<string, unknown>> => {
  const text = await response.text()
  const value: unknown = text === '' ? {} : JSON.parse(text)
  if (typeof value !== 'object' || value === null) throw new Error('not an object')
  return Object.fromEntries(Object.entries(value))
}

export const isCardOf = ({ metadata }: FakeMessage, handoffId: string): boolean =>
  metadata?.event_type === 'baton_handoff' && metadata.event_payload.handoff === handoffId

/** Looks again and again until there is something; refuses after ten seconds, or as told. */
export async function eventually<T>(
  look: () => T | undefined | Promise<T | undefined>,
  withinMs = 10_000,
): Promise<T> {
  const until = performance.now() + withinMs
  for (;;) {
    const found = await look()
    if (found !== undefined && found !== false) return found
    if (performance.now() > until) throw new Error(`it did not come about within ${withinMs} ms`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
