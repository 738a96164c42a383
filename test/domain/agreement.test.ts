import { describe, expect, test } from 'vitest'
import { agreementSchema } from '../../src/domain/agreement.ts'
import { writtenAgreement } from '../../src/domain/agreement-written.ts'
import { calendarOf, clocksOf, fixedOwnerOf, leadTypeOf } from '../../src/domain/clocks.ts'
import { roleOf } from '../../src/domain/person.ts'
import { aMember, anAgreement } from '../support/builders.ts'

const leadType = { id: 'press', name: { en: 'Presses', it: 'Presse' }, channel: 'presses' }

describe('a lead type', () => {
  test('is the first one where none is named', () => {
    expect(leadTypeOf(anAgreement())?.id).toBe('new-equipment')
    expect(leadTypeOf(anAgreement(), 'spaceships')).toBeUndefined()
  })

  test('has its own clocks and calendar where it names them, else the agreement’s', () => {
    const agreement = anAgreement({
      lead_types: [
        {
          ...leadType,
          clocks: { accept: { within: { working: '1h' } } },
          calendar: { timezone: 'Europe/Rome', hours: 'always' },
        },
        { ...leadType, id: 'plain' },
      ],
    })
    expect(clocksOf(agreement, 'press').accept.within.duration).toEqual({
      unit: 'exact',
      ms: 3_600_000,
    })
    expect(clocksOf(agreement, 'press').attempts).toEqual(agreement.clocks.attempts)
    expect(calendarOf(agreement, 'press').always).toBe(true)
    expect(clocksOf(agreement, 'plain')).toEqual(agreement.clocks)
    expect(calendarOf(agreement, 'plain')).toEqual(agreement.calendar)
  })

  test('may have one fixed owner', () => {
    const owned = (owners: 'open' | { fixed: string } | { rotate: string[] }) => {
      const [type] = anAgreement({ lead_types: [{ ...leadType, owners }] }).lead_types
      return type === undefined ? undefined : fixedOwnerOf(type)
    }
    expect(owned({ fixed: 'Anna@Acme.example' })).toBe('anna@acme.example')
    expect(owned('open')).toBeUndefined()
    expect(owned({ rotate: ['anna@acme.example'] })).toBeUndefined()
  })
})

test('a return reason that asks for a criterion needs one to be agreed', () => {
  expect(() => anAgreement({ icp: [] })).toThrow(/not-a-fit asks for one/)
})

describe('a role', () => {
  const somebody = aMember({ email: 'somebody@acme.example' })

  test('is what the agreement says of the address, however it is written', () => {
    expect(roleOf(anAgreement(), aMember({ email: 'SARA@acme.example' }), 'service')).toBe(
      'sales_manager',
    )
  })

  test('is rep for the owners of a lead type, there only', () => {
    const agreement = anAgreement({
      lead_types: [
        { ...leadType, owners: { rotate: ['somebody@acme.example'] } },
        { ...leadType, id: 'other' },
      ],
    })
    expect(roleOf(agreement, somebody, 'press')).toBe('rep')
    expect(roleOf(agreement, somebody, 'other')).toBeNull()
  })

  test('is what was assigned, unless the agreement says otherwise', () => {
    const assigned = aMember({ email: 'somebody@acme.example', assigned: 'marketing' })
    expect(roleOf(anAgreement(), assigned, 'service')).toBe('marketing')
    const sara = aMember({ email: 'sara@acme.example', assigned: 'rep' })
    expect(roleOf(anAgreement(), sara, 'service')).toBe('sales_manager')
    const owner = anAgreement({
      lead_types: [{ ...leadType, owners: { fixed: 'somebody@acme.example' } }],
    })
    expect(roleOf(owner, assigned, 'press')).toBe('marketing')
    expect(roleOf(anAgreement({ people: [] }), assigned, 'service')).toBe('marketing')
  })

  test('is none for everybody where a user group has one, which names somebody', () => {
    const groups = [{ group: 'sales-reps', role: 'rep' as const }]
    expect(roleOf(anAgreement({ people: [], groups }), somebody, 'service')).toBeNull()
  })

  test('is rep for everybody in a fresh installation, which names nobody', () => {
    const nobody = anAgreement({ people: [] })
    expect(roleOf(nobody, somebody, 'service')).toBe('rep')
    expect(roleOf(anAgreement(), somebody, 'service')).toBeNull()
    expect(roleOf(nobody, aMember({ email: null }), 'service')).toBe('rep')
  })

  test('is none for guests and people of other organizations, whoever is named', () => {
    const outsider = aMember({ external: true })
    expect(roleOf(anAgreement(), outsider, 'service')).toBeNull()
    expect(roleOf(anAgreement(), { ...outsider, assigned: 'admin' }, 'service')).toBeNull()
    expect(roleOf(anAgreement({ people: [] }), outsider, 'service')).toBeNull()
  })
})

/** What is wrong with an agreement that says so, by the place in its file. */
function faults(said: object): Record<string, string> {
  const parsed = agreementSchema.safeParse({ ...writtenAgreement(anAgreement()), ...said })
  if (parsed.success) return {}
  return Object.fromEntries(
    parsed.error.issues.map(({ path, message }) => [path.join('.'), message]),
  )
}
const name = { en: 'A name', it: 'Un nome' }

describe('the lifecycle', () => {
  test('has the usual moves where the agreement names none', () => {
    expect(anAgreement().lifecycle).toMatchObject({
      mql: ['lead', 'sql'],
      sql: ['lead', 'mql', 'opportunity', 'customer'],
      customer: ['mql', 'sql', 'opportunity'],
    })
  })

  test('is what the agreement says, and a stage that it leaves out has no way on', () => {
    const { lifecycle } = anAgreement({
      lifecycle: { sql: ['lead', 'mql', 'opportunity', 'customer'] },
    })
    expect(lifecycle).toEqual({ sql: ['lead', 'mql', 'opportunity', 'customer'] })
  })

  test('knows no other stages', () => {
    expect(Object.keys(faults({ lifecycle: { sql: ['fan'] } }))).toContain('lifecycle.sql.0')
  })

  test('lets every return move an SQL where its reason says', () => {
    const lifecycle = { sql: ['mql', 'opportunity', 'customer'] }
    expect(faults({ lifecycle })).toEqual({
      'return_reasons.1.stage':
        'expects a stage that lifecycle lets an sql move to: sql, mql, opportunity, customer',
      'return_reasons.3.stage':
        'expects a stage that lifecycle lets an sql move to: sql, mql, opportunity, customer',
    })
  })

  test('lets every deal move an SQL or an opportunity where its stage says', () => {
    const lifecycle = { sql: ['lead', 'mql', 'opportunity'] }
    const told = faults({ lifecycle })
    expect(Object.keys(told)).toEqual(['deal_stages.2.stage'])
    expect(told['deal_stages.2.stage']).toMatch(/an sql or an opportunity move to: sql, lead, mql/)
    expect(faults({ lifecycle: { ...lifecycle, opportunity: ['customer'] } })).toEqual({})
  })

  test('lets a return or a deal stay where the lead is', () => {
    const stays = { id: 'stays', status: 'Back', stage: 'sql' }
    const trial = { id: 'trial', name, stage: 'opportunity' }
    expect(faults({ lifecycle: {}, return_reasons: [stays], deal_stages: [trial] })).toEqual({})
  })
})

describe('a deal stage', () => {
  const stages = (
    ...said: NonNullable<Parameters<typeof anAgreement>[0]>['deal_stages'] & object
  ) => anAgreement({ deal_stages: said }).deal_stages.map(({ means, stage }) => [means, stage])

  test('means what its name says, and moves the lead as that does', () => {
    const named = ['exploration', 'closed-won', 'closed-lost', 'on-hold'].map((id) => ({
      id,
      name,
    }))
    expect(stages(...named)).toEqual([
      ['open', 'opportunity'],
      ['won', 'customer'],
      ['lost', 'mql'],
      ['hold', undefined],
    ])
  })

  test('means and moves what the agreement says of it, whatever its name', () => {
    expect(
      stages(
        { id: 'signed', name, means: 'won' },
        { id: 'closed-won', name, means: 'open', stage: 'sql' },
        { id: 'on-hold', name, stage: 'opportunity' },
      ),
    ).toEqual([
      ['won', 'customer'],
      ['open', 'sql'],
      ['hold', 'opportunity'],
    ])
  })
})

describe('people of the agreement', () => {
  const person = (said: object) =>
    faults({ people: [{ email: 'anna@acme.example', role: 'rep', ...said }] })

  test('have days off, single and in a row', () => {
    expect(
      person({ off: ['2026-12-24', '2026-12-27/2027-01-06', '2026-12-31/2026-12-31'] }),
    ).toEqual({})
  })

  test.each([
    '24.12.2026',
    '2026-02-30',
    '2027-01-06/2026-12-27',
    '2026-12-24/',
    '2026-12-24/2026-12-25/2026-12-26',
    '',
  ])('have no day off such as “%s”', (day) => {
    expect(person({ off: ['2026-12-24', day] })).toEqual({
      'people.0.off.1': expect.stringMatching(/^expects a day such as/),
    })
  })

  test('have room for one lead at least, where the agreement says for how many', () => {
    expect(person({ cap: 1 })).toEqual({})
    for (const cap of [0, 1.5, 10_001]) {
      expect(Object.keys(person({ cap }))).toEqual(['people.0.cap'])
    }
  })
})

describe('user groups of the agreement', () => {
  test('are named by handle, with or without its sign, or by id', () => {
    const { groups } = anAgreement({
      groups: [
        { group: '@sales-reps', role: 'rep' },
        { group: 'S0MARKETING', role: 'marketing' },
      ],
    })
    expect(groups.map(({ group }) => group)).toEqual(['sales-reps', 'S0MARKETING'])
  })

  test('are named once, and by something that can be one', () => {
    const twice = [
      { group: 'sales-reps', role: 'rep' },
      { group: '@sales-reps', role: 'marketing' },
    ]
    expect(Object.keys(faults({ groups: twice }))).toEqual(['groups.1.group'])
    expect(faults({ groups: [{ group: 'sales reps', role: 'rep' }] })).toEqual({
      'groups.0.group': 'expects the handle or the id of a user group',
    })
  })
})

describe('what is agreed besides', () => {
  test('are the reasons of lost deals, each once, and none without being named', () => {
    expect(anAgreement({ lost_reasons: [] }).lost_reasons).toEqual([])
    const price = { id: 'price', name }
    expect(Object.keys(faults({ lost_reasons: [price, price] }))).toEqual(['lost_reasons.1.id'])
  })

  test('is what happens to the clocks of a lead with another owner, and who may take it', () => {
    expect(anAgreement().reassignment).toEqual({ clock: 'keep', take_over: 'overdue' })
    expect(anAgreement({ reassignment: { clock: 'restart' } }).reassignment).toEqual({
      clock: 'restart',
      take_over: 'overdue',
    })
    expect(Object.keys(faults({ reassignment: { take_over: 'often' } }))).toEqual([
      'reassignment.take_over',
    ])
  })

  test('is the time for a ruling, for a lead type of its own too', () => {
    expect(anAgreement().clocks.ruling).toBeUndefined()
    const ruling = { within: { working: '2d' } }
    const agreement = anAgreement({ lead_types: [{ ...leadType, clocks: { ruling } }] })
    expect(clocksOf(agreement, 'press').ruling?.within.duration).toEqual({ unit: 'days', days: 2 })
  })

  test('is the term that a dispute about a return is about: the SQL, unless it is named', () => {
    const reasons = [
      { id: 'one', status: 'One', stage: 'mql' as const },
      { id: 'two', status: 'Two', stage: 'mql' as const, term: 'icp' },
    ]
    expect(anAgreement({ return_reasons: reasons }).return_reasons.map(({ term }) => term)).toEqual(
      ['sql', 'icp'],
    )
  })
})

describe('the scoring', () => {
  const rule = { id: 'view', name, points: 1, activity: 'page-view' }
  const scoringFaults = (...rules: object[]) => faults({ scoring: { threshold: 70, rules } })

  test('is none where the agreement has none', () => {
    expect(anAgreement().scoring).toBeUndefined()
  })

  test('counts each time, and again after a drop, where it says nothing else', () => {
    expect(anAgreement({ scoring: { threshold: 70, rules: [rule] } }).scoring).toEqual({
      threshold: 70,
      again: 'after_drop',
      rules: [{ ...rule, times: 'each' }],
    })
  })

  test('has rules that ask for something, each with a name of its own', () => {
    expect(scoringFaults({ id: 'view', name, points: 1 })).toEqual({
      'scoring.rules.0': 'expects activity, when, or both',
    })
    expect(Object.keys(scoringFaults(rule, rule))).toEqual(['scoring.rules.1.id'])
  })

  test('tells where a rule is wrong', () => {
    expect(
      scoringFaults(
        { ...rule, points: 0.5 },
        { ...rule, id: 'b', activity: 'page view' },
        { ...rule, id: 'c', half_life: '2w' },
        { ...rule, id: 'd', when: { field: 'title' } },
        { ...rule, id: 'e', half_life: '0s' },
        { ...rule, id: 'f', half_life: '0d' },
      ),
    ).toMatchObject({
      'scoring.rules.4.half_life': 'expects more than no time; without half_life nothing fades',
      'scoring.rules.5.half_life': 'expects more than no time; without half_life nothing fades',
      'scoring.rules.1.activity': 'expects a type of activity such as page-view',
      'scoring.rules.2.half_life': 'expects a duration such as 20s, 15m, 4h or 2d',
    })
    expect(Object.keys(scoringFaults({ ...rule, points: 0.5 }))).toEqual(['scoring.rules.0.points'])
    expect(Object.keys(faults({ scoring: { threshold: 0, rules: [] } }))).toEqual([
      'scoring.threshold',
    ])
  })

  test('makes an MQL no later than an SQL', () => {
    expect(anAgreement({ scoring: { threshold: 70, mql: 70, rules: [] } }).scoring?.mql).toBe(70)
    expect(faults({ scoring: { threshold: 70, mql: 71, rules: [] } })).toEqual({
      'scoring.mql': 'expects at most the threshold, 70: an MQL comes before an SQL',
    })
  })
})

describe('what is agreed on companies, people and their journey', () => {
  test('may be nothing', () => {
    const { personas, journey, routing } = anAgreement()
    expect({ personas, journey, routing }).toEqual({
      personas: [],
      journey: { steps: {}, rules: [] },
      routing: { sticky: 'company' },
    })
  })

  test('may ask for one thing or for several', () => {
    const plant = { field: 'title', contains: 'plant' }
    const agreement = anAgreement({
      personas: [
        { id: 'one', name, when: plant },
        { id: 'two', name, when: [plant, { field: 'company.country', is: 'IT' }] },
      ],
    })
    expect(agreement.personas.map(({ when }) => when)).toEqual([
      [{ field: 'title', contains: ['plant'] }],
      [
        { field: 'title', contains: ['plant'] },
        { field: 'company.country', is: ['IT'] },
      ],
    ])
  })

  test('names a persona once, and knows three stages of the journey', () => {
    const persona = { id: 'one', name, when: { field: 'title', known: true } }
    expect(Object.keys(faults({ personas: [persona, persona] }))).toEqual(['personas.1.id'])
    expect(Object.keys(faults({ journey: { rules: [{ stage: 'purchase' }] } }))).toEqual([
      'journey.rules.0.stage',
    ])
    expect(Object.keys(faults({ routing: { sticky: 'person' } }))).toEqual(['routing.sticky'])
  })
})
