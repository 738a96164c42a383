import type { Agreement } from '../../domain/agreement.ts'
import type { BulletinKind, DigestList, PlannedBulletin, Remark } from '../../domain/bulletin.ts'
import type { Handoff } from '../../domain/handoff.ts'
import type { Member } from '../../domain/person.ts'
import type { Figures, ReportPeriod } from '../../domain/report.ts'
import type { Found, Said } from './delivery.ts'

/** A bulletin that is to be told, by whoever took it on. */
export interface TakenBulletin {
  workspaceId: string
  key: string
  kind: BulletinKind
  recipient: string
  dueAt: Date
  /** Until then nobody else takes it; who has another moment has lost it. */
  heldUntil: Date
  tries: number
  /** It was sent before, and the answer was lost. */
  uncertain: boolean
  /** It is to be deleted in Slack: a lead that it names was erased. */
  withdrawn: boolean
  /** Where it stands in Slack, as far as that is known. */
  posted: PostedAt | null
}

export interface PostedAt {
  channelId: string
  ts: string
}

/** What Baton tells by itself, each once by its key. */
export interface Bulletins {
  /** Plans what is not planned yet; gives how many are new. */
  plan(workspaceId: string, planned: readonly PlannedBulletin[]): Promise<number>
  /** Takes on for `ms` what is due and nobody is at, the longest due first. */
  take(workspaceId: string, now: Date, ms: number): Promise<TakenBulletin | undefined>
  /**
   * Notes down that it is about to be sent and which handoffs it names, and holds it for another
   * `ms`. undefined where it was lost meanwhile, or names a lead that was erased: then it must not
   * be sent.
   */
  sending(
    bulletin: TakenBulletin,
    handoffIds: readonly string[],
    now: Date,
    ms: number,
  ): Promise<TakenBulletin | undefined>
  /** One that was withdrawn meanwhile is to be deleted at once. */
  sent(bulletin: TakenBulletin, where: PostedAt): Promise<void>
  /** Nobody tries before `at`. */
  later(
    bulletin: TakenBulletin,
    at: Date,
    why: { error: string; uncertain: boolean },
  ): Promise<void>
  park(bulletin: TakenBulletin, error: string): Promise<void>
  /** It has nothing to say any more, or is deleted. */
  drop(bulletin: TakenBulletin): Promise<void>
  /**
   * Forgets some of those that were due before, and are done with. What names leads in Slack is
   * remembered, so that it is found when one of them is erased.
   */
  prune(before: Date): Promise<void>
  /** Who has open leads and an account in Slack: ids of their rows. */
  owners(workspaceId: string): Promise<string[]>
}

/** What somebody has to do on a day. */
export interface Digest {
  kind: 'daily'
  reader: Member
  zone: string
  now: Date
  /** What is due first; not more than fit into a message. */
  entries: { list: DigestList; handoff: Handoff; agreement: Agreement; url: string | undefined }[]
  /** Of all, shown or not. */
  total: number
  late: number
}

/** How a week was, beside the one before it. */
export interface WeeklyReport {
  kind: 'weekly'
  period: ReportPeriod
  week: Figures
  before: Figures
  agreement: Agreement
  remark: Remark | undefined
}

export type BulletinContent = Digest | WeeklyReport

/** Tells bulletins in Slack. */
export interface BulletinMessenger {
  post(bulletin: TakenBulletin, content: BulletinContent): Promise<Said>
  /** Looks for one that may have been posted. */
  find(bulletin: TakenBulletin): Promise<Found>
  /** Deletes what was posted; what is gone already is as it should be. */
  remove(posted: PostedAt): Promise<Said>
}
