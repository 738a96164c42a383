import type { MessageMetadata } from '@slack/types'
import { testHandoffWords } from '../../../../content/words/test-handoff.ts'
import type { Person } from '../../../../domain/person.ts'
import { handoffOf, type TestHandoff } from '../../../../domain/test-handoff.ts'
import { actions, button, context, header, type Message, mrkdwn, section } from '../../blocks.ts'
import { buildHandoffCard } from '../../messages/card.ts'
import type { CardView } from '../../messages/card-telling.ts'
import { asMrkdwn } from '../../text.ts'

export const testActions = { accept: 'test.accept', return: 'test.return' } as const

export type TestMessage = Required<Message> & { metadata: MessageMetadata }

/**
 * The card of a test: as that of a real handoff, under a title that says what it is, and with its own
 * two buttons. `by` is who answered it.
 */
export function buildTestCard(test: TestHandoff, by: Person | null, view: CardView): TestMessage {
  const words = testHandoffWords[view.locale]
  const { lead, buttons } = words
  const { answer, id } = test
  const title = words.title(lead.name)
  const said = answer === null ? words.howTo : words.answered[answer.kind](nameOf(by))
  // a real one that was given back tells of reasons, which a test has none of
  const middle = answer?.kind === 'returned' ? [] : middleOf(test, by, view)
  const blocks = [
    header(title),
    ...middle,
    section(said),
    ...(answer === null
      ? actions([
          button(testActions.accept, buttons.accept, id, 'primary'),
          button(testActions.return, buttons.return, id),
        ])
      : []),
    ...context([mrkdwn(words.small)]),
  ]
  const metadata = { event_type: 'baton_test', event_payload: { key: id } }
  const lines = middle.flatMap((block) =>
    block.type === 'section' ? (block.text?.text ?? []) : [],
  )
  return { text: [`${title}.`, ...lines, said, words.small].join(' '), blocks, metadata }
}

const nameOf = (by: Person | null): string =>
  by?.slackId ? `<@${by.slackId}>` : asMrkdwn(by?.name ?? '–', 100)

/** The real card without its title and its buttons. */
function middleOf(test: TestHandoff, by: Person | null, view: CardView) {
  const handoff = handoffOf(test, testHandoffWords[view.locale].lead, by, view.agreement)
  const { blocks } = buildHandoffCard(handoff, view)
  return blocks.filter(({ type }) => type !== 'header' && type !== 'actions')
}
