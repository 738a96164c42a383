import { describe, expect, test } from 'vitest'
import { buildHandoffCard } from '../../../../src/adapters/slack/messages/card.ts'
import type { CardView } from '../../../../src/adapters/slack/messages/card-telling.ts'
import { type Agreement, locales } from '../../../../src/domain/agreement.ts'
import { acknowledgeReturn } from '../../../../src/domain/decide/acknowledge-return.ts'
import { addNews } from '../../../../src/domain/decide/add-news.ts'
import { answeredByNextRound } from '../../../../src/domain/decide/hand-off.ts'
import { resumeHandoff } from '../../../../src/domain/decide/pause.ts'
import { markReady } from '../../../../src/domain/decide/ready.ts'
import { giveBack, reassign } from '../../../../src/domain/decide/reassign.ts'
import { ruleOnReturn } from '../../../../src/domain/decide/rule-on-return.ts'
import { wake } from '../../../../src/domain/decide/wake.ts'
import type { Allowance } from '../../../../src/domain/duration.ts'
import type {
  DeadlineKind,
  Handoff,
  PreviousRound,
  Ruling,
} from '../../../../src/domain/handoff.ts'
import {
  accepted,
  aHandoff,
  aLead,
  anActor,
  anAgreement,
  aPause,
  aPerson,
  ben,
  contested,
  handoffOf,
  mario,
  minutesAfter,
  paused,
  returned,
  ruled,
  sara,
  withAttempt,
  withDeal,
} from '../../../support/builders.ts'
import { faultsOf, messageBlocksSchema, metadataSchema } from '../../../support/slack-limits.ts'
import { drawn } from './showing.ts'

const agreement = anAgreement({
  pause: aPause(),
  icp: [
    { id: 'industry', name: { en: 'Works metal', it: 'Lavora metalli' } },
    {
      id: 'size',
      name: { en: 'At least 50 employees', it: 'Almeno 50 dipendenti' },
      agreed: {
        en: 'Employees of the whole company, not only of the site that asked.',
        it: 'I dipendenti dell’intera azienda, non solo della sede che ha chiesto.',
      },
    },
  ],
})

const view = (overrides: Partial<CardView> = {}): CardView => {
  const locale = overrides.locale ?? 'en'
  return {
    locale,
    leadTypeName: agreement.lead_types[0]?.name[locale] ?? '',
    dates: 'plain',
    agreement,
    zone: 'Europe/Rome',
    now: minutesAfter(45),
    key: 'card-hof_1',
    ...overrides,
  }
}

const nobody = { managers: [], marketingLead: null, nextOwner: null }

function late(
  handoff: Handoff,
  kind: DeadlineKind,
  minutes: number,
  terms: Agreement = agreement,
): Handoff {
  const context = { agreement: terms, now: minutesAfter(minutes) }
  return wake(handoff, kind, nobody, context)?.handoff ?? handoff
}

const twoDays: Allowance = { clock: 'working', duration: { unit: 'days', days: 2 } }
const withIdle: Agreement = {
  ...agreement,
  clocks: { ...agreement.clocks, idle: { within: twoDays, remind: [] } },
}
const idling = accepted(aHandoff({}, withIdle), { agreement: withIdle })

const withRuling: Agreement = {
  ...agreement,
  clocks: { ...agreement.clocks, ruling: { within: twoDays, remind: [] } },
}

const onHoldByDealOnly = anAgreement({
  pause: aPause({ reasons: [{ id: 'holiday', name: { en: 'On holiday', it: 'In ferie' } }] }),
})

const marketing = { person: ben, role: 'marketing' } as const
const headOfSales = { person: sara, role: 'sales_manager' } as const
const headOfMarketing = { person: mario, role: 'marketing_manager' } as const
const at = (minutes: number) => ({ agreement, now: minutesAfter(minutes) })

const ruling =
  (by: typeof headOfSales | typeof headOfMarketing, is: Ruling, words?: string) =>
  (handoff: Handoff): Handoff =>
    handoffOf(ruleOnReturn(handoff, { ruling: is, words }, by, at(90)))

const saraUpholds = ruling(headOfSales, 'uphold', 'Approved is not enough, it must be released')
const marioOverturns = ruling(headOfMarketing, 'overturn', 'Approved is approved')

const handedOverAgain = (handoff: Handoff): Handoff =>
  answeredByNextRound(handoff, aHandoff({ id: 'hof_2' }), marketing, minutesAfter(90))?.handoff ??
  handoff

const aRound = (overrides: Partial<PreviousRound> = {}): PreviousRound => ({
  handoffId: 'hof_0',
  leadStatus: 'Returned – not ready',
  at: new Date('2026-03-03T09:00:00Z'),
  reason: 'not-ready',
  criterion: null,
  readyOn: null,
  readyWhen: 'budget next year',
  field: null,
  duplicateOf: null,
  note: null,
  ...overrides,
})

const again = (overrides: Partial<Handoff> = {}): Handoff =>
  aHandoff({
    round: 2,
    previous: aRound(),
    whatChanged: 'The budget is approved',
    ...overrides,
  })

const back = returned(accepted())

const unresponsive = {
  at: minutesAfter(30),
  agreement: anAgreement({
    return_reasons: [
      {
        id: 'unresponsive',
        name: { en: 'Unresponsive', it: 'Non risponde' },
        status: 'Unresponsive',
        stage: 'mql',
      },
    ],
  }),
}

/** Marketing told of it once more, while sales has it. */
function withNews(handoff: Handoff, priority: 'hot' | 'standard' = 'standard'): Handoff {
  const told = {
    lead: { ...handoff.lead, title: 'Head of purchasing', phone: '+39 051 555 0199' },
    reason: 'Called: the budget is approved, they decide this week',
    score: null,
    priority,
  }
  const at = { now: minutesAfter(30) }
  return handoffOf(addNews(handoff, told, anActor(ben, 'marketing'), at))
}

const states: Record<string, Handoff> = {
  'offered, with news': withNews(aHandoff({ owner: aPerson() })),
  'accepted, with news that make it hot': withNews(
    accepted(aHandoff({ priority: 'standard' })),
    'hot',
  ),
  'offered to everyone': aHandoff(),
  'offered to one person': aHandoff({ owner: aPerson(), priority: 'standard' }),
  'offered and late': late(aHandoff(), 'accept', 301),
  'accepted in time': accepted(),
  'accepted late': accepted(late(aHandoff(), 'accept', 301), { at: minutesAfter(330) }),
  'accepted, first attempt late': late(accepted(), 'first-attempt', 40),
  'accepted, one attempt': withAttempt(),
  'accepted, every channel but one tried': withAttempt(
    withAttempt(
      withAttempt(withAttempt(), { channel: 'email', outcome: 'sent', at: minutesAfter(25) }),
      { channel: 'linkedin', outcome: 'sent', at: minutesAfter(26) },
    ),
    { channel: 'voicemail', outcome: 'left-message', at: minutesAfter(27) },
  ),
  'accepted, then called again the next day': withAttempt(
    withAttempt(withAttempt(), { at: minutesAfter(24 * 60) }),
    { channel: 'email', outcome: 'sent', at: minutesAfter(24 * 60 + 5) },
  ),
  'paused before the first attempt': paused(accepted(), { at: minutesAfter(20) }),
  'paused in the sequence': paused(withAttempt()),
  'accepted, and idle for too long': late(
    withAttempt(idling, {}, withIdle),
    'idle',
    3 * 24 * 60,
    withIdle,
  ),
  connected: withAttempt(withAttempt(), { channel: 'email', outcome: 'connected' }),
  'returned, not ready until a day': returned(aHandoff(), {
    readyOn: '2027-01-15',
    readyWhen: undefined,
  }),
  'returned, not ready until something': returned(),
  'returned, not a fit': returned(accepted(), {
    reason: 'not-a-fit',
    criterion: 'size',
    readyWhen: undefined,
    note: 'Five people, no workshop',
  }),
  'returned, wrong data': returned(aHandoff(), {
    reason: 'wrong-data',
    readyWhen: undefined,
    note: 'The number is that of a bakery',
  }),
  'returned, a field is wrong': returned(aHandoff(), {
    reason: 'wrong-data',
    readyWhen: undefined,
    field: 'phone',
    note: 'It is that of a bakery',
  }),
  'returned, a field that no list has is wrong': returned(aHandoff(), {
    reason: 'wrong-data',
    readyWhen: undefined,
    field: 'other',
    note: 'The fax number',
  }),
  'returned, a duplicate': returned(aHandoff(), {
    reason: 'duplicate',
    readyWhen: undefined,
    duplicateOf: { email: 'm.verdi@verdi.example', lead: aLead() },
    note: 'Same person, private address',
  }),
  'returned, and the answer late': late(back, 'return-answer', 3 * 24 * 60),
  'returned and acknowledged': handoffOf(acknowledgeReturn(back, marketing, at(60))),
  'returned and contested': contested(back, { agreement: withRuling }),
  'returned and contested, where a ruling has no clock': contested(back),
  'contested, and sales has ruled': saraUpholds(contested(back, { agreement: withRuling })),
  'contested, and marketing has ruled': marioOverturns(contested(back)),
  'contested, and the managers do not agree': marioOverturns(saraUpholds(contested(back))),
  'contested, and ruled that the return stands': ruled('uphold', contested(back)),
  'contested, and ruled that the term is clarified': ruling(
    headOfMarketing,
    'clarify',
    'And that it is released this year',
  )(ruling(headOfSales, 'clarify', 'A budget counts once it is approved')(contested(back))),
  'contested, and ruled that sales goes on': ruled('overturn', contested(back)),
  'returned, and ready again': handoffOf(markReady(back, marketing, at(90))),
  'acknowledged, and ready again': handoffOf(
    markReady(handoffOf(acknowledgeReturn(back, marketing, at(60))), marketing, at(90)),
  ),
  'returned, and handed over again': handedOverAgain(back),
  'contested, and handed over again': handedOverAgain(contested(back)),
  unresponsive: returned(
    withAttempt(),
    { reason: 'unresponsive', readyWhen: undefined },
    unresponsive,
  ),
  'unresponsive since before returns were told': {
    ...accepted(),
    status: 'unresponsive',
    leadStatus: 'Unresponsive',
  },
  'a second handoff': again(),
  'a second handoff that is accepted': accepted(again()),
  'a third handoff': again({
    round: 3,
    previous: aRound({
      reason: 'not-a-fit',
      leadStatus: 'Returned – not a fit',
      criterion: 'size',
      readyWhen: null,
      note: 'Five people',
    }),
  }),
  'a tenth handoff': again({
    round: 10,
    previous: aRound({ reason: 'wrong-data', readyWhen: null, field: 'phone' }),
  }),
  'an eleventh handoff': again({
    round: 11,
    previous: aRound({
      reason: 'duplicate',
      at: new Date('2026-11-08T09:00:00Z'),
      readyWhen: null,
      readyOn: '2026-11-11',
      duplicateOf: 'm.verdi@verdi.example',
    }),
  }),
  'a second handoff after a reason that is not agreed any more': again({
    previous: aRound({ reason: 'gone', readyWhen: null }),
  }),
  'a second handoff of a lead that sales did not give back': again({
    previous: aRound({ reason: '', leadStatus: 'Closed lost', readyWhen: null }),
    whatChanged: null,
  }),
  'accepted, and its deal on hold': withDeal('on-hold'),
  'paused, and its deal on hold': withDeal('on-hold', withAttempt(), { agreement }),
  'paused, and its deal on hold under a name of its own': withDeal('on-hold', withAttempt(), {
    agreement: onHoldByDealOnly,
  }),
  'connected, and its deal on hold': withDeal(
    'on-hold',
    withAttempt(accepted(), { outcome: 'connected' }),
  ),
  'qualified by a deal': withDeal('quote'),
  'qualified, and its deal on hold': withDeal('on-hold', withDeal('quote')),
  'closed, and won': withDeal('closed-won', withDeal('quote')),
  'closed, and lost': withDeal('closed-lost', withDeal('quote')),
  'closed, and lost for a reason in a note': {
    ...withDeal('closed-lost'),
    deal: {
      stage: 'closed-lost',
      lostReason: null,
      note: 'They chose a *used* press',
      at: minutesAfter(120),
    },
  },
  'a lead of which little is known': aHandoff({
    lead: aLead({
      title: null,
      phone: null,
      company: {},
      source: null,
      crm: null,
      journeyStage: null,
    }),
    handedOffBy: null,
    priority: 'standard',
  }),
}

/** When the later ones of them are drawn. */
const drawnAt: Record<string, Date> = {
  'accepted, then called again the next day': minutesAfter(24 * 60 + 5),
  'accepted, and idle for too long': minutesAfter(3 * 24 * 60),
  'returned, and the answer late': minutesAfter(3 * 24 * 60),
}

/** Those that were made under another agreement. */
const agreedFor: Record<string, Agreement> = {
  'accepted, and idle for too long': withIdle,
  'returned and contested': withRuling,
  'contested, and sales has ruled': withRuling,
  unresponsive: unresponsive.agreement,
  'paused, and its deal on hold under a name of its own': onHoldByDealOnly,
}

const buttonsOf = (handoff: Handoff): (string | undefined)[] =>
  buildHandoffCard(handoff, view()).blocks.flatMap((block) =>
    block.type === 'actions'
      ? block.elements.map((element) => ('action_id' in element ? element.action_id : undefined))
      : [],
  )

describe.each(Object.entries(states))('the card of a handoff that is %s', (state, handoff) => {
  const now = drawnAt[state] ?? minutesAfter(45)
  const terms = agreedFor[state] ?? agreement

  test.each(locales)('reads well in %s', (locale) => {
    const { text, blocks } = buildHandoffCard(handoff, view({ locale, now, agreement: terms }))
    expect([text, ...drawn(blocks)].join('\n')).toMatchSnapshot()
  })

  test('keeps within what Slack takes', () => {
    for (const locale of locales) {
      const { blocks, metadata } = buildHandoffCard(
        handoff,
        view({ locale, now, dates: 'slack', agreement: terms }),
      )
      expect(faultsOf(messageBlocksSchema, blocks)).toEqual([])
      expect(faultsOf(metadataSchema, metadata)).toEqual([])
    }
  })
})

describe('the card of a handoff', () => {
  test('has only the buttons that are possible now', () => {
    const open = ['handoff.accept', 'handoff.return', 'handoff.more']
    const working = ['handoff.attempt', 'handoff.outcome', 'handoff.return', 'handoff.more']
    const withDealThere = ['handoff.outcome', 'handoff.more']
    const isBack = ['return.again', 'handoff.more']
    expect(buttonsOf(aHandoff())).toEqual(open)
    expect(buttonsOf(accepted())).toEqual(working)
    expect(buttonsOf(paused())).toEqual(working)
    const reached = ['handoff.outcome', 'handoff.attempt', 'handoff.return', 'handoff.more']
    expect(buttonsOf(withAttempt(accepted(), { outcome: 'connected' }))).toEqual(reached)
    expect(buttonsOf(ruled('overturn', contested(back)))).toEqual(working)
    expect(buttonsOf(withDeal('quote'))).toEqual(withDealThere)
    expect(buttonsOf(withDeal('closed-won'))).toEqual(withDealThere)
    expect(buttonsOf(back)).toEqual(isBack)
    expect(buttonsOf({ ...back, status: 'unresponsive' })).toEqual(isBack)
    expect(buttonsOf(contested(back))).toEqual(isBack)
    expect(buttonsOf(ruled('uphold', contested(back)))).toEqual(isBack)
    expect(buttonsOf(handedOverAgain(back))).toEqual(['handoff.more'])
  })

  test('offers in its menu what is possible now, five things at most', () => {
    const menuOf = (handoff: Handoff, overrides: Partial<CardView> = {}): string[] =>
      buildHandoffCard(handoff, view(overrides)).blocks.flatMap((block) =>
        block.type === 'actions'
          ? block.elements.flatMap((element) =>
              element.type === 'overflow'
                ? element.options.map(({ value }) => value?.replace(':hof_1', '') ?? '')
                : [],
            )
          : [],
      )
    const always = ['owner', 'history']
    expect(menuOf(aHandoff())).toEqual(['why_due', ...always])
    expect(menuOf(accepted())).toEqual(['why_due', 'pause', ...always])
    expect(menuOf(accepted(), { agreement: anAgreement() })).toEqual(['why_due', ...always])
    expect(menuOf(withAttempt())).toEqual(['why_due', 'pause', 'correct', ...always])
    expect(menuOf(paused(withAttempt()))).toEqual(['resume', 'correct', ...always])
    const onHold = withDeal('on-hold', accepted(), { agreement, at: minutesAfter(20) })
    expect(menuOf(onHold)).toEqual(['resume', ...always])
    const connected = withAttempt(accepted(), { outcome: 'connected' })
    expect(menuOf(connected)).toEqual(['correct', ...always])
    expect(menuOf({ ...connected, attempts: [] })).toEqual(always)
    expect(menuOf(withDeal('quote', connected))).toEqual(always)
    expect(menuOf(withDeal('closed-won', connected))).toEqual(['history'])
    expect(menuOf(back)).toEqual(['why_due', 'ready', 'contest', 'history'])
    // The time to answer is over, whether a clock has said so or not.
    const later = { now: minutesAfter(3 * 24 * 60) }
    expect(menuOf(back, later)).toEqual(['why_due', 'ready', 'history'])
    expect(menuOf(contested(back))).toEqual(['ready', 'history'])
    expect(menuOf(contested(back, { agreement: withRuling }))).toEqual([
      'why_due',
      'ready',
      'history',
    ])
    expect(menuOf(handoffOf(acknowledgeReturn(back, marketing, at(60))))).toEqual([
      'ready',
      'history',
    ])
    expect(menuOf(handoffOf(markReady(back, marketing, at(90))))).toEqual([
      'why_due',
      'contest',
      'history',
    ])
    expect(menuOf(handedOverAgain(contested(back)))).toEqual(['history'])
  })

  test('tells who accepted where somebody else has it by now, without calling them', () => {
    const to = { person: ben, role: 'rep', duty: { free: true } } as const
    const passedOn = handoffOf(reassign(accepted(), to, anActor(), at(20)))
    const { text } = buildHandoffCard(passedOn, view())
    expect(text).toContain(
      'Owner: <@U0BEN>. Accepted by Anna Rossi in 12 min of working time (agreed: 4 h).',
    )
    expect(text).not.toContain('<@U0ANNA>')
  })

  test('measures an acceptance from when the lead was offered again', () => {
    const offeredAgain = handoffOf(giveBack(accepted(), anActor(), at(60)))
    const { text } = buildHandoffCard(accepted(offeredAgain, { at: minutesAfter(70) }), view())
    expect(text).toContain('Accepted by <@U0ANNA> in 10 min of working time (agreed: 4 h).')
  })

  test('offers no pause beyond the number that is agreed', () => {
    const once = anAgreement({ pause: aPause({ times: 1 }) })
    const resumed = handoffOf(
      resumeHandoff(paused(), anActor(), { agreement: once, now: minutesAfter(40) }),
    )
    const told = JSON.stringify(buildHandoffCard(resumed, view({ agreement: once })).blocks)
    expect(told).toContain('why_due:hof_1')
    expect(told).not.toContain('pause:hof_1')
  })

  test('tells programs which handoff, state and delivery it is', () => {
    expect(buildHandoffCard(accepted(), view()).metadata).toEqual({
      event_type: 'baton_handoff',
      event_payload: { handoff: 'hof_1', version: 2, key: 'card-hof_1' },
    })
  })

  test('gives its times to each reader in their own zone where Slack draws dates', () => {
    const { text, blocks } = buildHandoffCard(aHandoff(), view({ dates: 'slack' }))
    const date = '<!date^1795442400^{date_short_pretty} at {time}|Mon 23 Nov, 15:00>'
    expect(drawn(blocks)).toContain(`section: *Accept by ${date}* (agreed: 4 h of working time)`)
    expect(text).toContain(`Accept by ${date}`)
  })

  test('names the day of a deadline that is not on the day of the message', () => {
    const friday = aHandoff({ createdAt: new Date('2026-11-27T16:00:00Z') })
    const { text } = buildHandoffCard(friday, view())
    expect(text).toContain('Accept by Sat 28 Nov, 17:00 (agreed: 24 h)')
  })

  test('says which limit an acceptance broke, on the clock of that limit', () => {
    const friday = aHandoff({ createdAt: new Date('2026-11-27T16:00:00Z') })
    const monday = accepted(friday, { at: new Date('2026-11-30T08:30:00Z') })
    const { text } = buildHandoffCard(monday, view())
    expect(text).toContain('in 2 d 16 h (agreed: 24 h), 40 h 30 min late (30 min of working time).')
  })

  test('says where none of a delay was working time', () => {
    const onTheDot = aHandoff({ createdAt: new Date('2026-11-23T13:00:00Z') })
    const overnight = new Date('2026-11-23T20:00:00Z')
    const { text } = buildHandoffCard(accepted(onTheDot, { at: overnight }), view())
    expect(text).toContain('in 4 h of working time (agreed: 4 h), 3 h late (outside working time).')
  })

  test('says late without a figure where it was a matter of a moment', () => {
    const at = new Date(minutesAfter(300).getTime() + 400)
    const { text } = buildHandoffCard(accepted(aHandoff(), { at }), view())
    expect(text).toContain('in 4 h of working time (agreed: 4 h), late.')
  })

  test('counts all time as working time where the calendar says so', () => {
    const always = anAgreement({ calendar: { timezone: 'Europe/Rome', hours: 'always' } })
    const quick = accepted(aHandoff({}, always), { at: minutesAfter(1.25), agreement: always })
    const { text } = buildHandoffCard(quick, view({ agreement: always }))
    expect(text).toContain('Accepted by <@U0ANNA> in 1 min 15 s (agreed: 4 h).')
  })

  test('tells when another attempt counts only as long as it has to wait', () => {
    const said = (now: Date) => buildHandoffCard(withAttempt(), view({ now })).text
    const line = 'Next attempt counts: call from 15:20, any other channel now.'
    expect(said(minutesAfter(319))).toContain(line)
    expect(said(minutesAfter(320))).not.toContain('Next attempt')
  })

  test('links the CRM only by an http(s) address', () => {
    const crm = { system: 'hubspot', id: '1', url: 'javascript:alert(1)' }
    const { blocks } = buildHandoffCard(aHandoff({ lead: aLead({ crm }) }), view())
    expect(JSON.stringify(blocks)).not.toContain('alert')
  })

  test('calls a person without a Slack account by name', () => {
    const owner = { ...sara, slackId: null, name: 'Sara *Conti*' }
    const { text } = buildHandoffCard(aHandoff({ owner }), view())
    expect(text).toContain('Offered to Sara ∗Conti∗.')
  })
})
