import { type Agreement, type Side, sides } from '../agreement.ts'
import { meet, settle, startClocks, withStarted } from '../deadlines.ts'
import { deadlineOf, type Handoff, isBack, type Returned } from '../handoff.ts'
import { type Colleague, rulesFor } from '../person.ts'
import {
  type Actor,
  type Context,
  type Decided,
  decided,
  type Refusal,
  refuse,
} from './decision.ts'
import { notForMarketing } from './rights.ts'

export interface ContestReturn {
  /** In what marketing reads it differently. */
  why: string | undefined
  /** The managers of both sides, and admins. */
  judges: readonly Colleague[]
}

/**
 * Marketing reads a return differently, and asks the managers of both sides to rule on it. It is an
 * answer, so marketing's clock is met; that of the ruling starts. Refuses a lead that is not back,
 * one that is answered already or whose time to answer is over, a contest that does not say why, and
 * one that nobody could rule on who is not party to it.
 */
export function contestReturn(
  handoff: Handoff,
  { why, judges }: ContestReturn,
  actor: Actor,
  { agreement, now }: Context,
): Decided {
  const { returned } = handoff
  if (!isBack(handoff.status) || returned === null) {
    return refuse({ code: 'moved-on', status: handoff.status, leadStatus: handoff.leadStatus })
  }
  const objection = notForMarketing(handoff, actor) ?? tooLate(handoff, returned, now)
  if (objection !== undefined) return refuse(objection)
  const parties = [returned.by.id, actor.person.id]
  const free = judges.filter(({ person }) => !parties.includes(person.id))
  const vacant = sideWithoutJudge(free)
  if (vacant !== undefined) return refuse({ code: 'nobody-to-rule', side: vacant })
  if (why === undefined) return refuse({ code: 'needed', field: 'why' })

  const term = termOf(agreement, returned)
  const answered: Returned = {
    ...returned,
    answer: 'contested',
    contest: { by: actor.person, at: now, why, term, votes: [], ruling: null },
  }
  return decided(
    handoff,
    {
      returned: answered,
      deadlines: withStarted(
        settle(handoff, ['return-answer'], (deadline) => meet(deadline, now)),
        startClocks(['ruling'], handoff, agreement, now),
      ),
    },
    {
      events: [{ type: 'ReturnContested', at: now, by: actor.person, data: { why, term } }],
      notices: [
        {
          where: { thread: true },
          notice: { type: 'return-contested', by: actor.person.id, why, to: askedOf(free) },
        },
      ],
    },
  )
}

function tooLate(handoff: Handoff, { answer }: Returned, now: Date): Refusal | undefined {
  if (answer !== null) return { code: 'answered-already' }
  const clock = deadlineOf(handoff, 'return-answer')
  return clock !== undefined && now > clock.dueAt
    ? { code: 'contest-too-late', dueAt: clock.dueAt }
    : undefined
}

const sidesWithoutManager = (judges: readonly Colleague[]): Side[] =>
  sides.filter((side) => !judges.some(({ role }) => rulesFor(role) === side))

const isAdmin = ({ role }: Colleague): boolean => role === 'admin'

/** A side for which nobody could rule; an admin may rule for either, but not for both. */
function sideWithoutJudge(judges: readonly Colleague[]): Side | undefined {
  const vacant = sidesWithoutManager(judges)
  return vacant.length > judges.filter(isAdmin).length ? vacant[0] : undefined
}

/** The managers of both sides are asked, and admins where one has to stand in. */
function askedOf(judges: readonly Colleague[]): string[] {
  const standsIn = sidesWithoutManager(judges).length > 0
  return judges
    .filter((judge) => rulesFor(judge.role) !== null || (standsIn && isAdmin(judge)))
    .map(({ person }) => person.id)
}

/** The glossary term that a dispute about such a return is about. */
const termOf = ({ return_reasons }: Agreement, { reason }: Returned): string =>
  return_reasons.find(({ id }) => id === reason)?.term ?? 'sql'
