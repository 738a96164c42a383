import {
  attemptChannelName,
  attemptOutcomeName,
  attemptWhy,
} from '../../../content/words/attempts.ts'
import { cardWords } from '../../../content/words/card.ts'
import {
  addressed,
  dealStageName,
  lostReasonName,
  type NoticeWords,
  noticeWords,
  pauseReasonName,
} from '../../../content/words/notices.ts'
import { clockTerms } from '../../../domain/clocks.ts'
import { snooze, standstillOf } from '../../../domain/deadlines.ts'
import { type DeadlineKind, deadlineOf } from '../../../domain/handoff.ts'
import type { Notice } from '../../../domain/notice.ts'
import {
  about,
  actions,
  button,
  context,
  labelsOf,
  type Message,
  message,
  mrkdwn,
  plainSection,
  section,
} from '../blocks.ts'
import { asMrkdwn, link, mention } from '../text.ts'
import { leadTitle } from './card-facts.ts'
import { sentences } from './card-telling.ts'
import { buildCorrection } from './correction.ts'
import {
  acknowledged,
  contested,
  handedOverAgain,
  ready,
  returned,
  ruling,
} from './notice-return.ts'
import {
  mentions,
  type NoticeView,
  nameOf,
  type Of,
  spoken,
  standIn,
  when,
} from './notice-telling.ts'

/** News are told in the line itself; so much of them fits beside our words. */
const longestNews = 2_000

/**
 * A notice in one short line, or two. Everyone in it is mentioned but those who did it. In its
 * thread it need not say which lead it is about; a notification does.
 */
export function buildNotice(notice: Notice, view: NoticeView): Required<Message> {
  const { text, blocks = [section(text)] } = toldOf(notice, view)
  const labels = blocks.flatMap((one) => (one.type === 'actions' ? labelsOf(one.elements) : []))
  const told = `${asMrkdwn(leadTitle(view.handoff), spoken)}: ${text}`
  const said =
    labels.length === 0 ? told : sentences([told, cardWords[view.locale].buttons(labels)])
  return { blocks, text: message(said).text }
}

function toldOf(notice: Notice, view: NoticeView): Message {
  const words = noticeWords[view.locale]
  switch (notice.type) {
    case 'reminder':
      return reminder(notice, view, words)
    case 'missed':
    case 'escalated': {
      const { deadline, to } = notice
      const sentence = andOffDuty(words.missed(deadline.kind, when(deadline, view)), notice, view)
      return message(
        addressed(mentions(typeof to === 'string' ? [to] : (to ?? []), view), sentence),
      )
    }
    case 'escalated-to-channel':
      return escalatedToChannel(notice, view, words)
    case 'news':
      return news(notice, view, words)
    case 'paused':
      return paused(notice, view, words)
    case 'resumed':
      return message(addressed(mentions([notice.to], view), words.resumed))
    case 'reassigned':
      return reassigned(notice, view, words)
    case 'returned':
      return returned(notice, view)
    case 'return-acknowledged':
      return acknowledged(notice, view)
    case 'return-contested':
      return contested(notice, view)
    case 'ruling':
      return ruling(notice, view)
    case 'ready':
      return ready(notice, view)
    case 'handed-over-again':
      return handedOverAgain(notice, view)
    case 'deal':
      return deal(notice, view, words)
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
      case 'resumed':
        return [notice.to]
      case 'missed':
        return [notice.to, notice.offDuty ?? null]
      case 'reassigned':
        return [notice.by, notice.from, notice.to, notice.offDuty ?? null]
      case 'escalated':
        return [...notice.to, notice.offDuty ?? null]
      case 'escalated-to-channel':
        return []
      case 'returned':
        return [notice.by, notice.to]
      case 'attempt':
      case 'attempt-corrected':
      case 'paused':
      case 'return-acknowledged':
      case 'handed-over-again':
      case 'deal':
        return [notice.by]
      case 'return-contested':
      case 'ruling':
        return [notice.by, ...notice.to]
      case 'ready':
      case 'news':
        return [notice.by, notice.to]
    }
  })()
  return [...new Set(ids.filter((id) => id !== null))]
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
    ...actions([
      about(button('handoff.snooze', words.remindLater, value), leadTitle(view.handoff)),
    ]),
  ])
}

function canBePutOff(kind: DeadlineKind, { handoff, agreement, now }: NoticeView): boolean {
  const deadline = deadlineOf(handoff, kind)
  const terms = clockTerms(agreement, handoff, kind)
  return deadline !== undefined && terms !== undefined && snooze(deadline, now, terms) !== null
}

/** The owner is told what marketing learnt since; nobody is called where nobody has the lead. */
function news({ by, to, reason, hot }: Of<'news'>, view: NoticeView, words: NoticeWords): Message {
  const line = addressed(
    mentions([to], view),
    words.news(nameOf(by, view), asMrkdwn(reason, longestNews)),
    ': ',
  )
  return message(hot ? `${line} ${words.hotNow}` : line)
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
    standIn(by, view),
    asMrkdwn(pauseReasonName(agreement, reason, locale), spoken),
    when({ dueAt: until }, view),
  )
  return message(addressed(owner === null || owner.id === by ? [] : [mention(owner)], line))
}

/** Whoever has the lead now is told, and whoever had it, unless they did it themselves. */
function reassigned(notice: Of<'reassigned'>, view: NoticeView, words: NoticeWords): Message {
  const { by, from, to, deadline } = notice
  const tell = (ids: (string | null)[], sentence: string): Message =>
    message(addressed(mentions(ids, view), sentence, by === null ? ', ' : ': '))
  const before = from === by ? null : from
  const [called = null] = mentions([before], view)
  if (to === null) return tell([before], words.givenBack(nameOf(by, view)))
  if (by === to) return tell([before], words.takenOver(nameOf(by, view), called !== null))
  return tell(
    [to],
    by === null && deadline !== null
      ? andOffDuty(words.reassigned(deadline.kind, when(deadline, view), called), notice, view)
      : words.passedOn(nameOf(by, view), called),
  )
}

/** A breach, and whom it took off duty. */
function andOffDuty(sentence: string, { offDuty }: { offDuty?: string }, view: NoticeView): string {
  const [who] = offDuty === undefined ? [] : mentions([offDuty], view)
  return who === undefined ? sentence : `${sentence} ${noticeWords[view.locale].offDuty(who)}`
}

/** Quietly: marketing reads in the thread what became of the lead, and nobody is called. */
function deal(
  { by, stage, lostReason, note }: Of<'deal'>,
  view: NoticeView,
  words: NoticeWords,
): Message {
  const { agreement, handoff, locale } = view
  const standstill = standstillOf(handoff)
  const line = words.deal(
    asMrkdwn(dealStageName(agreement, stage, locale), spoken),
    lostReason && asMrkdwn(lostReasonName(agreement, lostReason, locale), spoken),
    standIn(by, view),
  )
  const pausedFor = standstill?.reason === stage ? standstill : undefined
  const lines = [
    addressed([], line),
    ...(pausedFor === undefined ? [] : [words.goesOn(when({ dueAt: pausedFor.until }, view))]),
  ]
  return withNote(lines.join(' '), note, view)
}

function escalatedToChannel(
  { deadline }: Of<'escalated-to-channel'>,
  view: NoticeView,
  words: NoticeWords,
): Message {
  const lead = leadTitle(view.handoff)
  const line = addressed([], words.missed(deadline.kind, when(deadline, view)))
  const opened = view.cardUrl === undefined ? undefined : link(view.cardUrl, words.openCard)
  return message(line, [
    plainSection(lead),
    section(line),
    ...context(opened === undefined ? [] : [mrkdwn(opened)]),
  ])
}

function attempt(notice: Of<'attempt'>, view: NoticeView, words: NoticeWords): Message {
  const lines = [
    addressed([], attemptLine(notice, view, words)),
    ...(notice.finished ? [words.finished(notice.of)] : []),
  ]
  return withNote(lines.join(' '), notice.note, view)
}

/** A line of ours, and under it what somebody noted. */
function withNote(line: string, note: string | null, { locale }: NoticeView): Message {
  if (note === null) return message(line)
  const shown = cardWords[locale].note(note)
  return message(`${line} ${asMrkdwn(shown, spoken)}`, [section(line), plainSection(shown)])
}

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
