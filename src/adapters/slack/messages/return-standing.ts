import { deadlineOf, type Handoff, isBack } from '../../../domain/handoff.ts'

/** What is possible with a return now. */

/** Marketing has not said yet what it makes of the return. */
export const awaitsAnswer = ({ status, returned }: Handoff): boolean =>
  isBack(status) && returned !== null && returned.answer === null

/** The return may still be contested: it is not answered, and the time to answer is not over. */
export function mayBeContested(handoff: Handoff, now: Date): boolean {
  const clock = deadlineOf(handoff, 'return-answer')
  return awaitsAnswer(handoff) && (clock === undefined || now <= clock.dueAt)
}

/** The return is contested, and the managers have not ruled alike yet. */
export const awaitsRuling = ({ status, returned }: Handoff): boolean =>
  isBack(status) && returned?.answer === 'contested' && returned.contest?.ruling === null

export const isHandedOverAgain = ({ returned }: Handoff): boolean =>
  returned?.answer === 'handed-over-again'

/** Sales gave the lead back, and marketing has not handed it over again. */
export const mayBeHandedOverAgain = (handoff: Handoff): boolean =>
  isBack(handoff.status) && !isHandedOverAgain(handoff)
