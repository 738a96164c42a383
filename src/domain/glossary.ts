import { z } from 'zod'
import { type Locale, locales } from './agreement.ts'
import { spell, wordsOf } from './spelling.ts'

/**
 * The glossary: the terms both teams agreed on. Ten terms head a chapter of the agreement each;
 * every other term is a sub-term of one of them.
 */

/** How long a text of a term may be. */
export const longest = { label: 80, definition: 600, decide: 300, example: 300 } as const

const line = (most: number) =>
  z
    .string()
    .trim()
    .min(1, 'expects a text')
    .max(most, `expects at most ${most} characters`)
    .regex(/^\P{Cc}*$/u, 'expects one line without control characters')

const label = line(longest.label).refine((text) => spell(text) !== '', {
  error: 'expects at least one letter or digit',
})
const labels = z.array(label).max(20, 'expects at most 20').default([])
const termId = z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'expects a short name in lower case')

export const wordingSchema = z.strictObject({
  name: label,
  abbreviations: labels,
  aliases: labels,
  definition: line(longest.definition),
  decide: line(longest.decide).optional(),
  example: line(longest.example),
})
export type Wording = z.output<typeof wordingSchema>

/** A term in every language; its `chapter` is the id of one of the ten, its own for the ten. */
export const termSchema = z.strictObject({
  id: termId,
  chapter: termId,
  related: z.array(termId).max(10, 'expects at most 10').default([]),
  en: wordingSchema,
  it: wordingSchema,
  /** The language that nobody has translated it into yet: it has the words of the other one. */
  untranslated: z.enum(locales).optional(),
})
export type Term = z.output<typeof termSchema>

/** Whether the term is one of the ten, which head a chapter each. */
export function headsChapter(term: Term): boolean {
  return term.chapter === term.id
}

/** A whole glossary: ids are unique, references lead somewhere, one word has one meaning. */
export const glossarySchema = z
  .array(termSchema)
  .min(1, 'expects at least one term')
  .superRefine((terms, context) => {
    for (const { path, message } of inconsistencies(terms)) {
      context.addIssue({ code: 'custom', path, message })
    }
  })

type Inconsistency = { path: (string | number)[]; message: string }

function* inconsistencies(terms: Term[]): Generator<Inconsistency> {
  yield* doubleIds(terms)
  yield* deadReferences(terms)
  yield* unevenDecisions(terms)
  yield* doubleMeanings(terms)
}

function* doubleIds(terms: Term[]): Generator<Inconsistency> {
  const seen = new Set<string>()
  for (const [at, { id }] of terms.entries()) {
    if (seen.has(id))
      yield { path: [at, 'id'], message: `expects an id of its own, not ${id} again` }
    seen.add(id)
  }
}

function* deadReferences(terms: Term[]): Generator<Inconsistency> {
  const ids = new Set(terms.map((term) => term.id))
  const heads = new Set(terms.filter(headsChapter).map((term) => term.id))
  for (const [at, term] of terms.entries()) {
    if (!heads.has(term.chapter)) {
      const message = `expects a term that heads a chapter, which ${term.chapter} does not`
      yield { path: [at, 'chapter'], message }
    }
    for (const [place, id] of term.related.entries()) {
      if (id === term.id || !ids.has(id)) {
        yield { path: [at, 'related', place], message: `expects another term's id, not ${id}` }
      }
    }
  }
}

function* unevenDecisions(terms: Term[]): Generator<Inconsistency> {
  for (const [at, term] of terms.entries()) {
    const needed = headsChapter(term) || locales.some((language) => term[language].decide)
    for (const language of locales) {
      if (needed && term[language].decide === undefined) {
        const message = 'expects what both teams must decide, in every language'
        yield { path: [at, language, 'decide'], message }
      }
    }
  }
}

function* doubleMeanings(terms: Term[]): Generator<Inconsistency> {
  for (const language of locales) {
    const meanings = new Map<string, string>()
    for (const [at, term] of terms.entries()) {
      for (const { text, path } of labelsOf(term[language])) {
        const meaning = meanings.get(spell(text)) ?? term.id
        if (meaning !== term.id) {
          const message = `expects a word that does not already mean ${meaning}: ${text}`
          yield { path: [at, language, ...path], message }
        }
        meanings.set(spell(text), meaning)
      }
    }
  }
}

/** A word that is to name a term and already means another one. */
export interface TakenWord {
  word: string
  meaning: Term
}

/** The first word of a term, in any language, that means another term already. */
export function takenWord(term: Term, terms: readonly Term[]): TakenWord | undefined {
  const others = terms.filter(({ id }) => id !== term.id)
  for (const language of locales) {
    const own = new Map(labelsOf(term[language]).map(({ text }) => [spell(text), text]))
    for (const meaning of others) {
      const word = labelsOf(meaning[language]).find(({ text }) => own.has(spell(text)))
      if (word !== undefined) return { word: own.get(spell(word.text)) ?? word.text, meaning }
    }
  }
  return undefined
}

const longestId = 40

/** An id for a new term out of its name: short, in lower case and not taken. */
export function newTermId(name: string, terms: readonly Term[]): string {
  const letters = wordsOf(name)
    .join('-')
    .replace(/[^a-z0-9]+/g, '-')
  const plain = letters.slice(0, longestId).replace(/^-+|-+$/g, '') || 'term'
  const taken = new Set(terms.map(({ id }) => id))
  for (let tried = 1; ; tried++) {
    const ending = tried === 1 ? '' : `-${tried}`
    const id = `${plain.slice(0, longestId - ending.length)}${ending}`
    if (!taken.has(id)) return id
  }
}

/** How a question named its term: what the asker typed was this of the term. */
export type Match = 'name' | 'abbreviation' | 'alias'

type Label = { text: string; matched: Match; path: (string | number)[] }

/** What a wording may be asked for by, each with where it stands in the wording. */
export function labelsOf(wording: Wording): Label[] {
  return [
    { text: wording.name, matched: 'name', path: ['name'] },
    ...wording.abbreviations.map((text, place): Label => {
      return { text, matched: 'abbreviation', path: ['abbreviations', place] }
    }),
    ...wording.aliases.map((text, place): Label => {
      return { text, matched: 'alias', path: ['aliases', place] }
    }),
  ]
}

export type NamedTerm = { term: Term; name: string }
export type Chapter = NamedTerm & { subTerms: NamedTerm[] }

/** The ten terms in the glossary's order, each with its sub-terms, named in the language asked. */
export function chapters(terms: readonly Term[], locale: Locale): Chapter[] {
  const named = (term: Term): NamedTerm => ({ term, name: term[locale].name })
  return terms.filter(headsChapter).map((head) => ({
    ...named(head),
    subTerms: terms.filter((term) => term.chapter === head.id && term !== head).map(named),
  }))
}
