import type { z } from 'zod'
import { type Agreement, agreementSchema, type Role } from '../../src/domain/agreement.ts'
import { accept } from '../../src/domain/decide/accept.ts'
import type { Actor, Decided } from '../../src/domain/decide/decision.ts'
import { handOff } from '../../src/domain/decide/hand-off.ts'
import { type LogAttempt, logAttempt } from '../../src/domain/decide/log-attempt.ts'
import { pauseHandoff } from '../../src/domain/decide/pause.ts'
import { type Return, returnLead } from '../../src/domain/decide/return.ts'
import type { Handoff } from '../../src/domain/handoff.ts'
import type { Lead } from '../../src/domain/lead.ts'
import type { Member, Person } from '../../src/domain/person.ts'

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
  crm: { system: 'hubspot', id: '123', url: 'https://crm.example/123' },
  journeyStage: 'decision',
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
    deal_stages: [{ id: 'quote', name: { en: 'Quote presented', it: 'Preventivo presentato' } }],
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

/** The handoff that a decision led to; a refusal is a fault of the test. */
export function handoffOf(decided: Decided): Handoff {
  if (decided.ok) return decided.decision.handoff
  throw new Error(`refused: ${decided.refusal.code}`)
}

/** A hot lead, handed over by Ben at `fixedNow`, offered to everyone. */
export function aHandoff(
  overrides: Partial<Handoff> = {},
  agreement: Agreement = anAgreement(),
): Handoff {
  const offered = handoffOf(
    handOff(
      {
        id: 'hof_1',
        workspaceId: 'ws_1',
        lead: overrides.lead ?? aLead(),
        leadType: overrides.leadType ?? 'new-equipment',
        priority: overrides.priority ?? 'hot',
        reason: overrides.reason ?? 'Asked for a quote for two presses',
        whatChanged: undefined,
        owner: overrides.owner ?? null,
        agreementVersion: 1,
      },
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

/** The handoff paused by Anna, half an hour in, unless told otherwise. */
export const paused = (
  handoff: Handoff = accepted(),
  {
    reason = 'waiting-for-customer',
    at = minutesAfter(30),
    agreement = anAgreement({ pause: aPause() }),
  } = {},
): Handoff => handoffOf(pauseHandoff(handoff, { reason }, anActor(), { agreement, now: at }))

/** The handoff returned by Anna as not ready, half an hour in, unless told otherwise. */
export const returned = (
  handoff: Handoff = aHandoff(),
  command: Partial<Return> = {},
  { at = minutesAfter(30), agreement = anAgreement() } = {},
): Handoff =>
  handoffOf(
    returnLead(
      handoff,
      {
        reason: 'not-ready',
        criterion: undefined,
        readyOn: undefined,
        readyWhen: 'the budget is approved',
        note: undefined,
        ...command,
      },
      anActor(),
      { agreement, now: at },
    ),
  )
