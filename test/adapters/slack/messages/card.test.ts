import { describe, expect, test } from 'vitest'
import { buildHandoffCard, type CardView } from '../../../../src/adapters/slack/messages/card.ts'
import { locales } from '../../../../src/domain/agreement.ts'
import { wake } from '../../../../src/domain/decide/wake.ts'
import type { DeadlineKind, Handoff } from '../../../../src/domain/handoff.ts'
import {
  accepted,
  aHandoff,
  aLead,
  anAgreement,
  aPerson,
  minutesAfter,
  returned,
  sara,
  withAttempt,
} from '../../../support/builders.ts'
import { faultsOf, messageBlocksSchema, metadataSchema } from '../../../support/slack-limits.ts'
import { drawn } from './showing.ts'

const agreement = anAgreement()

const view = (overrides: Partial<CardView> = {}): CardView => {
  const locale = overrides.locale ?? 'en'
  return {
    locale,
    leadTypeName: agreement.lead_types[0]?.name[locale] ?? '',
    dates: 'plain',
    agreement,
    zone: 'Europe/Rome',
    key: 'card-hof_1',
    ...overrides,
  }
}

function late(handoff: Handoff, kind: DeadlineKind, minutes: number): Handoff {
  const context = { agreement, now: minutesAfter(minutes) }
  return wake(handoff, kind, { managers: [] }, context)?.handoff ?? handoff
}

const states: Record<string, Handoff> = {
  'offered to everyone': aHandoff(),
  'offered to one person': aHandoff({ owner: aPerson(), priority: 'standard' }),
  'offered and late': late(aHandoff(), 'accept', 301),
  'accepted in time': accepted(),
  'accepted late': accepted(late(aHandoff(), 'accept', 301), { at: minutesAfter(330) }),
  'accepted, first attempt late': late(accepted(), 'first-attempt', 40),
  'accepted, one attempt': withAttempt(),
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

const buttonsOf = (handoff: Handoff): (string | undefined)[] =>
  buildHandoffCard(handoff, view()).blocks.flatMap((block) =>
    block.type === 'actions'
      ? block.elements.map((element) => ('action_id' in element ? element.action_id : undefined))
      : [],
  )

describe.each(Object.entries(states))('the card of a handoff that is %s', (_, handoff) => {
  test.each(locales)('reads well in %s', (locale) => {
    const { text, blocks } = buildHandoffCard(handoff, view({ locale }))
    expect([text, ...drawn(blocks)].join('\n')).toMatchSnapshot()
  })

  test('keeps within what Slack takes', () => {
    for (const locale of locales) {
      const { blocks, metadata } = buildHandoffCard(handoff, view({ locale, dates: 'slack' }))
      expect(faultsOf(messageBlocksSchema, blocks)).toEqual([])
      expect(faultsOf(metadataSchema, metadata)).toEqual([])
    }
  })
})

describe('the card of a handoff', () => {
  test('has only the buttons that are possible now', () => {
    expect(buttonsOf(aHandoff())).toEqual(['handoff.accept', 'handoff.return'])
    expect(buttonsOf(accepted())).toEqual(['handoff.attempt', 'handoff.return'])
    expect(buttonsOf(returned())).toEqual([])
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
    expect(text).toContain('in 2 d 16 h, late by 40 h 30 min (agreed: 24 h).')
  })

  test('says late without a figure where no working time went by since', () => {
    const onTheDot = aHandoff({ createdAt: new Date('2026-11-23T13:00:00Z') })
    const overnight = new Date('2026-11-23T20:00:00Z')
    const { text } = buildHandoffCard(accepted(onTheDot, { at: overnight }), view())
    expect(text).toContain('in 4 h of working time, late (agreed: 4 h).')
  })

  test('counts all time as working time where the calendar says so', () => {
    const always = anAgreement({ calendar: { timezone: 'Europe/Rome', hours: 'always' } })
    const quick = accepted(aHandoff({}, always), { at: minutesAfter(1.25), agreement: always })
    const { text } = buildHandoffCard(quick, view({ agreement: always }))
    expect(text).toContain('Accepted by <@U0ANNA> in 1 min 15 s (agreed: 4 h).')
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
