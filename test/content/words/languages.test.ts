import { describe, expect, test } from 'vitest'
import { cardWords, leadFieldNames } from '../../../src/content/words/card.ts'
import { deadlineNames, noticeWords, rulingNames } from '../../../src/content/words/notices.ts'
import { whyDueWords } from '../../../src/content/words/why-due.ts'

const tables: Record<string, { en: object; it: object }> = {
  'the card': cardWords,
  'the fields of a lead': leadFieldNames,
  'the lines in a thread': noticeWords,
  'the names of deadlines': deadlineNames,
  rulings: rulingNames,
  'why a deadline is due': whyDueWords,
}

/** Every word by its place: the text, or that a text is made there. */
const wordsIn = (value: unknown, at = ''): [string, string][] => {
  if (typeof value === 'function') return [[at, 'made']]
  if (typeof value !== 'object' || value === null) return [[at, String(value)]]
  return Object.entries(value).flatMap(([key, inner]) => wordsIn(inner, `${at}.${key}`))
}

describe.each(Object.entries(tables))('the words of %s', (_, { en, it }) => {
  const [english, italian] = [wordsIn(en), wordsIn(it)]

  test('are there in both languages, and never empty', () => {
    expect(italian.map(([at]) => at)).toEqual(english.map(([at]) => at))
    expect(english.length).toBeGreaterThan(0)
    for (const [, text] of [...english, ...italian]) expect(text.trim()).not.toBe('')
  })

  test('hold no straight apostrophes', () => {
    for (const [, text] of [...english, ...italian]) expect(text).not.toContain("'")
  })
})

describe('the round of a handoff', () => {
  test('is told in words up to the tenth, then by its number', () => {
    const told = (locale: 'en' | 'it') =>
      [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12_000].map((number) => cardWords[locale].round(number))
    expect(told('en')).toEqual([
      'Second handoff.',
      'Third handoff.',
      'Fourth handoff.',
      'Fifth handoff.',
      'Sixth handoff.',
      'Seventh handoff.',
      'Eighth handoff.',
      'Ninth handoff.',
      'Tenth handoff.',
      'Handoff 11.',
      'Handoff 12,000.',
    ])
    expect(told('it')).toEqual([
      'Secondo passaggio.',
      'Terzo passaggio.',
      'Quarto passaggio.',
      'Quinto passaggio.',
      'Sesto passaggio.',
      'Settimo passaggio.',
      'Ottavo passaggio.',
      'Nono passaggio.',
      'Decimo passaggio.',
      'Passaggio 11.',
      'Passaggio 12.000.',
    ])
  })

  test('has days that read well in Italian', () => {
    const { returnedOn, inShort } = cardWords.it
    expect(returnedOn('3 marzo 2026', 'Non pronto')).toBe(
      'Restituito il 3 marzo 2026 (Non pronto).',
    )
    expect(returnedOn('8 marzo 2026', 'Non pronto')).toContain('Restituito l’8 marzo 2026')
    expect(inShort.readyOn('11 marzo 2026')).toBe('dall’11 marzo 2026')
    expect(inShort.readyOn('18 marzo 2026')).toBe('dal 18 marzo 2026')
  })
})
