import type { DeadlineKind, Handoff } from '../../domain/handoff.ts'
import type { Notice } from '../../domain/notice.ts'

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

/** A message that is to be deleted in Slack, since the lead that it tells of was erased. */
export interface RemovalDelivery {
  kind: 'removal'
  handoffId: string
  key: string
  /** Where it stands; null where only Slack knows whether it was posted. */
  shownAt: { channelId: string; ts: string } | null
  card: { channelId: string; ts: string } | null
  inThread: boolean
  tries: number
  uncertain: boolean
}

export type Delivery = CardDelivery | NoticeDelivery | RemovalDelivery

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
  /** Deletes a message; one that is gone is as good. */
  remove(handoff: Handoff, at: { channelId: string; ts: string }): Promise<Said>
  /** Looks for a message that may have been posted: by its key, in the channel or the thread. */
  find(key: string, where: { channel: string; threadTs: string | null }): Promise<Found>
}
