import type { Agreement, Role } from '../agreement.ts'
import { clockTerms } from '../clocks.ts'
import {
  cancel,
  pause,
  settle,
  standstillOf,
  startClocks,
  startDeadline,
  withStarted,
} from '../deadlines.ts'
import type { Duty } from '../duty.ts'
import { type Deadline, type Handoff, isOpen, isPending } from '../handoff.ts'
import { maySell, mayStandIn, type Person } from '../person.ts'
import {
  type Actor,
  type Context,
  type Decided,
  decided,
  type Refusal,
  refuse,
} from './decision.ts'
import { notForThem } from './rights.ts'

/** Who is to have the lead from now on. */
export interface NextOwner {
  person: Person
  role: Role | null
  duty: Duty
}

/**
 * The lead gets another owner: the present one, or a manager, passes it on; or somebody takes it
 * over, where the agreement lets them. The clocks go on or start anew, as the agreement says.
 * Refuses a lead that nobody has to work on, somebody else's, and a next owner who does not sell, is
 * off, has as many leads as agreed, or has this one already.
 */
export function reassign(
  handoff: Handoff,
  to: NextOwner,
  actor: Actor,
  { agreement, now }: Context,
): Decided {
  const takesOver = to.person.id === actor.person.id
  const objection =
    notOpen(handoff) ??
    (takesOver ? notToTakeOver(handoff, actor, agreement, now) : notToPassOn(handoff, to, actor)) ??
    notOnDuty(to, takesOver)
  if (objection !== undefined) return refuse(objection)
  return decided(handoff, withOwner(handoff, to.person, agreement, now), {
    events: [
      {
        type: 'Reassigned',
        at: now,
        by: actor.person,
        data: {
          from: handoff.owner?.id ?? null,
          to: to.person.id,
          how: takesOver ? 'taken-over' : 'passed-on',
        },
      },
    ],
    notices: [
      {
        where: { thread: true },
        notice: {
          type: 'reassigned',
          by: actor.person.id,
          from: handoff.owner?.id ?? null,
          to: to.person.id,
          deadline: null,
        },
      },
    ],
  })
}

/**
 * The owner gives the lead back to the others: it is offered to everyone again, and the clock of
 * acceptance starts anew. Refuses a lead without an owner, one with a deal, and somebody else's.
 */
export function giveBack(handoff: Handoff, actor: Actor, { agreement, now }: Context): Decided {
  const { owner } = handoff
  const objection = notOpen(handoff) ?? notForThem(handoff, actor)
  if (objection !== undefined) return refuse(objection)
  if (handoff.status === 'qualified') {
    return refuse({ code: 'moved-on', status: handoff.status, leadStatus: handoff.leadStatus })
  }
  if (owner === null) return refuse({ code: 'nobody-has-it' })
  const called = settle(handoff, ['first-attempt', 'attempts', 'idle'], (deadline) =>
    cancel(deadline, now),
  )
  return decided(
    handoff,
    {
      status: 'offered',
      leadStatus: agreement.lead_statuses.new,
      owner: null,
      acceptedAt: null,
      acceptedBy: null,
      restartedAt: now,
      deadlines: withStarted(
        called,
        startClocks(['accept', 'accept-hard'], handoff, agreement, now),
      ),
    },
    {
      events: [
        {
          type: 'Reassigned',
          at: now,
          by: actor.person,
          data: { from: owner.id, to: null, how: 'given-back' },
        },
      ],
      notices: [
        {
          where: { thread: true },
          notice: {
            type: 'reassigned',
            by: actor.person.id,
            from: owner.id,
            to: null,
            deadline: null,
          },
        },
      ],
      rule: 'lead_statuses.new',
    },
  )
}

/** The handoff under another owner, with its clocks as the agreement says. */
export function withOwner(
  handoff: Handoff,
  owner: Person,
  agreement: Agreement,
  now: Date,
): Partial<Handoff> {
  if (agreement.reassignment.clock === 'keep') return { owner }
  const restarted = (deadline: Deadline): Deadline => {
    const terms = clockTerms(agreement, handoff, deadline.kind)
    if (terms === undefined) return deadline
    const fresh = startDeadline(deadline.kind, now, terms)
    // A pause goes on for the next owner too.
    const still = standstillOf({ deadlines: [deadline] })
    return still === undefined || still.until <= now
      ? fresh
      : pause(fresh, now, still.until, still.reason)
  }
  const runs = (deadline: Deadline): boolean => isPending(deadline) || deadline.state === 'paused'
  return {
    owner,
    restartedAt: now,
    deadlines: handoff.deadlines.map((deadline) =>
      runs(deadline) && salesClocks.includes(deadline.kind) ? restarted(deadline) : deadline,
    ),
  }
}

const salesClocks: readonly string[] = [
  'accept',
  'accept-hard',
  'first-attempt',
  'attempts',
  'idle',
]

const notOpen = ({ status, leadStatus }: Handoff): Refusal | undefined =>
  isOpen(status) ? undefined : { code: 'moved-on', status, leadStatus }

function notToPassOn(handoff: Handoff, to: NextOwner, actor: Actor): Refusal | undefined {
  const objection = notForThem(handoff, actor)
  if (objection !== undefined) return objection
  // What nobody has yet is offered to everyone: only a manager gives it to one of them.
  if (handoff.owner === null && !mayStandIn(actor.role)) {
    return { code: 'role-required', needed: 'manager' }
  }
  if (handoff.owner?.id === to.person.id) return { code: 'theirs-already', person: to.person }
  return maySell(to.role) ? undefined : { code: 'cannot-sell', person: to.person }
}

/** A manager may take any lead over; a rep those that the agreement lets them. */
function notToTakeOver(
  handoff: Handoff,
  actor: Actor,
  { reassignment }: Agreement,
  now: Date,
): Refusal | undefined {
  if (!maySell(actor.role)) return { code: 'role-required', needed: 'sales' }
  const { owner } = handoff
  if (owner === null) return { code: 'nobody-has-it' }
  if (owner.id === actor.person.id) return { code: 'yours-already' }
  const free = reassignment.take_over === 'always' || mayStandIn(actor.role)
  const overdue = reassignment.take_over === 'overdue' && isOverdue(handoff, now)
  return free || overdue ? undefined : { code: 'owned-by', owner }
}

/** A clock of sales has run out, whether a timer has said so or not. */
export const isOverdue = (handoff: Handoff, now: Date): boolean =>
  handoff.deadlines.some(
    (deadline) =>
      isPending(deadline) && salesClocks.includes(deadline.kind) && deadline.dueAt < now,
  )

/** Whoever takes a lead over is there; a cap counts for them too. */
function notOnDuty({ person, duty }: NextOwner, takesOver: boolean): Refusal | undefined {
  if (duty.free) return undefined
  if (duty.why === 'full') return { code: 'full', person, cap: duty.cap }
  if (takesOver) return undefined
  return { code: 'off-duty', person, until: duty.why === 'off' ? duty.until : null }
}
