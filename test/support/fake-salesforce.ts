import { createServer, type IncomingMessage } from 'node:http'
import { z } from 'zod'

/** Salesforce on loopback, as far as Baton asks it; answers as its REST API does. */

type Record_ = Record<string, unknown> & { Id: string }

export interface FakeSalesforce {
  url: string
  records: Map<string, Record_[]>
  /** Custom and standard fields that Leads and Contacts have. */
  fields: string[]
  pageSize: number
  asked: string[]
  /** Ends every session: the next question is refused with INVALID_SESSION_ID. */
  endSessions(): void
  /** Refuses so, breaks the connection off or never answers, as long as it gives an answer. */
  fail(
    next: (line: string) => { status: number; errorCode: string } | 'reset' | 'hang' | undefined,
  ): void
  /** The next request whose line holds that is done, and its answer is lost. */
  loseAnswer(part: string): void
  stop(): Promise<void>
}

export const salesforceClient = { clientId: 'consumer-key', clientSecret: 'consumer-secret' }

const leadFields = [
  ...['Id', 'Email', 'FirstName', 'LastName', 'Title', 'Phone', 'LeadSource', 'Company', 'Website'],
  ...['Industry', 'NumberOfEmployees', 'Country', 'Status', 'OwnerId', 'MailingCountry'],
]

export async function startFakeSalesforce(): Promise<FakeSalesforce> {
  let session = 1
  let created = 0
  let lost: string | undefined
  let failing: Parameters<FakeSalesforce['fail']>[0] = () => undefined
  const asked: string[] = []
  const fake = { records: new Map<string, Record_[]>(), fields: leadFields, pageSize: 1 }

  const refused = (status: number, errorCode: string) => ({
    status,
    body: [{ errorCode, message: 'refused' }],
  })

  function select(soql: string): Record_[] {
    const [, kind = ''] = /FROM (\w+)/.exec(soql) ?? []
    const records = fake.records.get(kind) ?? []
    const [, list] = /Id IN \(([^)]*)\)/.exec(soql) ?? []
    const [, field = '', value] = /WHERE (\w+) = '([^']*)'/.exec(soql) ?? []
    if (list !== undefined) return records.filter(({ Id }) => list.includes(`'${Id}'`))
    return records.filter((record) => record[field] === value)
  }

  function answer(method: string, url: URL, body: string): { status: number; body: unknown } {
    const { pathname, searchParams } = url
    const [, path = ''] = /^\/services\/data\/v[\d.]+(\/.*)$/.exec(pathname) ?? []
    if (path.startsWith('/query')) {
      const [, locator] = path.split('/query/')
      const [from, soql] =
        locator === undefined
          ? [0, searchParams.get('q') ?? '']
          : [
              Number(locator.split('-')[0]),
              Buffer.from(locator.split('-')[1] ?? '', 'hex').toString(),
            ]
      const [, names = ''] = /^SELECT (.+) FROM (?:Lead|Contact)/.exec(soql) ?? []
      const unknown = names.split(', ').find((name) => name && !fake.fields.includes(name))
      if (unknown !== undefined) return refused(400, 'INVALID_FIELD')
      const records = select(soql)
      const next = from + fake.pageSize
      const done = next >= records.length
      const rest = `/services/data/v50.0/query/${next}-${Buffer.from(soql).toString('hex')}`
      return {
        status: 200,
        body: {
          totalSize: records.length,
          done,
          records: records.slice(from, next),
          ...(done ? {} : { nextRecordsUrl: rest }),
        },
      }
    }
    const [, kind = '', id = ''] = /^\/sobjects\/(\w+)(?:\/(\w+))?/.exec(path) ?? []
    if (id === 'describe') {
      const fields = fake.fields.map((name) => ({ name, relationshipName: null }))
      return { status: 200, body: { name: kind, fields } }
    }
    if (method === 'DELETE') {
      const known = fake.records.get(kind) ?? []
      const left = known.filter(({ Id }) => Id !== id)
      fake.records.set(kind, left)
      return left.length < known.length
        ? { status: 204, body: undefined }
        : refused(404, 'ENTITY_IS_DELETED')
    }
    const values = z.record(z.string(), z.unknown()).parse(JSON.parse(body))
    const records = fake.records.get(kind) ?? []
    if (method === 'POST') {
      const newId = `00T${String(created++).padStart(15, '0')}`
      fake.records.set(kind, [...records, { ...values, Id: newId }])
      return { status: 201, body: { id: newId, success: true, errors: [] } }
    }
    const record = records.find(({ Id }) => Id === id)
    if (record === undefined) return refused(404, 'NOT_FOUND')
    Object.assign(record, values)
    return { status: 204, body: undefined }
  }

  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://fake')
    const line = `${request.method} ${url.pathname}`
    const body = await textOf(request)
    asked.push(line)
    const failed = failing(line)
    if (failed === 'hang') return
    if (failed === 'reset') {
      request.socket.destroy()
      return
    }
    const { status, body: said } = (() => {
      if (url.pathname === '/services/oauth2/token') {
        const given = new URLSearchParams(body)
        const right =
          given.get('grant_type') === 'client_credentials' &&
          given.get('client_id') === salesforceClient.clientId &&
          given.get('client_secret') === salesforceClient.clientSecret
        return right
          ? { status: 200, body: { access_token: `session-${session}`, instance_url: origin() } }
          : { status: 400, body: { error: 'invalid_client', error_description: 'invalid' } }
      }
      if (request.headers.authorization !== `Bearer session-${session}`) {
        return refused(401, 'INVALID_SESSION_ID')
      }
      if (failed !== undefined) return refused(failed.status, failed.errorCode)
      return answer(request.method ?? '', url, body)
    })()
    if (lost !== undefined && line.includes(lost)) {
      lost = undefined
      request.socket.destroy()
      return
    }
    response.writeHead(status, { 'content-type': 'application/json' })
    response.end(said === undefined ? undefined : JSON.stringify(said))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const origin = (): string => {
    const address = server.address()
    if (address === null || typeof address === 'string') throw new Error('no port')
    return `http://127.0.0.1:${address.port}`
  }
  return Object.assign(fake, {
    url: origin(),
    asked,
    endSessions: () => {
      session++
    },
    fail: (next: typeof failing) => {
      failing = next
    },
    loseAnswer: (part: string) => {
      lost = part
    },
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  })
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

/** An outbound message, as Salesforce sends it. */
export const anOutboundMessage = (
  notifications: { id: string; recordId: string }[],
  organizationId = '00D000000000001AAA',
) => `<?xml version="1.0" encoding="UTF-8"?>
<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
 <soapenv:Body>
  <notifications xmlns="http://soap.sforce.com/2005/09/outbound">
   <OrganizationId>${organizationId}</OrganizationId>
   <ActionId>04k000000000001AAA</ActionId>
   <SessionId xsi:nil="true"/>
   <EnterpriseUrl>https://acme.my.salesforce.com/services/Soap/c/60.0/00D000000000001</EnterpriseUrl>
   <PartnerUrl>https://acme.my.salesforce.com/services/Soap/u/60.0/00D000000000001</PartnerUrl>
${notifications
  .map(
    ({ id, recordId }) => `   <Notification>
    <Id>${id}</Id>
    <sObject xsi:type="sf:Lead" xmlns:sf="urn:sobject.enterprise.soap.sforce.com">
     <sf:Id>${recordId}</sf:Id>
     <sf:Company>Verdi &amp; Figli</sf:Company>
    </sObject>
   </Notification>`,
  )
  .join('\n')}
  </notifications>
 </soapenv:Body>
</soapenv:Envelope>`
