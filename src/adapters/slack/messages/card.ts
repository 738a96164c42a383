import type { MessageMetadata } from '@slack/types'
import { cardWords, type MenuEntry } from '../../../content/words/card.ts'
import { erasedCardWords } from '../../../content/words/erasure.ts'
import { sayInstant } from '../../../content/words/format.ts'
import { standstillOf } from '../../../domain/deadlines.ts'
import { pausableNow } from '../../../domain/decide/pause.ts'
import { type Handoff, isBack, pressingDeadline } from '../../../domain/handoff.ts'
import {
  about,
  actions,
  button,
  context,
  fields,
  header,
  labelsOf,
  type Message,
  message,
  option,
  overflow,
  plain,
  plainSection,
  section,
} from '../blocks.ts'
import { asMrkdwn } from '../text.ts'
import {
  companyFacts,
  contactFacts,
  crmLink,
  dealFacts,
  judgedFacts,
  leadTitle,
  newsFacts,
  originFacts,
  whyFacts,
} from './card-facts.ts'
import { returnFacts, roundFacts } from './card-return.ts'
import { stateLines } from './card-state.ts'
import {
  type CardView,
  isTold,
  isWorkedOn,
  longest,
  type StateLine,
  sentences,
  type Telling,
} from './card-telling.ts'
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
  const buttons = cardButtons(telling)
  const { blocks = [], text } = message(spokenCard(telling, state, buttons), [
    header(title(telling, longest.name)),
    ...inOrder(telling, {
      why: [...whyFacts(telling), ...newsFacts(telling)].map(plainSection),
      state: [section(state.map(drawn).join('\n')), ...saidTo(telling).map(plainSection)],
    }),
    ...companyFacts(telling).map(plainSection),
    ...fields(contactFacts(telling)),
    ...judgedFacts(telling).flatMap((fact) => context([plain(fact)])),
    ...context([...originFacts(telling).map((fact) => plain(fact)), ...crmLink(telling)]),
    ...actions(buttons),
  ])
  return { text, blocks, metadata: metadataOf(handoff, view.key) }
}

/** The card as one text: in the order in which it is drawn, and with what can be done last. */
function spokenCard(
  telling: Telling,
  state: readonly StateLine[],
  buttons: ReturnType<typeof cardButtons>,
): string {
  const { words } = telling
  const labels = labelsOf(buttons)
  const heard = (facts: readonly string[]): string[] =>
    facts.map((fact) => asMrkdwn(fact, longest.spoken))
  return sentences([
    ...heard([title(telling, longest.name)]),
    ...inOrder(telling, {
      why: heard([...whyFacts(telling, longest.heard), ...newsFacts(telling)]),
      state: [
        ...state.map(({ strong, rest }) => [strong, rest].filter(isTold).join(' ')),
        ...heard(saidTo(telling)),
      ],
    }),
    ...heard([
      ...companyFacts(telling),
      ...contactFacts(telling),
      ...judgedFacts(telling),
      originFacts(telling).join(' · '),
    ]),
    ...(labels.length === 0 ? [] : [words.buttons(labels)]),
  ])
}

/**
 * Whoever is to work on a lead reads first why it is here, and then what is due. Where it is back,
 * or there is a deal, what became of it goes first.
 */
const inOrder = <Part>(
  { handoff }: Telling,
  { why, state }: Record<'why' | 'state', Part[]>,
): Part[] => (isWorkedOn(handoff) ? [...why, ...state] : [...state, ...why])

/** What was said to where the lead stands: in this round, and in the one before. */
const saidTo = (telling: Telling): string[] => [
  ...roundFacts(telling),
  ...returnFacts(telling),
  ...dealFacts(telling),
]

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

const title = ({ handoff, words }: Telling, max: number): string =>
  words.title(handoff.priority, leadTitle(handoff, max))

/** The buttons that are possible now, and the menu of what else is. */
export function cardButtons(telling: Telling) {
  const { handoff, words } = telling
  const who = leadTitle(handoff)
  return [
    ...visible(telling).map((one) => about(one, who)),
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
      return [
        button('handoff.attempt', words.logAttempt, id, 'primary'),
        button('handoff.outcome', words.outcome, id),
        button('handoff.return', words.return, id),
      ]
    case 'connected':
      return [
        button('handoff.outcome', words.outcome, id, 'primary'),
        button('handoff.attempt', words.logAttempt, id),
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
