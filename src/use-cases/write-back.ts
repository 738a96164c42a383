import {
  type Crm,
  type CrmAttempt,
  type CrmContacts,
  CrmFault,
  type CrmWriteDue,
  type CrmWrites,
} from './ports/crm.ts'
import type { World } from './ports/world.ts'
import { asFault, waitAfter } from './take-in-contact.ts'

/** Longer than bringing one lead up to date may take, with all its attempts. */
const holdMs = 5 * 60_000

export interface WriteBack {
  world: Pick<World, 'now'>
  writes: CrmWrites
  contacts: CrmContacts
  crms: readonly Crm[]
}

export type WroteBack =
  | { kind: 'nothing' }
  | { kind: 'written' | 'parked'; leadId: string; error?: string }
  /** The CRM asks for patience, or can't be reached. */
  | { kind: 'later'; system: Crm['system']; leadId: string; waitMs: number; error: string }

/**
 * Brings the CRM of one lead up to date: whatever has changed since, it is shown how the lead
 * stands now. A CRM that is away is tried again for as long as it takes; what it will not take is
 * parked with its error, until the lead changes again.
 */
export async function writeBack(asked: WriteBack): Promise<WroteBack> {
  const { world, writes, crms } = asked
  const systems = crms.map(({ system }) => system)
  const due = await writes.claim(systems, world.now(), holdMs)
  if (due === undefined) return { kind: 'nothing' }
  const { leadId, system } = due
  const fault = await show(asked, due).catch(asFault)
  if (!(fault instanceof CrmFault)) {
    await writes.done(due)
    return { kind: 'written', leadId }
  }
  const error = fault.message
  if (fault.kind !== 'later') {
    await writes.park(due, error)
    return { kind: 'parked', leadId, error }
  }
  const waitMs = waitAfter(fault, due.tries)
  await writes.later(due, new Date(world.now().getTime() + waitMs), error)
  return { kind: 'later', system, leadId, waitMs, error }
}

async function show({ contacts, writes, crms }: WriteBack, due: CrmWriteDue): Promise<void> {
  const crm = crms.find(({ system }) => system === due.system)
  if (crm === undefined) return
  const { standing } = due
  const mark = crm.markOf(standing)
  // before it is written: the CRM may tell of it at once
  if (mark !== undefined) await contacts.marked(crm.system, standing.recordId, mark)
  await crm.write(standing)
  for (const attempt of standing.attempts) {
    await showAttempt(attempt, { crm, writes, recordId: standing.recordId })
  }
}

/** Whatever is lost on the way, the CRM has an attempt once, as it is now; a void one it has not. */
async function showAttempt(
  attempt: CrmAttempt,
  { crm, writes, recordId }: Pick<WriteBack, 'writes'> & { crm: Crm; recordId: string },
): Promise<void> {
  const known = attempt.uncertain ? await crm.findAttempt(recordId, attempt) : attempt.crmId
  if (known) {
    if (!attempt.void && (await crm.correctAttempt(known, attempt))) {
      await writes.logged(attempt, known)
      return
    }
    await crm.removeAttempt(known, attempt)
    await writes.logged(attempt, null)
  }
  if (attempt.void) {
    await writes.logged(attempt, null)
    return
  }
  await writes.logging(attempt.id)
  const crmId = await crm.logAttempt(recordId, attempt)
  await writes.logged(attempt, crmId ?? 'none')
}
