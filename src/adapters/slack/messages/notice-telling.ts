import { type Dates, sayInstant } from '../../../content/words/format.ts'
import type { Agreement, Locale } from '../../../domain/agreement.ts'
import type { Handoff } from '../../../domain/handoff.ts'
import type { Notice } from '../../../domain/notice.ts'
import type { Person } from '../../../domain/person.ts'
import { asMrkdwn, mention } from '../text.ts'

/** What a notice is told from. */

export interface NoticeView {
  locale: Locale
  dates: Dates
  zone: string
  /** When it is told: its times need no day on the same day. */
  now: Date
  handoff: Handoff
  /** The agreement of the handoff's version. */
  agreement: Agreement
  /** By the id of their row. */
  people: ReadonlyMap<string, Person>
  /** Where the card can be opened. */
  cardUrl?: string | undefined
}

export type Of<Type extends Notice['type']> = Extract<Notice, { type: Type }>

/** How long a fact is where a line is read aloud. */
export const spoken = 300

export const when = ({ dueAt }: { dueAt: Date }, view: NoticeView): string =>
  sayInstant(dueAt, { ...view, near: view.now })

/** Those of them who are still there, called. */
export function mentions(ids: readonly (string | null)[], { people }: NoticeView): string[] {
  return ids.flatMap((id) => {
    const person = id === null ? undefined : people.get(id)
    return person === undefined ? [] : [mention(person)]
  })
}

/** A name calls nobody. */
export function nameOf(id: string | null, { people }: NoticeView): string | null {
  const person = id === null ? undefined : people.get(id)
  return person === undefined ? null : asMrkdwn(person.name, 80)
}

/** The name of whoever did it in place of the owner. */
export const standIn = (by: string | null, view: NoticeView): string | null =>
  by === view.handoff.owner?.id ? null : nameOf(by, view)
