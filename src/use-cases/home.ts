import type { Agreement } from '../domain/agreement.ts'
import type { Handoff } from '../domain/handoff.ts'
import { changesAt, type HomeViewer, homePage, manages, viewerOf } from '../domain/home.ts'
import { holdersOf } from '../domain/roles.ts'
import { measurePromises } from './measure-promises.ts'
import type {
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
  extends Pick<World, 'members' | 'agreements' | 'proposals' | 'promiseRecords' | 'now'> {
  homes: Homes
  screen: HomeScreen
  ownChannels: OwnChannels
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
  { workspaceId, userId, page: asked }: Pick<TakenHome, 'workspaceId' | 'userId' | 'page'>,
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
    withTerms(world, await world.homes.handoffs(workspaceId, ids)),
    page === 0 ? readAside(world, { workspaceId, viewer, inForce: inForce.agreement }) : nothing,
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
  }
  return { contents, redrawAt: redrawAtOf(changesAt(entries, viewer, now), viewer, now) }
}

function redrawAtOf(deadline: Date | null, { administers }: HomeViewer, now: Date): Date | null {
  if (!administers) return deadline
  const look = now.getTime() + settingsMs
  return new Date(Math.min(look, deadline?.getTime() ?? look))
}

/** Handoffs by id, each with the agreement that it was made under. */
async function withTerms({ agreements }: HomeWorld, handoffs: readonly Handoff[]) {
  const known = new Map<number, Promise<Agreement>>()
  const termsOf = ({ workspaceId, agreementVersion: version }: Handoff): Promise<Agreement> => {
    const terms = known.get(version) ?? agreements.version(workspaceId, version)
    known.set(version, terms)
    return terms
  }
  const all = await Promise.all(
    handoffs.map(async (handoff) => ({ handoff, agreement: await termsOf(handoff) })),
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
  { workspaceId, viewer, inForce }: { workspaceId: string; viewer: HomeViewer; inForce: Agreement },
): Promise<Aside> {
  const now = world.now()
  const since = new Date(now.getTime() - weekMs)
  const isManager = manages(viewer)
  const isInformed = isManager || viewer.role === 'marketing'
  const [counts, promises, proposals, settings] = await Promise.all([
    isInformed ? world.homes.counts(workspaceId, since) : undefined,
    isManager ? measurePromises(world, workspaceId, { from: since, to: now }) : undefined,
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
