import type { Locale } from './agreement.ts'

/** The longest part of a question that is read; a name has 80 characters at most. */
const longestQuestion = 200

/**
 * The words of a text as the glossary compares them: case, accents, punctuation, dashes and
 * white space do not matter. Takes any string, lone surrogates and control characters included;
 * reads `longest` characters of it.
 */
export function wordsOf(text: string, longest: number = longestQuestion): string[] {
  // Upper case first: it brings letters together that lower case keeps apart (ß and ss, ı and i).
  return text
    .slice(0, longest)
    .normalize('NFKD')
    .toUpperCase()
    .toLowerCase()
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .replace(/(?:\p{Lm}|[^\p{L}\p{N}])+/gu, ' ')
    .slice(0, longest)
    .split(' ')
    .filter((word) => word !== '')
}

/** The form under which a text is looked up: "lead-score" and "Lead score" are one spelling. */
export function spell(text: string): string {
  return wordsOf(text).join('')
}

function englishPlural(words: string[]): string {
  const text = words.join('')
  if (/[^aeiou]y$/.test(text)) return `${text.slice(0, -1)}ies`
  return /(?:[sxz]|ch|sh)$/.test(text) ? `${text}es` : `${text}s`
}

function italianPluralOfWord(word: string): string {
  if (word.length < 3) return word
  if (/[cg][oa]$/.test(word)) return `${word.slice(0, -1)}h${word.endsWith('o') ? 'i' : 'e'}`
  if (word.endsWith('io')) return word.slice(0, -1)
  if (/[oe]$/.test(word)) return `${word.slice(0, -1)}i`
  return word.endsWith('a') ? `${word.slice(0, -1)}e` : word
}

/** The noun comes first in Italian, so its plural changes the first word, some or all words. */
function italianPlurals(words: string[]): string[] {
  return [1, 2, words.length].map((changed) =>
    words.map((word, place) => (place < changed ? italianPluralOfWord(word) : word)).join(''),
  )
}

/** The simple plurals of a term, spelt: English ones are used in Italian too. */
export function pluralsOf(words: string[], language: Locale): string[] {
  const english = englishPlural(words)
  return language === 'it' ? [english, ...italianPlurals(words)] : [english]
}
