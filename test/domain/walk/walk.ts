import fc from 'fast-check'
import {
  type Agreement,
  type AttemptChannel,
  type AttemptOutcome,
  attemptOutcomes,
  type LifecycleStage,
  lifecycleStages,
  type Priority,
  priorities,
} from '../../../src/domain/agreement.ts'
import { calendarDateIn } from '../../../src/domain/business-time.ts'
import { nextInRotation } from '../../../src/domain/clocks.ts'
import { wakeAt } from '../../../src/domain/deadlines.ts'
import { accept } from '../../../src/domain/decide/accept.ts'
import { acknowledgeReturn } from '../../../src/domain/decide/acknowledge-return.ts'
import { addNews } from '../../../src/domain/decide/add-news.ts'
import { contestReturn } from '../../../src/domain/decide/contest-return.ts'
import { correctAttempt } from '../../../src/domain/decide/correct-attempt.ts'
import type { Actor, Context, Decided, Decision } from '../../../src/domain/decide/decision.ts'
import { answeredByNextRound, handOff } from '../../../src/domain/decide/hand-off.ts'
import { logAttempt } from '../../../src/domain/decide/log-attempt.ts'
import { pauseHandoff, resumeHandoff } from '../../../src/domain/decide/pause.ts'
import { markReady } from '../../../src/domain/decide/ready.ts'
import { giveBack, reassign } from '../../../src/domain/decide/reassign.ts'
import { reportDeal } from '../../../src/domain/decide/report-deal.ts'
import { returnLead } from '../../../src/domain/decide/return.ts'
import { ruleOnReturn } from '../../../src/domain/decide/rule-on-return.ts'
import { snoozeReminder } from '../../../src/domain/decide/snooze.ts'
import { wake } from '../../../src/domain/decide/wake.ts'
import type { Duty } from '../../../src/domain/duty.ts'
import {
  type DeadlineKind,
  deadlineKinds,
  type Handoff,
  type LeadField,
  type Ruling,
  rulings,
} from '../../../src/domain/handoff.ts'
import type { Lead, LeadChange } from '../../../src/domain/lead.ts'
import { aLead, fixedNow } from '../../support/builders.ts'
import { standingOf } from './law.ts'
import { type Name, names, people, type SettingName, settings } from './settings.ts'

/**
 * One lead, everybody who has to do with it, and every command there is, in any order: the rules are
 * asked, what they decide becomes the state, and each turn is kept for the properties to look at.
 */

/** What a person says; who says it, and when, is the walk's. */
export type Command =
  | {
      do: 'hand-over'
      leadType: string | undefined
      priority: Priority
      owner: Name | null
      whatChanged: string | undefined
    }
  | { do: 'news'; priority: Priority }
  | { do: 'accept' }
  | ({ do: 'return' } & ReturnSaid)
  | { do: 'attempt'; channel: AttemptChannel; outcome: AttemptOutcome; agoMs: number }
  | {
      do: 'correct'
      number: number
      outcome: AttemptOutcome | undefined
      agoMs: number | undefined
      void: boolean | undefined
    }
  | { do: 'pause'; reason: string }
  | { do: 'resume' }
  | { do: 'snooze'; kind: DeadlineKind }
  | { do: 'acknowledge' }
  | { do: 'contest'; why: string | undefined }
  | { do: 'rule'; ruling: Ruling; words: string | undefined }
  | { do: 'ready' }
  | {
      do: 'deal'
      stage: string
      lostReason: string | undefined
      note: string | undefined
      fromProgram: boolean
    }
  | { do: 'reassign'; to: Name; duty: Duty }
  | { do: 'give-back' }

interface ReturnSaid {
  reason: string
  criterion: string | undefined
  /** Days from today. */
  readyIn: number | undefined
  readyWhen: string | undefined
  field: LeadField | undefined
  duplicateOf: { email: string; lead: Lead | undefined } | undefined
  note: string | undefined
}

/** The API's key may speak without naming a person. */
export type Speaker = Name | 'api'
const throughTheApi: readonly Command['do'][] = ['hand-over', 'news', 'attempt', 'deal']
export const speakers: readonly Speaker[] = [...names, 'api']

interface Step {
  /** Time that passes first; null until the next timer. */
  waitMs: number | null
  /** Timers come while it passes, each at its moment. */
  awake: boolean
  by: Speaker
  /** Where they may not, somebody speaks who may. */
  willing: boolean
  /** On a card of an earlier round, where there is one. */
  stale: boolean
  command: Command
}

export interface Walk {
  setting: SettingName
  stage: LifecycleStage | null
  steps: Step[]
}

const maybe = <Value>(value: Value) => fc.constantFrom(value, value, value, value, undefined)
/** Mostly what can be, and now and then what can't. */
const mostly = <const Value>(usual: readonly Value[], rare: readonly Value[]) =>
  fc.oneof(
    { weight: 11, arbitrary: fc.constantFrom(...usual) },
    { weight: 1, arbitrary: fc.constantFrom(...rare) },
  )
const hour = 3_600_000
const stages = ['exploration', 'quote', 'closed-won', 'closed-lost', 'on-hold']
const otherLead = aLead({ id: 'lead_other', email: 'other@officineverdi.example' })

const handOver = fc.record({
  do: fc.constant('hand-over'),
  leadType: mostly([undefined], ['nothing-we-sell']),
  priority: fc.constantFrom(...priorities),
  owner: fc.constantFrom(null, null, 'anna', 'luca'),
  whatChanged: maybe('The budget is approved'),
})
const reasons = ['not-ready', 'not-a-fit', 'wrong-data', 'duplicate', 'misled', 'unresponsive']
const goBack = fc.record({
  do: fc.constant('return'),
  reason: mostly([...reasons, 'unresponsive', 'unresponsive'], ['no-reason']),
  criterion: mostly(['industry', 'size', undefined], ['taste']),
  readyIn: mostly([0, 1, 2, 30, undefined, undefined], [-1]),
  readyWhen: maybe('the budget is approved'),
  field: fc.constantFrom('phone', 'other', 'email', undefined),
  duplicateOf: mostly(
    [{ email: otherLead.email, lead: otherLead }, undefined],
    [
      { email: 'nobody@officineverdi.example', lead: undefined },
      { email: aLead().email, lead: aLead() },
    ],
  ),
  note: maybe('Left the company'),
})
const contest = fc.record({ do: fc.constant('contest'), why: maybe('The budget is there') })
const rule = fc.record({
  do: fc.constant('rule'),
  ruling: fc.constantFrom(...rulings, 'overturn'),
  words: maybe('A budget counts once it is approved'),
})
const attempt = fc.record({
  do: fc.constant('attempt'),
  channel: fc.constantFrom('call', 'email', 'meeting', 'linkedin'),
  outcome: mostly(['no-answer', 'sent', 'left-message', 'connected'], attemptOutcomes),
  agoMs: mostly([0, 0, 0, hour / 2], [30 * hour, -hour]),
})
const accepting = fc.constant<Command>({ do: 'accept' })
const giveBackIt = fc.constant<Command>({ do: 'give-back' })
const duties: Duty[] = [
  { free: true },
  { free: true },
  { free: false, why: 'off', until: '2026-12-01' },
  { free: false, why: 'full', cap: 3 },
]

const anyCommand: fc.Arbitrary<Command> = fc.oneof(
  { weight: 6, arbitrary: handOver },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('news'), priority: fc.constantFrom(...priorities) }),
  },
  { weight: 6, arbitrary: accepting },
  { weight: 7, arbitrary: goBack },
  { weight: 9, arbitrary: attempt },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('correct'),
      number: fc.integer({ min: 1, max: 4 }),
      outcome: fc.constantFrom(undefined, undefined, 'no-answer', ...attemptOutcomes),
      agoMs: fc.constantFrom(undefined, undefined, undefined, 0, hour, -hour),
      void: fc.constantFrom(undefined, undefined, true, false),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('pause'),
      reason: mostly(['on-hold', 'waiting-for-customer'], ['no-reason']),
    }),
  },
  { weight: 2, arbitrary: fc.constant({ do: 'resume' }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('snooze'), kind: fc.constantFrom(...deadlineKinds) }),
  },
  { weight: 2, arbitrary: fc.constant({ do: 'acknowledge' }) },
  {
    weight: 6,
    arbitrary: contest,
  },
  { weight: 4, arbitrary: rule },
  { weight: 2, arbitrary: fc.constant({ do: 'ready' }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('deal'),
      stage: mostly([...stages, 'on-hold'], ['no-stage']),
      lostReason: mostly(['price', 'no-decision', undefined], ['no-reason']),
      note: maybe('They chose to wait'),
      fromProgram: fc.constantFrom(false, false, false, true),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('reassign'),
      to: fc.constantFrom(...names, 'luca'),
      duty: fc.constantFrom(...duties),
    }),
  },
  { weight: 2, arbitrary: giveBackIt },
)

const stepOf = (command: fc.Arbitrary<Command>): fc.Arbitrary<Step> =>
  fc.record({
    waitMs: fc.oneof(
      { weight: 4, arbitrary: fc.integer({ min: 0, max: hour / 3 }) },
      { weight: 2, arbitrary: fc.integer({ min: 0, max: 8 * hour }) },
      { weight: 1, arbitrary: fc.integer({ min: 0, max: 72 * hour }) },
      { weight: 2, arbitrary: fc.constant(null) },
    ),
    awake: fc.constantFrom(true, true, false),
    by: fc.constantFrom(...speakers),
    willing: fc.constantFrom(true, true, false),
    stale: mostly([false], [true]),
    command,
  })

/** What comes to pass by chance too seldom: a return that is contested and ruled on at once. */
const aDispute: fc.Arbitrary<Step[]> = fc
  .tuple(
    fc.array(stepOf(fc.oneof(accepting, attempt, giveBackIt)), { maxLength: 3 }),
    stepOf(goBack),
    stepOf(contest),
    fc.array(stepOf(rule), { minLength: 2, maxLength: 5 }),
  )
  .map(([first, back, against, rulings]) => [
    ...first,
    back,
    ...[against, ...rulings].map((step) => ({ ...step, waitMs: 60_000 })),
  ])

export const anyWalk: fc.Arbitrary<Walk> = fc.record({
  setting: fc.constantFrom('usual', 'lively', 'strict'),
  stage: fc.constantFrom(null, ...lifecycleStages.filter((stage) => stage !== 'opportunity')),
  steps: fc
    .array(
      fc.oneof(
        { weight: 25, arbitrary: stepOf(anyCommand).map((step) => [step]) },
        { weight: 2, arbitrary: aDispute },
      ),
      { minLength: 10, maxLength: 80, size: 'max' },
    )
    .map((steps) => steps.flat()),
})

/** The lead, and every handoff of it. */
export interface World {
  setting: SettingName
  now: Date
  stage: LifecycleStage | null
  status: string | null
  /** One handoff a round, in order. */
  rounds: readonly Handoff[]
}

/** What somebody asks for: a command on one of the rounds, or a timer that comes round. */
export interface Asked {
  world: World
  by: Speaker | 'clock'
  command: Command | { do: 'wake'; kind: DeadlineKind }
  /** Which round it is about; that of the card that was clicked. */
  round: number
}

/** What the rules say to it; null where a timer comes round for nothing. */
export interface Said {
  decided: Decided
  /** What a next round does to the one before it. */
  answered: Decision | null
}

export interface Turn extends Asked {
  before: Handoff | undefined
  said: Said
  /** The world after it: the same one where it was refused. */
  after: World
}

/** What the rules say to a command. They are asked as the use-cases ask, and nothing is kept. */
export function ask({ world, by, command, round }: Asked): Said | null {
  const { agreement } = settings[world.setting]
  const context: Context = { agreement, now: world.now }
  const handoff = world.rounds[round]
  if (command.do === 'hand-over') return handOverOf(world, command, actorOf(by), context)
  if (handoff === undefined) return null
  if (command.do === 'wake') {
    const concerned = concernedBy(handoff, command.kind, agreement)
    const decision = wake(handoff, command.kind, concerned, context)
    return decision === null ? null : { decided: { ok: true, decision }, answered: null }
  }
  const actor = actorOf(by)
  const followed = round < world.rounds.length - 1
  const decided =
    actor === null
      ? throughApi(handoff, command, followed, context)
      : byPerson(handoff, command, actor, { ...world, followed }, context)
  if (decided === null) return null
  return { decided, answered: null }
}

const actorOf = (by: Asked['by']): Actor | null =>
  by === 'api' || by === 'clock' ? null : people[by]

function handOverOf(
  { rounds, stage, status }: World,
  command: Extract<Command, { do: 'hand-over' }>,
  actor: Actor | null,
  context: Context,
): Said {
  const before = rounds.at(-1) ?? null
  const decided = handOff(
    {
      id: `hof_${rounds.length + 1}`,
      workspaceId: 'ws_1',
      lead: aLead(),
      leadType: command.leadType,
      priority: command.priority,
      reason: 'Asked for a quote',
      whatChanged: command.whatChanged,
      owner: command.owner === null ? null : people[command.owner].person,
      agreementVersion: 1,
      known: { stage, status },
      score: null,
      turn: null,
      before,
    },
    actor,
    context,
  )
  const answered =
    before === null || !decided.ok
      ? null
      : answeredByNextRound(before, decided.decision.handoff, actor, context.now)
  return { decided, answered }
}

function throughApi(
  handoff: Handoff,
  command: Command,
  followed: boolean,
  context: Context,
): Decided | null {
  switch (command.do) {
    case 'news':
      return addNews(handoff, toldBy(handoff, command), null, context)
    case 'attempt':
      return logAttempt(handoff, made(handoff, command, context), null, context)
    case 'deal':
      return reportDeal(handoff, { ...command, followed }, null, context)
    default:
      return null
  }
}

const toldBy = ({ lead }: Handoff, { priority }: Extract<Command, { do: 'news' }>) => ({
  lead: { ...lead, phone: '+39 051 555 0199' },
  reason: 'Asked for a date',
  priority,
  score: null,
})

const made = (
  { attempts }: Handoff,
  { channel, outcome, agoMs }: Extract<Command, { do: 'attempt' }>,
  { now }: Context,
) => ({
  id: `att_${attempts.length + 1}`,
  channel,
  outcome,
  at: new Date(now.getTime() - agoMs),
  note: undefined,
})

function byPerson(
  handoff: Handoff,
  command: Exclude<Command, { do: 'hand-over' }>,
  actor: Actor,
  { setting, followed }: { setting: SettingName; followed: boolean },
  context: Context,
): Decided {
  switch (command.do) {
    case 'news':
      return addNews(handoff, toldBy(handoff, command), actor, context)
    case 'accept':
      return accept(handoff, actor, context)
    case 'return': {
      const { readyIn, ...said } = command
      const readyOn = readyIn === undefined ? undefined : dayIn(readyIn, context)
      const told = { ...said, readyOn, marketingLead: people.mario.person }
      return returnLead(handoff, told, actor, context)
    }
    case 'attempt':
      return logAttempt(handoff, made(handoff, command, context), actor, context)
    case 'correct': {
      const { number, outcome, agoMs, void: gone } = command
      const at = agoMs === undefined ? undefined : new Date(context.now.getTime() - agoMs)
      const said = { number, outcome, at, void: gone, channel: undefined, note: undefined }
      return correctAttempt(handoff, said, actor, context)
    }
    case 'pause':
      return pauseHandoff(handoff, command, actor, context)
    case 'resume':
      return resumeHandoff(handoff, actor, context)
    case 'snooze':
      return snoozeReminder(handoff, command, actor, context)
    case 'acknowledge':
      return acknowledgeReturn(handoff, actor, context)
    case 'contest': {
      const { judges } = settings[setting]
      return contestReturn(handoff, { why: command.why, judges }, actor, context)
    }
    case 'rule':
      return ruleOnReturn(handoff, command, actor, context)
    case 'ready':
      return markReady(handoff, actor, context)
    case 'deal':
      return reportDeal(handoff, { ...command, followed }, actor, context)
    case 'reassign':
      return reassign(handoff, { ...people[command.to], duty: command.duty }, actor, context)
    case 'give-back':
      return giveBack(handoff, actor, context)
  }
}

const dayIn = (days: number, { agreement, now }: Context): string =>
  calendarDateIn(new Date(now.getTime() + days * 24 * hour), agreement.calendar.timezone)

/** The people that a clock speaks to. */
function concernedBy({ leadType, owner }: Handoff, kind: DeadlineKind, agreement: Agreement) {
  const [email] = nextInRotation(agreement, leadType, owner?.email ?? null)
  const next = Object.values(people).find(({ person }) => person.email === email)?.person
  const { sara, mario } = people
  const managers = { 'return-answer': [mario], ruling: [sara, mario], others: [sara] }
  const told = managers[kind === 'return-answer' || kind === 'ruling' ? kind : 'others']
  return {
    managers: told.map(({ person }) => person.id),
    marketingLead: mario.person.id,
    nextOwner: next ?? null,
  }
}

/** Somebody may give the command, beginning with whoever was asked. */
export function whoMay(asked: Asked & { by: Speaker }): Speaker | undefined {
  const first = speakers.indexOf(asked.by)
  const turn = [...speakers.slice(first), ...speakers.slice(0, first)]
  return turn.find((by) => ask({ ...asked, by })?.decided.ok === true)
}

/** The world after what was decided. */
function committed(world: World, said: Said): World {
  let after = world
  for (const { handoff, changes } of decisionsOf({ said })) {
    const known = after.rounds.some(({ id }) => id === handoff.id)
    const next = frozen(handoff)
    const changed = (what: LeadChange['what']) => changes.some((change) => change.what === what)
    after = {
      ...after,
      stage: changed('stage') ? handoff.lifecycleStage : after.stage,
      status: changed('status') ? handoff.leadStatus : after.status,
      rounds: known
        ? after.rounds.map((one) => (one.id === handoff.id ? next : one))
        : [...after.rounds, next],
    }
  }
  return after
}

/** A rule that changes what it was given fails on the spot. */
function frozen<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  for (const part of Object.values(value)) frozen(part)
  return Object.freeze(value)
}

/** Takes every step of a walk, and tells every turn of it. */
export function take({ setting, stage, steps }: Walk): Turn[] {
  const turns: Turn[] = []
  const status = stage === null ? null : 'Open'
  let world: World = { setting, now: fixedNow, stage, status, rounds: [] }

  function turn(asked: Asked): boolean {
    const said = ask(asked)
    if (said === null) return false
    const after = committed(asked.world, said)
    const before = asked.command.do === 'hand-over' ? undefined : asked.world.rounds[asked.round]
    turns.push({ ...asked, before, said, after })
    world = after
    return true
  }

  function nextTimer() {
    const timers = world.rounds.flatMap(({ deadlines }, round) =>
      deadlines.flatMap((deadline) => {
        const at = wakeAt(deadline)
        return at === null ? [] : [{ at, kind: deadline.kind, round }]
      }),
    )
    return timers.sort((one, other) => one.at.getTime() - other.at.getTime())[0]
  }

  function wait({ waitMs, awake }: Step): void {
    const until =
      waitMs === null ? (nextTimer()?.at ?? world.now) : new Date(world.now.getTime() + waitMs)
    for (let rings = 0; awake; rings++) {
      const next = nextTimer()
      if (next === undefined || next.at > until) break
      const { kind, round, at } = next
      if (at > world.now) world = { ...world, now: at }
      const taken = turn({ world, by: 'clock', command: { do: 'wake', kind }, round })
      if (taken && rings < 200) continue
      throw new Error(`${storyOf(turns)}\nthe timer ${kind} never comes to an end`)
    }
    if (until > world.now) world = { ...world, now: until }
  }

  for (const step of steps) {
    wait(step)
    const { command, stale, willing } = step
    const last = Math.max(0, world.rounds.length - 1)
    const by = step.by === 'api' && !throughTheApi.includes(command.do) ? 'anna' : step.by
    const asked = { world, by, command, round: stale && last > 0 ? last - 1 : last }
    turn(willing ? { ...asked, by: whoMay(asked) ?? by } : asked)
  }
  return turns
}

/** Everything that a turn committed, in order. */
export const decisionsOf = ({ said: { decided, answered } }: Pick<Turn, 'said'>): Decision[] =>
  decided.ok ? [decided.decision, ...(answered === null ? [] : [answered])] : []

/** What was done, a turn a line, and how the handoff stood then. */
export function storyOf(turns: readonly Turn[]): string {
  const told = turns.filter(({ said }, at) => said.decided.ok || at === turns.length - 1)
  const lines = told.map(({ by, world, command, round, said }) => {
    const { decided } = said
    const became = decided.ok ? standingOf(decided.decision.handoff) : decided.refusal.code
    const what = JSON.stringify(command)
    return `${world.now.toISOString()} round ${round + 1}, ${by}: ${what}: ${became}`
  })
  return [`by the agreement ${turns[0]?.world.setting}:`, ...lines].join('\n')
}
