import { afterEach, describe, expect, test } from 'vitest'
import { buildAgreement } from '../../../../src/adapters/slack/features/sla/messages.ts'
import { locales } from '../../../../src/domain/agreement.ts'
import { anAgreement, fixedNow } from '../../../support/builders.ts'
import { faultsOf, messageBlocksSchema } from '../../../support/slack-limits.ts'
import { startWorkplace, type Workplace } from './workplace.ts'

const inForce = { agreement: anAgreement(), version: 3, inForceFrom: fixedNow }

describe('/sla', () => {
  let place: Workplace
  afterEach(() => place.stop())

  test('shows the agreement in force to the one who asked, in their language', async () => {
    place = await startWorkplace()
    const sent = await place.slack.sendCommand({ user: 'U0LUCA', command: '/sla' })
    expect(sent).toMatchObject({ status: 200, body: { response_type: 'ephemeral' } })
    const text = JSON.stringify(sent.body)
    expect(text).toContain('Versione 1, in vigore dal 23 novembre 2026')
    expect(text).toContain('Le vendite accettano o restituiscono un lead entro 4 h')
  })
})

describe.each(locales)('the agreement in plain words (%s)', (locale) => {
  test('keeps within the limits of Slack and reads well', () => {
    const { blocks } = buildAgreement(inForce, { locale, now: fixedNow })
    expect(faultsOf(messageBlocksSchema, blocks)).toEqual([])
    expect(blocks).toMatchSnapshot()
  })

  test('names no date for the agreement that was there from the start', () => {
    const first = { ...inForce, inForceFrom: new Date(0) }
    const { text } = buildAgreement(first, { locale, now: fixedNow })
    expect(text).not.toContain('1970')
  })

  test('says what a lead type has of its own', () => {
    const { calendar, lead_types: types } = anAgreement()
    const own = {
      ...inForce.agreement,
      lead_types: types.map((type) => ({
        ...type,
        owners: { fixed: 'anna@acme.example' },
        clocks: { return_answer: inForce.agreement.clocks.return_answer },
        calendar: { ...calendar, always: true },
      })),
    }
    const message = buildAgreement({ ...inForce, agreement: own }, { locale, now: fixedNow })
    const text = JSON.stringify(message.blocks)
    expect(text).toContain(locale === 'it' ? 'Tempi per Nuovo cliente' : 'Times for New prospect')
    expect(text).toContain(locale === 'it' ? 'Giorno e notte' : 'Day and night')
  })

  test('fits however long the agreement is', () => {
    const text = { en: 'W&<'.repeat(160), it: '*W*&<'.repeat(100) }
    const many = (most: number) => Array.from({ length: most }, () => text)
    const longest = anAgreement({
      title: 'T'.repeat(500),
      goals: many(10),
      protocols: many(20),
      expectations: { marketing: many(20), sales: many(20) },
      lead_types: Array.from({ length: 50 }, (_, place) => ({
        id: `type-${place}`,
        name: text,
        channel: 'C0123456789',
      })),
    })
    const message = buildAgreement({ ...inForce, agreement: longest }, { locale, now: fixedNow })
    expect(faultsOf(messageBlocksSchema, message.blocks)).toEqual([])
  })
})
