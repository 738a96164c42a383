import {
  commandWords,
  type HandoffVerb,
  handoffVerbs,
  verbNames,
} from '../../../../content/words/command.ts'
import { locales } from '../../../../domain/agreement.ts'
import { emailAddress } from '../../../../domain/lead.ts'
import { message } from '../../blocks.ts'
import type { Command } from '../../payloads.ts'
import { asMrkdwn } from '../../text.ts'
import { type Desk, localeOf, type Reply, tell } from '../feature.ts'
import { openSetUp } from '../first-run/feature.ts'
import { openAttempt } from '../handoff-card/attempt.ts'
import type { OnHandoff } from '../handoff-card/open-form.ts'
import { openNewHandoff } from '../handoff-new/feature.ts'
import { openOutcome } from '../handoff-outcome/outcome-form.ts'
import { help } from '../help/help.ts'
import { findLead } from '../lead-story/find.ts'
import { listReturns } from '../return-answer/returns-list.ts'
import { openRoles } from '../roles/roles.ts'
import { sendTestHandoff } from '../test-handoff/feature.ts'

/** What a sub-command does; `said` is what stands after its word. */
type Handler = (command: Command, said: string, desk: Desk) => Promise<Reply>

const handlers: Record<HandoffVerb, Handler> = {
  find: (command, said, desk) =>
    said === '' ? whichLead('find', command, desk) : findLead(command, said, desk),
  returns: (command, _, desk) => listReturns(command, desk),
  outcome: onLead('outcome', openOutcome),
  attempt: onLead('attempt', openAttempt),
  roles: (command, _, desk) => openRoles(command, desk),
  setup: ({ asker }, _, desk) => openSetUp(asker, desk),
  test: ({ asker }, _, desk) => sendTestHandoff(asker, desk),
  help: ({ asker }, _, desk) => help('/handoff', asker, null, desk),
}

/** The sub-commands by the words for them, in every language. */
const verbs = new Map<string, HandoffVerb>(
  handoffVerbs.flatMap((verb) => locales.map((locale) => [verbNames[locale][verb], verb])),
)

/** `/handoff`: the form, what its first word asks for, or a short help. */
export async function handoffCommand(command: Command, desk: Desk): Promise<Reply> {
  const { asker, text } = command
  if (text === '') return openNewHandoff(asker, desk)
  const [word = '', ...rest] = text.split(/\s+/)
  const verb = verbs.get(word.toLowerCase())
  if (verb === undefined) return help('/handoff', asker, text, desk)
  return handlers[verb](command, rest.join(' '), desk)
}

async function whichLead(verb: HandoffVerb, { asker }: Command, desk: Desk): Promise<Reply> {
  return tell(message(commandWords[await localeOf(asker, desk)].whichLead(verb)))
}

/** The form on the open handoff of a lead, else on its last one: that says why it is too late. */
function onLead(
  verb: HandoffVerb,
  open: (asked: OnHandoff, desk: Desk) => Promise<Reply>,
): Handler {
  return async (command, said, desk) => {
    if (said === '') return whichLead(verb, command, desk)
    const { world, workspaceId } = desk
    const { asker } = command
    const email = emailAddress.safeParse(said)
    if (!email.success) {
      const words = commandWords[await localeOf(asker, desk)]
      return tell(message(words.noAddress(asMrkdwn(said, 60))))
    }
    const handoff =
      (await world.handoffs.openOfLead(workspaceId, email.data)) ??
      (await world.handoffs.lastOfLead(workspaceId, email.data))
    if (handoff !== undefined) return open({ asker, value: handoff.id }, desk)
    const [words, lead] = await Promise.all([
      localeOf(asker, desk).then((locale) => commandWords[locale]),
      world.leads.byEmail(workspaceId, email.data),
    ])
    const shown = asMrkdwn(email.data, 254)
    return tell(
      message(lead === undefined ? words.unknownLead(shown) : words.neverHandedOver(shown)),
    )
  }
}
