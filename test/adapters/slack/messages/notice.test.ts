import { describe, expect, test } from 'vitest'
import { buildNotice, peopleIn } from '../../../../src/adapters/slack/messages/notice.ts'
import type { NoticeView } from '../../../../src/adapters/slack/messages/notice-telling.ts'
import { locales } from '../../../../src/domain/agreement.ts'
import { acknowledgeReturn } from '../../../../src/domain/decide/acknowledge-return.ts'
import type { Decision } from '../../../../src/domain/decide/decision.ts'
import { answeredByNextRound } from '../../../../src/domain/decide/hand-off.ts'
import { markReady } from '../../../../src/domain/decide/ready.ts'
import type { Handoff } from '../../../../src/domain/handoff.ts'
import { isOvertaken, type Notice, noticeSchema } from '../../../../src/domain/notice.ts'
import type { Person } from '../../../../src/domain/person.ts'
import {
  accepted,
  aHandoff,
  anAgreement,
  aPause,
  paused as aPausedOne,
  aPerson,
  returned as aReturn,
  ben,
  contested,
  handoffOf,
  minutesAfter,
  ruled,
  sara,
  withAttempt,
  withDeal,
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
  field: null,
  duplicateOf: null,
  note: null,
} as const

type Of<Type extends Notice['type']> = Extract<Notice, { type: Type }>

const contesting: Of<'return-contested'> = {
  type: 'return-contested',
  by: ben.id,
  why: 'The budget was *approved* last week <!channel>',
  to: [sara.id, mario.id],
}

const ruling: Of<'ruling'> = {
  type: 'ruling',
  by: sara.id,
  side: 'sales',
  ruling: 'uphold',
  words: null,
  outcome: 'awaited',
  to: [],
}

const passedOn = {
  type: 'reassigned',
  by: sara.id,
  from: anna.id,
  to: ben.id,
  deadline: null,
} as const

const dealt = {
  type: 'deal',
  by: anna.id,
  stage: 'quote',
  means: 'open',
  lostReason: null,
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
  news: { type: 'news', by: ben.id, to: anna.id, reason: 'Asked for a date', hot: false },
  'news that make it hot': {
    type: 'news',
    by: ben.id,
    to: anna.id,
    reason: 'Wants <!channel> & *two* presses',
    hot: true,
  },
  'news that nobody is named for, of nobody’s lead': {
    type: 'news',
    by: null,
    to: null,
    reason: 'Asked for a date',
    hot: false,
  },
  'the end of a pause': { type: 'resumed', to: anna.id },
  'the end of a pause of nobody’s lead': { type: 'resumed', to: null },
  'a lead passed on by a breach': { ...passedOn, by: null, to: sara.id, deadline },
  'a lead of nobody passed on by a breach': {
    ...passedOn,
    by: null,
    from: null,
    to: mario.id,
    deadline,
  },
  'a lead passed on by its owner': { ...passedOn, by: anna.id },
  'a lead passed on by a manager': passedOn,
  'a lead of nobody passed on by a manager': { ...passedOn, from: null },
  'a lead taken over': { ...passedOn, by: ben.id },
  'a lead of somebody who is gone taken over': { ...passedOn, by: ben.id, from: 'per_gone' },
  'a lead given back': { ...passedOn, by: anna.id, to: null },
  'a lead given back by a manager': { ...passedOn, to: null },
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
  'a return of wrong data': {
    ...returned,
    status: 'Returned – wrong data',
    reason: 'wrong-data',
    readyWhen: null,
    field: 'phone',
    note: 'It is that of a bakery',
  },
  'a return of a duplicate': {
    ...returned,
    status: 'Returned – duplicate',
    reason: 'duplicate',
    readyWhen: null,
    duplicateOf: 'm.verdi@verdi.example',
  },
  'a return of somebody who was not reached': {
    ...returned,
    status: 'Unresponsive',
    reason: 'unresponsive',
    readyWhen: null,
  },
  'a contested return': contesting,
  'a contested return that nobody is asked to rule on': { ...contesting, to: [] },
  'a ruling': { ...ruling, words: 'Approved is not enough, it must be *released*' },
  'a ruling of marketing': { ...ruling, by: mario.id, side: 'marketing', ruling: 'clarify' },
  'a ruling that differs': {
    ...ruling,
    by: mario.id,
    side: 'marketing',
    ruling: 'overturn',
    words: 'Approved is approved',
    outcome: 'disagreed',
    to: [sara.id],
  },
  'a ruling that the return stands': { ...ruling, outcome: 'ruled', to: [anna.id, ben.id] },
  'a ruling that the return is overturned': {
    ...ruling,
    ruling: 'overturn',
    outcome: 'ruled',
    to: [anna.id, ben.id],
  },
  'a ruling that the term is clarified': {
    ...ruling,
    ruling: 'clarify',
    words: 'A budget counts once it is approved',
    outcome: 'ruled',
    to: [anna.id, ben.id],
  },
  'a lead whose day has come': { type: 'ready', by: null, to: ben.id },
  'a lead that somebody marks as ready': { type: 'ready', by: mario.id, to: ben.id },
  'a lead marked as ready by the one who handed over': { type: 'ready', by: ben.id, to: ben.id },
  'a lead handed over again': { type: 'handed-over-again', by: ben.id },
  'a lead handed over again by a program': { type: 'handed-over-again', by: null },
  'a deal': dealt,
  'a deal reported by somebody else, with a note': {
    ...dealt,
    by: sara.id,
    note: 'Two presses, *one* of them used',
  },
  'a deal that is lost': {
    ...dealt,
    stage: 'closed-lost',
    means: 'lost',
    lostReason: 'price',
  },
  'a deal reported by a program, at a stage that nobody knows any more': {
    ...dealt,
    by: null,
    stage: 'gone',
    lostReason: 'gone-too',
  },
  'a missed ruling': { type: 'missed', deadline: { ...deadline, kind: 'ruling' }, to: null },
  'a reminder of a ruling': {
    type: 'reminder',
    deadline: { ...deadline, kind: 'ruling' },
    fraction: 0.5,
    to: null,
  },
  'a reminder of the answer to a return': {
    type: 'reminder',
    deadline: { ...deadline, kind: 'return-answer' },
    fraction: 0.8,
    to: ben.id,
  },
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

const marketing = { person: ben, role: 'marketing' } as const
const at = (minutes: number) => ({ agreement: anAgreement(), now: minutesAfter(minutes) })

const nextRound = (handoff: Handoff): Decision | null =>
  answeredByNextRound(handoff, aHandoff({ id: 'hof_2' }), marketing, minutesAfter(90))

const handedOverAgain = (handoff: Handoff): Handoff => nextRound(handoff)?.handoff ?? handoff

const buttonsIn = (notice: Notice, overrides: Partial<NoticeView>): (string | undefined)[][] =>
  (buildNotice(notice, view(overrides)).blocks ?? []).flatMap((block) =>
    block.type === 'actions'
      ? block.elements.flatMap((element) =>
          element.type === 'button' ? [[element.action_id, element.value]] : [],
        )
      : [],
  )
const actionsIn = (notice: Notice, handoff: Handoff, now = minutesAfter(60)) =>
  buttonsIn(notice, { handoff, now }).map(([id]) => id)

test('a return asks marketing for its answer, until there is one', () => {
  const open = aReturn()
  const all = ['return.acknowledge', 'return.again', 'return.contest']
  expect(buttonsIn(returned, { handoff: open })).toEqual(all.map((id) => [id, 'hof_1']))
  expect(actionsIn(returned, { ...open, status: 'unresponsive' })).toEqual(all)
  // The time to contest is over; that to answer late is not.
  expect(actionsIn(returned, open, minutesAfter(3 * 24 * 60))).toEqual(all.slice(0, 2))
  const acknowledged = handoffOf(acknowledgeReturn(open, marketing, at(60)))
  for (const answered of [acknowledged, contested(open), handedOverAgain(open)]) {
    expect(actionsIn(returned, answered)).toEqual([])
  }
  expect(actionsIn(returned, ruled('overturn', contested(open)))).toEqual([])
})

test('a contested return asks the managers to rule, until they have', () => {
  const all = ['return.uphold', 'return.overturn', 'return.clarify']
  const open = contested()
  expect(buttonsIn(contesting, { handoff: open })).toEqual(all.map((id) => [id, 'hof_1']))
  for (const is of ['uphold', 'overturn', 'clarify'] as const) {
    expect(actionsIn(contesting, ruled(is, open))).toEqual([])
  }
  expect(actionsIn(contesting, handedOverAgain(open))).toEqual([])
})

test('a contested return says by when to rule, where the agreement does', () => {
  const { clocks } = anAgreement()
  const within = { clock: 'working', duration: { unit: 'days', days: 2 } } as const
  const terms = { ...anAgreement(), clocks: { ...clocks, ruling: { within, remind: [] } } }
  const handoff = contested(aReturn(), { agreement: terms })
  const said = (locale: 'en' | 'it') =>
    buildNotice(contesting, view({ locale, handoff, agreement: terms })).text
  expect(said('en')).toContain('please rule on it by Wed 25 Nov, 11:00.')
  expect(said('it')).toContain('decidono i responsabili, entro: mer 25 nov, 11:00.')
})

test('a lead that is ready asks for another handoff, until there is one', () => {
  const notice: Notice = { type: 'ready', by: null, to: ben.id }
  const open = handoffOf(markReady(aReturn(), marketing, at(60)))
  expect(buttonsIn(notice, { handoff: open })).toEqual([['return.again', 'hof_1']])
  expect(actionsIn(notice, handedOverAgain(open))).toEqual([])
  expect(isOvertaken(notice, open)).toBe(false)
  expect(isOvertaken(notice, handedOverAgain(open))).toBe(true)
  expect(isOvertaken(notice, accepted())).toBe(true)
})

test('a reminder is overtaken by what it reminds of, and by a pause', () => {
  const reminder: Notice = {
    type: 'reminder',
    deadline: { ...deadline, kind: 'first-attempt' },
    fraction: 0.5,
    to: anna.id,
  }
  expect(isOvertaken(reminder, accepted())).toBe(false)
  expect(isOvertaken(reminder, withAttempt())).toBe(true)
  expect(isOvertaken(reminder, aPausedOne(accepted(), { at: minutesAfter(20) }))).toBe(true)
  expect(isOvertaken(reminder, aReturn(accepted()))).toBe(true)
  expect(isOvertaken(returned, handedOverAgain(aReturn()))).toBe(false)
})

test('another handoff withdraws a contest that nobody has ruled on, and says so', () => {
  const said = (handoff: Handoff): string =>
    (nextRound(handoff)?.notices ?? [])
      .map(({ notice }) => buildNotice(notice, view({ handoff: handedOverAgain(handoff) })).text)
      .join('\n')
  const line =
    'Maria Verdi, Officine Verdi: Ben Marsh has handed the lead over again: it goes on with a new card.'
  expect(said(aReturn())).toBe(line)
  expect(said(ruled('uphold', contested()))).toBe(line)
  expect(said(contested())).toBe(`${line} The contest is withdrawn: no ruling is needed any more.`)
})

test('a deal on hold says when the clocks go on, where it stopped them', () => {
  const agreement = anAgreement({ pause: aPause() })
  const notice: Notice = { ...dealt, stage: 'on-hold', means: 'hold' }
  const said = (handoff: Handoff) => buildNotice(notice, view({ handoff, agreement })).text
  expect(said(withDeal('on-hold', withAttempt(), { agreement }))).toBe(
    'Maria Verdi, Officine Verdi: Deal: On hold. The clocks stand still and go on by themselves: Mon 30 Nov, 12:00.',
  )
  expect(said(withDeal('on-hold', withAttempt()))).toMatch(/: Deal: On hold\.$/)
  expect(said(aPausedOne(withAttempt()))).toMatch(/: Deal: On hold\.$/)
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

  test('tells whoever has the lead now, and whoever had it, unless they did it', () => {
    const called = (notice: Notice): string[] =>
      buildNotice(notice, view()).text.match(/<@\w+>/g) ?? []
    expect(peopleIn(passedOn)).toEqual([sara.id, anna.id, ben.id])
    expect(called({ ...passedOn, by: null, deadline })).toEqual(['<@U0BEN>', '<@U0ANNA>'])
    expect(called(passedOn)).toEqual(['<@U0BEN>', '<@U0ANNA>'])
    expect(called({ ...passedOn, by: anna.id })).toEqual(['<@U0BEN>'])
    expect(called({ ...passedOn, by: ben.id })).toEqual(['<@U0ANNA>'])
    expect(called({ ...passedOn, by: anna.id, to: null })).toEqual([])
    expect(called({ ...passedOn, to: null })).toEqual(['<@U0ANNA>'])
  })

  test('tells the owner where somebody else stopped the clocks', () => {
    const { text } = buildNotice({ ...pausing, by: sara.id }, view())
    expect(text).toMatch(/^Maria Verdi, Officine Verdi: <@U0ANNA>, paused by Sara Conti/)
    expect(buildNotice(pausing, view()).text).not.toContain('<@')
  })

  test.each(Object.entries(notices))('mentions nobody about their own click: %s', (_, notice) => {
    const by = 'by' in notice ? people.get(notice.by ?? '')?.slackId : undefined
    for (const handoff of [accepted(), aReturn(accepted()), contested()]) {
      const { text } = buildNotice(notice, view({ handoff }))
      if (by) expect(text).not.toContain(`<@${by}>`)
    }
  })

  test('says in a notification which lead it is about, and what can be done', () => {
    const { text, blocks } = buildNotice(returned, view({ handoff: aReturn() }))
    expect(text).toMatch(/^Maria Verdi, Officine Verdi: /)
    expect(text).toMatch(/ Buttons: Acknowledge, Hand over again, Contest\.$/)
    expect(drawn(blocks).join('\n')).not.toContain('Officine')
    expect(JSON.stringify(blocks)).toContain(
      '"accessibility_label":"Acknowledge: Maria Verdi, Officine Verdi"',
    )
  })

  test('does without people who are not there any more', () => {
    const { text } = buildNotice(
      { type: 'reminder', deadline, fraction: 0.5, to: 'per_gone' },
      view(),
    )
    expect(text).toBe('Maria Verdi, Officine Verdi: Half of the time to accept is gone: due 15:00.')
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
