import type { z } from 'zod'
import type { Agreement, agreementSchema } from '../../../src/domain/agreement.ts'
import type { Actor } from '../../../src/domain/decide/decision.ts'
import type { Colleague } from '../../../src/domain/person.ts'
import { anActor, anAgreement, aPause, ben, mario, sara } from '../../support/builders.ts'

/** The people and the agreements of the random walks: somebody of every role, and an outsider. */
export const people = {
  anna: anActor(),
  luca: anActor({ id: 'per_luca', slackId: 'U0LUCA', email: 'luca@acme.example', name: 'Luca' }),
  ben: { person: ben, role: 'marketing' },
  sara: { person: sara, role: 'sales_manager' },
  mario: { person: mario, role: 'marketing_manager' },
  ada: anActor(
    { id: 'per_ada', slackId: 'U0ADA', email: 'ada@acme.example', name: 'Ada' },
    'admin',
  ),
  olga: anActor(
    { id: 'per_olga', slackId: 'U0OLGA', email: 'olga@other.example', name: 'Olga' },
    null,
  ),
} as const satisfies Record<string, Actor>
export type Name = keyof typeof people
export const names = [
  'anna',
  'luca',
  'ben',
  'sara',
  'mario',
  'ada',
  'olga',
] as const satisfies readonly Name[]

/** Those who may rule, as they are looked up for a contest. */
const judgesOf = (...who: Name[]): Colleague[] =>
  who.flatMap((name): Colleague[] => {
    const { person, role } = people[name]
    return role === null ? [] : [{ person, role }]
  })

type Input = z.input<typeof agreementSchema>

const name = { en: 'A name', it: 'Un nome' }
const rotation = ['anna@acme.example', 'luca@acme.example']

const clocks: Input['clocks'] = {
  accept: { within: { working: '4h' }, hard: { wall: '24h' }, remind: ['50%', '80%'] },
  first_attempt: { hot: { working: '15m' }, standard: { working: '2h' }, remind: ['50%', '80%'] },
  attempts: {
    count: 2,
    within: { working: '5d' },
    channels: 2,
    gap: { working: '30m' },
    counted: ['call', 'email', 'meeting'],
    remind: ['80%'],
  },
  return_answer: { within: { working: '1d' }, remind: ['80%'] },
  idle: { within: { working: '1d' }, remind: ['50%'] },
  ruling: { within: { working: '1d' }, remind: ['50%'] },
}

const goesRound: NonNullable<Input['escalation']> = [
  { at: '100%', to: 'owner' },
  { at: '150%', to: 'next_owner' },
]

const returnReasons: Input['return_reasons'] = [
  { id: 'not-ready', status: 'Returned – not ready', stage: 'mql', needs: ['ready_on_or_when'] },
  { id: 'not-a-fit', status: 'Returned – not a fit', stage: 'lead', needs: ['criterion'] },
  { id: 'wrong-data', status: 'Returned – wrong data', stage: 'mql', needs: ['field'] },
  { id: 'duplicate', status: 'Returned – duplicate', stage: 'lead', needs: ['other_lead'] },
  { id: 'misled', status: 'Returned – misled', stage: 'subscriber', needs: ['note'] },
  { id: 'unresponsive', status: 'Unresponsive', stage: 'mql', needs: ['attempts'] },
]
/** Every stage can be left again for an SQL, but that of a customer where an agreement says so. */
const lifecycle: NonNullable<Input['lifecycle']> = {
  subscriber: ['sql'],
  lead: ['mql', 'sql'],
  mql: ['lead', 'sql'],
  sql: ['subscriber', 'lead', 'mql', 'opportunity', 'customer'],
  opportunity: ['mql', 'sql', 'customer'],
  customer: ['mql', 'sql', 'opportunity'],
}

export interface Setting {
  agreement: Agreement
  judges: Colleague[]
}

/** What a walk may go by. */
export const settings = {
  /** As most teams agree. */
  usual: {
    agreement: anAgreement({
      clocks,
      lifecycle,
      return_reasons: returnReasons,
      pause: aPause({ at_most: { working: '1d' }, times: 1 }),
    }),
    judges: judgesOf('sara', 'mario', 'ada'),
  },
  /** Leads go round, clocks begin anew with an owner, everything can be paused. */
  lively: {
    agreement: anAgreement({
      calendar: { timezone: 'Europe/Rome', hours: 'always' },
      clocks: {
        ...clocks,
        accept: { ...clocks.accept, escalation: goesRound },
        attempts: { ...clocks.attempts, count: 1, channels: 1 },
      },
      lifecycle,
      return_reasons: returnReasons,
      escalation: [
        { at: '100%', to: 'owner' },
        { at: '150%', to: 'managers_channel' },
      ],
      lead_types: [{ id: 'round', name, channel: 'leads', owners: { rotate: rotation } }],
      pause: aPause({
        at_most: { wall: '12h' },
        times: 3,
        clocks: ['accept', 'first_attempt', 'attempts', 'idle'],
      }),
      reassignment: { clock: 'restart', take_over: 'always' },
    }),
    judges: judgesOf('sara', 'mario', 'ada'),
  },
  /** No pauses, no reasons for a lost deal, nobody who stands in, and once a customer no SQL again. */
  strict: {
    agreement: anAgreement({
      clocks: { ...clocks, ruling: { within: { wall: '30h' } } },
      lifecycle: { ...lifecycle, customer: ['opportunity', 'mql'] },
      return_reasons: returnReasons,
      lost_reasons: [],
      reassignment: { clock: 'keep', take_over: 'never' },
    }),
    judges: judgesOf('sara', 'mario'),
  },
} as const satisfies Record<string, Setting>
export type SettingName = keyof typeof settings
