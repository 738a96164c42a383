import { describe, expect, test } from 'vitest'
import { buildHandoffCard } from '../../../../src/adapters/slack/messages/card.ts'
import type { CardView } from '../../../../src/adapters/slack/messages/card-telling.ts'
import { type Agreement, locales } from '../../../../src/domain/agreement.ts'
import { resumeHandoff } from '../../../../src/domain/decide/pause.ts'
import { wake } from '../../../../src/domain/decide/wake.ts'
import type { Allowance } from '../../../../src/domain/duration.ts'
import type { DeadlineKind, Handoff } from '../../../../src/domain/handoff.ts'
import {
  accepted,
  aHandoff,
  aLead,
  anActor,
  anAgreement,
  aPause,
  aPerson,
  handoffOf,
  minutesAfter,
  paused,
  returned,
  sara,
  withAttempt,
} from '../../../support/builders.ts'
import { faultsOf, messageBlocksSchema, metadataSchema } from '../../../support/slack-limits.ts'
import { drawn } from './showing.ts'

const agreement = anAgreement({ pause: aPause() })

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

function late(
  handoff: Handoff,
  kind: DeadlineKind,
  minutes: number,
  terms: Agreement = agreement,
): Handoff {
  const context = { agreement: terms, now: minutesAfter(minutes) }
  return wake(handoff, kind, { managers: [], nextOwner: null }, context)?.handoff ?? handoff
}

const twoDays: Allowance = { clock: 'working', duration: { unit: 'days', days: 2 } }
const withIdle: Agreement = {
  ...agreement,
  clocks: { ...agreement.clocks, idle: { within: twoDays, remind: [] } },
}
const idling = accepted(aHandoff({}, withIdle), { agreement: withIdle })

const states: Record<string, Handoff> = {
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
  unresponsive: { ...accepted(), status: 'unresponsive', leadStatus: 'Unresponsive' },
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
}

const buttonsOf = (handoff: Handoff): (string | undefined)[] =>
  buildHandoffCard(handoff, view()).blocks.flatMap((block) =>
    block.type === 'actions'
      ? block.elements.map((element) => ('action_id' in element ? element.action_id : undefined))
      : [],
  )

describe.each(Object.entries(states))('the card of a handoff that is %s', (state, handoff) => {
  const now = drawnAt[state] ?? minutesAfter(45)

  test.each(locales)('reads well in %s', (locale) => {
    const { text, blocks } = buildHandoffCard(handoff, view({ locale, now }))
    expect([text, ...drawn(blocks)].join('\n')).toMatchSnapshot()
  })

  test('keeps within what Slack takes', () => {
    for (const locale of locales) {
      const { blocks, metadata } = buildHandoffCard(handoff, view({ locale, now, dates: 'slack' }))
      expect(faultsOf(messageBlocksSchema, blocks)).toEqual([])
      expect(faultsOf(metadataSchema, metadata)).toEqual([])
    }
  })
})

describe('the card of a handoff', () => {
  test('has only the buttons that are possible now', () => {
    expect(buttonsOf(aHandoff())).toEqual(['handoff.accept', 'handoff.return', 'handoff.more'])
    expect(buttonsOf(accepted())).toEqual(['handoff.attempt', 'handoff.return', 'handoff.more'])
    expect(buttonsOf(paused())).toEqual(['handoff.attempt', 'handoff.return', 'handoff.more'])
    expect(buttonsOf(returned())).toEqual([])
  })

  test('offers in its menu what is possible now, and no empty menu', () => {
    const menuOf = (handoff: Handoff, terms = agreement): string[] =>
      buildHandoffCard(handoff, view({ agreement: terms })).blocks.flatMap((block) =>
        block.type === 'actions'
          ? block.elements.flatMap((element) =>
              element.type === 'overflow' ? element.options.map(({ value }) => value ?? '') : [],
            )
          : [],
      )
    expect(menuOf(aHandoff())).toEqual(['why_due:hof_1'])
    expect(menuOf(accepted())).toEqual(['why_due:hof_1', 'pause:hof_1'])
    expect(menuOf(accepted(), anAgreement())).toEqual(['why_due:hof_1'])
    expect(menuOf(withAttempt())).toEqual(['why_due:hof_1', 'pause:hof_1', 'correct:hof_1'])
    expect(menuOf(paused(withAttempt()))).toEqual(['resume:hof_1', 'correct:hof_1'])
    expect(menuOf(withAttempt(accepted(), { outcome: 'connected' }))).toEqual(['correct:hof_1'])
    const done = { ...withAttempt(accepted(), { outcome: 'connected' }), attempts: [] }
    expect(buttonsOf(done)).toEqual(['handoff.attempt', 'handoff.return'])
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
