import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connect, type Database } from '../../../src/adapters/postgres/client.ts'
import { createHandoffs } from '../../../src/adapters/postgres/handoffs.ts'
import { createPromiseRecords } from '../../../src/adapters/postgres/promises.ts'
import { accept } from '../../../src/domain/decide/accept.ts'
import { correctAttempt } from '../../../src/domain/decide/correct-attempt.ts'
import type { Decided } from '../../../src/domain/decide/decision.ts'
import { handOff } from '../../../src/domain/decide/hand-off.ts'
import { logAttempt } from '../../../src/domain/decide/log-attempt.ts'
import { returnLead } from '../../../src/domain/decide/return.ts'
import { wake } from '../../../src/domain/decide/wake.ts'
import type { Handoff } from '../../../src/domain/handoff.ts'
import type { Handoffs } from '../../../src/use-cases/ports/handoffs.ts'
import {
  aHandOff,
  aLead,
  anActor,
  anAgreement,
  aPerson,
  aReturn,
  ben,
  concerned,
  fixedNow,
  minutesAfter,
} from '../../support/builders.ts'
import { type FreshDatabase, freshDatabase } from '../../support/database.ts'

let fresh: FreshDatabase
let database: Database
let handoffs: Handoffs
const ws = 'T0ACME'
const agreement = anAgreement({
  promises: { marketing: [{ measure: 'handoff_data', fields: ['phone', 'title'], share: '90%' }] },
})
const at = (minutes: number) => ({ agreement, now: minutesAfter(minutes) })

beforeAll(async () => {
  fresh = await freshDatabase()
  database = connect(fresh.url, { max: 5 })
  handoffs = createHandoffs(database)
  const people = [aPerson(), ben].map((person) => ({ ...person, workspaceId: ws }))
  await database.prisma.user.createMany({ data: people })
})
afterAll(async () => {
  await database.close()
  await fresh.drop()
})

/** Commits what was decided, and gives the handoff as the database has it. */
async function keep(before: Handoff | null, decided: Decided): Promise<Handoff> {
  if (!decided.ok) throw new Error(decided.refusal.code)
  expect(await handoffs.commit(before, decided.decision)).toBe('committed')
  const kept = await handoffs.byId(
    decided.decision.handoff.workspaceId,
    decided.decision.handoff.id,
  )
  expect(kept).toEqual(decided.decision.handoff)
  return decided.decision.handoff
}

let counter = 0
function offer(
  lead: Partial<ReturnType<typeof aLead>> = {},
  { minutes = 0, version = 1, workspaceId = ws } = {},
): Promise<Handoff> {
  counter += 1
  const command = aHandOff({
    id: `hof_${counter}`,
    workspaceId,
    lead: aLead({ ...lead, id: `lead_${counter}`, email: `lead${counter}@example.com` }),
    agreementVersion: version,
  })
  return keep(null, handOff(command, anActor(ben, 'marketing'), at(minutes)))
}
const log = (handoff: Handoff, minutes: number) => {
  const id = `att_${handoff.id}_${handoff.attempts.length + 1}`
  const made = { id, channel: 'call', outcome: 'no-answer', note: undefined } as const
  const command = { ...made, at: minutesAfter(minutes) }
  return keep(handoff, logAttempt(handoff, command, anActor(), at(minutes)))
}
const said = { outcome: undefined, at: undefined, note: undefined, void: undefined }

describe('a corrected attempt', () => {
  test('is read back as it is now, with those that were judged again; the event has the rest', async () => {
    const offered = await offer()
    const accepted = await keep(offered, accept(offered, anActor(), at(12)))
    const tried = await log(await log(accepted, 20), 40)
    const command = { ...said, number: 1, channel: 'email' } as const
    const corrected = await keep(tried, correctAttempt(tried, command, anActor(), at(60)))
    expect(corrected.attempts).toMatchObject([
      { number: 1, channel: 'email', counted: true },
      { number: 2, channel: 'call', counted: true },
    ])
    const gone = { ...said, number: 2, channel: undefined, void: true }
    const voided = await keep(corrected, correctAttempt(corrected, gone, anActor(), at(61)))
    expect(voided.attempts[1]).toMatchObject({ counted: false, verdict: { clause: 'void' } })
    const third = await log(voided, 62)
    expect(third.attempts.map(({ number }) => number)).toEqual([1, 2, 3])

    const story = await handoffs.story(ws, offered.id)
    expect(story?.events.filter(({ type }) => type === 'AttemptCorrected')).toMatchObject([
      {
        by: { id: 'per_anna' },
        data: {
          number: 1,
          before: { channel: 'call', verdict: { clause: 'counted' } },
          after: { channel: 'email', verdict: { clause: 'counted' } },
          others: [{ number: 2, verdict: { clause: 'counted' } }],
        },
      },
      { data: { number: 2, before: { verdict: { clause: 'counted' } }, others: [] } },
    ])
  })

  test('never takes the place of another handoff’s attempt', async () => {
    const one = await offer()
    const first = await log(await keep(one, accept(one, anActor(), at(12))), 20)
    const two = await offer()
    const taken = await keep(two, accept(two, anActor(), at(12)))
    const id = first.attempts[0]?.id ?? ''
    const made = { id, channel: 'call', outcome: 'no-answer', note: undefined } as const
    const command = { ...made, at: minutesAfter(30) }
    const decided = logAttempt(taken, command, anActor(), at(30))
    if (!decided.ok) throw new Error(decided.refusal.code)
    await expect(handoffs.commit(taken, decided.decision)).rejects.toThrow(/unique/)
    expect(await handoffs.byId(ws, one.id)).toEqual(first)
  })
})

describe('what promises are measured by', () => {
  const elsewhere = 'T0MEASURED'
  const period = { from: fixedNow, to: minutesAfter(1_000) }

  test('are the handoffs of a period by what was missing, and the deadlines that ended in it', async () => {
    const records = createPromiseRecords(database)
    const place = { workspaceId: elsewhere }
    await offer({}, { ...place, minutes: -1 })
    const whole = await offer({}, place)
    await offer({ phone: null }, { ...place, version: 2 })
    await offer({ phone: null }, { ...place, version: 2 })
    await offer({}, { ...place, minutes: 1_000 })

    // accepted in time, first attempt missed by the clock, then returned: the sequence is neither
    const taken = await keep(whole, accept(whole, anActor(), at(12)))
    const missed = wake(taken, 'first-attempt', concerned({ managers: [] }), at(30))
    if (missed === null) throw new Error('nothing was missed')
    const late = await keep(taken, { ok: true, decision: missed })
    await keep(late, returnLead(late, aReturn({ readyWhen: 'spring' }), anActor(), at(40)))

    const facts = await records.factsOf(elsewhere, period)
    expect(facts).toMatchObject(period)
    const byCount = (a: { count: number }, b: { count: number }) => a.count - b.count
    expect(facts.handoffs.sort(byCount)).toEqual([
      { version: 1, missing: [], count: 1 },
      { version: 2, missing: ['phone'], count: 2 },
    ])
    const byKind = (a: { kind: string }, b: { kind: string }) => a.kind.localeCompare(b.kind)
    expect(facts.deadlines.sort(byKind)).toEqual([
      { version: 1, kind: 'accept', inTime: true, count: 1 },
      { version: 1, kind: 'accept-hard', inTime: true, count: 1 },
      { version: 1, kind: 'first-attempt', inTime: false, count: 1 },
    ])
    expect(await records.factsOf('T0OTHER', period)).toMatchObject({ handoffs: [], deadlines: [] })
    expect(await records.factsOf(elsewhere, { from: period.to, to: period.to })).toMatchObject({
      handoffs: [],
      deadlines: [],
    })
  })
})
