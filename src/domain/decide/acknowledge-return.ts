import { meet, settle } from '../deadlines.ts'
import { type Handoff, isBack } from '../handoff.ts'
import { type Actor, type Context, type Decided, decided, refuse } from './decision.ts'
import { notForMarketing } from './rights.ts'

/**
 * Marketing has read a return and takes the lead back into nurturing: its clock is met, and sales
 * reads so in the thread. Refuses a lead that was not returned, one that is answered already, and
 * whoever is neither of marketing nor the one who handed it over.
 */
export function acknowledgeReturn(handoff: Handoff, actor: Actor, { now }: Context): Decided {
  const { returned } = handoff
  if (!isBack(handoff.status) || returned === null) {
    return refuse({ code: 'moved-on', status: handoff.status, leadStatus: handoff.leadStatus })
  }
  const objection = notForMarketing(handoff, actor)
  if (objection !== undefined) return refuse(objection)
  if (returned.answer !== null) return refuse({ code: 'answered-already' })
  return decided(
    handoff,
    {
      returned: { ...returned, answer: 'acknowledged' },
      deadlines: settle(handoff, ['return-answer'], (deadline) => meet(deadline, now)),
    },
    {
      events: [
        { type: 'ReturnAnswered', at: now, by: actor.person, data: { answer: 'acknowledged' } },
      ],
      notices: [
        {
          where: { thread: true },
          notice: { type: 'return-acknowledged', by: actor.person.id },
        },
      ],
    },
  )
}
