import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  idsIn,
  settle,
  type ToldEvent,
  type Tries,
  type WebhookAnswer,
  waitMs,
  webhookBody,
  webhookRight,
} from '../../src/domain/webhook.ts'
import { aMember, anAgreement, aPerson, ben, fixedNow, minutesAfter } from '../support/builders.ts'

const anna = aPerson()
const told: ToldEvent = {
  id: 'evt_7',
  event: { type: 'Reassigned', at: fixedNow, by: ben, data: { from: null, to: anna.id, why: 'w' } },
  handoff: {
    id: 'hof_1',
    status: 'accepted',
    leadStatus: 'Accepted',
    lifecycleStage: 'sql',
    leadType: 'new-equipment',
    owner: anna.id,
    lead: { email: 'maria@officineverdi.example', name: 'Maria Verdi' },
  },
}

describe('what others are told of an event', () => {
  test('is the event and the handoff as it stood, people by their addresses', () => {
    const body = webhookBody(told, new Map([[anna.id, anna]]))
    expect(JSON.parse(body)).toEqual({
      id: 'evt_7',
      type: 'Reassigned',
      timestamp: fixedNow.toISOString(),
      data: {
        handoff: { ...told.handoff, owner: anna.email },
        event: { from: null, to: anna.email, why: 'w' },
        by: ben.email,
      },
    })
  })

  test('asks for everyone whom it names, once', () => {
    expect(idsIn(told)).toEqual([anna.id])
    expect(idsIn({ ...told, event: { ...told.event, type: 'Accepted', data: {} } })).toEqual([
      anna.id,
    ])
  })

  test('names nobody where a clock did it', () => {
    const body = webhookBody({ ...told, event: { ...told.event, by: null } }, new Map())
    expect(JSON.parse(body)).toMatchObject({ data: { by: null } })
  })
})

const status = (code: number, retryAfterMs: number | null = null): WebhookAnswer => ({
  kind: 'status',
  status: code,
  retryAfterMs,
})
const none: Tries = { tries: 0, failures: 0, failingSince: null }
const context = { now: fixedNow, chance: 0.5 }
const hour = 3_600_000
const chances = fc.double({ min: 0, max: 1, noNaN: true })

describe('an answer', () => {
  test.each([200, 201, 202, 204, 299])('%i is taken, and the endpoint is well again', (code) => {
    const failing = { tries: 3, failures: 9, failingSince: minutesAfter(-60) }
    expect(settle(failing, status(code), context)).toMatchObject({
      state: 'sent',
      failures: 0,
      failingSince: null,
      pausedUntil: null,
      disabled: false,
    })
  })

  test.each([301, 302, 307, 400, 401, 404, 429, 500, 503])('%i is tried again', (code) => {
    const settled = settle(none, status(code), context)
    expect(settled).toMatchObject({ state: 'pending', failures: 1, failingSince: fixedNow })
    expect(settled.nextTryAt.getTime()).toBe(fixedNow.getTime() + 12_000)
    // one failure may be the event's own: other events need not wait
    expect(settled.pausedUntil).toBeNull()
  })

  test('410 disables the endpoint at once', () => {
    expect(settle(none, status(410), context)).toMatchObject({ state: 'failed', disabled: true })
  })

  test('that names a time is waited for, by the whole endpoint', () => {
    const { nextTryAt, pausedUntil } = settle(none, status(429, hour), context)
    expect(nextTryAt.getTime() - fixedNow.getTime()).toBe(hour)
    expect(pausedUntil).toEqual(nextTryAt)
    const far = settle(none, status(503, 1e15), context)
    expect(far.nextTryAt.getTime() - fixedNow.getTime()).toBe(24 * hour)
  })

  test('that fails again and again has the endpoint left alone, but never for long', () => {
    const pauses = [1, 2, 3, 30].map((failures) => {
      const settled = settle({ ...none, failures }, { kind: 'none', why: 'timeout' }, context)
      return (settled.pausedUntil?.getTime() ?? 0) - fixedNow.getTime()
    })
    expect(pauses).toEqual([2_000, 4_000, 8_000, 300_000])
  })
})

describe('tries', () => {
  test('are twelve over about three days, each further apart than the one before', () => {
    fc.assert(
      fc.property(chances, (chance) => {
        const waits = Array.from({ length: 11 }, (_, i) => waitMs(i + 1, chance))
        expect(waits).toEqual([...waits].sort((a, b) => a - b))
        const total = waits.reduce((sum, wait) => sum + wait, 0) / hour
        expect(total).toBeGreaterThan(55)
        expect(total).toBeLessThan(90)
      }),
    )
    const since = { failures: 20, failingSince: minutesAfter(-60) }
    expect(settle({ ...since, tries: 10 }, status(500), context).state).toBe('pending')
    expect(settle({ ...since, tries: 11 }, status(500), context).state).toBe('failed')
  })

  test('that failed for three days in a row disable the endpoint', () => {
    const before = { tries: 5, failures: 40, failingSince: minutesAfter(-3 * 24 * 60 + 1) }
    expect(settle(before, status(500), context).disabled).toBe(false)
    const after = { ...before, failingSince: minutesAfter(-3 * 24 * 60) }
    expect(settle(after, status(500), context)).toMatchObject({ disabled: true, state: 'failed' })
  })

  test('whatever is answered, lie in the future and never within what was asked for', () => {
    const answers = fc.record({
      kind: fc.constant('status' as const),
      status: fc.integer({ min: 300, max: 599 }).filter((code) => code !== 410),
      retryAfterMs: fc.option(fc.integer({ min: 0, max: 24 * hour })),
    })
    fc.assert(
      fc.property(
        answers,
        fc.nat(30),
        fc.nat(1_000),
        chances,
        (answer, tries, failures, chance) => {
          const settled = settle({ ...none, tries, failures }, answer, { now: fixedNow, chance })
          const wait = settled.nextTryAt.getTime() - fixedNow.getTime()
          expect(wait).toBeGreaterThan(0)
          expect(wait).toBeGreaterThanOrEqual(answer.retryAfterMs ?? 0)
          const pause = (settled.pausedUntil?.getTime() ?? Infinity) - fixedNow.getTime()
          expect(pause).toBeGreaterThanOrEqual(answer.retryAfterMs ?? 0)
        },
      ),
    )
  })
})

describe('the endpoints', () => {
  const agreement = anAgreement()
  const zoe = aMember({ id: 'per_zoe', slackId: 'U0ZOE', email: 'zoe@acme.example', name: 'Zoe' })

  test.each([
    ['nobody in particular', {}, null],
    ['a rep', { assigned: 'rep' }, null],
    ['marketing', { assigned: 'marketing' }, null],
    ['a manager of sales', { assigned: 'sales_manager' }, 'look'],
    ['a manager of marketing', { assigned: 'marketing_manager' }, 'look'],
    ['an admin', { assigned: 'admin' }, 'change'],
    ['whoever administers Slack', { slackAdmin: true }, 'change'],
    ['an admin who is a guest by now', { assigned: 'admin', external: true }, null],
  ] as const)('are for %s: %o gives %o', (_, overrides, right) => {
    expect(webhookRight(agreement, { ...zoe, ...overrides })).toBe(right)
  })

  test('go by the role in the agreement first', () => {
    expect(webhookRight(agreement, aMember({ assigned: 'admin' }))).toBeNull()
  })
})
