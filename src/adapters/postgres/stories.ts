import { z } from 'zod'
import { lifecycleStages } from '../../domain/agreement.ts'
import { eventTypes } from '../../domain/handoff.ts'
import type { KnownLead } from '../../domain/lead.ts'
import { scoreSchema } from '../../domain/lead.ts'
import type { Person } from '../../domain/person.ts'
import type { FoundLead, RecordedChange, Round } from '../../domain/story.ts'
import type { Stories } from '../../use-cases/ports/leads.ts'
import type { Database } from './client.ts'
import { fromHandoff, handoffRow, leadRow, personRow, selectHandoff } from './handoff-rows.ts'

/** So much of a story is read: its newest rounds, of each what its newest commits told. */
const mostRounds = 20
const mostCommits = 200
const mostChanges = 2_000

const instant = z.union([z.date(), z.string().transform((text) => new Date(text))]).pipe(z.date())

const knownRow = z.object({
  lead: leadRow,
  stage: z.enum(lifecycleStages),
  status: z.string().nullable(),
  score: scoreSchema.nullable(),
})

const storiedRow = knownRow.extend({ rounds: z.int() })

/** People by their ids, to be looked up once for the whole story. */
const eventRow = z.object({
  type: z.enum(eventTypes),
  version: z.int(),
  at: instant,
  by: z.string().nullable(),
  data: z.record(z.string(), z.unknown()),
})
const roundRow = z.object({
  handoff: handoffRow,
  events: z.array(eventRow),
  olderEvents: z.int(),
})
type RoundRow = z.output<typeof roundRow>

const change = {
  handoffId: z.string().nullable(),
  version: z.int().nullable(),
  at: instant,
  by: z.string().nullable(),
  rule: z.string(),
}
const changeRow = z.discriminatedUnion('what', [
  z.object({ ...change, what: z.literal('stage'), from: z.string().nullable(), to: z.string() }),
  z.object({ ...change, what: z.literal('status'), from: z.string().nullable(), to: z.string() }),
])

const foundRow = knownRow.extend({
  last: z.object({ handoffId: z.string(), owner: personRow.nullable() }).nullable(),
})

const selectLead = `
  select json_build_object('id', l.id, 'email', l.email, 'name', l.name, 'title', l.title,
      'phone', l.phone, 'company', l.company, 'attributes', l.attributes, 'source', l.source,
      'crm', l.crm, 'journeyStage', l.journey_stage, 'type', l.lead_type) as lead,
    l.lifecycle_stage as stage, l.lead_status as status, l.score`

const selectRounds = `${selectHandoff},
    coalesce((select json_agg(json_build_object('type', e.type, 'version', e.version, 'at', e.at,
      'by', e.by_id, 'data', e.data) order by e.id)
      from events e where e.workspace_id = h.workspace_id and e.handoff_id = h.id
        and e.version > h.version - ${mostCommits}), '[]') as events,
    (select count(*)::int from events e where e.workspace_id = h.workspace_id
      and e.handoff_id = h.id and e.version <= h.version - ${mostCommits}) as "olderEvents"
  ${fromHandoff}
  where h.workspace_id = $1 and h.lead_id = $2
  order by h.round desc limit ${mostRounds}`

const selectChanges = `
  select c.handoff_id as "handoffId", c.version, c.what, c."from", c."to", c.rule, c.at,
    c.by_id as by
  from lead_changes c
  where c.workspace_id = $1 and c.lead_id = $2
    and (c.handoff_id is null or c.handoff_id = any($3))
  order by c.id desc limit ${mostChanges}`

const selectFound = `${selectLead},
    (select json_build_object('handoffId', h.id, 'owner', case when o.id is null then null
        else json_build_object('id', o.id, 'slackId', o.slack_id, 'email', o.email,
          'name', o.name) end)
      from handoffs h left join users o on o.id = h.owner_id
      where h.workspace_id = l.workspace_id and h.lead_id = l.id
      order by h.round desc limit 1) as last
  from leads l where l.workspace_id = $1`

/** Without accents and capitals, as far as that goes without an extension. */
const folded = (text: string): string =>
  `lower(regexp_replace(normalize(${text}, NFD), '[\\u0300-\\u036f]', '', 'g'))`

/** For `like`: what it would read as a pattern stands for itself. */
const literally = (text: string): string => text.replace(/[\\%_]/g, '\\$&')

/** What became of leads, read with a bound on everything. */
export function createStories({ pool }: Pick<Database, 'pool'>): Stories {
  const found = async (
    name: string,
    where: string,
    [workspaceId, text, limit]: [string, string, number],
  ): Promise<FoundLead[]> => {
    const { rows } = await pool.query({
      name,
      text: `${selectFound} and ${where} limit $3`,
      values: [workspaceId, text, limit],
    })
    return z.array(foundRow).parse(rows)
  }

  const byAddress = async (
    workspaceId: string,
    text: string,
    limit: number,
  ): Promise<FoundLead[]> => {
    const address = text.toLowerCase()
    const exact = await found('lead_of_address', 'l.email = $2', [workspaceId, address, 1])
    if (exact.length > 0) return exact
    const prefix = `${literally(address)}%`
    return found('leads_of_prefix', 'l.email like $2 order by l.email', [
      workspaceId,
      prefix,
      limit,
    ])
  }

  const byName = (workspaceId: string, text: string, limit: number): Promise<FoundLead[]> => {
    const company = folded(`coalesce(l.company ->> 'name', '')`)
    const sought = folded('$2')
    return found(
      'leads_of_name',
      `(${folded('l.name')} like '%' || ${sought} || '%'
        or ${company} like '%' || ${sought} || '%')
        order by l.updated_at desc, l.id`,
      [workspaceId, literally(text), limit],
    )
  }

  const peopleOf = async (
    workspaceId: string,
    ids: ReadonlySet<string>,
  ): Promise<Map<string, Person>> => {
    const { rows } = await pool.query({
      name: 'people_of_story',
      text: `select id, slack_id as "slackId", email, name from users
        where workspace_id = $1 and id = any($2)`,
      values: [workspaceId, [...ids]],
    })
    const people = z.array(personRow).parse(rows)
    return new Map(people.map((person) => [person.id, person]))
  }

  return {
    async ofLead(workspaceId, email) {
      const lead = await pool.query({
        name: 'lead_of_story',
        text: `${selectLead}, (select count(*)::int from handoffs h
            where h.workspace_id = l.workspace_id and h.lead_id = l.id) as rounds
          from leads l where l.workspace_id = $1 and l.email = $2`,
        values: [workspaceId, email],
      })
      if (lead.rows[0] === undefined) return undefined
      const { rounds: count, ...known } = storiedRow.parse(lead.rows[0])
      const rounds = await roundsOf(workspaceId, known)
      const changes = await changesOf(workspaceId, known, rounds)
      const people = await peopleOf(workspaceId, idsIn(rounds, changes))
      const by = (id: string | null): Person | null =>
        id === null ? null : (people.get(id) ?? null)
      return {
        known,
        rounds: rounds.map(
          ({ events, ...round }): Round => ({
            ...round,
            events: events.map((event) => ({ ...event, by: by(event.by) })),
          }),
        ),
        olderRounds: Math.max(0, count - rounds.length),
        changes: changes.map((one): RecordedChange => ({ ...one, by: by(one.by) })),
        people,
      }
    },

    find: (workspaceId, text, limit) =>
      text.includes('@') ? byAddress(workspaceId, text, limit) : byName(workspaceId, text, limit),
  }

  async function roundsOf(workspaceId: string, { lead }: KnownLead): Promise<RoundRow[]> {
    const { rows } = await pool.query({
      name: 'rounds_of_lead',
      text: selectRounds,
      values: [workspaceId, lead.id],
    })
    return z.array(roundRow).parse(rows).reverse()
  }

  async function changesOf(workspaceId: string, { lead }: KnownLead, rounds: readonly RoundRow[]) {
    const { rows } = await pool.query({
      name: 'changes_of_lead',
      text: selectChanges,
      values: [workspaceId, lead.id, rounds.map(({ handoff }) => handoff.id)],
    })
    return z.array(changeRow).parse(rows).reverse()
  }
}

/** Whoever did something, and whoever an event says something of. */
function idsIn(
  rounds: readonly RoundRow[],
  changes: readonly { by: string | null }[],
): Set<string> {
  const ids = rounds.flatMap(({ events }) =>
    events.flatMap(({ by, data }) => [by, data.owner, data.from, data.to]),
  )
  return new Set([...ids, ...changes.map(({ by }) => by)].filter((id) => typeof id === 'string'))
}
