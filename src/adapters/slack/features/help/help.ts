import { exampleOf, helpWords } from '../../../../content/words/help.ts'
import type { Locale } from '../../../../domain/agreement.ts'
import { type HelpCommand, helpFor, type SubCommand } from '../../../../domain/help.ts'
import { context, type Message, message, mrkdwn, section } from '../../blocks.ts'
import type { Asker } from '../../payloads.ts'
import { asMrkdwn } from '../../text.ts'
import { type Desk, memberOf, type Reply, tell } from '../feature.ts'

const mostSaid = 60

/** What a command can do for whoever asks; `said` is what it does not know, null for none. */
export async function help(
  command: HelpCommand,
  asker: Asker,
  said: string | null,
  desk: Desk,
): Promise<Reply> {
  const { world, workspaceId } = desk
  const [member, { agreement }] = await Promise.all([
    memberOf(asker, desk),
    world.agreements.inForce(workspaceId),
  ])
  const usable = helpFor(command, member, agreement)
  return tell(buildHelp(command, usable, { said, locale: member.locale }))
}

export function buildHelp<Of extends HelpCommand>(
  command: Of,
  usable: readonly SubCommand<Of>[],
  { said, locale }: { said: string | null; locale: Locale },
): Message {
  const words = helpWords[locale]
  const intro = words.intro(command, said === null ? null : asMrkdwn(said, mostSaid))
  const lines = usable.map(
    (one) => `\`${exampleOf(command, one, locale)}\` ${words.lines[command][one]}`,
  )
  const list = [intro, ...lines].join('\n')
  return message([list, words.more[command]].join('\n'), [
    section(list),
    ...context([mrkdwn(words.more[command])]),
  ])
}
