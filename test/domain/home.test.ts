import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  changesAt,
  type HomeEntry,
  type HomeViewer,
  homePage,
  listOf,
  viewerOf,
} from '../../src/domain/home.ts'
import { aMember, anAgreement, fixedNow, minutesAfter } from '../support/builders.ts'

const anEntry = (overrides: Partial<HomeEntry> = {}): HomeEntry => ({
  id: 'hof_1',
  status: 'offered',
  ownerId: null,
  leadType: 'new-equipment',
  dueAt: minutesAfter(240),
  answer: null,
  isRuled: false,
  readySince: null,
  createdAt: fixedNow,
  ...overrides,
})

const aViewer = (overrides: Partial<HomeViewer> = {}): HomeViewer => ({
  personId: 'per_anna',
  role: 'rep',
  sells: 'all',
  administers: false,
  ...overrides,
})

const manager = aViewer({ personId: 'per_sara', role: 'sales_manager' })
const marketing = aViewer({ personId: 'per_ben', role: 'marketing', sells: [] })

describe('whom a home is for', () => {
  const people = [{ email: 'luca@acme.example', role: 'marketing' as const }]
  const nobodyNamed = anAgreement({ people: [] })

  test('an owner of one lead type is a rep of that type', () => {
    const [first, ...others] = nobodyNamed.lead_types
    const agreement = {
      ...anAgreement({ people }),
      lead_types: [
        ...(first === undefined ? [] : [{ ...first, owners: { fixed: 'anna@acme.example' } }]),
        ...others,
      ],
    }
    const viewer = viewerOf(agreement, aMember({ email: 'anna@acme.example' }))
    expect(viewer).toMatchObject({ role: 'rep', sells: [first?.id] })
  })

  test('a guest has no part in it, even where they administer Slack', () => {
    const viewer = viewerOf(nobodyNamed, aMember({ external: true, slackAdmin: true }))
    expect(viewer).toMatchObject({ role: null, sells: [], administers: false })
  })

  test('whoever administers Slack sees the settings without any role', () => {
    const stranger = aMember({ email: 'someone@acme.example', slackAdmin: true })
    expect(viewerOf(anAgreement({ people }), stranger)).toMatchObject({
      role: null,
      administers: true,
    })
  })
})

describe('what concerns whom', () => {
  test.each([
    ['a lead offered to them', anEntry({ ownerId: 'per_anna' }), aViewer(), 'offered'],
    ['a lead that nobody has', anEntry(), aViewer(), 'offered'],
    ['a lead of another type', anEntry(), aViewer({ sells: ['other'] }), undefined],
    ['a lead of a colleague', anEntry({ ownerId: 'per_luca' }), aViewer(), undefined],
    [
      'a lead they work on',
      anEntry({ ownerId: 'per_anna', status: 'connected' }),
      aViewer(),
      'working',
    ],
    ['a return, to marketing', anEntry({ status: 'returned' }), marketing, 'toAnswer'],
    ['a return, to sales', anEntry({ status: 'returned' }), aViewer(), undefined],
    [
      'an acknowledged return that is not ready',
      anEntry({ status: 'returned', answer: 'acknowledged' }),
      marketing,
      undefined,
    ],
    [
      'a lead that is ready again',
      anEntry({ status: 'returned', answer: 'acknowledged', readySince: fixedNow }),
      marketing,
      'ready',
    ],
    [
      'a contested return, to a manager',
      anEntry({ status: 'returned', answer: 'contested' }),
      manager,
      'rulings',
    ],
    [
      'a contested return, to marketing',
      anEntry({ status: 'returned', answer: 'contested' }),
      marketing,
      undefined,
    ],
    ['a closed one', anEntry({ status: 'closed', ownerId: 'per_anna' }), aViewer(), undefined],
  ])('%s', (_, entry, viewer, expected) => {
    expect(listOf(entry, viewer)).toBe(expected)
  })
})

describe('a page of a home', () => {
  const now = fixedNow

  test('begins with what is due first, and lists of others late last', () => {
    const entries = [
      anEntry({ id: 'hof_c', ownerId: 'per_sara', status: 'accepted', dueAt: minutesAfter(90) }),
      anEntry({ id: 'hof_b', ownerId: 'per_sara', status: 'accepted', dueAt: minutesAfter(10) }),
      anEntry({ id: 'hof_late', ownerId: 'per_luca', dueAt: minutesAfter(-1) }),
      anEntry({ id: 'hof_due', ownerId: 'per_luca', dueAt: minutesAfter(1) }),
      anEntry({ id: 'hof_none', ownerId: 'per_sara', status: 'accepted', dueAt: null }),
    ]
    const { lists } = homePage(entries, manager, { page: 0, size: 10, now })
    expect(lists).toEqual([
      { name: 'working', total: 3, ids: ['hof_b', 'hof_c', 'hof_none'] },
      { name: 'late', total: 1, ids: ['hof_late'] },
    ])
  })

  test('a page that is no more there is the last one', () => {
    const entries = Array.from({ length: 11 }, (_, index) => anEntry({ id: `hof_${index}` }))
    expect(homePage(entries, aViewer(), { page: 7, size: 10, now })).toMatchObject({
      page: 1,
      pages: 2,
      lists: [{ name: 'offered', total: 11, ids: ['hof_9'] }],
    })
  })

  const someEntry = fc.record({
    status: fc.constantFrom('offered' as const, 'accepted' as const, 'returned' as const),
    ownerId: fc.constantFrom(null, 'per_anna', 'per_luca'),
    due: fc.option(fc.integer({ min: -500, max: 500 })),
    answer: fc.constantFrom(null, 'acknowledged' as const, 'contested' as const),
  })

  test('all pages together hold each lead that concerns somebody once', () => {
    const roles = fc.constantFrom('rep' as const, 'admin' as const)
    const all = fc.property(fc.array(someEntry, { maxLength: 60 }), roles, (some, role) => {
      const entries = some.map(({ due, ...one }, index) =>
        anEntry({ ...one, id: `hof_${index}`, dueAt: due === null ? null : minutesAfter(due) }),
      )
      const viewer = aViewer({ role })
      const { pages } = homePage(entries, viewer, { page: 0, size: 10, now })
      const ids = Array.from({ length: pages }, (_, page) =>
        homePage(entries, viewer, { page, size: 10, now }).lists.flatMap((list) => list.ids),
      )
      expect(ids.every((page) => page.length <= 10)).toBe(true)
      const shown = ids.flat()
      expect(new Set(shown).size).toBe(shown.length)
      const concerned = entries.filter((entry) => {
        const list = listOf(entry, viewer)
        return list !== undefined && (list !== 'late' || (entry.dueAt && entry.dueAt <= now))
      })
      expect(shown.length).toBe(concerned.length)
    })
    fc.assert(all)
  })

  test('changes by itself when the next of its deadlines passes', () => {
    const entries = [
      anEntry({ dueAt: minutesAfter(-5) }),
      anEntry({ dueAt: minutesAfter(30) }),
      anEntry({ dueAt: minutesAfter(20) }),
      anEntry({ dueAt: minutesAfter(1), ownerId: 'per_luca' }),
    ]
    expect(changesAt(entries, aViewer(), now)).toEqual(minutesAfter(20))
    expect(changesAt([], aViewer(), now)).toBeNull()
  })
})
