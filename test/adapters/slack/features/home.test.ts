import { describe, expect, test } from 'vitest'
import { buildHome } from '../../../../src/adapters/slack/features/home/view.ts'
import { type Agreement, locales, type Role } from '../../../../src/domain/agreement.ts'
import type { Handoff } from '../../../../src/domain/handoff.ts'
import type { HomeList } from '../../../../src/domain/home.ts'
import type { HomeContents } from '../../../../src/use-cases/ports/home.ts'
import {
  accepted,
  aHandoff,
  aLead,
  aMember,
  anAgreement,
  aPerson,
  contested,
  fixedNow,
  minutesAfter,
  paused,
  returned,
  sara,
} from '../../../support/builders.ts'
import { faultsOf, viewSchema } from '../../../support/slack-limits.ts'

const agreement = anAgreement()

const listsOf = (
  lists: Partial<Record<HomeList, Handoff[]>>,
  terms: Agreement = agreement,
): HomeContents['lists'] =>
  (['rulings', 'offered', 'working', 'toAnswer', 'ready', 'late'] as const).flatMap((name) => {
    const handoffs = lists[name]
    if (handoffs === undefined) return []
    const entries = handoffs.map((handoff) => ({ handoff, agreement: terms }))
    return [{ name, total: handoffs.length, entries }]
  })

function contentsFor(role: Role | null, overrides: Partial<HomeContents> = {}): HomeContents {
  const member = overrides.member ?? aMember()
  return {
    member,
    viewer: { personId: member.id, role, sells: 'all', administers: role === 'admin' },
    inForce: { agreement, version: 3, inForceFrom: fixedNow },
    now: minutesAfter(120),
    page: 0,
    pages: 1,
    lists: [],
    isWhole: true,
    counts: undefined,
    promises: undefined,
    proposals: undefined,
    settings: undefined,
    ...overrides,
  }
}

const counts = { handedOver: 12, accepted: 9, returned: 2, missed: 1 }
const promises: HomeContents['promises'] = [
  {
    side: 'sales',
    promise: { measure: 'clock', clock: 'accept', share: 0.9 },
    figures: { kind: 'share', kept: 9, of: 12, share: 0.75, days: 7 },
  },
]
const proposal = {
  id: 'prop_1',
  workspaceId: 'T0TEST',
  baseVersion: 3,
  state: 'open' as const,
  version: null,
  inForceFrom: null,
  proposedBy: sara,
  proposedAt: fixedNow,
  withdrawnBy: null,
  withdrawnAt: null,
  signatures: [],
  agreement: { ...agreement, title: 'Another title' },
}
const settings: HomeContents['settings'] = {
  crm: { waiting: 3, refused: 1 },
  webhooks: { all: 2, disabled: 1 },
  channels: [
    { name: 'sql-handoffs', isIn: true },
    { name: 'service-handoffs', isIn: false },
    { name: 'sales-managers', isIn: null },
  ],
  holders: [
    { person: sara, role: 'sales_manager', source: 'agreement' },
    { person: aPerson(), role: 'rep', source: 'form' },
    { person: aPerson({ id: 'per_2' }), role: 'rep', source: 'form' },
  ],
  crms: ['hubspot'],
}

const late = aHandoff({ id: 'hof_late', owner: aPerson({ slackId: null, name: 'Left Long-Ago' }) })
const overdue = {
  ...late,
  deadlines: late.deadlines.map((one) => ({ ...one, dueAt: minutesAfter(60) })),
}

const homes: Record<string, (locale: 'en' | 'it') => HomeContents> = {
  'a rep': (locale) =>
    contentsFor('rep', {
      member: aMember({ locale }),
      lists: listsOf({
        offered: [overdue, aHandoff({ priority: 'hot' })],
        working: [accepted(), paused()],
      }),
    }),
  'a rep with nothing to do': (locale) => contentsFor('rep', { member: aMember({ locale }) }),
  marketing: (locale) =>
    contentsFor('marketing', {
      member: aMember({ locale }),
      counts,
      lists: listsOf({ toAnswer: [returned()], ready: [returned(aHandoff({ id: 'hof_2' }))] }),
    }),
  'a manager': (locale) =>
    contentsFor('sales_manager', {
      member: aMember({ ...sara, locale }),
      counts,
      promises,
      proposals: [{ proposal, base: agreement }],
      lists: listsOf({ rulings: [contested()], late: [overdue] }),
    }),
  'an admin': (locale) =>
    contentsFor('admin', { member: aMember({ locale }), counts, promises, settings }),
  'whoever has no part in it': (locale) => contentsFor(null, { member: aMember({ locale }) }),
}

describe.each(locales)('the home (%s)', (locale) => {
  test.each(Object.entries(homes))('of %s', (_, contents) => {
    const view = buildHome(contents(locale))
    expect(faultsOf(viewSchema, view)).toEqual([])
    expect(view).toMatchSnapshot()
  })

  test('of a rep with many leads is paged', () => {
    const many = Array.from({ length: 10 }, (_, index) => aHandoff({ id: `hof_${index}` }))
    const lists = listsOf({ offered: many }).map((list) => ({ ...list, total: 500 }))
    const contents = contentsFor('rep', {
      member: aMember({ locale }),
      lists,
      page: 1,
      pages: 50,
    })
    const view = buildHome(contents)
    expect(faultsOf(viewSchema, view)).toEqual([])
    expect(view.blocks.slice(-2)).toMatchSnapshot()
  })

  test('keeps hostile and endless texts as text', () => {
    const hostile = '<!channel> <@U0SARA> *bold* https://evil.example <https://evil.example|x> '
    const lead = aLead({ name: hostile.repeat(20), company: { name: hostile.repeat(20) } })
    const nasty = aHandoff({
      lead,
      reason: hostile.repeat(60),
      owner: aPerson({ slackId: null, name: hostile }),
    })
    const view = buildHome(
      contentsFor('admin', {
        member: aMember({ locale }),
        lists: listsOf({
          rulings: [contested(returned(nasty, { note: hostile }))],
          offered: [nasty],
          working: [nasty],
          toAnswer: [returned(nasty, { note: hostile })],
          late: [nasty],
        }),
      }),
    )
    expect(faultsOf(viewSchema, view)).toEqual([])
    const told = JSON.stringify(view)
    expect(told).not.toMatch(/<!(channel|here|everyone)|<@U0SARA>|\*bold\*|https:\/\/evil/)
  })

  test('links each lead to its card', () => {
    const cardUrl = 'https://acme.slack.example/archives/C0SQL/p1795436908000001'
    const lead = aLead({ name: 'Maria <!channel> | Verdi', company: {} })
    const [entry] = listsOf({ working: [aHandoff({ lead, priority: 'standard' })] })
    const linked = entry?.entries.map((one) => ({ ...one, cardUrl })) ?? []
    const view = buildHome(
      contentsFor('rep', {
        member: aMember({ locale }),
        lists: [{ name: 'working', total: 1, entries: linked }],
      }),
    )
    expect(faultsOf(viewSchema, view)).toEqual([])
    const told = JSON.stringify(view)
    expect(told).toContain(`*<${cardUrl}|`)
    expect(told).not.toContain('<!channel>')
  })
})
