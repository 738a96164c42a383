import { routingWords } from '../../../../content/words/routing.ts'
import type { Locale } from '../../../../domain/agreement.ts'
import { emailAddress } from '../../../../domain/lead.ts'
import { type BackOnDuty, backOnDuty } from '../../../../use-cases/back-on-duty.ts'
import { message, section } from '../../blocks.ts'
import type { Command } from '../../payloads.ts'
import { asMrkdwn } from '../../text.ts'
import { type Desk, memberOf, type Reply, tell } from '../feature.ts'

/** `/sla back`, or `/sla back <e-mail>` by a manager: whoever was off duty gets leads again. */
export async function sayBack({ asker }: Command, said: string, desk: Desk): Promise<Reply> {
  const { world, workspaceId } = desk
  const by = await memberOf(asker, desk)
  const email = said === '' ? null : emailAddress.safeParse(said)
  if (email?.success === false) {
    return say(routingWords[by.locale].unknownPerson(asMrkdwn(said, 60)))
  }
  const result = await backOnDuty(world, workspaceId, { email: email?.data ?? null, by })
  return say(sentenceOf(result, by.id, by.locale))
}

const say = (text: string): Reply => tell(message(text, [section(text)]))

function sentenceOf(result: BackOnDuty, askerId: string, locale: Locale): string {
  const words = routingWords[locale]
  if (result.kind === 'manager-required') return words.managerRequired
  const own = result.person.id === askerId
  const name = asMrkdwn(result.person.name, 80)
  if (result.kind === 'back') return own ? words.back : words.backFor(name)
  return own ? words.wasThere : words.wasThereFor(name)
}
