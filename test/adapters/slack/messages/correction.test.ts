import { describe, expect, test } from 'vitest'
import { buildNotice, peopleIn } from '../../../../src/adapters/slack/messages/notice.ts'
import type { NoticeView } from '../../../../src/adapters/slack/messages/notice-telling.ts'
import { locales } from '../../../../src/domain/agreement.ts'
import { type Notice, noticeSchema } from '../../../../src/domain/notice.ts'
import { accepted, anAgreement, aPerson, minutesAfter, sara } from '../../../support/builders.ts'
import { faultsOf, messageBlocksSchema } from '../../../support/slack-limits.ts'
import { drawn } from './showing.ts'

type Corrected = Extract<Notice, { type: 'attempt-corrected' }>

const made = {
  channel: 'call',
  outcome: 'no-answer',
  at: minutesAfter(20),
  note: null,
  void: false,
}
const corrected = (overrides: Partial<Corrected> = {}): Notice => ({
  type: 'attempt-corrected',
  by: aPerson().id,
  number: 2,
  was: made,
  is: { ...made, channel: 'email' },
  verdict: { clause: 'counted' },
  counted: 2,
  of: 6,
  others: [],
  finished: false,
  connected: false,
  ...overrides,
})

const view = (overrides: Partial<NoticeView> = {}): NoticeView => ({
  locale: 'en',
  dates: 'plain',
  zone: 'Europe/Rome',
  now: minutesAfter(200),
  handoff: accepted(),
  agreement: anAgreement(),
  people: new Map([aPerson(), sara].map((person) => [person.id, person])),
  ...overrides,
})

/** The line in the thread; a notification says first which lead it is about. */
const lineOf = (overrides: Partial<Corrected>, locale: (typeof locales)[number] = 'en') =>
  buildNotice(
    noticeSchema.parse(JSON.parse(JSON.stringify(corrected(overrides)))),
    view({ locale }),
  ).text.replace(/^Maria Verdi, Officine Verdi: /, '')

describe('the line about a corrected attempt', () => {
  test('says what is different, and which one it counts as', () => {
    expect(lineOf({})).toBe('Attempt 2 corrected: e-mail instead of call, now counted 2 of 6.')
    expect(lineOf({}, 'it')).toBe(
      'Tentativo 2 corretto: e-mail invece di telefonata, ora conteggiato, 2 di 6.',
    )
  })

  test('tells all that changed', () => {
    const is = { ...made, channel: 'meeting', outcome: 'left-message', at: minutesAfter(10) }
    expect(lineOf({ is })).toBe(
      'Attempt 2 corrected: meeting instead of call, left a message instead of no answer, ' +
        'made 10:10 instead of 10:20, now counted 2 of 6.',
    )
  })

  test('says why it does not count, and how many do', () => {
    const is = { ...made, void: true }
    expect(lineOf({ is, verdict: { clause: 'void' }, counted: 1 })).toBe(
      'Attempt 2 corrected. Not counted: it did not happen. Counted so far: 1 of 6.',
    )
    expect(lineOf({ was: is, is: made })).toBe(
      'Attempt 2 corrected: it did happen, now counted 2 of 6.',
    )
  })

  test('tells of the others that it changed', () => {
    const others = [
      { number: 3, counted: true },
      { number: 4, counted: false },
    ]
    expect(lineOf({ others })).toMatch(
      /Attempt 3 counts now\. Attempt 4 does not count any more\.$/,
    )
  })

  test('tells a connection, and a finished sequence', () => {
    expect(lineOf({ connected: true })).toMatch(/ The lead is connected\.$/)
    expect(lineOf({ finished: true })).toMatch(/return the lead\.$/)
  })

  test('names whoever did it for the owner, and mentions nobody', () => {
    const text = lineOf({ by: sara.id })
    expect(text).toMatch(/^Attempt 2 corrected by Sara Conti: /)
    expect(text).not.toContain('<@')
    expect(peopleIn(corrected({ by: sara.id }))).toEqual([sara.id])
  })

  test.each(locales)('keeps within the limits with anything in it (%s)', (locale) => {
    const text = '<!channel> <@U1> <https://evil.example|x> *b*'.repeat(60)
    const is = { ...made, channel: text, outcome: text, note: text }
    const others = Array.from({ length: 500 }, (_, number) => ({ number, counted: true }))
    const notice = corrected({ is, others, finished: true, connected: true })
    const message = buildNotice(notice, view({ locale }))
    expect(faultsOf(messageBlocksSchema, message.blocks ?? [])).toEqual([])
    for (const line of [message.text, ...drawn(message.blocks)]) {
      expect(line.length).toBeLessThan(4_000)
      expect(line).not.toMatch(/<[!@h]/)
    }
  })
})
