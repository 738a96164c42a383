import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type DeadlineKind, deadlineKinds, type HandoffEvent } from '../../../src/domain/handoff.ts'
import { anySchedule, type Played, play, tick } from './schedule.ts'
import { settings } from './terms.ts'

/** A failed run comes again with its seed: MODEL_SEED=<seed>. */
const seed = Number(process.env.MODEL_SEED ?? Math.floor(Math.random() * 2 ** 31))
const schedules = Number(process.env.MODEL_SCHEDULES ?? 1_000)
const timeout = 20_000 + schedules * 20

describe(`random schedules of commands and timers (seed ${seed})`, () => {
  test(
    'do what the agreement says, and nothing else',
    () => {
      const happened = new Map<string, number>()
      fc.assert(
        fc.property(anySchedule, (schedule) => {
          for (const { type } of play(schedule).history) {
            happened.set(type, (happened.get(type) ?? 0) + 1)
          }
        }),
        { seed, numRuns: schedules },
      )
      // Schedules that never come to something would prove nothing of it.
      for (const type of everythingThatHappens) expect(happened.get(type)).toBeGreaterThan(10)
    },
    timeout,
  )

  test(
    'come to the same in whatever order timers of one moment come, and however often',
    () => {
      const anyOrder = fc.shuffledSubarray([...deadlineKinds], { minLength: deadlineKinds.length })
      fc.assert(
        fc.property(anySchedule, anyOrder, anyOrder, (schedule, one, other) => {
          const state = play(schedule)
          expect(rung(state, [...one, ...one])).toEqual(rung(state, other))
        }),
        { seed, numRuns: Math.ceil(schedules / 4) },
      )
    },
    timeout,
  )
})

const everythingThatHappens: HandoffEvent['type'][] = [
  'HandedOff',
  'Accepted',
  'Returned',
  'Reassigned',
  'AttemptLogged',
  'Connected',
  'ReminderSent',
  'DeadlineMissed',
  'Escalated',
  'Paused',
  'Resumed',
  'ReminderSnoozed',
]

/** All timers of a handoff at one moment, one after the other: what it comes to, and the events. */
function rung({ handoff: start, now, setting }: Played, kinds: DeadlineKind[]) {
  let handoff = start
  const events: string[] = []
  for (const kind of kinds) {
    const decision = tick(handoff, kind, settings[setting].agreement, now)
    if (decision === null) continue
    handoff = decision.handoff
    events.push(...decision.events.map((event) => JSON.stringify(event)))
  }
  const { status, owner, attempts } = handoff
  const deadlines = handoff.deadlines.map((deadline) => ({
    ...deadline,
    // The end of a pause is told by whichever timer comes first.
    steps: deadline.steps.filter((step) => step.do !== 'tell' || step.of !== 'resume'),
  }))
  return { status, owner, attempts, deadlines, events: events.sort() }
}
