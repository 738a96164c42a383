import { z } from 'zod'
import {
  attemptChannels,
  attemptOutcomes,
  escalationTargets,
  journeyStages,
  lifecycleStages,
  priorities,
  sides,
} from '../../domain/agreement.ts'
import {
  attemptVerdictSchema,
  deadlineKinds,
  deadlineStates,
  eventTypes,
  handoffStatuses,
  leadFields,
  returnAnswers,
  rulings,
} from '../../domain/handoff.ts'
import { crmReference, scoreSchema } from '../../domain/lead.ts'

/** How a handoff comes out of the database, as one document, and what it must be to be believed. */
const instant = z.union([z.date(), z.string().transform((text) => new Date(text))]).pipe(z.date())

export const personRow = z.object({
  id: z.string(),
  slackId: z.string().nullable(),
  email: z.string().nullable(),
  name: z.string(),
})

export const leadRow = z.object({
  id: z.string(),
  email: z.string(),
  name: z.string(),
  title: z.string().nullable(),
  phone: z.string().nullable(),
  company: z.record(z.string(), z.unknown()),
  attributes: z.record(z.string(), z.unknown()),
  source: z.string().nullable(),
  crm: crmReference.nullable(),
  journeyStage: z.enum(journeyStages).nullable(),
  type: z.string().nullable(),
  erasedAt: instant.nullish().transform((at) => at ?? undefined),
})

const stepRow = z.discriminatedUnion('do', [
  z.object({ at: instant, do: z.literal('remind'), fraction: z.number() }),
  z.object({ at: instant, do: z.literal('miss') }),
  z.object({
    at: instant,
    do: z.literal('escalate'),
    fraction: z.number(),
    to: z.enum(escalationTargets),
  }),
  z.object({ at: instant, do: z.literal('resume') }),
  z.object({ at: instant, do: z.literal('tell'), of: z.enum(['miss', 'resume']) }),
  z.object({ at: instant, do: z.literal('ready') }),
])

const pauseRow = z.object({ from: instant, to: instant.nullable(), reason: z.string() })

const deadlineRow = z.object({
  kind: z.enum(deadlineKinds),
  state: z.enum(deadlineStates),
  startedAt: instant,
  dueAt: instant,
  metAt: instant.nullable(),
  breachedAt: instant.nullable(),
  steps: z.array(stepRow),
  pauses: z.array(pauseRow),
  stoppedAt: instant.nullable(),
  snoozedAt: instant.nullable(),
})

const attemptRow = z.object({
  id: z.string(),
  number: z.int(),
  channel: z.enum(attemptChannels),
  outcome: z.enum(attemptOutcomes),
  note: z.string().nullable(),
  at: instant,
  by: personRow.nullable(),
  counted: z.boolean(),
  verdict: attemptVerdictSchema,
})

const text = z.string().nullable()

const factsOfReturn = {
  reason: z.string(),
  criterion: text,
  readyOn: text,
  readyWhen: text,
  field: z.enum(leadFields).nullable().default(null),
  duplicateOf: text.default(null),
  note: text,
}

const voteRow = z.object({
  side: z.enum(sides),
  ruling: z.enum(rulings),
  words: text,
  by: personRow,
  at: instant,
})

const contestRow = z.object({
  by: personRow,
  at: instant,
  why: z.string(),
  term: z.string(),
  votes: z.array(voteRow),
  ruling: z.enum(rulings).nullable(),
})

const returnedRow = z.object({
  ...factsOfReturn,
  by: personRow,
  at: instant,
  answer: z.enum(returnAnswers).nullable().default(null),
  contest: contestRow.nullable().default(null),
  readySince: instant.nullable().default(null),
})

const previousRow = z.object({
  ...factsOfReturn,
  handoffId: z.string(),
  leadStatus: z.string(),
  at: instant,
})

const newsRow = z.object({
  reason: z.string(),
  by: personRow.nullable(),
  at: instant,
  hotSince: instant.nullable(),
})

const dealRow = z.object({ stage: z.string(), lostReason: text, note: text, at: instant })

export const handoffRow = z.object({
  id: z.string(),
  workspaceId: z.string(),
  version: z.int(),
  lead: leadRow,
  leadType: z.string(),
  priority: z.enum(priorities),
  reason: z.string(),
  channel: z.string(),
  status: z.enum(handoffStatuses),
  leadStatus: z.string(),
  lifecycleStage: z.enum(lifecycleStages),
  owner: personRow.nullable(),
  handedOffBy: personRow.nullable(),
  agreementVersion: z.int(),
  round: z.int(),
  previous: previousRow.nullable(),
  whatChanged: text,
  news: newsRow.nullable(),
  score: scoreSchema.nullable(),
  cameFrom: z.enum(lifecycleStages).nullable(),
  returned: returnedRow.nullable(),
  deal: dealRow.nullable(),
  acceptedAt: instant.nullable(),
  acceptedBy: personRow.nullable(),
  restartedAt: instant.nullable(),
  deadlines: z.array(deadlineRow),
  attempts: z.array(attemptRow),
  createdAt: instant,
})

export const eventRow = z.object({
  type: z.enum(eventTypes),
  at: instant,
  by: personRow.nullable(),
  data: z.record(z.string(), z.unknown()),
})

export const cardRow = z.object({ channel: z.string(), ts: z.string() }).nullable()

const person = (table: string): string =>
  `case when ${table}.id is null then null else json_build_object('id', ${table}.id,
    'slackId', ${table}.slack_id, 'email', ${table}.email, 'name', ${table}.name) end`

/** One handoff as one document. `h` is the handoff's row, to be named in the where clause. */
export const selectHandoff = `
  select json_build_object(
    'id', h.id, 'workspaceId', h.workspace_id, 'version', h.version, 'leadType', h.lead_type,
    'priority', h.priority, 'reason', h.reason, 'channel', h.channel, 'status', h.status,
    'leadStatus', h.lead_status, 'lifecycleStage', h.lifecycle_stage,
    'agreementVersion', h.agreement_version, 'returned', h.returned,
    'round', h.round, 'previous', h.previous, 'whatChanged', h.what_changed,
    'score', h.score, 'news', h.news, 'cameFrom', h.came_from, 'deal', h.deal,
    'restartedAt', h.restarted_at,
    'acceptedAt', h.accepted_at, 'createdAt', h.created_at,
    'lead', json_build_object('id', l.id, 'email', l.email, 'name', l.name, 'title', l.title,
      'phone', l.phone, 'company', l.company, 'attributes', l.attributes, 'source', l.source,
      'crm', l.crm, 'journeyStage', l.journey_stage, 'type', l.lead_type,
      'erasedAt', l.erased_at),
    'owner', ${person('o')}, 'handedOffBy', ${person('m')}, 'acceptedBy', ${person('b')},
    'deadlines', coalesce((select json_agg(json_build_object('kind', t.kind, 'state', t.state,
      'startedAt', t.started_at, 'dueAt', t.due_at, 'metAt', t.met_at,
      'breachedAt', t.breached_at, 'steps', t.steps, 'pauses', t.pauses,
      'stoppedAt', t.stopped_at, 'snoozedAt', t.snoozed_at) order by array_position(
        array[${deadlineKinds.map((kind) => `'${kind}'`).join(', ')}], t.kind))
      from timers t where t.handoff_id = h.id), '[]'),
    'attempts', coalesce((select json_agg(json_build_object('id', a.id, 'number', a.number,
      'channel', a.channel, 'outcome', a.outcome, 'note', a.note, 'at', a.at,
      'by', ${person('u')}, 'counted', a.counted, 'verdict', a.why) order by a.number)
      from attempts a left join users u on u.id = a.by_id where a.handoff_id = h.id), '[]')
  ) as handoff`

export const fromHandoff = `
  from handoffs h
  join leads l on l.id = h.lead_id
  left join users o on o.id = h.owner_id
  left join users m on m.id = h.handed_off_by_id
  left join users b on b.id = h.accepted_by_id`

/** The same with what only its readers need: the events and the place of the card. */
export const selectStory = `${selectHandoff},
    coalesce((select json_agg(json_build_object('type', e.type, 'at', e.at, 'by', ${person('u')},
      'data', e.data) order by e.id)
      from events e left join users u on u.id = e.by_id where e.handoff_id = h.id), '[]') as events,
    (select json_build_object('channel', d.channel_id, 'ts', d.ts) from deliveries d
      where d.handoff_id = h.id and d.kind = 'card' and d.ts is not null) as card`
