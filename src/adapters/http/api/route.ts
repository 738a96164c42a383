import type { OpenAPIHono, z } from '@hono/zod-openapi'
import type { PassedOver, RouteReason } from '../../../domain/routing.ts'
import type { World } from '../../../use-cases/ports/world.ts'
import { whoWouldGet } from '../../../use-cases/route-lead.ts'
import type { Environment } from './environment.ts'
import { fail } from './errors.ts'
import { whoWouldGetRoute } from './routes.ts'
import type { whoWouldGetSchema } from './schemas.ts'

/** Who would get a lead that came now, and why. Nothing is written. */
export function addRoute(api: OpenAPIHono<Environment>, world: World): void {
  api.openapi(whoWouldGetRoute, async (context) => {
    const { workspaceId } = context.get('apiKey')
    const route = await whoWouldGet(world, workspaceId, context.req.valid('query'))
    if (route === undefined) return fail(unknownType)
    const { leadType, channel, owner, why, passedOver } = route
    return context.json(
      {
        leadType: leadType.id,
        channel,
        owner: owner && (owner.email ?? owner.name),
        why: why.map(reasonJson),
        passedOver: passedOver.map((passed) => ({
          person: passed.person.email ?? passed.person.name,
          ...passedJson(passed.why),
        })),
      },
      200,
    )
  })
}

const unknownType = {
  status: 400 as const,
  detail: 'The query does not fit: see errors.',
  errors: [{ parameter: 'leadType', detail: 'is no lead type of the agreement' }],
}

type Json = z.output<typeof whoWouldGetSchema>

const reasonJson = (reason: RouteReason): Json['why'][number] => ({
  code: reason.code,
  domain: 'domain' in reason ? reason.domain : null,
})

const passedJson = (passed: PassedOver): Omit<Json['passedOver'][number], 'person'> => ({
  why: passed.why,
  until: passed.why === 'off' ? passed.until : null,
  from: passed.why === 'outside-hours' ? passed.from.toISOString() : null,
  cap: passed.why === 'full' ? passed.cap : null,
})
