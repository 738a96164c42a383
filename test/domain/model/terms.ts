import type { z } from 'zod'
import type { agreementSchema } from '../../../src/domain/agreement.ts'
import type { Actor } from '../../../src/domain/decide/decision.ts'
import { anActor, anAgreement, ben, sara } from '../../support/builders.ts'

/** The agreements and the people of the random schedules. */

/** A manager of sales comes second, so that the first two may act on whatever the first has. */
export const people = {
  anna: anActor(),
  sara: { person: sara, role: 'sales_manager' },
  luca: anActor({ id: 'per_luca', email: 'luca@acme.example', name: 'Luca Bianchi' }),
  dora: anActor({ id: 'per_dora', email: 'dora@acme.example', name: 'Dora Neri' }),
  ben: { person: ben, role: 'marketing' },
} as const satisfies Record<string, Actor>
export type Name = keyof typeof people
export const names = ['anna', 'sara', 'luca', 'dora', 'ben'] as const satisfies readonly Name[]

type Input = z.input<typeof agreementSchema>
type Clocks = Input['clocks']

const counted: Clocks['attempts']['counted'] = ['call', 'email', 'voicemail']
const reasons = [{ id: 'on-hold', name: { en: 'On hold', it: 'In sospeso' } }]
const rotation = [people.anna, people.luca, people.dora].map(({ person }) => person.email ?? '')
const base = { name: { en: 'A type', it: 'Un tipo' }, channel: 'sql-handoffs' }

/** Office hours, a ladder for all clocks, and a type with clocks, calendar and people of its own. */
const office = anAgreement({
  clocks: {
    accept: { within: { working: '4h' }, hard: { wall: '24h' }, remind: ['50%', '80%'] },
    first_attempt: {
      hot: { working: '15m' },
      standard: { working: '2h' },
      remind: ['50%', '80%'],
      escalation: [
        { at: '100%', to: 'owner' },
        { at: '200%', to: 'next_owner' },
      ],
    },
    attempts: {
      count: 3,
      within: { working: '3d' },
      channels: 2,
      gap: { working: '1h' },
      counted,
      remind: ['80%'],
    },
    return_answer: { within: { working: '1d' } },
    idle: {
      within: { working: '6h' },
      remind: ['50%'],
      escalation: [{ at: '150%', to: 'manager' }],
    },
  },
  pause: { reasons, at_most: { working: '1d' }, times: 2 },
  lead_types: [
    { ...base, id: 'plain' },
    {
      ...base,
      id: 'special',
      owners: { rotate: rotation },
      calendar: { timezone: 'America/New_York', hours: { 'sun-thu': ['20:00-24:00'] } },
      clocks: {
        accept: {
          within: { wall: '6h' },
          remind: ['20%', '90%'],
          escalation: [
            { at: '100%', to: 'next_owner' },
            { at: '150%', to: 'next_owner' },
            { at: '300%', to: 'managers_channel' },
          ],
        },
      },
    },
  ],
})

/** Days and nights count, everything can be paused, and there is no ladder. */
const always = anAgreement({
  calendar: { timezone: 'Europe/London', hours: 'always' },
  escalation: [],
  clocks: {
    accept: { within: { working: '1h' }, hard: { wall: '90m' }, remind: ['10%', '50%', '90%'] },
    first_attempt: { hot: { wall: '20m' }, standard: { working: '40m' }, remind: [] },
    attempts: {
      count: 2,
      within: { working: '1d' },
      channels: 1,
      gap: { working: '0m' },
      counted,
      remind: ['50%'],
    },
    return_answer: { within: { wall: '1h' } },
  },
  pause: {
    reasons,
    at_most: { wall: '3h' },
    times: 3,
    clocks: ['accept', 'first_attempt', 'attempts', 'idle'],
  },
  lead_types: [{ ...base, id: 'plain', owners: { fixed: rotation[0] ?? '' } }],
})

/** Short days over a clock change, clocks of the wall, and a ladder with everything at once. */
const shortDays = anAgreement({
  calendar: {
    timezone: 'Europe/Rome',
    hours: { 'mon-fri': ['09:00-11:00', '15:00-16:30'], sun: ['01:00-04:00'] },
    holidays: ['2026-10-23', '2026-10-27'],
  },
  escalation: [
    { at: '100%', to: 'manager' },
    { at: '100%', to: 'managers_channel' },
    { at: '100%', to: 'next_owner' },
  ],
  clocks: {
    accept: { within: { working: '2d' }, hard: { working: '1d' }, remind: ['50%'] },
    first_attempt: { hot: { working: '1d' }, standard: { wall: '30h' }, remind: ['50%', '80%'] },
    attempts: {
      count: 4,
      within: { wall: '4d' },
      channels: 2,
      gap: { wall: '30m' },
      counted,
      remind: ['20%', '80%'],
    },
    return_answer: { within: { working: '1d' } },
    idle: { within: { wall: '20h' }, remind: ['50%', '80%'] },
  },
  pause: {
    reasons,
    at_most: { wall: '2d' },
    times: 2,
    clocks: ['accept', 'attempts', 'idle'],
  },
  lead_types: [{ ...base, id: 'plain', owners: { rotate: rotation.slice(0, 2) } }],
})

/** What a schedule is played under. */
export const settings = {
  office: { agreement: office, leadType: 'plain' },
  special: { agreement: office, leadType: 'special' },
  always: { agreement: always, leadType: 'plain' },
  shortDays: { agreement: shortDays, leadType: 'plain' },
} as const
