import type { Agreement } from '../domain/agreement.ts'
import {
  digestOf,
  digestsDue,
  plannedLateMs,
  remarkOn,
  type Schedule,
  schedulesOf,
  staleAfterMs,
  subjectOf,
  weekliesDue,
  weeksTold,
  zoneOf,
} from '../domain/bulletin.ts'
import { viewerOf } from '../domain/home.ts'
import type { Member } from '../domain/person.ts'
import { backoffMs } from './deliver.ts'
import type {
  BulletinContent,
  BulletinMessenger,
  Bulletins,
  Digest,
  TakenBulletin,
  WeeklyReport,
} from './ports/bulletins.ts'
import type { Found, Outbox, Said } from './ports/delivery.ts'
import type { Homes } from './ports/home.ts'
import type { World } from './ports/world.ts'
import { askReport } from './report.ts'

/** What bulletins need of the world. */
export interface BulletinWorld
  extends Pick<World, 'members' | 'agreements' | 'handoffs' | 'reports' | 'cards' | 'now'> {
  workspaceId: string
  bulletins: Bulletins
  homes: Pick<Homes, 'entries' | 'handoffs'>
  messenger: BulletinMessenger
  /** Whoever speaks in a channel has the right to, as for everything else that is told there. */
  outbox: Pick<Outbox, 'lease' | 'release'>
  sleep(ms: number): Promise<void>
  /** A name for one run of one process. */
  newHolder(): string
  /** Slack takes one message a second to a channel. */
  postIntervalMs: number
  /** Told of what Slack did not take, or of what failed. */
  failed(about: { bulletin: string; tries: number; error: string }): void
  /** Aborted when the process is to stop: what is not told yet is left to the next one. */
  stopping: AbortSignal
}

/** Longer than the longest call to Slack (10 s) with a look before it. */
const leaseMs = 45_000
/** A process that dies leaves its channel silent for so long. */
const speakingMs = 15_000
/** Somebody else speaks in the channel just now. */
const busyMs = 2_000

/** The most leads that a digest names; the App Home has them all. */
const mostEntries = 10
/** As in a home: more handoffs of a kind than this are not looked at. */
const mostLookedAt = 1_000

type PlanWorld = Pick<BulletinWorld, 'workspaceId' | 'bulletins' | 'members' | 'agreements' | 'now'>

/**
 * Plans what has fallen due, by the clock of each reader, and what nobody planned when it did: not
 * longer than two hours ago. Repeating it does no harm. Gives the times at which to do it again.
 */
export async function planBulletins(world: PlanWorld): Promise<Schedule[]> {
  const { agreement } = await world.agreements.inForce(world.workspaceId)
  const readers = await readersOf(world, agreement)
  const now = world.now()
  const window = { since: new Date(now.getTime() - plannedLateMs), now }
  const planned = [...digestsDue(agreement, readers, window), ...weekliesDue(agreement, window)]
  if (planned.length > 0) await world.bulletins.plan(world.workspaceId, planned)
  return schedulesOf(agreement, readers)
}

/** Everybody who may have something due: by role, as an owner of a lead type, or of leads. */
async function readersOf(
  { workspaceId, members, bulletins }: PlanWorld,
  { people, lead_types: types }: Agreement,
): Promise<Member[]> {
  const addresses = [
    ...people.map(({ email }) => email),
    ...types.flatMap(({ owners }) => {
      if (owners === 'open') return []
      return 'fixed' in owners ? [owners.fixed] : owners.rotate
    }),
  ]
  const [records, owners] = await Promise.all([
    members.roleRecords(workspaceId, [...new Set(addresses)]),
    bulletins.owners(workspaceId),
  ])
  const known = new Set(records.map(({ member }) => member.id))
  const others = await Promise.all(
    owners.filter((id) => !known.has(id)).map((id) => members.byId(workspaceId, id)),
  )
  return [
    ...records.map(({ member }) => member),
    ...others.filter((member) => member !== undefined),
  ]
}

/**
 * Tells what is due, one after the other, until nothing is left or Slack asks for patience. What is
 * told is read at that moment; a bulletin that has nothing to say by then is dropped, as is one that
 * could not be told for hours. One that names a lead which was erased since is deleted.
 */
export async function sendBulletins(world: BulletinWorld): Promise<void> {
  const { bulletins, workspaceId, now, stopping } = world
  while (!stopping.aborted) {
    const taken = await bulletins.take(workspaceId, now(), leaseMs)
    if (taken === undefined || (await sendOne(world, taken)) === 'wait') return
  }
}

/** Tells one, at the pace of its channel; `wait` where Slack asks to be left alone. */
async function sendOne(world: BulletinWorld, taken: TakenBulletin): Promise<'wait' | 'go-on'> {
  const { workspaceId, outbox, now } = world
  const stream = { workspaceId, stream: taken.recipient }
  const holder = world.newHolder()
  const lease = await outbox.lease(stream, holder, speakingMs)
  if (lease === undefined) {
    const { uncertain } = taken
    await world.bulletins.later(taken, after(now(), busyMs), { error: 'busy', uncertain })
    return 'go-on'
  }
  let silentUntil: Date | null = null
  try {
    if (lease.lastPostAt !== null) {
      const wait = lease.lastPostAt.getTime() + world.postIntervalMs - now().getTime()
      if (wait > 0) await world.sleep(Math.min(wait, world.postIntervalMs))
    }
    const { said, bulletin, posted } = await say(world, taken)
    if (posted) silentUntil = after(now(), world.postIntervalMs)
    return await settle(world, bulletin, said)
  } catch (error) {
    await failedOn(world, taken, error)
    return 'go-on'
  } finally {
    await outbox.release(stream, holder, silentUntil)
  }
}

const after = (now: Date, ms: number): Date => new Date(now.getTime() + ms)

type Outcome = Said | Exclude<Found, { kind: 'absent' }> | { kind: 'nothing' } | { kind: 'lost' }

interface Telling {
  said: Outcome
  /** As it is held now. */
  bulletin: TakenBulletin
  posted: boolean
}

async function say(world: BulletinWorld, taken: TakenBulletin): Promise<Telling> {
  const { messenger, bulletins, now } = world
  if (taken.withdrawn) return withdraw(world, taken)
  if (taken.uncertain) {
    const found = await messenger.find(taken)
    if (found.kind !== 'absent') return { said: found, bulletin: taken, posted: false }
  }
  const isStale = now().getTime() - taken.dueAt.getTime() > staleAfterMs[taken.kind]
  const content = isStale ? undefined : await contentOf(world, taken)
  if (content === undefined) return { said: { kind: 'nothing' }, bulletin: taken, posted: false }
  const bulletin = await bulletins.sending(taken, handoffsNamed(content), now(), leaseMs)
  if (bulletin === undefined) return { said: { kind: 'lost' }, bulletin: taken, posted: false }
  return { said: await messenger.post(bulletin, content), bulletin, posted: true }
}

/** Which handoffs are named to the reader. */
const handoffsNamed = (content: BulletinContent): string[] =>
  content.kind === 'daily' ? content.entries.map(({ handoff }) => handoff.id) : []

/** Deletes one that names a lead which was erased, wherever it stands. */
async function withdraw({ messenger }: BulletinWorld, bulletin: TakenBulletin): Promise<Telling> {
  const found: Found =
    bulletin.posted === null ? await messenger.find(bulletin) : { kind: 'done', ...bulletin.posted }
  if (found.kind === 'absent') return { said: { kind: 'nothing' }, bulletin, posted: false }
  if (found.kind !== 'done') return { said: found, bulletin, posted: false }
  const said = await messenger.remove(found)
  return { said: said.kind === 'done' ? { kind: 'nothing' } : said, bulletin, posted: false }
}

async function settle(
  { bulletins, now, failed }: BulletinWorld,
  bulletin: TakenBulletin,
  said: Outcome,
): Promise<'wait' | 'go-on'> {
  const { key, tries } = bulletin
  switch (said.kind) {
    case 'done':
      await bulletins.sent(bulletin, said)
      return 'go-on'
    case 'nothing':
      await bulletins.drop(bulletin)
      return 'go-on'
    case 'lost':
      return 'go-on'
    case 'never':
      failed({ bulletin: key, tries, error: said.error })
      await bulletins.park(bulletin, said.error)
      return 'go-on'
    case 'later': {
      const { error, ambiguous: uncertain } = said
      failed({ bulletin: key, tries, error })
      const again = after(now(), said.afterMs ?? backoffMs(tries))
      await bulletins.later(bulletin, again, { error, uncertain })
      return said.whole ? 'wait' : 'go-on'
    }
  }
}

/**
 * Something else than Slack failed. What was about to be sent by then is held under another moment,
 * and is looked for when that has passed; so this changes nothing of it. Errors of the database quote
 * what they are about, which is nobody's business.
 */
async function failedOn(
  { bulletins, now, failed }: BulletinWorld,
  taken: TakenBulletin,
  fault: unknown,
): Promise<void> {
  const { key, tries, uncertain } = taken
  const error = fault instanceof Error ? fault.name : 'unknown error'
  failed({ bulletin: key, tries, error })
  await bulletins.later(taken, after(now(), backoffMs(tries)), { error, uncertain })
}

/** What a bulletin says now; undefined where it has nothing to say. */
async function contentOf(
  world: BulletinWorld,
  { key }: TakenBulletin,
): Promise<BulletinContent | undefined> {
  const subject = subjectOf(key)
  switch (subject?.kind) {
    case 'daily':
      return readDigest(world, subject)
    case 'weekly':
      return readWeekly(world, subject.week)
    case undefined:
      return undefined
  }
}

/** What somebody has to do on a day, as things stand; undefined where there is nothing. */
export async function readDigest(
  world: BulletinWorld,
  { day, personId }: { day: string; personId: string },
): Promise<Digest | undefined> {
  const { workspaceId, members, agreements, homes, now: clock } = world
  const [reader, { agreement: inForce }] = await Promise.all([
    members.byId(workspaceId, personId),
    agreements.inForce(workspaceId),
  ])
  if (reader === undefined || reader.external) return undefined
  const viewer = viewerOf(inForce, reader)
  if (viewer.role === null) return undefined
  const zone = zoneOf(reader, inForce)
  const found = await homes.entries(workspaceId, viewer, mostLookedAt)
  const due = digestOf(found, viewer, { day, zone })
  const now = clock()
  const told = due.slice(0, mostEntries)
  const handoffs = await homes.handoffs(
    workspaceId,
    told.map(({ id }) => id),
  )
  const entries = await Promise.all(
    told.flatMap(({ id, list }) => {
      const handoff = handoffs.find((one) => one.id === id)
      return handoff === undefined ? [] : [withCard(world, { list, handoff })]
    }),
  )
  if (entries.length === 0) return undefined
  const late = due.filter(({ dueAt }) => dueAt < now).length
  return { kind: 'daily', reader, zone, now, entries, total: due.length, late }
}

async function withCard(
  { handoffs, agreements, cards }: BulletinWorld,
  { list, handoff }: Pick<Digest['entries'][number], 'list' | 'handoff'>,
): Promise<Digest['entries'][number]> {
  const { workspaceId, id, agreementVersion } = handoff
  const [agreement, story] = await Promise.all([
    agreements.version(workspaceId, agreementVersion),
    handoffs.story(workspaceId, id),
  ])
  const card = story?.card ?? null
  return { list, handoff, agreement, url: card === null ? undefined : await cards.urlOf(card) }
}

/** How the week before was; undefined where no lead was handed over in it. */
export async function readWeekly(
  world: Pick<BulletinWorld, 'workspaceId' | 'agreements' | 'reports' | 'members' | 'now'>,
  week: string,
): Promise<WeeklyReport | undefined> {
  const told = weeksTold(week)
  const ask = (period: typeof told.last) =>
    askReport(world, world.workspaceId, { period, groupBy: null, by: null })
  const last = await ask(told.last)
  if (last.kind !== 'report' || last.report.total.handoffs === 0) return undefined
  const earlier = await ask(told.before)
  if (earlier.kind !== 'report') return undefined
  const { agreement } = last.inForce
  const [figures, before] = [last.report.total, earlier.report.total]
  return {
    kind: 'weekly',
    period: last.report.period,
    week: figures,
    before,
    agreement,
    remark: remarkOn(figures, before, agreement),
  }
}
