import type { CardWords } from '../../../content/words/card.ts'
import type { DateStyle, Dates } from '../../../content/words/format.ts'
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

/** A line about the state of the handoff: what is to be seen first, and what may follow. */
export interface StateLine {
  strong?: string
  rest?: string
}

/** Slack shows the day on which a message was posted: its times need no day of their own. */
export const dateStyle = ({ handoff, view }: Telling): DateStyle => ({
  dates: view.dates,
  locale: view.locale,
  zone: view.zone,
  near: handoff.createdAt,
})

/** How long a text of a lead may be: on the card, and where the card is read aloud. */
export const longest = { name: 60, fact: 200, reason: 2_500, spoken: 300 } as const

export const isTold = (part: string | undefined): part is string =>
  part !== undefined && part !== ''
