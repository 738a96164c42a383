import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { pino } from 'pino'
import { compose } from '../../../src/compose.ts'
import { readConfig } from '../../../src/config.ts'
import { apiKey, calmAgreement, channels, eventually, people } from '../../support/baton.ts'
import { freshDatabase } from '../../support/database.ts'
import {
  anEvent,
  type FakeHubspot,
  hubspotSecret,
  hubspotToken,
  signedByHubspot,
  startFakeHubspot,
} from '../../support/fake-hubspot.ts'
import { startFakeSlack } from '../../support/fake-slack.ts'

export const publicUrl = 'https://baton.example/behind'
export const contactId = '501'

/** Baton with a HubSpot on loopback. */
export async function startWithHubspot() {
  const hubspot = await startFakeHubspot()
  const database = await freshDatabase()
  const slack = await startFakeSlack({
    users: Object.values(people),
    channels: Object.values(channels),
  })
  const folder = mkdtempSync(join(tmpdir(), 'baton-test-'))
  const agreement = join(folder, 'agreement.yml')
  writeFileSync(agreement, calmAgreement)
  const config = readConfig({
    SLACK_BOT_TOKEN: slack.botToken,
    SLACK_SIGNING_SECRET: slack.signingSecret,
    SLACK_API_URL: slack.apiUrl,
    BATON_AGREEMENT: agreement,
    BATON_API_KEY: apiKey,
    BATON_PUBLIC_URL: publicUrl,
    HUBSPOT_ACCESS_TOKEN: hubspotToken,
    HUBSPOT_CLIENT_SECRET: hubspotSecret,
    HUBSPOT_API_URL: hubspot.url,
    PORT: '0',
  })
  if (config.slack === null) throw new Error('the tests have a token')
  const logged: string[] = []
  const log = pino({ level: 'debug', base: null }, { write: (line: string) => logged.push(line) })
  const baton = await compose({
    config,
    slack: config.slack,
    databaseUrl: database.url,
    log,
    postIntervalMs: 0,
  })
  slack.sendTo(`${baton.url}/slack/events`)
  const client = new Client({ connectionString: database.url })
  client.on('error', () => {})
  await client.connect()
  const rows = async (sql: string): Promise<Record<string, unknown>[]> =>
    (await client.query(sql)).rows

  return {
    baton,
    hubspot,
    logged,
    rows,
    /** Sends events as HubSpot does, to the address behind the public one. */
    async tell(events: unknown, options: { secret?: string; at?: Date; query?: string } = {}) {
      const { query = '', ...signing } = options
      const body = JSON.stringify(events)
      const headers = signedByHubspot(`${publicUrl}/webhooks/hubspot${query}`, body, signing)
      const sent = query.replaceAll('@', '%40')
      const url = `${baton.url}/webhooks/hubspot${sent}`
      return fetch(url, { method: 'POST', headers, body })
    },
    /** Once what the CRM has told of is read. */
    settled: () =>
      eventually(async () => {
        const [due] = await rows(
          'select count(*)::int as n from crm_contacts where due_at is not null',
        )
        return due?.n === 0 || undefined
      }),
    /** Once everything is written back. */
    written: (withinMs = 10_000) =>
      eventually(async () => {
        const [due] = await rows(
          'select count(*)::int as n from crm_writes where due_at is not null',
        )
        return due?.n === 0 || undefined
      }, withinMs),
    async api(method: string, path: string, body?: unknown) {
      const response = await fetch(`${baton.url}${path}`, {
        method,
        headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      return { status: response.status, text: await response.text() }
    },
    async stop() {
      await client.end()
      await baton.stop()
      await slack.stop()
      await hubspot.stop()
      await database.drop()
      rmSync(folder, { recursive: true })
    },
  }
}

/** Maria as HubSpot knows her. */
export const addMaria = (hubspot: FakeHubspot, overrides: Record<string, string> = {}) =>
  hubspot.contacts.set(contactId, {
    email: 'Maria@OfficineVerdi.example',
    firstname: 'Maria',
    lastname: 'Verdi',
    jobtitle: 'Plant manager',
    company: 'Officine Verdi',
    website: 'https://www.officineverdi.example/it',
    numemployees: '120',
    country: 'IT',
    lifecyclestage: 'salesqualifiedlead',
    ...overrides,
  })

export { anEvent }
