import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readAgreement } from '../../src/adapters/agreement-file.ts'
import type { Agreement } from '../../src/domain/agreement.ts'
import {
  agreementAfter,
  hoursOf,
  isAskedToSetUp,
  isSetUp,
  type SetUpAnswers,
  setUpSections,
  usualHours,
  wayToSetUp,
  zonesFor,
} from '../../src/domain/set-up.ts'
import { aMember, anAgreement, fixedNow } from '../support/builders.ts'

const named = anAgreement()
const fresh: Agreement = { ...named, people: [], groups: [] }
const admin = aMember({ slackAdmin: true })

const answers = (overrides: Partial<SetUpAnswers> = {}): SetUpAnswers => ({
  channels: new Map(),
  managersChannel: undefined,
  heads: { sales: undefined, marketing: undefined },
  marketing: [],
  reps: [],
  zone: undefined,
  hours: undefined,
  ...overrides,
})
const changed = (agreement: Agreement, said: Partial<SetUpAnswers>, shown: string[] = []) => {
  const result = agreementAfter(agreement, answers(said), new Set(shown))
  if (!result.ok) throw new Error(result.fault.code)
  return result.agreement
}

describe('who sets Baton up', () => {
  test('is asked while nobody is named and the form was not sent, and administers Slack', () => {
    expect(isAskedToSetUp(fresh, null, admin)).toBe(true)
    expect(isAskedToSetUp(fresh, fixedNow, admin)).toBe(false)
    expect(isAskedToSetUp(named, null, admin)).toBe(false)
    expect(isAskedToSetUp(fresh, null, aMember())).toBe(false)
    expect(isAskedToSetUp(fresh, null, { ...admin, external: true })).toBe(false)
  })

  test('an agreement that names people is set up from the start', () => {
    expect(isSetUp(named, null)).toBe(true)
    expect(isSetUp(fresh, null)).toBe(false)
  })

  test('does so at once while nobody is named, and proposes afterwards', () => {
    expect(wayToSetUp(fresh, admin)).toBe('at-once')
    expect(wayToSetUp(fresh, aMember({ assigned: 'admin' }))).toBe('at-once')
    expect(wayToSetUp(fresh, aMember())).toBe('only-admins')
    expect(wayToSetUp(fresh, { ...admin, external: true })).toBe('only-admins')
    expect(wayToSetUp(named, aMember({ email: 'x@acme.example', assigned: 'admin' }))).toBe(
      'proposal',
    )
    expect(wayToSetUp(named, aMember({ email: 'x@acme.example' }))).toBe('may-not-propose')
  })
})

describe('hours as people write them', () => {
  test.each([
    ['09:00-13:00 14:00-18:00', ['09:00-13:00', '14:00-18:00']],
    ['9-18', ['09:00-18:00']],
    ['9.30 – 13, 14:00 - 18:15', ['09:30-13:00', '14:00-18:15']],
  ])('%s', (text, spans) => expect(hoursOf(text)).toEqual(spans))

  test.each(['', 'nine to five', '9', '09:00-', '9-12-18'])('“%s” are none', (text) =>
    expect(hoursOf(text)).toBeUndefined(),
  )

  test('are read back as they were written', () => {
    const hour = fc.integer({ min: 0, max: 11 })
    fc.assert(
      fc.property(hour, hour, (from, length) => {
        const hours = hoursOf(`${from}-${from + length + 1}`)
        const agreement = changed(fresh, { hours })
        expect(usualHours(agreement)).toBe(hours?.join(' '))
      }),
    )
  })

  test('that are on other days too are left to the agreement', () => {
    const spans = fresh.calendar.spans.map(() => [{ fromMinute: 540, toMinute: 600 }])
    expect(usualHours({ ...fresh, calendar: { ...fresh.calendar, spans } })).toBeUndefined()
  })
})

describe('what is filled in', () => {
  test('goes into the agreement, and the rest stays', () => {
    const [type] = fresh.lead_types
    const result = changed(fresh, {
      channels: new Map([[type?.id ?? '', 'C0OTHER']]),
      managersChannel: 'C0MANAGERS',
      heads: { sales: 'sara@acme.example', marketing: 'mario@acme.example' },
      marketing: ['ben@acme.example'],
      reps: ['anna@acme.example'],
      zone: 'Asia/Kolkata',
      hours: ['10:00-19:00'],
    })
    expect(result.lead_types[0]?.channel).toBe('C0OTHER')
    expect(result.lead_types.slice(1)).toEqual(fresh.lead_types.slice(1))
    expect(result.managers_channel).toBe('C0MANAGERS')
    expect(result.calendar.timezone).toBe('Asia/Kolkata')
    expect(result.calendar.holidays).toEqual(fresh.calendar.holidays)
    expect(usualHours(result)).toBe('10:00-19:00')
    expect(result.people).toEqual([
      { email: 'ben@acme.example', role: 'marketing' },
      { email: 'anna@acme.example', role: 'rep' },
      { email: 'mario@acme.example', role: 'marketing_manager', head_of: 'marketing' },
      { email: 'sara@acme.example', role: 'sales_manager', head_of: 'sales' },
    ])
    expect(Object.keys(setUpSections(result)).sort()).toEqual([
      'calendar',
      'lead_types',
      'managers_channel',
      'people',
    ])
    expect({ ...result, ...pick(fresh) }).toEqual(fresh)
  })

  test('left empty changes nothing', () => {
    expect(changed(fresh, {})).toEqual(fresh)
  })

  test('keeps what else was agreed about people, and whom it could not show', () => {
    const people: Agreement['people'] = [
      { email: 'anna@acme.example', role: 'rep', cap: 5 },
      { email: 'luca@acme.example', role: 'rep' },
      { email: 'unseen@acme.example', role: 'rep' },
      { email: 'boss@acme.example', role: 'admin' },
      { email: 'sara@acme.example', role: 'sales_manager', head_of: 'sales' },
    ]
    const shown = people.map(({ email }) => email).filter((email) => !email.startsWith('unseen'))
    const said = {
      reps: ['anna@acme.example'],
      heads: { sales: 'olga@acme.example', marketing: undefined },
    }
    expect(changed({ ...fresh, people }, said, shown).people).toEqual([
      { email: 'anna@acme.example', role: 'rep', cap: 5 },
      { email: 'unseen@acme.example', role: 'rep' },
      { email: 'boss@acme.example', role: 'admin' },
      { email: 'sara@acme.example', role: 'sales_manager' },
      { email: 'olga@acme.example', role: 'sales_manager', head_of: 'sales' },
    ])
  })

  test.each([
    ['one head of both sides', { heads: { sales: 'a@x.example', marketing: 'a@x.example' } }],
    ['somebody of both sides', { reps: ['a@x.example'], marketing: ['a@x.example'] }],
    ['hours that overlap', { hours: ['09:00-13:00', '12:00-18:00'] }],
    ['hours that end before they begin', { hours: ['18:00-09:00'] }],
  ])('refuses %s', (_, said) => {
    expect(agreementAfter(fresh, answers(said), new Set())).toMatchObject({ ok: false })
  })
})

test('the zones to choose from fit into a list, each once', () => {
  const zones = zonesFor(fresh, 'America/Nuuk')
  expect(zones.slice(0, 2)).toEqual([fresh.calendar.timezone, 'America/Nuuk'])
  expect(new Set(zones).size).toBe(zones.length)
  expect(zones.length).toBeLessThanOrEqual(100)
})

const pick = ({ calendar, lead_types, managers_channel, people }: Agreement) => ({
  calendar,
  lead_types,
  managers_channel,
  people,
})

test('the agreement that ships can be set up, and says the same elsewhere', async () => {
  const shipped = await readAgreement('src/content/agreement.yml')
  expect(changed(shipped, {})).toEqual(shipped)
})

test('an empty list leaves people as they are', () => {
  const people: Agreement['people'] = [
    { email: 'anna@acme.example', role: 'rep' },
    { email: 'ben@acme.example', role: 'marketing' },
  ]
  const shown = people.map(({ email }) => email)
  expect(changed({ ...fresh, people }, { reps: ['luca@acme.example'] }, shown).people).toEqual([
    { email: 'ben@acme.example', role: 'marketing' },
    { email: 'luca@acme.example', role: 'rep' },
  ])
})
