import {
  attemptChannelName,
  attemptOutcomeName,
  attemptWhy,
} from '../../../content/words/attempts.ts'
import { cardWords } from '../../../content/words/card.ts'
import { type Dates, sayInstant } from '../../../content/words/format.ts'
import { addressed, type NoticeWords, noticeWords } from '../../../content/words/notices.ts'
import type { Agreement, Locale } from '../../../domain/agreement.ts'
import type { Handoff } from '../../../domain/handoff.ts'
import type { Notice } from '../../../domain/notice.ts'
import type { Person } from '../../../domain/person.ts'
import { context, type Message, message, mrkdwn, plainSection, section } from '../blocks.ts'
import { asMrkdwn, link, mention } from '../text.ts'
import { factsOfReturn, leadTitle } from './card.ts'

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

type Of<Type extends Notice['type']> = Extract<Notice, { type: Type }>

/** How long a fact is where a line is read aloud. */
const spoken = 300

/** A notice in one short line, or two. Everyone in it is mentioned but those who did it. */
export function buildNotice(notice: Notice, view: NoticeView): Message {
  const words = noticeWords[view.locale]
  switch (notice.type) {
    case 'reminder': {
      const { deadline, fraction, to } = notice
      const sentence = words.reminder(deadline.kind, fraction, when(deadline, view))
      return message(addressed(mentions([to], view), sentence))
    }
    case 'missed':
    case 'escalated': {
      const { deadline, to } = notice
      const sentence = words.missed(deadline.kind, when(deadline, view))
      return message(
        addressed(mentions(typeof to === 'string' ? [to] : (to ?? []), view), sentence),
      )
    }
    case 'escalated-to-channel':
      return escalatedToChannel(notice, view, words)
    case 'returned':
      return returned(notice, view, words)
    case 'attempt':
      return attempt(notice, view, words)
  }
}

/** The ids of the people that a notice speaks of. */
export function peopleIn(notice: Notice): string[] {
  const ids = ((): (string | null)[] => {
    switch (notice.type) {
      case 'reminder':
      case 'missed':
        return [notice.to]
      case 'escalated':
        return notice.to
      case 'escalated-to-channel':
        return []
      case 'returned':
        return [notice.by, notice.to]
      case 'attempt':
        return [notice.by]
    }
  })()
  return [...new Set(ids.filter((id) => id !== null))]
}

const when = ({ dueAt }: { dueAt: Date }, view: NoticeView): string =>
  sayInstant(dueAt, { ...view, near: view.now })

function mentions(ids: readonly (string | null)[], { people }: NoticeView): string[] {
  return ids.flatMap((id) => {
    const person = id === null ? undefined : people.get(id)
    return person === undefined ? [] : [mention(person)]
  })
}

const nameOf = (id: string, { people }: NoticeView): string | null => {
  const person = people.get(id)
  return person === undefined ? null : asMrkdwn(person.name, 80)
}

function escalatedToChannel(
  { deadline }: Of<'escalated-to-channel'>,
  view: NoticeView,
  words: NoticeWords,
): Message {
  const lead = leadTitle(view.handoff)
  const line = addressed([], words.missed(deadline.kind, when(deadline, view)))
  const opened = view.cardUrl === undefined ? undefined : link(view.cardUrl, words.openCard)
  return message(`${asMrkdwn(lead, spoken)}: ${line}`, [
    plainSection(lead),
    section(line),
    ...context(opened === undefined ? [] : [mrkdwn(opened)]),
  ])
}

function returned(notice: Of<'returned'>, view: NoticeView, words: NoticeWords): Message {
  const to = notice.to === notice.by ? [] : mentions([notice.to], view)
  const status = asMrkdwn(notice.status, spoken)
  const facts = factsOfReturn(notice, notice.status, view)
  const line = [...to, words.returned(status, nameOf(notice.by, view))].join(': ')
  const told = facts.map((fact) => asMrkdwn(fact, spoken))
  return message([line, ...told].join('. '), [section(line), ...facts.map(plainSection)])
}

function attempt(notice: Of<'attempt'>, view: NoticeView, words: NoticeWords): Message {
  const lines = [
    addressed([], attemptLine(notice, view, words)),
    ...(notice.finished ? [words.finished(notice.of)] : []),
  ]
  const line = lines.join(' ')
  if (notice.note === null) return message(line)
  const note = cardWords[view.locale].note(notice.note)
  return message(`${line} ${asMrkdwn(note, spoken)}`, [section(line), plainSection(note)])
}

function attemptLine(notice: Of<'attempt'>, view: NoticeView, words: NoticeWords): string {
  const { locale, handoff } = view
  const stoodIn = notice.by !== null && notice.by !== handoff.owner?.id
  const made = words.made(
    asMrkdwn(attemptChannelName(notice.channel, locale), spoken),
    asMrkdwn(attemptOutcomeName(notice.outcome, locale), spoken),
    stoodIn && notice.by !== null ? nameOf(notice.by, view) : null,
  )
  if (notice.verdict.clause !== 'counted') {
    return words.notCounted(made, asMrkdwn(attemptWhy(notice.verdict, locale), spoken))
  }
  const say = notice.connected ? words.connected : words.counted
  return say(notice.counted, notice.of, made)
}
