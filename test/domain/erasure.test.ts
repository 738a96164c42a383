import { describe, expect, test } from 'vitest'
import {
  eraseDuplicate,
  erasedAddress,
  eraseHandoff,
  eventWithoutWords,
  keptOfEvents,
} from '../../src/domain/erasure.ts'
import { eventTypes } from '../../src/domain/handoff.ts'
import { aHandoff, aLead, aPerson, fixedNow, minutesAfter } from '../support/builders.ts'

const at = minutesAfter(5)
const canary = 'a canary'
const facts = {
  reason: 'not-ready',
  criterion: null,
  readyOn: '2027-02-01',
  readyWhen: canary,
  field: null,
  duplicateOf: `${canary}@example.com`,
  note: canary,
}
const by = aPerson()
const returned = {
  ...facts,
  by,
  at: fixedNow,
  answer: 'contested' as const,
  contest: {
    by,
    at: fixedNow,
    why: canary,
    term: 'sql',
    votes: [{ side: 'sales' as const, ruling: 'uphold' as const, words: canary, by, at: fixedNow }],
    ruling: null,
  },
  readySince: null,
}

describe('the handoff of an erased lead', () => {
  const spoken = aHandoff({
    lead: aLead({ name: canary, title: canary, company: { name: canary }, source: canary }),
    reason: canary,
    whatChanged: canary,
    previous: { ...facts, handoffId: 'hof_0', leadStatus: 'Returned', at: fixedNow },
    news: { reason: canary, by, at: fixedNow, hotSince: null },
    returned,
    deal: { stage: 'exploration', lostReason: null, note: canary, at: fixedNow },
  })

  test('holds none of its words', () => {
    const { handoff, events } = eraseHandoff(spoken, at)
    expect(JSON.stringify(handoff)).not.toContain(canary)
    expect(handoff.lead).toMatchObject({ email: erasedAddress(spoken.lead.id), erasedAt: at })
    expect(events.at(-1)).toMatchObject({ type: 'Erased', at, by: null, data: { what: 'lead' } })
  })

  test('keeps what counts', () => {
    const { handoff } = eraseHandoff(spoken, at)
    expect(handoff).toMatchObject({
      version: spoken.version + 1,
      leadType: spoken.leadType,
      createdAt: spoken.createdAt,
      returned: { reason: 'not-ready', readyOn: '2027-02-01', answer: 'contested' },
    })
  })

  test('is closed where it was open, and no clock of it runs any more', () => {
    const { handoff } = eraseHandoff(spoken, at)
    expect(handoff.status).toBe('closed')
    expect(handoff.deadlines.flatMap(({ steps }) => steps)).toEqual([])
    expect(handoff.deadlines.every(({ state }) => state !== 'running')).toBe(true)
  })

  test('stays returned where it was', () => {
    expect(eraseHandoff({ ...spoken, status: 'returned' }, at).handoff.status).toBe('returned')
  })
})

test('another lead loses the address that it was a duplicate of, and nothing else', () => {
  const other = aHandoff({ status: 'returned', returned })
  const { handoff } = eraseDuplicate(other, facts.duplicateOf, at)
  expect(handoff).toEqual({
    ...other,
    version: other.version + 1,
    returned: { ...returned, duplicateOf: null },
  })
})

describe('the data of an event', () => {
  test.each(eventTypes)('of %s keeps no word of it that is not named', (type) => {
    const made = { ...facts, note: canary, text: canary }
    const data = { why: canary, words: [canary], whatChanged: canary, ...facts }
    const kept = eventWithoutWords(type, { ...data, before: made, after: made })
    expect(JSON.stringify(kept)).not.toContain(canary)
  })

  test('keeps what is named', () => {
    const verdict = { clause: 'counted' }
    const was = { channel: 'call', outcome: 'no-answer', madeAt: 'then', note: canary, verdict }
    expect(
      eventWithoutWords('AttemptCorrected', { number: 1, before: was, after: was, others: [] }),
    ).toEqual({
      number: 1,
      others: [],
      before: { channel: 'call', outcome: 'no-answer', madeAt: 'then', verdict },
      after: { channel: 'call', outcome: 'no-answer', madeAt: 'then', verdict },
    })
    expect(Object.keys(keptOfEvents).sort()).toEqual([...eventTypes].sort())
  })
})
