import { Client } from '@hubspot/api-client'
import { AssociationSpecAssociationCategoryEnum as Category } from '@hubspot/api-client/lib/codegen/crm/objects/models/AssociationSpec.js'
import { LRUCache } from 'lru-cache'
import { z } from 'zod'
import { lifecycleStages } from '../../../domain/agreement.ts'
import type { Crm, CrmAttempt } from '../../../use-cases/ports/crm.ts'
import { faultOf, ifGone, inTime, retryAfterMs, unreachable } from '../fault.ts'
import { changesOf, fieldsOf, isQualified, type RecordMapping, recordOf } from '../mapping.ts'
import { differing } from '../write-back.ts'
import { type Engagement, engagementKinds, engagementOf } from './engagements.ts'

export interface HubspotOptions {
  accessToken: string
  /** HubSpot's own without one. */
  apiUrl?: string | undefined
  mapping: RecordMapping
  /** How long an answer may take; 15 s. */
  withinMs?: number
}

const system = 'hubspot'
/** The most that HubSpot gives at once: records, associations, owners. */
const most = { records: 100, associations: 500, owners: 100 } as const
const ownersKeptMs = 10 * 60_000

/** HubSpot's contacts, through its own client. Its retries are off: waiting is the queue's work. */
export function createHubspot({ mapping, withinMs = 15_000, ...options }: HubspotOptions): Crm {
  const client = new Client({
    accessToken: options.accessToken,
    numberOfApiCallRetries: 0,
    ...(options.apiUrl === undefined ? {} : { basePath: options.apiUrl.replace(/\/$/, '') }),
  })
  const owners = new LRUCache<string, string>({ max: 1_000, ttl: ownersKeptMs })
  let missing: ReadonlySet<string> | undefined
  let portal: Promise<string | undefined> | undefined

  const ask = <T>(question: () => Promise<T>): Promise<T> =>
    inTime(question(), withinMs).catch((error: unknown) => {
      throw translated(error)
    })

  /** The first part of the address of a record; looked up once, and no reason to fail. */
  const portalUrl = (): Promise<string | undefined> => {
    portal ??= inTime(client.apiRequest({ path: '/account-info/v3/details' }), withinMs)
      .then(async (answer) => {
        const { portalId, uiDomain } = accountSchema.parse(await answer.json())
        return `https://${uiDomain}/contacts/${portalId}/record/0-1/`
      })
      .catch(() => {
        portal = undefined
        return undefined
      })
    return portal
  }

  async function ownerId(email: string): Promise<string | undefined> {
    const known = owners.get(email)
    if (known !== undefined) return known
    let after: string | undefined
    do {
      const from = after
      const page = await ask(() =>
        client.crm.owners.ownersApi.getPage(email, from, most.owners, false),
      )
      const found = page.results.find((owner) => owner.email?.toLowerCase() === email.toLowerCase())
      if (found !== undefined) {
        owners.set(email, found.id)
        return found.id
      }
      after = page.paging?.next?.after
    } while (after !== undefined)
    return undefined
  }

  const known = (changes: Record<string, string>): Record<string, string> =>
    Object.fromEntries(Object.entries(changes).filter(([field]) => missing?.has(field) !== true))

  /** The fields of the mapping that HubSpot does not have: it refuses a change that names one. */
  async function look(): Promise<string[]> {
    const { results } = await ask(() => client.crm.properties.coreApi.getAll('contacts'))
    const names = new Set(results.map(({ name }) => name))
    const unknown = fieldsOf(mapping).filter((field) => !names.has(field))
    missing = new Set(unknown)
    return unknown
  }

  const update = (id: string, properties: Record<string, string>) =>
    ask(() => client.crm.contacts.basicApi.update(id, { properties }))

  return {
    system,
    markField: () => mapping.hand_over?.field,
    qualifies: (_, mark) => isQualified(mapping, mark),
    markOf: (standing) => {
      const field = mapping.hand_over?.field
      return field === undefined ? undefined : known(changesOf(mapping, standing))[field]
    },

    async read(ids) {
      const base = await portalUrl()
      const { results } = await ask(() =>
        client.crm.contacts.batchApi.read({
          inputs: ids.map((id) => ({ id })),
          properties: fieldsOf(mapping),
          propertiesWithHistory: [],
        }),
      )
      return results.map(({ id, properties }) => {
        const url = base === undefined ? undefined : `${base}${id}`
        return recordOf(properties, mapping, { system, id, url })
      })
    },

    async write(standing) {
      const { recordId, owner } = standing
      if (missing === undefined) await look()
      const wanted = known(changesOf(mapping, standing))
      const ownerField = mapping.write.owner
      if (ownerField !== undefined && owner !== null && missing?.has(ownerField) !== true) {
        const id = await ownerId(owner)
        if (id !== undefined) wanted[ownerField] = id
      }
      const fields = Object.keys(wanted)
      if (fields.length === 0) return
      const { properties } = await ask(() => client.crm.contacts.basicApi.getById(recordId, fields))
      const changes = differing(properties, wanted)
      if (Object.keys(changes).length === 0) return
      const emptied = toEmpty(mapping, properties, changes)
      if (emptied !== undefined) await update(recordId, { [emptied]: '' })
      await update(recordId, changes)
    },

    async logAttempt(recordId, attempt) {
      if (!mapping.write.attempts) return undefined
      const { type, properties, association } = engagementOf(attempt)
      const { id } = await ask(() =>
        client.crm.objects.basicApi.create(type, {
          properties,
          associations: [
            {
              to: { id: recordId },
              types: [
                {
                  associationCategory: Category.HubspotDefined,
                  associationTypeId: association,
                },
              ],
            },
          ],
        }),
      )
      return `${type}/${id}`
    },

    async findAttempt(recordId, attempt) {
      if (!mapping.write.attempts) return undefined
      // it may have been of another kind when it was sent
      for (const kind of engagementKinds) {
        const id = await find(recordId, attempt, kind)
        if (id !== undefined) return `${kind.type}/${id}`
      }
      return undefined
    },

    async correctAttempt(crmId, attempt) {
      const { type, properties } = engagementOf(attempt)
      const noted = partsOf(crmId, attempt)
      if (noted.type !== type) return false
      const updated = ask(() => client.crm.objects.basicApi.update(type, noted.id, { properties }))
      return updated.then(() => true, ifGone(false))
    },

    async removeAttempt(crmId, attempt) {
      const { type, id } = partsOf(crmId, attempt)
      await ask(() => client.crm.objects.basicApi.archive(type, id)).catch(ifGone(undefined))
    },

    unknownFields: look,
  }

  /** Looks through what hangs on the contact: a search would not know of it yet. */
  async function find(
    recordId: string,
    attempt: CrmAttempt,
    { type, text }: Pick<Engagement, 'type' | 'text'>,
  ): Promise<string | undefined> {
    let after: string | undefined
    do {
      const from = after
      const page = await ask(() =>
        client.crm.associations.v4.basicApi.getPage(
          'contacts',
          recordId,
          type,
          from,
          most.associations,
        ),
      )
      const ids = page.results.map(({ toObjectId }) => String(toObjectId))
      for (let at = 0; at < ids.length; at += most.records) {
        const { results } = await ask(() =>
          client.crm.objects.batchApi.read(type, {
            inputs: ids.slice(at, at + most.records).map((id) => ({ id })),
            properties: [text],
            propertiesWithHistory: [],
          }),
        )
        const found = results.find(({ properties }) => properties[text]?.includes(attempt.id))
        if (found !== undefined) return found.id
      }
      after = page.paging?.next?.after
    } while (after !== undefined)
    return undefined
  }
}

/** An attempt is called by its kind and its id: `calls/9000`. */
function partsOf(crmId: string, attempt: CrmAttempt): { type: string; id: string } {
  const [id = '', type = engagementOf(attempt).type] = crmId.split('/').reverse()
  return { type, id }
}

const accountSchema = z.object({ portalId: z.number(), uiDomain: z.string() })

/** HubSpot moves a contact to an earlier lifecycle stage only where the stage was emptied first. */
function toEmpty(
  { stage }: RecordMapping,
  present: Record<string, string | null>,
  changes: Record<string, string>,
): string | undefined {
  if (stage === undefined || stage.field !== 'lifecyclestage') return undefined
  const place = (value: string | null | undefined): number =>
    lifecycleStages.findIndex((name) => stage.values[name] === value)
  const wanted = changes[stage.field]
  return wanted !== undefined && place(wanted) < place(present[stage.field])
    ? stage.field
    : undefined
}

const answerSchema = z.object({
  code: z.int(),
  headers: z.record(z.string(), z.string()).catch({}),
  body: z.unknown(),
})
const bodySchema = z.object({ policyName: z.string().optional() }).catch({})

/** A day's allowance is used up: it makes no sense to ask every few seconds. */
const daily = { policy: 'DAILY', afterMs: 10 * 60_000 } as const

function translated(error: unknown) {
  const answer = answerSchema.safeParse(error)
  if (!answer.success) return unreachable(system)
  const { code: status, headers, body } = answer.data
  const { policyName } = bodySchema.parse(typeof body === 'string' ? parsed(body) : body)
  const code =
    policyName !== undefined && /^[A-Z_]{1,40}$/.test(policyName) ? policyName : undefined
  const asked = retryAfterMs(headers['retry-after'])
  const afterMs = asked ?? (policyName === daily.policy ? daily.afterMs : null)
  return faultOf(system, { status, afterMs, code })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return {}
  }
}
