import type { Agreement, Role } from './agreement.ts'
import { type HandoffStatus, isBack, isOpen, type ReturnAnswer } from './handoff.ts'
import { type Member, mayAnswerReturns, maySell, roleOf, rulesFor } from './person.ts'

/** What a person sees in the home of Baton, and in which order. */

/** Whose home it is, as far as it decides on what concerns them. */
export interface HomeViewer {
  personId: string
  /** null for whoever may only look. */
  role: Role | null
  /** The lead types whose leads they may take. */
  sells: 'all' | readonly string[]
  /** Sees how Baton is set up. */
  administers: boolean
}

/** What decides on the place of a handoff in a home. */
export interface HomeEntry {
  id: string
  status: HandoffStatus
  ownerId: string | null
  leadType: string
  /** The deadline that presses; null where nothing does. */
  dueAt: Date | null
  answer: ReturnAnswer | null
  /** Both managers have ruled alike on its return. */
  isRuled: boolean
  readySince: Date | null
  createdAt: Date
}

/** The lists of a home, in their order. */
export const homeLists = ['rulings', 'offered', 'working', 'toAnswer', 'ready', 'late'] as const
export type HomeList = (typeof homeLists)[number]

/** The lists of a page, with how many are in each of them. */
export interface HomePage {
  /** From 0. */
  page: number
  pages: number
  lists: { name: HomeList; total: number; ids: string[] }[]
}

/** What somebody is for Baton, whatever the lead type. */
export function viewerOf(agreement: Agreement, member: Member): HomeViewer {
  const general = roleOf(agreement, member, '')
  const types = agreement.lead_types.map(({ id }) => id)
  const role =
    general ?? types.map((id) => roleOf(agreement, member, id)).find((one) => one !== null) ?? null
  return {
    personId: member.id,
    role,
    sells: maySell(general)
      ? 'all'
      : types.filter((type) => maySell(roleOf(agreement, member, type))),
    administers: !member.external && (role === 'admin' || member.slackAdmin),
  }
}

/** Managers and admins see the figures, what waits for a ruling, and what is late. */
export const manages = ({ role }: HomeViewer): boolean =>
  role === 'admin' || rulesFor(role) !== null

/** Has a queue of their own; leads that nobody has yet are for reps to take. */
export const sells = ({ role }: HomeViewer): boolean => maySell(role)

export const answersReturns = ({ role }: HomeViewer): boolean => mayAnswerReturns(role)

/** The list in which a handoff concerns somebody; undefined where it does not. */
export function listOf(entry: HomeEntry, viewer: HomeViewer): HomeList | undefined {
  if (isBack(entry.status)) return listOfReturn(entry, viewer)
  if (!isOpen(entry.status)) return undefined
  if (entry.ownerId === viewer.personId) return entry.status === 'offered' ? 'offered' : 'working'
  if (isForTheTaking(entry, viewer)) return 'offered'
  return manages(viewer) && entry.dueAt !== null ? 'late' : undefined
}

function isForTheTaking({ status, ownerId, leadType }: HomeEntry, viewer: HomeViewer): boolean {
  if (status !== 'offered' || ownerId !== null || viewer.role !== 'rep') return false
  return viewer.sells === 'all' || viewer.sells.includes(leadType)
}

function listOfReturn(entry: HomeEntry, viewer: HomeViewer): HomeList | undefined {
  if (entry.answer === 'handed-over-again') return undefined
  if (entry.answer === 'contested' && !entry.isRuled) {
    return manages(viewer) ? 'rulings' : undefined
  }
  if (!answersReturns(viewer)) return undefined
  if (entry.answer === null) return 'toAnswer'
  return entry.readySince === null ? undefined : 'ready'
}

/** A page of what concerns somebody: what is due first comes first in each list. */
export function homePage(
  entries: readonly HomeEntry[],
  viewer: HomeViewer,
  { page, size, now }: { page: number; size: number; now: Date },
): HomePage {
  const lists = homeLists
    .map((name) => ({
      name,
      entries: entries
        .filter((entry) => listOf(entry, viewer) === name)
        .filter((entry) => name !== 'late' || isLate(entry, now))
        .sort(name === 'ready' ? byReadiness : byDeadline),
    }))
    .filter((list) => list.entries.length > 0)
  const total = lists.reduce((sum, list) => sum + list.entries.length, 0)
  const pages = Math.max(1, Math.ceil(total / size))
  const current = Math.min(Math.max(0, page), pages - 1)
  let before = 0
  return {
    page: current,
    pages,
    lists: lists.flatMap((list) => {
      const from = Math.max(0, current * size - before)
      const to = Math.max(0, (current + 1) * size - before)
      before += list.entries.length
      const ids = list.entries.slice(from, to).map(({ id }) => id)
      return ids.length === 0 ? [] : [{ name: list.name, total: list.entries.length, ids }]
    }),
  }
}

const isLate = ({ dueAt }: HomeEntry, now: Date): boolean => dueAt !== null && dueAt <= now

const never = Number.POSITIVE_INFINITY
const order = (a: number, b: number): number => (a === b ? 0 : a - b)

const byDeadline = (a: HomeEntry, b: HomeEntry): number =>
  order(a.dueAt?.getTime() ?? never, b.dueAt?.getTime() ?? never) || byAge(a, b)

const byReadiness = (a: HomeEntry, b: HomeEntry): number =>
  order(a.readySince?.getTime() ?? never, b.readySince?.getTime() ?? never) || byAge(a, b)

const byAge = (a: HomeEntry, b: HomeEntry): number =>
  order(a.createdAt.getTime(), b.createdAt.getTime()) || (a.id < b.id ? -1 : 1)

/** When a home says something else although nothing happens: the next deadline of its leads passes. */
export function changesAt(
  entries: readonly HomeEntry[],
  viewer: HomeViewer,
  now: Date,
): Date | null {
  const ahead = entries
    .filter((entry) => listOf(entry, viewer) !== undefined)
    .flatMap(({ dueAt }) => (dueAt !== null && dueAt > now ? [dueAt.getTime()] : []))
  return ahead.length === 0 ? null : new Date(Math.min(...ahead))
}
