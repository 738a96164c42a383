import fc from 'fast-check'
import { expect, test } from 'vitest'
import { attemptChannels, attemptOutcomes } from '../../src/domain/agreement.ts'
import { deadlineKinds } from '../../src/domain/handoff.ts'
import { acceptHandoff } from '../../src/use-cases/accept-handoff.ts'
import type { Target } from '../../src/use-cases/act.ts'
import { handOffLead } from '../../src/use-cases/hand-off-lead.ts'
import { logAttempt } from '../../src/use-cases/log-attempt.ts'
import { pauseHandoff, resumeHandoff } from '../../src/use-cases/pause-handoff.ts'
import type { World } from '../../src/use-cases/ports/world.ts'
import { returnHandoff } from '../../src/use-cases/return-handoff.ts'
import { wakeTimer } from '../../src/use-cases/wake-timer.ts'
import { aMember, anAgreement, aPause, aReturnSaid, minutesAfter } from '../support/builders.ts'
import { createMemoryWorld } from '../support/memory-world.ts'

const by = aMember()
type Act = { minute: number; act: (world: World, target: Target) => Promise<unknown> }

const anyAct: fc.Arbitrary<Act['act']> = fc.oneof(
  fc.constantFrom(...deadlineKinds).map(
    (kind): Act['act'] =>
      (world, target) =>
        wakeTimer(world, { ...target, kind }),
  ),
  fc
    .record({
      id: fc.uuid(),
      channel: fc.constantFrom(...attemptChannels),
      outcome: fc.constantFrom(...attemptOutcomes),
    })
    .map(
      (made): Act['act'] =>
        (world, target) =>
          logAttempt(world, { ...target, by }, { ...made, at: undefined, note: undefined }),
    ),
  fc.constantFrom<Act['act'][]>(
    (world, target) => acceptHandoff(world, { ...target, by }),
    (world, target) => pauseHandoff(world, { ...target, by }, { reason: 'on-hold' }),
    (world, target) => resumeHandoff(world, { ...target, by }),
    (world, target) =>
      returnHandoff(
        world,
        { ...target, by },
        aReturnSaid({ reason: 'wrong-data', note: 'The number is that of a shop' }),
      ),
  ),
)
/** What happens to one handoff, in order of time. */
const anyActs: fc.Arbitrary<Act[]> = fc
  .array(fc.record({ minute: fc.integer({ min: 0, max: 3_000 }), act: anyAct }), { maxLength: 15 })
  .map((acts) => acts.sort((a, b) => a.minute - b.minute))

const workspaceId = 'ws_1'

/** Plays what happens to two handoffs; `turns` says whose turn it is, as long as both have one. */
async function played(lives: [Act[], Act[]], turns: readonly (0 | 1)[]) {
  const world = createMemoryWorld({ agreement: anAgreement({ pause: aPause() }), members: [by] })
  const ids: string[] = []
  for (const email of ['maria@officineverdi.example', 'luisa@officineverdi.example']) {
    const result = await handOffLead(world, {
      workspaceId,
      lead: { email, name: 'A lead', attributes: {} },
      reason: 'Asked for a quote',
      priority: 'standard',
      owner: undefined,
      by: null,
      whatChanged: undefined,
    })
    if (result.kind === 'done') ids.push(result.handoff.id)
  }
  const left = [[...lives[0]], [...lives[1]]]
  for (const turn of [...turns, ...lives[0].map(() => 0), ...lives[1].map(() => 1)]) {
    const next = left[turn]?.shift()
    if (next === undefined) continue
    world.clock.now = minutesAfter(next.minute)
    await next.act(world, { workspaceId, handoffId: ids[turn] ?? '' })
  }
  return Promise.all(ids.map((id) => world.handoffs.story(workspaceId, id)))
}

test('what happens to two leads happens the same in whatever order they take turns', async () => {
  const anyTurns = fc.array(fc.constantFrom<(0 | 1)[]>(0, 1), { maxLength: 30 })
  await fc.assert(
    fc.asyncProperty(anyActs, anyActs, anyTurns, async (one, other, turns) => {
      const inTurn = await played([one, other], turns)
      expect(inTurn).toHaveLength(2)
      expect(inTurn).toEqual(await played([one, other], []))
    }),
    { numRuns: 200 },
  )
})
