import { refusalWithHint } from '../../../../content/words/refusals.ts'
import type { Agreement } from '../../../../domain/agreement.ts'
import { deadlineOf, type Handoff } from '../../../../domain/handoff.ts'
import { mayAnswerReturns, mayStandIn } from '../../../../domain/person.ts'
import { actorOf } from '../../../../use-cases/standing.ts'
import { message } from '../../blocks.ts'
import { awaitsAnswer, awaitsRuling } from '../../messages/return-standing.ts'
import type { Command } from '../../payloads.ts'
import { type Desk, memberOf, type Reply, soon, tell } from '../feature.ts'
import { buildReturnsList, type Entry, type Groups } from './returns-message.ts'

/** More leads than this are not looked at, and not more than these are shown. */
const mostLeads = 1_000
const mostShown = 15

/** What is back with marketing, by what it waits for: for those who answer returns, or manage. */
export async function listReturns({ asker }: Pick<Command, 'asker'>, desk: Desk): Promise<Reply> {
  const { world, workspaceId } = desk
  const [member, { agreement: inForce }] = await Promise.all([
    memberOf(asker, desk),
    world.agreements.inForce(workspaceId),
  ])
  const { locale } = member
  const actor = actorOf(member, inForce, '')
  if (!mayAnswerReturns(actor.role) && !mayStandIn(actor.role)) {
    return tell(message(refusalWithHint({ code: 'role-required', needed: 'marketing' }, locale)))
  }
  const back = await world.handoffs.back(workspaceId, mostLeads)
  const { waiting, ...groups } = grouped(back)
  const shown = await shownOf(groups, desk)
  return tell(
    buildReturnsList(
      { ...shown, waiting: waiting.length },
      {
        actor,
        locale,
        zone: member.zone ?? inForce.calendar.timezone,
        now: world.now(),
        isWhole: back.length < mostLeads,
      },
    ),
  )
}

/** By what they wait for: the most urgent first. */
function grouped(back: readonly Handoff[]): Record<keyof Groups, Handoff[]> {
  const groups: Record<keyof Groups, Handoff[]> = {
    toAnswer: [],
    contested: [],
    ready: [],
    waiting: [],
  }
  for (const handoff of back) groups[groupOf(handoff)].push(handoff)
  const by = (at: (handoff: Handoff) => Date | undefined) => (a: Handoff, b: Handoff) =>
    (at(a)?.getTime() ?? 0) - (at(b)?.getTime() ?? 0)
  groups.toAnswer.sort(by((one) => deadlineOf(one, 'return-answer')?.dueAt))
  groups.contested.sort(by((one) => deadlineOf(one, 'ruling')?.dueAt))
  groups.ready.sort(by((one) => one.returned?.readySince ?? undefined))
  return groups
}

function groupOf(handoff: Handoff): keyof Groups {
  if (awaitsAnswer(handoff)) return 'toAnswer'
  if (awaitsRuling(handoff)) return 'contested'
  return handoff.returned?.readySince ? 'ready' : 'waiting'
}

/** As many of them as a message has room for, each with its terms and the address of its card. */
async function shownOf(
  { toAnswer, contested, ready }: Record<Exclude<keyof Groups, 'waiting'>, Handoff[]>,
  desk: Desk,
): Promise<Omit<Groups, 'waiting'>> {
  const agreements = new Map<number, Promise<Agreement>>()
  const agreementOf = ({ workspaceId, agreementVersion: version }: Handoff) => {
    const known = agreements.get(version) ?? desk.world.agreements.version(workspaceId, version)
    agreements.set(version, known)
    return known
  }
  const entryOf = async (handoff: Handoff): Promise<Entry> => {
    const [agreement, url] = await Promise.all([agreementOf(handoff), soon(cardOf(handoff, desk))])
    return { handoff, agreement, url }
  }
  let room = mostShown
  const part = async (handoffs: readonly Handoff[]) => {
    const first = handoffs.slice(0, room)
    room -= first.length
    return { entries: await Promise.all(first.map(entryOf)), more: handoffs.length - first.length }
  }
  const [first, second, third] = await Promise.all([part(toAnswer), part(contested), part(ready)])
  return { toAnswer: first, contested: second, ready: third }
}

/** Where the card of a handoff can be opened, if it was posted. */
async function cardOf({ workspaceId, id }: Handoff, { world }: Desk): Promise<string | undefined> {
  const story = await world.handoffs.story(workspaceId, id)
  const card = story?.card
  return card ? world.cards.urlOf(card) : undefined
}
