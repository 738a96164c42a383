import { isOpen } from '../domain/handoff.ts'
import { mayMove } from '../domain/lifecycle.ts'
import { type ErasingWorld, eraseContact, unlessErased } from './erase-lead.ts'
import { handOffLead } from './hand-off-lead.ts'
import {
  type Crm,
  type CrmContacts,
  type CrmDue,
  CrmFault,
  type CrmNews,
  type CrmRecord,
  type CrmToldOf,
} from './ports/crm.ts'
import type { World } from './ports/world.ts'

/** As many as a CRM answers about in one request. */
const atOnce = 100
/** Longer than any request may take, with all its handoffs. */
const holdMs = 5 * 60_000

export interface TakeIn {
  world: World
  workspaceId: string
  contacts: CrmContacts
  crm: Crm
}

/**
 * A CRM tells of records. Only that they are to be read is kept, and what asks for a handoff; news
 * that come twice, late or out of order lead to the same. The news are in the order of their time.
 * The lead of a record that is to be erased is erased at once.
 */
export async function tellOfContacts(
  { world, workspaceId, contacts, crm }: Omit<TakeIn, 'world'> & { world: ErasingWorld },
  news: readonly CrmNews[],
): Promise<void> {
  const records = new Map<string, CrmToldOf>()
  for (const { id, changed, key, erase = false } of news) {
    const before = records.get(id) ?? { id, mark: null, handOverKey: null, erase: false }
    const mark = changed?.field === crm.markField(id) ? changed?.value : undefined
    const asks = key !== undefined && (changed === undefined || crm.qualifies(id, mark ?? null))
    records.set(id, {
      id,
      // an emptied field asks for nothing: it is emptied on the way to an earlier stage
      mark: mark && !crm.qualifies(id, mark) ? mark : before.mark,
      handOverKey: asks ? key : before.handOverKey,
      erase: erase || before.erase,
    })
  }
  if (records.size > 0) await contacts.told(crm.system, [...records.values()], world.now())
  for (const { id, erase } of records.values()) {
    if (erase) await eraseContact(world, workspaceId, { system: crm.system, id })
  }
}

/** What came of a look: how many were read, or how long the CRM wants to be left alone. */
export type TookIn = { read: number; refused: string[] } | { waitMs: number; error: string }

/**
 * Reads what a CRM has told of, at most a hundred records, and takes them in: each is a lead, and
 * one that has become an SQL there is handed over, unless sales has it already or Baton itself
 * wrote so.
 */
export async function takeInContacts(asked: TakeIn): Promise<TookIn> {
  const { world, contacts, crm } = asked
  const due = await contacts.claim(crm.system, atOnce, world.now(), holdMs)
  if (due.length === 0) return { read: 0, refused: [] }
  const records = await crm.read(due.map(({ id }) => id)).catch(asFault)
  if (records instanceof CrmFault) {
    const waits = due.map(async (contact) => {
      const again = new Date(world.now().getTime() + waitAfter(records, contact.tries))
      await contacts.later(crm.system, contact, again, records.message)
    })
    await Promise.all(waits)
    const tries = Math.min(...due.map((contact) => contact.tries))
    return { waitMs: waitAfter(records, tries), error: records.message }
  }
  const refused: string[] = []
  for (const contact of due) {
    const record = records.find(({ id }) => id === contact.id)
    const error =
      record === undefined
        ? 'gone'
        : await takeIn(asked, contact, record).catch((fault: unknown) => ({ fault }))
    if (typeof error === 'object' && error !== null) {
      // one that can't be taken in now must not keep the others waiting
      const again = new Date(world.now().getTime() + longestWaitMs)
      const name = error.fault instanceof Error ? error.fault.name : 'fault'
      await contacts.later(crm.system, contact, again, name)
      refused.push(name)
      continue
    }
    if (error !== null) refused.push(error)
    await contacts.done(crm.system, contact, { mark: record?.mark ?? null, error })
  }
  return { read: due.length, refused }
}

/** Why it is not taken in, or not handed over; null where it is. */
async function takeIn(
  { world, workspaceId, contacts, crm }: TakeIn,
  { id, mark, handOverKey }: CrmDue,
  record: CrmRecord,
): Promise<string | null> {
  const { lead, stage, reason } = record
  if (lead === null) return 'no e-mail address'
  const { agreement } = await world.agreements.inForce(workspaceId)
  const kept = await contacts
    .keep(crm.system, { ...lead, id: world.newId('lead') }, stage, {
      now: world.now(),
      mayMove: (from, to) => mayMove(agreement, from, to),
    })
    .then(() => 'kept')
    .catch(unlessErased)
  // nobody is there to be told: it is counted among those that were refused
  if (kept === undefined) return 'erased'
  if (handOverKey === null || reason === null) return null
  if (!crm.qualifies(id, record.mark) || crm.qualifies(id, mark)) return null
  const last = await world.handoffs.lastOfLead(workspaceId, lead.email)
  if (last !== undefined && isOpen(last.status)) return null
  const why = reason[agreement.language]
  const result = await handOffLead(world, {
    workspaceId,
    lead,
    reason: why,
    priority: 'standard',
    owner: undefined,
    by: null,
    whatChanged: why,
    request: { key: handOverKey, fingerprint: handOverKey },
  })
  return result.kind === 'refused' && result.refusal.code !== 'already-open'
    ? result.refusal.code
    : null
}

/** A fault of the CRM as a value; any other is nobody's to expect. */
export function asFault(error: unknown): CrmFault {
  if (error instanceof CrmFault) return error
  throw error
}

const firstWaitMs = 5_000
const longestWaitMs = 15 * 60_000

/** What a CRM may ask for: one that names a day is looked at earlier all the same. */
const mostAskedMs = 60 * 60_000

/** As long as the CRM asks for, or twice as long each time, up to a quarter of an hour. */
export const waitAfter = ({ afterMs }: CrmFault, tries: number): number =>
  afterMs === null
    ? Math.min(longestWaitMs, firstWaitMs * 2 ** Math.min(tries - 1, 20))
    : Math.min(mostAskedMs, afterMs)
