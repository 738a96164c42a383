import { createHmac } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import { z } from 'zod'

/** HubSpot on loopback: its answers have the shapes of its public documentation. */

type Properties = Record<string, string | null>

export interface FakeEngagement {
  id: string
  type: string
  contact: string
  properties: Properties
}

export interface FakeHubspot {
  url: string
  contacts: Map<string, Properties>
  engagements: FakeEngagement[]
  /** The names of the properties that contacts have. */
  properties: string[]
  owners: { id: string; email: string }[]
  /** How many results a page holds; small, so that there is more than one. */
  pageSize: number
  /** Every request, as `POST /crm/v3/…`. */
  asked: string[]
  /** Answers so, breaks the connection off or never answers, as long as it gives an answer. */
  fail(
    next: (
      line: string,
    ) => { status: number; body?: object; headers?: object } | 'reset' | 'hang' | undefined,
  ): void
  /** The next request whose line holds that is done, and its answer is lost. */
  loseAnswer(part: string): void
  stop(): Promise<void>
}

export const hubspotToken = 'pat-eu1-test-token'
export const hubspotSecret = 'client-secret-of-the-app'

const updateSchema = z.object({ properties: z.record(z.string(), z.string()) })
const readSchema = z.object({
  inputs: z.array(z.object({ id: z.string() })).max(100),
  properties: z.array(z.string()),
})
const createSchema = z.object({
  properties: z.record(z.string(), z.string()),
  associations: z.tuple([
    z.object({
      to: z.object({ id: z.string() }),
      types: z.array(
        z.object({ associationCategory: z.literal('HUBSPOT_DEFINED'), associationTypeId: z.int() }),
      ),
    }),
  ]),
})

const contactProperties = [
  ...['email', 'firstname', 'lastname', 'jobtitle', 'phone', 'hs_analytics_source', 'company'],
  ...['website', 'industry', 'numemployees', 'country', 'lifecyclestage', 'hs_lead_status'],
  'hubspot_owner_id',
]

export async function startFakeHubspot(): Promise<FakeHubspot> {
  let failing: Parameters<FakeHubspot['fail']>[0] = () => undefined
  let lost: string | undefined
  let created = 0
  const asked: string[] = []
  const at = new Date('2026-11-23T09:00:00Z').toISOString()
  const recordOf = (id: string, properties: Properties, names: readonly string[]) => ({
    id,
    properties: Object.fromEntries(names.map((name) => [name, properties[name] ?? null])),
    createdAt: at,
    updatedAt: at,
    archived: false,
  })

  const fake = {
    contacts: new Map<string, Properties>(),
    engagements: [] as FakeEngagement[],
    properties: [...contactProperties],
    owners: [] as { id: string; email: string }[],
    pageSize: 1,
  }

  function pageOf<T>(items: T[], after: string | null) {
    const from = Number(after ?? 0)
    const next = from + fake.pageSize
    return {
      results: items.slice(from, next),
      ...(next < items.length ? { paging: { next: { after: String(next), link: '' } } } : {}),
    }
  }

  function update(id: string, properties: Properties): { status: number; body: object } {
    const contact = fake.contacts.get(id)
    if (contact === undefined) return notFound
    const unknown = Object.keys(properties).find((name) => !fake.properties.includes(name))
    if (unknown !== undefined) return refused('PROPERTY_DOESNT_EXIST')
    const stages = [
      'subscriber',
      'lead',
      'marketingqualifiedlead',
      'salesqualifiedlead',
      'customer',
    ]
    const stage = properties.lifecyclestage
    const present = contact.lifecyclestage
    const backwards =
      stage && present && stages.indexOf(stage) < stages.indexOf(present) ? ['lifecyclestage'] : []
    // HubSpot answers as if all were well, and leaves a stage that would go back where it is
    for (const [name, value] of Object.entries(properties)) {
      if (!backwards.includes(name)) contact[name] = value === '' ? null : value
    }
    return { status: 200, body: recordOf(id, contact, Object.keys(contact)) }
  }

  function answer(method: string, url: URL, body: unknown): { status: number; body: object } {
    const { pathname, searchParams } = url
    const part = pathname.split('/')
    if (pathname === '/account-info/v3/details') {
      return { status: 200, body: { portalId: 4711, uiDomain: 'app-eu1.hubspot.com' } }
    }
    if (pathname.startsWith('/crm/v3/properties/contacts')) {
      const results = fake.properties.map((name) => ({ name, label: name, type: 'string' }))
      return { status: 200, body: { results } }
    }
    if (pathname.startsWith('/crm/v3/owners')) {
      // its filter is let be, so that the pages are gone through
      const owners = fake.owners.map((owner) => ({ ...owner, archived: false }))
      return { status: 200, body: pageOf(owners, searchParams.get('after')) }
    }
    if (pathname === '/crm/v3/objects/contacts/batch/read') {
      const { inputs, properties } = readSchema.parse(body)
      const results = inputs.flatMap(({ id }) => {
        const contact = fake.contacts.get(id)
        return contact === undefined ? [] : [recordOf(id, contact, properties)]
      })
      return { status: 200, body: { status: 'COMPLETE', results, startedAt: at, completedAt: at } }
    }
    if (pathname.startsWith('/crm/v3/objects/contacts/')) {
      const id = part.at(-1) ?? ''
      if (method === 'PATCH') return update(id, updateSchema.parse(body).properties)
      const contact = fake.contacts.get(id)
      if (contact === undefined) return notFound
      const names = searchParams.getAll('properties').flatMap((name) => name.split(','))
      return { status: 200, body: recordOf(id, contact, names) }
    }
    if (pathname.includes('/associations/')) {
      const [type = '', contact] = [part.at(-1), part.at(-3)]
      const results = fake.engagements
        .filter((engagement) => engagement.type === type && engagement.contact === contact)
        .map(({ id }) => ({ toObjectId: id, associationTypes: [] }))
      return { status: 200, body: pageOf(results, searchParams.get('after')) }
    }
    if (pathname.endsWith('/batch/read')) {
      const { inputs, properties } = readSchema.parse(body)
      const results = fake.engagements
        .filter(({ id }) => inputs.some((input) => input.id === id))
        .map(({ id, properties: held }) => recordOf(id, held, properties))
      return { status: 200, body: { status: 'COMPLETE', results, startedAt: at, completedAt: at } }
    }
    if (pathname.startsWith('/crm/v3/objects/') && method !== 'POST') {
      const [type, id] = part.slice(-2)
      const found = fake.engagements.find((held) => held.type === type && held.id === id)
      if (found === undefined) return notFound
      if (method === 'DELETE') {
        fake.engagements.splice(fake.engagements.indexOf(found), 1)
        return { status: 204, body: {} }
      }
      Object.assign(found.properties, updateSchema.parse(body).properties)
      return { status: 200, body: recordOf(found.id, found.properties, []) }
    }
    if (method === 'POST' && pathname.startsWith('/crm/v3/objects/')) {
      const { properties, associations } = createSchema.parse(body)
      const contact = associations[0].to.id
      const id = String(9_000 + created++)
      fake.engagements.push({ id, type: part.at(-1) ?? '', contact, properties })
      return { status: 201, body: recordOf(id, properties, []) }
    }
    return notFound
  }

  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://fake')
    const line = `${request.method} ${url.pathname}`
    const text = await textOf(request)
    asked.push(line)
    const failed = failing(line)
    if (failed === 'hang') return
    if (failed === 'reset') {
      request.socket.destroy()
      return
    }
    const { status, body, headers } =
      request.headers.authorization !== `Bearer ${hubspotToken}`
        ? {
            status: 401,
            body: { status: 'error', category: 'INVALID_AUTHENTICATION' },
            headers: {},
          }
        : failed !== undefined
          ? { body: {}, headers: {}, ...failed }
          : {
              ...answer(request.method ?? '', url, text === '' ? undefined : JSON.parse(text)),
              headers: {},
            }
    if (lost !== undefined && line.includes(lost)) {
      lost = undefined
      request.socket.destroy()
      return
    }
    response.writeHead(status, { 'content-type': 'application/json', ...headers })
    response.end(status === 204 ? undefined : JSON.stringify(body))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return Object.assign(fake, {
    url: `http://127.0.0.1:${address.port}`,
    asked,
    fail: (next: typeof failing) => {
      failing = next
    },
    loseAnswer: (of: string) => {
      lost = of
    },
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  })
}

const refused = (error: string) => ({
  status: 400,
  body: { status: 'error', message: 'Property values were not valid', category: error },
})
const notFound = {
  status: 404,
  body: { status: 'error', message: 'resource not found', category: 'OBJECT_NOT_FOUND' },
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

/** An event as HubSpot's webhooks send it. */
export const anEvent = (overrides: Record<string, unknown> = {}) => ({
  eventId: 567890123,
  subscriptionId: 234567,
  portalId: 4711,
  appId: 987654,
  occurredAt: 1_795_420_800_000,
  subscriptionType: 'contact.propertyChange',
  attemptNumber: 0,
  objectId: 501,
  changeSource: 'CRM_UI',
  propertyName: 'lifecyclestage',
  propertyValue: 'salesqualifiedlead',
  ...overrides,
})

/** The headers of a request that HubSpot signed. */
export function signedByHubspot(
  uri: string,
  body: string,
  { secret = hubspotSecret, at = new Date() }: { secret?: string; at?: Date } = {},
) {
  const timestamp = String(at.getTime())
  const signature = createHmac('sha256', secret)
    .update(`POST${uri}${body}${timestamp}`)
    .digest('base64')
  return {
    'content-type': 'application/json',
    'x-hubspot-signature-v3': signature,
    'x-hubspot-request-timestamp': timestamp,
  }
}
