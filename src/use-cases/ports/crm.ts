import type {
  AttemptChannel,
  AttemptOutcome,
  LifecycleStage,
  Locale,
} from '../../domain/agreement.ts'
import type { LeadInput } from '../../domain/lead.ts'

/** A record of a CRM in Baton's words. */
export interface CrmRecord {
  id: string
  /** null where it can be no lead: it has no e-mail address. */
  lead: LeadInput | null
  /** null where the CRM has no word for it. */
  stage: LifecycleStage | null
  /** The value, in the CRM's word, of the field by which a lead is handed over. */
  mark: string | null
  /** Why it is handed over. */
  reason: Record<Locale, string> | null
}

/** A connect attempt that the CRM does not know of, or knows otherwise. */
export interface CrmAttempt {
  id: string
  channel: AttemptChannel
  outcome: AttemptOutcome
  note: string | null
  at: Date
  /** It did not happen. */
  void: boolean
  /** What the CRM calls it; null where it was not noted down there, as far as is known. */
  crmId: string | null
  /** It was sent before, and the answer was lost. */
  uncertain: boolean
  /** Stands for what the CRM is told of it. */
  stamp: string
}

/** How a lead stands, as its CRM is to know it. */
export interface CrmStanding {
  recordId: string
  status: string | null
  stage: LifecycleStage
  /** E-mail address of the owner. */
  owner: string | null
  lastAttemptAt: Date | null
  dealStage: string | null
  attempts: CrmAttempt[]
}

/** A CRM. Whatever it does not do is thrown as a CrmFault. */
export interface Crm {
  system: 'hubspot' | 'salesforce'
  /** At most a hundred records; those that are gone are left out. */
  read(ids: readonly string[]): Promise<CrmRecord[]>
  /** The field by which such a record is handed over; undefined where none is. */
  markField(id: string): string | undefined
  /** Whether a lead is handed over at that value: see CrmRecord.mark. */
  qualifies(id: string, mark: string | null): boolean
  /** The mark that `write` will leave; undefined where it leaves the field alone. */
  markOf(standing: CrmStanding): string | undefined
  /** Brings a record up to date; fields that are so already are not written. */
  write(standing: CrmStanding): Promise<void>
  /** Notes an attempt down, and tells what the CRM calls it; undefined where none is to be kept. */
  logAttempt(recordId: string, attempt: CrmAttempt): Promise<string | undefined>
  /** An attempt that may have been noted down, as it is now or as it was before a correction. */
  findAttempt(recordId: string, attempt: CrmAttempt): Promise<string | undefined>
  /** Puts right what was noted down; false where that can't be, or it is gone there. */
  correctAttempt(crmId: string, attempt: CrmAttempt): Promise<boolean>
  /** Takes an attempt away. One that is gone already is no fault. */
  removeAttempt(crmId: string, attempt: CrmAttempt): Promise<void>
  /** Fields of the mapping that the CRM does not have; they are let be from then on. */
  unknownFields(): Promise<string[]>
}

/** A CRM did not do what it was asked. */
export class CrmFault extends Error {
  override readonly name = 'CrmFault'
  /**
   * later: it asks for patience or can't be reached, which concerns everything that is asked of it;
   * never: it will not take this one; gone: it does not have it any more.
   */
  readonly kind: 'later' | 'never' | 'gone'
  /** How long it asks to be left alone. */
  readonly afterMs: number | null

  constructor(kind: CrmFault['kind'], message: string, afterMs: number | null = null) {
    super(message)
    this.kind = kind
    this.afterMs = afterMs
  }
}

/** What a CRM tells of a record. */
export interface CrmNews {
  id: string
  /** A field that was changed, and to what. */
  changed?: { field: string; value: string } | undefined
  /** Key of the request to hand the lead over, in case it stands so. */
  key?: string | undefined
  /** It is to be erased. */
  erase?: boolean | undefined
}

/** All that was told of one record. */
export interface CrmToldOf {
  id: string
  mark: string | null
  handOverKey: string | null
  erase: boolean
}

/** A record to be read. */
export interface CrmDue {
  id: string
  /** Grows with all news. */
  version: number
  tries: number
  /** What was read, told or written last: see CrmRecord.mark. */
  mark: string | null
  handOverKey: string | null
}

/** The records that a CRM has told of. */
export interface CrmContacts {
  /** Has records read, each named once; one that was to be erased is never read again. */
  told(system: Crm['system'], records: readonly CrmToldOf[], now: Date): Promise<void>
  /** Takes on records that are to be read; for `ms` nobody else does. */
  claim(system: Crm['system'], limit: number, now: Date, ms: number): Promise<CrmDue[]>
  /**
   * Keeps what is known of a lead. One that is new begins at that stage, or as a lead; one that is
   * known moves there where it may, as long as sales has no work to do on it.
   */
  keep(
    system: Crm['system'],
    lead: LeadInput & { id: string },
    stage: LifecycleStage | null,
    rules: { now: Date; mayMove: (from: LifecycleStage, to: LifecycleStage) => boolean },
  ): Promise<void>
  /** It was read; what was told of it meanwhile keeps it waiting. */
  done(
    system: Crm['system'],
    due: CrmDue,
    read: { mark: string | null; error: string | null },
  ): Promise<void>
  /** They could not be read; to be tried again then. */
  later(system: Crm['system'], due: CrmDue, again: Date, error: string): Promise<void>
  /** Notes down what is about to be written to a record, so that hearing of it is no news. */
  marked(system: Crm['system'], id: string, mark: string): Promise<void>
}

/** A lead whose CRM is to be brought up to date. */
export interface CrmWriteDue {
  leadId: string
  system: Crm['system']
  dueAt: Date
  tries: number
  standing: CrmStanding
}

/** Leads whose CRM is behind. */
export interface CrmWrites {
  /** Whether there is anything to be read of these CRMs, or to be written to them. */
  anythingDue(systems: readonly Crm['system'][], now: Date): Promise<boolean>
  /** Takes on the one that is due first; for `ms` nobody else does. */
  claim(systems: readonly Crm['system'][], now: Date, ms: number): Promise<CrmWriteDue | undefined>
  /** An attempt is about to be noted down in the CRM. */
  logging(attemptId: string): Promise<void>
  /** What the CRM calls an attempt, and that it was told so much of it; null where it has none. */
  logged(attempt: Pick<CrmAttempt, 'id' | 'stamp'>, crmId: string | null): Promise<void>
  /** The CRM is up to date; a change since then keeps it waiting. */
  done(due: CrmWriteDue): Promise<void>
  later(due: CrmWriteDue, again: Date, error: string): Promise<void>
  /** The CRM will not take it; the next change of the lead tries anew. */
  park(due: CrmWriteDue, error: string): Promise<void>
}
