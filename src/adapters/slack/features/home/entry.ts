import type { Button, KnownBlock, Overflow } from '@slack/types'
import { cardWords } from '../../../../content/words/card.ts'
import { sayInstant } from '../../../../content/words/format.ts'
import { noticeWords } from '../../../../content/words/notices.ts'
import type { Locale } from '../../../../domain/agreement.ts'
import { leadTypeOf } from '../../../../domain/clocks.ts'
import { pressingDeadline } from '../../../../domain/handoff.ts'
import type { HomeList } from '../../../../domain/home.ts'
import { personOf } from '../../../../domain/person.ts'
import type { HomeContents } from '../../../../use-cases/ports/home.ts'
import { about, actions, button, section } from '../../blocks.ts'
import { cardButtons } from '../../messages/card.ts'
import { leadTitle } from '../../messages/card-facts.ts'
import { factsOfReturn } from '../../messages/card-return.ts'
import { pausedLines } from '../../messages/card-state.ts'
import type { Telling } from '../../messages/card-telling.ts'
import { mayBeContested } from '../../messages/return-standing.ts'
import { asMrkdwn, cut, link, mention } from '../../text.ts'
import { mayRule } from '../return-answer/returns-message.ts'

/** A lead in a few lines of a home. */

/** How a home is told: to whom, and in which language and zone. */
export interface HomeView {
  contents: HomeContents
  locale: Locale
  zone: string
}

type Entry = HomeContents['lists'][number]['entries'][number]

const mostTitle = 80
const mostFact = 200

/** Who it is, what is due and why it is here, with the buttons of its card. */
export function entryBlocks(list: HomeList, entry: Entry, view: HomeView): KnownBlock[] {
  const telling = tellingOf(entry, view)
  const { handoff, words } = telling
  const title = words.title(handoff.priority, leadTitle(handoff, mostTitle))
  const linked = entry.cardUrl === undefined ? undefined : link(entry.cardUrl, title)
  const lines = [
    `*${linked ?? asMrkdwn(title, 3 * mostTitle)}*`,
    ...standing(telling),
    ...saidOf[list](telling).map((line) => asMrkdwn(line, mostFact)),
    ...(list === 'late' && handoff.owner !== null ? [words.owner(mention(handoff.owner))] : []),
  ]
  const told = section(lines.join('\n'))
  const buttons = buttonsOf[list](telling, view).map((one) =>
    one.type === 'button' ? about(one, leadTitle(handoff)) : one,
  )
  const [only, ...others] = buttons
  return only !== undefined && others.length === 0
    ? [{ ...told, accessory: only }]
    : [told, ...actions(buttons)]
}

function tellingOf({ handoff, agreement }: Entry, { contents, locale, zone }: HomeView): Telling {
  const { now } = contents
  const type = leadTypeOf(agreement, handoff.leadType)
  const leadTypeName = type?.name[locale] ?? handoff.leadType
  return {
    handoff,
    words: cardWords[locale],
    view: { agreement, locale, zone, now, leadTypeName, dates: 'slack' },
  }
}

/** What presses, late or not; or why nothing does. */
function standing(telling: Telling): string[] {
  const { handoff, view, words } = telling
  const deadline = pressingDeadline(handoff)
  if (deadline === undefined) {
    return pausedLines(telling).map(({ strong, rest }) => [strong, rest].join(' '))
  }
  const { by, late } = words.due[deadline.kind]
  const when = sayInstant(deadline.dueAt, { ...view, near: view.now })
  return [`*${(deadline.dueAt < view.now ? late : by)(when)}*`]
}

const why = ({ handoff, words }: Telling): string[] => [
  words.why(cut(handoff.reason, mostFact - 20)),
]

function returnSaid({ handoff, view }: Telling): string[] {
  const { returned, leadStatus } = handoff
  return returned === null ? [] : [leadStatus, ...factsOfReturn(returned, leadStatus, view)]
}

/** What is told of a lead beside its deadline. */
const saidOf: Record<HomeList, (telling: Telling) => string[]> = {
  offered: why,
  working: why,
  late: why,
  toAnswer: returnSaid,
  ready: returnSaid,
  rulings: ({ handoff, words }) =>
    handoff.returned?.contest ? [words.contestedWhy(handoff.returned.contest.why)] : [],
}

type Buttons = (telling: Telling, view: HomeView) => (Button | Overflow)[]

const noButtons = new Set([
  'handoff.accept',
  'handoff.return',
  'handoff.attempt',
  'handoff.outcome',
])

/** What the reader may do now, by the ids that the cards have. */
const buttonsOf: Record<HomeList, Buttons> = {
  offered: cardButtons,
  working: cardButtons,
  // It is somebody else's: whoever manages looks why, and at who has it.
  late: (telling) =>
    cardButtons(telling).filter(({ action_id: id }) => id === undefined || !noButtons.has(id)),
  toAnswer: ({ handoff, view, words }) => {
    const { acknowledge, contest } = noticeWords[view.locale]
    return [
      button('return.acknowledge', acknowledge, handoff.id, 'primary'),
      button('return.again', words.handOverAgain, handoff.id),
      ...(mayBeContested(handoff, view.now) ? [button('return.contest', contest, handoff.id)] : []),
    ]
  },
  ready: ({ handoff, words }) => [
    button('return.again', words.handOverAgain, handoff.id, 'primary'),
  ],
  rulings: ({ handoff, view }, { contents: { member, viewer } }) => {
    const { uphold, overturn, clarify } = noticeWords[view.locale]
    if (!mayRule({ person: personOf(member), role: viewer.role }, handoff)) return []
    return [
      button('return.uphold', uphold, handoff.id),
      button('return.overturn', overturn, handoff.id),
      button('return.clarify', clarify, handoff.id),
    ]
  },
}
