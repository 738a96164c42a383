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
import { salesforceClient, startFakeSalesforce } from '../../support/fake-salesforce.ts'
import { startFakeSlack } from '../../support/fake-slack.ts'

export const publicUrl = 'https://baton.example/behind'
export const contactId = '501'

/** Baton with the CRM that the environment names, on a database and a Slack of its own. */
async function startWith(env: Record<string, string>) {
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
    PORT: '0',
    ...env,
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
  const noneDue = (table: string, withinMs: number) =>
    eventually(async () => {
      const [due] = await rows(`select count(*)::int as n from ${table} where due_at is not null`)
      return due?.n === 0 || undefined
    }, withinMs)

  return {
    baton,
    slack,
    logged,
    rows,
    /** Once what the CRM has told of is read. */
    settled: () => noneDue('crm_contacts', 10_000),
    /** Once everything is written back. */
    written: (withinMs = 10_000) => noneDue('crm_writes', withinMs),
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
      await database.drop()
      rmSync(folder, { recursive: true })
    },
  }
}

/** Baton with a HubSpot on loopback. */
export async function startWithHubspot() {
  const hubspot = await startFakeHubspot()
  const running = await startWith({
    BATON_PUBLIC_URL: publicUrl,
    HUBSPOT_ACCESS_TOKEN: hubspotToken,
    HUBSPOT_CLIENT_SECRET: hubspotSecret,
    HUBSPOT_API_URL: hubspot.url,
  })
  return {
    ...running,
    hubspot,
    /** Sends events as HubSpot does, to the address behind the public one. */
    async tell(events: unknown, options: { secret?: string; at?: Date; query?: string } = {}) {
      const { query = '', ...signing } = options
      const body = JSON.stringify(events)
      const headers = signedByHubspot(`${publicUrl}/webhooks/hubspot${query}`, body, signing)
      const sent = query.replaceAll('@', '%40')
      const url = `${running.baton.url}/webhooks/hubspot${sent}`
      return fetch(url, { method: 'POST', headers, body })
    },
    async stop() {
      await running.stop()
      await hubspot.stop()
    },
  }
}

export const salesforceSecret = 'a-secret-of-24-characters-or-more'

/** Baton with a Salesforce on loopback. */
export async function startWithSalesforce() {
  const salesforce = await startFakeSalesforce()
  const running = await startWith({
    SALESFORCE_LOGIN_URL: salesforce.url,
    SALESFORCE_CLIENT_ID: salesforceClient.clientId,
    SALESFORCE_CLIENT_SECRET: salesforceClient.clientSecret,
    SALESFORCE_WEBHOOK_SECRET: salesforceSecret,
    SALESFORCE_ORGANIZATION_ID: '00D000000000001',
  })
  return {
    ...running,
    salesforce,
    /** Sends an outbound message or a callout, as its type says. */
    tell: (body: string, { secret = salesforceSecret, type = 'text/xml; charset=UTF-8' } = {}) =>
      fetch(`${running.baton.url}/webhooks/salesforce/${secret}`, {
        method: 'POST',
        headers: { 'content-type': type },
        body,
      }),
    async stop() {
      await running.stop()
      await salesforce.stop()
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
