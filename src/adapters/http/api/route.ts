import type { OpenAPIHono, z } from '@hono/zod-openapi'
import { formatInstant } from '../../../content/words/format.ts'
import { routeReasonWords, routingWords } from '../../../content/words/routing.ts'
import type { Locale } from '../../../domain/agreement.ts'
import type { RouteReason } from '../../../domain/routing.ts'
import type { World } from '../../../use-cases/ports/world.ts'
import { type Passed, type Route, whoWouldGet } from '../../../use-cases/route-lead.ts'
import type { Environment } from './environment.ts'
import { fail } from './errors.ts'
import { whoWouldGetRoute } from './routes.ts'
import type { whoWouldGetSchema } from './schemas.ts'

/** Who would get a lead that came now, and why. Nothing is written. */
export function addRoute(api: OpenAPIHono<Environment>, world: World): void {
  api.openapi(whoWouldGetRoute, async (context) => {
    const { workspaceId } = context.get('apiKey')
    const { locale = 'en', ...asked } = context.req.valid('query')
    const [route, { agreement }] = await Promise.all([
      whoWouldGet(world, workspaceId, asked),
      world.agreements.inForce(workspaceId),
    ])
    if (route === undefined) return fail(unknownType)
    const { leadType, channel, owner, why, passedOver } = route
    const zone = agreement.calendar.timezone
    return context.json(
      {
        leadType: leadType.id,
        channel,
        owner: owner && (owner.email ?? owner.name),
        why: why.map((reason) => reasonJson(reason, route, locale)),
        passedOver: passedOver.map((passed) => passedJson(passed, { locale, zone })),
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

function reasonJson(
  reason: RouteReason,
  { leadType, owner }: Route,
  locale: Locale,
): Json['why'][number] {
  const where = { type: leadType.name[locale], owner: owner?.name ?? null }
  return {
    code: reason.code,
    domain: 'domain' in reason ? reason.domain : null,
    words: routeReasonWords(reason, where, locale),
  }
}

function passedJson(
  { person, why: passed }: Passed,
  { locale, zone }: { locale: Locale; zone: string },
): Json['passedOver'][number] {
  const told =
    passed.why === 'outside-hours'
      ? { why: passed.why, when: formatInstant(passed.from, locale, zone) }
      : passed
  return {
    person: person.email ?? person.name,
    why: passed.why,
    until: passed.why === 'off' ? passed.until : null,
    from: passed.why === 'outside-hours' ? passed.from.toISOString() : null,
    cap: passed.why === 'full' ? passed.cap : null,
    words: routingWords[locale].passed(person.name, told),
  }
}
