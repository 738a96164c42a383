import type { Locale } from '../../domain/agreement.ts'
import type { Ruling } from '../../domain/handoff.ts'
import { formatList } from './format.ts'

interface Words {
  title: string
  /** How to ask for one term, under the list. */
  howToAsk: string
  decide: string
  example: string
  related: string
  partOf: (chapter: string) => string
  share: string
  show: string
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
  /** A term that was taken out of the glossary since its button was shown. */
  gone: string
}

const rulingNames: Record<Locale, Record<Ruling, string>> = {
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
    howToAsk: 'Ask for one by its name or abbreviation: `/glossary MQL`.',
    decide: 'Both teams decide',
    example: 'Example',
    related: 'See also',
    partOf: (chapter) => `Part of ${chapter}`,
    share: 'Share in the channel',
    show: 'Show',
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
    gone: 'This term is not in the glossary any more. `/glossary` lists those that are.',
  },
  it: {
    title: 'Glossario',
    howToAsk: 'Chiedine uno con il nome o l’abbreviazione: `/glossary MQL`.',
    decide: 'I due team decidono',
    example: 'Esempio',
    related: 'Vedi anche',
    partOf: (chapter) => `Fa parte di ${chapter}`,
    share: 'Condividi nel canale',
    show: 'Mostra',
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
    gone: 'Questo termine non è più nel glossario. `/glossary` elenca quelli che ci sono.',
  },
}
