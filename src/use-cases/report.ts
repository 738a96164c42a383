import type { DealMeaning, Role } from '../domain/agreement.ts'
import { type Member, roleOf } from '../domain/person.ts'
import {
  type Grouping,
  type PeriodName,
  type PeriodRefusal,
  periodBetween,
  periodNamed,
  type Report,
  reportOf,
  type Sight,
  sightOf,
} from '../domain/report.ts'
import type { AgreementInForce } from './ports/agreements.ts'
import type { World } from './ports/world.ts'

/** A period by its name, or two dates (YYYY-MM-DD), both included, by the zone of the agreement. */
export type PeriodAsked = PeriodName | { first: string; last: string }

export interface ReportAsked {
  period: PeriodAsked
  groupBy: Grouping | null
  /** Who asks; null where a key of the API does, or an operator, who see everything. */
  by: Member | null
}

/** A report with what it is read by; the names of people are by the keys of their groups. */
export interface ToldReport {
  kind: 'report'
  report: Report
  inForce: AgreementInForce
  names: ReadonlyMap<string, string>
  sight: Sight
}

export type ReportAnswer =
  | ToldReport
  | { kind: 'bad-period'; refusal: PeriodRefusal }
  | { kind: 'role-required' }
  /** Who of sales did what is for managers. */
  | { kind: 'managers-only' }

type ReportWorld = Pick<World, 'agreements' | 'reports' | 'members' | 'now'>

/**
 * The figures of the handoffs that were made in a period. What a deal stage means is told by the
 * version of the agreement that each handoff was made under. Refuses whoever has no role, and
 * figures by rep to whoever is neither a manager nor of sales.
 */
export async function askReport(
  world: ReportWorld,
  workspaceId: string,
  { period: asked, groupBy, by }: ReportAsked,
): Promise<ReportAnswer> {
  const inForce = await world.agreements.inForce(workspaceId)
  const sight = by === null ? 'everything' : sightOf(generalRoleOf(inForce, by))
  if (sight === null) return { kind: 'role-required' }
  if (sight === 'all-but-reps' && groupBy === 'rep') return { kind: 'managers-only' }
  const zone = inForce.agreement.calendar.timezone
  const period =
    typeof asked === 'string'
      ? periodNamed(asked, world.now(), zone)
      : periodBetween(asked.first, asked.last, zone)
  if (typeof period === 'string') return { kind: 'bad-period', refusal: period }

  const own = sight === 'own' ? (by?.id ?? null) : null
  const { from, to } = period
  const facts = await world.reports.facts(workspaceId, {
    ...{ from, to, groupBy, zone },
    // beside the own row stands the total of everybody
    owner: groupBy === 'rep' ? null : own,
  })
  const meaningOf = await meanings(world, workspaceId, facts.handoffs)
  const whole = reportOf(facts, { period, groupBy, meaningOf })
  const groups =
    groupBy === 'rep' && own !== null ? whole.groups.filter(({ key }) => key === own) : whole.groups
  const report = { ...whole, groups }
  return {
    kind: 'report',
    report,
    inForce,
    names: await namesOf(world, workspaceId, report),
    sight,
  }
}

/** The role of a person whatever the lead type: that of the first one in which they have any. */
const generalRoleOf = ({ agreement }: AgreementInForce, member: Member): Role | null =>
  agreement.lead_types.map(({ id }) => roleOf(agreement, member, id)).find(Boolean) ?? null

async function meanings(
  { agreements }: ReportWorld,
  workspaceId: string,
  rows: readonly { version: number; dealStage: string | null }[],
): Promise<(version: number, stage: string) => DealMeaning | undefined> {
  const withDeal = rows.filter(({ dealStage }) => dealStage !== null)
  const versions = [...new Set(withDeal.map(({ version }) => version))]
  const known = await Promise.all(
    versions.map(
      async (version) => [version, await agreements.version(workspaceId, version)] as const,
    ),
  )
  const means = new Map(
    known.flatMap(([version, agreement]) =>
      agreement.deal_stages.map((stage) => [`${version} ${stage.id}`, stage.means] as const),
    ),
  )
  return (version, stage) => means.get(`${version} ${stage}`)
}

async function namesOf(
  { members }: ReportWorld,
  workspaceId: string,
  { groupBy, groups }: Report,
): Promise<ReadonlyMap<string, string>> {
  if (groupBy !== 'rep') return new Map()
  const ids = groups.flatMap(({ key }) => (key === null ? [] : [key]))
  const found = await Promise.all(ids.map((id) => members.byId(workspaceId, id)))
  return new Map(found.flatMap((one) => (one === undefined ? [] : [[one.id, one.name] as const])))
}
