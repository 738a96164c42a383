import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { shippedGlossary } from '../../src/adapters/glossary-file.ts'
import type { Locale } from '../../src/domain/agreement.ts'
import type { Term } from '../../src/domain/glossary.ts'
import { buildGlossaryIndex } from '../../src/domain/glossary-lookup.ts'
import { buildTermFinder, findTerms, mostTelling } from '../../src/domain/term-finder.ts'
import { term, wording } from '../support/terms.ts'

const finderOf = (terms: Term[]) => buildTermFinder(buildGlossaryIndex(terms))
const shipped = shippedGlossary()
const finder = finderOf(shipped)
const found = (text: string, locale: Locale = 'en') =>
  findTerms(finder, text, locale).terms.map(({ id }) => id)

describe('the terms in a text', () => {
  test.each([
    ['The MQL became an SQL.', ['mql', 'sql']],
    ['we never agreed on what the lead score is', ['lead-score']],
    ['All my MARKETING QUALIFIED LEADS!', ['mql']],
    ['Quale fase del ciclo di vita ha questo lead?', ['lifecycle-stage', 'lead']],
    ['i tentativi di contatto', ['connect-attempt']],
    ['è un’opportunita', ['opportunity']],
    ['the buyer’s journey, and personas', ['buyers-journey', 'buyer-persona']],
    ['SLA, SLA and sla', ['sla']],
    ['', []],
    ['nothing to see in here', []],
  ])('%s', (text, ids) => {
    expect(found(text)).toEqual(ids)
  })

  test('are the longest of those that overlap', () => {
    expect(found('a connect attempt')).toEqual(['connect-attempt'])
    expect(found('the lead, score it')).toEqual(['lead', 'lead-score'])
  })

  test.each([
    ['the oportunity is lost', 'opportunity'],
    ['ask for the lifecylce stage', 'lifecycle-stage'],
    ['a conect attempt', 'connect-attempt'],
    ['the agreemant says so', 'sla'],
  ])('may have a typing error in a longer word: %s', (text, id) => {
    expect(found(text)).toContain(id)
  })

  test.each(['I went to the store', 'this is MQR', 'a dead leaf'])(
    'are not found in other words: %s',
    (text) => {
      expect(found(text)).toEqual([])
    },
  )

  test('are found with any one letter of a long word left out', () => {
    const word = 'qualification'
    const own = finderOf([term({ en: wording({ name: word }), it: wording({ name: 'altro' }) })])
    for (let at = 0; at < word.length; at++) {
      const typed = word.slice(0, at) + word.slice(at + 1)
      expect(findTerms(own, `the ${typed} of it`, 'en').terms).toHaveLength(1)
    }
  })

  test('that say most are kept, in their order', () => {
    const { terms } = findTerms(finder, 'a call, a visit, the lead score, a decision, an SQL', 'en')
    expect(mostTelling(terms, 2, 'en').map(({ id }) => id)).toEqual(['lead-score', 'sql'])
  })

  test('any text is read', () => {
    const texts = fc.oneof(fc.string({ unit: 'binary', maxLength: 500 }), fc.string())
    fc.assert(fc.property(texts, (text) => Array.isArray(findTerms(finder, text, 'it').terms)))
    for (const text of ['\ud800', '\u0000', 'x'.repeat(100_000), '( '.repeat(4_000)]) found(text)
  })

  test('every name is found in a sentence around it', () => {
    for (const { id, en } of shipped) expect(found(`we say: ${en.name}`)).toContain(id)
  })
})

describe('the work of finding', () => {
  const many = Array.from({ length: 10_000 }, (_, at) =>
    term({
      id: `term-${at}`,
      chapter: 'term-0',
      en: wording({ name: `notion ${at} of matter ${at % 97}` }),
      it: wording({ name: `nozione ${at} di materia ${at % 97}` }),
    }),
  )
  const large = finderOf(many)

  test('grows with the text and not with the glossary', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('notion', '7', 'of', 'matter', 'else')), (words) => {
        const text = words.join(' ')
        const most = words.length * large.mostWords
        expect(findTerms(large, text, 'en').lookUps).toBeLessThanOrEqual(most)
      }),
    )
    const long = 'notion 7 of matter 8 else '.repeat(300)
    const twice = findTerms(large, long.slice(0, 8_000), 'en').lookUps
    const once = findTerms(large, long.slice(0, 4_000), 'en').lookUps
    expect(twice).toBeLessThanOrEqual(2 * once + large.mostWords)
  })

  test('finds one of ten thousand', () => {
    expect(findTerms(large, 'so: notion 9876 of matter 79?', 'en').terms).toMatchObject([
      { id: 'term-9876' },
    ])
  })
})
