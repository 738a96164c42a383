import { type Locale, locales } from './agreement.ts'
import { labelsOf, type Match, type Term } from './glossary.ts'
import { pluralsOf, wordsOf } from './spelling.ts'

/** How a question finds its term in the glossary. */

export type Entry = { term: Term; matched: Match; language: Locale }
type Spelling = { words: string[]; key: string; grams: number; entries: Entry[] }

/** Built once for a glossary; looked up many times. */
export type GlossaryIndex = {
  readonly spellings: readonly Spelling[]
  readonly byKey: ReadonlyMap<string, Spelling>
  readonly plurals: ReadonlyMap<string, readonly Entry[]>
  /** For each three letters in a row, the places of the spellings that have them. */
  readonly placesByGram: ReadonlyMap<string, readonly number[]>
}

/** Indexes names, abbreviations and aliases in every language, with their simple plurals. */
export function buildGlossaryIndex(terms: readonly Term[]): GlossaryIndex {
  const byKey = new Map<string, Spelling>()
  const plurals = new Map<string, Entry[]>()
  for (const { text, entry } of terms.flatMap(entriesOf)) {
    const words = wordsOf(text)
    const key = words.join('')
    const known = byKey.get(key)
    if (known) known.entries.push(entry)
    else byKey.set(key, { words, key, grams: gramsOf(words).size, entries: [entry] })
    for (const plural of pluralsOf(words, entry.language)) addTo(plurals, plural, entry)
  }
  const spellings = [...byKey.values()]
  const placesByGram = new Map<string, number[]>()
  for (const [place, { words }] of spellings.entries()) {
    for (const gram of gramsOf(words)) addTo(placesByGram, gram, place)
  }
  return { spellings, byKey, plurals, placesByGram }
}

function entriesOf(term: Term): { text: string; entry: Entry }[] {
  return locales.flatMap((language) =>
    labelsOf(term[language]).map(({ text, matched }) => ({
      text,
      entry: { term, matched, language },
    })),
  )
}

function addTo<Item>(lists: Map<string, Item[]>, key: string, item: Item): void {
  const list = lists.get(key)
  if (list) list.push(item)
  else lists.set(key, [item])
}

/** Every three letters in a row of each word, its edges included, so that word order is free. */
function gramsOf(words: readonly string[]): Set<string> {
  const grams = new Set<string>()
  for (const word of words) {
    const padded = `  ${word}  `
    for (let at = 0; at + 3 <= padded.length; at++) grams.add(padded.slice(at, at + 3))
  }
  return grams
}

export type Answer =
  | { kind: 'found'; term: Term; matched: Match; language: Locale }
  | { kind: 'nearest'; terms: Term[] }
  | { kind: 'unknown' }

/**
 * The term that a question means: its exact word, first in the asker's language, else a plural,
 * else at most three terms that are spelt alike, best first. "What is an MQL?" asks for MQL. Any
 * string has an answer; only its first 200 characters are read.
 */
export function lookUp(index: GlossaryIndex, query: string, locale: Locale): Answer {
  const phrases = phrasesOf(wordsOf(query))
  const entry =
    firstOf(phrases, (key) => choose(index.byKey.get(key)?.entries, locale)) ??
    firstOf(phrases, (key) => choose(index.plurals.get(key), locale))
  if (entry) return { kind: 'found', ...entry }
  const terms = nearest(index, phrases, locale)
  return terms.length > 0 ? { kind: 'nearest', terms } : { kind: 'unknown' }
}

function firstOf(phrases: string[][], find: (key: string) => Entry | undefined): Entry | undefined {
  for (const words of phrases) {
    const entry = find(words.join(''))
    if (entry) return entry
  }
  return undefined
}

/** Of those with one spelling that in the reader's language, else the first. */
export function choose(entries: readonly Entry[] | undefined, locale: Locale): Entry | undefined {
  return entries?.find((entry) => entry.language === locale) ?? entries?.[0]
}

/** Words around a term in a question, without accents: "what is an MQL", "cos'è un MQL". */
const wordsBefore = new Set(
  `what who whats how is are s does do did we you mean means meant by define explain definition
  meaning tell show me us about term the a an please
  che cosa cos cose chi e quale quali sono si intende significa significano vuol vogliono dire
  spiega spiegami dimmi definisci definizione significato termine parola il lo la l i gli le un uno
  una`.split(/\s+/),
)
/** Words that lead on to a term after one of those: "definition of lead". */
const linkingWords = new Set('of for di d del dello della dell dei degli delle per'.split(' '))
const wordsAfter = new Set(
  `mean means meaning definition stand stands for please is
  significa significato definizione che cosa vuol dire cos cose e`.split(/\s+/),
)

/** The question as it is, then with one word less around the term each time. */
function phrasesOf(words: string[]): string[][] {
  const phrases = [words]
  let rest = words
  const shorten = (shorter: string[]) => {
    rest = shorter
    phrases.push(rest)
  }
  const leadsOn = (word: string) =>
    wordsBefore.has(word) || (phrases.length > 1 && linkingWords.has(word))
  while (leadsOn(rest[0] ?? '')) shorten(rest.slice(1))
  while (wordsAfter.has(rest.at(-1) ?? '')) shorten(rest.slice(0, -1))
  return phrases
}

/** Bounds on the work of one search, so that a large glossary answers as fast as a small one. */
const mostReadings = 10_000
const mostCandidates = 32
const mostSuggestions = 3

/** Below this two texts have little in common: one wrong letter of three still has 0.67. */
const leastLikeness = 0.6

function nearest(index: GlossaryIndex, phrases: string[][], locale: Locale): Term[] {
  // A typing error can look like a word before the term ("chi mata"), so both readings count.
  const readings = new Set([phrases[0] ?? [], phrases.at(-1) ?? []])
  const speaks = ({ spelling }: Candidate) =>
    Number(choose(spelling.entries, locale)?.language === locale)
  const terms = [...readings]
    .flatMap((words) => candidatesFor(index, words))
    .filter((candidate) => candidate.likeness >= leastLikeness)
    .sort((one, other) => other.likeness - one.likeness || speaks(other) - speaks(one))
    .map(({ spelling }) => choose(spelling.entries, locale)?.term)
  return [...new Set(terms.filter((term) => term !== undefined))].slice(0, mostSuggestions)
}

type Candidate = { spelling: Spelling; likeness: number }

/** The spellings that share most with the words asked; the rarest letters are read first. */
function candidatesFor(index: GlossaryIndex, words: string[]): Candidate[] {
  const question = { key: words.join(''), grams: gramsOf(words) }
  const lists = [...question.grams]
    .map((gram) => index.placesByGram.get(gram) ?? [])
    .sort((one, other) => one.length - other.length)
  const shared = new Uint16Array(index.spellings.length)
  const touched: number[] = []
  let readings = 0
  for (const places of lists) {
    for (const place of places) {
      if (readings === mostReadings) break
      readings++
      if (shared[place] === 0) touched.push(place)
      shared[place] = (shared[place] ?? 0) + 1
    }
  }
  const worth = (place: number) =>
    (shared[place] ?? 0) / (question.grams.size + (index.spellings[place]?.grams ?? 0))
  return best(touched, worth)
    .map((place) => index.spellings[place])
    .filter((spelling) => spelling !== undefined)
    .map((spelling) => ({ spelling, likeness: likeness(question, spelling) }))
}

function best<Item>(items: Item[], worth: (item: Item) => number): Item[] {
  const top: { item: Item; worth: number }[] = []
  for (const item of items) {
    const mine = worth(item)
    if (top.length === mostCandidates && mine <= (top.at(-1)?.worth ?? 0)) continue
    const place = top.findIndex((other) => other.worth < mine)
    top.splice(place === -1 ? top.length : place, 0, { item, worth: mine })
    top.length = Math.min(top.length, mostCandidates)
  }
  return top.map(({ item }) => item)
}

type Question = { key: string; grams: Set<string> }

/** From 0 to 1: by typing errors, by shared letters in any order, or as a part of the name. */
function likeness(question: Question, { key, words, grams }: Spelling): number {
  const shared = [...gramsOf(words)].filter((gram) => question.grams.has(gram)).length
  const alike = (2 * shared) / (question.grams.size + grams)
  const contained = question.key.length >= 4 ? (0.8 * shared) / question.grams.size : 0
  return Math.max(alike, contained, closeness(question.key, key))
}

function closeness(one: string, other: string): number {
  const longer = Math.max(one.length, other.length)
  // The difference in length is the least distance: too much of it, and there is no use counting.
  const bound = 1 - Math.abs(one.length - other.length) / longer
  return bound < leastLikeness ? 0 : 1 - typingErrors(one, other) / longer
}

/** Letters left out, put in, changed or swapped with their neighbour between two texts. */
function typingErrors(one: string, other: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: other.length + 1 }, (_, at) => at)
  for (let i = 1; i <= one.length; i++) {
    const row = [i]
    for (let j = 1; j <= other.length; j++) {
      const change = one[i - 1] === other[j - 1] ? 0 : 1
      const swapped = i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]
      row[j] = Math.min(
        (last[j] ?? 0) + 1,
        (row[j - 1] ?? 0) + 1,
        (last[j - 1] ?? 0) + change,
        swapped ? (beforeLast[j - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
      )
    }
    beforeLast = last
    last = row
  }
  return last[other.length] ?? 0
}
