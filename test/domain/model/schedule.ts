import fc from 'fast-check'
import {
  type Agreement,
  type AttemptChannel,
  type AttemptOutcome,
  attemptChannels,
  attemptOutcomes,
  priorities,
} from '../../../src/domain/agreement.ts'
import { nextInRotation } from '../../../src/domain/clocks.ts'
import { wakeAt } from '../../../src/domain/deadlines.ts'
import { accept } from '../../../src/domain/decide/accept.ts'
import { acknowledgeReturn } from '../../../src/domain/decide/acknowledge-return.ts'
import type { Actor, Decided, Decision } from '../../../src/domain/decide/decision.ts'
import { handOff } from '../../../src/domain/decide/hand-off.ts'
import { logAttempt } from '../../../src/domain/decide/log-attempt.ts'
import { pauseHandoff, resumeHandoff } from '../../../src/domain/decide/pause.ts'
import { returnLead } from '../../../src/domain/decide/return.ts'
import { snoozeReminder } from '../../../src/domain/decide/snooze.ts'
import { wake } from '../../../src/domain/decide/wake.ts'
import {
  type DeadlineKind,
  deadlineKinds,
  type Handoff,
  type HandoffEvent,
} from '../../../src/domain/handoff.ts'
import type { Person } from '../../../src/domain/person.ts'
import { aHandOff, aReturn, concerned, handoffOf } from '../../support/builders.ts'
import { mustBeLegal } from './history.ts'
import { createModel, must } from './model.ts'
import { type Name, names, people, settings } from './terms.ts'

interface Attempted {
  channel: AttemptChannel
  outcome: AttemptOutcome
  agoMs: number
}

/** Something that a person, a timer or the time does. */
export type Move =
  /** Time goes by; `awake` with timers that come on time, else without any. */
  | { do: 'wait'; ms: number; awake: boolean }
  /** Time goes by up to a moment for which a timer is set, or a millisecond beside it. */
  | { do: 'wait-for'; nth: number; beside: number; awake: boolean }
  | { do: 'tick'; kind: DeadlineKind; times: number }
  /** Several at once, who all saw the same card. */
  | { do: 'accept'; by: Name[] }
  | { do: 'return'; by: Name }
  | ({ do: 'attempt'; by: Name } & Attempted)
  | { do: 'acknowledge'; by: Name }
  | { do: 'pause'; by: Name }
  | { do: 'resume'; by: Name }
  | { do: 'snooze'; by: Name; kind: DeadlineKind }

const notReady = aReturn({ readyWhen: 'the budget is approved' })

/** Mostly those who may do most, so that more than refusals happens. */
const anyone = fc.constantFrom(...names, ...names.slice(0, 2), ...names.slice(0, 2))
const anyKind = fc.constantFrom(...deadlineKinds)
const anyReminded = fc.constantFrom<DeadlineKind[]>(
  'accept',
  'first-attempt',
  'attempts',
  'idle',
  'return-answer',
)
const anyMs = fc.oneof(
  fc.integer({ min: 0, max: 20 * 60_000 }),
  fc.integer({ min: 0, max: 30 * 3_600_000 }),
)
const mostly = fc.integer({ min: 0, max: 3 }).map((one) => one > 0)

const anyMove: fc.Arbitrary<Move> = fc.oneof(
  { weight: 10, arbitrary: fc.record({ do: fc.constant('wait'), ms: anyMs, awake: mostly }) },
  {
    weight: 12,
    arbitrary: fc.record({
      do: fc.constant('wait-for'),
      nth: fc.nat({ max: 4 }),
      beside: fc.constantFrom(-1, 0, 0, 1),
      awake: mostly,
    }),
  },
  {
    weight: 10,
    arbitrary: fc.record({
      do: fc.constant('tick'),
      kind: anyKind,
      times: fc.constantFrom(1, 1, 2),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('accept'),
      by: fc.array(anyone, { minLength: 1, maxLength: 4 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('return'), by: anyone }) },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('attempt'),
      by: anyone,
      channel: fc.constantFrom(...attemptChannels),
      outcome: fc.constantFrom(...attemptOutcomes),
      agoMs: fc.oneof(fc.constant(0), anyMs),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('acknowledge'), by: anyone }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('pause'), by: anyone }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('resume'), by: anyone }) },
  {
    weight: 8,
    arbitrary: fc.record({ do: fc.constant('snooze'), by: anyone, kind: anyReminded }),
  },
)

export const anySchedule = fc.record({
  setting: fc.constantFrom('office', 'special', 'always', 'shortDays'),
  priority: fc.constantFrom(...priorities),
  /** In two weeks with a clock change in Rome and London, and holidays. */
  start: fc
    .integer({ min: 0, max: 14 * 24 * 60 })
    .map((minutes) => new Date(Date.UTC(2026, 9, 15) + minutes * 60_000)),
  moves: fc.array(anyMove, { minLength: 10, maxLength: 60 }),
})
export type Schedule = typeof anySchedule extends fc.Arbitrary<infer Value> ? Value : never

export const handedOver = (
  agreement: Agreement,
  { leadType, priority, start }: { leadType: string; priority: 'hot' | 'standard'; start: Date },
): Decided => handOff(aHandOff({ leadType, priority }), people.ben, { agreement, now: start })

/** What a timer is told of people, as the rotation has it. */
export function nextOwnerOf(handoff: Handoff, agreement: Agreement): Person | null {
  const [email] = nextInRotation(agreement, handoff.leadType, handoff.owner?.email ?? null)
  return Object.values(people).find(({ person }) => person.email === email)?.person ?? null
}

export const tick = (
  handoff: Handoff,
  kind: DeadlineKind,
  agreement: Agreement,
  now: Date,
): Decision | null =>
  wake(handoff, kind, concerned({ nextOwner: nextOwnerOf(handoff, agreement) }), {
    agreement,
    now,
  })

/** What a schedule has come to. */
export interface Played {
  handoff: Handoff
  history: HandoffEvent[]
  now: Date
  setting: Schedule['setting']
}

/** Plays a schedule with the rules and beside the model. */
export function play({ setting, priority, start, moves }: Schedule): Played {
  const { agreement, leadType } = settings[setting]
  const offered = handedOver(agreement, { leadType, priority, start })
  const model = createModel(agreement, { leadType, priority, start })
  let handoff = handoffOf(offered)
  const history = offered.ok ? [...offered.decision.events] : []
  let now = start

  function commit(decision: Decision): void {
    must(decision.handoff.version === handoff.version + 1, 'the version grows by one')
    handoff = decision.handoff
    history.push(...decision.events)
  }

  function ring(kind: DeadlineKind): void {
    const nextOwner = nextOwnerOf(handoff, agreement)
    const decision = tick(handoff, kind, agreement, now)
    model.ticked(kind, now, decision, nextOwner)
    if (decision !== null) commit(decision)
  }

  /** Time goes by, and the timers come in order, each at its moment. */
  function wait(until: Date, awake: boolean): void {
    for (let rings = 0; awake; rings++) {
      must(rings < 200, 'timers come to an end')
      const set = handoff.deadlines.flatMap((deadline) => {
        const at = wakeAt(deadline)
        return at === null ? [] : [{ at, kind: deadline.kind }]
      })
      const [next] = set.sort((a, b) => a.at.getTime() - b.at.getTime())
      if (next === undefined || next.at > until) break
      if (next.at > now) now = next.at
      ring(next.kind)
      model.agrees(handoff)
    }
    if (until > now) now = until
  }

  function command(decided: Decided, may: boolean, done: (decision: Decision) => void): void {
    must(
      decided.ok === may,
      decided.ok ? 'it is refused' : `${decided.refusal.code}: it is not refused`,
    )
    if (!decided.ok) return
    done(decided.decision)
    commit(decided.decision)
  }

  /** A moment for which a timer is set. */
  function momentAhead(nth: number): number {
    const moments = handoff.deadlines.flatMap(({ steps }) => steps.map(({ at }) => at.getTime()))
    const ahead = moments.filter((at) => at > now.getTime()).sort((a, b) => a - b)
    return ahead[nth % Math.max(1, ahead.length)] ?? now.getTime()
  }

  /** Everyone decides on what they saw; the first to commit wins, the others look again. */
  function raceFor(reps: Actor[]): void {
    const { version } = handoff
    const decide = (by: Actor) => accept(handoff, by, { agreement, now })
    for (const { by, decided } of reps.map((rep) => ({ by: rep, decided: decide(rep) }))) {
      const fresh = handoff.version === version ? decided : decide(by)
      command(fresh, model.mayAccept(by), (next) => model.accepted(by, now, next.handoff))
    }
  }

  function tryToReach(by: Actor, { channel, outcome, agoMs }: Attempted): void {
    const at = new Date(now.getTime() - agoMs)
    const id = `att_${handoff.attempts.length + 1}`
    const made = { id, channel, outcome, at, note: undefined }
    const decided = logAttempt(handoff, made, by, { agreement, now })
    command(decided, model.mayTry(by), (next) => {
      if (next.handoff.attempts.at(-1)?.counted !== true) return
      const connects = outcome === 'connected' || outcome === 'meeting-booked'
      model.tried({ at, channel, connects }, now, next.handoff)
    })
  }

  function make(move: Move): void {
    const context = { agreement, now }
    switch (move.do) {
      case 'wait':
        wait(new Date(now.getTime() + move.ms), move.awake)
        break
      case 'wait-for':
        wait(new Date(momentAhead(move.nth) + move.beside), move.awake)
        break
      case 'tick':
        for (let times = 0; times < move.times; times++) ring(move.kind)
        break
      case 'accept':
        raceFor(move.by.map((name) => people[name]))
        break
      case 'attempt':
        tryToReach(people[move.by], move)
        break
      case 'return': {
        const by = people[move.by]
        const decided = returnLead(handoff, notReady, by, context)
        command(decided, model.mayReturn(by), (next) => model.returned(now, next.handoff))
        break
      }
      case 'acknowledge': {
        const by = people[move.by]
        const decided = acknowledgeReturn(handoff, by, context)
        command(decided, model.mayAnswer(by), (next) => model.answered(now, next.handoff))
        break
      }
      case 'pause': {
        const by = people[move.by]
        const decided = pauseHandoff(handoff, { reason: 'on-hold' }, by, context)
        command(decided, model.mayPause(by, now), ({ events }) =>
          model.paused(now, new Date(String(events[0]?.data.until))),
        )
        break
      }
      case 'resume': {
        const by = people[move.by]
        const decided = resumeHandoff(handoff, by, context)
        command(decided, model.mayGoOn(by), () => model.wentOn(now))
        break
      }
      case 'snooze': {
        const [by, { kind }] = [people[move.by], move]
        const decided = snoozeReminder(handoff, { kind }, by, context)
        command(decided, decided.ok, (next) => model.snoozed(kind, by, now, next.handoff))
        break
      }
    }
  }

  for (const move of moves) {
    make(move)
    model.agrees(handoff)
  }
  mustBeLegal(history)
  return { handoff, history, now, setting }
}
