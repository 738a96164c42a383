import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { z } from 'zod'
import type { Agreement, agreementSchema } from '../../../src/domain/agreement.ts'
import { nextWorkingMoment } from '../../../src/domain/business-time.ts'
import { calendarOf, nextInRotation } from '../../../src/domain/clocks.ts'
import { wakeAt } from '../../../src/domain/deadlines.ts'
import { wake } from '../../../src/domain/decide/wake.ts'
import {
  type DeadlineKind,
  deadlineKinds,
  deadlineOf,
  type Handoff,
  type HandoffEvent,
} from '../../../src/domain/handoff.ts'
import type { AddressedNotice } from '../../../src/domain/notice.ts'
import type { Person } from '../../../src/domain/person.ts'
import {
  accepted,
  aHandoff,
  anActor,
  anAgreement,
  aPerson,
  concerned,
  fixedNow,
  minutesAfter,
} from '../../support/builders.ts'

type Input = z.input<typeof agreementSchema>
type Ladder = NonNullable<Input['escalation']>

const anna = aPerson()
const luca = aPerson({ id: 'per_luca', email: 'luca@acme.example' })
const dora = aPerson({ id: 'per_dora', email: 'dora@acme.example' })
const people = [anna, luca, dora]
const emailOf = ({ email }: Person): string => email ?? ''

/** A first attempt within two working hours with a ladder of its own, over a rotation of people. */
const agreementOf = (
  escalation: Ladder,
  rotation: Person[] = [anna, luca],
  overrides: Partial<Input> = {},
): Agreement => {
  const within = { working: '2h' }
  return anAgreement({
    clocks: {
      accept: { within: { working: '4h' }, hard: { wall: '24h' }, remind: ['50%', '80%'] },
      first_attempt: { hot: within, standard: within, remind: ['50%'], escalation },
      attempts: {
        count: 6,
        within: { wall: '3d' },
        channels: 2,
        gap: { working: '4h' },
        counted: ['call', 'email'],
        remind: ['80%'],
      },
      return_answer: { within: { working: '1d' } },
      idle: { within: { working: '1d' }, remind: ['50%'] },
    },
    lead_types: [
      {
        id: 'new-equipment',
        name: { en: 'New equipment', it: 'Macchinari nuovi' },
        channel: 'sql-handoffs',
        owners: { rotate: rotation.map(emailOf) },
      },
    ],
    ...overrides,
  })
}

const ring = (handoff: Handoff, kind: DeadlineKind, now: Date, agreement: Agreement) => {
  const [next] = nextInRotation(agreement, handoff.leadType, handoff.owner?.email ?? null)
  const nextOwner = people.find(({ email }) => email === next) ?? null
  return wake(handoff, kind, concerned({ nextOwner }), { agreement, now })
}

interface Told {
  at: Date
  notices: AddressedNotice[]
  events: HandoffEvent[]
}

/** Rings at each of the moments in turn, and says what was told when. */
function ringing(start: Handoff, kind: DeadlineKind, moments: Date[], agreement: Agreement) {
  let handoff = start
  const told: Told[] = []
  for (const at of moments) {
    const decision = ring(handoff, kind, at, agreement)
    if (decision === null) continue
    handoff = decision.handoff
    told.push({ at, notices: decision.notices, events: decision.events })
  }
  return { handoff, told }
}

/** Rings whenever the clock asks to be woken, as long as it does. */
function alone(start: Handoff, kind: DeadlineKind, agreement: Agreement) {
  let handoff = start
  const told: Told[] = []
  for (let rings = 0; rings < 50; rings++) {
    const deadline = deadlineOf(handoff, kind)
    const at = deadline === undefined ? null : wakeAt(deadline)
    const decision = at === null ? null : ring(handoff, kind, at, agreement)
    if (decision === null || at === null) return { handoff, told }
    handoff = decision.handoff
    told.push({ at, notices: decision.notices, events: decision.events })
  }
  throw new Error('the clock never stops')
}

const taken = (agreement: Agreement, at = fixedNow): Handoff =>
  accepted(aHandoff({ createdAt: at }, agreement), { by: anActor(anna), at, agreement })
const saidIn = ({ notices }: Told) => notices.map(({ notice }) => notice.type)
const typesOf = (told: Told[]) => told.flatMap(({ events }) => events.map(({ type }) => type))

describe('a ladder of its own', () => {
  const agreement = agreementOf([
    { at: '100%', to: 'owner' },
    { at: '125%', to: 'manager' },
    { at: '200%', to: 'managers_channel' },
  ])

  test('runs at its own times, step by step, in place of that of the agreement', () => {
    const { told } = alone(taken(agreement), 'first-attempt', agreement)
    expect(told.map((one) => [one.at, saidIn(one)])).toEqual([
      [minutesAfter(60), ['reminder']],
      [minutesAfter(120), ['missed']],
      [minutesAfter(150), ['escalated']],
      [minutesAfter(300), ['escalated-to-channel']],
    ])
    expect(told.at(-1)?.notices).toMatchObject([{ where: { channel: 'sales-managers' } }])
  })

  test('leaves the other clocks to that of the agreement', () => {
    const { told } = alone(aHandoff({}, agreement), 'accept', agreement)
    expect(told.map(saidIn)).toEqual([
      ['reminder'],
      ['reminder'],
      ['escalated'],
      ['escalated-to-channel'],
    ])
  })

  test('of nothing tells the owner of the breach and no more', () => {
    const none = agreementOf([])
    const { told } = alone(taken(none), 'first-attempt', none)
    expect(told.map(saidIn)).toEqual([['reminder'], ['missed']])
  })

  test('after a sleep is told in one line, the gravest, and every step is recorded', () => {
    const { told } = ringing(taken(agreement), 'first-attempt', [minutesAfter(300)], agreement)
    expect(typesOf(told)).toEqual(['DeadlineMissed', 'Escalated', 'Escalated', 'Escalated'])
    expect(told.map(saidIn)).toEqual([['escalated', 'escalated-to-channel']])
  })
})

describe('the next owner', () => {
  const ladder: Ladder = [
    { at: '100%', to: 'next_owner' },
    { at: '150%', to: 'next_owner' },
    { at: '200%', to: 'next_owner' },
  ]
  const passes = (rotation: Person[]) => {
    const agreement = agreementOf(ladder, rotation)
    const { handoff, told } = alone(taken(agreement), 'first-attempt', agreement)
    const reassigned = told.flatMap(({ events }) =>
      events.flatMap(({ type, data }) => (type === 'Reassigned' ? [[data.from, data.to]] : [])),
    )
    return { handoff, told, reassigned }
  }

  test('takes over in turn, each time with a line to the new one', () => {
    const { handoff, told, reassigned } = passes([anna, luca, dora])
    expect(reassigned).toEqual([
      ['per_anna', 'per_luca'],
      ['per_luca', 'per_dora'],
      ['per_dora', 'per_anna'],
    ])
    expect(handoff.owner).toEqual(anna)
    expect(told.slice(1).map(({ notices }) => notices)).toMatchObject([
      [
        {
          where: { thread: true },
          notice: { type: 'reassigned', from: 'per_anna', to: 'per_luca' },
        },
      ],
      [
        {
          where: { thread: true },
          notice: { type: 'reassigned', from: 'per_luca', to: 'per_dora' },
        },
      ],
      [
        {
          where: { thread: true },
          notice: { type: 'reassigned', from: 'per_dora', to: 'per_anna' },
        },
      ],
    ])
  })

  test('of two is the other one', () => {
    expect(passes([anna, luca]).reassigned).toEqual([
      ['per_anna', 'per_luca'],
      ['per_luca', 'per_anna'],
      ['per_anna', 'per_luca'],
    ])
  })

  test('of one is nobody: the breach is told to the owner, who keeps the lead', () => {
    const { handoff, told, reassigned } = passes([anna])
    expect(reassigned).toEqual([])
    expect(handoff.owner).toEqual(anna)
    expect(told.flatMap(saidIn)).toEqual(['reminder', 'missed'])
  })

  test('of someone outside the rotation is its first, and of someone named twice another', () => {
    const rotation = (owners: Person[], owner: string | null) =>
      nextInRotation(agreementOf(ladder, owners), 'new-equipment', owner)
    expect(rotation([luca, dora], emailOf(anna))).toEqual([luca, dora].map(emailOf))
    expect(rotation([luca, dora], null)).toEqual([luca, dora].map(emailOf))
    expect(rotation([anna, luca, dora], emailOf(luca))).toEqual([dora, anna].map(emailOf))
    expect(rotation([anna, anna, luca], emailOf(anna))).toEqual([emailOf(luca)])
    expect(rotation([anna, luca, anna], emailOf(luca).toUpperCase())[0]).toBe(emailOf(anna))
    expect(rotation([anna], emailOf(anna))).toEqual([])
  })

  test('takes over once where several steps fall together', () => {
    const agreement = agreementOf(ladder, [anna, luca, dora])
    const { handoff, told } = ringing(
      taken(agreement),
      'first-attempt',
      [minutesAfter(24 * 60)],
      agreement,
    )
    expect(handoff.owner).toEqual(luca)
    expect(told.map(saidIn)).toEqual([['reassigned']])
  })

  test('of an offered lead is who it is offered to, not who has accepted it', () => {
    const agreement = agreementOf([], [anna, luca], { escalation: ladder })
    const offered = aHandoff({ owner: anna }, agreement)
    const { handoff } = ringing(offered, 'accept', [minutesAfter(300)], agreement)
    expect(handoff).toMatchObject({ status: 'offered', owner: luca, acceptedAt: null })
  })
})

describe('the clocks of a lead that a breach passes on', () => {
  const passed = (clock: 'keep' | 'restart') => {
    const agreement = agreementOf([{ at: '100%', to: 'next_owner' }], [anna, luca], {
      reassignment: { clock },
    })
    const { handoff, told } = ringing(
      taken(agreement),
      'first-attempt',
      [minutesAfter(120)],
      agreement,
    )
    return { agreement, handoff, told }
  }

  test('go on where they are kept: it stays late', () => {
    const { handoff, told } = passed('keep')
    expect(handoff).toMatchObject({ owner: luca, restartedAt: null })
    expect(deadlineOf(handoff, 'first-attempt')).toMatchObject({
      state: 'missed',
      breachedAt: minutesAfter(120),
    })
    expect(typesOf(told)).toEqual(['DeadlineMissed', 'Escalated', 'Reassigned'])
  })

  test('begin anew where that is agreed, and the breach was recorded once', () => {
    const { agreement, handoff, told } = passed('restart')
    expect(handoff).toMatchObject({ owner: luca, restartedAt: minutesAfter(120) })
    expect(typesOf(told)).toEqual(['DeadlineMissed', 'Escalated', 'Reassigned'])
    for (const kind of ['first-attempt', 'attempts', 'idle'] as const) {
      expect(deadlineOf(handoff, kind)).toMatchObject({
        state: 'running',
        startedAt: minutesAfter(120),
        breachedAt: null,
      })
    }
    expect(deadlineOf(handoff, 'accept')).toEqual(deadlineOf(taken(agreement), 'accept'))
  })

  test('are those of the next owner, who is reminded and late in turn', () => {
    const { agreement, handoff } = passed('restart')
    const due = deadlineOf(handoff, 'first-attempt')?.dueAt ?? fixedNow
    const { told } = ringing(handoff, 'first-attempt', [minutesAfter(-30, due), due], agreement)
    expect(told.flatMap(({ notices }) => notices)).toMatchObject([
      { notice: { type: 'reminder', to: 'per_luca' } },
      { notice: { type: 'reassigned', from: 'per_luca', to: 'per_anna' } },
    ])
    expect(typesOf(told).filter((type) => type === 'DeadlineMissed')).toHaveLength(1)
  })

  test('record with it what else was late by then', () => {
    const agreement = agreementOf([{ at: '100%', to: 'next_owner' }], [anna, luca], {
      reassignment: { clock: 'restart' },
    })
    const { told } = ringing(
      taken(agreement),
      'first-attempt',
      [minutesAfter(4 * 24 * 60)],
      agreement,
    )
    const missed = told.flatMap(({ events }) =>
      events.flatMap(({ type, data }) => (type === 'DeadlineMissed' ? [data.kind] : [])),
    )
    expect(missed.sort()).toEqual(['attempts', 'first-attempt', 'idle'])
  })
})

describe('the rung that takes somebody off duty', () => {
  const rung = { at: '100%', to: 'off_duty' } as const
  const decided = (escalation: Ladder, start?: (agreement: Agreement) => Handoff) => {
    const agreement = agreementOf(escalation, [anna, luca, dora], { escalation })
    const handoff = (start ?? taken)(agreement)
    const kind = start === undefined ? 'first-attempt' : 'accept'
    return ring(handoff, kind, minutesAfter(300), agreement)
  }

  test('is about the owner, who keeps the lead and is told', () => {
    const decision = decided([rung])
    expect(decision).toMatchObject({ offDuty: 'per_anna', handoff: { owner: anna } })
    expect(decision?.notices).toMatchObject([
      { where: { thread: true }, notice: { type: 'missed', offDuty: 'per_anna' } },
    ])
  })

  test('goes with another owner or a manager where the ladder says so too', () => {
    const passed = decided([rung, { at: '100%', to: 'next_owner' }])
    expect(passed).toMatchObject({ offDuty: 'per_anna', handoff: { owner: luca } })
    expect(passed?.notices).toMatchObject([
      { notice: { type: 'reassigned', to: 'per_luca', offDuty: 'per_anna' } },
    ])
    expect(decided([{ at: '100%', to: 'manager' }, rung])?.notices).toMatchObject([
      { notice: { type: 'escalated', to: ['per_sara'], offDuty: 'per_anna' } },
    ])
  })

  test('is about nobody where nobody owns the lead, or before its time', () => {
    const offered = decided([rung], (agreement) => aHandoff({}, agreement))
    expect(offered).not.toHaveProperty('offDuty')
    expect(decided([{ at: '900%', to: 'off_duty' }])).not.toHaveProperty('offDuty')
  })
})

describe('outside working time', () => {
  const agreement = agreementOf([{ at: '125%', to: 'manager' }])
  const friday = new Date('2026-11-27T16:30:00.000Z')
  const monday = new Date('2026-11-30T08:00:00.000Z')

  test('a breach of the wall clock is recorded on the spot and told when work begins', () => {
    const offered = aHandoff({ createdAt: friday }, agreement)
    const { handoff, told } = alone(offered, 'accept-hard', agreement)
    const due = deadlineOf(handoff, 'accept-hard')?.dueAt
    expect(told[0]).toMatchObject({ at: due, notices: [], events: [{ type: 'DeadlineMissed' }] })
    expect(told.slice(1).map((one) => [one.at, saidIn(one)])).toEqual([
      [monday, ['escalated', 'escalated-to-channel']],
    ])
  })

  test('a breach without a ladder is told to the owner when work begins', () => {
    const none = agreementOf([], [anna], { escalation: [] })
    const saturday = new Date('2026-11-28T09:00:00.000Z')
    const { told } = alone(aHandoff({ createdAt: saturday }, none), 'accept-hard', none)
    expect(told.map((one) => [one.at, saidIn(one), typesOf([one])])).toEqual([
      [new Date('2026-11-29T09:00:00.000Z'), [], ['DeadlineMissed']],
      [monday, ['missed'], []],
    ])
  })

  test('what is noticed late, at night, waits for the morning and is one line', () => {
    const night = new Date('2026-11-23T22:00:00.000Z')
    const morning = new Date('2026-11-24T08:00:00.000Z')
    const start = taken(agreement)
    const { handoff, told } = ringing(start, 'first-attempt', [night], agreement)
    expect(told.map((one) => [saidIn(one), typesOf([one])])).toEqual([[[], ['DeadlineMissed']]])
    const deadline = deadlineOf(handoff, 'first-attempt')
    expect(deadline === undefined ? null : wakeAt(deadline)).toEqual(morning)
    const after = ringing(handoff, 'first-attempt', [night, morning, morning], agreement)
    expect(after.told.map(saidIn)).toEqual([['escalated']])
    expect(typesOf(after.told)).toEqual(['Escalated'])
  })

  test('nobody is told in the morning of what was done meanwhile', () => {
    const offered = aHandoff({ createdAt: friday }, agreement)
    const night = new Date('2026-11-28T22:00:00.000Z')
    const { handoff } = ringing(offered, 'accept-hard', [night], agreement)
    expect(deadlineOf(handoff, 'accept-hard')?.state).toBe('missed')
    const late = accepted(handoff, { at: new Date('2026-11-29T10:00:00.000Z'), agreement })
    expect(ring(late, 'accept-hard', monday, agreement)).toBeNull()
  })

  test('nobody is spoken to, whenever clocks start and however late they are noticed', () => {
    const somewhen = fc
      .integer({ min: 0, max: 14 * 24 * 60 })
      .map((minutes) => minutesAfter(minutes))
    const calendars: Partial<Input>[] = [
      {},
      { calendar: { timezone: 'America/New_York', hours: { 'mon-thu': ['22:00-24:00'] } } },
      {
        calendar: {
          timezone: 'Asia/Kolkata',
          hours: { sat: ['09:00-10:00'], sun: ['03:00-05:00'] },
        },
      },
    ]
    const anyAgreement = fc
      .tuple(
        fc.constantFrom(...calendars),
        fc.constantFrom<Ladder[]>(
          [],
          [{ at: '100%', to: 'next_owner' }],
          [
            { at: '100%', to: 'owner' },
            { at: '100%', to: 'managers_channel' },
            { at: '300%', to: 'manager' },
          ],
        ),
      )
      .map(([calendar, ladder]) => agreementOf(ladder, people, { ...calendar, escalation: ladder }))
    fc.assert(
      fc.property(
        anyAgreement,
        somewhen,
        fc.array(somewhen, { maxLength: 12 }),
        fc.constantFrom(...deadlineKinds),
        (terms, start, moments, kind) => {
          const handoff = kind.startsWith('accept')
            ? aHandoff({ createdAt: start }, terms)
            : taken(terms, start)
          const rings = moments
            .filter((at) => at >= start)
            .sort((a, b) => a.getTime() - b.getTime())
          const late = ringing(handoff, kind, rings, terms)
          const rest = alone(late.handoff, kind, terms)
          const calendar = calendarOf(terms, handoff.leadType)
          for (const { at, notices } of [...late.told, ...rest.told]) {
            if (notices.length > 0) expect(nextWorkingMoment(at, calendar)).toEqual(at)
            expect(notices.filter(({ where }) => 'thread' in where).length).toBeLessThanOrEqual(1)
          }
        },
      ),
      { numRuns: 300 },
    )
  })
})
