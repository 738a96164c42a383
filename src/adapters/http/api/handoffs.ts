import type { OpenAPIHono } from '@hono/zod-openapi'
import type { Attempt, Handoff } from '../../../domain/handoff.ts'
import { acceptHandoff } from '../../../use-cases/accept-handoff.ts'
import type { Result } from '../../../use-cases/act.ts'
import { correctAttempt } from '../../../use-cases/correct-attempt.ts'
import { handOffLead } from '../../../use-cases/hand-off-lead.ts'
import { logAttempt } from '../../../use-cases/log-attempt.ts'
import type { HandoffStory, World } from '../../../use-cases/ports.ts'
import { returnHandoff } from '../../../use-cases/return-handoff.ts'
import type { Environment } from './environment.ts'
import { fail, keyReused, refusalProblem, unknownHandoff } from './errors.ts'
import { attemptJson, handoffJson } from './handoff-json.ts'
import { idOfRequest, requestKey } from './request-key.ts'
import {
  acceptRoute,
  correctAttemptRoute,
  handOffRoute,
  handoffRoute,
  handoffsRoute,
  logAttemptRoute,
  returnRoute,
} from './routes.ts'
import type { HandoffJson } from './schemas.ts'

const replayed = { 'Idempotency-Replayed': 'true' }

/** Handoffs and everything that is done to them. */
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
    return repeated
      ? context.json(shown, 200, replayed)
      : context.json(shown, 201, { location: `/api/v1/handoffs/${handoff.id}` })
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

  api.openapi(acceptRoute, async (context) => {
    const { workspaceId } = context.get('apiKey')
    const { by } = context.req.valid('json')
    const result = await acceptHandoff(world, {
      workspaceId,
      handoffId: context.req.valid('param').id,
      request: requestKey(context, context.req.valid('header')['Idempotency-Key']),
      by: await world.members.byEmail(workspaceId, by),
    })
    const { handoff, repeated } = await outcome(world, result)
    return context.json(await present(world, handoff), 200, repeated ? replayed : {})
  })

  api.openapi(returnRoute, async (context) => {
    const { workspaceId } = context.get('apiKey')
    const { by, reason, criterion, readyOn, readyWhen, note } = context.req.valid('json')
    const result = await returnHandoff(
      world,
      {
        workspaceId,
        handoffId: context.req.valid('param').id,
        request: requestKey(context, context.req.valid('header')['Idempotency-Key']),
        by: await world.members.byEmail(workspaceId, by),
      },
      { reason, criterion, readyOn, readyWhen, note },
    )
    const { handoff, repeated } = await outcome(world, result)
    return context.json(await present(world, handoff), 200, repeated ? replayed : {})
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

/** The handoff that a command led to; what was refused ends the request. */
async function outcome(
  world: World,
  result: Result,
): Promise<{ handoff: Handoff; repeated: boolean }> {
  switch (result.kind) {
    case 'done':
    case 'repeated':
      return { handoff: result.handoff, repeated: result.kind === 'repeated' }
    case 'refused': {
      const { refusal, handoff } = result
      return fail(refusalProblem(refusal, handoff === null ? null : await present(world, handoff)))
    }
    case 'unknown-handoff':
      return fail(unknownHandoff)
    case 'key-reused':
      return fail(keyReused)
  }
}

/** A handoff with its events and its card. */
async function present(world: World, handoff: Handoff): Promise<HandoffJson> {
  const story = await world.handoffs.story(handoff.workspaceId, handoff.id)
  return storyJson(world, story ?? { handoff, events: [], card: null })
}

/** What has to do with time is that of this moment, by the agreement of the handoff's version. */
async function storyJson(world: World, story: HandoffStory): Promise<HandoffJson> {
  const { workspaceId, agreementVersion } = story.handoff
  const agreement = await world.agreements.version(workspaceId, agreementVersion)
  return handoffJson(story, { agreement, now: world.now() })
}
