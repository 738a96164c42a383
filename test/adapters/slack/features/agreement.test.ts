import { afterEach, describe, expect, test } from 'vitest'
import {
  buildProposalForm,
  faultsOfWhole,
  proposedClocks,
} from '../../../../src/adapters/slack/features/agreement/form.ts'
import {
  buildProposal,
  changeLines,
} from '../../../../src/adapters/slack/features/agreement/message.ts'
import { type Agreement, locales } from '../../../../src/domain/agreement.ts'
import type { Proposal } from '../../../../src/domain/proposal.ts'
import { proposeAgreement } from '../../../../src/use-cases/propose-agreement.ts'
import { anAgreement, fixedNow, minutesAfter, sara } from '../../../support/builders.ts'
import type { FakeView } from '../../../support/fake-slack.ts'
import { faultsOf, messageBlocksSchema, viewSchema } from '../../../support/slack-limits.ts'
import {
  anna,
  mario,
  saraMember,
  startWorkplace,
  type Workplace,
  workspaceId,
} from './workplace.ts'

const base = anAgreement()
const faster: Agreement = {
  ...base,
  clocks: {
    ...base.clocks,
    accept: {
      ...base.clocks.accept,
      within: { clock: 'working', duration: { unit: 'exact', ms: 2 * 3_600_000 } },
      hard: undefined,
    },
  },
  people: base.people.slice(1),
}
const aProposal = (overrides: Partial<Proposal> = {}): Proposal => ({
  id: 'prop_1',
  workspaceId,
  baseVersion: 3,
  state: 'open',
  version: null,
  inForceFrom: null,
  proposedBy: null,
  proposedAt: fixedNow,
  withdrawnBy: null,
  withdrawnAt: null,
  signatures: [],
  agreement: faster,
  ...overrides,
})

describe.each(locales)('the message of a proposal (%s)', (locale) => {
  const heads = { sales: [sara], marketing: [mario] }
  const view = { locale, zone: 'Europe/Rome', dates: 'plain', heads } as const
  const build = (proposal: Proposal) => buildProposal({ proposal, base, revision: 2 }, view, 'key')

  test('shows what changes and whom it waits for, with the buttons to sign and to withdraw', () => {
    const built = build(
      aProposal({ signatures: [{ side: 'sales', by: sara, at: minutesAfter(5) }] }),
    )
    expect(faultsOf(messageBlocksSchema, built.blocks)).toEqual([])
    expect(built).toMatchSnapshot()
  })

  test.each([
    ['signed', { version: 4, inForceFrom: minutesAfter(60 * 24) }],
    ['withdrawn', { withdrawnBy: sara, withdrawnAt: minutesAfter(9) }],
    ['overtaken', {}],
  ] as const)('that was %s says so and has no buttons', (state, overrides) => {
    const { text, blocks } = build(aProposal({ state, ...overrides }))
    expect(text.split('\n').slice(0, 3)).toMatchSnapshot()
    expect(JSON.stringify(blocks)).not.toContain('agreement.sign')
  })

  test('fits however much changes, and mentions nobody who is only named', () => {
    const long = { en: '<!channel> '.repeat(40), it: '*b* & '.repeat(80) }
    const goals = Array.from({ length: 10 }, (_, place) => ({ ...long, en: `${place} ${long.en}` }))
    const built = build(
      aProposal({
        agreement: { ...faster, title: '<!here>', goals, protocols: [...goals, ...goals] },
        proposedBy: { ...sara, name: '<!everyone>' },
      }),
    )
    expect(faultsOf(messageBlocksSchema, built.blocks)).toEqual([])
    expect(JSON.stringify(built)).not.toContain('<!')
  })

  test('says the usual clauses in words', () => {
    expect(changeLines(base, faster, locale)).toMatchSnapshot()
  })
})

describe('the form', () => {
  test.each(locales)(
    'is filled in with the numbers in force and inside the limits (%s)',
    (locale) => {
      const view = buildProposalForm({ version: 3, agreement: base }, locale)
      expect(faultsOf(viewSchema, view)).toEqual([])
      expect(JSON.stringify(view)).toContain('"initial_value":"4h"')
    },
  )

  test('finds numbers that don’t go together', () => {
    const { clocks } = base
    const attempts = { ...clocks.attempts, count: 1 }
    const faults = faultsOfWhole({ ...base, clocks: { ...clocks, attempts } })
    expect(faults).toEqual({ attempts_channels: expect.stringContaining('at most 1') })
  })

  test('leaves alone what it does not ask for', () => {
    const exact = (hours: number) => ({ unit: 'exact' as const, ms: hours * 3_600_000 })
    const { clocks } = base
    const answers = {
      accept_within: clocks.accept.within.duration,
      hard_limit: undefined,
      first_hot: exact(1),
      first_standard: clocks.first_attempt.standard.duration,
      attempts_count: 5,
      attempts_within: clocks.attempts.within.duration,
      attempts_channels: clocks.attempts.channels,
      attempts_gap: clocks.attempts.gap.duration,
      from: undefined,
    }
    expect(proposedClocks(base, answers)).toEqual({
      ...clocks,
      accept: { ...clocks.accept, hard: undefined },
      first_attempt: { ...clocks.first_attempt, hot: { clock: 'working', duration: exact(1) } },
      attempts: { ...clocks.attempts, count: 5 },
    })
  })
})

describe('/sla propose', () => {
  let place: Workplace
  afterEach(() => place.stop())

  const openForm = async (user: string): Promise<FakeView> => {
    await place.slack.sendCommand({ user, command: '/sla', text: 'propose' })
    return place.slack.nextView()
  }
  const open = () => place.world.proposals.open(workspaceId)

  test('proposes what a manager fills in', async () => {
    place = await startWorkplace()
    const view = await openForm('U0SARA')
    const values = { accept_within: '2h', from: '2026-12-01' }
    const sent = await place.slack.submitView({ user: 'U0SARA', view, values })
    expect(JSON.stringify(sent.body)).toContain('managers’ channel')
    expect(await open()).toMatchObject([
      {
        proposal: {
          baseVersion: 1,
          proposedBy: { id: saraMember.id },
          inForceFrom: new Date('2026-11-30T23:00:00.000Z'),
          agreement: { clocks: { accept: { within: { duration: { ms: 2 * 3_600_000 } } } } },
        },
      },
    ])
    await place.slack.submitView({ user: 'U0SARA', view, values })
    expect(await open()).toHaveLength(1)
  })

  test('is not for a rep', async () => {
    place = await startWorkplace()
    const sent = await place.slack.sendCommand({ user: 'U0ANNA', command: '/sla', text: 'propose' })
    expect(JSON.stringify(sent.body)).toContain('Only managers')
  })

  test.each([
    [{ accept_within: 'soon' }, 'accept_within'],
    [{ attempts_count: '0' }, 'attempts_count'],
    [{ attempts_count: '1' }, 'attempts_channels'],
    [{ accept_within: '2h', from: '2026-11-01' }, 'from'],
    [{}, 'accept_within'],
  ])('with %j says what is wrong under the field', async (values, field) => {
    place = await startWorkplace()
    const view = await openForm('U0SARA')
    const { body } = await place.slack.submitView({ user: 'U0SARA', view, values })
    expect(body).toMatchObject({ response_action: 'errors', errors: { [field]: /./ } })
    expect(await open()).toEqual([])
  })

  test('that was opened before another version was signed is refused', async () => {
    place = await startWorkplace()
    const view = await openForm('U0SARA')
    await agreed('title: Another')
    const values = { accept_within: '2h' }
    const { body } = await place.slack.submitView({ user: 'U0SARA', view, values })
    expect(JSON.stringify(body)).toContain('older than the agreement')
    expect(await open()).toEqual([])
  })

  const proposed = async (text: string): Promise<string> => {
    const result = await proposeAgreement(place.world, {
      workspaceId,
      text,
      file: 'f',
      from: undefined,
      by: null,
    })
    if (result.kind !== 'done') throw new Error(result.kind)
    return result.proposal.id
  }
  const click = async (user: string, actionId: string, value: string) => {
    const { card } = await place.offer().catch(() => ({ card: place.slack.messages('C0SQL')[0] }))
    if (card === undefined) throw new Error('no message')
    return place.slack.clickButton({ user, channel: 'C0SQL', actionId, value, message: card })
  }
  const agreed = async (text: string): Promise<void> => {
    const id = await proposed(text)
    await click('U0SARA', 'agreement.sign', id)
    await click('U0MARIO', 'agreement.sign', id)
  }

  test('and a click by who may not sign is told so, to them alone', async () => {
    place = await startWorkplace()
    const id = await proposed('title: Another')
    const sent = await click('U0ANNA', 'agreement.sign', id)
    const { body } = await sent.nextResponse()
    expect(body).toMatchObject({ response_type: 'ephemeral', replace_original: false })
    expect(body.text).toContain('Only the head of sales and the head of marketing')
    expect((await open())[0]?.proposal.signatures).toEqual([])
  })

  test('and a click on a proposal that is not there says so', async () => {
    place = await startWorkplace()
    const sent = await click('U0SARA', 'agreement.withdraw', 'prop_none')
    expect((await sent.nextResponse()).body.text).toContain('not there any more')
  })

  test('/sla shows what is proposed, who has signed, and how it came about', async () => {
    place = await startWorkplace()
    await agreed('title: Another')
    const id = await proposed('title: A third')
    await click('U0SARA', 'agreement.sign', id)
    const { body } = await place.slack.sendCommand({ user: anna.slackId ?? '', command: '/sla' })
    const text = JSON.stringify(body)
    expect(text).toContain('Version 2, in force since')
    expect(text).toContain('Sales: signed by <@U0SARA>')
    expect(text).toContain('Title: A third instead of Another')
    expect(text).toContain('Changes version 2 as soon as both heads have signed')
    expect(text).toContain('How it came about')
  })
})
