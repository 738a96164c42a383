import { attemptVerdictSchema, type HandoffEvent } from '../../../src/domain/handoff.ts'
import { must } from './model.ts'

const acceptClocks = ['accept', 'accept-hard']

const isCounted = (verdict: unknown): boolean =>
  attemptVerdictSchema.safeParse(verdict).data?.clause === 'counted'

/** Whether a history can be: each event where it may stand, by the events before it alone. */
export function mustBeLegal(history: readonly HandoffEvent[]): void {
  let accepted = false
  let returned = false
  let answered = false
  let connected = false
  let paused: unknown[] = []
  let until = new Date(0)
  let passedOn = false
  let anew = false
  const missed = new Set<unknown>()
  const snoozed = new Set<unknown>()
  const told = new Set<string>()
  for (const [index, { type, at, data }] of history.entries()) {
    const legal = (holds: boolean): void => must(holds, `${index}: ${type} ${JSON.stringify(data)}`)
    const previous = history[index - 1]
    legal((index === 0) === (type === 'HandedOff'))
    legal(previous === undefined || previous.at <= at)
    // After a return only marketing's clock goes on, until it is answered.
    const ofMarketing = type === 'ReturnAnswered' || data.kind === 'return-answer'
    legal(!answered && returned === ofMarketing)
    const stands = (kind: unknown): boolean => at < until && paused.includes(kind)
    switch (type) {
      case 'Accepted':
        legal(!accepted)
        accepted = true
        paused = paused.filter((kind) => !acceptClocks.includes(String(kind)))
        break
      case 'Returned':
        returned = true
        break
      case 'ReturnAnswered':
        answered = true
        break
      case 'AttemptLogged':
        legal(accepted)
        if (!isCounted(data.verdict)) break
        // Silence may begin anew, and whatever was said of it may be said again.
        for (const said of [...told]) if (said.includes('"idle"')) told.delete(said)
        anew = true
        snoozed.delete('idle')
        break
      case 'Connected':
        legal(previous?.type === 'AttemptLogged' && !connected)
        connected = true
        break
      case 'Paused':
        paused = Array.isArray(data.kinds) ? data.kinds : []
        until = new Date(String(data.until))
        legal(paused.length > 0)
        break
      case 'Resumed':
        legal(paused.length > 0)
        paused = []
        break
      case 'ReminderSnoozed':
        legal(!snoozed.has(data.kind) && !stands(data.kind))
        legal(!missed.has(data.kind) || (anew && data.kind === 'idle'))
        snoozed.add(data.kind)
        break
      case 'ReminderSent':
      case 'DeadlineMissed':
      case 'Escalated': {
        const said = JSON.stringify([type, data.kind, data.fraction, data.to])
        legal(!told.has(said))
        told.add(said)
        legal(returned || accepted !== acceptClocks.includes(String(data.kind)))
        legal(!stands(data.kind))
        const isLate = missed.has(data.kind)
        legal(type === 'Escalated' ? isLate : !isLate || (anew && data.kind === 'idle'))
        if (data.kind === 'idle' && type === 'ReminderSent') missed.delete('idle')
        if (data.kind === 'idle' && type === 'DeadlineMissed') anew = false
        if (type === 'DeadlineMissed') missed.add(data.kind)
        passedOn = data.to === 'next_owner' || (type === 'Escalated' && passedOn)
        break
      }
      case 'Reassigned':
        legal(passedOn && data.from !== data.to)
        passedOn = false
        break
      default:
        legal(type === 'HandedOff')
    }
  }
}
