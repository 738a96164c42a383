import type { Context } from 'hono'
import type { Handoff } from '../../../domain/handoff.ts'
import type { Member, Person } from '../../../domain/person.ts'
import type { Result, Target } from '../../../use-cases/act.ts'
import type { HandoffStory } from '../../../use-cases/ports/handoffs.ts'
import type { World } from '../../../use-cases/ports/world.ts'
import type { Environment } from './environment.ts'
import { fail, keyReused, refusalProblem, unknownHandoff } from './errors.ts'
import { handoffJson, idsInEvents, peopleOf } from './handoff-json.ts'
import type { HandoffJson } from './handoff-schema.ts'
import { requestKey } from './request-key.ts'

/** How what a command led to becomes an answer. */

export const replayed = { 'Idempotency-Replayed': 'true' }

/** What every request that moves a handoff carries; `by` is the e-mail address of who does it. */
interface Asked<Body> {
  out: {
    param: { id: string }
    header: { 'Idempotency-Key'?: string | undefined }
    json: Body & { by: string }
  }
}

/** Runs a command on a handoff and answers with the handoff as it then is. */
export async function move<Body>(
  world: World,
  context: Context<Environment, string, Asked<Body>>,
  command: (target: Target & { by: Member }, said: Omit<Body, 'by'>) => Promise<Result>,
) {
  const { workspaceId } = context.get('apiKey')
  const { by, ...said } = context.req.valid('json')
  const target = {
    workspaceId,
    handoffId: context.req.valid('param').id,
    request: requestKey(context, context.req.valid('header')['Idempotency-Key']),
    by: await world.members.byEmail(workspaceId, by),
  }
  const { handoff, repeated } = await outcome(world, await command(target, said))
  return context.json(await present(world, handoff), 200, repeated ? replayed : {})
}

/** The handoff that a command led to; what was refused ends the request. */
export async function outcome(
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
export async function present(world: World, handoff: Handoff): Promise<HandoffJson> {
  const story = await world.handoffs.story(handoff.workspaceId, handoff.id)
  return storyJson(world, story ?? { handoff, events: [], card: null })
}

/** What has to do with time is that of this moment, by the agreement of the handoff's version. */
export async function storyJson(world: World, story: HandoffStory): Promise<HandoffJson> {
  const { workspaceId, agreementVersion } = story.handoff
  const agreement = await world.agreements.version(workspaceId, agreementVersion)
  const people = await everyoneIn(world, story)
  return handoffJson(story, { agreement, now: world.now(), people })
}

/** Most are at hand; those whom only an event names are looked up. */
async function everyoneIn(world: World, story: HandoffStory): Promise<Map<string, Person>> {
  const people = peopleOf(story)
  const others = idsInEvents(story).filter((id) => !people.has(id))
  const found = await Promise.all(
    others.map((id) => world.members.byId(story.handoff.workspaceId, id)),
  )
  for (const member of found) if (member !== undefined) people.set(member.id, member)
  return people
}
