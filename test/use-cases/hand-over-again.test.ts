import { describe, expect, test } from 'vitest'
import { deadlineOf } from '../../src/domain/handoff.ts'
import { acceptHandoff } from '../../src/use-cases/accept-handoff.ts'
import { acknowledgeReturn } from '../../src/use-cases/acknowledge-return.ts'
import type { Result, Target } from '../../src/use-cases/act.ts'
import { contestReturn } from '../../src/use-cases/contest-return.ts'
import { type HandOffRequest, handOffLead, isNews } from '../../src/use-cases/hand-off-lead.ts'
import type { World } from '../../src/use-cases/ports/world.ts'
import { reportDeal } from '../../src/use-cases/report-deal.ts'
import { returnHandoff } from '../../src/use-cases/return-handoff.ts'
import { ruleOnReturn } from '../../src/use-cases/rule-on-return.ts'
import {
  aMember,
  aReturnSaid,
  ben,
  mario,
  minutesAfter,
  sara,
  withEveryClock,
} from '../support/builders.ts'
import { createMemoryWorld } from '../support/memory-world.ts'

const anna = aMember()

const marketer = aMember(ben)
const salesManager = aMember(sara)
const marketingManager = aMember(mario)

const workspaceId = 'ws_1'
const email = 'maria@officineverdi.example'
const handOver = (world: World, said: Partial<HandOffRequest> = {}): Promise<Result> =>
  handOffLead(world, {
    workspaceId,
    lead: { email, name: 'Maria Verdi', attributes: {} },
    reason: 'Asked for a quote',
    priority: 'hot',
    owner: undefined,
    by: marketer,
    whatChanged: undefined,
    ...said,
  })
const handoffIn = (result: Result) => {
  if (result.kind !== 'done' && result.kind !== 'repeated') {
    throw new Error(`not done: ${JSON.stringify(result)}`)
  }
  return result.handoff
}

/** A lead that Anna returned half an hour after it was handed over, waiting for a date. */
async function aReturnedLead() {
  const world = createMemoryWorld({
    agreement: withEveryClock(),
    members: [anna, marketer, salesManager, marketingManager],
  })
  const { id: handoffId } = handoffIn(await handOver(world))
  const target: Target = { workspaceId, handoffId }
  world.clock.now = minutesAfter(30)
  handoffIn(
    await returnHandoff(world, { ...target, by: anna }, aReturnSaid({ readyOn: '2027-03-01' })),
  )
  world.clock.now = minutesAfter(60)
  return { world, target }
}
const again = { whatChanged: 'The budget is approved' }
const eventsOf = async (world: World, id: string) =>
  (await world.handoffs.story(workspaceId, id))?.events.map(({ type }) => type)
const rounds = async (world: World) => (await world.stories.ofLead(workspaceId, email))?.rounds

describe('handing a returned lead over again', () => {
  test('begins another round, and answers the return in the same commit', async () => {
    const { world, target } = await aReturnedLead()
    const next = handoffIn(await handOver(world, again))
    expect(next).toMatchObject({
      round: 2,
      whatChanged: 'The budget is approved',
      cameFrom: 'mql',
      previous: { handoffId: target.handoffId, reason: 'not-ready', readyOn: '2027-03-01' },
    })
    const before = await world.handoffs.byId(workspaceId, target.handoffId)
    expect(before?.returned?.answer).toBe('handed-over-again')
    expect(before && deadlineOf(before, 'return-answer')).toMatchObject({ state: 'met' })
    expect(before && deadlineOf(before, 'ready')).toMatchObject({ state: 'cancelled' })
    expect(await eventsOf(world, target.handoffId)).toEqual([
      'HandedOff',
      'Returned',
      'ReturnAnswered',
    ])
    expect(world.notices.at(-1)?.notice).toEqual({ type: 'handed-over-again', by: 'per_ben' })
  })

  test('leaves one open handoff and one that is answered', async () => {
    const { world } = await aReturnedLead()
    const next = handoffIn(await handOver(world, again))
    expect(await world.handoffs.openOfLead(workspaceId, email)).toEqual(next)
    expect(await world.handoffs.back(workspaceId, 10)).toEqual([])
    expect(await rounds(world)).toHaveLength(2)
  })

  test('without what changed is refused, and nothing is half done', async () => {
    const { world, target } = await aReturnedLead()
    const before = await world.handoffs.byId(workspaceId, target.handoffId)
    expect(await handOver(world)).toEqual({
      kind: 'refused',
      refusal: { code: 'needed', field: 'what_changed' },
      handoff: before,
    })
    expect(await rounds(world)).toHaveLength(1)
  })

  test('twice by the same request is one round', async () => {
    const { world } = await aReturnedLead()
    const request = { key: 'form-2', fingerprint: 'abc' }
    const first = await handOver(world, { ...again, request })
    const told = world.notices.length
    expect(await handOver(world, { ...again, request })).toEqual({
      kind: 'repeated',
      handoff: handoffIn(first),
    })
    expect(await rounds(world)).toHaveLength(2)
    expect(world.notices).toHaveLength(told)
  })

  test('twice by the same request at once is one round too', async () => {
    const { world } = await aReturnedLead()
    const request = { key: 'form-2', fingerprint: 'abc' }
    const results = await Promise.all([1, 2, 3].map(() => handOver(world, { ...again, request })))
    expect(results.map(({ kind }) => kind).sort()).toEqual(['done', 'repeated', 'repeated'])
    expect(new Set(results.map((result) => handoffIn(result).id)).size).toBe(1)
    expect(await rounds(world)).toHaveLength(2)
  })

  test('by the key of another request is refused', async () => {
    const { world } = await aReturnedLead()
    const key = 'form-2'
    await handOver(world, { ...again, request: { key, fingerprint: 'abc' } })
    expect(await handOver(world, { ...again, request: { key, fingerprint: 'xyz' } })).toEqual({
      kind: 'key-reused',
    })
  })

  test('by two people at once is one round, and the other one is news of it', async () => {
    const { world } = await aReturnedLead()
    const results = await Promise.all([handOver(world, again), handOver(world, again)])
    expect(results.map(isNews).sort()).toEqual([false, true])
    const [next] = new Set(results.map((result) => handoffIn(result).id))
    expect(await eventsOf(world, String(next))).toEqual(['HandedOff', 'NewsAdded'])
    expect(await rounds(world)).toHaveLength(2)
  })

  test('while somebody acknowledges the return is done on what they left', async () => {
    const { world, target } = await aReturnedLead()
    let interrupted = false
    const slow: World = {
      ...world,
      handoffs: {
        ...world.handoffs,
        async lastOfLead(...asked) {
          const found = await world.handoffs.lastOfLead(...asked)
          if (!interrupted) await acknowledgeReturn(world, { ...target, by: marketer })
          interrupted = true
          return found
        },
      },
    }
    handoffIn(await handOver(slow, again))
    expect(await eventsOf(world, target.handoffId)).toEqual([
      'HandedOff',
      'Returned',
      'ReturnAnswered',
      'ReturnAnswered',
    ])
    expect(await rounds(world)).toHaveLength(2)
  })

  test('withdraws a contest: a ruling that comes after it is refused', async () => {
    const { world, target } = await aReturnedLead()
    const why = 'The budget was approved last week'
    handoffIn(await contestReturn(world, { ...target, by: marketer }, { why }))
    const overturn = { ruling: 'overturn', words: undefined } as const
    handoffIn(await ruleOnReturn(world, { ...target, by: salesManager }, overturn))
    handoffIn(await handOver(world, again))
    expect(await ruleOnReturn(world, { ...target, by: marketingManager }, overturn)).toMatchObject({
      kind: 'refused',
      refusal: { code: 'not-contested' },
    })
  })

  test('after the return was overturned is news: sales has it', async () => {
    const { world, target } = await aReturnedLead()
    const why = 'The budget was approved last week'
    handoffIn(await contestReturn(world, { ...target, by: marketer }, { why }))
    for (const by of [salesManager, marketingManager]) {
      const overturn = { ruling: 'overturn', words: undefined } as const
      handoffIn(await ruleOnReturn(world, { ...target, by }, overturn))
    }
    const told = await handOver(world, again)
    expect(isNews(told)).toBe(true)
    expect(handoffIn(told).id).toBe(target.handoffId)
    handoffIn(await acceptHandoff(world, { ...target, by: anna }))
  })
})

test('a deal of a former round is not opened again while sales has the lead anew', async () => {
  const world = createMemoryWorld({ members: [anna, marketer] })
  const { id: handoffId } = handoffIn(await handOver(world))
  const target = { workspaceId, handoffId, by: anna }
  const report = (stage: string) =>
    reportDeal(world, target, {
      stage,
      lostReason: stage === 'closed-lost' ? 'price' : undefined,
      note: undefined,
      fromProgram: false,
    })
  handoffIn(await acceptHandoff(world, target))
  handoffIn(await report('closed-lost'))
  const next = handoffIn(await handOver(world))
  expect(next).toMatchObject({ round: 2, cameFrom: 'mql' })
  expect(await report('quote')).toMatchObject({
    kind: 'refused',
    refusal: { code: 'moved-on' },
  })
})
