import type { Handoff } from '../../src/domain/handoff.ts'
import type { KnownLead, LeadChange } from '../../src/domain/lead.ts'
import type { Activity, Standing } from '../../src/domain/scoring.ts'
import type { RecordedChange } from '../../src/domain/story.ts'
import type { Activities, Leads, Scores } from '../../src/use-cases/ports/leads.ts'
import { aLead } from './builders.ts'

interface Kept extends KnownLead {
  stage: NonNullable<KnownLead['stage']>
  workspaceId: string
  standing: Standing
  /** The stage of the journey by the rules, as long as none was sent. */
  journeyScored: string | null
  dueAt: Date | null
  /** What changed about it outside of handoffs. */
  changes: RecordedChange[]
  activities: Activity[]
}

/** What a test may look at of a lead that was kept. */
export type KeptLead = Readonly<Kept>

const unscored = {
  status: null,
  score: null,
  standing: { above: false, crossings: 0 },
  journeyScored: null,
  dueAt: null,
}

/** Leads, what they did and what it is worth, over plain maps. */
export function createMemoryLeads() {
  const kept = new Map<string, Kept>()
  const keys = new Set<string>()
  let made = 0

  const keyOf = (workspaceId: string, email: string): string => `${workspaceId} ${email}`
  const byId = (id: string): Kept | undefined =>
    [...kept.values()].find(({ lead }) => lead.id === id)
  const known = (workspaceId: string, email: string): Kept | undefined =>
    kept.get(keyOf(workspaceId, email))
  const record = (changes: readonly LeadChange[], at: Date): RecordedChange[] =>
    changes.map((one) => ({ ...one, handoffId: null, version: null, at, by: null }))
  const added = (workspaceId: string, { lead, stage }: Pick<Kept, 'lead' | 'stage'>): Kept => {
    const one = { ...unscored, workspaceId, lead, stage, changes: [], activities: [] }
    kept.set(keyOf(workspaceId, lead.email), one)
    return one
  }

  const leads: Pick<Leads, 'byEmail' | 'keep'> = {
    async byEmail(workspaceId, email) {
      const one = known(workspaceId, email)
      return one && { lead: one.lead, stage: one.stage, status: one.status, score: one.score }
    },
    async keep(workspaceId, email, decide, now) {
      const before = known(workspaceId, email)
      const decided = decide(before)
      if (!decided.ok) return { decided, created: false }
      const { lead, stage, changes } = decided
      const one = before ?? added(workspaceId, { lead, stage })
      Object.assign(one, { lead, stage, dueAt: now })
      one.changes.push(...record(changes, now))
      return { decided, created: before === undefined }
    },
  }

  const activities: Activities = {
    async add(workspaceId, told, now) {
      let count = 0
      for (const { email, name, key, ...activity } of told) {
        const lead = aLead({
          ...{ id: `lead_of_activity_${++made}`, email, name, title: null, phone: null },
          ...{ company: {}, source: null, crm: null, journeyStage: null },
        })
        const one = known(workspaceId, email) ?? added(workspaceId, { lead, stage: 'lead' })
        one.dueAt = now
        if (keys.has(keyOf(workspaceId, key))) continue
        keys.add(keyOf(workspaceId, key))
        one.activities.push(activity)
        count += 1
      }
      return count
    },
  }

  const scores: Scores = {
    async take(workspaceId, { types, now, turn, limit }) {
      const due = [...kept.values()]
        .filter((one) => one.workspaceId === workspaceId && one.dueAt !== null && one.dueAt <= now)
        .slice(0, limit)
      for (const one of due) one.dueAt = turn
      return due.map(({ lead, journeyScored, stage, score, standing, activities: done }) => ({
        lead: {
          ...lead,
          journeyStage: lead.journeyStage === journeyScored ? null : lead.journeyStage,
        },
        stage,
        score,
        standing,
        activities: done.filter(({ type }) => types.includes(type)),
      }))
    },
    async keep(_workspaceId, turn, rescored, now) {
      const ids = new Set<string>()
      for (const { lead, score, stage, journeyStage, standing, changes, ...rest } of rescored) {
        const one = byId(lead.id)
        if (one?.dueAt?.getTime() !== turn.getTime()) continue
        const wasSent = one.lead.journeyStage !== one.journeyScored
        if (!wasSent) Object.assign(one, { journeyScored: journeyStage, lead })
        Object.assign(one, { score, stage })
        if (!rest.crossed) Object.assign(one, { standing, dueAt: rest.dueAt })
        one.changes.push(...record(changes, now))
        ids.add(lead.id)
      }
      return ids
    },
    async settle(_workspaceId, turn, { lead, standing, dueAt }) {
      const one = byId(lead.id)
      if (one === undefined) return
      one.standing = standing
      if (one.dueAt?.getTime() === turn.getTime()) one.dueAt = dueAt
    },
  }

  return {
    leads,
    activities,
    scores,
    known: (workspaceId: string, email: string): KeptLead | undefined => known(workspaceId, email),
    /** What a commit does to the lead of a handoff. */
    moved({
      workspaceId,
      lead,
      lifecycleStage: stage,
      leadStatus: status,
      ...rest
    }: Handoff): void {
      const one = known(workspaceId, lead.email) ?? added(workspaceId, { lead, stage })
      if (rest.version === 1 && one.score === null) one.dueAt = rest.createdAt
      Object.assign(one, { lead, stage, status })
    },
  }
}
