import type { MessageMetadata } from '@slack/types'
import { cardWords, type MenuEntry } from '../../../content/words/card.ts'
import { erasedCardWords } from '../../../content/words/erasure.ts'
import { sayInstant } from '../../../content/words/format.ts'
import { standstillOf } from '../../../domain/deadlines.ts'
import { pausableNow } from '../../../domain/decide/pause.ts'
import { type Handoff, isBack, pressingDeadline } from '../../../domain/handoff.ts'
import {
  actions,
  button,
  context,
  fields,
  header,
  type Message,
  message,
  option,
  overflow,
  plain,
  plainSection,
  section,
} from '../blocks.ts'
import { asMrkdwn, cut } from '../text.ts'
import {
  companyFacts,
  contactFacts,
  crmLink,
  dealFacts,
  fitFacts,
  leadTitle,
  newsFacts,
  originFacts,
  personaFacts,
  scoreFacts,
  spokenFacts,
} from './card-facts.ts'
import { returnFacts, roundFacts } from './card-return.ts'
import { stateLines } from './card-state.ts'
import { type CardView, isTold, longest, type StateLine, type Telling } from './card-telling.ts'
import { mayBeContested, mayBeHandedOverAgain } from './return-standing.ts'

export type Card = Required<Message> & { metadata: MessageMetadata }

/**
 * The card of a handoff in its present state: who, what is due, why, and the buttons that are
 * possible now. What others wrote stands in plain text objects, where Slack formats nothing.
 */
export function buildHandoffCard(handoff: Handoff, view: CardView): Card {
  const { erasedAt } = handoff.lead
  if (erasedAt !== undefined) return erasedCard(handoff, erasedAt, view)
  const telling: Telling = { handoff, view, words: cardWords[view.locale] }
  const state = stateLines(telling)
  const text = [
    asMrkdwn(title(telling, longest.name), longest.spoken),
    ...state.map(({ strong, rest }) => [strong, rest].filter(isTold).join(' ')),
    ...spokenFacts(telling).map((fact) => asMrkdwn(fact, longest.spoken)),
  ]
  const { blocks = [], text: told } = message(sentences(text), [
    header(title(telling, longest.name)),
    section(state.map(drawn).join('\n')),
    ...roundFacts(telling).map(plainSection),
    ...returnFacts(telling).map(plainSection),
    ...dealFacts(telling).map(plainSection),
    ...companyFacts(telling).map(plainSection),
    ...fields(contactFacts(telling)),
    plainSection(telling.words.why(cut(handoff.reason, longest.reason))),
    ...newsFacts(telling).map(plainSection),
    ...scoreFacts(telling).map(plainSection),
    ...fitFacts(telling).map(plainSection),
    ...personaFacts(telling).map(plainSection),
    ...context([...originFacts(telling).map((fact) => plain(fact)), ...crmLink(telling)]),
    ...actions(cardButtons(telling)),
  ])
  return { text: told, blocks, metadata: metadataOf(handoff, view.key) }
}

/** Nothing is left to tell, and nothing to do. */
function erasedCard(handoff: Handoff, at: Date, view: CardView): Card {
  const { title, text } = erasedCardWords[view.locale]
  const said = text(sayInstant(at, { ...view, near: view.now }))
  const { blocks = [], text: told } = message(said, [header(title), section(said)])
  return { text: told, blocks, metadata: metadataOf(handoff, view.key) }
}

const metadataOf = (handoff: Handoff, key: string | undefined): MessageMetadata => ({
  event_type: 'baton_handoff',
  event_payload: {
    handoff: handoff.id,
    version: handoff.version,
    ...(key === undefined ? {} : { key }),
  },
})

const drawn = ({ strong, rest }: StateLine): string =>
  [strong === undefined ? undefined : `*${strong}*`, rest].filter(isTold).join(' ')

/** Parts of a text for reading aloud, each closed by a full stop. */
const sentences = (parts: readonly string[]): string =>
  parts.map((part) => (/[.!?…”»]$/.test(part) ? part : `${part}.`)).join(' ')

const title = ({ handoff, words }: Telling, max: number): string =>
  words.title(handoff.priority, leadTitle(handoff, max))

/** The buttons that are possible now, and the menu of what else is. */
export function cardButtons(telling: Telling) {
  const { handoff, words } = telling
  return [
    ...visible(telling),
    ...overflow(
      'handoff.more',
      menu(telling).map((entry) => option(`${entry}:${handoff.id}`, words.more[entry])),
    ),
  ]
}

/** What is possible now and done most. */
function visible({ handoff, words }: Telling) {
  const { id } = handoff
  switch (handoff.status) {
    case 'offered':
      return [
        button('handoff.accept', words.accept, id, 'primary'),
        button('handoff.return', words.return, id),
      ]
    case 'accepted':
    case 'connected':
      return [
        button('handoff.attempt', words.logAttempt, id, 'primary'),
        button('handoff.outcome', words.outcome, id),
        button('handoff.return', words.return, id),
      ]
    case 'qualified':
    case 'closed':
      return [button('handoff.outcome', words.outcome, id)]
    case 'returned':
    case 'unresponsive':
      return mayBeHandedOverAgain(handoff) ? [button('return.again', words.handOverAgain, id)] : []
  }
}

/** What else is possible now: at most five things, since Slack shows no more. */
function menu(telling: Telling): MenuEntry[] {
  const { handoff } = telling
  const whyDue = pressingDeadline(handoff) === undefined ? [] : (['why_due'] as const)
  if (isBack(handoff.status)) return [...whyDue, ...menuOfReturn(telling), 'history']
  switch (handoff.status) {
    case 'closed':
      return ['history']
    case 'qualified':
      return ['owner', 'history']
    default:
      return [...whyDue, ...menuOfWork(telling), 'owner', 'history']
  }
}

function menuOfReturn({ handoff, view }: Telling): MenuEntry[] {
  const { returned } = handoff
  if (returned === null || !mayBeHandedOverAgain(handoff)) return []
  return [
    ...(returned.readySince === null ? (['ready'] as const) : []),
    ...(mayBeContested(handoff, view.now) ? (['contest'] as const) : []),
  ]
}

function menuOfWork({ handoff, view }: Telling): MenuEntry[] {
  const paused = standstillOf(handoff) !== undefined
  const pausable = handoff.status !== 'offered' && 'running' in pausableNow(handoff, view.agreement)
  return [
    ...(pausable ? (['pause'] as const) : []),
    ...(paused ? (['resume'] as const) : []),
    ...(handoff.attempts.length === 0 ? [] : (['correct'] as const)),
  ]
}
