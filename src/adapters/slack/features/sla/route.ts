import { formatList, sayInstant } from '../../../../content/words/format.ts'
import { routingWords } from '../../../../content/words/routing.ts'
import type { Agreement, Locale } from '../../../../domain/agreement.ts'
import { emailAddress } from '../../../../domain/lead.ts'
import type { OwnerReason, TypeReason } from '../../../../domain/routing.ts'
import { type Passed, type Route, whoWouldGet } from '../../../../use-cases/route-lead.ts'
import { header, type Message, message, section } from '../../blocks.ts'
import type { Command } from '../../payloads.ts'
import { asMrkdwn } from '../../text.ts'
import { bullet, part } from '../agreement/parts.ts'
import { type Desk, localeOf, type Reply, tell } from '../feature.ts'
import { channelWords } from './messages.ts'

/** So many of those who were passed over are named. */
const mostNamed = 20
const longestName = 80

/** `/sla route <e-mail or lead type>`: who would get a lead that comes now, and why. */
export async function showRoute({ asker }: Command, said: string, desk: Desk): Promise<Reply> {
  const { world, workspaceId } = desk
  const [locale, { agreement }] = await Promise.all([
    localeOf(asker, desk),
    world.agreements.inForce(workspaceId),
  ])
  const words = routingWords[locale]
  if (said === '') return tell(message(words.whichLead, [section(words.whichLead)]))
  const email = emailAddress.safeParse(said)
  const asked = email.success ? { email: email.data } : { leadType: typeNamed(agreement, said) }
  const route = await whoWouldGet(world, workspaceId, asked)
  if (route !== undefined) return tell(buildRoute(route, { locale, now: world.now(), agreement }))
  const known = formatList(
    agreement.lead_types.map(({ id }) => id),
    locale,
  )
  const text = words.unknownType(asMrkdwn(said, longestName), known)
  return tell(message(text, [section(text)]))
}

/** The id of a lead type by its id or its name, in whatever language and spelling of case. */
function typeNamed({ lead_types: types }: Agreement, said: string): string {
  const sought = said.toLowerCase()
  const found = types.find(({ id, name }) =>
    [id, name.en, name.it].some((one) => one.toLowerCase() === sought),
  )
  return found?.id ?? said
}

/** Type, channel and owner of a lead that comes now, each with the reason; who was passed over. */
export function buildRoute(
  { leadType, channel, owner, why, passedOver }: Route,
  { locale, now, agreement }: { locale: Locale; now: Date; agreement: Agreement },
): Message {
  const words = routingWords[locale]
  const typeName = asMrkdwn(leadType.name[locale], 200)
  const lines = [
    ...why.flatMap((reason) => (isOfType(reason) ? [words.type(typeName, reason.code)] : [])),
    words.channel(channelWords(channel)),
    ...why.flatMap((reason) => {
      if (isOfType(reason)) return []
      const told = escaped(reason)
      return owner === null
        ? [words.everyone(told)]
        : [words.owner(asMrkdwn(owner.name, longestName), told)]
    }),
  ]
  const style = { locale, zone: agreement.calendar.timezone, dates: 'slack', near: now } as const
  const passed = ({ person, why: reason }: Passed): string =>
    words.passed(
      asMrkdwn(person.name, longestName),
      reason.why === 'outside-hours'
        ? { why: reason.why, when: sayInstant(reason.from, style) }
        : reason,
    )
  return message([words.title, ...lines].join('\n'), [
    header(words.title),
    section(lines.join('\n')),
    ...part(
      words.passedOver,
      passedOver.slice(0, mostNamed).map((one) => bullet(passed(one))),
    ),
  ])
}

const typeReasons: Record<TypeReason, true> = {
  'type-sent': true,
  'type-known': true,
  'type-by-conditions': true,
  'type-by-default': true,
}

const isOfType = (reason: Route['why'][number]): reason is { code: TypeReason } =>
  Object.hasOwn(typeReasons, reason.code)

/** A domain comes out of a lead. */
const escaped = (reason: OwnerReason): OwnerReason =>
  reason.code === 'same-company'
    ? { ...reason, domain: asMrkdwn(reason.domain, longestName) }
    : reason
