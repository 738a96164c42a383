import type { KnownBlock } from '@slack/types'
import { formatDay, formatList } from '../../../../content/words/format.ts'
import { glossaryWords } from '../../../../content/words/glossary.ts'
import type { Agreement, Locale } from '../../../../domain/agreement.ts'
import { calendarDateIn } from '../../../../domain/business-time.ts'
import { chapters, headsChapter, type Term, type Wording } from '../../../../domain/glossary.ts'
import type { Person } from '../../../../domain/person.ts'
import type { KeptRuling } from '../../../../use-cases/ports/glossary.ts'
import {
  actions,
  button,
  context,
  header,
  limits,
  type Message,
  message,
  mrkdwn,
  plain,
  plainSection,
  section,
} from '../../blocks.ts'
import { asMrkdwn, cut, mention } from '../../text.ts'

const mostName = 80
const mostText = 600
const mostQuote = 300

const nameOf = (wording: Wording): string => asMrkdwn(wording.name, mostName)

/** "Marketing qualified lead (MQL)" */
function title(wording: Wording): string {
  const short = wording.abbreviations.map((text) => asMrkdwn(text, mostName))
  return short.length === 0 ? `*${nameOf(wording)}*` : `*${nameOf(wording)}* (${short.join(', ')})`
}

/** The ten terms in their order, each with its sub-terms. */
export function buildGlossaryList(terms: readonly Term[], locale: Locale): Message {
  const words = glossaryWords[locale]
  const listed = chapters(terms, locale)
  const lines = listed.map(({ term, subTerms }, place) => {
    const below = subTerms.map(({ name }) => asMrkdwn(name, mostName)).join(' · ')
    const line = `${place + 1}. ${title(term[locale])}`
    return below === '' ? line : `${line}\n${below}`
  })
  const names = listed.map(({ name }) => asMrkdwn(name, mostName)).join(', ')
  return message(`${words.title}: ${names}`, [
    header(words.title),
    // a glossary of its own may have more terms than a message has room for
    ...lines.slice(0, limits.blocks - 2).map((line) => section(line)),
    ...context([mrkdwn(words.howToAsk)]),
  ])
}

/** What a button about a term brings along. */
export const termValue = (term: Term, locale: Locale): string => `${term.id}:${locale}`

/** What the managers have ruled about a term, newest first; and whose words tell of it. */
export interface RulingsOfTerm {
  rulings: readonly KeptRuling[]
  agreement: Agreement
}

interface TermView {
  terms: readonly Term[]
  locale: Locale
  ruled?: RulingsOfTerm | undefined
  /** Who shows it to everyone; without one it comes with a button to do so. */
  sharedBy?: Person
}

/** One term: what it means, what both teams decide about it, an example, and what was ruled. */
export function buildTerm(term: Term, { terms, locale, ruled, sharedBy }: TermView): Message {
  const words = glossaryWords[locale]
  const wording = term[locale]
  const named = (id: string): string[] =>
    terms.filter((other) => other.id === id).map((other) => nameOf(other[locale]))
  const definition = asMrkdwn(wording.definition, mostText)
  const told = [
    ...(wording.decide === undefined
      ? []
      : [`*${words.decide}:* ${asMrkdwn(wording.decide, mostText)}`]),
    `*${words.example}:* ${asMrkdwn(wording.example, mostText)}`,
  ]
  const related = term.related.flatMap(named)
  const around = [
    ...(headsChapter(term) ? [] : named(term.chapter).map((chapter) => words.partOf(chapter))),
    ...(related.length === 0 ? [] : [`${words.related}: ${related.join(' · ')}`]),
    ...(sharedBy === undefined ? [] : [words.sharedBy(mention(sharedBy))]),
  ]
  const share = button('glossary.share', words.share, termValue(term, locale))
  return message(`${title(wording)}: ${definition}`, [
    section(`${title(wording)}\n${definition}`),
    section(told.join('\n')),
    ...(ruled === undefined ? [] : rulingBlocks(ruled, locale)),
    ...(around.length === 0 ? [] : context([mrkdwn(around.join('\n'))])),
    ...(sharedBy === undefined ? actions([share]) : []),
  ])
}

/** How the managers put it, and what about: in their own words, shown as they read. */
function rulingBlocks({ rulings, agreement }: RulingsOfTerm, locale: Locale): KnownBlock[] {
  const words = glossaryWords[locale]
  const { return_reasons: reasons, calendar } = agreement
  return [
    section(`*${words.ruledOn}:*`),
    ...rulings.flatMap(({ at, ruling, reason, why, words: said }) => {
      const day = formatDay(calendarDateIn(at, calendar.timezone), locale)
      const name = reasons.find(({ id }) => id === reason)?.name[locale] ?? reason
      const quotes = [...new Set(said)].map((text) => cut(text, mostText))
      return [
        plainSection(words.ruling(day, ruling, quotes)),
        ...context([plain(words.dispute(name, cut(why, mostQuote)))]),
      ]
    }),
  ]
}

interface Missing {
  query: string
  locale: Locale
  /** Those who sign the agreement: a missing term is suggested to them. */
  keepers: readonly Person[]
}

function suggestion({ locale, keepers }: Missing): string {
  const people = keepers.map(mention)
  return glossaryWords[locale].suggest(people.length === 0 ? null : formatList(people, locale))
}

/** No such term: those that are spelt alike, each with a button that shows it. */
export function buildNearest(nearest: readonly Term[], missing: Missing): Message {
  const { locale } = missing
  const words = glossaryWords[locale]
  const asked = words.didYouMean(asMrkdwn(missing.query, mostName))
  const names = nearest.map((term) => nameOf(term[locale])).join(', ')
  return message(`${asked} ${names}`, [
    section(asked),
    ...nearest.map((term) => ({
      ...section(`${title(term[locale])}\n${asMrkdwn(term[locale].definition, 200)}`),
      accessory: button('glossary.show', words.show, termValue(term, locale)),
    })),
    ...context([mrkdwn(suggestion(missing))]),
  ])
}

/** No such term, and none like it. */
export function buildUnknownTerm(missing: Missing): Message {
  const unknown = glossaryWords[missing.locale].unknown(asMrkdwn(missing.query, mostName))
  return message(unknown, [section(unknown), ...context([mrkdwn(suggestion(missing))])])
}
