import type { OpenAPIHono } from '@hono/zod-openapi'
import { ruleName } from '../../../content/words/score-reason.ts'
import type { Agreement } from '../../../domain/agreement.ts'
import { fitOf, personaOf } from '../../../domain/fit.ts'
import type { Score } from '../../../domain/lead.ts'
import type { LeadStory, RecordedChange, Round } from '../../../domain/story.ts'
import { type KeepLeadResult, keepNews } from '../../../use-cases/keep-lead.ts'
import { leadStory } from '../../../use-cases/lead-story.ts'
import type { World } from '../../../use-cases/ports/world.ts'
import { present } from './answers.ts'
import type { Environment } from './environment.ts'
import { badField, fail, refusalProblem, unknownLead } from './errors.ts'
import { leadJson, shown } from './handoff-json.ts'
import type { LeadJson } from './lead-schema.ts'
import { keepLeadRoute, leadRoute } from './routes.ts'

/** Leads and what became of them. */
export function addLeads(api: OpenAPIHono<Environment>, world: World): void {
  api.openapi(leadRoute, async (context) => {
    const { workspaceId } = context.get('apiKey')
    const { email } = context.req.valid('param')
    return context.json(await shownLead(world, workspaceId, email), 200)
  })

  api.openapi(keepLeadRoute, async (context) => {
    const { workspaceId } = context.get('apiKey')
    const { email } = context.req.valid('param')
    const news = context.req.valid('json')
    if (news.email !== undefined && news.email !== email) {
      fail(badField('email', 'expects the address of the path, or nothing'))
    }
    const created = await kept(world, await keepNews(world, workspaceId, { ...news, email }))
    return context.json(await shownLead(world, workspaceId, email), created ? 201 : 200)
  })
}

/** Whether a lead is new; what was refused ends the request. */
async function kept(world: World, result: KeepLeadResult): Promise<boolean> {
  switch (result.kind) {
    case 'kept':
      return result.created
    case 'name-needed':
      return fail(badField('name', 'is required for a new lead'))
    case 'refused': {
      const { refusal, handoff } = result
      return fail(refusalProblem(refusal, handoff && (await present(world, handoff))))
    }
  }
}

async function shownLead(world: World, workspaceId: string, email: string): Promise<LeadJson> {
  const [story, { agreement }] = await Promise.all([
    leadStory(world, workspaceId, email),
    world.agreements.inForce(workspaceId),
  ])
  return leadStoryJson(story ?? fail(unknownLead), agreement)
}

const leadStoryJson = (
  { known, changes, rounds, olderRounds }: LeadStory,
  agreement: Agreement,
): LeadJson => ({
  ...leadJson(known.lead),
  type: known.lead.type,
  lifecycleStage: known.stage,
  leadStatus: known.status,
  score: known.score && scoreJson(known.score, agreement),
  fit: fitOf(agreement, known.lead).map(({ criterion, verdict }) => ({
    criterion: criterion.id,
    name: criterion.name.en,
    verdict,
  })),
  persona: personaJson(known.lead, agreement),
  history: changes.map(changeJson),
  handoffs: rounds.map(roundJson),
  olderHandoffs: olderRounds,
})

const scoreJson = ({ total, threshold, lines }: Score, agreement: Agreement) => ({
  total,
  threshold,
  lines: lines.map((line) => ({ ...line, name: ruleName(agreement, line.rule, 'en') })),
})

function personaJson(lead: LeadStory['known']['lead'], agreement: Agreement): LeadJson['persona'] {
  const persona = personaOf(agreement, lead)
  if (persona === undefined) return null
  const { id, name, talking_points: points } = persona
  return { id, name: name.en, talkingPoints: points.map(({ en }) => en) }
}

const changeJson = ({ what, from, to, rule, at, by, handoffId }: RecordedChange) => ({
  what,
  from,
  to,
  rule,
  at: at.toISOString(),
  by: shown(by),
  handoff: handoffId,
})

const roundJson = ({ handoff: { id, round, status, leadStatus, createdAt } }: Round) => ({
  id,
  round,
  status,
  leadStatus,
  createdAt: createdAt.toISOString(),
})
