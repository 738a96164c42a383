import type { z } from 'zod'
import { type Agreement, agreementSchema, type Role } from '../../src/domain/agreement.ts'
import { accept } from '../../src/domain/decide/accept.ts'
import { contestReturn } from '../../src/domain/decide/contest-return.ts'
import type { Actor, Decided, Decision } from '../../src/domain/decide/decision.ts'
import { type HandOff, handOff } from '../../src/domain/decide/hand-off.ts'
import { type LogAttempt, logAttempt } from '../../src/domain/decide/log-attempt.ts'
import { pauseHandoff } from '../../src/domain/decide/pause.ts'
import { reportDeal } from '../../src/domain/decide/report-deal.ts'
import { type Return, returnLead } from '../../src/domain/decide/return.ts'
import { ruleOnReturn } from '../../src/domain/decide/rule-on-return.ts'
import type { Concerned } from '../../src/domain/decide/wake.ts'
import type { Handoff, Ruling } from '../../src/domain/handoff.ts'
import type { Lead } from '../../src/domain/lead.ts'
import type { Member, Person } from '../../src/domain/person.ts'
import type { ReturnSaid } from '../../src/use-cases/return-handoff.ts'

/** Monday, 10:00 in Rome: with the agreement below four working hours end at 15:00 in Rome. */
export const fixedNow = new Date('2026-11-23T09:00:00.000Z')

export const minutesAfter = (minutes: number, from: Date = fixedNow): Date =>
  new Date(from.getTime() + minutes * 60_000)

export const aPerson = (overrides: Partial<Person> = {}): Person => ({
  id: 'per_anna',
  slackId: 'U0ANNA',
  email: 'anna@acme.example',
  name: 'Anna Rossi',
  ...overrides,
})

export const aMember = (overrides: Partial<Member> = {}): Member => ({
  ...aPerson(),
  locale: 'en',
  zone: 'Europe/Rome',
  external: false,
  assigned: null,
  slackAdmin: false,
  ...overrides,
})

export const anActor = (person: Partial<Person> = {}, role: Role | null = 'rep'): Actor => ({
  person: aPerson(person),
  role,
})

export const ben: Person = aPerson({
  id: 'per_ben',
  slackId: 'U0BEN',
  email: 'ben@acme.example',
  name: 'Ben Marsh',
})

export const sara: Person = aPerson({
  id: 'per_sara',
  slackId: 'U0SARA',
  email: 'sara@acme.example',
  name: 'Sara Conti',
})

export const mario: Person = aPerson({
  id: 'per_mario',
  slackId: 'U0MARIO',
  email: 'mario@acme.example',
  name: 'Mario Bruni',
})

export const aLead = (overrides: Partial<Lead> = {}): Lead => ({
  id: 'lead_maria',
  email: 'maria@officineverdi.example',
  name: 'Maria Verdi',
  title: 'Plant manager',
  phone: '+39 02 5550100',
  company: {
    name: 'Officine Verdi',
    domain: 'officineverdi.example',
    industry: 'manufacturing',
    employees: 120,
    country: 'IT',
  },
  attributes: {},
  source: 'webinar',
  // one record of a CRM is one person
  crm: { system: 'hubspot', id: overrides.email ?? '123', url: 'https://crm.example/123' },
  journeyStage: 'decision',
  type: null,
  ...overrides,
})

/** An agreement as its file would write it; overrides replace whole top-level keys. */
export const anAgreement = (overrides: Partial<z.input<typeof agreementSchema>> = {}): Agreement =>
  agreementSchema.parse({
    title: 'Marketing and sales at Acme',
    goals: [{ en: 'Every lead is answered', it: 'Ogni lead riceve una risposta' }],
    expectations: { marketing: [], sales: [] },
    calendar: {
      timezone: 'Europe/Rome',
      hours: { 'mon-fri': ['09:00-13:00', '14:00-18:00'] },
      holidays: ['2026-12-25'],
    },
    clocks: {
      accept: { within: { working: '4h' }, hard: { wall: '24h' }, remind: ['50%', '80%'] },
      first_attempt: {
        hot: { working: '15m' },
        standard: { working: '2h' },
        remind: ['50%', '80%'],
      },
      attempts: {
        count: 6,
        within: { working: '10d' },
        channels: 2,
        gap: { working: '4h' },
        counted: ['call', 'email', 'linkedin', 'meeting', 'voicemail'],
        remind: ['80%'],
      },
      return_answer: { within: { working: '1d' }, remind: ['80%'] },
    },
    escalation: [
      { at: '100%', to: 'manager' },
      { at: '150%', to: 'managers_channel' },
    ],
    managers_channel: 'sales-managers',
    lead_types: [
      {
        id: 'new-equipment',
        name: { en: 'New prospect, equipment', it: 'Nuovo cliente, macchinari' },
        channel: 'sql-handoffs',
      },
      {
        id: 'service',
        name: { en: 'Existing customer, service', it: 'Cliente esistente, assistenza' },
        channel: 'service-handoffs',
      },
    ],
    return_reasons: [
      {
        id: 'not-ready',
        name: { en: 'Not ready', it: 'Non pronto' },
        status: 'Returned – not ready',
        stage: 'mql',
        needs: ['ready_on_or_when'],
      },
      {
        id: 'not-a-fit',
        name: { en: 'Not a fit', it: 'Non adatto' },
        status: 'Returned – not a fit',
        stage: 'lead',
        needs: ['criterion'],
      },
      {
        id: 'wrong-data',
        name: { en: 'Wrong data', it: 'Dati errati' },
        status: 'Returned – wrong data',
        stage: 'mql',
        needs: ['note'],
      },
      {
        id: 'duplicate',
        name: { en: 'Duplicate', it: 'Doppione' },
        status: 'Returned – duplicate',
        stage: 'lead',
        needs: ['note'],
      },
    ],
    lead_statuses: {
      new: 'New',
      accepted: 'Accepted',
      attempting: 'Attempting',
      connected: 'Connected',
      open_deal: 'Open deal',
      unresponsive: 'Unresponsive',
    },
    deal_stages: [
      { id: 'exploration', name: { en: 'Meeting booked', it: 'Riunione prenotata' } },
      { id: 'quote', name: { en: 'Quote presented', it: 'Preventivo presentato' } },
      { id: 'closed-won', name: { en: 'Closed won', it: 'Chiusa – vinta' } },
      { id: 'closed-lost', name: { en: 'Closed lost', it: 'Chiusa – persa' } },
      { id: 'on-hold', name: { en: 'On hold', it: 'In attesa' } },
    ],
    lost_reasons: [
      { id: 'price', name: { en: 'Price', it: 'Prezzo' } },
      { id: 'no-decision', name: { en: 'No decision', it: 'Nessuna decisione' } },
    ],
    icp: [
      { id: 'industry', name: { en: 'Works metal', it: 'Lavora metalli' } },
      { id: 'size', name: { en: 'At least 50 employees', it: 'Almeno 50 dipendenti' } },
    ],
    people: [
      { email: 'anna@acme.example', role: 'rep' },
      { email: 'luca@acme.example', role: 'rep' },
      { email: 'ben@acme.example', role: 'marketing' },
      { email: 'sara@acme.example', role: 'sales_manager', head_of: 'sales' },
      { email: 'mario@acme.example', role: 'marketing_manager', head_of: 'marketing' },
    ],
    ...overrides,
  })

/** What an agreement may say of pauses: up to five working days, twice. */
export const aPause = (
  overrides: Partial<z.input<typeof agreementSchema>['pause']> = {},
): NonNullable<z.input<typeof agreementSchema>['pause']> => ({
  reasons: [
    {
      id: 'waiting-for-customer',
      name: { en: 'Waiting for the customer', it: 'In attesa del cliente' },
    },
    { id: 'on-hold', name: { en: 'On hold', it: 'In sospeso' } },
  ],
  at_most: { working: '5d' },
  ...overrides,
})

/** An agreement that has every clock: of idleness and of rulings too, each of two working days. */
export function withEveryClock(
  overrides: Partial<z.input<typeof agreementSchema>> = {},
): Agreement {
  const agreement = anAgreement(overrides)
  const twoDays = {
    within: { clock: 'working', duration: { unit: 'days', days: 2 } },
    remind: [0.5],
  } as const
  agreement.clocks.idle = { ...twoDays, remind: [], escalation: [{ at: 1, to: 'owner' }] }
  agreement.clocks.ruling = { ...twoDays, remind: [...twoDays.remind] }
  return agreement
}

/** The decision; a refusal is a fault of the test. */
export function decisionOf(decided: Decided): Decision {
  if (decided.ok) return decided.decision
  throw new Error(`refused: ${decided.refusal.code}`)
}

/** The handoff that a decision led to; a refusal is a fault of the test. */
export const handoffOf = (decided: Decided): Handoff => decisionOf(decided).handoff

/** What a handoff says: a hot lead that is new and offered to everyone, unless told otherwise. */
export const aHandOff = (said: Partial<HandOff> = {}): HandOff => ({
  id: 'hof_1',
  workspaceId: 'ws_1',
  lead: aLead(),
  leadType: undefined,
  priority: 'hot',
  reason: 'Asked for a quote for two presses',
  whatChanged: undefined,
  owner: null,
  agreementVersion: 1,
  known: { stage: null, status: null },
  score: null,
  turn: null,
  before: null,
  ...said,
})

/** A hot lead, handed over by Ben at `fixedNow`, offered to everyone. */
export function aHandoff(
  overrides: Partial<Handoff> = {},
  agreement: Agreement = anAgreement(),
): Handoff {
  const { lead, leadType, priority, reason, owner } = overrides
  const offered = handoffOf(
    handOff(
      aHandOff({
        leadType: leadType ?? 'new-equipment',
        ...(lead === undefined ? {} : { lead }),
        ...(priority === undefined ? {} : { priority }),
        ...(reason === undefined ? {} : { reason }),
        ...(owner === undefined ? {} : { owner }),
      }),
      { person: ben, role: 'marketing' },
      { agreement, now: overrides.createdAt ?? fixedNow },
    ),
  )
  return { ...offered, ...overrides }
}

/** The handoff accepted by Anna, 12 minutes after it was offered unless told otherwise. */
export const accepted = (
  handoff: Handoff = aHandoff(),
  { by = anActor(), at = minutesAfter(12), agreement = anAgreement() } = {},
): Handoff => handoffOf(accept(handoff, by, { agreement, now: at }))

/** The handoff with an attempt: a call without answer, 20 minutes in, unless told otherwise. */
export function withAttempt(
  handoff: Handoff = accepted(),
  attempt: Partial<LogAttempt> = {},
  agreement: Agreement = anAgreement(),
): Handoff {
  const at = attempt.at ?? minutesAfter(20)
  const made: LogAttempt = {
    id: `att_${handoff.attempts.length + 1}`,
    channel: 'call',
    outcome: 'no-answer',
    note: undefined,
    ...attempt,
    at,
  }
  return handoffOf(logAttempt(handoff, made, anActor(), { agreement, now: at }))
}

/** Whom a clock speaks to: nobody but Sara, unless told otherwise. */
export const concerned = (overrides: Partial<Concerned> = {}): Concerned => ({
  managers: ['per_sara'],
  marketingLead: null,
  nextOwner: null,
  ...overrides,
})

/** The handoff paused by Anna, half an hour in, unless told otherwise. */
export const paused = (
  handoff: Handoff = accepted(),
  {
    reason = 'waiting-for-customer',
    at = minutesAfter(30),
    agreement = anAgreement({ pause: aPause() }),
  } = {},
): Handoff => handoffOf(pauseHandoff(handoff, { reason }, anActor(), { agreement, now: at }))

/** What a return says: not ready, and nothing else, unless told otherwise. */
export const aReturn = (said: Partial<Return> = {}): Return => ({
  reason: 'not-ready',
  criterion: undefined,
  readyOn: undefined,
  readyWhen: undefined,
  field: undefined,
  duplicateOf: undefined,
  note: undefined,
  marketingLead: null,
  ...said,
})

/** The same as a use-case is told it: the other lead of a duplicate by its address. */
export const aReturnSaid = (said: Partial<ReturnSaid> = {}): ReturnSaid => {
  const { marketingLead: _, ...rest } = aReturn()
  return { ...rest, duplicateOf: undefined, ...said }
}

/** The handoff returned by Anna as not ready, half an hour in, unless told otherwise. */
export const returned = (
  handoff: Handoff = aHandoff(),
  command: Partial<Return> = {},
  { at = minutesAfter(30), agreement = anAgreement() } = {},
): Handoff =>
  handoffOf(
    returnLead(handoff, aReturn({ readyWhen: 'the budget is approved', ...command }), anActor(), {
      agreement,
      now: at,
    }),
  )

/** The return contested by Ben, an hour in; Sara and Mario may rule on it. */
export const contested = (
  handoff: Handoff = returned(),
  { at = minutesAfter(60), agreement = anAgreement() } = {},
): Handoff =>
  handoffOf(
    contestReturn(
      handoff,
      {
        why: 'The budget was approved last week',
        judges: [
          { person: sara, role: 'sales_manager' },
          { person: mario, role: 'marketing_manager' },
        ],
      },
      { person: ben, role: 'marketing' },
      { agreement, now: at },
    ),
  )

/** The contested return as Sara and then Mario rule, 90 minutes in: they agree. */
export const ruled = (
  ruling: Ruling,
  handoff: Handoff = contested(),
  { at = minutesAfter(90), agreement = anAgreement() } = {},
): Handoff => {
  const said = { ruling, words: 'A budget counts once it is approved' }
  const context = { agreement, now: at }
  const first = ruleOnReturn(handoff, said, { person: sara, role: 'sales_manager' }, context)
  return handoffOf(
    ruleOnReturn(handoffOf(first), said, { person: mario, role: 'marketing_manager' }, context),
  )
}

/** The handoff with a deal at a stage, two hours in, as Anna reports it. */
export const withDeal = (
  stage: string,
  handoff: Handoff = accepted(),
  { at = minutesAfter(120), agreement = anAgreement(), lostReason = 'price' } = {},
): Handoff =>
  handoffOf(
    reportDeal(handoff, { stage, lostReason, note: undefined, fromProgram: false }, anActor(), {
      agreement,
      now: at,
    }),
  )
