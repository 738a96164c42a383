import { writeCsv } from '../../src/adapters/csv/report.ts'
import type { Agreement, Role } from '../../src/domain/agreement.ts'
import type { Decision } from '../../src/domain/decide/decision.ts'
import type { Term } from '../../src/domain/glossary.ts'
import { type HandoffEvent, isBack, isOpen } from '../../src/domain/handoff.ts'
import type { AddressedNotice } from '../../src/domain/notice.ts'
import { type Member, personOf } from '../../src/domain/person.ts'
import type { RoleRecord, UserGroup } from '../../src/domain/roles.ts'
import { companyDomainOf } from '../../src/domain/routing.ts'
import type { FoundLead, RecordedChange, RecordedEvent } from '../../src/domain/story.ts'
import type { Stream, WakeUp } from '../../src/use-cases/ports/delivery.ts'
import type {
  Change,
  CommitOutcome,
  HandoffStory,
  Handoffs,
} from '../../src/use-cases/ports/handoffs.ts'
import type { Stories } from '../../src/use-cases/ports/leads.ts'
import type { Members } from '../../src/use-cases/ports/people.ts'
import type { World } from '../../src/use-cases/ports/world.ts'
import { aMember, anAgreement, fixedNow } from './builders.ts'
import { createMemoryDrops } from './memory-drops.ts'
import { createMemoryLeads, type KeptLead } from './memory-leads.ts'
import { createMemoryProposals } from './memory-proposals.ts'
import { createMemoryRulings } from './memory-rulings.ts'
import { createMemorySetUps } from './memory-set-ups.ts'
import { createMemoryTerms } from './memory-terms.ts'
import { calmTestMessenger, createMemoryTestHandoffs } from './memory-test-handoffs.ts'
import { createMemoryWebhooks } from './memory-webhooks.ts'

export interface MemoryWorldOptions {
  agreement?: Agreement
  terms?: Term[]
  /** Who is known from the start; others are made known when they are named. */
  members?: Member[]
  /** Slack's user groups; undefined where Slack can't be asked. */
  groups?: () => UserGroup[] | undefined
  now?: () => Date
}

/** The world in memory, and what a test may look at and move. */
export interface MemoryWorld extends World {
  drops: ReturnType<typeof createMemoryDrops>
  /** Everything that was committed to be told, in order. */
  notices: AddressedNotice[]
  wakeUps: WakeUp[]
  streams: Stream[]
  /** When leads were said to be due to be scored. */
  scorings: Date[]
  leadOf(workspaceId: string, email: string): KeptLead | undefined
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
  const scorings: Date[] = []
  const memoryLeads = createMemoryLeads()
  const memoryDrops = createMemoryDrops()
  const recorded = new Map<string, RecordedEvent[]>()
  const changes: RecordedChange[] = []
  let made = 0

  const all = (workspaceId: string) =>
    [...stories.values()].filter(({ handoff }) => handoff.workspaceId === workspaceId)
  const storyOf = (workspaceId: string, id: string) =>
    all(workspaceId).find(({ handoff }) => handoff.id === id)
  const openOf = (workspaceId: string, email: string) =>
    all(workspaceId).find(({ handoff }) => handoff.lead.email === email && isOpen(handoff.status))
      ?.handoff

  const rotations = new Map<string, { turns: Record<string, number>; version: number }>()
  const rotationOf = (workspaceId: string, leadType: string) =>
    rotations.get(`${workspaceId} ${leadType}`) ?? { turns: {}, version: 0 }

  function obstacleTo({ before, decision: { handoff, turn } }: Change): CommitOutcome | undefined {
    const turned = turn && rotationOf(handoff.workspaceId, turn.leadType).version
    if (turned !== turn?.version) return 'moved'
    const version = stories.get(handoff.id)?.handoff.version
    if (before !== null && version !== before.version) return 'moved'
    const open = openOf(handoff.workspaceId, handoff.lead.email)
    const taken = isOpen(handoff.status) && open !== undefined && open.id !== handoff.id
    return taken ? 'lead-taken' : undefined
  }

  function write(decision: Decision): void {
    const { handoff, turn, offDuty } = decision
    if (turn !== undefined) {
      const { leadType, turns, version } = turn
      rotations.set(`${handoff.workspaceId} ${leadType}`, { turns, version: version + 1 })
    }
    if (offDuty !== undefined) {
      void members.setOffDuty(handoff.workspaceId, offDuty, decision.events[0]?.at ?? clock.now)
    }
    const known = stories.get(handoff.id)
    const events: HandoffEvent[] = [...(known?.events ?? []), ...decision.events]
    stories.set(handoff.id, { handoff, events, card: known?.card ?? null })
    memoryLeads.moved(handoff)
    notices.push(...decision.notices)
    const { id: handoffId, version } = handoff
    const { at = clock.now, by = null } = decision.events.at(-1) ?? {}
    recorded.set(handoffId, [
      ...(recorded.get(handoffId) ?? []),
      ...decision.events.map((event) => ({ ...event, version })),
    ])
    changes.push(...decision.changes.map((one) => ({ ...one, handoffId, version, at, by })))
  }

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
    lastOfLead: async (workspaceId, email) =>
      all(workspaceId).findLast(({ handoff }) => handoff.lead.email === email)?.handoff,
    openOf: async (workspaceId, personId) =>
      all(workspaceId).filter(
        ({ handoff }) => handoff.owner?.id === personId && isOpen(handoff.status),
      ).length,
    back: async (workspaceId, limit) =>
      all(workspaceId)
        .map(({ handoff }) => handoff)
        .filter(
          ({ status, returned, lead }) =>
            isBack(status) &&
            returned?.answer !== 'handed-over-again' &&
            lead.erasedAt === undefined,
        )
        .slice(0, limit),
    async commitAll(together, request) {
      const first = together[0]?.decision.handoff
      const key = `${first?.workspaceId} ${request?.key}`
      if (request !== undefined && requests.has(key)) return 'repeated'
      // All of them or none: only when nothing stands in the way of any is one written.
      const obstacle = together.map(obstacleTo).find((outcome) => outcome !== undefined)
      if (obstacle !== undefined) return obstacle
      if (request !== undefined && first !== undefined) {
        requests.set(key, { fingerprint: request.fingerprint, handoffId: first.id })
      }
      for (const { decision } of together) write(decision)
      return 'committed'
    },
    commit: (before, decision, request) => handoffs.commitAll([{ before, decision }], request),
    byRequest: async (workspaceId, key) => requests.get(`${workspaceId} ${key}`),
  }

  const members = createMembers(options.members ?? [])
  const agreed = createMemoryProposals(agreement, () => clock.now)

  /** All rounds and without a bound: what is cut is shown by the real store. */
  const memoryStories: Stories = {
    async ofLead(workspaceId, email) {
      const own = all(workspaceId).filter(({ handoff }) => handoff.lead.email === email)
      const kept = memoryLeads.known(workspaceId, email)
      if (kept === undefined) return undefined
      const rounds = own.map(({ handoff }) => ({
        handoff,
        events: recorded.get(handoff.id) ?? [],
        olderEvents: 0,
      }))
      const ids = rounds
        .flatMap(({ events }) => events.flatMap(({ data }) => [data.owner, data.from, data.to]))
        .filter((id) => typeof id === 'string')
      const people = await Promise.all(ids.map((id) => members.byId(workspaceId, id)))
      return {
        known: { lead: kept.lead, stage: kept.stage, status: kept.status, score: kept.score },
        rounds,
        olderRounds: 0,
        changes: [
          ...kept.changes,
          ...changes.filter((one) => own.some(({ handoff }) => handoff.id === one.handoffId)),
        ],
        people: new Map(people.flatMap((one) => (one ? [[one.id, personOf(one)]] : []))),
      }
    },
    async find(workspaceId, text, limit) {
      const sought = text.toLowerCase()
      const found = new Map<string, FoundLead>()
      for (const { handoff } of all(workspaceId)) {
        const { id: handoffId, lead, lifecycleStage: stage, leadStatus: status, owner } = handoff
        const names = text.includes('@') ? [lead.email] : [lead.name, lead.company.name]
        if (!names.some((name) => `${name ?? ''}`.toLowerCase().includes(sought))) continue
        found.set(lead.id, {
          lead,
          stage,
          status,
          score: handoff.score,
          last: { handoffId, owner },
        })
      }
      return [...found.values()].slice(0, limit)
    },
  }

  return {
    handoffs,
    stories: memoryStories,
    erasures: {
      async erase(workspaceId, which, now) {
        const lead = 'email' in which && memoryLeads.known(workspaceId, which.email)?.lead
        return lead ? { leadId: lead.id, at: now, handoffs: 0, streams: [] } : undefined
      },
      erasedAt: async () => undefined,
      among: async () => new Map(),
      lift: async () => false,
      prune: async () => 0,
    },
    leadExports: {
      async ofLead(workspaceId, email) {
        const lead = memoryLeads.known(workspaceId, email)?.lead
        const none = { history: [], activities: [], handoffs: [], webhooks: [], crm: [] }
        return lead && { lead: { ...lead }, ...none }
      },
    },
    rotations: {
      of: async (workspaceId, leadType) => rotationOf(workspaceId, leadType),
      lastOwner: async (workspaceId, leadType, domain) =>
        all(workspaceId)
          .map(({ handoff }) => handoff)
          .filter(({ owner, acceptedAt }) => owner !== null && acceptedAt !== null)
          .filter((one) => one.leadType === leadType && companyDomainOf(one.lead) === domain)
          .sort((a, b) => Number(a.acceptedAt) - Number(b.acceptedAt))
          .at(-1)?.owner?.id,
    },
    leads: {
      ...memoryLeads.leads,
      async byCrm(workspaceId, { system, id }) {
        const known = all(workspaceId).find(
          ({ handoff: { lead } }) => lead.crm?.system === system && lead.crm.id === id,
        )
        return known && memoryLeads.leads.byEmail(workspaceId, known.handoff.lead.email)
      },
    },
    activities: memoryLeads.activities,
    scores: memoryLeads.scores,
    scorer: { due: () => void scorings.push(clock.now) },
    members,
    directory: { groups: async () => options.groups?.() },
    ...agreed,
    ...createMemoryTerms(terms, {
      inForce: async () => (await agreed.agreements.inForce('')).agreement,
      now: () => clock.now,
    }),
    rulings: createMemoryRulings(all, members),
    webhooks: createMemoryWebhooks(),
    webhookSender: {
      newSecret: () => 'whsec_a-secret',
      check: async (url) => (url.startsWith('https:') ? undefined : 'address-without-tls'),
      send: async () => ({ kind: 'status', status: 200, retryAfterMs: null }),
    },
    cards: {
      urlOf: async ({ channel, ts }) =>
        `https://acme.example/archives/${channel}/p${ts.replace('.', '')}`,
    },
    drops: memoryDrops,
    promiseRecords: { factsOf: async (_, period) => ({ ...period, handoffs: [], deadlines: [] }) },
    setUps: createMemorySetUps(),
    testHandoffs: createMemoryTestHandoffs(),
    testMessenger: calmTestMessenger,
    setUpMessenger: {
      greet: async () => true,
      check: async (names) => names.map((channel) => ({ channel, standing: 'is-in' as const })),
      report: async () => {},
    },
    reports: { facts: async () => ({ handoffs: [], paces: [], clocks: [], attempts: [] }) },
    writeCsv,
    queue: {
      wake: (hints) => void wakeUps.push(...hints),
      deliver: (hints) => void streams.push(...hints),
    },
    now: options.now ?? (() => clock.now),
    newId: (prefix) => `${prefix}_${++made}`,
    notices,
    wakeUps,
    streams,
    scorings,
    leadOf: memoryLeads.known,
    posted(handoffId, card) {
      const story = stories.get(handoffId)
      if (story !== undefined) stories.set(handoffId, { ...story, card })
    },
    clock,
  }
}

function createMembers(known: Member[]): Members {
  const members = [...known]
  const given = new Map<string, Role | null>(known.map(({ id, assigned }) => [id, assigned]))
  const byGroup = new Map<string, Role>()
  const offDuty = new Set<string>()
  const recordOf = (member: Member): RoleRecord => ({
    member,
    given: given.get(member.id) ?? null,
    byGroup: byGroup.get(member.id) ?? null,
  })
  const reassign = (): void => {
    for (const [index, member] of members.entries()) {
      const assigned = given.get(member.id) ?? byGroup.get(member.id) ?? null
      if (member.assigned !== assigned) members[index] = { ...member, assigned }
    }
  }
  const records = (emails: readonly string[]): RoleRecord[] =>
    members
      .map(recordOf)
      .filter(
        ({ member: { assigned, email } }) =>
          assigned !== null || (email !== null && emails.includes(email)),
      )
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
    async left(_workspaceId, slackId) {
      const at = members.findIndex((member) => member.slackId === slackId)
      const known = members[at]
      if (known === undefined) return undefined
      members[at] = { ...known, external: true }
      return members[at]
    },
    assigned: async () =>
      members.flatMap((member) =>
        member.assigned === null ? [] : [{ person: personOf(member), role: member.assigned }],
      ),
    roleRecords: async (_workspaceId, emails) => records(emails),
    offDuty: async () => offDuty,
    async setOffDuty(_workspaceId, personId, at) {
      if (at === null) offDuty.delete(personId)
      else offDuty.add(personId)
    },
    staff: async (_workspaceId, limit) =>
      members
        .filter(({ slackId, external }) => slackId !== null && !external)
        .sort((a, b) => a.name.localeCompare(b.name))
        .map(personOf)
        .slice(0, limit),
    async changeRole(_workspaceId, { personId, byId, emails }, decide) {
      const person = members.find(({ id }) => id === personId)
      const by = members.find(({ id }) => id === byId)
      if (person === undefined || by === undefined) return undefined
      const decided = decide({ person: recordOf(person), by, records: records(emails) })
      if (decided.ok) given.set(personId, decided.assignment.role)
      reassign()
      return decided
    },
    async setGroupRoles(_workspaceId, roles) {
      byGroup.clear()
      for (const [slackId, role] of roles) {
        const member = find((one) => one.slackId === slackId, { slackId, name: slackId })
        byGroup.set(member.id, role)
      }
      reassign()
    },
  }
}
