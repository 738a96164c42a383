import { wakeAt } from '../domain/deadlines.ts'
import type { Actor, Context, Decided, Decision, Refusal } from '../domain/decide/decision.ts'
import type { Handoff } from '../domain/handoff.ts'
import type { Member } from '../domain/person.ts'
import type { RequestKey } from './ports/handoffs.ts'
import type { World } from './ports/world.ts'
import { actorOf, type Standing, standingOf } from './standing.ts'

/** What came of a command: the handoff as it now is, and why not where it was refused. */
export type Result =
  | { kind: 'done'; handoff: Handoff }
  /** The same request had its effect before; nothing was done again. */
  | { kind: 'repeated'; handoff: Handoff }
  | { kind: 'refused'; refusal: Refusal; handoff: Handoff | null }
  | { kind: 'unknown-handoff' }
  /** The key was used for another request. */
  | { kind: 'key-reused' }

/** A rule of the domain, given the state, the terms, and a way to see a member as an actor. */
type Rule = (handoff: Handoff, context: Context, as: (member: Member) => Actor) => Decided

/** The same where more has to be looked up first, by how the handoff stands. */
type SlowRule = (
  standing: Standing,
  context: Context,
  as: (member: Member) => Actor,
) => Promise<Decided>

/** Which handoff a command is for, and the request it came with where it may come again. */
export interface Target {
  workspaceId: string
  handoffId: string
  request?: RequestKey | undefined
}

/** More losers of a race than this in a row is not a race any more. */
const maxTries = 20

/**
 * Runs a command on a handoff: load, decide, commit; again where somebody else was faster, so that
 * the loser gets a refusal made from the new state.
 */
export function act(world: World, target: Target, rule: Rule): Promise<Result> {
  return actAfterLooking(world, target, async ({ handoff }, context, as) =>
    rule(handoff, context, as),
  )
}

/** The same with a rule that has something looked up. */
export async function actAfterLooking(
  world: World,
  target: Target,
  rule: SlowRule,
): Promise<Result> {
  const { workspaceId, handoffId, request } = target
  if (request !== undefined) {
    const before = await repeated(world, workspaceId, request)
    if (before !== undefined) return before
  }
  for (let tries = 0; tries < maxTries; tries++) {
    const standing = await standingOf(world, target)
    if (standing === undefined) return { kind: 'unknown-handoff' }
    const { handoff, agreement, inForce } = standing
    const erased = erasedRefusal(handoff)
    if (erased !== undefined) return { kind: 'refused', refusal: erased, handoff: null }
    const result = await rule(standing, { agreement, now: world.now() }, (member) =>
      actorOf(member, inForce, handoff.leadType),
    )
    if (!result.ok) return { kind: 'refused', refusal: result.refusal, handoff }
    const outcome = await world.handoffs.commit(handoff, result.decision, request)
    if (outcome === 'committed') {
      announce(world, result.decision)
      return { kind: 'done', handoff: result.decision.handoff }
    }
    if (outcome === 'lead-taken') return alreadyOpen(world, handoff)
    if (outcome === 'repeated' && request !== undefined) {
      const before = await repeated(world, workspaceId, request)
      if (before !== undefined) return before
    }
  }
  throw new Error(`gave up on handoff ${handoffId} after ${maxTries} lost races`)
}

/** Nothing is done any more with the handoffs of a lead that was erased. */
const erasedRefusal = ({ lead: { erasedAt: at } }: Handoff): Refusal | undefined =>
  at === undefined ? undefined : { code: 'erased', at }

/** The lead has another open handoff by now. */
export async function alreadyOpen(
  world: World,
  { workspaceId, lead }: Pick<Handoff, 'workspaceId' | 'lead'>,
): Promise<Result> {
  const open = await world.handoffs.openOfLead(workspaceId, lead.email)
  if (open === undefined) throw new Error('the lead was taken, and is not any more')
  const { id: handoffId, status } = open
  return { kind: 'refused', refusal: { code: 'already-open', handoffId, status }, handoff: open }
}

/** What a request that came before led to; undefined where it is new. */
export async function repeated(
  world: World,
  workspaceId: string,
  request: RequestKey,
): Promise<Result | undefined> {
  const before = await world.handoffs.byRequest(workspaceId, request.key)
  if (before === undefined) return undefined
  if (before.fingerprint !== request.fingerprint) return { kind: 'key-reused' }
  const handoff = await world.handoffs.byId(workspaceId, before.handoffId)
  if (handoff === undefined) return undefined
  const erased = erasedRefusal(handoff)
  return erased === undefined
    ? { kind: 'repeated', handoff }
    : { kind: 'refused', refusal: erased, handoff: null }
}

/** Tells the queue what was committed; it never holds up the answer. */
export function announce(world: World, { handoff, notices, redraw }: Decision): void {
  const { workspaceId, id: handoffId } = handoff
  world.queue.wake(
    handoff.deadlines.flatMap((deadline) => {
      const at = wakeAt(deadline)
      return at === null ? [] : [{ workspaceId, handoffId, kind: deadline.kind, at }]
    }),
  )
  const streams = new Set([
    ...(redraw ? [handoff.channel] : []),
    ...notices.map(({ where }) => ('channel' in where ? where.channel : handoff.channel)),
  ])
  world.queue.deliver([...streams].map((stream) => ({ workspaceId, stream })))
}
