import type { Locale } from '../../domain/agreement.ts'
import type { Ruling } from '../../domain/handoff.ts'
import type { TermFigures } from '../../domain/term-health.ts'
import { formatList, formatNumber, formatPercent, plural } from './format.ts'

interface Words {
  title: string
  /** How to ask for one term, under the list. */
  howToAsk: string
  decide: string
  example: string
  related: string
  partOf: (chapter: string) => string
  /** Since when its newest version holds, and who answers for it; null for both heads. */
  standing: (version: number, day: string, owner: string | null) => string
  /** The reader's language has the words of the other one. */
  untranslated: string
  share: string
  show: string
  /** The terms of a chapter that the list has no room for. */
  more: (count: number) => string
  showAll: string
  /** Above the terms that a message uses. */
  explained: string
  moreTerms: (count: number) => string
  nothingToExplain: string
  sharedBy: (person: string) => string
  /** Above what the managers of both teams have ruled about the term. */
  ruledOn: string
  /** One of it, as plain text; `words` are how they put it. */
  ruling: (day: string, ruling: Ruling, words: readonly string[]) => string
  /** What it was about; `reason` is the agreement's own word for it. */
  dispute: (reason: string | null, why: string) => string
  didYouMean: (query: string) => string
  unknown: (query: string) => string
  /** `keepers` are the people who sign the agreement; null where it names none. */
  suggest: (keepers: string | null) => string
  /** The button that opens the form for a missing term. */
  suggestIt: string
  /** A term that was taken out of the glossary since its button was shown. */
  gone: string
}

export const rulingNames: Record<Locale, Record<Ruling, string>> = {
  en: { uphold: 'return upheld', overturn: 'return overturned', clarify: 'term clarified' },
  it: {
    uphold: 'restituzione confermata',
    overturn: 'restituzione annullata',
    clarify: 'termine chiarito',
  },
}

const quotes = { en: ['“', '”'], it: ['«', '»'] } as const

function quoted(words: readonly string[], locale: Locale): string {
  const [open, close] = quotes[locale]
  const told = words.map((text) => `${open}${text}${close}`)
  return told.length === 0 ? '' : `: ${formatList(told, locale)}`
}

/** Names and queries come escaped; what is here is mrkdwn. */
export const glossaryWords: Record<Locale, Words> = {
  en: {
    title: 'Glossary',
    howToAsk: 'Ask for one by its name or abbreviation: `/glossary MQL`. More: `/glossary help`.',
    decide: 'Both teams decide',
    example: 'Example',
    related: 'See also',
    partOf: (chapter) => `Part of ${chapter}`,
    standing: (version, day, owner) =>
      `Version ${version}, since ${day} · kept by ${owner ?? 'the heads of both teams'}`,
    untranslated: 'Not translated into English yet.',
    share: 'Share in the channel',
    show: 'Show',
    more: (count) => `and ${formatNumber(count, 'en')} more`,
    showAll: 'Show all',
    explained: 'Terms in this message, as both teams agreed on them',
    moreTerms: (count) =>
      `${plural(count, 'en', { one: 'more term', other: 'more terms' })} in it: ask with \`/glossary\`.`,
    nothingToExplain:
      'No term of the glossary is in this message. `/glossary` lists them all; is one missing, `/glossary suggest` suggests it.',
    sharedBy: (person) => `Shared by ${person} from the glossary`,
    ruledOn: 'Ruled on by both managers',
    ruling: (day, ruling, words) => `${day}, ${rulingNames.en[ruling]}${quoted(words, 'en')}`,
    dispute: (reason, why) =>
      `Returned${reason === null ? '' : ` as “${reason}”`}, and contested: “${why}”`,
    didYouMean: (query) => `The glossary has no term “${query}”. Did you mean one of these?`,
    unknown: (query) =>
      `The glossary has no term “${query}”, nor one like it. \`/glossary\` lists them all.`,
    suggest: (keepers) =>
      keepers === null
        ? 'Is a term missing? Suggest it to whoever keeps the agreement.'
        : `Is a term missing? Suggest it to ${keepers}.`,
    suggestIt: 'Suggest a definition',
    gone: 'This term is not in the glossary any more. `/glossary` lists those that are.',
  },
  it: {
    title: 'Glossario',
    howToAsk:
      'Chiedine uno con il nome o l’abbreviazione: `/glossary MQL`. Altro: `/glossary help`.',
    decide: 'I due team decidono',
    example: 'Esempio',
    related: 'Vedi anche',
    partOf: (chapter) => `Fa parte di ${chapter}`,
    standing: (version, day, owner) =>
      `Versione ${version}, dal ${day} · a cura ${owner === null ? 'dei capi dei due team' : `di ${owner}`}`,
    untranslated: 'Non ancora tradotto in italiano.',
    share: 'Condividi nel canale',
    show: 'Mostra',
    more: (count) => `e altri ${formatNumber(count, 'it')}`,
    showAll: 'Mostra tutti',
    explained: 'I termini di questo messaggio, come concordati dai due team',
    moreTerms: (count) =>
      `Ne contiene ${plural(count, 'it', { one: 'altro', other: 'altri' })}: chiedili con \`/glossary\`.`,
    nothingToExplain:
      'In questo messaggio non c’è nessun termine del glossario. `/glossary` li elenca tutti; se ne manca uno, suggeriscilo con `/glossary suggest`.',
    sharedBy: (person) => `Condiviso da ${person} dal glossario`,
    ruledOn: 'Deciso dai due responsabili',
    ruling: (day, ruling, words) => `${day}, ${rulingNames.it[ruling]}${quoted(words, 'it')}`,
    dispute: (reason, why) =>
      `Restituito${reason === null ? '' : ` come «${reason}»`} e contestato: «${why}»`,
    didYouMean: (query) => `Nel glossario non c’è il termine “${query}”. Intendevi uno di questi?`,
    unknown: (query) =>
      `Nel glossario non c’è il termine “${query}”, né uno simile. \`/glossary\` li elenca tutti.`,
    suggest: (keepers) =>
      keepers === null
        ? 'Manca un termine? Proponilo a chi cura l’accordo.'
        : `Manca un termine? Proponilo a ${keepers}.`,
    suggestIt: 'Suggerisci una definizione',
    gone: 'Questo termine non è più nel glossario. `/glossary` elenca quelli che ci sono.',
  },
}

/** The period that figures are about. */
export const lately: Record<Locale, (days: number) => string> = {
  en: (days) => `Last ${plural(days, 'en', { one: 'day', other: 'days' })}`,
  it: (days) => `Ultimi ${plural(days, 'it', { one: 'giorno', other: 'giorni' })}`,
}

const share = (part: number, of: number, locale: Locale): string => formatPercent(part / of, locale)

type FigureWords = {
  [Kind in TermFigures['kind']]: (figures: Extract<TermFigures, { kind: Kind }>) => string
}

/** Reasons and statuses come as the agreement calls them. */
export const figureWords: Record<Locale, FigureWords> = {
  en: {
    'handed-over': ({ count, returned, topReason }) =>
      count === 0
        ? 'none handed over'
        : `${formatNumber(count, 'en')} handed over, ${share(returned, count, 'en')} returned${
            topReason === null ? '' : `, mostly as “${topReason}”`
          }`,
    kept: ({ kept, of }) =>
      of === 0
        ? 'no deadline yet'
        : `${share(kept, of, 'en')} of ${plural(of, 'en', { one: 'deadline', other: 'deadlines' })} kept`,
    attempts: ({ logged, counted, leads, connected }) =>
      logged === 0
        ? 'no attempts'
        : `${plural(logged, 'en', { one: 'attempt', other: 'attempts' })}, ${formatNumber(counted, 'en')} counted; ${share(connected, leads, 'en')} of ${plural(leads, 'en', { one: 'lead', other: 'leads' })} reached`,
    crossed: ({ count, crossed }) =>
      count === 0
        ? 'no new MQLs'
        : `${plural(count, 'en', { one: 'new MQL', other: 'new MQLs' })}, ${share(crossed, count, 'en')} became SQLs`,
    statuses: ({ open, statuses }) =>
      open === 0
        ? 'Now: no open handoffs'
        : `Now open: ${statuses.map(({ status, count }) => `${formatNumber(count, 'en')} ${status}`).join(', ')}`,
    deals: ({ count, won, lost }) =>
      count === 0
        ? 'no deals reported'
        : `${plural(count, 'en', { one: 'deal', other: 'deals' })} reported, ${formatNumber(won, 'en')} won, ${formatNumber(lost, 'en')} lost`,
    returned: ({ count, of }) =>
      of === 0
        ? 'none handed over'
        : `${formatNumber(count, 'en')} of ${formatNumber(of, 'en')} handed over (${share(count, of, 'en')})`,
  },
  it: {
    'handed-over': ({ count, returned, topReason }) =>
      count === 0
        ? 'nessuna consegna'
        : `${plural(count, 'it', { one: 'consegna', other: 'consegne' })}, ${share(returned, count, 'it')} restituite${
            topReason === null ? '' : `, soprattutto come «${topReason}»`
          }`,
    kept: ({ kept, of }) =>
      of === 0
        ? 'ancora nessuna scadenza'
        : `${share(kept, of, 'it')} rispettato su ${plural(of, 'it', { one: 'scadenza', other: 'scadenze' })}`,
    attempts: ({ logged, counted, leads, connected }) =>
      logged === 0
        ? 'nessun tentativo'
        : `${plural(logged, 'it', { one: 'tentativo', other: 'tentativi' })}, di cui ${formatNumber(counted, 'it')} validi; raggiunto il ${share(connected, leads, 'it')} di ${plural(leads, 'it', { one: 'lead', other: 'lead' })}`,
    crossed: ({ count, crossed }) =>
      count === 0
        ? 'nessun nuovo MQL'
        : `${plural(count, 'it', { one: 'nuovo MQL', other: 'nuovi MQL' })}, il ${share(crossed, count, 'it')} è diventato SQL`,
    statuses: ({ open, statuses }) =>
      open === 0
        ? 'Ora: nessuna consegna aperta'
        : `Ora aperte: ${statuses.map(({ status, count }) => `${formatNumber(count, 'it')} ${status}`).join(', ')}`,
    deals: ({ count, won, lost }) =>
      count === 0
        ? 'nessuna trattativa comunicata'
        : `${plural(count, 'it', { one: 'trattativa comunicata', other: 'trattative comunicate' })}, ${formatNumber(won, 'it')} vinte, ${formatNumber(lost, 'it')} perse`,
    returned: ({ count, of }) =>
      of === 0
        ? 'nessuna consegna'
        : `${formatNumber(count, 'it')} su ${plural(of, 'it', { one: 'consegna', other: 'consegne' })} (${share(count, of, 'it')})`,
  },
}

/** How a term fares, in a line: "Last 30 days: 12 handed over, 25% returned". */
export function termFigureWords(figures: TermFigures, days: number, locale: Locale): string {
  const told = wordsFor(figureWords[locale], figures)
  return figures.kind === 'statuses' ? told : `${lately[locale](days)}: ${told}`
}

function wordsFor<Kind extends TermFigures['kind']>(
  words: { [Key in Kind]: (figures: Extract<TermFigures, { kind: Key }>) => string },
  figures: Extract<TermFigures, { kind: Kind }>,
): string {
  return words[figures.kind](figures)
}
