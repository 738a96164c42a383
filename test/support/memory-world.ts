import type { Agreement } from '../../src/domain/agreement.ts'
import type { Term } from '../../src/domain/glossary.ts'
import { type HandoffEvent, isOpen } from '../../src/domain/handoff.ts'
import type { AddressedNotice } from '../../src/domain/notice.ts'
import type { Member } from '../../src/domain/person.ts'
import type {
  HandoffStory,
  Handoffs,
  Members,
  Stream,
  WakeUp,
  World,
} from '../../src/use-cases/ports.ts'
import { aMember, anAgreement, fixedNow } from './builders.ts'
import { createMemoryProposals } from './memory-proposals.ts'

export interface MemoryWorldOptions {
  agreement?: Agreement
  terms?: Term[]
  /** Who is known from the start; others are made known when they are named. */
  members?: Member[]
  now?: () => Date
}

/** The world in memory, and what a test may look at and move. */
export interface MemoryWorld extends World {
  /** Everything that was committed to be told, in order. */
  notices: AddressedNotice[]
  wakeUps: WakeUp[]
  streams: Stream[]
  /** Says where the card of a handoff stands, as a delivery would. */
  posted(handoffId: string, card: { channel: string; ts: string }): void
  clock: { now: Date }
}

/** The ports over plain maps: the rules of the real stores on versions, request keys and open leads. */
export function createMemoryWorld(options: MemoryWorldOptions = {}): MemoryWorld {
  const agreement = options.agreement ?? anAgreement()
  const terms = options.terms ?? []
  const clock = { now: fixedNow }
  const stories = new Map<string, HandoffStory>()
  const requests = new Map<string, { fingerprint: string; handoffId: string }>()
  const notices: AddressedNotice[] = []
  const wakeUps: WakeUp[] = []
  const streams: Stream[] = []
  let made = 0

  const all = (workspaceId: string) =>
    [...stories.values()].filter(({ handoff }) => handoff.workspaceId === workspaceId)
  const storyOf = (workspaceId: string, id: string) =>
    all(workspaceId).find(({ handoff }) => handoff.id === id)
  const openOf = (workspaceId: string, email: string) =>
    all(workspaceId).find(({ handoff }) => handoff.lead.email === email && isOpen(handoff.status))
      ?.handoff

  const handoffs: Handoffs = {
    byId: async (workspaceId, id) => storyOf(workspaceId, id)?.handoff,
    openOfLead: async (workspaceId, email) => openOf(workspaceId, email),
    story: async (workspaceId, id) => storyOf(workspaceId, id),
    async page(workspaceId, { status, owner, leadType }, { cursor, limit }) {
      const matching = all(workspaceId)
        .map((story, place) => ({ story, place }))
        .filter(({ story: { handoff } }) => status === undefined || handoff.status === status)
        .filter(({ story: { handoff } }) => owner === undefined || handoff.owner?.email === owner)
        .filter(({ story: { handoff } }) => leadType === undefined || handoff.leadType === leadType)
        .filter(({ place }) => cursor === undefined || !(place >= Number(cursor)))
        .reverse()
      const page = matching.slice(0, limit)
      const last = page.at(-1)
      const more = matching.length > limit && last !== undefined
      return { items: page.map(({ story }) => story), nextCursor: more ? `${last.place}` : null }
    },
    async commit(before, decision, request) {
      const { handoff } = decision
      const key = `${handoff.workspaceId} ${request?.key}`
      if (request !== undefined && requests.has(key)) return 'repeated'
      const known = stories.get(handoff.id)
      if (before === null && openOf(handoff.workspaceId, handoff.lead.email)) return 'lead-taken'
      if (before !== null && known?.handoff.version !== before.version) return 'moved'
      if (request !== undefined) {
        requests.set(key, { fingerprint: request.fingerprint, handoffId: handoff.id })
      }
      const events: HandoffEvent[] = [...(known?.events ?? []), ...decision.events]
      stories.set(handoff.id, { handoff, events, card: known?.card ?? null })
      notices.push(...decision.notices)
      return 'committed'
    },
    byRequest: async (workspaceId, key) => requests.get(`${workspaceId} ${key}`),
  }

  return {
    handoffs,
    leads: {
      byEmail: async (workspaceId, email) =>
        all(workspaceId)
          .map(({ handoff }) => handoff.lead)
          .findLast((lead) => lead.email === email),
    },
    members: createMembers(options.members ?? []),
    ...createMemoryProposals(agreement, () => clock.now),
    glossary: { terms: async () => terms },
    promiseRecords: { factsOf: async (_, period) => ({ ...period, handoffs: [], deadlines: [] }) },
    queue: {
      wake: (hints) => void wakeUps.push(...hints),
      deliver: (hints) => void streams.push(...hints),
    },
    now: options.now ?? (() => clock.now),
    newId: (prefix) => `${prefix}_${++made}`,
    notices,
    wakeUps,
    streams,
    posted(handoffId, card) {
      const story = stories.get(handoffId)
      if (story !== undefined) stories.set(handoffId, { ...story, card })
    },
    clock,
  }
}

function createMembers(known: Member[]): Members {
  const members = [...known]
  const find = (is: (member: Member) => boolean, other: Partial<Member>): Member => {
    const member = members.find(is) ?? aMember({ id: `per_${members.length + 1}`, ...other })
    if (!members.includes(member)) members.push(member)
    return member
  }
  return {
    bySlackId: async (_workspaceId, slackId, hint) =>
      find((member) => member.slackId === slackId, {
        slackId,
        email: null,
        name: hint?.name ?? slackId,
      }),
    byEmail: async (_workspaceId, email) =>
      find((member) => member.email === email, { slackId: null, email, name: email }),
    byId: async (_workspaceId, id) => members.find((member) => member.id === id),
  }
}
