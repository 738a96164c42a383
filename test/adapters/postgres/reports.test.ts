import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connect, type Database } from '../../../src/adapters/postgres/client.ts'
import { commitStatement } from '../../../src/adapters/postgres/commit.ts'
import { createReports } from '../../../src/adapters/postgres/reports.ts'
import { calendarDateIn } from '../../../src/domain/business-time.ts'
import type { Decision } from '../../../src/domain/decide/decision.ts'
import type { Handoff } from '../../../src/domain/handoff.ts'
import { isBack } from '../../../src/domain/handoff.ts'
import {
  type Grouping,
  groupings,
  periodBetween,
  type ReportPeriod,
  reportOf,
} from '../../../src/domain/report.ts'
import { people, settings } from '../../domain/walk/settings.ts'
import { anyWalk, decisionsOf, take, type Walk } from '../../domain/walk/walk.ts'
import { minutesAfter } from '../../support/builders.ts'
import { type FreshDatabase, freshDatabase } from '../../support/database.ts'
import { bandOf, type Known, slowReport } from '../../support/slow-report.ts'

const zone = 'Europe/Rome'
const versions = { usual: 1, lively: 2, strict: 3 } as const
const inVersion = [undefined, settings.usual, settings.lively, settings.strict]
const sources = ['webinar', 'website', null]

let fresh: FreshDatabase
let database: Database
beforeAll(async () => {
  fresh = await freshDatabase()
  database = connect(fresh.url)
})
afterAll(async () => {
  await database.close()
  await fresh.drop()
})

function periodOf(first: string, last: string): ReportPeriod {
  const period = periodBetween(first, last, zone)
  if (typeof period === 'string') throw new Error(period)
  return period
}

/** The decisions of a walk under ids of their own, in a workspace that holds the walks of one run. */
function renamed(decision: Decision, walk: string, place: number, version: number): Decision {
  const { handoff } = decision
  const points = [null, 30, 60, 75, 90][place % 5] ?? null
  return {
    ...decision,
    notices: [],
    handoff: {
      ...handoff,
      id: `${handoff.id}_${walk}`,
      workspaceId: `T_${walk.split('_')[0]}`,
      agreementVersion: version,
      score: points === null ? null : { total: points, threshold: 70, lines: [] },
      attempts: handoff.attempts.map((one) => ({ ...one, id: `${handoff.id}_${one.id}_${walk}` })),
      lead: {
        ...handoff.lead,
        id: `lead_${walk}`,
        email: `${walk}@officineverdi.example`.toLowerCase(),
        source: sources[place % 3] ?? null,
        crm: null,
      },
    },
  }
}

/** Commits a walk and tells what there is to know of its handoffs. */
async function lived({ setting, ...rest }: Walk, name: string, place: number): Promise<Known[]> {
  const known = new Map<string, Known>()
  for (const turn of take({ setting, ...rest })) {
    for (const plain of decisionsOf(turn).toReversed()) {
      const decision = renamed(plain, name, place, versions[setting])
      const { handoff, events } = decision
      const before: Handoff | null = known.get(handoff.id)?.handoff ?? null
      const outcome = await commitStatement(database.pool, { before, decision }, undefined)
      expect(outcome).toBe('committed')
      const postedAt = place % 2 === 0 ? minutesAfter(place, handoff.createdAt) : null
      const told = known.get(handoff.id)?.events ?? []
      known.set(handoff.id, { handoff, events: [...told, ...events], postedAt })
    }
  }
  for (const { handoff, postedAt } of known.values()) {
    if (postedAt === null) continue
    const ts = `${postedAt.getTime() / 1_000}00`.replace(/^(\d+)00$/, '$1.000000')
    await database.pool.query(
      `update deliveries set ts = $3 where workspace_id = $1 and key = $2`,
      [handoff.workspaceId, `card_${handoff.id}`, ts],
    )
  }
  return [...known.values()]
}

const keyOf: Record<Grouping, (one: Known) => string | null> = {
  rep: ({ handoff }) => handoff.owner?.id ?? null,
  type: ({ handoff }) => handoff.leadType,
  source: ({ handoff }) => handoff.lead.source ?? null,
  score: ({ handoff }) => bandOf(handoff.score?.total),
  reason: ({ handoff }) => (isBack(handoff.status) ? (handoff.returned?.reason ?? null) : null),
  month: ({ handoff }) => calendarDateIn(handoff.createdAt, zone).slice(0, 7),
  week: ({ handoff }) => {
    const [year, week] = isoWeek(new Date(`${calendarDateIn(handoff.createdAt, zone)}T00:00:00Z`))
    return `${year}-W${String(week).padStart(2, '0')}`
  },
}

/** The week is of the year that its Thursday is in. */
function isoWeek(day: Date): [number, number] {
  const thursday = new Date(day.getTime() + (4 - (day.getUTCDay() || 7)) * 86_400_000)
  const year = thursday.getUTCFullYear()
  return [year, Math.floor((thursday.getTime() - Date.UTC(year, 0, 1)) / (7 * 86_400_000)) + 1]
}

const meaningOf = (version: number, stage: string) =>
  inVersion[version]?.agreement.deal_stages.find(({ id }) => id === stage)?.means

describe('the figures of a report', () => {
  test('equal those that are counted slowly, handoff by handoff, for any history', {
    timeout: 120_000,
  }, async () => {
    await database.prisma.user.createMany({
      data: Object.values(people).map(({ person }) => ({ ...person, workspaceId: 'T_people' })),
    })
    let run = 0
    await fc.assert(
      fc.asyncProperty(fc.array(anyWalk, { minLength: 1, maxLength: 3 }), async (walks) => {
        run += 1
        const known: Known[] = []
        for (const [place, walk] of walks.entries()) {
          known.push(...(await lived(walk, `${run}_${place}`, place)))
        }
        const reports = createReports(database)
        // the walks begin on 23 November; some of their later rounds come after the period
        const period = periodOf('2026-11-01', '2026-11-25')
        const { from, to } = period
        const within = known.filter(
          ({ handoff: { createdAt } }) => createdAt >= from && createdAt < to,
        )
        for (const groupBy of [null, ...groupings]) {
          const question = { from, to, groupBy, owner: null, zone }
          const facts = await reports.facts(`T_${run}`, question)
          const of = groupBy === null ? () => null : keyOf[groupBy]
          expect(reportOf(facts, { period, groupBy, meaningOf })).toEqual(
            slowReport(within, { groupBy, keyOf: of }, { period, meaningOf }),
          )
        }
        const mine = await reports.facts(`T_${run}`, {
          ...{ from, to, groupBy: null, zone },
          owner: people.anna.person.id,
        })
        const own = within.filter(({ handoff }) => handoff.owner?.id === people.anna.person.id)
        expect(reportOf(mine, { period, groupBy: null, meaningOf })).toEqual(
          slowReport(own, { groupBy: null, keyOf: () => null }, { period, meaningOf }),
        )
      }),
      { numRuns: Number(process.env.REPORTS ?? 12) },
    )
  })

  test('are all nought where there is nothing', async () => {
    const period = periodOf('2020-01-01', '2020-01-31')
    for (const groupBy of [null, ...groupings]) {
      const question = { ...period, groupBy, owner: null, zone }
      const facts = await createReports(database).facts('T_nobody', question)
      const report = reportOf(facts, { period, groupBy, meaningOf })
      expect(report.groups).toEqual([])
      expect(report.total).toMatchObject({
        handoffs: 0,
        accepted: 0,
        toAccept: { raw: { p90: null } },
      })
    }
  })
})
