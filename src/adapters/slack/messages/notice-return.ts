import type { Button } from '@slack/types'
import { cardWords } from '../../../content/words/card.ts'
import { addressed, noticeWords } from '../../../content/words/notices.ts'
import type { Side } from '../../../domain/agreement.ts'
import { deadlineOf } from '../../../domain/handoff.ts'
import { about, actions, button, type Message, message, plainSection, section } from '../blocks.ts'
import { asMrkdwn, cut, mention } from '../text.ts'
import { leadTitle } from './card-facts.ts'
import { factsOfReturn } from './card-return.ts'
import { longest } from './card-telling.ts'
import { mentions, type NoticeView, nameOf, type Of, spoken, when } from './notice-telling.ts'
import {
  awaitsAnswer,
  awaitsRuling,
  mayBeContested,
  mayBeHandedOverAgain,
} from './return-standing.ts'

/** What is told of a return, and of what marketing and the managers make of it. */

/** Marketing is asked for its answer, as long as it owes one. */
export function returned(notice: Of<'returned'>, view: NoticeView): Message {
  const { agreement, handoff, locale, now } = view
  const words = noticeWords[locale]
  const to = notice.to === notice.by ? [] : mentions([notice.to], view)
  const unresponsive = notice.status === agreement.lead_statuses.unresponsive
  const say = unresponsive ? words.unresponsive : words.returned
  const line = [...to, say(asMrkdwn(notice.status, spoken), nameOf(notice.by, view))].join(': ')
  const answers = [
    button('return.acknowledge', words.acknowledge, handoff.id),
    button('return.again', cardWords[locale].handOverAgain, handoff.id),
    ...(mayBeContested(handoff, now) ? [button('return.contest', words.contest, handoff.id)] : []),
  ]
  return withFacts(
    line,
    factsOfReturn(notice, notice.status, view),
    awaitsAnswer(handoff) ? aboutLead(answers, view) : [],
  )
}

/** Whoever returned the lead is told that marketing knows. */
export function acknowledged({ by }: Of<'return-acknowledged'>, view: NoticeView): Message {
  const returner = view.handoff.returned?.by
  const to = returner === undefined || returner.id === by ? [] : [mention(returner)]
  return message(addressed(to, noticeWords[view.locale].acknowledged(nameOf(by, view)), ': '))
}

/** The managers are asked to rule, as long as they have not. */
export function contested({ by, why, to }: Of<'return-contested'>, view: NoticeView): Message {
  const { handoff, locale } = view
  const words = noticeWords[locale]
  const clock = deadlineOf(handoff, 'ruling')
  const line = addressed(
    mentions(
      to.filter((id) => id !== by),
      view,
    ),
    words.contested(nameOf(by, view), clock === undefined ? null : when(clock, view)),
    ': ',
  )
  const rulings = [
    button('return.uphold', words.uphold, handoff.id),
    button('return.overturn', words.overturn, handoff.id),
    button('return.clarify', words.clarify, handoff.id),
  ]
  return withFacts(
    line,
    [words.quoted(quotable(why))],
    awaitsRuling(handoff) ? aboutLead(rulings, view) : [],
  )
}

const otherSide: Record<Side, Side> = { sales: 'marketing', marketing: 'sales' }

/** How a manager rules, and what that comes to. */
export function ruling(notice: Of<'ruling'>, view: NoticeView): Message {
  const words = noticeWords[view.locale]
  const own = words.ruling(notice.side, notice.ruling, nameOf(notice.by, view))
  const line = {
    awaited: `${own} ${words.awaited[otherSide[notice.side]]}`,
    disagreed: `${own} ${words.disagreed}`,
    ruled: words.ruled[notice.ruling],
  }[notice.outcome]
  const to = notice.to.filter((id) => id !== notice.by)
  const said = notice.words === null ? [] : [words.quoted(quotable(notice.words))]
  return withFacts(addressed(mentions(to, view), line), said)
}

/** Marketing is told that the lead is ready, unless whoever is told has said so. */
export function ready({ by, to }: Of<'ready'>, view: NoticeView): Message {
  const { handoff, locale } = view
  const words = noticeWords[locale]
  const line = addressed(
    to === by ? [] : mentions([to], view),
    by === null ? words.dayHasCome : words.ready(nameOf(by, view)),
    by === null ? ', ' : ': ',
  )
  if (!mayBeHandedOverAgain(handoff)) return message(line)
  const again = button('return.again', cardWords[locale].handOverAgain, handoff.id)
  return withFacts(line, [], aboutLead([again], view))
}

/** Quietly: whom the next round concerns has its card. */
export function handedOverAgain({ by }: Of<'handed-over-again'>, view: NoticeView): Message {
  const words = noticeWords[view.locale]
  const contest = view.handoff.returned?.contest
  const withdrawn = contest !== null && contest !== undefined && contest.ruling === null
  const line = addressed([], words.handedOverAgain(nameOf(by, view)))
  return message([line, ...(withdrawn ? [words.contestWithdrawn] : [])].join(' '))
}

const aboutLead = (buttons: readonly Button[], { handoff }: NoticeView): Button[] =>
  buttons.map((one) => about(one, leadTitle(handoff)))

/** What people wrote, with room for the quotation marks. */
const quotable = (text: string): string => cut(text, longest.reason)

/** A line of ours; under it what others wrote, in plain text objects, and what can be done. */
function withFacts(
  line: string,
  facts: readonly string[],
  buttons: Parameters<typeof actions>[0] = [],
): Message {
  if (facts.length === 0 && buttons.length === 0) return message(line)
  const told = facts.map((fact) => asMrkdwn(fact, spoken))
  return message([line, ...told].join(/[.!?]$/.test(line) ? ' ' : '. '), [
    section(line),
    ...facts.map(plainSection),
    ...actions(buttons),
  ])
}
