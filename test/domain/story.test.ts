import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { accept } from '../../src/domain/decide/accept.ts'
import { acknowledgeReturn } from '../../src/domain/decide/acknowledge-return.ts'
import { contestReturn } from '../../src/domain/decide/contest-return.ts'
import { correctAttempt } from '../../src/domain/decide/correct-attempt.ts'
import type { Actor, Decided, Decision } from '../../src/domain/decide/decision.ts'
import { answeredByNextRound, handOff } from '../../src/domain/decide/hand-off.ts'
import { logAttempt } from '../../src/domain/decide/log-attempt.ts'
import { pauseHandoff, resumeHandoff } from '../../src/domain/decide/pause.ts'
import { markReady } from '../../src/domain/decide/ready.ts'
import { giveBack, reassign } from '../../src/domain/decide/reassign.ts'
import { reportDeal } from '../../src/domain/decide/report-deal.ts'
import { returnLead } from '../../src/domain/decide/return.ts'
import { ruleOnReturn } from '../../src/domain/decide/rule-on-return.ts'
import { snoozeReminder } from '../../src/domain/decide/snooze.ts'
import { wake } from '../../src/domain/decide/wake.ts'
import { deadlineKinds, type Handoff, rulings } from '../../src/domain/handoff.ts'
import { personOf } from '../../src/domain/person.ts'
import {
  type Chapter,
  type Entry,
  isTold,
  type LeadStory,
  mayReadStories,
  type RecordedChange,
  type RecordedEvent,
  tellStory,
} from '../../src/domain/story.ts'
import {
  aHandOff,
  aLead,
  aMember,
  anActor,
  anAgreement,
  aPause,
  aPerson,
  aReturn,
  ben,
  concerned,
  fixedNow,
  mario,
  minutesAfter,
  sara,
} from '../support/builders.ts'

const agreement = anAgreement({ pause: aPause() })
const luca = aPerson({ id: 'per_luca', name: 'Luca Bianchi', email: 'luca@acme.example' })
const people = new Map([aPerson(), ben, luca, mario, sara].map((person) => [person.id, person]))

const anna = anActor()
const marketing: Actor = { person: ben, role: 'marketing' }
const ofSales: Actor = { person: sara, role: 'sales_manager' }
const ofMarketing: Actor = { person: mario, role: 'marketing_manager' }

/** A lead as it is recorded, decision by decision. */
class Recorder {
  now = fixedNow
  readonly rounds: { handoff: Handoff; events: RecordedEvent[] }[] = []
  readonly changes: RecordedChange[] = []

  get handoff(): Handoff {
    const last = this.rounds.at(-1)
    if (last === undefined) throw new Error('nothing was handed over')
    return last.handoff
  }

  get context() {
    return { agreement, now: this.now }
  }

  after(minutes: number): this {
    this.now = minutesAfter(minutes, this.now)
    return this
  }

  keep({ handoff, events, changes }: Decision): void {
    const { id: handoffId, version } = handoff
    const round = this.rounds.find((one) => one.handoff.id === handoffId) ?? { handoff, events: [] }
    if (!this.rounds.includes(round)) this.rounds.push(round)
    round.handoff = handoff
    round.events.push(...events.map((event) => ({ ...event, version })))
    const { at = this.now, by = null } = events.at(-1) ?? {}
    this.changes.push(...changes.map((one) => ({ ...one, handoffId, version, at, by })))
  }

  /** Does it, where it is possible; says whether it was. */
  try(decide: (handoff: Handoff) => Decided): boolean {
    const decided = decide(this.handoff)
    if (decided.ok) this.keep(decided.decision)
    return decided.ok
  }

  do(decide: (handoff: Handoff) => Decided): this {
    if (!this.try(decide)) throw new Error('refused')
    return this
  }

  handOver(whatChanged?: string): boolean {
    const before = this.rounds.at(-1)?.handoff ?? null
    const known = {
      stage: before?.lifecycleStage ?? null,
      status: before?.leadStatus ?? null,
    }
    const id = `hof_${this.rounds.length + 1}`
    const decided = handOff(aHandOff({ id, before, known, whatChanged }), marketing, this.context)
    if (!decided.ok) return false
    const answered =
      before && answeredByNextRound(before, decided.decision.handoff, marketing, this.now)
    this.keep(decided.decision)
    if (answered !== null) this.keep(answered)
    return true
  }

  story(overrides: Partial<LeadStory> = {}): LeadStory {
    const { lifecycleStage: stage, leadStatus: status } = this.handoff
    return {
      known: { lead: aLead(), stage, status, score: null },
      rounds: this.rounds.map((round) => ({ ...round, olderEvents: 0 })),
      olderRounds: 0,
      changes: this.changes,
      people,
      ...overrides,
    }
  }
}

const begun = (): Recorder => {
  const record = new Recorder()
  record.handOver()
  return record
}

const accepting = (record: Recorder) => (handoff: Handoff) => accept(handoff, anna, record.context)
const returning = (record: Recorder) => (handoff: Handoff) =>
  returnLead(handoff, aReturn({ readyWhen: 'the budget is approved' }), anna, record.context)
const contesting = (record: Recorder) => (handoff: Handoff) =>
  contestReturn(
    handoff,
    {
      why: 'The budget is approved',
      judges: [
        { person: sara, role: 'sales_manager' },
        { person: mario, role: 'marketing_manager' },
      ],
    },
    marketing,
    record.context,
  )
const ruling =
  (record: Recorder, by: Actor, how: (typeof rulings)[number], words = 'So it is') =>
  (handoff: Handoff) =>
    ruleOnReturn(handoff, { ruling: how, words }, by, record.context)
const trying =
  (record: Recorder, outcome: 'no-answer' | 'connected' = 'no-answer', note = 'Rang twice') =>
  (handoff: Handoff) =>
    logAttempt(
      handoff,
      { id: `att_${handoff.attempts.length}`, channel: 'call', outcome, note, at: record.now },
      anna,
      record.context,
    )

const entriesOf = (record: Recorder): Entry[] =>
  tellStory(record.story()).flatMap(({ entries }) => entries)
const kindsOf = (record: Recorder): string[] => entriesOf(record).map(({ kind }) => kind)
const movesOf = ({ moves }: Pick<Entry, 'moves'>): string[] =>
  moves.map(({ what, from, to }) => `${what}: ${from} → ${to}`)

describe('the story of a lead', () => {
  test('tells a return with what became of the lead by it', () => {
    const record = begun()
    record.after(30).do(returning(record))
    const [handedOver, returned] = entriesOf(record)
    expect(handedOver).toMatchObject({
      kind: 'handed-over',
      by: ben,
      reason: 'Asked for a quote for two presses',
      priority: 'hot',
    })
    expect(returned).toMatchObject({
      kind: 'returned',
      by: anna.person,
      at: minutesAfter(30),
      facts: { reason: 'not-ready', readyWhen: 'the budget is approved' },
    })
    expect(returned && movesOf(returned)).toEqual([
      'stage: sql → mql',
      'status: New → Returned – not ready',
    ])
    expect(returned?.moves[0]?.rule).toBe('return_reasons.not-ready')
  })

  test('tells a breach by itself, and nothing of reminders', () => {
    const record = begun()
    record.after(24 * 60)
    const decision = wake(record.handoff, 'accept', concerned(), record.context)
    if (decision !== null) record.keep(decision)
    record.do(accepting(record))
    expect(kindsOf(record)).toEqual(['handed-over', 'breach', 'accepted'])
    expect(entriesOf(record)[1]).toMatchObject({ clock: 'accept', by: null, moves: [] })
  })

  test('a breach that was noticed with an acceptance takes nothing from it', () => {
    const record = begun()
    record.after(24 * 60).do(accepting(record))
    const [, breach, accepted] = entriesOf(record)
    expect(breach).toMatchObject({ kind: 'breach', moves: [] })
    expect(accepted).toMatchObject({ kind: 'accepted', afterMs: 24 * 3_600_000 })
    expect(accepted && movesOf(accepted)).toEqual(['status: New → Accepted'])
  })

  test('an attempt that reaches somebody is one line', () => {
    const record = begun()
    record.after(5).do(accepting(record)).after(5).do(trying(record, 'connected'))
    expect(kindsOf(record)).toEqual(['handed-over', 'accepted', 'attempt'])
    expect(entriesOf(record)[2]).toMatchObject({
      number: 1,
      connected: true,
      made: { channel: 'call', outcome: 'connected', note: 'Rang twice' },
    })
  })

  test('an attempt keeps what was noted at first, and its correction says what is right', () => {
    const record = begun()
    record.after(5).do(accepting(record)).after(5).do(trying(record)).after(5)
    record.do((handoff) =>
      correctAttempt(
        handoff,
        {
          number: 1,
          channel: undefined,
          outcome: 'connected',
          at: undefined,
          note: 'Maria called back',
          void: undefined,
        },
        anna,
        record.context,
      ),
    )
    const [, , attempt, corrected] = entriesOf(record)
    expect(attempt).toMatchObject({ kind: 'attempt', made: { note: 'Rang twice' } })
    expect(corrected).toMatchObject({
      kind: 'corrected',
      was: { outcome: 'no-answer' },
      is: { outcome: 'connected', note: 'Maria called back' },
      connected: true,
    })
  })

  test('rulings say how the two stand to each other, and an overturned return goes on', () => {
    const record = begun()
    record.after(30).do(returning(record)).after(30).do(contesting(record)).after(30)
    record.do(ruling(record, ofSales, 'uphold')).do(ruling(record, ofMarketing, 'overturn'))
    record.after(1).do(ruling(record, ofSales, 'overturn'))
    expect(entriesOf(record).slice(2)).toMatchObject([
      { kind: 'answered', answer: 'contested', why: 'The budget is approved' },
      { kind: 'ruling', side: 'sales', outcome: 'awaited' },
      { kind: 'ruling', side: 'marketing', outcome: 'disagreed' },
      { kind: 'ruling', side: 'sales', ruling: 'overturn', outcome: 'ruled' },
    ])
    const last = entriesOf(record).at(-1)
    expect(last?.events.map(({ type }) => type)).toEqual(['RulingGiven', 'ReturnRuled', 'Reopened'])
    expect(last && movesOf(last)).toEqual([
      'stage: mql → sql',
      'status: Returned – not ready → New',
    ])
  })

  test('owners are people, and whoever is not there any more is nobody', () => {
    const record = begun()
    record.after(5).do(accepting(record)).after(5)
    const to = { person: luca, role: 'rep', duty: { free: true } } as const
    record.do((handoff) => reassign(handoff, to, anna, record.context))
    expect(entriesOf(record).at(-1)).toMatchObject({
      how: 'passed-on',
      from: anna.person,
      to: luca,
    })
    const erased = tellStory(record.story({ people: new Map() }))
    expect(erased[0]?.entries.at(-1)).toMatchObject({ how: 'passed-on', from: null, to: null })
  })

  test('another round is a chapter of its own, and answers the return of the one before', () => {
    const record = begun()
    record.after(30).do(returning(record)).after(600)
    record.handOver('The budget is approved')
    const [first, second] = tellStory(record.story())
    expect(first?.entries.at(-1)).toMatchObject({ kind: 'answered', answer: 'handed-over-again' })
    expect(second?.round?.handoff.round).toBe(2)
    expect(second?.entries).toMatchObject([
      { kind: 'handed-over', whatChanged: 'The budget is approved' },
    ])
  })

  test('a return on record from before today has all that it needs', () => {
    const record = begun()
    record.after(30).do(returning(record))
    const event = record.rounds[0]?.events.at(-1)
    if (event !== undefined) {
      event.data = { reason: 'duplicate', criterion: null, readyOn: null, note: 'Twice' }
    }
    expect(entriesOf(record).at(-1)).toMatchObject({
      facts: { reason: 'duplicate', field: null, duplicateOf: null, note: 'Twice' },
    })
  })
})

describe('changes that came with no handoff', () => {
  const alone = (minutes: number, to: string, what: 'stage' | 'status' = 'stage') => ({
    ...{ what, from: null, to, rule: 'score', handoffId: null, version: null },
    at: minutesAfter(minutes),
    by: null,
  })
  const withAlone = (...changes: RecordedChange[]): Chapter[] => {
    const record = begun()
    record.after(30).do(returning(record))
    return tellStory(record.story({ changes: [...changes, ...record.changes] }))
  }

  test('stand before the first handoff', () => {
    const [before, first] = withAlone(alone(-60, 'lead'), alone(-30, 'mql'))
    expect(before).toMatchObject({ round: null, entries: [{ kind: 'moved' }, { kind: 'moved' }] })
    expect(first?.entries).toHaveLength(2)
  })

  test('stand among the events of a handoff, those of one moment together', () => {
    const [first, ...others] = withAlone(alone(10, 'mql'), alone(10, 'Nurturing', 'status'))
    expect(others).toEqual([])
    expect(first?.entries.map(({ kind }) => kind)).toEqual(['handed-over', 'moved', 'returned'])
    expect(first?.entries[1]?.moves).toHaveLength(2)
  })

  test('are left out where nobody knows which rounds came before them', () => {
    const record = begun()
    const chapters = tellStory(record.story({ changes: [alone(-60, 'lead')], olderRounds: 3 }))
    expect(chapters.map(({ round }) => round?.handoff.id)).toEqual(['hof_1'])
  })
})

test('what came with events that are left out stands before those that are told', () => {
  const record = begun()
  record.after(5).do(accepting(record)).after(5).do(trying(record))
  const story = record.story()
  const [round] = story.rounds
  if (round === undefined) throw new Error('no round')
  const cut = { ...round, events: round.events.slice(2), olderEvents: 2 }
  const [chapter] = tellStory({ ...story, rounds: [cut] })
  expect(chapter?.entries.map(({ kind }) => kind)).toEqual(['moved', 'moved', 'attempt'])
})

describe('every history', () => {
  type Command = (record: Recorder) => unknown
  const commands: Command[] = [
    (record) => record.handOver('Something new'),
    (record) => record.try(accepting(record)),
    (record) => record.try(accepting(record)),
    (record) => record.try(trying(record)),
    (record) => record.try(trying(record, 'connected')),
    (record) =>
      record.try((handoff) =>
        correctAttempt(
          handoff,
          {
            number: 1,
            channel: 'email',
            outcome: handoff.attempts[0]?.outcome === 'sent' ? 'connected' : 'sent',
            at: undefined,
            note: undefined,
            void: undefined,
          },
          anna,
          record.context,
        ),
      ),
    (record) => record.try(returning(record)),
    (record) => record.try((handoff) => acknowledgeReturn(handoff, marketing, record.context)),
    (record) => record.try(contesting(record)),
    ...rulings.flatMap((how): Command[] => [
      (record) => record.try(ruling(record, ofSales, how)),
      (record) => record.try(ruling(record, ofMarketing, how)),
    ]),
    (record) => record.try((handoff) => markReady(handoff, marketing, record.context)),
    (record) =>
      record.try((handoff) =>
        pauseHandoff(handoff, { reason: 'on-hold' }, ofSales, record.context),
      ),
    (record) => record.try((handoff) => resumeHandoff(handoff, ofSales, record.context)),
    (record) => record.try((handoff) => giveBack(handoff, ofSales, record.context)),
    (record) =>
      record.try((handoff) =>
        reassign(
          handoff,
          { person: luca, role: 'rep', duty: { free: true } },
          ofSales,
          record.context,
        ),
      ),
    ...['exploration', 'on-hold', 'closed-won', 'closed-lost'].map(
      (stage): Command =>
        (record) =>
          record.try((handoff) =>
            reportDeal(
              handoff,
              { stage, lostReason: 'price', note: undefined, fromProgram: false },
              ofSales,
              record.context,
            ),
          ),
    ),
    ...deadlineKinds.flatMap((kind): Command[] => [
      (record) => {
        const decision = wake(record.handoff, kind, concerned(), record.context)
        if (decision !== null) record.keep(decision)
      },
      (record) =>
        record.try((handoff) => snoozeReminder(handoff, { kind }, ofSales, record.context)),
    ]),
  ]
  const histories = fc
    .array(fc.record({ command: fc.constantFrom(...commands), minutes: fc.nat(2_000) }), {
      maxLength: 60,
    })
    .map((steps) => {
      const record = begun()
      for (const { command, minutes } of steps) command(record.after(minutes))
      return record
    })

  test('is told with each event and each change once, in order', () => {
    fc.assert(
      fc.property(histories, (record) => {
        const chapters = tellStory(record.story())
        expect(chapters.map(({ round }) => round?.handoff.id)).toEqual(
          record.rounds.map(({ handoff }) => handoff.id),
        )
        for (const [index, { entries }] of chapters.entries()) {
          const round = record.rounds[index]
          expect(entries.flatMap(({ events }) => events)).toEqual(round?.events.filter(isTold))
          const own = record.changes.filter(({ handoffId }) => handoffId === round?.handoff.id)
          expect(entries.flatMap(({ moves }) => moves)).toEqual(own)
          const times = entries.map(({ at }) => at.getTime())
          expect(times).toEqual(times.toSorted((a, b) => a - b))
        }
      }),
      { numRuns: 300 },
    )
  })

  test('names no kind of line for what nobody has to read again', () => {
    fc.assert(
      fc.property(histories, (record) => {
        const told = entriesOf(record).flatMap(({ events }) => events)
        expect(told.filter((event) => !isTold(event))).toEqual([])
        expect(entriesOf(record).filter(({ kind }) => kind === 'moved')).toEqual([])
      }),
      { numRuns: 100 },
    )
  })
})

describe('a story may be read', () => {
  const ben = personOf(aMember({ email: 'ben@acme.example' }))
  test.each([
    ['by whoever the agreement names', aMember(), true],
    ['by marketing', aMember(ben), true],
    ['by whoever was assigned a role', aMember({ email: 'x@acme.example', assigned: 'rep' }), true],
    ['not by somebody without a role', aMember({ email: 'x@acme.example' }), false],
    ['not by a guest, whatever else they are', aMember({ external: true }), false],
  ])('%s', (_, member, may) => {
    expect(mayReadStories(agreement, member)).toBe(may)
  })

  test('by the owner of any lead type', () => {
    const lead_types = agreement.lead_types.map((type, index) =>
      index === 1 ? { ...type, owners: { fixed: 'x@acme.example' } } : type,
    )
    const terms = { ...agreement, lead_types }
    expect(mayReadStories(terms, aMember({ email: 'x@acme.example' }))).toBe(true)
  })
})
