import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { cardWords } from '../../../src/content/words/card.ts'

const folder = new URL('../../../src/content/words/', import.meta.url)
const files = readdirSync(folder).filter((name) => name.endsWith('.ts'))

/** Files without a table of words in both languages, and why. */
const exempt: Record<string, string> = {
  'format.ts': 'numbers, dates and lengths of time, each tested in both languages by itself',
  'import.ts': 'said by the command line alone, which speaks English',
}

interface Table {
  en: unknown
  it: unknown
}

const isTable = (value: unknown): value is Table =>
  typeof value === 'object' && value !== null && 'en' in value && 'it' in value

/** Everything that a file says in both languages, by the name under which it gives it out. */
async function tablesOf(file: string): Promise<[string, Table][]> {
  const words: Record<string, unknown> = await import(new URL(file, folder).href)
  return Object.entries(words).flatMap(([name, value]): [string, Table][] =>
    isTable(value) ? [[`${name} of ${file}`, value]] : [],
  )
}

const tables = (await Promise.all(files.map(tablesOf))).flat()

/** Every word by its place: the text, or that a text is made there. */
const wordsIn = (value: unknown, at = ''): [string, string][] => {
  if (typeof value === 'function') return [[at, 'made']]
  if (typeof value !== 'object' || value === null) return [[at, String(value)]]
  return Object.entries(value).flatMap(([key, inner]) => wordsIn(inner, `${at}.${key}`))
}

describe('the words', () => {
  test('of every file but those that have their reason are looked at here', () => {
    const without = files.filter((file) => !tables.some(([name]) => name.endsWith(` of ${file}`)))
    expect(without.sort()).toEqual(Object.keys(exempt).sort())
  })

  test.each(files.filter((file) => exempt[file] === undefined))(
    'of %s are given out, so that none is looked over',
    (file) => {
      const source = readFileSync(new URL(file, folder), 'utf8')
      expect(source.match(/^const \w+: (?:Record|Names)<.*/gm)?.filter(ofLocales) ?? []).toEqual([])
    },
  )
})

/** A table by language, as its type says; `Names` is one. */
const ofLocales = (declared: string): boolean => /: (?:Record<Locale,|Names<)/.test(declared)

describe.each(tables)('%s', (_, { en, it }) => {
  const [english, italian] = [wordsIn(en), wordsIn(it)]

  test('is there in both languages, and never empty', () => {
    const sorted = (words: [string, string][]) => words.map(([at]) => at).sort()
    expect(sorted(italian)).toEqual(sorted(english))
    expect(english.length).toBeGreaterThan(0)
    for (const [, text] of [...english, ...italian]) expect(text.trim()).not.toBe('')
  })

  test('says nothing in English twice, but for single words', () => {
    const english = new Map(wordsIn(en))
    const copied = italian.filter(
      ([at, text]) => text !== 'made' && text.includes(' ') && english.get(at) === text,
    )
    expect(copied).toEqual([])
  })

  test('holds no straight apostrophes', () => {
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
