import {
  attemptChannelName,
  attemptOutcomeName,
  attemptWhy,
} from '../../../content/words/attempts.ts'
import { cardWords } from '../../../content/words/card.ts'
import { type Dates, sayInstant } from '../../../content/words/format.ts'
import {
  addressed,
  type NoticeWords,
  noticeWords,
  pauseReasonName,
} from '../../../content/words/notices.ts'
import type { Agreement, Locale } from '../../../domain/agreement.ts'
import { clockTerms } from '../../../domain/clocks.ts'
import { snooze } from '../../../domain/deadlines.ts'
import { type DeadlineKind, deadlineOf, type Handoff } from '../../../domain/handoff.ts'
import type { Notice } from '../../../domain/notice.ts'
import type { Person } from '../../../domain/person.ts'
import {
  actions,
  button,
  context,
  type Message,
  message,
  mrkdwn,
  plainSection,
  section,
} from '../blocks.ts'
import { asMrkdwn, link, mention } from '../text.ts'
import { factsOfReturn, leadTitle } from './card-facts.ts'
import { buildCorrection } from './correction.ts'

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
    case 'reminder':
      return reminder(notice, view, words)
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
    case 'paused':
      return paused(notice, view, words)
    case 'resumed':
      return message(addressed(mentions([notice.to], view), words.resumed))
    case 'reassigned':
      return reassigned(notice, view, words)
    case 'returned':
      return returned(notice, view, words)
    case 'return-acknowledged':
      return message(acknowledged(notice, view, words))
    case 'attempt':
      return attempt(notice, view, words)
    case 'attempt-corrected':
      return buildCorrection(notice, view, standIn(notice.by, view))
  }
}

/** The ids of the people that a notice speaks of. */
export function peopleIn(notice: Notice): string[] {
  const ids = ((): (string | null)[] => {
    switch (notice.type) {
      case 'reminder':
      case 'missed':
      case 'resumed':
        return [notice.to]
      case 'reassigned':
        return [notice.from, notice.to]
      case 'escalated':
        return notice.to
      case 'escalated-to-channel':
        return []
      case 'returned':
        return [notice.by, notice.to]
      case 'attempt':
      case 'attempt-corrected':
      case 'paused':
      case 'return-acknowledged':
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

/** Whoever is reminded may put the next reminder off, as long as that is possible. */
function reminder(
  { deadline, fraction, to }: Of<'reminder'>,
  view: NoticeView,
  words: NoticeWords,
): Message {
  const line = addressed(
    mentions([to], view),
    words.reminder(deadline.kind, fraction, when(deadline, view)),
  )
  if (to === null || !canBePutOff(deadline.kind, view)) return message(line)
  const value = `${deadline.kind}:${view.handoff.id}`
  return message(line, [
    section(line),
    ...actions([button('handoff.snooze', words.remindLater, value)]),
  ])
}

function canBePutOff(kind: DeadlineKind, { handoff, agreement, now }: NoticeView): boolean {
  const deadline = deadlineOf(handoff, kind)
  const terms = clockTerms(agreement, handoff, kind)
  return deadline !== undefined && terms !== undefined && snooze(deadline, now, terms) !== null
}

/** The owner is told where somebody else stopped the clocks. */
function paused(
  { by, reason, until }: Of<'paused'>,
  view: NoticeView,
  words: NoticeWords,
): Message {
  const { agreement, handoff, locale } = view
  const { owner } = handoff
  const line = words.paused(
    by === null || by === owner?.id ? null : nameOf(by, view),
    asMrkdwn(pauseReasonName(agreement, reason, locale), spoken),
    when({ dueAt: until }, view),
  )
  return message(addressed(owner === null || owner.id === by ? [] : [mention(owner)], line))
}

/** The new owner is told, and the one who had it before: neither of them has done it. */
function reassigned(
  { deadline, from, to }: Of<'reassigned'>,
  view: NoticeView,
  words: NoticeWords,
): Message {
  const [before = null] = mentions([from], view)
  const line = words.reassigned(deadline.kind, when(deadline, view), before)
  return message(addressed(mentions([to], view), line))
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
  return message([line, ...told].join('. '), [
    section(line),
    ...facts.map(plainSection),
    ...actions(
      awaitsAnswer(view.handoff)
        ? [button('return.acknowledge', words.acknowledge, view.handoff.id)]
        : [],
    ),
  ])
}

/** Marketing has not said yet that it takes the lead back. */
const awaitsAnswer = (handoff: Handoff): boolean =>
  handoff.status === 'returned' && deadlineOf(handoff, 'return-answer')?.metAt === null

/** Whoever returned the lead is told that marketing knows. */
function acknowledged(
  { by }: Of<'return-acknowledged'>,
  view: NoticeView,
  words: NoticeWords,
): string {
  const returner = view.handoff.returned?.by
  const to = returner === undefined || returner.id === by ? [] : [mention(returner)]
  return addressed(to, words.acknowledged(nameOf(by, view)))
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

/** The name of whoever did it in place of the owner. */
const standIn = (by: string | null, view: NoticeView): string | null =>
  by === null || by === view.handoff.owner?.id ? null : nameOf(by, view)

function attemptLine(notice: Of<'attempt'>, view: NoticeView, words: NoticeWords): string {
  const { locale } = view
  const made = words.made(
    asMrkdwn(attemptChannelName(notice.channel, locale), spoken),
    asMrkdwn(attemptOutcomeName(notice.outcome, locale), spoken),
    standIn(notice.by, view),
  )
  if (notice.verdict.clause !== 'counted') {
    return words.notCounted(made, asMrkdwn(attemptWhy(notice.verdict, locale), spoken))
  }
  const say = notice.connected ? words.connected : words.counted
  return say(notice.counted, notice.of, made)
}
