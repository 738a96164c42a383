import type { OpenAPIHono } from '@hono/zod-openapi'
import { refusalWords } from '../../../content/words/refusals.ts'
import { eraseLead } from '../../../use-cases/erase-lead.ts'
import { exportLead } from '../../../use-cases/export-lead.ts'
import type { World } from '../../../use-cases/ports/world.ts'
import type { Problem } from '../problem.ts'
import type { Environment } from './environment.ts'
import { fail, unknownLead } from './errors.ts'
import { eraseLeadRoute, exportLeadRoute } from './routes.ts'

/** What is kept of a lead, and having it erased. */
export function addLeadErasure(api: OpenAPIHono<Environment>, world: World): void {
  api.openapi(eraseLeadRoute, async (context) => {
    const { workspaceId } = context.get('apiKey')
    const result = await eraseLead(world, workspaceId, context.req.valid('param').email)
    return result.kind === 'unknown-lead' ? fail(unknownLead) : context.body(null, 204)
  })

  api.openapi(exportLeadRoute, async (context) => {
    const { workspaceId } = context.get('apiKey')
    const kept = await exportLead(world, workspaceId, context.req.valid('param').email)
    return context.json(kept ?? fail(unknownLead), 200)
  })
}

/** Activities of which some are about leads that were erased. */
export function erasedAmong(erased: readonly { index: number; at: Date }[]): Problem {
  return {
    status: 410,
    detail: 'Some of it is about leads that were erased, so nothing was recorded: see errors.',
    errors: erased.map(({ index, at }) => ({
      pointer: `/${index}/email`,
      detail: refusalWords({ code: 'erased', at }, 'en'),
    })),
    more: { code: 'erased' },
  }
}
