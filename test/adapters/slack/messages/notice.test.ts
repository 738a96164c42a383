import { describe, expect, test } from 'vitest'
import {
  buildNotice,
  type NoticeView,
  peopleIn,
} from '../../../../src/adapters/slack/messages/notice.ts'
import { locales } from '../../../../src/domain/agreement.ts'
import { acknowledgeReturn } from '../../../../src/domain/decide/acknowledge-return.ts'
import type { Handoff } from '../../../../src/domain/handoff.ts'
import { type Notice, noticeSchema } from '../../../../src/domain/notice.ts'
import type { Person } from '../../../../src/domain/person.ts'
import {
  accepted,
  anAgreement,
  aPause,
  aPerson,
  returned as aReturn,
  ben,
  handoffOf,
  minutesAfter,
  sara,
} from '../../../support/builders.ts'
import { faultsOf, messageBlocksSchema } from '../../../support/slack-limits.ts'
import { drawn } from './showing.ts'

const anna = aPerson()
const mario = aPerson({ id: 'per_mario', slackId: null, name: 'Mario Neri' })
const people: ReadonlyMap<string, Person> = new Map(
  [anna, ben, sara, mario].map((person) => [person.id, person]),
)

const view = (overrides: Partial<NoticeView> = {}): NoticeView => ({
  locale: 'en',
  dates: 'plain',
  zone: 'Europe/Rome',
  now: minutesAfter(200),
  handoff: accepted(),
  agreement: anAgreement({ pause: aPause() }),
  people,
  cardUrl: 'https://acme.example/archives/C0SQL/p1',
  ...overrides,
})

const deadline = { kind: 'accept', dueAt: minutesAfter(300) } as const
const attempt = {
  type: 'attempt',
  by: anna.id,
  channel: 'call',
  outcome: 'no-answer',
  note: null,
  verdict: { clause: 'counted' },
  counted: 1,
  of: 6,
  finished: false,
  connected: false,
} as const
const returned = {
  type: 'returned',
  by: anna.id,
  to: ben.id,
  status: 'Returned – not ready',
  reason: 'not-ready',
  criterion: null,
  readyOn: null,
  readyWhen: 'the budget is approved',
  note: null,
} as const

const pausing = {
  type: 'paused',
  by: anna.id,
  reason: 'waiting-for-customer',
  until: new Date('2026-11-30T09:30:00Z'),
} as const

const notices: Record<string, Notice> = {
  'a reminder at half of the time': { type: 'reminder', deadline, fraction: 0.5, to: anna.id },
  'a reminder to nobody': { type: 'reminder', deadline, fraction: 0.8, to: null },
  'a reminder of the first attempt': {
    type: 'reminder',
    deadline: { ...deadline, kind: 'first-attempt' },
    fraction: 0.8,
    to: anna.id,
  },
  'a reminder of the attempts': {
    type: 'reminder',
    deadline: { kind: 'attempts', dueAt: new Date('2026-12-04T09:00:00Z') },
    fraction: 0.8,
    to: anna.id,
  },
  'a missed acceptance': { type: 'missed', deadline, to: null },
  'a missed first attempt': {
    type: 'missed',
    deadline: { ...deadline, kind: 'first-attempt' },
    to: anna.id,
  },
  'a missed sequence': { type: 'missed', deadline: { ...deadline, kind: 'attempts' }, to: anna.id },
  'a reminder that it lies idle': {
    type: 'reminder',
    deadline: { ...deadline, kind: 'idle' },
    fraction: 0.5,
    to: anna.id,
  },
  'a reminder that can be put off': {
    type: 'reminder',
    deadline: { kind: 'attempts', dueAt: new Date('2026-12-07T09:12:00Z') },
    fraction: 0.8,
    to: anna.id,
  },
  'an idle lead': { type: 'missed', deadline: { ...deadline, kind: 'idle' }, to: anna.id },
  'a pause': pausing,
  'a pause by somebody else': { ...pausing, by: sara.id },
  'a pause for a reason that nobody knows any more': { ...pausing, by: null, reason: 'gone' },
  'the end of a pause': { type: 'resumed', to: anna.id },
  'the end of a pause of nobody’s lead': { type: 'resumed', to: null },
  'a lead passed on': { type: 'reassigned', from: anna.id, to: sara.id, deadline },
  'a lead of nobody passed on': { type: 'reassigned', from: null, to: mario.id, deadline },
  'a missed answer': {
    type: 'missed',
    deadline: { ...deadline, kind: 'return-answer' },
    to: ben.id,
  },
  'an escalation to managers': { type: 'escalated', deadline, to: [sara.id, mario.id] },
  'an escalation without managers': { type: 'escalated', deadline, to: [] },
  'an escalation to a channel': { type: 'escalated-to-channel', deadline },
  'a return until something': returned,
  'a return until a day, with a note': {
    ...returned,
    readyOn: '2027-01-15',
    readyWhen: null,
    note: 'Call again <!channel>',
  },
  'a return of what is no fit': {
    ...returned,
    status: 'Returned – not a fit',
    reason: 'not-a-fit',
    criterion: 'size',
    readyWhen: null,
  },
  'a return by the one who handed over': { ...returned, to: anna.id },
  'an acknowledged return': { type: 'return-acknowledged', by: ben.id },
  'an attempt that counts': attempt,
  'an attempt by somebody else, with a note': { ...attempt, by: sara.id, note: 'Try *Friday*' },
  'an attempt too soon': {
    ...attempt,
    verdict: { clause: 'gap', sinceMs: 20 * 60_000, gap: '4h' },
  },
  'an attempt over a channel that does not count': {
    ...attempt,
    channel: 'linkedin',
    verdict: { clause: 'channel', channel: 'linkedin' },
  },
  'an attempt with an outcome that does not count': {
    ...attempt,
    channel: 'email',
    outcome: 'bounced',
    verdict: { clause: 'outcome', outcome: 'bounced' },
  },
  'the last attempt': { ...attempt, counted: 6, finished: true },
  'a connection': { ...attempt, outcome: 'meeting-booked', counted: 2, connected: true },
}

test('a return asks marketing to acknowledge it, until that is done', () => {
  const asks = (handoff: Handoff): boolean =>
    JSON.stringify(buildNotice(returned, view({ handoff })).blocks).includes('return.acknowledge')
  const open = aReturn()
  const marketing = { person: ben, role: 'marketing' } as const
  const context = { agreement: anAgreement(), now: minutesAfter(60) }
  expect(asks(open)).toBe(true)
  expect(asks(handoffOf(acknowledgeReturn(open, marketing, context)))).toBe(false)
})

describe.each(Object.entries(notices))('%s', (_, notice) => {
  test.each(locales)('reads well in %s', (locale) => {
    const { text, blocks } = buildNotice(noticeSchema.parse(notice), view({ locale }))
    expect([text, ...drawn(blocks)].join('\n')).toMatchSnapshot()
    expect(faultsOf(messageBlocksSchema, blocks ?? [])).toEqual([])
  })
})

describe('a notice', () => {
  test('mentions the one concerned, and nobody about what they have done', () => {
    const { text } = buildNotice(returned, view())
    expect(text).toContain('<@U0BEN>')
    expect(text).not.toContain('<@U0ANNA>')
    expect(buildNotice({ ...returned, to: anna.id }, view()).text).not.toContain('<@')
    expect(buildNotice(attempt, view()).text).not.toContain('<@')
  })

  test('lets a reminder be put off by the one it is for, once, while there is time', () => {
    const dueAt = new Date('2026-12-07T09:12:00Z')
    const reminder = { type: 'reminder', deadline: { kind: 'attempts', dueAt }, fraction: 0.8 }
    const buttonOf = (to: string | null, overrides: Partial<NoticeView> = {}) =>
      (buildNotice(noticeSchema.parse({ ...reminder, to }), view(overrides)).blocks ?? []).flatMap(
        (block) => (block.type === 'actions' ? block.elements : []),
      )
    expect(buttonOf(anna.id)).toMatchObject([
      { action_id: 'handoff.snooze', value: 'attempts:hof_1' },
    ])
    expect(buttonOf(null)).toEqual([])
    expect(buttonOf(anna.id, { now: dueAt })).toEqual([])
    const handoff = accepted()
    const snoozed = handoff.deadlines.map((one) => ({ ...one, snoozedAt: minutesAfter(100) }))
    expect(buttonOf(anna.id, { handoff: { ...handoff, deadlines: snoozed } })).toEqual([])
  })

  test('tells whoever had the lead and whoever has it now', () => {
    const passedOn = { type: 'reassigned', from: anna.id, to: ben.id, deadline } as const
    expect(peopleIn(passedOn)).toEqual([anna.id, ben.id])
    expect(buildNotice(passedOn, view()).text).toMatch(/<@U0BEN>.*<@U0ANNA>/)
    const { text } = buildNotice({ ...pausing, by: sara.id }, view())
    expect(text).toMatch(/^<@U0ANNA>, paused by Sara Conti/)
    expect(buildNotice(pausing, view()).text).not.toContain('<@')
  })

  test('does without people who are not there any more', () => {
    const { text } = buildNotice(
      { type: 'reminder', deadline, fraction: 0.5, to: 'per_gone' },
      view(),
    )
    expect(text).toBe('Half of the time to accept is gone: due 15:00.')
  })

  test('to a channel does without the link where there is none', () => {
    const { blocks } = buildNotice(
      { type: 'escalated-to-channel', deadline },
      view({ cardUrl: undefined }),
    )
    expect(blocks?.map((block) => block.type)).toEqual(['section', 'section'])
  })

  test('tells whom it needs', () => {
    expect(peopleIn({ ...returned, to: anna.id })).toEqual([anna.id])
    expect(peopleIn({ type: 'escalated', deadline, to: [sara.id, mario.id] })).toHaveLength(2)
    expect(peopleIn({ type: 'missed', deadline, to: null })).toEqual([])
  })
})
