import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { dutyOf, shiftOf, workingTimeOf } from '../../src/domain/duty.ts'
import { anAgreement } from '../support/builders.ts'

const annaIs = (anna: { cap?: number; off?: string[] }) =>
  anAgreement({ people: [{ email: 'anna@acme.example', role: 'rep', ...anna }] })
const duty = (anna: { cap?: number; off?: string[] }, day = '2026-12-28', open = 0) =>
  dutyOf(annaIs(anna), 'anna@acme.example', { day, open })

describe('somebody is off', () => {
  test('on the days that the agreement names, up to the last of them', () => {
    const off = ['2026-12-24', '2026-12-27/2027-01-06']
    expect(duty({ off }, '2026-12-24')).toEqual({ free: false, why: 'off', until: '2026-12-24' })
    for (const day of ['2026-12-27', '2026-12-31', '2027-01-06']) {
      expect(duty({ off }, day)).toEqual({ free: false, why: 'off', until: '2027-01-06' })
    }
  })

  test('on no day before, between or after them', () => {
    const off = ['2026-12-24', '2026-12-27/2027-01-06']
    for (const day of ['2026-12-23', '2026-12-25', '2026-12-26', '2027-01-07']) {
      expect(duty({ off }, day)).toEqual({ free: true })
    }
  })
})

describe('somebody is full', () => {
  test('with as many open leads as the agreement allows, or more', () => {
    expect(duty({ cap: 2 }, '2026-12-28', 1)).toEqual({ free: true })
    for (const open of [2, 3]) {
      expect(duty({ cap: 2 }, '2026-12-28', open)).toEqual({ free: false, why: 'full', cap: 2 })
    }
  })

  test('is told so only when they are there', () => {
    expect(duty({ cap: 1, off: ['2026-12-28'] }, '2026-12-28', 9)).toMatchObject({ why: 'off' })
  })
})

test('whoever the agreement says nothing of is free, whatever their address', () => {
  const agreement = annaIs({ cap: 1 })
  for (const email of ['luca@acme.example', null]) {
    expect(dutyOf(agreement, email, { day: '2026-12-28', open: 99 })).toEqual({ free: true })
  }
  expect(dutyOf(agreement, 'ANNA@acme.example', { day: '2026-12-28', open: 1 }).free).toBe(false)
})

test('somebody is free when no day off covers the day and there is room, and only then', () => {
  const anyDay = fc
    .integer({ min: 0, max: 60 })
    .map((days) => new Date(Date.UTC(2026, 11, 1 + days)).toISOString().slice(0, 10))
  const anySpan = fc.tuple(anyDay, anyDay).map((days) => days.sort())
  const anyCap = fc.option(fc.integer({ min: 1, max: 5 }), { nil: undefined })
  fc.assert(
    fc.property(
      fc.array(anySpan, { maxLength: 4 }),
      anyCap,
      anyDay,
      fc.nat({ max: 8 }),
      (spans, cap, day, open) => {
        const off = spans.map(([from, to]) => (from === to ? `${from}` : `${from}/${to}`))
        const there = !spans.some(([from = '', to = '']) => from <= day && day <= to)
        const room = cap === undefined || open < cap
        const found = duty({ off, ...(cap === undefined ? {} : { cap }) }, day, open)
        expect(found.free).toBe(there && room)
        if (!found.free) expect(found.why).toBe(there ? 'full' : 'off')
      },
    ),
  )
})

test('somebody whom a ladder took off duty is away, whatever else is said of them', () => {
  const agreement = annaIs({ cap: 1, off: ['2026-12-28'] })
  const load = { day: '2026-12-28', open: 9, away: true }
  expect(dutyOf(agreement, 'anna@acme.example', load)).toEqual({ free: false, why: 'away' })
})

describe('the shift of somebody', () => {
  const own = { timezone: 'America/New_York', hours: { 'mon-fri': ['09:00-17:00'] } }
  const agreement = anAgreement({
    people: [
      { email: 'anna@acme.example', role: 'rep', off: ['2026-11-30'] },
      { email: 'nora@acme.example', role: 'rep', calendar: own },
    ],
  })
  const shift = (email: string, now: string) =>
    shiftOf(agreement, { email, leadType: 'service', load: { open: 0 } }, new Date(now))

  test('is now inside their hours: their own, else those of the lead type', () => {
    const now = '2026-11-23T09:00:00.000Z'
    expect(shift('anna@acme.example', now)).toMatchObject({
      from: new Date(now),
      day: '2026-11-23',
    })
    expect(shift('Nora@acme.example', now)).toMatchObject({
      from: new Date('2026-11-23T14:00:00.000Z'),
      duty: { free: true },
    })
    expect(workingTimeOf(agreement, null, 'service')).toBe(agreement.calendar)
  })

  test('is else that of the day on which their hours begin again', () => {
    expect(shift('anna@acme.example', '2026-11-27T21:00:00.000Z')).toEqual({
      duty: { free: false, why: 'off', until: '2026-11-30' },
      from: new Date('2026-11-30T08:00:00.000Z'),
      day: '2026-11-30',
    })
  })
})
