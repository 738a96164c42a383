import { afterEach, describe, expect, test } from 'vitest'
import { buildAgreement } from '../../../../src/adapters/slack/features/sla/messages.ts'
import { buildRoute } from '../../../../src/adapters/slack/features/sla/route.ts'
import { locales } from '../../../../src/domain/agreement.ts'
import type { PassedOver } from '../../../../src/domain/routing.ts'
import { anAgreement, aPerson, fixedNow } from '../../../support/builders.ts'
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
    expect(text).not.toContain('/sla propose')
    const manager = await place.slack.sendCommand({ user: 'U0SARA', command: '/sla' })
    expect(JSON.stringify(manager.body)).toContain('/sla propose')
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

  test('says which language the channel of a lead type has, where it is another one', () => {
    const { lead_types: types, language } = inForce.agreement
    const told = (own: 'en' | 'it') => {
      const lead_types = types.map((type) => ({ ...type, language: own }))
      const agreement = { ...inForce.agreement, lead_types }
      return JSON.stringify(
        buildAgreement({ ...inForce, agreement }, { locale, now: fixedNow }).blocks,
      )
    }
    const italian = locale === 'it' ? 'messaggi in italiano' : 'told in Italian'
    expect(language).toBe('en')
    expect(told('it')).toContain(italian)
    expect(told('en')).not.toMatch(/told in|messaggi in/)
  })

  test('tells those who may propose a change how, as long as none is proposed', () => {
    const told = (proposes: boolean) =>
      JSON.stringify(buildAgreement(inForce, { locale, now: fixedNow, proposes }).blocks)
    expect(told(true)).toContain('/sla propose')
    expect(told(false)).not.toContain('/sla propose')
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

describe('/sla route', () => {
  let place: Workplace
  afterEach(() => place.stop())
  const rotating = anAgreement({
    people: [
      { email: 'anna@acme.example', role: 'rep', off: ['2026-11-23/2026-11-27'] },
      { email: 'ben@acme.example', role: 'marketing' },
      { email: 'sara@acme.example', role: 'sales_manager' },
    ],
    lead_types: anAgreement().lead_types.map(({ id, name, channel }) => ({
      id,
      name,
      channel,
      owners: id === 'service' ? 'open' : { rotate: ['anna@acme.example', 'luca@acme.example'] },
    })),
  })
  const asked = async (user: string, text: string) => {
    const sent = await place.slack.sendCommand({ user, command: '/sla', text })
    expect(sent).toMatchObject({ status: 200, body: { response_type: 'ephemeral' } })
    return JSON.stringify(sent.body)
  }

  test('says who would get a lead, why, and who was passed over', async () => {
    place = await startWorkplace({ agreement: rotating })
    const english = await asked('U0ANNA', 'route maria@officineverdi.example')
    expect(english).toContain('Who would get this?')
    expect(english).toContain('*Lead type*: New prospect, equipment, since no other type fits')
    expect(english).toContain('*Channel*: #sql-handoffs')
    expect(english).toContain('*Owner*: Luca Bianchi, whose turn it is')
    expect(english).toContain('Anna Rossi: off until')
    const italian = await asked('U0LUCA', 'Route maria@officineverdi.example')
    expect(italian).toContain('A chi andrebbe?')
    expect(italian).toContain('*Responsabile*: Luca Bianchi, a cui tocca ora')
    expect(italian).toContain('Anna Rossi: assenza fino al')
    const { items } = await place.world.handoffs.page('T0TEST', {}, { limit: 5 })
    expect(items).toEqual([])
  })

  test('takes a lead type by its id or its name', async () => {
    place = await startWorkplace({ agreement: rotating })
    for (const said of ['service', 'Existing customer, service', 'cliente esistente, assistenza']) {
      const text = await asked('U0ANNA', `route ${said}`)
      expect(text).toContain('#service-handoffs')
      expect(text).toContain('*Owner*: the first to accept, as agreed for this type')
    }
  })

  test('says what it needs, and what it does not know', async () => {
    place = await startWorkplace({ agreement: rotating })
    expect(await asked('U0ANNA', 'route')).toContain('Which lead?')
    expect(await asked('U0LUCA', 'route')).toContain('Quale lead?')
    const unknown = await asked('U0ANNA', 'route <nothing>')
    expect(unknown).toContain('“&lt;nothing&gt;” is neither')
    expect(unknown).toContain('new-equipment and service')
    expect(await asked('U0ANNA', 'nothing such')).toContain('/sla route maria@example.com')
  })

  test('keeps within the limits of Slack however much there is to say', () => {
    const [leadType] = rotating.lead_types
    if (leadType === undefined) throw new Error('no lead type')
    const whys: PassedOver[] = [
      { free: false, why: 'away' },
      { free: false, why: 'off', until: '2026-11-27' },
      { free: false, why: 'full', cap: 20 },
      { why: 'outside-hours', from: fixedNow },
      { why: 'cannot-sell' },
    ]
    const name = '<&>'.repeat(100)
    for (const locale of locales) {
      const { blocks } = buildRoute(
        {
          leadType: { ...leadType, name: { en: name, it: name } },
          channel: leadType.channel,
          owner: aPerson({ name }),
          why: [{ code: 'type-sent' }, { code: 'same-company', domain: name }],
          passedOver: Array.from({ length: 100 }, (_, at) => ({
            person: aPerson({ name }),
            why: whys[at % whys.length] ?? { why: 'cannot-sell' },
          })),
          turn: null,
        },
        { locale, now: fixedNow, agreement: rotating },
      )
      expect(faultsOf(messageBlocksSchema, blocks)).toEqual([])
    }
  })
})

describe('/sla back', () => {
  let place: Workplace
  afterEach(() => place.stop())
  const said = async (user: string, text: string) =>
    JSON.stringify((await place.slack.sendCommand({ user, command: '/sla', text })).body)
  const offDuty = () => place.world.members.offDuty('T0TEST')

  test('gives leads again to whoever was taken off duty, by their own word', async () => {
    place = await startWorkplace()
    await place.world.members.setOffDuty('T0TEST', 'per_luca', fixedNow)
    expect(await said('U0LUCA', 'back')).toContain('ricevi di nuovo i lead')
    expect(await offDuty()).toEqual(new Set())
    expect(await said('U0LUCA', 'back')).toContain('Ricevi già i lead')
  })

  test('and to somebody else by the word of a manager only', async () => {
    place = await startWorkplace()
    await place.world.members.setOffDuty('T0TEST', 'per_luca', fixedNow)
    expect(await said('U0ANNA', 'back luca@acme.example')).toContain('Only a manager of sales')
    expect(await said('U0SARA', 'back Luca')).toContain('is not an e-mail address')
    expect((await offDuty()).size).toBe(1)
    expect(await said('U0SARA', 'back Luca@acme.example')).toContain(
      'Luca Bianchi gets leads again',
    )
    expect((await offDuty()).size).toBe(0)
  })
})
