import { Connection, OAuth2 } from 'jsforce'
import { LRUCache } from 'lru-cache'
import { z } from 'zod'
import type { Crm, CrmAttempt, CrmFault } from '../../../use-cases/ports/crm.ts'
import { faultOf, ifGone, inTime, unreachable } from '../fault.ts'
import {
  type CrmMapping,
  changesOf,
  fieldsOf,
  isQualified,
  type RecordMapping,
  recordOf,
} from '../mapping.ts'
import { attemptText, attemptTitle, differing } from '../write-back.ts'

export interface SalesforceOptions {
  loginUrl: string
  clientId: string
  clientSecret: string
  mapping: CrmMapping['salesforce']
  /** How long an answer may take; 15 s. */
  withinMs?: number
}

const system = 'salesforce'
const ownersKeptMs = 10 * 60_000

/** Kinds of records, by the first characters of their ids. */
const kinds = { '00Q': 'Lead', '003': 'Contact' } as const
type Kind = (typeof kinds)[keyof typeof kinds]

const recordId = z.string().regex(/^[A-Za-z0-9]{15,18}$/)
const recordSchema = z.looseObject({ Id: recordId })

function kindOf(id: string): Kind | undefined {
  if (!recordId.safeParse(id).success) return undefined
  return id.startsWith('00Q') ? kinds['00Q'] : id.startsWith('003') ? kinds['003'] : undefined
}

/** Salesforce's leads and contacts. It logs in as itself (client credentials), when first asked. */
export function createSalesforce({
  mapping,
  withinMs = 15_000,
  ...options
}: SalesforceOptions): Crm {
  const oauth2 = new OAuth2(options)
  const owners = new LRUCache<string, string>({ max: 1_000, ttl: ownersKeptMs })
  const missing = new Map<Kind, ReadonlySet<string>>()
  let connection: Connection | undefined

  async function connected(): Promise<Connection> {
    if (connection !== undefined) return connection
    const token = tokenSchema.parse(await oauth2.requestToken({ grant_type: 'client_credentials' }))
    connection = new Connection({
      instanceUrl: token.instance_url,
      accessToken: token.access_token,
      maxRequest: 5,
    })
    return connection
  }

  /** A session ends after some hours: what was refused for that is asked once more in a new one. */
  async function inSession<T>(question: (connection: Connection) => Promise<T>): Promise<T> {
    const used = await connected()
    try {
      return await question(used)
    } catch (error) {
      if (codeOf(error) !== sessionEnded) throw error
      if (connection === used) connection = undefined
      return question(await connected())
    }
  }

  const ask = <T>(question: (connection: Connection) => Promise<T>): Promise<T> =>
    inTime(inSession(question), withinMs).catch((error: unknown) => {
      const fault = translated(error)
      // whatever was wrong with the connection, the next question logs in anew
      if (fault.kind === 'later') connection = undefined
      throw fault
    })

  const select = (soql: string) =>
    ask(async (connection) => {
      const { records } = await connection.query(soql, { autoFetch: true, maxFetch: 10_000 })
      return z.array(recordSchema).parse(records)
    })

  /** The fields of the mapping that Salesforce has; it refuses a question that names another. */
  async function fieldsThere(kind: Kind): Promise<string[]> {
    if (!missing.has(kind)) await look(kind)
    return fieldsOf(mapping[kind]).filter((field) => missing.get(kind)?.has(field) !== true)
  }

  async function look(kind: Kind): Promise<string[]> {
    const { fields } = await ask((connection) => connection.describe(kind))
    const names = new Set(
      fields.flatMap(({ name, relationshipName }) => [name, relationshipName ?? name]),
    )
    const unknown = fieldsOf(mapping[kind]).filter((field) => !names.has(field.split('.')[0] ?? ''))
    missing.set(kind, new Set(unknown))
    return unknown.map((field) => `${kind}.${field}`)
  }

  async function ownerId(email: string): Promise<string | undefined> {
    const known = owners.get(email)
    if (known !== undefined) return known
    const address = email.replace(/[\\']/g, '\\$&')
    const [owner] = await select(
      `SELECT Id FROM User WHERE Email = '${address}' AND IsActive = true LIMIT 1`,
    )
    if (owner !== undefined) owners.set(email, owner.Id)
    return owner?.Id
  }

  const recordsOf = async (kind: Kind, ids: readonly string[], fields: readonly string[]) => {
    const names = [...new Set(['Id', ...fields])].join(', ')
    const list = ids.map((id) => `'${id}'`).join(', ')
    return select(`SELECT ${names} FROM ${kind} WHERE Id IN (${list})`)
  }

  const mappingOf = (id: string): RecordMapping | undefined => {
    const kind = kindOf(id)
    return kind === undefined ? undefined : mapping[kind]
  }

  return {
    system,
    markField: (id) => mappingOf(id)?.hand_over?.field,
    qualifies: (id, mark) => {
      const kind = mappingOf(id)
      return kind !== undefined && isQualified(kind, mark)
    },
    markOf: (standing) => {
      const kind = mappingOf(standing.recordId)
      const field = kind?.hand_over?.field
      return kind === undefined || field === undefined
        ? undefined
        : changesOf(kind, standing)[field]
    },

    async read(ids) {
      const found = await Promise.all(
        Object.values(kinds).map(async (kind) => {
          const wanted = ids.filter((id) => kindOf(id) === kind)
          if (wanted.length === 0) return []
          const records = await recordsOf(kind, wanted, await fieldsThere(kind))
          return records.map((record) => {
            const { Id: id } = record
            const url = `${connection?.instanceUrl ?? options.loginUrl}/${id}`
            return recordOf(record, mapping[kind], { system, id, url })
          })
        }),
      )
      return found.flat()
    },

    async write(standing) {
      const kind = kindOf(standing.recordId)
      if (kind === undefined) throw faultOf(system, { status: 404 })
      const there = new Set(await fieldsThere(kind))
      const wanted = changesOf(mapping[kind], standing)
      const ownerField = mapping[kind].write.owner
      const owner =
        ownerField === undefined || standing.owner === null
          ? undefined
          : await ownerId(standing.owner)
      if (ownerField !== undefined && owner !== undefined) wanted[ownerField] = owner
      const fields = Object.fromEntries(Object.entries(wanted).filter(([name]) => there.has(name)))
      const [present] = await recordsOf(kind, [standing.recordId], Object.keys(fields))
      if (present === undefined) throw faultOf(system, { status: 404 })
      const changes = differing(present, fields)
      if (Object.keys(changes).length === 0) return
      await ask((connection) =>
        connection.sobject(kind).update({ Id: standing.recordId, ...changes }),
      )
    },

    async logAttempt(recordId, attempt) {
      if (mappingOf(recordId)?.write.attempts !== true) return undefined
      const saved = await ask((connection) =>
        connection.sobject('Task').create({
          WhoId: recordId,
          Status: 'Completed',
          ...taskOf(attempt),
        }),
      )
      return saved.id
    },

    async findAttempt(id, attempt: CrmAttempt) {
      if (mappingOf(id)?.write.attempts !== true) return undefined
      const tasks = await select(`SELECT Id, Description FROM Task WHERE WhoId = '${id}'`)
      return tasks.find(({ Description }) => String(Description).includes(attempt.id))?.Id
    },

    async correctAttempt(crmId, attempt) {
      const updated = ask((connection) =>
        connection.sobject('Task').update({ Id: crmId, ...taskOf(attempt) }),
      )
      return updated.then(() => true, ifGone(false))
    },

    async removeAttempt(crmId) {
      await ask((connection) => connection.sobject('Task').destroy(crmId)).catch(ifGone(undefined))
    },

    async unknownFields() {
      const unknown = await Promise.all(Object.values(kinds).map(look))
      return unknown.flat()
    },
  }
}

/** What a task says of an attempt. */
const taskOf = (attempt: CrmAttempt) => ({
  Subject: attemptTitle(attempt),
  Description: attemptText(attempt),
  ActivityDate: attempt.at.toISOString().slice(0, 10),
})

const tokenSchema = z.object({ access_token: z.string().min(1), instance_url: z.url() })

const errorSchema = z.object({ errorCode: z.string().regex(/^[A-Z][A-Z0-9_]{1,80}$/) })

/** A day's allowance is used up: it makes no sense to ask every few seconds. */
const dailyLimitMs = 10 * 60_000

const sessionEnded = 'INVALID_SESSION_ID'
/** What passes by itself, or when somebody lets Baton in again; no access is to the one record. */
const passing =
  /^(INVALID_SESSION_ID|INVALID_LOGIN|INVALID_AUTH_HEADER|API_DISABLED|UNABLE_TO_LOCK_ROW|SERVER_UNAVAILABLE|QUERY_TIMEOUT|ERROR_HTTP_(401|403|408|429|5\d\d))/
const gone = /^(NOT_FOUND|ENTITY_IS_DELETED|ERROR_HTTP_404)$/

function codeOf(error: unknown): string | undefined {
  const answer = errorSchema.safeParse(error)
  return answer.success ? answer.data.errorCode : undefined
}

function translated(error: unknown): CrmFault {
  const code = codeOf(error)
  if (code === undefined) return unreachable(system)
  if (gone.test(code)) return faultOf(system, { status: 404, code })
  if (code === 'REQUEST_LIMIT_EXCEEDED') {
    return faultOf(system, { status: 429, afterMs: dailyLimitMs, code })
  }
  return faultOf(system, { status: passing.test(code) ? 503 : 400, code })
}
