import type { Locale } from './agreement.ts'
import type { Term } from './glossary.ts'
import { choose, type GlossaryIndex } from './glossary-lookup.ts'
import { wordsOf } from './spelling.ts'

/** Finds the terms that a text uses. */

/** Built once for a glossary; finds terms in many texts. */
export interface TermFinder {
  readonly index: GlossaryIndex
  /** The most words that a term is spelt with. */
  readonly mostWords: number
  readonly vocabulary: ReadonlySet<string>
  /** For a word with one letter left out, the words of terms that it may have been. */
  readonly withoutALetter: ReadonlyMap<string, readonly string[]>
}

/** Longer names than this are found by no text. */
const mostWordsRead = 8
/** More of a text is not read. */
const mostRead = 8_000
/** Shorter words are too much alike to tell a typing error from another word. */
const leastForErrors = 5
/** Up to here another letter makes another word, such as "store" for "score". */
const leastForChanges = 7

export function buildTermFinder(index: GlossaryIndex): TermFinder {
  const vocabulary = new Set(index.spellings.flatMap(({ words }) => words))
  const withoutALetter = new Map<string, string[]>()
  for (const word of vocabulary) {
    if (word.length < leastForErrors) continue
    for (const shorter of [word, ...shortened(word)]) {
      const words = withoutALetter.get(shorter)
      if (words === undefined) withoutALetter.set(shorter, [word])
      else words.push(word)
    }
  }
  const mostWords = Math.max(1, ...index.spellings.map(({ words }) => words.length))
  return { index, mostWords: Math.min(mostWords, mostWordsRead), vocabulary, withoutALetter }
}

function shortened(word: string): Set<string> {
  const shorter = new Set<string>()
  for (let at = 0; at < word.length; at++) shorter.add(word.slice(0, at) + word.slice(at + 1))
  return shorter
}

/** What was looked at to find them: it grows with the text alone, whatever the glossary. */
export interface Found {
  terms: Term[]
  lookUps: number
}

/**
 * The terms in a text, in their order: of those that overlap the longest, by any of their names in
 * any language, with plurals, whatever the case and the accents. A word of five letters or more may
 * have one typing error. A name does not reach over the end of a sentence. Takes any string and
 * reads its first 8,000 characters.
 */
export function findTerms(finder: TermFinder, text: string, locale: Locale): Found {
  const found = new Set<Term>()
  let lookUps = 0
  for (const sentence of text.slice(0, mostRead).split(/[.!?;:,](?=\s|$)|[\r\n()"“”«»]/)) {
    const words = wordsOf(sentence, mostRead)
    const mended = words.map((word) => mend(finder, word))
    for (let at = 0; at < words.length; ) {
      let length = Math.min(finder.mostWords, words.length - at)
      let term: Term | undefined
      for (; length > 0; length--) {
        lookUps++
        term = termOf(finder, words, mended, { from: at, to: at + length }, locale)
        if (term !== undefined) break
      }
      if (term !== undefined) found.add(term)
      at += Math.max(1, length)
    }
  }
  return { terms: [...found], lookUps }
}

function termOf(
  { index }: TermFinder,
  words: readonly string[],
  mended: readonly string[],
  { from, to }: { from: number; to: number },
  locale: Locale,
): Term | undefined {
  const read = (spelt: readonly string[]): Term | undefined => {
    const key = spelt.slice(from, to).join('')
    const entries = index.byKey.get(key)?.entries ?? index.plurals.get(key)
    return choose(entries, locale)?.term
  }
  const term = read(words)
  if (term !== undefined) return term
  const wrong = mended.slice(from, to).some((word, place) => word !== words[from + place])
  return wrong ? read(mended) : undefined
}

/** A word as some term has it, where it is but one typing error away; else the word itself. */
function mend({ vocabulary, withoutALetter }: TermFinder, word: string): string {
  if (word.length < leastForErrors || word.length > 80 || vocabulary.has(word)) return word
  for (const shorter of [word, ...shortened(word)]) {
    const meant = withoutALetter.get(shorter)?.find((other) => isTypingError(word, other))
    if (meant !== undefined) return meant
  }
  return word
}

/** One letter left out, put in, swapped with its neighbour, or in a longer word changed. */
function isTypingError(word: string, meant: string): boolean {
  let same = 0
  while (same < word.length && word[same] === meant[same]) same++
  const [rest, other] = [word.slice(same), meant.slice(same)]
  if (rest.slice(1) === other || rest === other.slice(1)) return true
  if (rest.length !== other.length) return false
  const swapped = rest[0] === other[1] && rest[1] === other[0] && rest.slice(2) === other.slice(2)
  return swapped || (meant.length >= leastForChanges && rest.slice(1) === other.slice(1))
}

/**
 * So many of the found terms as are to be shown, in their order: those with the longest names, which
 * say more of a text than a "call" or a "decision".
 */
export function mostTelling(terms: readonly Term[], most: number, locale: Locale): Term[] {
  const telling = (term: Term): number =>
    term[locale].abbreviations.length > 0 ? 100 : wordsOf(term[locale].name).length
  const kept = new Set([...terms].sort((a, b) => telling(b) - telling(a)).slice(0, most))
  return terms.filter((term) => kept.has(term))
}
