import { describe, expect, test } from 'vitest'
import type { Agreement } from '../../src/domain/agreement.ts'
import type { DeadlineKind, Handoff } from '../../src/domain/handoff.ts'
import { acceptHandoff } from '../../src/use-cases/accept-handoff.ts'
import { backOnDuty } from '../../src/use-cases/back-on-duty.ts'
import { contestReturn } from '../../src/use-cases/contest-return.ts'
import { handOffLead } from '../../src/use-cases/hand-off-lead.ts'
import { returnHandoff } from '../../src/use-cases/return-handoff.ts'
import { wakeTimer } from '../../src/use-cases/wake-timer.ts'
import {
  aMember,
  anAgreement,
  aReturnSaid,
  ben,
  fixedNow,
  mario,
  minutesAfter,
  sara,
  withEveryClock,
} from '../support/builders.ts'
import { createMemoryWorld, type MemoryWorld } from '../support/memory-world.ts'

const workspaceId = 'ws_1'
const person = (name: string) =>
  aMember({ id: `per_${name}`, slackId: name, email: `${name}@acme.example`, name })
const [anna, luca, dora] = [person('anna'), person('luca'), person('dora')]
const everybody = [anna, luca, dora, aMember(ben), aMember(sara), aMember(mario)]

const inWorld = (agreement: Agreement): MemoryWorld =>
  createMemoryWorld({ agreement, members: everybody })

async function handOver(
  world: MemoryWorld,
  { email = 'maria@example.com', named = true, owner = '' } = {},
) {
  const result = await handOffLead(world, {
    workspaceId,
    lead: { email, name: 'Maria Verdi', attributes: {} },
    reason: 'Asked for a quote',
    priority: 'hot',
    owner: owner === '' ? undefined : owner,
    by: named ? aMember(ben) : null,
    whatChanged: undefined,
  })
  if (result.kind !== 'done') throw new Error(`not handed over: ${JSON.stringify(result)}`)
  return { workspaceId, handoffId: result.handoff.id }
}

async function accepted(world: MemoryWorld, by = anna, email = 'maria@example.com') {
  const target = await handOver(world, { email, owner: by.email ?? '' })
  await acceptHandoff(world, { ...target, by })
  return target
}

async function returned(world: MemoryWorld, named: boolean) {
  const target = await handOver(world, { named })
  const said = aReturnSaid({ readyOn: '2026-12-01' })
  await returnHandoff(world, { ...target, by: anna }, said)
  return target
}

/** Wakes a clock at a minute, and says what was told and how the handoff stands. */
async function woken(
  world: MemoryWorld,
  target: { workspaceId: string; handoffId: string },
  kind: DeadlineKind,
  at: Date,
) {
  world.clock.now = at
  const told = world.notices.length
  await wakeTimer(world, { ...target, kind })
  const handoff = await world.handoffs.byId(workspaceId, target.handoffId)
  return { notices: world.notices.slice(told).map(({ notice }) => notice), handoff }
}

describe('a return that nobody answers', () => {
  const tomorrow = minutesAfter(24 * 60 - 30)

  test('is told the head of marketing, where nobody is named as the one who handed over', async () => {
    const world = inWorld(withEveryClock())
    const target = await returned(world, false)
    expect(world.notices.at(-1)?.notice).toMatchObject({ type: 'returned', to: 'per_mario' })
    const { notices } = await woken(world, target, 'return-answer', tomorrow)
    expect(notices).toMatchObject([{ type: 'reminder', to: 'per_mario' }])
  })

  test('is told whoever handed over, where somebody is', async () => {
    const world = inWorld(withEveryClock())
    const { notices } = await woken(world, await returned(world, true), 'return-answer', tomorrow)
    expect(notices).toMatchObject([{ type: 'reminder', to: 'per_ben' }])
  })

  test('is told the first marketing manager where there is no head, also one by form', async () => {
    const people = [
      { email: 'anna@acme.example', role: 'rep' as const },
      { email: 'mario@acme.example', role: 'marketing_manager' as const },
    ]
    const named = inWorld(anAgreement({ people }))
    const found = await woken(named, await returned(named, false), 'return-answer', tomorrow)
    expect(found.notices).toMatchObject([{ to: 'per_mario' }])

    const byForm = createMemoryWorld({
      agreement: anAgreement({ people: people.slice(0, 1) }),
      members: [anna, aMember({ ...ben, assigned: 'marketing_manager' })],
    })
    const assigned = await woken(byForm, await returned(byForm, false), 'return-answer', tomorrow)
    expect(assigned.notices).toMatchObject([{ to: 'per_ben' }])
  })

  test('is told nobody alone where nobody speaks for marketing', async () => {
    const people = [{ email: 'anna@acme.example', role: 'rep' as const }]
    const world = inWorld(anAgreement({ people }))
    const target = await returned(world, false)
    const { notices } = await woken(world, target, 'return-answer', tomorrow)
    expect(notices).toMatchObject([{ type: 'reminder', to: null }])
  })

  test('and runs out is told the managers of marketing', async () => {
    const world = inWorld(withEveryClock())
    const target = await returned(world, true)
    const { notices } = await woken(world, target, 'return-answer', minutesAfter(24 * 60))
    expect(notices).toMatchObject([{ type: 'escalated', to: ['per_mario'] }])
  })
})

test('a ruling that does not come is told the managers of both sides', async () => {
  const world = inWorld(withEveryClock())
  const target = await returned(world, true)
  await contestReturn(world, { ...target, by: aMember(ben) }, { why: 'It is ready' })
  const { notices } = await woken(world, target, 'ruling', minutesAfter(2 * 24 * 60))
  expect(notices).toMatchObject([{ type: 'escalated', to: ['per_sara', 'per_mario'] }])
})

test('a lead whose day has come is told marketing when working time begins', async () => {
  const world = inWorld(withEveryClock())
  const target = await returned(world, false)
  const at = new Date('2026-12-01T08:00:00.000Z')
  expect(world.wakeUps).toContainEqual({ ...target, kind: 'ready', at })
  const early = await woken(world, target, 'ready', new Date(at.getTime() - 1))
  expect(early.notices).toEqual([])
  const { notices, handoff } = await woken(world, target, 'ready', at)
  expect(notices).toEqual([{ type: 'ready', by: null, to: 'per_mario' }])
  expect(handoff?.returned?.readySince).toEqual(at)
  expect((await woken(world, target, 'ready', at)).notices).toEqual([])
})

describe('a breach passes a lead on', () => {
  type People = NonNullable<Parameters<typeof anAgreement>[0]>['people']
  const rotating = (people: People = []) =>
    withEveryClock({
      people: [
        ...people,
        { email: 'ben@acme.example', role: 'marketing' },
        { email: 'sara@acme.example', role: 'sales_manager' },
      ],
      escalation: [{ at: '100%', to: 'next_owner' }],
      lead_types: [
        {
          id: 'new-equipment',
          name: { en: 'New equipment', it: 'Macchinari nuovi' },
          channel: 'sql-handoffs',
          owners: { rotate: [anna, luca, dora].map(({ email }) => email ?? '') },
        },
      ],
    })
  const lucaIs = (said: Omit<NonNullable<People>[number], 'email' | 'role'>): People => [
    { email: 'luca@acme.example', role: 'rep', ...said },
  ]
  const ownerOf = (handoff: Handoff | undefined) => handoff?.owner?.id
  const late = minutesAfter(20)

  test('to the next in the rotation', async () => {
    const world = inWorld(rotating())
    const { handoff } = await woken(world, await accepted(world), 'first-attempt', late)
    expect(ownerOf(handoff)).toBe('per_luca')
  })

  test('and past whoever is off on that day', async () => {
    const world = inWorld(rotating(lucaIs({ off: ['2026-11-20/2026-11-23'] })))
    const { handoff, notices } = await woken(world, await accepted(world), 'first-attempt', late)
    expect(ownerOf(handoff)).toBe('per_dora')
    expect(notices).toMatchObject([{ type: 'reassigned', from: 'per_anna', to: 'per_dora' }])
  })

  test('and past whoever has as many open leads as agreed', async () => {
    const world = inWorld(rotating(lucaIs({ cap: 1 })))
    await accepted(world, luca, 'luisa@example.com')
    const { handoff } = await woken(world, await accepted(world), 'first-attempt', late)
    expect(ownerOf(handoff)).toBe('per_dora')
  })

  test('and past whoever is outside hours of their own', async () => {
    const calendar = { timezone: 'America/New_York', hours: { 'mon-fri': ['09:00-17:00'] } }
    const world = inWorld(rotating(lucaIs({ calendar })))
    const { handoff } = await woken(world, await accepted(world), 'first-attempt', late)
    expect(ownerOf(handoff)).toBe('per_dora')
  })

  test('and past whoever a ladder took off duty, until they are back', async () => {
    const world = inWorld(rotating())
    await world.members.setOffDuty(workspaceId, 'per_luca', late)
    const past = await woken(world, await accepted(world), 'first-attempt', late)
    expect(ownerOf(past.handoff)).toBe('per_dora')
    await world.members.setOffDuty(workspaceId, 'per_luca', null)
    world.clock.now = fixedNow
    const target = await accepted(world, anna, 'luisa@example.com')
    expect(ownerOf((await woken(world, target, 'first-attempt', late)).handoff)).toBe('per_luca')
  })

  test('to nobody where nobody is there: the owner keeps it, and is told', async () => {
    const off = ['2026-11-23']
    const people: People = [
      { email: 'luca@acme.example', role: 'rep', off },
      { email: 'dora@acme.example', role: 'rep', off },
    ]
    const world = inWorld(rotating(people))
    const { handoff, notices } = await woken(world, await accepted(world), 'first-attempt', late)
    expect(ownerOf(handoff)).toBe('per_anna')
    expect(notices).toMatchObject([{ type: 'missed', to: 'per_anna' }])
  })

  test('by the people of the agreement in force, whatever version the lead came under', async () => {
    const memory = inWorld(rotating())
    const target = await accepted(memory)
    const agreement = rotating(lucaIs({ off: ['2026-11-23'] }))
    const world: MemoryWorld = {
      ...memory,
      agreements: {
        ...memory.agreements,
        inForce: async () => ({ version: 2, agreement, inForceFrom: late }),
      },
    }
    expect(ownerOf((await woken(world, target, 'first-attempt', late)).handoff)).toBe('per_dora')
  })
})

describe('a ladder that takes a non-responder off duty', () => {
  const agreement = withEveryClock({
    people: [
      { email: 'ben@acme.example', role: 'marketing' },
      { email: 'sara@acme.example', role: 'sales_manager' },
    ],
    escalation: [{ at: '100%', to: 'off_duty' }],
    lead_types: [
      {
        id: 'new-equipment',
        name: { en: 'New equipment', it: 'Macchinari nuovi' },
        channel: 'sql-handoffs',
        owners: { rotate: [anna, luca].map(({ email }) => email ?? '') },
      },
    ],
  })

  test('leaves them the lead and gives them no more of them, until they say that they are back', async () => {
    const world = inWorld(agreement)
    const target = await handOver(world)
    const { notices, handoff } = await woken(world, target, 'accept', minutesAfter(5 * 60))
    expect(handoff?.owner?.id).toBe('per_anna')
    expect(notices).toMatchObject([{ type: 'missed', to: 'per_anna', offDuty: 'per_anna' }])
    expect(await world.members.offDuty(workspaceId)).toEqual(new Set(['per_anna']))

    const ownerOfNext = async (email: string) => {
      const { handoffId } = await handOver(world, { email })
      return (await world.handoffs.byId(workspaceId, handoffId))?.owner?.id
    }
    expect(await ownerOfNext('one@example.com')).toBe('per_luca')
    await acceptHandoff(world, { ...target, by: anna })
    expect(await ownerOfNext('two@example.com')).toBe('per_luca')
    expect(await backOnDuty(world, workspaceId, { email: null, by: anna })).toMatchObject({
      kind: 'back',
    })
    expect(await ownerOfNext('three@example.com')).toBe('per_anna')
  })

  test('lets only a manager bring somebody else back', async () => {
    const world = inWorld(agreement)
    await world.members.setOffDuty(workspaceId, 'per_anna', fixedNow)
    const back = (by: typeof anna) =>
      backOnDuty(world, workspaceId, { email: 'anna@acme.example', by })
    expect(await back(luca)).toEqual({ kind: 'manager-required' })
    expect(await back(aMember(sara))).toMatchObject({ kind: 'back', person: { id: 'per_anna' } })
    expect(await back(anna)).toMatchObject({ kind: 'was-there' })
  })
})
