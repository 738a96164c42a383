import type { OpenAPIHono } from '@hono/zod-openapi'
import type { Attempt } from '../../../domain/handoff.ts'
import type { Result } from '../../../use-cases/act.ts'
import { correctAttempt } from '../../../use-cases/correct-attempt.ts'
import { handOffLead, isNews } from '../../../use-cases/hand-off-lead.ts'
import { logAttempt } from '../../../use-cases/log-attempt.ts'
import type { World } from '../../../use-cases/ports/world.ts'
import { outcome, present, replayed, storyJson } from './answers.ts'
import type { Environment } from './environment.ts'
import { fail, unknownHandoff } from './errors.ts'
import { attemptJson } from './handoff-json.ts'
import { idOfRequest, requestKey } from './request-key.ts'
import {
  correctAttemptRoute,
  handOffRoute,
  handoffRoute,
  handoffsRoute,
  logAttemptRoute,
} from './routes.ts'

/** Handing over, reading, and attempts; what else moves a handoff is in moves.ts. */
export function addHandoffs(api: OpenAPIHono<Environment>, world: World): void {
  api.openapi(handOffRoute, async (context) => {
    const { workspaceId } = context.get('apiKey')
    const { handedOffBy, ...asked } = context.req.valid('json')
    const request = requestKey(context, context.req.valid('header')['Idempotency-Key'])
    const result = await handOffLead(world, {
      workspaceId,
      lead: asked.lead,
      reason: asked.reason,
      priority: asked.priority,
      owner: asked.owner,
      whatChanged: asked.whatChanged,
      by: await memberOrNull(world, workspaceId, handedOffBy),
      request,
    })
    const { handoff, repeated } = await outcome(world, result)
    const shown = await present(world, handoff)
    if (repeated) return context.json(shown, 200, replayed)
    if (isNews(result)) return context.json(shown, 200, { 'Baton-News': 'true' })
    return context.json(shown, 201, { location: `/api/v1/handoffs/${handoff.id}` })
  })

  api.openapi(handoffRoute, async (context) => {
    const { workspaceId } = context.get('apiKey')
    const story = await world.handoffs.story(workspaceId, context.req.valid('param').id)
    return context.json(await storyJson(world, story ?? fail(unknownHandoff)), 200)
  })

  api.openapi(handoffsRoute, async (context) => {
    const { workspaceId } = context.get('apiKey')
    const { cursor, limit, ...filter } = context.req.valid('query')
    const page = await world.handoffs.page(workspaceId, filter, { cursor, limit })
    const items = await Promise.all(page.items.map((story) => storyJson(world, story)))
    return context.json({ items, nextCursor: page.nextCursor }, 200)
  })

  api.openapi(logAttemptRoute, async (context) => {
    const { workspaceId } = context.get('apiKey')
    const { by, channel, outcome: result, at, note } = context.req.valid('json')
    const request = requestKey(context, context.req.valid('header')['Idempotency-Key'])
    // the same each time the request comes, so that a repetition finds its attempt
    const id = request && idOfRequest('att', workspaceId, request)
    const logged = await logAttempt(
      world,
      {
        workspaceId,
        handoffId: context.req.valid('param').id,
        request,
        by: await memberOrNull(world, workspaceId, by),
      },
      { channel, outcome: result, at, note, id },
    )
    const { handoff, repeated } = await outcome(world, logged)
    const made = (attempt: Attempt): boolean => id === undefined || attempt.id === id
    const attempt = handoff.attempts.findLast(made) ?? fail(unknownHandoff)
    return repeated
      ? context.json(attemptJson(attempt), 200, replayed)
      : context.json(attemptJson(attempt), 201)
  })

  api.openapi(correctAttemptRoute, async (context) => {
    const { workspaceId } = context.get('apiKey')
    const { id, number } = context.req.valid('param')
    const { by, channel, outcome: result, at, note, void: gone } = context.req.valid('json')
    const corrected = await correctAttempt(
      world,
      {
        workspaceId,
        handoffId: id,
        request: requestKey(context, context.req.valid('header')['Idempotency-Key']),
        by: await world.members.byEmail(workspaceId, by),
      },
      { number, channel, outcome: result, at, note, void: gone },
    )
    const { handoff, repeated } = await outcome(world, asAsked(corrected))
    const attempt = handoff.attempts.find((one) => one.number === number) ?? fail(unknownHandoff)
    return context.json(attemptJson(attempt), 200, repeated ? replayed : {})
  })
}

/** An attempt that is logged like this already is what was asked for. */
const asAsked = (result: Result): Result =>
  result.kind === 'refused' &&
  result.refusal.code === 'nothing-to-correct' &&
  result.handoff !== null
    ? { kind: 'done', handoff: result.handoff }
    : result

const memberOrNull = async (world: World, workspaceId: string, email: string | undefined) =>
  email === undefined ? null : world.members.byEmail(workspaceId, email)
