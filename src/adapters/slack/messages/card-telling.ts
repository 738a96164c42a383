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
  /** Whoever has the lead is not in the workspace any more. */
  ownerLeft?: boolean
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

/**
 * How long a text of a lead may be. A card folds what is longer, and the whole of it stands in the
 * window of its menu; a notice in the thread tells it in full. `heard` is for a text in a
 * notification, which should come to the deadline before it is cut off.
 */
export const longest = {
  name: 60,
  fact: 200,
  folded: 400,
  reason: 2_500,
  spoken: 300,
  heard: 140,
} as const

/** Sales is to accept the lead, or to reach it. */
export const isWorkedOn = ({ status }: Handoff): boolean =>
  status === 'offered' || status === 'accepted' || status === 'connected'

export const isTold = (part: string | undefined): part is string =>
  part !== undefined && part !== ''

/** Parts of a text for reading aloud, each closed by a full stop. */
export const sentences = (parts: readonly string[]): string =>
  parts.map((part) => (/[.!?…”»]$/.test(part) ? part : `${part}.`)).join(' ')
