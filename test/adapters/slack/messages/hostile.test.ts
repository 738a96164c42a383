import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { buildHandoffCard } from '../../../../src/adapters/slack/messages/card.ts'
import { buildNotice } from '../../../../src/adapters/slack/messages/notice.ts'
import { locales } from '../../../../src/domain/agreement.ts'
import type { Handoff } from '../../../../src/domain/handoff.ts'
import type { Notice } from '../../../../src/domain/notice.ts'
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
import { foreignControls, textsIn } from './showing.ts'

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
  fc.constantFrom(...hostile),
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
  ]
}

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
    note: text,
  },
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

function sayEverything(text: string): void {
  const agreement = anAgreement({ pause: aPause() })
  const handoffs = inEveryState(text)
  for (const [index, handoff] of handoffs.entries()) {
    const locale = locales[index % 2] ?? 'en'
    const view = { locale, dates: 'slack', agreement, zone: 'Europe/Rome' } as const
    expectHarmless(buildHandoffCard(handoff, { ...view, leadTypeName: text, now: minutesAfter(0) }))
    for (const notice of noticesWith(text)) {
      expectHarmless(
        buildNotice(notice, { ...view, now: minutesAfter(0), handoff, people: people(text) }),
      )
    }
  }
}

describe('text out of a lead', () => {
  test.each(hostile)('mentions nobody, links nowhere and breaks nothing: %j', sayEverything)

  test('mentions nobody, links nowhere and breaks nothing, whatever it is', () => {
    fc.assert(fc.property(text, sayEverything), { numRuns: 300 })
  })
})
