import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { buildHandoffCard } from '../../../../src/adapters/slack/messages/card.ts'
import { buildNotice } from '../../../../src/adapters/slack/messages/notice.ts'
import { type Agreement, locales, type Side } from '../../../../src/domain/agreement.ts'
import type {
  Contest,
  Handoff,
  PreviousRound,
  Ruling,
  Vote,
} from '../../../../src/domain/handoff.ts'
import type { Score } from '../../../../src/domain/lead.ts'
import type { Notice } from '../../../../src/domain/notice.ts'
import type { Person } from '../../../../src/domain/person.ts'
import {
  accepted,
  aHandoff,
  aLead,
  anAgreement,
  aPause,
  aPerson,
  ben,
  minutesAfter,
  paused,
  returned,
} from '../../../support/builders.ts'
import { faultsOf, messageBlocksSchema } from '../../../support/slack-limits.ts'
import { foreignControls, labelsIn, textsIn } from './showing.ts'

/** Each run says everything; a long night may have more of them. */
const runs = Number(process.env.HOSTILE_RUNS ?? 25)

const hostile = [
  '<!channel>',
  '<!here|here>',
  '<!everyone>',
  '<!subteam^S123|@sales>',
  '<!date^1392734382^{date}^https://evil.example|today>',
  '<@U0ANNA>',
  '<@U0ANNA|anna>',
  '<#C0SQL|sql-handoffs>',
  '<https://evil.example|your bank>',
  'https://evil.example/?a=1&b=2',
  'http://evil.example',
  'www.evil.example',
  '<mailto:evil@evil.example|help>',
  '@channel @here @everyone',
  '*bold* _italic_ ~gone~ `code`',
  '```block\nof code```',
  '> quoted\n>>> all of it',
  '\u202egnp.exe\u202c',
  '\u2066\u2067\u2068turned\u2069\u200f\u200e\u061c',
  'hid\u200bden\u2060 and\ufeff soft\u00adhyphen',
  'NUL \u0000 bell \u0007 escape \u001b[31m delete \u007f',
  'several\nlines\r\nof\u2028text\u2029here\u0085and\tthere',
  ':rotating_light: :+1: :skin-tone-2:',
  '&lt;!channel&gt; &amp;lt;!channel&amp;gt;',
  'lone \ud800 surrogates \udc00',
  '</section>{"type":"actions"}',
  '{{name}} %s %c',
  '\u2060<\u2060!channel>',
  '<<!channel>>',
  '<\u200b!channel>',
  '&'.repeat(10_000),
  '<'.repeat(10_000),
  'x'.repeat(10_000),
  '👩‍👩‍👧‍👦'.repeat(1_000),
  `e${'\u0301'.repeat(10_000)}`,
  '\n'.repeat(10_000),
]

const text = fc.oneof(
  // The long ones take their time, and are all told below.
  fc.constantFrom(...hostile.filter(({ length }) => length < 300)),
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc
    .array(
      fc.oneof(fc.constantFrom(...'<>!@#|*_~`&:/\n>', '://', '<!', '<@U1>', '\u202e'), fc.string()),
    )
    .map((parts) => parts.join('')),
)

const fromLead = (text: string): Handoff =>
  aHandoff({
    reason: text,
    lead: aLead({
      name: text,
      email: `"${text}"@evil.example`,
      title: text,
      phone: text,
      source: text,
      company: { name: text, industry: text, country: text, employees: 1e9, domain: text },
    }),
    owner: aPerson({ slackId: null, name: text }),
    handedOffBy: { ...ben, name: text },
  })

const inEveryState = (text: string): Handoff[] => {
  const offered = fromLead(text)
  const anna = aPerson({ name: text, slackId: null })
  const back = returned({ ...offered, owner: null }, { note: text, readyWhen: text })
  return [
    offered,
    { ...accepted({ ...offered, owner: null }), owner: anna },
    { ...back, leadStatus: text },
    { ...paused(accepted({ ...offered, owner: null })), owner: anna },
    { ...offered, news: { reason: text, by: anna, at: minutesAfter(1), hotSince: null } },
    ...rounds(offered, text),
    ...returns(back, { text, by: anna }),
    ...deals({ ...accepted({ ...offered, owner: null }), owner: anna }, text),
  ]
}

function rounds(offered: Handoff, text: string): Handoff[] {
  const previous: PreviousRound = {
    handoffId: 'hof_0',
    leadStatus: text,
    at: minutesAfter(0),
    reason: text,
    criterion: text,
    readyOn: text,
    readyWhen: text,
    field: 'phone',
    duplicateOf: text,
    note: text,
  }
  const again = { ...offered, round: 2, previous, whatChanged: text }
  return [again, { ...again, previous: { ...previous, reason: '' } }]
}

function returns(back: Handoff, { text, by }: { text: string; by: Person }): Handoff[] {
  const { returned } = back
  if (returned === null) return []
  const vote = (side: Side): Vote => ({
    side,
    ruling: 'clarify',
    words: `${side} ${text}`,
    by,
    at: minutesAfter(1),
  })
  const contest = (votes: Vote[], ruling: Ruling | null): Contest => ({
    by,
    at: minutesAfter(1),
    why: text,
    term: text,
    votes,
    ruling,
  })
  const contests = [
    contest([], null),
    contest([vote('sales')], null),
    contest([vote('sales'), vote('marketing')], null),
    contest([vote('sales'), vote('marketing')], 'clarify'),
  ]
  return contests.map((one) => ({
    ...back,
    leadStatus: text,
    returned: {
      ...returned,
      by,
      criterion: text,
      readyOn: text,
      duplicateOf: text,
      answer: 'contested',
      contest: one,
    },
  }))
}

const deals = (sold: Handoff, text: string): Handoff[] =>
  [text, 'closed-lost'].flatMap((stage): Handoff[] => {
    const deal = { stage, lostReason: text, note: text, at: minutesAfter(1) }
    return [
      { ...sold, deal },
      { ...sold, deal, status: 'qualified', leadStatus: text },
      { ...sold, deal, status: 'closed', leadStatus: text },
    ]
  })

const noticesWith = (text: string): Notice[] => [
  {
    type: 'returned',
    by: 'per_evil',
    to: 'per_evil_too',
    status: text,
    reason: text,
    criterion: text,
    readyOn: text,
    readyWhen: text,
    field: 'phone',
    duplicateOf: text,
    note: text,
  },
  { type: 'return-acknowledged', by: 'per_evil' },
  { type: 'return-contested', by: 'per_evil', why: text, to: ['per_evil_too'] },
  ...(['awaited', 'disagreed', 'ruled'] as const).map(
    (outcome): Notice => ({
      type: 'ruling',
      by: 'per_evil',
      side: 'sales',
      ruling: 'clarify',
      words: text,
      outcome,
      to: ['per_evil_too'],
    }),
  ),
  { type: 'ready', by: 'per_evil', to: 'per_evil_too' },
  { type: 'handed-over-again', by: 'per_evil' },
  {
    type: 'deal',
    by: 'per_evil',
    stage: text,
    means: 'lost',
    lostReason: text,
    note: text,
  },
  { type: 'reassigned', by: 'per_evil', from: 'per_evil_too', to: null, deadline: null },
  { type: 'reassigned', by: 'per_evil', from: null, to: 'per_evil_too', deadline: null },
  { type: 'reassigned', by: 'per_evil', from: 'per_evil_too', to: 'per_evil', deadline: null },
  {
    type: 'attempt',
    by: 'per_evil',
    channel: text,
    outcome: text,
    note: text,
    verdict: { clause: 'gap', sinceMs: 1, gap: text },
    counted: 1,
    of: 6,
    finished: true,
    connected: false,
  },
  { type: 'paused', by: 'per_evil', reason: text, until: minutesAfter(1) },
  { type: 'resumed', to: 'per_evil' },
  {
    type: 'reassigned',
    by: null,
    from: 'per_evil',
    to: 'per_evil_too',
    deadline: { kind: 'accept', dueAt: minutesAfter(1) },
  },
  {
    type: 'reminder',
    deadline: { kind: 'accept', dueAt: minutesAfter(300) },
    fraction: 0.5,
    to: 'per_evil',
  },
  { type: 'escalated-to-channel', deadline: { kind: 'accept', dueAt: minutesAfter(1) } },
  { type: 'news', by: 'per_evil', to: 'per_evil_too', reason: text, hot: true },
  { type: 'news', by: null, to: null, reason: text, hot: false },
]

const people = (text: string) =>
  new Map(
    ['per_evil', 'per_evil_too'].map((id) => [id, aPerson({ id, slackId: null, name: text })]),
  )

const turning = /[\p{Bidi_Control}\u200B\uFEFF]/u
const controls = /[\p{Cc}\p{Zl}\p{Zp}]/u

function expectHarmless(said: { text: string; blocks?: unknown[] | undefined }): void {
  expect(faultsOf(messageBlocksSchema, said.blocks ?? [])).toEqual([])
  expect(said.text.length).toBeLessThanOrEqual(3_000)
  expect(said.text).not.toBe('')
  const all = [{ type: 'mrkdwn', text: said.text }, ...textsIn(said.blocks)]
  for (const label of labelsIn(said.blocks)) {
    expect(label.length).toBeLessThanOrEqual(75)
    expect(label).not.toMatch(turning)
    expect(label).not.toMatch(controls)
    expect(label.isWellFormed()).toBe(true)
  }
  for (const { type, text: told } of all) {
    expect(told.isWellFormed()).toBe(true)
    expect(told).not.toMatch(turning)
    expect(told.replaceAll('\n', ' ')).not.toMatch(controls)
    expect(told).not.toMatch(/<[!#]channel|<!here|<!everyone|<@U0EVIL/)
    if (type === 'plain_text') expect(told).not.toMatch(/:\/\/|\n/)
    else {
      expect(foreignControls(told)).toEqual([])
      expect(told.replace(/<https:[^>]*>/g, '')).not.toMatch(/:\/\//)
    }
  }
}

const agreement = anAgreement({ pause: aPause() })

const scored: Score = {
  total: 70,
  threshold: 70,
  lines: [1, 2, 3, 4].map((points) => ({ rule: 'rule', points, times: points })),
}

/** What people agreed on in these words, about every lead. */
function agreedIn(text: string): Agreement {
  const name = { en: text, it: text }
  const when = [{ field: 'email', known: true }]
  return {
    ...agreement,
    scoring: {
      threshold: 70,
      again: 'never',
      rules: [{ id: 'rule', name, points: 1, when, times: 'each' }],
    },
    icp: [1, 2, 3, 4].map((place) => ({ id: `criterion-${place}`, name, when })),
    personas: [{ id: 'persona', name, when, talking_points: [name, name] }],
    journey: { steps: { decision: [name] }, rules: [] },
  }
}

function sayEverything(text: string): void {
  const handoffs = inEveryState(text)
  const viewOf = (index: number) => ({
    locale: locales[index % 2] ?? 'en',
    dates: 'slack' as const,
    agreement,
    zone: 'Europe/Rome',
    now: minutesAfter(0),
  })
  for (const [index, handoff] of handoffs.entries()) {
    expectHarmless(buildHandoffCard(handoff, { ...viewOf(index), leadTypeName: text }))
  }
  for (const [index, handoff] of handoffs.slice(0, 2).entries()) {
    const said = { ...viewOf(index), agreement: agreedIn(text), leadTypeName: text }
    expectHarmless(buildHandoffCard({ ...handoff, score: scored }, said))
  }
  for (const [index, notice] of noticesWith(text).entries()) {
    const handoff = handoffs[index % handoffs.length] ?? aHandoff()
    expectHarmless(buildNotice(notice, { ...viewOf(index), handoff, people: people(text) }))
  }
}

describe('text out of a lead', () => {
  test.each(hostile)('mentions nobody, links nowhere and breaks nothing: %j', sayEverything)

  test(
    'mentions nobody, links nowhere and breaks nothing, whatever it is',
    () => {
      fc.assert(fc.property(text, sayEverything), { numRuns: runs })
    },
    60_000 + 1_000 * runs,
  )
})
