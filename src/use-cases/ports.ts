import type { Agreement, Locale, Role } from '../domain/agreement.ts'
import type { Decision } from '../domain/decide/decision.ts'
import type { Term } from '../domain/glossary.ts'
import type {
  DeadlineKind,
  Handoff,
  HandoffEvent,
  HandoffStatus,
  Ruling,
} from '../domain/handoff.ts'
import type { KnownLead } from '../domain/lead.ts'
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
import type { FoundLead, LeadStory } from '../domain/story.ts'

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

export interface Leads {
  byEmail(workspaceId: string, email: string): Promise<KnownLead | undefined>
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

/** Everything that use-cases need of the world. */
export interface World {
  handoffs: Handoffs
  leads: Leads
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
  newId(prefix: 'hof' | 'lead' | 'att' | 'prop'): string
}
