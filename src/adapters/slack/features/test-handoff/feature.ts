import { testHandoffWords } from '../../../../content/words/test-handoff.ts'
import type { Locale } from '../../../../domain/agreement.ts'
import type { TestAnswer } from '../../../../domain/test-handoff.ts'
import { answerTest, type SendTestResult, sendTest } from '../../../../use-cases/test-handoff.ts'
import { message } from '../../blocks.ts'
import type { Asker, Click } from '../../payloads.ts'
import { asMrkdwn } from '../../text.ts'
import { type Desk, done, type Feature, memberOf, type Reply, soon, tell } from '../feature.ts'
import { channelText } from '../first-run/message.ts'
import { testActions } from './message.ts'

/** Sends a handoff to try Baton with; Slack does not wait for all of it. */
export async function sendTestHandoff(asker: Asker, desk: Desk): Promise<Reply> {
  const { world, workspaceId, log } = desk
  const by = await memberOf(asker, desk)
  const sending = sendTest(world, workspaceId, by)
  const result = await soon(sending)
  if (result !== undefined) return tell(message(sentence(result, by.locale)))
  sending.catch((error: unknown) => log.warn({ err: error }, 'a test handoff could not be sent'))
  return tell(message(testHandoffWords[by.locale].onItsWay))
}

function sentence(result: SendTestResult, locale: Locale): string {
  const words = testHandoffWords[locale]
  switch (result.kind) {
    case 'sent':
      return words.sent(channelText(result.channel))
    case 'may-not':
      return words.mayNot
    case 'one-is-there':
      return words.oneIsThere
    case 'not-taken':
      return words.notTaken(channelText(result.channel), asMrkdwn(result.error, 300))
  }
}

const answer =
  (kind: TestAnswer) =>
  async ({ asker, value: id }: Click, desk: Desk): Promise<Reply> => {
    const { world, workspaceId, log } = desk
    const by = await memberOf(asker, desk)
    const words = testHandoffWords[by.locale]
    const answering = answerTest(world, { workspaceId, id, by, kind })
    const result = await soon(answering)
    switch (result?.kind) {
      case undefined:
        answering.catch((error: unknown) => log.warn({ err: error }, 'no answer to a test handoff'))
        return done
      case 'answered':
        return done
      case 'outsider':
        return tell(message(words.outsider))
      case 'gone':
        return tell(message(words.gone))
      case 'answered-before':
        return tell(message(words.answeredBefore))
    }
  }

/** Handoffs to try Baton with. */
export const testHandoff: Feature = {
  actions: {
    'test.send': ({ asker }, desk) => sendTestHandoff(asker, desk),
    [testActions.accept]: answer('accepted'),
    [testActions.return]: answer('returned'),
  },
}
