import type { OpenAPIHono } from '@hono/zod-openapi'
import type { LeadStory, RecordedChange, Round } from '../../../domain/story.ts'
import { leadStory } from '../../../use-cases/lead-story.ts'
import type { World } from '../../../use-cases/ports.ts'
import type { Environment } from './environment.ts'
import { fail, unknownLead } from './errors.ts'
import { leadJson, shown } from './handoff-json.ts'
import type { LeadJson } from './lead-schema.ts'
import { leadRoute } from './routes.ts'

/** Leads and what became of them. */
export function addLeads(api: OpenAPIHono<Environment>, world: World): void {
  api.openapi(leadRoute, async (context) => {
    const { workspaceId } = context.get('apiKey')
    const story = await leadStory(world, workspaceId, context.req.valid('param').email)
    return context.json(leadStoryJson(story ?? fail(unknownLead)), 200)
  })
}

const leadStoryJson = ({ known, changes, rounds, olderRounds }: LeadStory): LeadJson => ({
  ...leadJson(known.lead),
  lifecycleStage: known.stage,
  leadStatus: known.status,
  history: changes.map(changeJson),
  handoffs: rounds.map(roundJson),
  olderHandoffs: olderRounds,
})

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
