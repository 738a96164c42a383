import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { shippedGlossary } from '../../src/adapters/glossary-file.ts'
import { type Locale, locales } from '../../src/domain/agreement.ts'
import { buildGlossaryIndex, lookUp } from '../../src/domain/glossary-lookup.ts'
import { term, wording } from '../support/terms.ts'

const shipped = shippedGlossary()
const index = buildGlossaryIndex(shipped)

function answerId(query: string, locale: Locale = 'en') {
  const answer = lookUp(index, query, locale)
  return answer.kind === 'found' ? answer.term.id : answer.kind
}

function suggestedIds(query: string, locale: Locale = 'en') {
  const answer = lookUp(index, query, locale)
  if (answer.kind === 'found') return [answer.term.id]
  return answer.kind === 'nearest' ? answer.terms.map(({ id }) => id) : []
}

const labels = shipped.flatMap((each) =>
  locales.flatMap((language) => {
    const { name, abbreviations, aliases } = each[language]
    const entry = (text: string, matched: string) => ({ id: each.id, language, text, matched })
    return [
      entry(name, 'name'),
      ...abbreviations.map((text) => entry(text, 'abbreviation')),
      ...aliases.map((text) => entry(text, 'alias')),
    ]
  }),
)
const anyLocale = fc.constantFrom(...locales)

describe('a question', () => {
  test.each(labels)('“$text” finds $id by its $matched ($language)', (label) => {
    expect(lookUp(index, label.text, label.language)).toMatchObject({
      kind: 'found',
      term: { id: label.id },
      matched: label.matched,
      language: label.language,
    })
  })

  test.each([
    ['MQL', 'mql'],
    ['m.q.l.', 'mql'],
    ['*MQL*', 'mql'],
    ['MQLs', 'mql'],
    ["MQL's", 'mql'],
    ['the SQL', 'sql'],
    ['what is an MQL?', 'mql'],
    ["What's the SLA", 'sla'],
    ['What does “closed won” mean?', 'closed-won'],
    ['define lead score', 'lead-score'],
    ['SQL meaning', 'sql'],
    ['buyers journey', 'buyers-journey'],
    ['BUYER’S   JOURNEY', 'buyers-journey'],
    ['lead-score', 'lead-score'],
    ['closed-won', 'closed-won'],
    ['returned not ready', 'returned-not-ready'],
    ['Returned - not ready', 'returned-not-ready'],
    ['opportunities', 'opportunity'],
    ['lead statuses', 'lead-status'],
    ['ＭＱＬ', 'mql'],
    ['e mail', 'attempt-email'],
  ])('in English, “%s”, finds %s', (query, id) => {
    expect(answerId(query)).toBe(id)
  })

  test.each([
    ["cos'è un MQL", 'mql'],
    ["Cos'e' un MQL?", 'mql'],
    ['che cosa significa SLA?', 'sla'],
    ["l'SQL", 'sql'],
    ['opportunita', 'opportunity'],
    ["opportunita'", 'opportunity'],
    ["percorso dell'acquirente", 'buyers-journey'],
    ['percorso dell’acquirente', 'buyers-journey'],
    ['tipi di lead', 'lead-type'],
    ['stati del lead', 'lead-status'],
    ['fasi della trattativa', 'deal-stage'],
    ["fasi dell'affare", 'deal-stage'],
    ['clienti', 'customer'],
    ['profili clienti ideali', 'icp'],
    ['lead qualificati per le vendite', 'sql'],
    ['che cosa vuol dire punteggio?', 'lead-score'],
    ['sales qualified lead', 'sql'],
  ])('in Italian, “%s”, finds %s', (query, id) => {
    expect(answerId(query, 'it')).toBe(id)
  })

  test.each([
    ['servise level agrement', 'sla'],
    ['mlq', 'mql'],
    ['agreement level service', 'sla'],
    ['oportunity', 'opportunity'],
    ['what is a bayer persona', 'buyer-persona'],
    ['closed', 'closed-won'],
    ['quote', 'quote-presented'],
    ['service level', 'sla'],
    ['me ting', 'attempt-meeting'],
  ])('that is not exact, “%s”, is answered with the nearest, %s among them', (query, id) => {
    expect(lookUp(index, query, 'en').kind).toBe('nearest')
    expect(suggestedIds(query)).toContain(id)
  })

  test('puts the best of the nearest first and suggests three at most', () => {
    expect(suggestedIds('servise level agrement')[0]).toBe('sla')
    expect(suggestedIds('mlq')[0]).toBe('mql')
    expect(suggestedIds('punteggoi del lead', 'it')[0]).toBe('lead-score')
    expect(suggestedIds('returned')).toHaveLength(3)
  })

  test.each(['banana', 'x', 'qwertyuiop', 'the', 'what is', '日本語', '???', ''])(
    'about nothing in the glossary, “%s”, is unknown',
    (query) => {
      expect(lookUp(index, query, 'en')).toEqual({ kind: 'unknown' })
    },
  )

  test('means the term of the asker’s language where a word means two things', () => {
    const fase = term({ id: 'fase', en: wording({ name: 'Stage' }), it: wording({ name: 'Fase' }) })
    const tram = term({ id: 'tram', en: wording({ name: 'Fase' }), it: wording({ name: 'Tram' }) })
    for (const terms of [
      [fase, tram],
      [tram, fase],
    ]) {
      const ambiguous = buildGlossaryIndex(terms)
      expect(lookUp(ambiguous, 'fase', 'it')).toMatchObject({ term: { id: 'fase' } })
      expect(lookUp(ambiguous, 'fase', 'en')).toMatchObject({ term: { id: 'tram' } })
    }
  })

  test('means an exact word of the other language before a plural of its own', () => {
    const plural = term({ id: 'plural', en: wording({ name: 'Stat' }) })
    const exact = term({
      id: 'exact',
      en: wording({ name: 'Other' }),
      it: wording({ name: 'Stats' }),
    })
    const both = buildGlossaryIndex([plural, exact])
    expect(lookUp(both, 'stats', 'en')).toMatchObject({ term: { id: 'exact' }, language: 'it' })
  })

  test('has an answer whatever it holds', () => {
    const unit = fc.constantFrom<'binary' | 'grapheme'>('binary', 'grapheme')
    const anything = unit.chain((kind) => fc.string({ unit: kind, maxLength: 400 }))
    const lone = fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 300 })
    const codeUnits = lone.map((codes) => String.fromCharCode(...codes))
    fc.assert(
      fc.property(fc.oneof(anything, codeUnits), anyLocale, (query, locale) => {
        expect(['found', 'nearest', 'unknown']).toContain(lookUp(index, query, locale).kind)
      }),
      { numRuns: 300 },
    )
  })

  test.each([
    ['10,000 letters', 'x'.repeat(10_000)],
    ['10,000 names', 'marketing qualified lead '.repeat(400)],
    ['10,000 leading words', 'what is the '.repeat(1_000)],
    ['a NUL character', 'ba\u0000na\u0000na'],
    ['lone surrogates', '\ud800\udc00\ud800 \udfff'],
    ['emoji', '🎯👩‍🔧🇮🇹'],
    ['only punctuation', '.,;:!?–—…«»'.repeat(50)],
    ['one letter that unfolds to many', '\ufdfa'.repeat(300)],
    ['a name out of the language', '__proto__ constructor toString'],
  ])('made of %s is answered without a term', (_, query) => {
    expect(lookUp(index, query, 'en').kind).not.toBe('found')
  })

  test('is read up to 200 characters', () => {
    expect(answerId(`MQL${' '.repeat(197)}and all the rest`)).toBe('mql')
    expect(answerId(`MQL and${' '.repeat(190)}all the rest`)).not.toBe('mql')
  })

  test('is the same in any case', () => {
    const known = fc.constantFrom(...labels.map(({ text }) => text))
    const query = fc.oneof(known, fc.string({ unit: 'grapheme', maxLength: 60 }))
    fc.assert(
      fc.property(query, anyLocale, (text, locale) => {
        const answer = lookUp(index, text, locale)
        expect(lookUp(index, text.toUpperCase(), locale)).toEqual(answer)
        expect(lookUp(index, text.toLowerCase(), locale)).toEqual(answer)
      }),
      { numRuns: 300 },
    )
  })

  test('with one wrong letter in a name of six letters or more still leads to the term', () => {
    const names = labels.filter(
      ({ text, matched }) => matched === 'name' && text.replace(/\P{L}/gu, '').length >= 6,
    )
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.nat(), typo, ({ text, id, language }, n, err) => {
        expect(suggestedIds(err(text, n % text.length), language)).toContain(id)
      }),
      { numRuns: 2_000 },
    )
  })
})

const letter = fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz')
const typo = fc.oneof(
  letter.map((other) => (text: string, at: number) => replaced(text, at, 1, other)),
  letter.map((extra) => (text: string, at: number) => replaced(text, at, 0, extra)),
  fc.constant((text: string, at: number) => replaced(text, at, 1, '')),
  fc.constant((text: string, at: number) =>
    replaced(text, at, 2, [...text.slice(at, at + 2)].reverse().join('')),
  ),
)

function replaced(text: string, at: number, length: number, by: string): string {
  return text.slice(0, at) + by + text.slice(at + length)
}

describe('a large glossary', () => {
  const syllables = ['ba', 'ce', 'di', 'fo', 'gu', 'la', 'me', 'ni', 'po', 'ru']
  const word = (n: number) => [...String(n)].map((digit) => syllables[Number(digit)]).join('')
  const large = buildGlossaryIndex(
    Array.from({ length: 10_000 }, (_, n) =>
      term({
        id: `term-${n}`,
        en: wording({ name: `Lead ${word(n + 10_000)} stage` }),
        it: wording({ name: `Fase ${word(n + 10_000)} del lead` }),
      }),
    ),
  )

  test('finds each term by its name, and by its name with a typing error', () => {
    fc.assert(
      fc.property(fc.nat(9_999), (n) => {
        const name = word(n + 10_000)
        const exact = lookUp(large, `lead ${name} stage`, 'en')
        expect(exact).toMatchObject({ kind: 'found', term: { id: `term-${n}` } })
        const mistyped = lookUp(large, `laed ${name} stage`, 'en')
        expect(mistyped).toMatchObject({ kind: 'nearest' })
        if (mistyped.kind === 'nearest') expect(mistyped.terms[0]?.id).toBe(`term-${n}`)
      }),
      { numRuns: 50 },
    )
  })
})
