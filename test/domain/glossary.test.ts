import { describe, expect, test } from 'vitest'
import { shippedGlossary } from '../../src/adapters/glossary-file.ts'
import { chapters, glossarySchema, headsChapter, type Term } from '../../src/domain/glossary.ts'
import { term, wording } from '../support/terms.ts'

const shipped = shippedGlossary()

describe('the shipped glossary', () => {
  test('holds the ten terms in their order', () => {
    expect(shipped.filter(headsChapter).map(({ id }) => id)).toEqual([
      'sla',
      'icp',
      'buyer-persona',
      'buyers-journey',
      'lifecycle-stage',
      'lead-type',
      'deal-stage',
      'lead-status',
      'lead-score',
      'connect-attempt',
    ])
  })

  test.each([
    ['buyers-journey', ['Awareness', 'Consideration', 'Decision']],
    [
      'lifecycle-stage',
      [
        'Subscriber',
        'Lead',
        'Marketing qualified lead',
        'Sales qualified lead',
        'Opportunity',
        'Customer',
      ],
    ],
    [
      'deal-stage',
      [
        'Exploration / meeting booked',
        'Quote development',
        'Quote presented',
        'Closed won',
        'Closed lost',
        'On hold',
      ],
    ],
    [
      'lead-status',
      [
        'New',
        'Accepted',
        'Attempting',
        'Connected',
        'Open deal',
        'Unresponsive',
        'Returned – not ready',
        'Returned – not a fit',
        'Returned – wrong data',
        'Returned – duplicate',
      ],
    ],
    ['connect-attempt', ['Counted attempt', 'Call', 'E-mail', 'LinkedIn', 'Meeting', 'Voicemail']],
  ])('has the sub-terms of %s in their order', (id, names) => {
    const chapter = chapters(shipped, 'en').find((each) => each.term.id === id)
    expect(chapter?.subTerms.map(({ name }) => name)).toEqual(names)
  })

  test.each(shipped.map((each) => [each.id, each] as const))(
    'says what %s is in at most three sentences, and all else in one, in both languages',
    (_, each) => {
      for (const { definition, decide, example } of [each.en, each.it]) {
        expect(sentences(definition)).toBeLessThanOrEqual(3)
        expect(sentences(example)).toBe(1)
        if (decide !== undefined) expect(sentences(decide)).toBe(1)
      }
      expect(each.it.definition).not.toBe(each.en.definition)
      expect(each.it.example).not.toBe(each.en.example)
    },
  )
})

/** Ends of sentences: a full stop inside a number or a time is none. */
function sentences(text: string): number {
  expect(text).toMatch(/[.!?]$/)
  return text.match(/[.!?](?=\s|$)/g)?.length ?? 0
}

describe('chapters', () => {
  test('are the ten terms with their sub-terms, named in the language asked', () => {
    const italian = chapters(shipped, 'it')
    expect(italian).toHaveLength(10)
    expect(italian[3]).toMatchObject({
      name: "Percorso dell'acquirente",
      subTerms: [{ name: 'Consapevolezza' }, { name: 'Considerazione' }, { name: 'Decisione' }],
    })
    const terms = italian.flatMap((chapter) => [chapter, ...chapter.subTerms])
    expect(terms.map((each) => each.term.id).sort()).toEqual(shipped.map(({ id }) => id).sort())
  })
})

describe('a glossary', () => {
  const faultsOf = (terms: Term[]) =>
    glossarySchema
      .safeParse(terms)
      .error?.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)

  test('that is consistent has no fault', () => {
    expect(faultsOf([term()])).toBeUndefined()
  })

  test('refuses an id that comes twice', () => {
    expect(faultsOf([term(), term()])).toEqual([
      '1.id: expects an id of its own, not warm-lead again',
    ])
  })

  test('refuses related terms and chapters that do not exist', () => {
    const lost = term({ id: 'lost', chapter: 'nowhere', related: ['gone', 'lost'] })
    expect(faultsOf([lost])).toEqual([
      '0.chapter: expects a term that heads a chapter, which nowhere does not',
      "0.related.0: expects another term's id, not gone",
      "0.related.1: expects another term's id, not lost",
    ])
  })

  test('refuses a sub-term as the chapter of another', () => {
    const named = (id: string, chapter: string) =>
      term({ id, chapter, en: wording({ name: id }), it: wording({ name: id }) })
    expect(faultsOf([named('a', 'a'), named('b', 'a'), named('c', 'b')])).toEqual([
      '2.chapter: expects a term that heads a chapter, which b does not',
    ])
  })

  test('refuses one word for two terms in the same language', () => {
    const two = term({
      id: 'hot-lead',
      en: wording({ name: 'Hot lead', aliases: ['warm-LEAD'] }),
      it: wording({ name: 'Lead caldo' }),
    })
    expect(faultsOf([term(), two])).toEqual([
      '1.en.aliases.0: expects a word that does not already mean warm-lead: warm-LEAD',
    ])
  })

  test('refuses a decision that is missing in one language', () => {
    const { decide: _, ...undecided } = wording()
    expect(faultsOf([term({ it: undecided })])).toEqual([
      '0.it.decide: expects what both teams must decide, in every language',
    ])
  })

  test('refuses a name without a letter, a long definition and control characters', () => {
    const bad = wording({ name: '🎯', definition: 'x'.repeat(601), example: 'a\u0000b' })
    expect(faultsOf([term({ en: bad })])).toEqual([
      '0.en.name: expects at least one letter or digit',
      '0.en.definition: expects at most 600 characters',
      '0.en.example: expects one line without control characters',
    ])
  })
})
