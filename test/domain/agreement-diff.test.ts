import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Agreement, agreementSchema } from '../../src/domain/agreement.ts'
import { agreementDiff, type Change } from '../../src/domain/agreement-diff.ts'
import {
  isWrittenFields,
  type Written,
  writtenAgreement,
} from '../../src/domain/agreement-written.ts'
import { anAgreement } from '../support/builders.ts'

const plain = anAgreement()
const text = (en: string) => ({ en, it: `${en} (it)` })

const anyText = fc.constantFrom('Answer', 'Ask', 'Help', 'Listen').map(text)
const anyPercent = fc.constantFrom('10%', '50%', '80%', '99%')
const anyTime = fc.constantFrom(
  { working: '4h' },
  { working: '90s' },
  { working: '2d' },
  { wall: '24h' },
  { wall: '0m' },
)
const distinct = <T>(values: readonly T[], minLength = 0) =>
  fc.shuffledSubarray([...values], { minLength })

const anyClock = fc.record({ within: anyTime, remind: fc.array(anyPercent, { maxLength: 2 }) })
const anyType = (id: string) =>
  fc.record(
    {
      id: fc.constant(id),
      name: anyText,
      channel: fc.constantFrom('sql', 'service'),
      owners: fc.constantFrom(
        'open' as const,
        { fixed: 'anna@acme.example' },
        { rotate: ['anna@acme.example', 'luca@acme.example'] },
      ),
      clocks: fc.record(
        { return_answer: anyClock, idle: anyClock, ruling: anyClock },
        { requiredKeys: [] },
      ),
      calendar: fc.constant({ timezone: 'Asia/Kolkata', hours: 'always' as const }),
      language: fc.constantFrom('en' as const, 'it' as const),
    },
    { requiredKeys: ['id', 'name', 'channel'] },
  )

/** Agreements that differ in every kind of clause. */
const anyAgreement: fc.Arbitrary<Agreement> = fc
  .record(
    {
      title: fc.constantFrom('One', 'Two'),
      language: fc.constantFrom('en' as const, 'it' as const),
      goals: fc.uniqueArray(anyText, { minLength: 1, maxLength: 3, selector: ({ en }) => en }),
      calendar: fc.record({
        timezone: fc.constantFrom('Europe/Rome', 'Europe/London'),
        hours: fc.constantFrom<unknown>(
          'always',
          { 'mon-fri': ['09:00-13:00', '14:00-18:00'] },
          { 'sat-mon': ['09:00-24:00'], wed: ['00:00-01:30'] },
        ),
        holidays: distinct(['2026-12-25', '2026-12-26', '2027-01-01']),
      }),
      escalation: fc.constantFrom(
        [],
        [{ at: '100%', to: 'manager' as const }],
        [
          { at: '100%', to: 'owner' as const },
          { at: '150%', to: 'managers_channel' as const },
        ],
      ),
      promises: fc.record({
        sales: distinct([
          { measure: 'clock' as const, clock: 'accept' as const, share: '90%' },
          { measure: 'clock' as const, clock: 'attempts' as const, share: '80%' },
          { measure: 'volume' as const, per_week: 7 },
        ]),
      }),
      pause: fc.record({
        reasons: fc.constant([{ id: 'customer', name: text('The customer asked') }]),
        at_most: anyTime,
      }),
      people: distinct([
        {
          email: 'anna@acme.example',
          role: 'rep' as const,
          cap: 20,
          off: ['2026-12-24', '2026-12-27/2027-01-06'],
        },
        { email: 'luca@acme.example', role: 'rep' as const, off: [] },
        { email: 'sara@acme.example', role: 'sales_manager' as const, head_of: 'sales' as const },
      ]),
      groups: distinct([
        { group: 'sales-reps', role: 'rep' as const },
        { group: 'S0MARKETING', role: 'marketing' as const },
      ]),
      lifecycle: fc.constantFrom(
        { sql: ['mql', 'lead', 'opportunity', 'customer'] },
        { mql: ['sql'], sql: ['lead', 'mql', 'opportunity', 'customer'], customer: [] },
        { mql: ['sql', 'lead'], sql: ['mql', 'lead', 'opportunity'], opportunity: ['customer'] },
      ),
      reassignment: fc.record(
        {
          clock: fc.constantFrom('keep' as const, 'restart' as const),
          take_over: fc.constantFrom('never' as const, 'overdue' as const, 'always' as const),
        },
        { requiredKeys: [] },
      ),
      lost_reasons: distinct(['price', 'no-budget'].map((id) => ({ id, name: text(id) }))),
      return_reasons: distinct(
        [
          { id: 'wrong-data', status: 'Wrong data', stage: 'sql' as const, needs: ['field'] },
          { id: 'duplicate', status: 'Twice', stage: 'sql' as const, needs: ['other_lead'] },
          { id: 'silent', name: text('Silent'), status: 'Silent', stage: 'sql' as const },
          { id: 'no-fit', status: 'No fit', stage: 'sql' as const, needs: [], term: 'icp' },
        ],
        1,
      ),
      deal_stages: distinct(
        [
          { id: 'exploration', name: text('Exploration'), stage: 'sql' as const },
          { id: 'closed-won', name: text('Won'), stage: 'sql' as const },
          { id: 'lost-to-us', name: text('Lost'), means: 'lost' as const, stage: 'sql' as const },
          { id: 'on-hold', name: text('On hold') },
        ],
        1,
      ),
      icp: distinct(
        [
          { id: 'industry', name: text('Industry'), agreed: text('Makes things') },
          { id: 'size', name: text('Size') },
        ],
        1,
      ),
      lead_types: fc
        .tuple(anyType('new-equipment'), anyType('service'), anyType('parts'))
        .chain((types) => distinct(types, 1)),
    },
    { requiredKeys: ['goals'] },
  )
  .map((overrides) =>
    agreementSchema.parse({ ...writtenAgreement(plain), ...JSON.parse(JSON.stringify(overrides)) }),
  )

// A second, plainer way from a difference to a whole, to hold the first one against.

const nameOf = (value: Written): string => {
  if (typeof value === 'string') return value
  if (!isWrittenFields(value)) throw new Error('no name')
  const { id, email, group, clock, measure, en } = value
  const name = id ?? email ?? group ?? clock ?? measure ?? en
  return typeof name === 'string' ? name : ''
}

function apply(
  value: Written | null,
  [key, ...rest]: readonly string[],
  change: Change,
): Written | null {
  if (key === undefined) {
    if (change.what !== 'reordered') return change.after
    const names = Array.isArray(change.after) ? change.after.map(String) : []
    const entries = Array.isArray(value) ? [...value] : []
    return entries.sort((a, b) => names.indexOf(nameOf(a)) - names.indexOf(nameOf(b)))
  }
  if (Array.isArray(value)) {
    const at = value.findIndex((entry) => nameOf(entry) === key)
    const next = apply(at < 0 ? null : (value[at] ?? null), rest, change)
    const others = value.filter((_, index) => index !== at)
    if (next === null) return others
    return others.toSpliced(at < 0 ? others.length : at, 0, next)
  }
  const fields = isWrittenFields(value) ? value : {}
  const next = apply(fields[key] ?? null, rest, change)
  const { [key]: _, ...others } = fields
  return next === null ? others : { ...others, [key]: next }
}

describe('an agreement as its file writes it', () => {
  test('is the same agreement when it is read again', () => {
    fc.assert(
      fc.property(anyAgreement, (agreement) => {
        expect(agreementSchema.parse(writtenAgreement(agreement))).toEqual(agreement)
      }),
    )
  })
})

describe('the difference between two agreements', () => {
  test('is nothing where they are equal', () => {
    fc.assert(
      fc.property(anyAgreement, (agreement) => {
        expect(agreementDiff(agreement, structuredClone(agreement))).toEqual([])
      }),
    )
  })

  test('loses nothing: done to the one it gives the other', () => {
    fc.assert(
      fc.property(anyAgreement, anyAgreement, (before, after) => {
        const changes = agreementDiff(before, after)
        const changed = changes.reduce<Written | null>(
          (value, change) => apply(value, change.path, change),
          writtenAgreement(before),
        )
        expect(agreementSchema.parse(changed)).toEqual(after)
      }),
      { numRuns: 500 },
    )
  })

  test('names the clause, and both values as the file writes them', () => {
    const { clocks } = plain
    const after = {
      ...plain,
      clocks: {
        ...clocks,
        accept: {
          ...clocks.accept,
          within: { clock: 'working', duration: { unit: 'exact', ms: 2 * 3_600_000 } },
        },
      },
    } satisfies Agreement
    expect(agreementDiff(plain, after)).toEqual([
      {
        clause: 'clocks.accept.within',
        path: ['clocks', 'accept', 'within'],
        what: 'changed',
        before: { working: '4h' },
        after: { working: '2h' },
      },
    ])
  })

  test('matches entries of lists by their id or e-mail address, wherever they stand', () => {
    const [first, second] = plain.lead_types
    if (first === undefined || second === undefined) throw new Error('no lead types')
    const after: Agreement = {
      ...plain,
      lead_types: [second, { ...first, channel: 'elsewhere' }],
      people: plain.people.filter(({ email }) => email !== 'luca@acme.example'),
    }
    expect(agreementDiff(plain, after)).toMatchObject([
      { clause: 'lead_types.new-equipment.channel', what: 'changed', after: 'elsewhere' },
      { clause: 'lead_types', what: 'reordered', after: ['service', 'new-equipment'] },
      { clause: 'people.luca@acme.example', what: 'removed', after: null },
    ])
  })

  test('names user groups, people and clauses of the return loop as the file does', () => {
    const after = anAgreement({
      groups: [{ group: '@sales-reps', role: 'rep' }],
      people: [{ email: 'anna@acme.example', role: 'rep', cap: 20, off: ['2026-12-24'] }],
      reassignment: { clock: 'restart' },
      lost_reasons: [{ id: 'price', name: { en: 'Too dear', it: 'Prezzo' } }],
      lifecycle: { ...plain.lifecycle, mql: ['sql'] },
      deal_stages: [...plain.deal_stages.slice(0, 4), { id: 'on-hold', name: text('On ice') }],
    })
    const before = anAgreement({
      groups: [
        { group: 'sales-reps', role: 'marketing' },
        { group: 'guests', role: 'marketing' },
      ],
      people: [{ email: 'anna@acme.example', role: 'rep' }],
    })
    const changes = agreementDiff(before, after)
    expect(changes.map(({ clause, what }) => [clause, what])).toEqual([
      ['deal_stages.on-hold.name.en', 'changed'],
      ['deal_stages.on-hold.name.it', 'changed'],
      ['lost_reasons.price.name.en', 'changed'],
      ['lost_reasons.no-decision', 'removed'],
      ['lifecycle.mql', 'changed'],
      ['reassignment.clock', 'changed'],
      ['people.anna@acme.example.cap', 'added'],
      ['people.anna@acme.example.off', 'added'],
      ['groups.sales-reps.role', 'changed'],
      ['groups.guests', 'removed'],
    ])
    expect(changes[4]).toMatchObject({ before: ['lead', 'sql'], after: ['sql'] })
  })
})
