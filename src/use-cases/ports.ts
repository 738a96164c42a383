import type {
  Agreement,
  AttemptChannel,
  AttemptOutcome,
  LifecycleStage,
  Locale,
  Role,
} from '../domain/agreement.ts'
import type { Decision } from '../domain/decide/decision.ts'
import type { LeadKept, LeadNews } from '../domain/decide/keep-lead.ts'
import type { Rescored, Unscored } from '../domain/decide/rescore.ts'
import type { Term } from '../domain/glossary.ts'
import type {
  DeadlineKind,
  EventType,
  Handoff,
  HandoffEvent,
  HandoffStatus,
  Ruling,
} from '../domain/handoff.ts'
import type { KnownLead, LeadInput } from '../domain/lead.ts'
import type { Notice } from '../domain/notice.ts'
import type { Colleague, Member, Person } from '../domain/person.ts'
import type { Period, PromiseFacts } from '../domain/promises.ts'
import type {
  Proposal,
  ProposalContext,
  ProposalDecided,
  ProposalRecord,
} from '../domain/proposal.ts'
import type { PastHandoff } from '../domain/replay.ts'
import type { RoleDecided, RoleRecord, UserGroup } from '../domain/roles.ts'
import type { Activity } from '../domain/scoring.ts'
import type { FoundLead, LeadStory } from '../domain/story.ts'
import type {
  Settled,
  ToldEvent,
  Tries,
  WebhookAnswer,
  WebhookRefusal,
  WebhookType,
} from '../domain/webhook.ts'

/** A request that may come again: an Idempotency-Key of the API, a submitted form of Slack. */
export interface RequestKey {
  key: string
  /** What was asked, hashed: the same key with another question is refused. */
  fingerprint: string
}

export type CommitOutcome =
  | 'committed'
  /** The handoff has moved on since it was read. */
  | 'moved'
  /** This request had its effect before. */
  | 'repeated'
  /** The lead has an open handoff already. */
  | 'lead-taken'

export interface HandoffFilter {
  status?: HandoffStatus | undefined
  owner?: string | undefined
  leadType?: string | undefined
}

/** A handoff with what only its readers need. */
export interface HandoffStory {
  handoff: Handoff
  events: HandoffEvent[]
  card: { channel: string; ts: string } | null
}

/** A decision with the state that it was made on; null for a new handoff. */
export interface Change {
  before: Handoff | null
  decision: Decision
}

export interface Handoffs {
  byId(workspaceId: string, id: string): Promise<Handoff | undefined>
  openOfLead(workspaceId: string, email: string): Promise<Handoff | undefined>
  /** The last handoff of a lead, whatever became of it. */
  lastOfLead(workspaceId: string, email: string): Promise<Handoff | undefined>
  /** How many open handoffs a person owns. */
  openOf(workspaceId: string, personId: string): Promise<number>
  /** What is back with marketing and not handed over again: the newest first. */
  back(workspaceId: string, limit: number): Promise<Handoff[]>
  story(workspaceId: string, id: string): Promise<HandoffStory | undefined>
  /** Newest first. `cursor` is what the page before gave. */
  page(
    workspaceId: string,
    filter: HandoffFilter,
    page: { cursor?: string | undefined; limit: number },
  ): Promise<{ items: HandoffStory[]; nextCursor: string | null }>
  /**
   * Writes a decision in one transaction: the state, the events, the timers, the outbox and the
   * key of the request. `before` is the state that was decided on; null for a new handoff.
   */
  commit(before: Handoff | null, decision: Decision, request?: RequestKey): Promise<CommitOutcome>
  /** The same for decisions that belong together: all of them or none. */
  commitAll(changes: readonly Change[], request?: RequestKey): Promise<CommitOutcome>
  /** What became of a request that had its effect before. */
  byRequest(
    workspaceId: string,
    key: string,
  ): Promise<{ fingerprint: string; handoffId: string } | undefined>
}

/** The rotations of owners, by lead type. */
export interface Rotations {
  /** How far a rotation has come; `version` goes up by one with each turn. */
  of(
    workspaceId: string,
    leadType: string,
  ): Promise<{ turns: Record<string, number>; version: number }>
  /** Who owned the last accepted lead of a company and a lead type: the id of their row. */
  lastOwner(workspaceId: string, leadType: string, domain: string): Promise<string | undefined>
}

export interface Leads {
  byEmail(workspaceId: string, email: string): Promise<KnownLead | undefined>
  /** The lead that a CRM knows by that id; the oldest where it knows several. */
  byCrm(workspaceId: string, crm: { system: string; id: string }): Promise<KnownLead | undefined>
  /**
   * Lets a rule decide on news of a lead and keeps what it decided, on what was known at that very
   * moment; the lead is scored again. `created` says that nothing was known of it before.
   */
  keep(
    workspaceId: string,
    email: string,
    decide: (known: KnownLead | undefined) => LeadKept,
    now: Date,
  ): Promise<{ decided: LeadKept; created: boolean }>
}

/** An activity on its way in; the same key twice is one activity. */
export interface NewActivity extends Activity {
  /** Of the lead, normalised. */
  email: string
  /** What a lead is called that nothing was known of. */
  name: string
  key: string
}

export interface Activities {
  /**
   * Keeps activities, all or none, and has their leads scored again; leads that nothing was known
   * of are made. Answers how many are new.
   */
  add(workspaceId: string, activities: readonly NewActivity[], now: Date): Promise<number>
}

/** A row of a CSV file: its number, from 1 below the headings, and its values; null: unreadable. */
export interface CsvRow {
  row: number
  cells: string[] | null
}

/** How many rows of an import there were of each kind, as far as it has come. */
export interface ImportCounts {
  created: number
  changed: number
  unchanged: number
  bad: number
  handedOver: number
  /** Handed over by an import of the same file before. */
  handedBefore: number
}

export interface ImportProgress extends ImportCounts {
  /** Everything up to that row is done. */
  doneRows: number
  /** How long the file of bad rows was then, in bytes. */
  badBytes: number
}

/** One import of one file, under way. What it counts is kept with what it does. */
export interface ImportRun {
  readonly progress: ImportProgress
  /**
   * Keeps what rows tell of leads, in their order, all or none, and has the leads scored; rows up to
   * `upTo` are counted once, however often they come. Answers which rows are of new leads without a
   * name: those are not kept.
   */
  keep(rows: readonly ImportedRow[], upTo: number, now: Date): Promise<Set<number>>
  /** Everything of the rows up to `doneRows` is done. */
  settle(batch: Omit<ImportProgress, 'created' | 'changed' | 'unchanged'>): Promise<void>
  /** The whole file is done: it begins anew if it is imported again. */
  finish(): Promise<void>
  close(): Promise<void>
}

export interface ImportedRow {
  row: number
  news: LeadNews
}

/** Imports of files. The same file, asked for in the same way, goes on where it was ended. */
export interface Imports {
  /** undefined while somebody else is at it. */
  open(
    workspaceId: string,
    file: { sha256: string; asked: string },
    now: Date,
  ): Promise<ImportRun | undefined>
  /** Tells what would happen, and changes nothing. */
  rehearse(workspaceId: string): Promise<ImportRun>
}

/** A lead that is to be scored, with what it did. */
export interface LeadToScore extends Unscored {
  activities: Activity[]
}

/** Leads whose score may be another by now. */
export interface Scores {
  /**
   * Takes leads that are due, and what they did of those types, the newest of it. Until `turn` is
   * over nobody else takes them, unless something new is learnt of them.
   */
  take(
    workspaceId: string,
    which: { types: readonly string[]; now: Date; turn: Date; limit: number },
  ): Promise<LeadToScore[]>
  /**
   * Keeps scores, with the stages that come of them. One that crosses the threshold keeps its turn
   * and stands as before, until it is settled. Answers the ids of those that nothing new was learnt
   * of meanwhile; the others are left to their next turn.
   */
  keep(
    workspaceId: string,
    turn: Date,
    rescored: readonly Rescored[],
    now: Date,
  ): Promise<Set<string>>
  /** What a crossing led to is done: now the lead stands where its score does. */
  settle(workspaceId: string, turn: Date, rescored: Rescored): Promise<void>
}

/** Scores leads that are due. Telling it never fails and never waits: a sweep finds the rest. */
export interface Scorer {
  due(): void
}

/** What became of leads; never more of it than a reader can take in. */
export interface Stories {
  /** Of the lead with that normalised address: its newest rounds, and how many are older. */
  ofLead(workspaceId: string, email: string): Promise<LeadStory | undefined>
  /**
   * Leads by what people remember of them. With an @ the one of that address, else those whose
   * address begins so; without one those with that in the name or the company's name, the last
   * changed first.
   */
  find(workspaceId: string, text: string, limit: number): Promise<FoundLead[]>
}

/** What Slack tells of a person. */
export interface Profile {
  slackId: string
  email: string | null
  name: string
  locale: Locale
  zone: string | null
  external: boolean
  slackAdmin: boolean
}

/** Slack's directory of people. */
export interface Directory {
  /** null for whom Slack does not know or does not show; undefined where it can't be asked now. */
  bySlackId(slackId: string): Promise<Profile | null | undefined>
  byEmail(email: string): Promise<Profile | undefined>
  all(): Promise<Profile[]>
  /** The user groups that are in use; undefined where Slack can't be asked, or does not allow it. */
  groups(): Promise<UserGroup[] | undefined>
}

export interface Members {
  /** The person behind a Slack user id; asks Slack about people it has not seen. */
  bySlackId(workspaceId: string, slackId: string, hint?: { name?: string }): Promise<Member>
  /** The person of an e-mail address; made known where nobody has it yet. */
  byEmail(workspaceId: string, email: string): Promise<Member>
  byId(workspaceId: string, id: string): Promise<Member | undefined>
  /** Those with a role from a form or from a user group, whatever the agreement says of them. */
  assigned(workspaceId: string): Promise<Colleague[]>
  /** Those with a role from a form or from a user group, and those of these addresses. */
  roleRecords(workspaceId: string, emails: readonly string[]): Promise<RoleRecord[]>
  /** Whom a ladder took off duty, and who has not said yet that they are back: ids of their rows. */
  offDuty(workspaceId: string): Promise<ReadonlySet<string>>
  /** Takes somebody off duty since then; with null they are back. */
  setOffDuty(workspaceId: string, personId: string, at: Date | null): Promise<void>
  /** People of the workspace itself who have an account in Slack: so many at most, by name. */
  staff(workspaceId: string, limit: number): Promise<Person[]>
  /**
   * Lets a rule decide on the role of a person and keeps what it decided, one after the other: two
   * admins who take the role from each other don't both succeed. `records` are those of
   * `roleRecords`. undefined: no such people.
   */
  changeRole(
    workspaceId: string,
    who: { personId: string; byId: string; emails: readonly string[] },
    decide: (stand: { person: RoleRecord; by: Member; records: RoleRecord[] }) => RoleDecided,
  ): Promise<RoleDecided | undefined>
  /** The roles by user groups, by Slack id; whoever is not among them has none of a group now. */
  setGroupRoles(workspaceId: string, roles: ReadonlyMap<string, Role>): Promise<void>
}

export interface AgreementInForce {
  version: number
  agreement: Agreement
  inForceFrom: Date
}

export interface Agreements {
  inForce(workspaceId: string): Promise<AgreementInForce>
  /** A version that some handoff was made under; it exists for ever. */
  version(workspaceId: string, version: number): Promise<Agreement>
}

/** A new agreement out of a file, completed with what the newest version says. */
export interface Draft {
  base: AgreementInForce
  agreement: Agreement
  /** The text of the whole of it. */
  source: string
}

/** What was agreed on, and what was proposed; both newest first. */
export interface AgreementHistory {
  versions: { version: number; inForceFrom: Date }[]
  proposals: ProposalRecord[]
}

/** A message of a proposal that does not show its present state. */
export interface Redraw {
  proposal: Proposal
  /** What the proposal changes. */
  base: Agreement
  revision: number
  /** Where the message stands; null before it was posted. */
  shownAt: { channelId: string; ts: string } | null
  /** It was posted before, maybe: the answer was lost. */
  uncertain: boolean
}

export interface Proposals {
  /** The newest version that was agreed on; it may be in force from a later day on. */
  newest(workspaceId: string): Promise<AgreementInForce>
  /** Reads a file's text; sections it leaves out are those of the newest version. */
  draft(workspaceId: string, text: string, file: string): Promise<Draft>
  /** Lets a rule decide on a new proposal, and keeps it; the same id twice is one proposal. */
  add(
    draft: Draft,
    workspaceId: string,
    decide: (context: Omit<ProposalContext, 'now'>) => ProposalDecided,
  ): Promise<ProposalDecided>
  /**
   * Lets a rule decide on a proposal and keeps what it decided, one after the other: two who sign
   * at once are both heard. One that was signed becomes the next version. undefined: no such one.
   */
  change(
    workspaceId: string,
    id: string,
    decide: (proposal: Proposal, context: Omit<ProposalContext, 'now'>) => ProposalDecided,
  ): Promise<ProposalDecided | undefined>
  /** Those that may still be signed, newest first, with what they change. */
  open(workspaceId: string): Promise<{ proposal: Proposal; base: Agreement }[]>
  history(workspaceId: string, limit: number): Promise<AgreementHistory>
  /** Takes on a message that is to be drawn; for `ms` nobody else does. */
  toRedraw(workspaceId: string, now: Date, ms: number): Promise<Redraw | undefined>
  /** It shows that revision now; a newer one keeps it waiting. */
  shown(redraw: Redraw, where: { channelId: string; ts: string }, now: Date): Promise<void>
  /** It could not be drawn; to be tried again then. */
  notShown(redraw: Redraw, again: Date, uncertain: boolean): Promise<void>
}

/** Shows proposals in Slack. Telling it never fails and never waits: a sweep finds the rest. */
export interface ProposalBoard {
  redraw(): void
}

/** Handoffs as a replay reads them: oldest first, page by page. */
export interface PastHandoffs {
  count(workspaceId: string, since: Date): Promise<number>
  pages(workspaceId: string, since: Date): AsyncIterable<PastHandoff[]>
}

export interface Glossary {
  terms(workspaceId: string): Promise<Term[]>
}

/** What both managers ruled alike on a contested return, as it is kept under a term. */
export interface KeptRuling {
  ruling: Ruling
  at: Date
  /** id of the return reason that the dispute was about */
  reason: string | null
  /** Why marketing contested the return. */
  why: string
  /** How the managers put it. */
  words: string[]
  /** The names of those who ruled. */
  by: string[]
}

export interface Rulings {
  /** Those about a term of the glossary, newest first. */
  ofTerm(workspaceId: string, termId: string, limit: number): Promise<KeptRuling[]>
}

/** The cards of handoffs as they stand in Slack. */
export interface Cards {
  /** An address that opens a card; undefined where Slack does not tell it. */
  urlOf(card: { channel: string; ts: string }): Promise<string | undefined>
}

/** A wake-up for a timer: a hint, since the row is the truth. */
export interface WakeUp {
  workspaceId: string
  handoffId: string
  kind: DeadlineKind
  at: Date
}

/** A channel that something waits to be said in. */
export interface Stream {
  workspaceId: string
  stream: string
}

/**
 * The queue. Telling it never fails and never waits: what it does not hear of is found by the
 * sweep.
 */
export interface Queue {
  wake(wakeUps: WakeUp[]): void
  deliver(streams: Stream[], at?: Date): void
}

/** What the sweep looks for. */
export interface Overdue {
  /** Timers to be woken before that moment. */
  wakeUps(before: Date, limit: number): Promise<WakeUp[]>
  /** Channels with something to say before that moment. */
  streams(before: Date): Promise<Stream[]>
}

export interface CardDelivery {
  kind: 'card'
  handoffId: string
  key: string
  version: number
  /** Where the card stands; null before it was posted. */
  shownAt: { channelId: string; ts: string } | null
  tries: number
  /** It was sent before, and the answer was lost. */
  uncertain: boolean
}

export interface NoticeDelivery {
  kind: 'notice'
  handoffId: string
  key: string
  notice: Notice
  /** Where the card of the handoff stands; null before it was posted. */
  card: { channelId: string; ts: string } | null
  inThread: boolean
  tries: number
  /** It was sent before, and the answer was lost. */
  uncertain: boolean
}

export type Delivery = CardDelivery | NoticeDelivery

/** The outbox, channel by channel. */
export interface Outbox {
  /** The right to speak in a channel for `ms`; undefined while another process has it. */
  lease(
    stream: Stream,
    holder: string,
    ms: number,
  ): Promise<{ lastPostAt: Date | null } | undefined>
  /** Keeps the right for another `ms`, as long as it was not lost. */
  renew(stream: Stream, holder: string, ms: number): Promise<void>
  /** Gives the right back; with a moment, nobody speaks in the channel before it. */
  release(stream: Stream, holder: string, pausedUntil: Date | null): Promise<void>
  /**
   * Notes down that a message is about to be sent, and keeps the right to speak for another `ms`.
   * False where the right was lost meanwhile: then it must not be sent.
   */
  sending(stream: Stream, delivery: Delivery, holder: string, ms: number): Promise<boolean>
  /**
   * What is to be said next: redrawn cards first, then by age. Nothing of a handoff overtakes an
   * earlier message of the same handoff.
   */
  next(stream: Stream, now: Date): Promise<Delivery | undefined>
  /** When something is due again; null where the channel has nothing left to say. */
  nextDue(stream: Stream): Promise<Date | null>
  /** `version` is the one that a card now shows; a newer one keeps it waiting. */
  sent(
    stream: Stream,
    delivery: Delivery,
    where: { channelId: string; ts: string; at: Date; posted: boolean; version: number },
  ): Promise<void>
  later(
    stream: Stream,
    delivery: Delivery,
    at: Date,
    why: { error: string; uncertain: boolean },
  ): Promise<void>
  park(stream: Stream, delivery: Delivery, error: string): Promise<void>
  /** It has nothing to say any more. */
  drop(stream: Stream, delivery: Delivery): Promise<void>
  /** Has the card drawn again although nothing has changed; undefined where there is no card. */
  redraw(workspaceId: string, handoffId: string): Promise<Stream | undefined>
  /** How much waits to be said, how much Slack will never take, and why such a one. */
  backlog(): Promise<{ pending: number; parked: number; example: string | null }>
}

/** What Slack answered to something that was said. */
export type Said =
  | { kind: 'done'; channelId: string; ts: string }
  /** Slack asks for patience, or could not be reached. `ambiguous`: it may have been taken. */
  | { kind: 'later'; afterMs: number | null; error: string; ambiguous: boolean; whole: boolean }
  /** Slack will never take it. */
  | { kind: 'never'; error: string }

/** What came of looking for a message; where Slack can't be asked it must not be posted again. */
export type Found = Exclude<Said, { kind: 'never' }> | { kind: 'absent' }

/** Speaks in Slack. */
export interface Messenger {
  postCard(handoff: Handoff, key: string): Promise<Said>
  updateCard(handoff: Handoff, at: { channelId: string; ts: string }): Promise<Said>
  postNotice(
    handoff: Handoff,
    delivery: NoticeDelivery,
    where: { channel: string; threadTs: string | null },
  ): Promise<Said>
  /** Looks for a message that may have been posted: by its key, in the channel or the thread. */
  find(key: string, where: { channel: string; threadTs: string | null }): Promise<Found>
}

/** Speaks of proposals, in the managers' channel. */
export interface ProposalMessenger {
  post(redraw: Redraw): Promise<Said>
  update(redraw: Redraw, at: { channelId: string; ts: string }): Promise<Said>
  /** Looks for a message that may have been posted. */
  find(redraw: Redraw): Promise<Found>
}

/** What the promises of the agreement are measured by. */
export interface PromiseRecords {
  /** What is on record of a period, counted. */
  factsOf(workspaceId: string, period: Period): Promise<PromiseFacts>
}

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

/** A connect attempt that the CRM does not know of. */
export interface CrmAttempt {
  id: string
  channel: AttemptChannel
  outcome: AttemptOutcome
  note: string | null
  at: Date
  /** It was sent before, and the answer was lost. */
  uncertain: boolean
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
  /** An attempt that may have been noted down. */
  findAttempt(recordId: string, attempt: CrmAttempt): Promise<string | undefined>
  /** Fields of the mapping that the CRM does not have; they are let be from then on. */
  unknownFields(): Promise<string[]>
}

/** A CRM did not do what it was asked. */
export class CrmFault extends Error {
  override readonly name = 'CrmFault'
  /**
   * later: it asks for patience or can't be reached, which concerns everything that is asked of it;
   * never: it will not take this one.
   */
  readonly kind: 'later' | 'never'
  /** How long it asks to be left alone. */
  readonly afterMs: number | null

  constructor(kind: 'later' | 'never', message: string, afterMs: number | null = null) {
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
  /** Takes on the one that is due first; for `ms` nobody else does. */
  claim(systems: readonly Crm['system'][], now: Date, ms: number): Promise<CrmWriteDue | undefined>
  /** An attempt is about to be noted down in the CRM. */
  logging(attemptId: string): Promise<void>
  /** What the CRM calls an attempt. */
  logged(attemptId: string, crmId: string): Promise<void>
  /** The CRM is up to date; a change since then keeps it waiting. */
  done(due: CrmWriteDue): Promise<void>
  later(due: CrmWriteDue, again: Date, error: string): Promise<void>
  /** The CRM will not take it; the next change of the lead tries anew. */
  park(due: CrmWriteDue, error: string): Promise<void>
}

/** A program of others that is told of events. */
export interface WebhookEndpoint {
  id: string
  url: string
  /** Types of events; empty for all. */
  events: EventType[]
  createdAt: Date
  /** Since when it gets nothing any more. */
  disabledAt: Date | null
}

/** A line of an endpoint's log. */
export interface WebhookLogLine {
  id: string
  type: WebhookType
  state: 'pending' | 'sent' | 'failed'
  tries: number
  /** What was answered last, in a word; null before the first try. */
  answer: string | null
  createdAt: Date
  sentAt: Date | null
  /** null where it is not tried again. */
  nextTryAt: Date | null
}

export interface Webhooks {
  /** Keeps an endpoint; one whose address is known, or one too many, is told by its code. */
  add(
    workspaceId: string,
    endpoint: Omit<WebhookEndpoint, 'disabledAt'> & { secret: string },
    most: number,
  ): Promise<'added' | 'endpoint-known' | 'too-many-endpoints'>
  /** Oldest first. */
  list(workspaceId: string): Promise<WebhookEndpoint[]>
  byId(workspaceId: string, id: string): Promise<(WebhookEndpoint & { secret: string }) | undefined>
  /** Takes it away with its log; false where there is none. */
  remove(workspaceId: string, id: string): Promise<boolean>
  /** Newest first; undefined where there is no such endpoint. `cursor` is what a page gave. */
  log(
    workspaceId: string,
    id: string,
    page: { cursor?: string | undefined; limit: number },
  ): Promise<{ items: WebhookLogLine[]; nextCursor: string | null } | undefined>
  /** Notes a test down; one that was taken enables the endpoint again. */
  tested(
    workspaceId: string,
    id: string,
    test: { at: Date; taken: boolean; answer: string },
  ): Promise<void>
}

/** An event that is to be sent to an endpoint now, by nobody else. */
export interface WebhookDelivery extends Tries {
  id: string
  workspaceId: string
  endpointId: string
  url: string
  secret: string
  told: ToldEvent
  /** What was sent at the first try; null before it. */
  body: string | null
}

/** What waits to be sent to endpoints. */
export interface WebhookOutbox {
  /**
   * The next event whose time has come, of an endpoint that nobody sends to; for `ms` nobody else
   * does. An endpoint gets its events in order of time, and nothing of a handoff overtakes an
   * earlier event of the same handoff.
   */
  take(now: Date, holder: string, ms: number): Promise<WebhookDelivery | undefined>
  /** Keeps what is sent, so that it is the same at every try; gives what is kept. */
  keepBody(delivery: WebhookDelivery, body: string): Promise<string>
  /** Notes the outcome down and lets the endpoint go, where it is still the holder's. */
  settle(
    delivery: WebhookDelivery,
    holder: string,
    outcome: Settled & { at: Date; answer: string },
  ): Promise<void>
  /** Lets the endpoint go; what was taken waits as before. */
  release(delivery: WebhookDelivery, holder: string): Promise<void>
  /** Forgets what is over and from before that moment, so much of it at most; tells how much. */
  prune(before: Date, most: number): Promise<number>
}

export interface WebhookMessage {
  url: string
  secret: string
  /** The same at every try. */
  id: string
  body: string
  at: Date
}

/** Sends to endpoints, and knows which addresses nothing is sent to. */
export interface WebhookSender {
  /** A new secret to sign with. */
  newSecret(): string
  /** Why nothing is sent to that address; undefined where it may be. */
  check(url: string): Promise<WebhookRefusal['code'] | undefined>
  /** Never fails; undefined where it was stopped on the way. */
  send(message: WebhookMessage, stop?: AbortSignal): Promise<WebhookAnswer | undefined>
}

/** Everything that use-cases need of the world. */
export interface World {
  webhooks: Webhooks
  webhookSender: WebhookSender
  handoffs: Handoffs
  rotations: Rotations
  leads: Leads
  activities: Activities
  scores: Scores
  scorer: Scorer
  stories: Stories
  members: Members
  directory: Pick<Directory, 'groups'>
  agreements: Agreements
  proposals: Proposals
  board: ProposalBoard
  glossary: Glossary
  rulings: Rulings
  cards: Cards
  promiseRecords: PromiseRecords
  queue: Queue
  now(): Date
  /** A new id such as `hof_…`. */
  newId(prefix: 'hof' | 'lead' | 'att' | 'prop' | 'hook' | 'evt'): string
}
