import type { Agreement } from '../domain/agreement.ts'
import type { Handoff } from '../domain/handoff.ts'
import { changesAt, type HomeViewer, homePage, manages, viewerOf } from '../domain/home.ts'
import type { Member } from '../domain/person.ts'
import { holdersOf } from '../domain/roles.ts'
import { isAskedToSetUp } from '../domain/set-up.ts'
import { type MeasuredPromise, measurePromises } from './measure-promises.ts'
import type {
  EventCounts,
  HomeContents,
  HomeScreen,
  HomeSettings,
  Homes,
  OwnChannels,
  TakenHome,
} from './ports/home.ts'
import type { World } from './ports/world.ts'

/** What homes need of the world. */
export interface HomeWorld
  extends Pick<
    World,
    'members' | 'agreements' | 'proposals' | 'promiseRecords' | 'setUps' | 'cards' | 'now'
  > {
  homes: Homes
  screen: HomeScreen
  ownChannels: OwnChannels
  /** The figures, for all homes together. */
  week: WeekFigures
  /** Names of the CRMs that are connected. */
  crms: readonly string[]
}

/** Entries on a page. */
const pageSize = 10

/** More handoffs of a kind than this are not looked at. */
const mostEntries = 1_000

/** More proposals than this are not shown. */
const mostProposals = 3

/** The figures of a home are those of a week. */
const weekMs = 7 * 24 * 3_600_000

/** Slack is asked to draw the home of a person no more than once a second. */
const paceMs = 1_000
const againMs = 5_000

/** Settings change without an event. */
const settingsMs = 60_000

/** Gives what was read for the same moment; reads it anew for another one, and once in a while. */
type AtOnce<Value> = (moment: string, now: Date, read: () => Promise<Value>) => Promise<Value>

/** The figures of the last seven days, which many homes show. */
export interface WeekFigures {
  counts: AtOnce<EventCounts>
  promises: AtOnce<MeasuredPromise[]>
}

/** Time goes on although nothing happens: figures are no older than this. */
const figuresMs = 60_000

function atOnce<Value>(): AtOnce<Value> {
  let last: { moment: string; at: number; value: Promise<Value> } | undefined
  return (moment, now, read) => {
    const at = now.getTime()
    if (last?.moment === moment && at - last.at < figuresMs) return last.value
    const value = read()
    last = { moment, at, value }
    // what failed is read again by the next one
    value.catch(() => {
      if (last?.value === value) last = undefined
    })
    return value
  }
}

export const createWeekFigures = (): WeekFigures => ({ counts: atOnce(), promises: atOnce() })

/** Draws a home as things stand; what it shows already is not sent again. */
export async function drawHome(world: HomeWorld, home: TakenHome): Promise<string | undefined> {
  const { contents, redrawAt } = await readHome(world, home)
  const shown = await world.screen.show(home.userId, contents, home.shown)
  const after = (ms: number): Date => new Date(world.now().getTime() + ms)
  switch (shown.kind) {
    case 'done': {
      const freeAt = after(shown.isNew ? paceMs : 0)
      await world.homes.drawn(home, { shown: shown.shown, freeAt, redrawAt })
      return undefined
    }
    case 'later':
      await world.homes.notDrawn(home, after(shown.afterMs ?? againMs))
      return shown.error
    case 'never':
      await world.homes.forget(home)
      return shown.error
  }
}

/** What the home of a person says now, and when it says something else by itself. */
export async function readHome(
  world: HomeWorld,
  { workspaceId, userId, page: asked, stamp }: Omit<TakenHome, 'shown'>,
): Promise<{ contents: HomeContents; redrawAt: Date | null }> {
  const [member, inForce] = await Promise.all([
    world.members.bySlackId(workspaceId, userId),
    world.agreements.inForce(workspaceId),
  ])
  const now = world.now()
  const viewer = viewerOf(inForce.agreement, member)
  const entries =
    viewer.role === null ? [] : await world.homes.entries(workspaceId, viewer, mostEntries)
  const { page, pages, lists } = homePage(entries, viewer, { page: asked, size: pageSize, now })
  const ids = lists.flatMap((list) => list.ids)
  const [found, aside] = await Promise.all([
    readEntries(world, workspaceId, ids),
    page === 0
      ? readAside(world, { workspaceId, viewer, inForce: inForce.agreement, stamp })
      : nothing,
  ])
  const contents: HomeContents = {
    ...{ member, viewer, inForce, now, page, pages },
    lists: lists.map(({ name, total, ids: own }) => ({
      name,
      total,
      entries: own.flatMap((id) => found.get(id) ?? []),
    })),
    isWhole: entries.length < mostEntries,
    ...aside,
    isAskedToSetUp: await isAsked(world, workspaceId, member, inForce.agreement),
  }
  return { contents, redrawAt: redrawAtOf(changesAt(entries, viewer, now), viewer, now) }
}

/** Whether Baton is set up matters to whoever administers the workspace, and nobody else. */
const isAsked = async (
  { setUps }: Pick<World, 'setUps'>,
  workspaceId: string,
  member: Member,
  agreement: Agreement,
): Promise<boolean> =>
  member.slackAdmin && isAskedToSetUp(agreement, await setUps.setUpAt(workspaceId), member)

function redrawAtOf(deadline: Date | null, { administers }: HomeViewer, now: Date): Date | null {
  if (!administers) return deadline
  const look = now.getTime() + settingsMs
  return new Date(Math.min(look, deadline?.getTime() ?? look))
}

/** Handoffs by id, each with the agreement that it was made under, and where its card is opened. */
async function readEntries(
  { homes, agreements, cards }: HomeWorld,
  workspaceId: string,
  ids: readonly string[],
) {
  const [handoffs, places] = await Promise.all([
    homes.handoffs(workspaceId, ids),
    homes.cards(workspaceId, ids),
  ])
  const known = new Map<number, Promise<Agreement>>()
  const termsOf = ({ agreementVersion: version }: Handoff): Promise<Agreement> => {
    const terms = known.get(version) ?? agreements.version(workspaceId, version)
    known.set(version, terms)
    return terms
  }
  const all = await Promise.all(
    handoffs.map(async (handoff) => {
      const place = places.get(handoff.id)
      const cardUrl = place && (await cards.urlOf(place))
      return { handoff, agreement: await termsOf(handoff), cardUrl }
    }),
  )
  return new Map(all.map((entry) => [entry.handoff.id, entry]))
}

type Aside = Pick<HomeContents, 'counts' | 'promises' | 'proposals' | 'settings'>

const nothing: Aside = {
  counts: undefined,
  promises: undefined,
  proposals: undefined,
  settings: undefined,
}

/** What stands on the first page beside the leads. */
async function readAside(
  world: HomeWorld,
  asked: { workspaceId: string; viewer: HomeViewer; inForce: Agreement; stamp: string },
): Promise<Aside> {
  const { workspaceId, viewer, inForce, stamp } = asked
  const now = world.now()
  const since = new Date(now.getTime() - weekMs)
  const isManager = manages(viewer)
  const { homes, week } = world
  const moment = `${workspaceId} ${stamp}`
  const isInformed = isManager || viewer.role === 'marketing'
  const [counts, promises, proposals, settings] = await Promise.all([
    isInformed ? week.counts(moment, now, () => homes.counts(workspaceId, since)) : undefined,
    isManager
      ? week.promises(moment, now, () =>
          measurePromises(world, workspaceId, { from: since, to: now }),
        )
      : undefined,
    isManager ? world.proposals.open(workspaceId) : undefined,
    viewer.administers ? readSettings(world, workspaceId, inForce) : undefined,
  ])
  return { counts, promises, proposals: proposals?.slice(0, mostProposals), settings }
}

async function readSettings(
  { homes, members, ownChannels, crms }: HomeWorld,
  workspaceId: string,
  inForce: Agreement,
): Promise<HomeSettings> {
  const emails = inForce.people.map(({ email }) => email)
  const [connections, records, own] = await Promise.all([
    homes.connections(workspaceId),
    members.roleRecords(workspaceId, emails),
    ownChannels.all(),
  ])
  const names = new Set([
    ...inForce.lead_types.map(({ channel }) => channel),
    inForce.managers_channel,
  ])
  return {
    ...connections,
    channels: [...names].map((name) => ({ name, isIn: own === undefined ? null : own.has(name) })),
    holders: holdersOf(inForce, records),
    crms,
  }
}
