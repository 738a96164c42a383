import type { KnownBlock } from '@slack/types'
import { formatDay, formatList } from '../../../../content/words/format.ts'
import { glossaryWords, termFigureWords } from '../../../../content/words/glossary.ts'
import type { Agreement, Locale } from '../../../../domain/agreement.ts'
import { calendarDateIn } from '../../../../domain/business-time.ts'
import {
  chapters,
  headsChapter,
  longest,
  type Term,
  type Wording,
} from '../../../../domain/glossary.ts'
import type { Person } from '../../../../domain/person.ts'
import { spell } from '../../../../domain/spelling.ts'
import type { TermFigures } from '../../../../domain/term-health.ts'
import type { KeptRuling, TermStanding } from '../../../../use-cases/ports/glossary.ts'
import {
  about,
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

/** So many terms of a chapter are listed; the others are behind a button. */
const mostListed = 15

/** The ten terms in their order, each with its sub-terms. */
export function buildGlossaryList(terms: readonly Term[], locale: Locale): Message {
  const words = glossaryWords[locale]
  const listed = chapters(terms, locale)
  const lines = listed.map(({ term, subTerms }, place) => {
    const names = subTerms.map(({ name }) => asMrkdwn(name, mostName))
    const folded = names.length > mostListed
    const told = folded
      ? [...names.slice(0, mostListed - 1), words.more(names.length - mostListed + 1)]
      : names
    const line = [`${place + 1}. ${title(term[locale])}`, told.join(' · ')].filter((text) => text)
    const all = button('glossary.chapter', words.showAll, termValue(term, locale))
    return { ...section(line.join('\n')), ...(folded ? { accessory: all } : {}) }
  })
  const names = listed.map(({ name }) => asMrkdwn(name, mostName)).join(', ')
  return message(`${words.title}: ${names}`, [
    header(words.title),
    // a glossary of its own may have more terms than a message has room for
    ...lines.slice(0, limits.blocks - 2),
    ...context([mrkdwn(words.howToAsk)]),
  ])
}

/** All terms of a chapter, as many as a message has room for. */
export function buildChapter(head: Term, terms: readonly Term[], locale: Locale): Message {
  const words = glossaryWords[locale]
  const below = chapters(terms, locale).find(({ term }) => term.id === head.id)?.subTerms ?? []
  const texts = ['']
  let told = 0
  for (const { name } of below) {
    const last = texts.at(-1) ?? ''
    const line = asMrkdwn(name, mostName)
    const longer = last === '' ? line : `${last} · ${line}`
    if (longer.length <= limits.section) texts[texts.length - 1] = longer
    else if (texts.length === mostParts) break
    else texts.push(line)
    told++
  }
  const rest = below.length - told
  return message(title(head[locale]), [
    section(title(head[locale])),
    ...texts.filter((text) => text !== '').map(section),
    ...context([mrkdwn(rest > 0 ? `${words.more(rest)}. ${words.howToAsk}` : words.howToAsk)]),
  ])
}

const mostParts = 40

/** The terms that a message uses, in short, to the one who asked. */
export function buildExplanation(
  { terms, more }: { terms: readonly Term[]; more: number },
  locale: Locale,
): Message {
  const words = glossaryWords[locale]
  if (terms.length === 0) return message(words.nothingToExplain, [section(words.nothingToExplain)])
  const names = terms.map((term) => nameOf(term[locale])).join(', ')
  return message(`${words.explained}: ${names}`, [
    section(`*${words.explained}*`),
    ...terms.map((term) => ({
      ...section(`${title(term[locale])}\n${asMrkdwn(term[locale].definition, mostShort)}`),
      accessory: about(
        button('glossary.show', words.show, termValue(term, locale)),
        term[locale].name,
      ),
    })),
    ...(more > 0 ? context([mrkdwn(words.moreTerms(more))]) : []),
  ])
}

const mostShort = 200

/** What a button about a term brings along. */
export const termValue = (term: Term, locale: Locale): string => `${term.id}:${locale}`

/** What the managers have ruled about a term, newest first; and whose words tell of it. */
export interface RulingsOfTerm {
  rulings: readonly KeptRuling[]
  agreement: Agreement
}

/** How a term fares over so many days, and whose words tell of it. */
export interface TermFares {
  figures: TermFigures
  days: number
  agreement: Agreement
}

interface TermView {
  terms: readonly Term[]
  locale: Locale
  ruled?: RulingsOfTerm | undefined
  /** Its version and who keeps it, and how it fares, each where it is known in time. */
  standing?: TermStanding | undefined
  fares?: TermFares | undefined
  /** Who shows it to everyone; without one it comes with a button to do so. */
  sharedBy?: Person
}

/** One term: what it means, what both teams decide about it, an example, and what was ruled. */
export function buildTerm(
  term: Term,
  { terms, locale, ruled, standing, fares, sharedBy }: TermView,
): Message {
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
  const related = terms.filter(({ id }) => term.related.includes(id))
  const around = [
    ...(headsChapter(term) ? [] : named(term.chapter).map((chapter) => words.partOf(chapter))),
    ...(term.untranslated === locale ? [words.untranslated] : []),
    ...(standing === undefined ? [] : [standingLine(standing, locale)]),
    ...(related.length === 0
      ? []
      : [`${words.related}: ${related.map((other) => nameOf(other[locale])).join(' · ')}`]),
    ...(sharedBy === undefined ? [] : [words.sharedBy(mention(sharedBy))]),
  ]
  const fareLine = fares === undefined ? undefined : faresLine(fares, locale)
  const share = button('glossary.share', words.share, termValue(term, locale))
  return message(`${title(wording)}: ${definition}`, [
    section(`${title(wording)}\n${definition}`),
    section(told.join('\n')),
    ...(fareLine === undefined ? [] : [plainSection(fareLine)]),
    ...(ruled === undefined ? [] : rulingBlocks(ruled, locale)),
    ...(around.length === 0 ? [] : context([mrkdwn(around.join('\n'))])),
    ...(sharedBy === undefined ? actions([share, ...relatedButtons(related, locale)]) : []),
  ])
}

/** Few buttons: the nearest of its relations. */
export const mostRelated = 4
export const relatedAction = (place: number): string => `glossary.related_${place}`

const relatedButtons = (related: readonly Term[], locale: Locale) =>
  related
    .slice(0, mostRelated)
    .map((term, place) => button(relatedAction(place), term[locale].name, termValue(term, locale)))

const standingLine = ({ version, since, owner }: TermStanding, locale: Locale): string =>
  glossaryWords[locale].standing(
    version,
    formatDay(since.toISOString().slice(0, 10), locale),
    owner === null ? null : mention(owner),
  )

/** How it fares, with reasons in the agreement's words. */
function faresLine({ figures, days, agreement }: TermFares, locale: Locale): string {
  if (figures.kind !== 'handed-over') return termFigureWords(figures, days, locale)
  const reason = agreement.return_reasons.find(({ id }) => id === figures.topReason)
  const topReason = reason?.name[locale] ?? figures.topReason
  return termFigureWords({ ...figures, topReason }, days, locale)
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

/** Opens the form with the word filled in, where that may be the name of a term. */
const suggestButton = ({ query, locale }: Missing): KnownBlock[] =>
  spell(query) === '' || query.length > longest.label
    ? []
    : actions([button('glossary.suggest', glossaryWords[locale].suggestIt, query)])

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
      accessory: about(
        button('glossary.show', words.show, termValue(term, locale)),
        term[locale].name,
      ),
    })),
    ...context([mrkdwn(suggestion(missing))]),
    ...suggestButton(missing),
  ])
}

/** No such term, and none like it. */
export function buildUnknownTerm(missing: Missing): Message {
  const unknown = glossaryWords[missing.locale].unknown(asMrkdwn(missing.query, mostName))
  return message(unknown, [
    section(unknown),
    ...context([mrkdwn(suggestion(missing))]),
    ...suggestButton(missing),
  ])
}
