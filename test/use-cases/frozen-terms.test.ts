import { describe, expect, test } from 'vitest'
import type { Agreement } from '../../src/domain/agreement.ts'
import type { DeadlineKind } from '../../src/domain/handoff.ts'
import { acceptHandoff } from '../../src/use-cases/accept-handoff.ts'
import { contestReturn } from '../../src/use-cases/contest-return.ts'
import { handOffLead } from '../../src/use-cases/hand-off-lead.ts'
import { logAttempt } from '../../src/use-cases/log-attempt.ts'
import { pauseHandoff, resumeHandoff } from '../../src/use-cases/pause-handoff.ts'
import type { World } from '../../src/use-cases/ports/world.ts'
import { reportDeal } from '../../src/use-cases/report-deal.ts'
import { returnHandoff } from '../../src/use-cases/return-handoff.ts'
import { ruleOnReturn } from '../../src/use-cases/rule-on-return.ts'
import { snoozeReminder } from '../../src/use-cases/snooze-reminder.ts'
import { wakeTimer } from '../../src/use-cases/wake-timer.ts'
import {
  aMember,
  anAgreement,
  aPause,
  aReturnSaid,
  ben,
  fixedNow,
  mario,
  minutesAfter,
  sara,
} from '../support/builders.ts'
import { createMemoryWorld } from '../support/memory-world.ts'

const anna = aMember()
const first = anAgreement({ pause: aPause() })

/** Everything that the first version says is said otherwise; only people are the same. */
const second = anAgreement({
  calendar: { timezone: 'Asia/Kolkata', hours: 'always' },
  clocks: {
    accept: { within: { wall: '5m' }, remind: ['10%'] },
    first_attempt: { hot: { wall: '1m' }, standard: { wall: '1m' }, remind: ['10%'] },
    attempts: {
      count: 1,
      within: { wall: '1h' },
      channels: 1,
      gap: { wall: '30h' },
      counted: ['linkedin'],
      remind: [],
    },
    return_answer: { within: { wall: '1m' } },
    idle: { within: { wall: '1m' } },
  },
  escalation: [{ at: '100%', to: 'managers_channel' }],
  managers_channel: 'another-channel',
  lead_statuses: {
    new: 'Fresh',
    accepted: 'Taken',
    attempting: 'Trying',
    connected: 'Reached',
    open_deal: 'Deal',
    unresponsive: 'Silent',
  },
  return_reasons: [{ id: 'other', status: 'Returned – other', stage: 'lead' }],
  deal_stages: [{ id: 'closed-won', name: { en: 'Signed', it: 'Firmata' } }],
  lead_types: [
    {
      id: 'new-equipment',
      name: { en: 'Other', it: 'Altro' },
      channel: 'other-handoffs',
      owners: { rotate: ['anna@acme.example', 'luca@acme.example'] },
    },
  ],
})

interface Versioned {
  world: World
  now(at: Date): void
  /** From now on the second version is in force. */
  change(): void
}

function aWorld(): Versioned {
  const memory = createMemoryWorld({
    agreement: first,
    members: [anna, aMember(ben), aMember(sara), aMember(mario)],
  })
  const versions: Agreement[] = [first, second]
  let version = 1
  const numbered = (number: number): Agreement => versions[number - 1] ?? first
  const world: World = {
    ...memory,
    agreements: {
      ...memory.agreements,
      inForce: async () => ({ version, agreement: numbered(version), inForceFrom: fixedNow }),
      version: async (_workspaceId, number) => numbered(number),
    },
  }
  return {
    world,
    now: (at) => {
      memory.clock.now = at
    },
    change: () => {
      version = 2
    },
  }
}

const workspaceId = 'ws_1'
const handOver = async (world: World, email: string, whatChanged?: string) => {
  const result = await handOffLead(world, {
    workspaceId,
    lead: { email, name: 'Maria Verdi', attributes: {} },
    reason: 'Asked for a quote',
    priority: 'hot',
    owner: undefined,
    by: null,
    whatChanged,
  })
  if (result.kind !== 'done') throw new Error(`not handed over: ${JSON.stringify(result)}`)
  return result.handoff
}

type Act = (world: World, target: { workspaceId: string; handoffId: string }) => Promise<unknown>
const wakes =
  (kind: DeadlineKind): Act =>
  (world, target) =>
    wakeTimer(world, { ...target, kind })
const calls =
  (channel: 'call' | 'linkedin', outcome: 'no-answer' | 'sent' | 'auto-reply'): Act =>
  (world, target) =>
    logAttempt(world, { ...target, by: anna }, { channel, outcome, at: undefined, note: undefined })

/** A whole story, each act at a minute after the handoff. */
const story: [minute: number, act: Act][] = [
  [6, wakes('accept')],
  [120, wakes('accept')],
  [121, (world, target) => acceptHandoff(world, { ...target, by: anna })],
  [122, wakes('first-attempt')],
  [129, wakes('first-attempt')],
  [
    130,
    (world, target) => snoozeReminder(world, { ...target, by: anna }, { kind: 'first-attempt' }),
  ],
  [134, wakes('first-attempt')],
  [136, wakes('first-attempt')],
  [144, wakes('first-attempt')],
  [252, calls('call', 'auto-reply')],
  [253, calls('call', 'no-answer')],
  [254, calls('call', 'no-answer')],
  [255, calls('linkedin', 'sent')],
  [260, (world, target) => pauseHandoff(world, { ...target, by: anna }, { reason: 'on-hold' })],
  [270, wakes('attempts')],
  [280, (world, target) => resumeHandoff(world, { ...target, by: anna })],
  [24 * 60, calls('call', 'no-answer')],
  [16 * 24 * 60, wakes('attempts')],
  [
    16 * 24 * 60 + 1,
    (world, target) =>
      returnHandoff(
        world,
        { ...target, by: anna },
        aReturnSaid({ readyWhen: 'the budget is approved' }),
      ),
  ],
]

/** Plays the story, the agreement being changed before the act of that number. */
async function played(changedBefore: number) {
  const { world, now, change } = aWorld()
  const { id: handoffId } = await handOver(world, 'maria@officineverdi.example')
  for (const [index, [minute, act]] of story.entries()) {
    if (index === changedBefore) change()
    now(minutesAfter(minute))
    await act(world, { workspaceId, handoffId })
  }
  return world.handoffs.story(workspaceId, handoffId)
}

const never = story.length

describe('a handoff under the version it was made under', () => {
  test('lives through the story below', async () => {
    const told = await played(never)
    expect(told?.events.map(({ type }) => type)).toEqual([
      'HandedOff',
      'ReminderSent',
      'Accepted',
      'ReminderSent',
      'ReminderSnoozed',
      'ReminderSent',
      'DeadlineMissed',
      'Escalated',
      'Escalated',
      'AttemptLogged',
      'AttemptLogged',
      'AttemptLogged',
      'AttemptLogged',
      'Paused',
      'Resumed',
      'AttemptLogged',
      'DeadlineMissed',
      'Escalated',
      'Returned',
    ])
    expect(told?.handoff.attempts.map(({ verdict }) => verdict.clause)).toEqual([
      'outcome',
      'counted',
      'gap',
      'counted',
      'counted',
    ])
  })

  test('keeps every deadline, verdict, status and event, whenever the agreement changes', async () => {
    const unchanged = await played(never)
    for (let changedBefore = 0; changedBefore < story.length; changedBefore++) {
      expect(await played(changedBefore)).toEqual(unchanged)
    }
  })

  test('refuses a reason that only the new version has', async () => {
    const { world, change } = aWorld()
    const { id: handoffId } = await handOver(world, 'maria@officineverdi.example')
    change()
    const target = { workspaceId, handoffId, by: anna }
    expect(await returnHandoff(world, target, aReturnSaid({ reason: 'other' }))).toMatchObject({
      kind: 'refused',
      refusal: { code: 'unknown-reason' },
    })
  })

  test('keeps the words it was returned with, also for the round that follows', async () => {
    const { world, now, change } = aWorld()
    const email = 'maria@officineverdi.example'
    const { id: handoffId } = await handOver(world, email)
    now(minutesAfter(30))
    const said = aReturnSaid({ readyWhen: 'the budget is approved' })
    await returnHandoff(world, { workspaceId, handoffId, by: anna }, said)
    const before = await world.stories.ofLead(workspaceId, email)
    change()
    expect(await world.stories.ofLead(workspaceId, email)).toEqual(before)
    now(minutesAfter(60))
    const next = await handOver(world, email, 'It is approved')
    expect(next).toMatchObject({
      leadStatus: 'Fresh',
      previous: { leadStatus: 'Returned – not ready' },
    })
    const after = await world.stories.ofLead(workspaceId, email)
    expect(after?.changes.slice(0, before?.changes.length)).toEqual(before?.changes)
    expect(after?.changes.at(-1)).toMatchObject({
      what: 'status',
      from: 'Returned – not ready',
      to: 'Fresh',
    })
  })

  test('is told by the words of its version when it is contested, ruled on and won', async () => {
    const { world, now, change } = aWorld()
    const { id: handoffId } = await handOver(world, 'maria@officineverdi.example')
    const target = { workspaceId, handoffId, by: anna }
    const said = aReturnSaid({ readyWhen: 'the budget is approved' })
    now(minutesAfter(2))
    await acceptHandoff(world, target)
    await returnHandoff(world, target, said)
    change()
    now(minutesAfter(10))
    await contestReturn(world, { ...target, by: aMember(ben) }, { why: 'It is approved' })
    for (const by of [sara, mario]) {
      const overturn = { ruling: 'overturn', words: undefined } as const
      await ruleOnReturn(world, { ...target, by: aMember(by) }, overturn)
    }
    const reopened = await world.handoffs.byId(workspaceId, handoffId)
    expect(reopened).toMatchObject({ status: 'accepted', leadStatus: 'Accepted' })
    const won = { stage: 'closed-won', lostReason: undefined, note: undefined, fromProgram: false }
    expect(await reportDeal(world, target, won)).toMatchObject({
      handoff: { leadStatus: 'Closed won' },
    })
  })

  test('is not the next one, which is made under the new version', async () => {
    const { world, change } = aWorld()
    const old = await handOver(world, 'maria@officineverdi.example')
    change()
    const next = await handOver(world, 'luisa@officineverdi.example')
    expect(old).toMatchObject({ agreementVersion: 1, leadStatus: 'New', channel: 'sql-handoffs' })
    expect(next).toMatchObject({
      agreementVersion: 2,
      leadStatus: 'Fresh',
      channel: 'other-handoffs',
      deadlines: [{ kind: 'accept', dueAt: minutesAfter(5) }],
    })
  })
})
