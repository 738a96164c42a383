import type { Agreement } from '../../domain/agreement.ts'
import type { Handoff } from '../../domain/handoff.ts'
import type { HomeEntry, HomeList, HomeViewer } from '../../domain/home.ts'
import type { Member } from '../../domain/person.ts'
import type { Proposal } from '../../domain/proposal.ts'
import type { Holder } from '../../domain/roles.ts'
import type { MeasuredPromise } from '../measure-promises.ts'
import type { AgreementInForce } from './agreements.ts'

/** A home that is to be drawn, by whoever took it on. */
export interface TakenHome {
  workspaceId: string
  /** Slack's id of the person. */
  userId: string
  page: number
  /** Hash of what it shows; null before it was drawn. */
  shown: string | null
  /** What had happened in the workspace when it was taken on: the same while nothing happens. */
  stamp: string
}

/** What counts of the events since a moment. */
export interface EventCounts {
  handedOver: number
  accepted: number
  returned: number
  missed: number
}

/** How Baton's connections are. */
export interface ConnectionState {
  /** Leads whose CRM is behind, and those that it does not take. */
  crm: { waiting: number; refused: number }
  webhooks: { all: number; disabled: number }
}

/** The homes that people have open, and what they show. */
export interface Homes {
  /** Somebody opened theirs: it begins at its first page, and is drawn anew. */
  open(workspaceId: string, userId: string, at: Date): Promise<void>
  /** Turns to a page, or with undefined has the one that it shows drawn anew. */
  turn(workspaceId: string, userId: string, page: number | undefined): Promise<void>
  /**
   * Takes on homes that don't show what is, for `ms`: of those opened since then, the ones behind
   * what has happened in the workspace, and the ones that change by themselves. `open` is how many
   * are open at all.
   */
  take(
    workspaceId: string,
    wanted: { now: Date; since: Date; ms: number; limit: number; userId?: string | undefined },
  ): Promise<{ homes: TakenHome[]; open: number }>
  /** It shows that now; nobody draws it before `freeAt`, and at `redrawAt` it is to be drawn again. */
  drawn(home: TakenHome, now: { shown: string; freeAt: Date; redrawAt: Date | null }): Promise<void>
  /** It could not be drawn; nobody tries before `freeAt`. */
  notDrawn(home: TakenHome, freeAt: Date): Promise<void>
  /** Nobody can be shown it. */
  forget(home: TakenHome): Promise<void>
  /** What may concern somebody, at most `limit` of each kind. */
  entries(workspaceId: string, viewer: HomeViewer, limit: number): Promise<HomeEntry[]>
  /** These handoffs, in any order. */
  handoffs(workspaceId: string, ids: readonly string[]): Promise<Handoff[]>
  /** Where the cards of these handoffs stand, of those that do. */
  cards(
    workspaceId: string,
    ids: readonly string[],
  ): Promise<Map<string, { channel: string; ts: string }>>
  counts(workspaceId: string, since: Date): Promise<EventCounts>
  connections(workspaceId: string): Promise<ConnectionState>
}

/** The channels that Baton is in: their names and ids; undefined where Slack can't be asked. */
export interface OwnChannels {
  all(): Promise<ReadonlySet<string> | undefined>
}

export interface HomeSettings extends ConnectionState {
  /** The channels of the agreement; null where it is not known whether Baton is in one. */
  channels: { name: string; isIn: boolean | null }[]
  holders: Holder[]
  /** Names of the CRMs that are connected. */
  crms: readonly string[]
}

/** Everything that a home says. */
export interface HomeContents {
  member: Member
  viewer: HomeViewer
  inForce: AgreementInForce
  now: Date
  page: number
  pages: number
  lists: {
    name: HomeList
    total: number
    entries: { handoff: Handoff; agreement: Agreement; cardUrl?: string | undefined }[]
  }[]
  /** Not everything was looked at, since there is so much of it. */
  isWhole: boolean
  /** Of the last seven days; undefined for whom they don't concern, and on further pages. */
  counts: EventCounts | undefined
  promises: MeasuredPromise[] | undefined
  proposals: { proposal: Proposal; base: Agreement }[] | undefined
  settings: HomeSettings | undefined
  /** Nobody has set Baton up yet, and the one whose home it is may. */
  isAskedToSetUp?: boolean
}

export type HomeShown =
  /** `isNew` is false where it showed that already. */
  | { kind: 'done'; shown: string; isNew: boolean }
  | { kind: 'later'; afterMs: number | null; error: string }
  | { kind: 'never'; error: string }

/** Draws homes in Slack. */
export interface HomeScreen {
  /** `shown` is the hash of what stands there: that is not drawn again. */
  show(userId: string, contents: HomeContents, shown: string | null): Promise<HomeShown>
}

/** Who tells that homes are to be drawn. */
export interface HomeDoor {
  /** Somebody opened their home. It is drawn soon after. */
  opened(userId: string): Promise<void>
  /** Somebody turned to a page of theirs. */
  turned(userId: string, page: number): Promise<void>
  /** Somebody did something in their home: it is drawn as soon as may be. */
  acted(userId: string): void
  /** Something may have changed that open homes show. */
  changed(): void
}
