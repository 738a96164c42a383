import type { CardWords } from '../../../content/words/card.ts'
import type { Dates } from '../../../content/words/format.ts'
import type { Agreement, Locale } from '../../../domain/agreement.ts'
import type { Handoff } from '../../../domain/handoff.ts'

/** What the parts of a card are told from. */

export interface CardView {
  locale: Locale
  leadTypeName: string
  dates: Dates
  /** The agreement of the handoff's version. */
  agreement: Agreement
  /** The zone of plain dates. */
  zone: string
  /** When it is drawn. */
  now: Date
  /** The key of the delivery that posts it. */
  key?: string
}

export interface Telling {
  handoff: Handoff
  view: CardView
  words: CardWords
}

/** How long a text of a lead may be: on the card, and where the card is read aloud. */
export const longest = { name: 60, fact: 200, reason: 2_500, spoken: 300 } as const

export const isTold = (part: string | undefined): part is string =>
  part !== undefined && part !== ''
