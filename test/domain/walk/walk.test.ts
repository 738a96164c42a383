import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { refusalWords } from '../../../src/content/words/refusals.ts'
import { locales } from '../../../src/domain/agreement.ts'
import { sequenceComplete } from '../../../src/domain/attempts.ts'
import { clocksOf } from '../../../src/domain/clocks.ts'
import type { Decision } from '../../../src/domain/decide/decision.ts'
import {
  type Deadline,
  deadlineOf,
  eventTypes,
  type Handoff,
  handoffStatuses,
  isOpen,
  isPending,
} from '../../../src/domain/handoff.ts'
import type { Notice } from '../../../src/domain/notice.ts'
import {
  anotherRound,
  isEnd,
  mayRun,
  moves,
  mustRun,
  refusalCodes,
  refusedElsewhere,
  standingOf,
} from './law.ts'
import { names, people, settings } from './settings.ts'
import {
  anyWalk,
  ask,
  type Command,
  decisionsOf,
  storyOf,
  type Turn,
  take,
  type Walk,
  whoMay,
} from './walk.ts'

/** A failed run comes again with its seed: WALKS_SEED=<seed>. */
const seed = Number(process.env.WALKS_SEED ?? Math.floor(Math.random() * 2 ** 31))
const walks = Number(process.env.WALKS ?? 150)
const timeout = 20_000 + walks * 100
/** What is to be seen at least once is looked for where it is known to come. */
const seedOfAll = 20_261_150
const walksOfAll = 400

/** All properties look at the same walks, and each is taken once. */
const taken = new Map<string, Turn[]>()
function turnsOf(walk: Walk): Turn[] {
  const key = JSON.stringify(walk)
  const turns = taken.get(key) ?? take(walk)
  if (taken.size <= walks) taken.set(key, turns)
  return turns
}

/** A property of every walk. */
const onEveryWalk = (name: string, holds: (turns: Turn[]) => void): void =>
  test(
    name,
    () =>
      fc.assert(
        fc.property(anyWalk, (walk) => holds(turnsOf(walk))),
        { seed, numRuns: walks },
      ),
    timeout,
  )
const onEveryTurn = (name: string, holds: (turn: Turn) => void): void =>
  onEveryWalk(name, (turns) => {
    for (const at of turns.keys()) told(turns, at, holds)
  })

/** A failure says what was done until then. */
function told(turns: readonly Turn[], at: number, holds: (turn: Turn) => void): void {
  const turn = turns[at]
  if (turn === undefined) return
  try {
    holds(turn)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new Error(`${storyOf(turns.slice(0, at + 1))}\n${why}`)
  }
}

/** A decision with the handoff that it was made on; undefined for a new one. */
const made = (turn: Turn): { before: Handoff | undefined; decision: Decision }[] =>
  decisionsOf(turn).map((decision) => ({
    before: turn.world.rounds.find(({ id }) => id === decision.handoff.id),
    decision,
  }))

describe(`any walk of a lead (seed ${seed})`, () => {
  describe('has a legal history', () => {
    onEveryTurn(
      'whose status moves only as it may',
      ({ command, before, world, said: { decided } }) => {
        if (!decided.ok) return
        const { status } = decided.decision.handoff
        if (before === undefined) {
          const last = world.rounds.at(-1)
          expect([command.do, status]).toEqual(['hand-over', 'offered'])
          if (last !== undefined) expect(anotherRound).toContain(last.status)
        } else if (before.status !== status) {
          const move = moves.find(({ from, to }) => from === before.status && to === status)
          expect(move?.by ?? [], `${before.status} to ${status}`).toContain(command.do)
        }
      },
    )

    onEveryTurn('whose version grows by one', (turn) => {
      for (const { before, decision } of made(turn)) {
        expect(decision.handoff.version).toBe((before?.version ?? 0) + 1)
      }
    })

    onEveryTurn('in which something happens with every commit, by whom and when it did', (turn) => {
      const { world, by } = turn
      const actor = by === 'clock' || by === 'api' ? null : people[by].person
      for (const { events } of decisionsOf(turn)) {
        // A clock may only take note of its time.
        expect(events.length > 0 || by === 'clock').toBe(true)
        for (const event of events) {
          expect(event.at).toEqual(world.now)
          expect([actor, null]).toContainEqual(event.by)
        }
        if (actor !== null) expect(events.at(-1)?.by).toEqual(actor)
      }
    })

    onEveryTurn('with one open handoff at most', ({ after: { rounds } }) => {
      expect(rounds.filter(({ status }) => isOpen(status)).length).toBeLessThan(2)
    })

    onEveryTurn('whose rounds follow each other', ({ after: { rounds } }) => {
      expect(rounds.map(({ round }) => round)).toEqual(rounds.map((_, at) => at + 1))
      for (const { id } of rounds.slice(0, -1)) {
        const ended = rounds.find((one) => one.id === id)
        expect(ended && isEnd(standingOf(ended))).toBe(true)
      }
    })

    onEveryTurn('whose lifecycle moves as the agreement lets it', (turn) => {
      const { lifecycle } = settings[turn.world.setting].agreement
      for (const { changes } of decisionsOf(turn)) {
        for (const { what, from, to } of changes) {
          if (what === 'stage' && from !== null) {
            expect(Object.entries(lifecycle).find(([stage]) => stage === from)?.[1]).toContain(to)
          }
        }
      }
    })

    onEveryTurn('in which whoever has bought is a customer once nobody sells to them', (turn) => {
      for (const { handoff } of decisionsOf(turn)) {
        if (handoff.cameFrom !== 'customer' || isOpen(handoff.status)) continue
        expect(handoff.lifecycleStage).toBe('customer')
      }
    })

    onEveryTurn('whose changes join to what the lead is now, each by a clause', (turn) => {
      const { world, after } = turn
      const lead: Record<'stage' | 'status', string | null> = {
        stage: world.stage,
        status: world.status,
      }
      for (const { changes } of decisionsOf(turn)) {
        for (const { what, from, to, rule } of changes) {
          expect({ what, from }).toEqual({ what, from: lead[what] })
          expect(to).not.toBe(from)
          expect(rule).not.toBe('')
          lead[what] = to
        }
      }
      const last = after.rounds.at(-1)
      if (last === undefined) return
      expect(lead).toEqual({ stage: last.lifecycleStage, status: last.leadStatus })
    })
  })

  describe('has deadlines', () => {
    onEveryTurn('of each kind one at most', (turn) => {
      for (const { handoff } of decisionsOf(turn)) {
        const kinds = handoff.deadlines.map(({ kind }) => kind)
        expect(kinds).toEqual([...new Set(kinds)])
      }
    })

    onEveryTurn('that press only where somebody is there to meet them', (turn) => {
      for (const { handoff } of decisionsOf(turn)) {
        const standing = standingOf(handoff)
        const pressing = handoff.deadlines
          .filter((deadline) => isPending(deadline) || deadline.state === 'paused')
          .map(({ kind }) => kind)
        expect(
          pressing.filter((kind) => !mayRun[standing].includes(kind)),
          standing,
        ).toEqual([])
      }
    })

    onEveryTurn('that press as long as something is to be done', (turn) => {
      const { agreement } = settings[turn.world.setting]
      for (const { handoff } of decisionsOf(turn)) {
        const pressing = handoff.deadlines
          .filter((deadline) => isPending(deadline) || deadline.state === 'paused')
          .map(({ kind }) => kind)
        const standing = standingOf(handoff)
        for (const kind of mustRun[standing] ?? []) expect(pressing, standing).toContain(kind)
        const terms = clocksOf(agreement, handoff.leadType).attempts
        const tries = standing === 'accepted' && !sequenceComplete(handoff, terms)
        if (tries) expect(pressing).toEqual(expect.arrayContaining(['attempts', 'idle']))
      }
    })

    onEveryTurn('that have nothing left to do once they are met or called off', (turn) => {
      for (const { handoff } of decisionsOf(turn)) {
        for (const { kind, metAt, stoppedAt, state, steps } of handoff.deadlines) {
          if (metAt !== null || stoppedAt !== null) expect(steps, kind).toEqual([])
          if (metAt !== null) expect(['met', 'missed']).toContain(state)
          if (stoppedAt !== null) expect(['cancelled', 'missed']).toContain(state)
        }
      }
    })

    onEveryTurn('that begin when somebody has something to do, and are open then', (turn) => {
      const { command, world } = turn
      // What was tried before it was logged may meet a clock at once.
      if (command.do === 'attempt' || command.do === 'correct') return
      for (const { before, decision } of made(turn)) {
        for (const { kind, startedAt, state } of decision.handoff.deadlines) {
          const was = before && deadlineOf(before, kind)
          if (was?.startedAt.getTime() === startedAt.getTime()) continue
          expect([kind, startedAt]).toEqual([kind, world.now])
          expect(['running', 'paused']).toContain(state)
        }
      }
    })

    onEveryTurn('that no attempt meets which does not count', ({ command, before, said }) => {
      if (command.do !== 'attempt' || before === undefined || !said.decided.ok) return
      const { attempts, deadlines } = said.decided.decision.handoff
      if (attempts.at(-1)?.counted === false) expect(deadlines).toEqual(before.deadlines)
    })

    onEveryTurn('for which an attempt was made in time, whoever has the lead now', (turn) => {
      const { command, before, said } = turn
      if (command.do !== 'correct' || before === undefined || !said.decided.ok) return
      for (const [index, { at, verdict }] of said.decided.decision.handoff.attempts.entries()) {
        const was = before.attempts[index]
        const early = verdict.clause === 'before-acceptance' && was?.at.getTime() === at.getTime()
        if (early && was.verdict.clause !== 'void') expect(was.verdict).toEqual(verdict)
      }
    })

    onEveryTurn('that remind and warn nobody of what was done', (turn) => {
      for (const { before, decision } of made(turn)) {
        for (const { notice } of decision.notices) {
          if (!('deadline' in notice) || notice.deadline === null) continue
          const deadline = before && deadlineOf(before, notice.deadline.kind)
          const stoodStill = deadline?.state === 'paused'
          expect(deadline !== undefined && (isPending(deadline) || stoodStill)).toBe(true)
          if (notice.type !== 'reminder') continue
          expect(deadline?.breachedAt).toBe(null)
        }
      }
    })

    onEveryWalk('whose breaches are recorded once each, and only where they happened', (turns) => {
      const recorded = new Set<string>()
      for (const at of turns.keys()) {
        told(turns, at, (turn) => {
          for (const { before, decision } of made(turn)) breaches(before, decision, recorded)
        })
      }
    })
  })

  describe('never comes to where', () => {
    onEveryTurn('nobody can move it on', ({ said, after }) => {
      const round = after.rounds.length - 1
      const handoff = after.rounds[round]
      if (!said.decided.ok || handoff === undefined || isEnd(standingOf(handoff))) return
      const way = waysOn.find((command) => {
        const asked = { world: after, by: 'anna', command, round } as const
        const by = whoMay(asked)
        const next = by === undefined ? undefined : ask({ ...asked, by })?.decided
        return next?.ok === true && next.decision.handoff.status !== handoff.status
      })
      expect(way, standingOf(handoff)).toBeDefined()
    })

    onEveryTurn('a refusal has no words', ({ said: { decided } }) => {
      if (decided.ok) return
      for (const locale of locales) {
        const words = refusalWords(decided.refusal, locale)
        expect(words).toMatch(/^\p{Lu}.+\.$/u)
        expect(words).not.toMatch(/undefined|\bnull\b|NaN|\[object/)
      }
    })

    onEveryTurn('a refusal leaves a trace', ({ world, said: { decided, answered }, after }) => {
      if (decided.ok) return
      expect(answered).toBe(null)
      expect(after).toBe(world)
    })

    onEveryTurn('the same question has two answers', (turn) => {
      expect(JSON.stringify(ask(turn))).toBe(JSON.stringify(turn.said))
    })

    onEveryTurn('somebody is told what they did themselves', (turn) => {
      const { by } = turn
      const actor = by === 'clock' || by === 'api' ? undefined : people[by].person.id
      for (const { notices } of decisionsOf(turn)) {
        for (const { notice } of notices) expect(addresseesOf(notice)).not.toContain(actor)
      }
    })

    onEveryTurn('one action makes two lines in a thread', (turn) => {
      for (const { notices } of decisionsOf(turn)) {
        expect(notices.filter(({ where }) => 'thread' in where).length).toBeLessThan(2)
      }
    })

    onEveryTurn('an outsider is let in', ({ by, said: { decided } }) => {
      if (by === 'olga') expect(decided.ok).toBe(false)
    })
  })
})

/** Commands that move a lead on, whatever it waits for. */
const waysOn: readonly Command[] = [
  { do: 'accept' },
  {
    do: 'return',
    reason: 'misled',
    note: 'Wanted a job',
    criterion: undefined,
    readyIn: undefined,
    readyWhen: undefined,
    field: undefined,
    duplicateOf: undefined,
  },
  { do: 'deal', stage: 'closed-won', lostReason: undefined, note: undefined, fromProgram: false },
  {
    do: 'hand-over',
    leadType: undefined,
    priority: 'standard',
    owner: null,
    whatChanged: 'The budget is approved',
  },
]

/** Who is mentioned by a notice; `reassigned` tells of two people, whoever of them did it. */
function addresseesOf(notice: Notice): string[] {
  if (notice.type === 'reassigned' || !('to' in notice) || notice.to === null) return []
  return typeof notice.to === 'string' ? [notice.to] : notice.to
}

/** A run of a clock, from the moment at which it last began. */
const runOf = (handoff: Handoff, { kind, startedAt }: Deadline): string =>
  `${handoff.id} ${kind} ${startedAt.toISOString()}`

/** Holds the breaches that a decision records against the clocks before it and after it. */
function breaches(
  before: Handoff | undefined,
  { handoff, events }: Decision,
  recorded: Set<string>,
): void {
  const at = events[0]?.at ?? handoff.createdAt
  const told = events.filter(({ type }) => type === 'DeadlineMissed').map(({ data }) => data.kind)
  const corrected = events.some(({ type }) => type === 'AttemptCorrected')
  const due: string[] = []
  const look = (run: string, kind: string, late: boolean): void => {
    if (late && !recorded.has(run)) due.push(kind)
    if (late) recorded.add(run)
    else expect(recorded.has(run), `${kind} was late once`).toBe(false)
  }
  for (const deadline of handoff.deadlines) {
    const { kind, breachedAt } = deadline
    const was = before && deadlineOf(before, kind)
    const run = runOf(handoff, deadline)
    if (was !== undefined && runOf(handoff, was) !== run) {
      // One that stood still may have gone on, and run out, before anybody looked.
      const times = told.filter((one) => one === kind).length - (breachedAt === null ? 0 : 1)
      const overdue = was.state === 'paused' ? times > 0 : isOverdue(was, at)
      look(runOf(handoff, was), kind, overdue || was.breachedAt !== null)
      // The attempts don't say what was told of a silence that a correction brings back.
      if (corrected && kind === 'idle') recorded.delete(run)
      // The same moment, reckoned another way, is the same breach.
      const same = breachedAt !== null && breachedAt.getTime() === was.breachedAt?.getTime()
      if (same) recorded.add(run)
    }
    look(run, kind, breachedAt !== null)
  }
  expect(told.sort()).toEqual(due.sort())
}

const isOverdue = ({ state, dueAt }: Deadline, at: Date): boolean =>
  state === 'running' && dueAt < at

describe(`all walks together (seed ${seedOfAll})`, () => {
  let turns: Turn[] = []
  beforeAll(() => {
    const all = fc.sample(anyWalk, { seed: seedOfAll, numRuns: walksOfAll })
    turns = all.flatMap((walk) => take(walk))
  }, timeout)

  test('make every move that a status may make, and so come from each status to every other', () => {
    const seen = new Set(
      turns.flatMap(({ before, world, said: { decided } }) => {
        const last = before ?? world.rounds.at(-1)
        if (last === undefined || !decided.ok) return []
        return [`${last.status} to ${decided.decision.handoff.status}`]
      }),
    )
    expect(ways.map(({ from, to }) => `${from} to ${to}`).filter((way) => !seen.has(way))).toEqual(
      [],
    )
    for (const status of handoffStatuses) {
      expect([...reachableFrom(status)].sort(), status).toEqual([...handoffStatuses].sort())
    }
  })

  test('come to everything that can happen', () => {
    const happened = new Set(
      turns.flatMap((turn) => decisionsOf(turn).flatMap(({ events }) => events)).map((e) => e.type),
    )
    // a lead is erased by no command of a person on its handoff: see test/domain/erasure
    expect(eventTypes.filter((type) => !happened.has(type))).toEqual(['Erased'])
  })

  test('come to every way in which a handoff can stand', () => {
    const seen = new Set(turns.flatMap(({ after }) => after.rounds.map(standingOf)))
    expect(Object.keys(mayRun).filter((one) => ![...seen].some((is) => is === one))).toEqual([])
  })

  test('hear every refusal', () => {
    const heard = new Set<string>(
      turns.flatMap(({ said: { decided } }) => (decided.ok ? [] : [decided.refusal.code])),
    )
    const silent = Object.keys(refusalCodes).filter((code) => !heard.has(code))
    expect(silent).toEqual(Object.keys(refusedElsewhere))
  })

  test('let everybody do something, but the outsider', () => {
    const active = new Set(turns.flatMap(({ by, said }) => (said.decided.ok ? [by] : [])))
    expect(names.filter((name) => !active.has(name))).toEqual(['olga'])
  })
})

/** The ways of a lead: the moves of its handoff, and from one round to the next. */
const ways = [...moves, ...anotherRound.map((from) => ({ from, to: 'offered' }))]

/** Where they lead to, in any number. */
function reachableFrom(start: string): Set<string> {
  const found = new Set<string>()
  const next = [start]
  for (let at = next.pop(); at !== undefined; at = next.pop()) {
    for (const { from, to } of ways) {
      if (from !== at || found.has(to)) continue
      found.add(to)
      next.push(to)
    }
  }
  return found
}
