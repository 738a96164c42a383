import { describe, expect, test } from 'vitest'
import {
  chapterHeading,
  standingWords,
  storyLine,
  storyWords,
} from '../../../src/content/words/story.ts'
import { type Locale, locales } from '../../../src/domain/agreement.ts'
import type { Entry, Happening, RecordedChange } from '../../../src/domain/story.ts'
import {
  aHandoff,
  anAgreement,
  aPause,
  aPerson,
  ben,
  fixedNow,
  mario,
  minutesAfter,
  sara,
} from '../../support/builders.ts'

const agreement = anAgreement({ pause: aPause() })
const anna = aPerson()
const luca = aPerson({ id: 'per_luca', name: 'Luca Bianchi' })
const facts = {
  ...{ reason: 'not-ready', criterion: null, readyOn: null, readyWhen: null },
  ...{ field: null, duplicateOf: null, note: null },
}
const call = {
  channel: 'call',
  outcome: 'no-answer',
  madeAt: minutesAfter(30),
  note: null,
  verdict: { clause: 'counted' },
} as const
const reason = 'Asked for a quote for two presses'

const readerOf = (locale: Locale) => ({
  locale,
  zone: 'Europe/Rome',
  agreement,
  near: fixedNow,
  short: (text: string) => text,
})

const change = (
  what: 'stage' | 'status',
  from: string | null,
  to: string,
  rule = '',
): RecordedChange => ({
  ...{ what, from, to, rule, at: minutesAfter(30), by: anna },
  ...{ handoffId: 'hof_1', version: 2 },
})

type Told = Happening & Partial<Pick<Entry, 'by' | 'moves' | 'at'>>

const line = (locale: Locale, told: Told): string =>
  storyLine({ at: minutesAfter(30), by: anna, events: [], moves: [], ...told }, readerOf(locale))

const handedOver = {
  kind: 'handed-over',
  priority: 'standard',
  reason,
  whatChanged: null,
  offeredTo: null,
  by: ben,
} as const
const corrected: Extract<Happening, { kind: 'corrected' }> = {
  kind: 'corrected',
  number: 2,
  was: call,
  is: call,
  others: [],
  connected: false,
}

/** One of each kind, and of each way to say it. */
const told: Told[] = [
  {
    ...handedOver,
    moves: [change('stage', null, 'sql', 'handoff'), change('status', null, 'New')],
  },
  { ...handedOver, priority: 'hot', whatChanged: 'The budget is approved', offeredTo: luca },
  { ...handedOver, by: null },
  { kind: 'accepted', afterMs: 720_000, moves: [change('status', 'New', 'Accepted')] },
  { kind: 'accepted', afterMs: 720_000, by: null },
  {
    kind: 'attempt',
    number: 1,
    made: { ...call, note: 'Rang twice' },
    connected: false,
    moves: [change('status', 'Accepted', 'Attempting', 'lead_statuses.attempting')],
  },
  {
    kind: 'attempt',
    number: 2,
    made: { ...call, madeAt: minutesAfter(-90), verdict: { clause: 'before-acceptance' } },
    connected: false,
    by: null,
  },
  {
    kind: 'attempt',
    number: 3,
    made: { ...call, outcome: 'connected' },
    connected: true,
    moves: [change('status', 'Attempting', 'Connected')],
  },
  { ...corrected, is: { ...call, outcome: 'connected', note: 'It was her' }, connected: true },
  { ...corrected, is: { ...call, madeAt: minutesAfter(20) } },
  {
    ...corrected,
    is: { ...call, verdict: { clause: 'void' } },
    others: [{ number: 3, verdict: { clause: 'counted' } }],
  },
  { kind: 'owner', how: 'taken-over', from: anna, to: luca, by: luca },
  { kind: 'owner', how: 'passed-on', from: anna, to: luca, by: anna },
  { kind: 'owner', how: 'passed-on', from: anna, to: luca, by: sara },
  { kind: 'owner', how: 'passed-on', from: null, to: luca, by: sara },
  { kind: 'owner', how: 'given-back', from: anna, to: null, by: anna },
  { kind: 'owner', how: 'given-back', from: anna, to: null, by: sara },
  { kind: 'owner', how: 'overdue', from: anna, to: luca, by: null },
  { kind: 'owner', how: 'overdue', from: null, to: null, by: null },
  {
    kind: 'returned',
    facts: { ...facts, readyOn: '2027-01-15', readyWhen: 'the budget is approved' },
    moves: [
      change('stage', 'sql', 'mql', 'return_reasons.not-ready'),
      change('status', 'New', 'Returned – not ready', 'return_reasons.not-ready'),
    ],
  },
  { kind: 'returned', facts: { ...facts, reason: 'not-a-fit', criterion: 'size', note: 'Five' } },
  { kind: 'returned', facts: { ...facts, reason: 'wrong-data', field: 'phone' } },
  { kind: 'returned', facts: { ...facts, reason: 'duplicate', duplicateOf: 'm@verdi.example' } },
  { kind: 'returned', facts: { ...facts, reason: 'bored', criterion: 'mood' } },
  { kind: 'answered', answer: 'acknowledged', why: null, by: ben },
  { kind: 'answered', answer: 'contested', why: 'The budget is approved', by: ben },
  { kind: 'answered', answer: 'contested', why: null, by: null },
  { kind: 'answered', answer: 'handed-over-again', why: null, by: ben },
  { kind: 'ruling', side: 'sales', ruling: 'uphold', words: null, outcome: 'awaited', by: sara },
  {
    kind: 'ruling',
    side: 'marketing',
    ruling: 'overturn',
    words: 'A budget counts once it is approved',
    outcome: 'disagreed',
    by: mario,
  },
  {
    kind: 'ruling',
    side: 'sales',
    ruling: 'overturn',
    words: 'I see',
    outcome: 'ruled',
    by: sara,
    moves: [change('stage', 'mql', 'sql', 'protocols.ruling')],
  },
  { kind: 'ruling', side: null, ruling: 'clarify', words: null, outcome: 'ruled', by: sara },
  {
    kind: 'deal',
    stage: 'exploration',
    lostReason: null,
    note: null,
    moves: [
      change('stage', 'sql', 'opportunity', 'deal_stages.exploration'),
      change('status', 'Connected', 'Open deal', 'deal_stages.exploration'),
    ],
  },
  {
    kind: 'deal',
    stage: 'closed-lost',
    lostReason: 'price',
    note: 'A third cheaper',
    moves: [change('status', 'Open deal', 'Closed lost')],
  },
  { kind: 'deal', stage: 'unheard-of', lostReason: 'unheard-of', note: null, by: null },
  { kind: 'breach', clock: 'accept', dueAt: minutesAfter(25), by: null },
  { kind: 'breach', clock: 'ruling', dueAt: minutesAfter(-3_000), by: null },
  { kind: 'paused', reason: 'waiting-for-customer', until: minutesAfter(7_200) },
  { kind: 'noted', what: 'resumed' },
  { kind: 'noted', what: 'resumed', by: null },
  { kind: 'noted', what: 'ready', by: ben },
  { kind: 'noted', what: 'ready', by: null },
  { kind: 'noted', what: 'connected' },
  { kind: 'noted', what: 'reopened' },
  { kind: 'moved', moves: [change('stage', 'lead', 'mql', 'score')], by: null },
  { kind: 'moved', moves: [change('stage', 'hunch', 'whim'), change('status', null, 'Warm')] },
]

describe.each(locales)('a story in %s', (locale) => {
  test('reads well, line by line', () => {
    expect(told.map((one) => line(locale, one))).toMatchSnapshot()
  })

  test('has a heading for each round', () => {
    const heading = (round: number, leadType = 'new-equipment') =>
      chapterHeading(
        {
          round: { handoff: aHandoff({ round, leadType }), events: [], olderEvents: 0 },
          entries: [],
        },
        agreement,
        readerOf(locale),
      )
    const before = chapterHeading({ round: null, entries: [] }, agreement, readerOf(locale))
    const unheardOf = { ...aHandoff(), leadType: 'boats' }
    const gone = chapterHeading(
      { round: { handoff: unheardOf, events: [], olderEvents: 0 }, entries: [] },
      agreement,
      readerOf(locale),
    )
    expect([before, gone, ...[1, 2, 10, 11].map((round) => heading(round))]).toMatchSnapshot()
  })

  test('says what is not shown, and what to do where nothing is', () => {
    const words = storyWords[locale]
    expect([
      words.olderRounds(1),
      words.olderRounds(12),
      words.earlier,
      words.found('verdi'),
      words.moreFound,
      words.notFound('verdi'),
      words.howToFind,
      words.noRole,
      words.guest,
    ]).toMatchSnapshot()
  })

  test('says how the lead stands, as far as it is known', () => {
    const { short } = readerOf(locale)
    const last = { handoffId: 'hof_1', owner: anna }
    const stands = { stage: 'sql', status: 'Accepted' } as const
    expect([
      standingWords({ ...stands, last }, { locale, short }),
      standingWords({ ...stands, last: { ...last, owner: null } }, { locale, short }),
      standingWords({ stage: null, status: null, last: null }, { locale, short }),
    ]).toMatchSnapshot()
  })
})

test('a moment is told by the clock of the reader, with the day where it is another one', () => {
  const at = minutesAfter(60)
  const entry: Entry = { kind: 'noted', what: 'connected', at, by: null, events: [], moves: [] }
  const reader = readerOf('en')
  expect(storyLine(entry, reader)).toBe('11:00 · Connected')
  expect(storyLine(entry, { ...reader, zone: 'Asia/Tokyo' })).toBe('19:00 · Connected')
  const later = { ...entry, at: minutesAfter(60 * 24 * 60) }
  expect(storyLine(later, reader)).toBe('Fri 22 Jan 2027, 10:00 · Connected')
})

test('what people wrote is as short as the reader wants it', () => {
  const entry: Entry = {
    ...{ kind: 'answered', answer: 'contested', why: 'x'.repeat(900) },
    ...{ at: fixedNow, by: ben, events: [], moves: [] },
  }
  const said = storyLine(entry, { ...readerOf('en'), short: (text) => text.slice(0, 3) })
  expect(said).toBe('10:00 · Return contested by Ben: “xxx”')
})
