import { describe, expect, test } from 'vitest'
import { buildHandoffCard } from '../../../../src/adapters/slack/messages/card.ts'
import { scoreReason } from '../../../../src/content/words/score-reason.ts'
import { type Agreement, type Locale, locales } from '../../../../src/domain/agreement.ts'
import type { Handoff } from '../../../../src/domain/handoff.ts'
import type { Score } from '../../../../src/domain/lead.ts'
import { aHandoff, aLead, anAgreement, minutesAfter } from '../../../support/builders.ts'
import { faultsOf, messageBlocksSchema } from '../../../support/slack-limits.ts'
import { drawn } from './showing.ts'

const rule = (id: string, en: string, it: string) =>
  ({ id, name: { en, it }, points: 1, activity: id }) as const

const agreement = anAgreement({
  scoring: {
    threshold: 70,
    rules: [
      rule('quote', 'asked for a quote', 'richiesta di preventivo'),
      rule('pricing', 'pricing page', 'pagina dei prezzi'),
      rule('industry', 'in manufacturing', 'settore manifatturiero'),
      rule('view', 'pages viewed', 'pagine visitate'),
      rule('left', 'unsubscribed', 'disiscrizione'),
    ],
  },
  icp: [
    {
      id: 'industry',
      name: { en: 'In manufacturing', it: 'Nel manifatturiero' },
      when: { field: 'company.industry', contains: 'manufactur' },
    },
    {
      id: 'employees',
      name: { en: '50 to 1,000 employees', it: 'Da 50 a 1.000 dipendenti' },
      when: { field: 'company.employees', from: 50, to: 1000 },
    },
    {
      id: 'country',
      name: { en: 'In a country that we serve', it: 'In un paese che serviamo' },
      when: { field: 'company.country', is: ['IT', 'DE'] },
    },
    { id: 'feeling', name: { en: 'Feels right', it: 'Sembra giusto' } },
  ],
  personas: [
    {
      id: 'plant-manager',
      name: { en: 'Plant manager Paola', it: 'Paola, direttrice di stabilimento' },
      when: { field: 'title', contains: 'plant' },
      talking_points: [
        { en: 'what an hour of standstill costs', it: 'quanto costa un’ora di fermo' },
        { en: 'a visit to a running press', it: 'una visita a una pressa in funzione' },
      ],
    },
  ],
  journey: {
    steps: {
      decision: [{ en: 'chooses a supplier', it: 'sceglie il fornitore' }],
      awareness: [{ en: 'x'.repeat(61), it: 'x'.repeat(61) }],
    },
  },
})

const score: Score = {
  total: 82,
  threshold: 70,
  lines: [
    { rule: 'quote', points: 40, times: 1 },
    { rule: 'pricing', points: 20, times: 2 },
    { rule: 'industry', points: 15, times: 1 },
    { rule: 'view', points: 10, times: 1_200 },
    { rule: 'left', points: -3, times: 1 },
  ],
}

const card = (handoff: Handoff, locale: Locale = 'en', terms: Agreement = agreement) =>
  buildHandoffCard(handoff, {
    locale,
    leadTypeName: terms.lead_types[0]?.name[locale] ?? '',
    dates: 'plain',
    agreement: terms,
    zone: 'Europe/Rome',
    now: minutesAfter(45),
  })

const linesOf = (handoff: Handoff, terms: Agreement = agreement): string[] =>
  drawn(card(handoff, 'en', terms).blocks)

const lineThat = (beginning: string, handoff: Handoff, terms: Agreement = agreement) =>
  linesOf(handoff, terms).find((line) => line.replace(/^\w+: "/, '').startsWith(beginning))

const scored = (overrides: Partial<Score> = {}): Handoff =>
  aHandoff({ score: { ...score, ...overrides } })

describe('the card of a scored lead that is known well', () => {
  test.each(locales)('reads well in %s', (locale) => {
    const { text, blocks } = card(scored(), locale)
    expect([text, ...drawn(blocks)].join('\n')).toMatchSnapshot()
    expect(faultsOf(messageBlocksSchema, blocks)).toEqual([])
  })

  test('is read aloud with everything that it shows', () => {
    const { text } = card(scored())
    expect(text).toContain('Score 82 (SQL from 70): asked for a quote +40')
    expect(text).toContain('Fit: In manufacturing')
    expect(text).toContain('Persona: Plant manager Paola')
    expect(text).toContain('Journey: decision (chooses a supplier)')
  })
})

describe('the score on a card', () => {
  test('tells the three reasons that weigh most, and counts the others', () => {
    expect(lineThat('Score', scored())).toBe(
      'context: "Score 82 (SQL from 70): asked for a quote +40, pricing page ×2 +20, ' +
        'in manufacturing +15 and 2 more"',
    )
  })

  test('tells what speaks against a lead with a minus', () => {
    const lines = [
      { rule: 'left', points: -30, times: 1 },
      { rule: 'view', points: 10, times: 1_200 },
    ]
    expect(lineThat('Score', scored({ total: -20, lines }))).toBe(
      'context: "Score −20 (SQL from 70): unsubscribed −30, pages viewed ×1,200 +10"',
    )
  })

  test('only counts what the agreement has no name for', () => {
    const [quote] = score.lines
    const lines = [{ rule: 'gone', points: 50, times: 1 }, ...(quote === undefined ? [] : [quote])]
    expect(lineThat('Score', scored({ lines }))).toContain('asked for a quote +40 and 1 more')
    expect(lineThat('Score', scored(), anAgreement())).toBe('context: "Score 82 (SQL from 70)"')
  })

  test('is not told twice where the lead came by its score', () => {
    const bySystem = { ...scored(), reason: scoreReason(agreement, score) }
    expect(lineThat('Score', bySystem)).toBeUndefined()
    expect(lineThat('Why: “Score 82 reached 70', bySystem)).toContain('asked for a quote +40')
  })

  test('is left out where there is none, or nothing in it', () => {
    expect(lineThat('Score', aHandoff())).toBeUndefined()
    expect(lineThat('Score', scored({ total: 0, lines: [] }))).toBeUndefined()
  })
})

describe('the fit on a card', () => {
  const withCompany = (company: Record<string, unknown>) => aHandoff({ lead: aLead({ company }) })

  test('names what is met and what is not, and counts what is not known', () => {
    expect(lineThat('Fit', withCompany({ industry: 'manufacturing', employees: 12 }))).toBe(
      'context: "Fit: In manufacturing; not met: 50 to 1,000 employees; 1 not known"',
    )
    expect(lineThat('Fit', withCompany({ country: 'FR' }))).toBe(
      'context: "Fit: not met: In a country that we serve; 2 not known"',
    )
    expect(lineThat('Fit', withCompany({}))).toBe('context: "Fit: 3 not known"')
  })

  test('names three of many', () => {
    const icp = Array.from({ length: 6 }, (_, place) => ({
      id: `c${place}`,
      name: { en: `Criterion ${place}`, it: `Criterio ${place}` },
      when: { field: 'email', known: true },
    }))
    expect(lineThat('Fit', aHandoff(), anAgreement({ icp }))).toBe(
      'context: "Fit: Criterion 0 · Criterion 1 · Criterion 2 · 3 more"',
    )
  })

  test('is left out where the agreement does not say how to check it', () => {
    expect(lineThat('Fit', aHandoff(), anAgreement())).toBeUndefined()
  })
})

describe('the persona on a card', () => {
  test('comes with what the teams agreed to talk about', () => {
    expect(lineThat('Persona', aHandoff())).toBe(
      'context: "Persona: Plant manager Paola: what an hour of standstill costs; ' +
        'a visit to a running press"',
    )
  })

  test('stays one line, however much is agreed', () => {
    const long = { en: 'word '.repeat(90), it: 'parola '.repeat(60) }
    const personas = agreement.personas.map((persona) => ({
      ...persona,
      talking_points: [long, long, long],
    }))
    const line = lineThat('Persona', aHandoff(), { ...agreement, personas }) ?? ''
    expect(line.length).toBeLessThan(320)
    expect(line).toMatch(/…"$/)
  })

  test('has no talking points where none are agreed, and is left out where nobody is meant', () => {
    const personas = agreement.personas.map((persona) => ({ ...persona, talking_points: [] }))
    expect(lineThat('Persona', aHandoff(), { ...agreement, personas })).toBe(
      'context: "Persona: Plant manager Paola"',
    )
    const student = aHandoff({ lead: aLead({ title: 'Student' }) })
    expect(lineThat('Persona', student)).toBeUndefined()
  })
})

describe('the journey on a card', () => {
  const inStage = (journeyStage: 'awareness' | 'consideration') =>
    linesOf(aHandoff({ lead: aLead({ journeyStage }) })).join('\n')

  test('tells the agreed step only where there is a short one', () => {
    expect(linesOf(aHandoff()).join('\n')).toContain('"Journey: decision (chooses a supplier)"')
    expect(inStage('consideration')).toContain('"Journey: consideration"')
    expect(inStage('awareness')).toContain('"Journey: awareness"')
  })
})
