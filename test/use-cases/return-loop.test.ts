import { describe, expect, test } from 'vitest'
import type { Agreement } from '../../src/domain/agreement.ts'
import { isPending } from '../../src/domain/handoff.ts'
import { acceptHandoff } from '../../src/use-cases/accept-handoff.ts'
import type { Result } from '../../src/use-cases/act.ts'
import { contestReturn } from '../../src/use-cases/contest-return.ts'
import { handOffLead } from '../../src/use-cases/hand-off-lead.ts'
import { markReady } from '../../src/use-cases/mark-ready.ts'
import { giveBack, reassignHandoff } from '../../src/use-cases/reassign-handoff.ts'
import { reportDeal } from '../../src/use-cases/report-deal.ts'
import { returnHandoff } from '../../src/use-cases/return-handoff.ts'
import { ruleOnReturn } from '../../src/use-cases/rule-on-return.ts'
import {
  aMember,
  type anAgreement,
  aReturnSaid,
  ben,
  mario,
  minutesAfter,
  sara,
  withEveryClock,
} from '../support/builders.ts'
import { createMemoryWorld } from '../support/memory-world.ts'

const workspaceId = 'ws_1'
const anna = aMember()
const luca = aMember({
  id: 'per_luca',
  slackId: 'U0LUCA',
  email: 'luca@acme.example',
  name: 'Luca',
})
const marketer = aMember(ben)
const salesManager = aMember(sara)
const marketingManager = aMember(mario)
const everybody = [anna, luca, marketer, salesManager, marketingManager]

const done = (result: Result) => {
  if (result.kind === 'done') return result.handoff
  throw new Error(`not done: ${JSON.stringify(result)}`)
}

async function offered(agreement: Agreement = withEveryClock(), members = everybody) {
  const world = createMemoryWorld({ agreement, members })
  const handOver = (email: string, whatChanged?: string) =>
    handOffLead(world, {
      workspaceId,
      lead: { email, name: 'Maria Verdi', attributes: {} },
      reason: 'Asked for a quote',
      priority: 'hot',
      owner: undefined,
      by: marketer,
      whatChanged,
    })
  const { id: handoffId } = done(await handOver('maria@example.com'))
  return { world, handOver, target: { workspaceId, handoffId } }
}
const later = aReturnSaid({ readyWhen: 'the budget is approved' })
const why = 'The budget was approved last week'

test('the whole loop: returned, contested, upheld, ready, handed over again, accepted, won', async () => {
  const { world, handOver, target } = await offered()
  const at = (minutes: number) => {
    world.clock.now = minutesAfter(minutes)
  }
  at(10)
  done(await returnHandoff(world, { ...target, by: anna }, later))
  at(20)
  done(await contestReturn(world, { ...target, by: marketer }, { why }))
  for (const by of [salesManager, marketingManager]) {
    at(30)
    const said = { ruling: 'clarify', words: 'Approved in writing' } as const
    done(await ruleOnReturn(world, { ...target, by }, said))
  }
  at(40)
  done(await markReady(world, { ...target, by: marketer }))
  at(50)
  const { id: handoffId } = done(await handOver('maria@example.com', 'It is approved in writing'))
  const next = { workspaceId, handoffId }
  at(60)
  done(await acceptHandoff(world, { ...next, by: anna }))
  const report = (stage: string) =>
    reportDeal(
      world,
      { ...next, by: anna },
      { stage, lostReason: undefined, note: undefined, fromProgram: false },
    )
  done(await report('exploration'))
  const won = done(await report('closed-won'))
  expect(won).toMatchObject({ status: 'closed', lifecycleStage: 'customer', round: 2 })
  expect(won.deadlines.filter(isPending)).toEqual([])

  const story = await world.stories.ofLead(workspaceId, 'maria@example.com')
  expect(story?.rounds.map(({ events }) => events.map(({ type }) => type))).toEqual([
    [
      'HandedOff',
      'Returned',
      'ReturnContested',
      'RulingGiven',
      'RulingGiven',
      'ReturnRuled',
      'ReadyAgain',
      'ReturnAnswered',
    ],
    ['HandedOff', 'Accepted', 'DealStageReported', 'DealStageReported'],
  ])
  expect(
    story?.changes.filter(({ what }) => what === 'stage').map(({ from, to }) => [from, to]),
  ).toEqual([
    [null, 'sql'],
    ['sql', 'mql'],
    ['mql', 'sql'],
    ['sql', 'opportunity'],
    ['opportunity', 'customer'],
  ])
  expect(story?.changes.filter(({ what }) => what === 'status').map(({ to }) => to)).toEqual([
    'New',
    'Returned – not ready',
    'New',
    'Accepted',
    'Open deal',
    'Closed won',
  ])
})

describe('who may rule', () => {
  test('is looked up in the agreement and among those with a role by form', async () => {
    const agreement = withEveryClock({
      people: [
        { email: 'anna@acme.example', role: 'rep' },
        { email: 'ben@acme.example', role: 'marketing' },
        { email: 'sara@acme.example', role: 'sales_manager' },
      ],
    })
    const alone = await offered(agreement)
    done(await returnHandoff(alone.world, { ...alone.target, by: anna }, later))
    const contest = { ...alone.target, by: marketer }
    expect(await contestReturn(alone.world, contest, { why })).toMatchObject({
      refusal: { code: 'nobody-to-rule', side: 'marketing' },
    })

    const byForm = aMember({ ...mario, assigned: 'marketing_manager' })
    const members = [anna, luca, marketer, salesManager, byForm]
    const { world, target } = await offered(agreement, members)
    done(await returnHandoff(world, { ...target, by: anna }, later))
    done(await contestReturn(world, { ...target, by: marketer }, { why }))
    expect(world.notices.at(-1)?.notice).toMatchObject({ to: ['per_sara', 'per_mario'] })
  })

  test('is nobody of another organization, whatever their address', async () => {
    const { world, target } = await offered()
    done(await returnHandoff(world, { ...target, by: anna }, later))
    done(await contestReturn(world, { ...target, by: marketer }, { why }))
    const outsider = { ...salesManager, external: true }
    const said = { ruling: 'uphold', words: undefined } as const
    expect(await ruleOnReturn(world, { ...target, by: outsider }, said)).toMatchObject({
      refusal: { code: 'role-required', needed: 'manager' },
    })
  })
})

describe('the other lead of a duplicate', () => {
  test('is one that is known, and is kept by its address', async () => {
    const { world, handOver, target } = await offered()
    done(await handOver('info@example.com'))
    const asked = { ...target, by: anna }
    const twice = aReturnSaid({
      reason: 'duplicate',
      note: 'The same',
      duplicateOf: 'no@example.com',
    })
    expect(await returnHandoff(world, asked, twice)).toMatchObject({
      refusal: { code: 'unknown-lead', email: 'no@example.com' },
    })
    const known = { ...twice, duplicateOf: 'info@example.com' }
    expect(done(await returnHandoff(world, asked, known)).returned).toMatchObject({
      duplicateOf: 'info@example.com',
    })
  })
})

describe('another owner', () => {
  type People = NonNullable<Parameters<typeof anAgreement>[0]>['people'] & object
  const withLuca = (said: { cap?: number; off?: string[] }) =>
    withEveryClock({
      people: [
        { email: 'anna@acme.example', role: 'rep' },
        { email: 'luca@acme.example', role: 'rep', ...said },
        { email: 'ben@acme.example', role: 'marketing' },
        { email: 'sara@acme.example', role: 'sales_manager' },
      ] satisfies People,
    })
  const passed = async (agreement?: Agreement, otherLead = false) => {
    const { world, handOver, target } = await offered(agreement)
    done(await acceptHandoff(world, { ...target, by: anna }))
    if (otherLead) {
      const { id: handoffId } = done(await handOver('luisa@another.example'))
      done(await acceptHandoff(world, { workspaceId, handoffId, by: luca }))
    }
    return reassignHandoff(world, { ...target, by: anna }, { to: luca })
  }

  test('is one who is there and has room', async () => {
    expect(done(await passed()).owner?.id).toBe('per_luca')
    expect(done(await passed(withLuca({ cap: 1 }))).owner?.id).toBe('per_luca')
  })

  test('is nobody on a day off, or with as many open leads as agreed', async () => {
    expect(await passed(withLuca({ off: ['2026-11-23'] }))).toMatchObject({
      refusal: { code: 'off-duty', until: '2026-11-23' },
    })
    expect(await passed(withLuca({ cap: 1 }), true)).toMatchObject({
      refusal: { code: 'full', cap: 1 },
    })
  })

  test('is nobody without a role in sales', async () => {
    const { world, target } = await offered()
    done(await acceptHandoff(world, { ...target, by: anna }))
    const asked = { ...target, by: anna }
    expect(await reassignHandoff(world, asked, { to: marketer })).toMatchObject({
      refusal: { code: 'cannot-sell', person: { id: 'per_ben' } },
    })
  })

  test('takes over what its owner gave back by accepting it', async () => {
    const { world, target } = await offered()
    done(await acceptHandoff(world, { ...target, by: anna }))
    expect(done(await giveBack(world, { ...target, by: anna }))).toMatchObject({
      status: 'offered',
      owner: null,
    })
    expect(await reassignHandoff(world, { ...target, by: luca }, { to: luca })).toMatchObject({
      refusal: { code: 'nobody-has-it' },
    })
    const handoff = done(await acceptHandoff(world, { ...target, by: luca }))
    const kinds = handoff.deadlines.map(({ kind }) => kind)
    expect(new Set(kinds).size).toBe(kinds.length)
  })
})

test('a program reports a deal without a name', async () => {
  const { world, target } = await offered()
  done(await acceptHandoff(world, { ...target, by: anna }))
  const said = { stage: 'closed-lost', lostReason: undefined, note: undefined, fromProgram: true }
  expect(done(await reportDeal(world, { ...target, by: null }, said))).toMatchObject({
    status: 'closed',
    deal: { stage: 'closed-lost', lostReason: null },
  })
})

describe('a lead that was handed over again', () => {
  test('has its deal reported on the last round, and nowhere else', async () => {
    const { world, handOver, target } = await offered()
    done(await acceptHandoff(world, { ...target, by: anna }))
    const lost = { stage: 'closed-lost', lostReason: 'price', note: undefined, fromProgram: false }
    done(await reportDeal(world, { ...target, by: anna }, lost))
    done(await handOver('maria@example.com'))
    const again = await reportDeal(
      world,
      { ...target, by: anna },
      { ...lost, stage: 'exploration' },
    )
    expect(again).toMatchObject({ kind: 'refused', refusal: { code: 'moved-on' } })
  })
})

test('whoever returns a lead that they handed over themselves is not told of it', async () => {
  const world = createMemoryWorld({ agreement: withEveryClock(), members: everybody })
  const handed = await handOffLead(world, {
    workspaceId,
    lead: { email: 'own@example.com', name: 'Own', attributes: {} },
    reason: 'Met at the fair',
    priority: 'standard',
    owner: undefined,
    by: anna,
    whatChanged: undefined,
  })
  const target = { workspaceId, handoffId: done(handed).id, by: anna }
  done(await returnHandoff(world, target, aReturnSaid(later)))
  const notice = world.notices.at(-1)?.notice
  expect(notice).toMatchObject({ type: 'returned', to: marketingManager.id })
})
