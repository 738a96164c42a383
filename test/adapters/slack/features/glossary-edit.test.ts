import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { shippedGlossary } from '../../../../src/adapters/glossary-file.ts'
import { buildTermForm } from '../../../../src/adapters/slack/features/glossary/form.ts'
import {
  buildChapter,
  buildExplanation,
  buildGlossaryList,
  buildTerm,
} from '../../../../src/adapters/slack/features/glossary/messages.ts'
import {
  buildTermHistory,
  buildTermProposal,
  type TermProposalView,
} from '../../../../src/adapters/slack/features/glossary/proposal-message.ts'
import { locales } from '../../../../src/domain/agreement.ts'
import { longest } from '../../../../src/domain/glossary.ts'
import { type TermProposal, termProposalStates } from '../../../../src/domain/term-proposal.ts'
import { anAgreement, aPerson, fixedNow, sara } from '../../../support/builders.ts'
import { faultsOf, messageBlocksSchema, viewSchema } from '../../../support/slack-limits.ts'
import { term, wording } from '../../../support/terms.ts'
import { mario, startWorkplace, type Workplace, workspaceId } from './workplace.ts'

const terms = shippedGlossary()
const withHeads = anAgreement({
  people: [
    { email: 'sara@acme.example', role: 'sales_manager', head_of: 'sales' },
    { email: 'mario@acme.example', role: 'marketing_manager', head_of: 'marketing' },
  ],
})

let place: Workplace

beforeEach(async () => {
  place = await startWorkplace({ terms, agreement: withHeads })
})
afterEach(() => place.stop())

const command = (user: string, text: string) =>
  place.slack.sendCommand({ user, command: '/glossary', text })
const ask = async (user: string, text: string) => JSON.stringify((await command(user, text)).body)
const open = async (user: string, text: string) => {
  await command(user, text)
  return place.slack.nextView()
}
const click = async (user: string, actionId: string, value: string) => {
  await place.slack.clickButton({
    user,
    actionId,
    value,
    message: {
      channel: 'C0SQL',
      ts: '1.1',
      user: 'U0BATON',
      text: '',
      blocks: [],
      ephemeralTo: 'U0ANNA',
      updates: 0,
    },
  })
}
const churn = {
  name: 'Churn',
  abbreviations: 'CHR',
  aliases: 'attrition, "lost, for good"',
  definition: 'Customers who\nleave in a month.',
  example: 'Two of forty left.',
  chapter: 'lifecycle-stage',
}
const proposalsOf = (id: string) =>
  place.world.termProposals.history(workspaceId, id, 10).then(({ proposals }) => proposals)

describe('adding and editing a term', () => {
  test('is proposed, signed by both heads and then found, marked as not translated', async () => {
    const view = await open('U0SARA', 'add Churn')
    expect(view).toMatchObject({ callback_id: 'glossary.edit' })
    expect(JSON.stringify(view)).toContain('"initial_value":"Churn"')
    const sent = await place.slack.submitView({ user: 'U0SARA', view, values: churn })
    expect(JSON.stringify(sent.body)).toContain('both heads sign it')
    expect(await ask('U0ANNA', 'churn')).toContain('no term “churn”')

    const [proposal] = await proposalsOf('churn')
    expect(proposal).toMatchObject({
      state: 'open',
      term: {
        untranslated: 'it',
        en: { abbreviations: ['CHR'], aliases: ['attrition', 'lost, for good'] },
      },
    })
    await click('U0SARA', 'glossary.sign', proposal?.id ?? '')
    await click('U0MARIO', 'glossary.sign', proposal?.id ?? '')
    expect(await ask('U0ANNA', 'CHR')).toContain('Customers who leave in a month.')
    expect(await ask('U0LUCA', 'churn')).toContain('Non ancora tradotto in italiano.')
    expect(await ask('U0ANNA', 'history churn')).toContain('Version 1, since 23 November 2026')
  })

  test('is for managers, heads and admins', async () => {
    expect(await ask('U0ANNA', 'add Churn')).toContain('Managers, heads and admins add')
    expect(await ask('U0LUCA', 'edit MQL')).toContain('suggeriscilo con')
    expect(place.slack.callsOf('views.open')).toEqual([])
  })

  test('of a term that is there is filled in with both languages', async () => {
    const view = await open('U0SARA', 'edit MQL')
    const shown = JSON.stringify(view)
    expect(shown).toContain('Marketing qualified lead')
    expect(shown).toContain('Lead qualificato dal marketing')
    const own = terms.find(({ id }) => id === 'mql')
    const unchanged = await place.slack.submitView({
      user: 'U0SARA',
      view,
      values: {
        name: own?.en.name ?? '',
        abbreviations: 'MQL',
        aliases: own?.en.aliases.join(', ') ?? '',
        definition: own?.en.definition ?? '',
        decide: own?.en.decide ?? '',
        example: own?.en.example ?? '',
        chapter: 'lifecycle-stage',
        other_name: own?.it.name ?? '',
        other_abbreviations: 'MQL',
        other_aliases: own?.it.aliases.join(', ') ?? '',
        other_definition: own?.it.definition ?? '',
        other_decide: own?.it.decide ?? '',
        other_example: own?.it.example ?? '',
      },
    })
    expect(unchanged.body).toMatchObject({
      response_action: 'errors',
      errors: { definition: expect.stringContaining('changes nothing') },
    })
  })

  test.each<[string, Record<string, string>, string, RegExp]>([
    ['a word of another term', { name: 'Lead Score' }, 'name', /already means Lead score/],
    ['emoji alone', { name: '🙂🙂' }, 'name', /at least one letter/],
    ['200 characters', { name: 'x'.repeat(200) }, 'name', /at most 80/],
    ['too long a definition', { definition: 'x '.repeat(400) }, 'definition', /at most 600/],
    ['too many words', { aliases: 'a,b,'.repeat(11) }, 'aliases', /At most 20/],
    ['half a translation', { other_name: 'Abbandono' }, 'other_definition', /leave all fields/],
    ['an owner who is nobody', { owner: 'nobody' }, 'owner', /somebody of this workspace/],
  ])('has a sentence for %s', async (_, values, field, sentence) => {
    const view = await open('U0SARA', 'add')
    const sent = await place.slack.submitView({
      user: 'U0SARA',
      view,
      values: { ...churn, ...values },
    })
    expect(sent.body).toMatchObject({
      response_action: 'errors',
      errors: { [field]: expect.stringMatching(sentence) },
    })
  })

  test('takes a name with a slash', async () => {
    const view = await open('U0SARA', 'add Win / loss')
    await place.slack.submitView({ user: 'U0SARA', view, values: { ...churn, name: 'Win / loss' } })
    expect(await proposalsOf('win-loss')).toHaveLength(1)
  })

  test.each([`add ${'x'.repeat(200)}`, 'edit', 'history', 'edit zzzzzz', 'help'])(
    'has an answer for %s',
    async (text) => {
      const sent = await command('U0SARA', text)
      expect(sent).toMatchObject({ status: 200, body: { response_type: 'ephemeral' } })
    },
  )
})

describe('suggesting a term', () => {
  test('is for everybody, and is taken up by a manager', async () => {
    const view = await open('U0ANNA', 'suggest MQL')
    expect(view).toMatchObject({ callback_id: 'glossary.suggest' })
    const sent = await place.slack.submitView({
      user: 'U0ANNA',
      view,
      values: {
        name: 'Marketing qualified lead',
        abbreviations: 'MQL',
        definition: 'Somebody whom marketing nurtures.',
        decide: 'The line.',
        example: 'Maria.',
        chapter: 'lifecycle-stage',
        note: 'Easier to read',
      },
    })
    expect(JSON.stringify(sent.body)).toContain('Your suggestion goes to')
    const [suggestion] = await proposalsOf('mql')
    expect(suggestion).toMatchObject({ state: 'suggested', note: 'Easier to read' })
    await click('U0ANNA', 'glossary.take_up', suggestion?.id ?? '')
    expect((await proposalsOf('mql')).map(({ state }) => state)).toEqual(['suggested'])
    await click('U0SARA', 'glossary.take_up', suggestion?.id ?? '')
    const states = (await proposalsOf('mql')).map(({ state }) => state)
    expect(states.sort()).toEqual(['open', 'taken-up'])
    expect(await ask('U0ANNA', 'history mql')).toContain('"action_id":"glossary.sign"')
  })

  test('is a click away where a term is missing, with the word filled in', async () => {
    const missing = await ask('U0ANNA', 'Zugzwang')
    expect(missing).toContain('"action_id":"glossary.suggest"')
    await click('U0ANNA', 'glossary.suggest', 'Zugzwang')
    const view = await place.slack.nextView()
    expect(view).toMatchObject({ callback_id: 'glossary.suggest' })
    expect(JSON.stringify(view)).toContain('"initial_value":"Zugzwang"')
  })

  test.each(['x'.repeat(longest.label + 1), '!!!'])(
    'is not offered for what can be no name (%#)',
    async (text) => {
      expect(await ask('U0ANNA', text)).not.toContain('glossary.suggest')
    },
  )

  test('can be declined', async () => {
    const view = await open('U0ANNA', 'suggest Churn')
    await place.slack.submitView({ user: 'U0ANNA', view, values: churn })
    const [suggestion] = await proposalsOf('churn')
    await click('U0MARIO', 'glossary.decline', suggestion?.id ?? '')
    expect(await proposalsOf('churn')).toMatchObject([
      { state: 'declined', settledBy: { name: 'Mario Neri' } },
    ])
  })
})

describe('where the agreement names no heads', () => {
  test('what is saved holds at once, and the form says so', async () => {
    await place.stop()
    place = await startWorkplace({ terms, agreement: anAgreement({ people: [] }) })
    const admin = await place.world.members.bySlackId(workspaceId, 'U0SARA')
    place.world.members.bySlackId = async () => ({ ...admin, slackAdmin: true })
    const view = await open('U0SARA', 'add Churn')
    expect(JSON.stringify(view)).toContain('what you save holds at once')
    const sent = await place.slack.submitView({ user: 'U0SARA', view, values: churn })
    expect(JSON.stringify(sent.body)).toContain('It holds from now on')
    expect(await ask('U0SARA', 'churn')).toContain('*Churn* (CHR)')
  })
})

describe('"Explain terms here"', () => {
  const explained = async (user: string, messageText: string, thread?: string) => {
    const sent = await place.slack.sendShortcut({
      user,
      callbackId: 'glossary.explain',
      message: {
        channel: 'C0SQL',
        ts: '2.2',
        user: 'U0BEN',
        text: messageText,
        blocks: [],
        updates: 0,
        ...(thread === undefined ? {} : { thread_ts: thread }),
      },
    })
    return (await sent.nextResponse()).body
  }

  test('tells the one who asked what the terms of a message mean', async () => {
    const body = await explained('U0ANNA', 'Is <@U0BEN>’s lead an *MQL* or an SQLs? :lead: &amp;')
    const text = JSON.stringify(body)
    expect(body).toMatchObject({ response_type: 'ephemeral' })
    expect(text).toContain('*Marketing qualified lead* (MQL)')
    expect(text).toContain('*Sales qualified lead* (SQL)')
    expect(text).toContain('"action_id":"glossary.show"')
  })

  test('answers in the thread of the message, and in the language of the reader', async () => {
    const body = await explained('U0LUCA', 'che lead score ha?', '1.1')
    expect(body).toMatchObject({ thread_ts: '1.1' })
    expect(JSON.stringify(body)).toContain('*Punteggio del lead*')
  })

  test('says so where a message has no term', async () => {
    expect(JSON.stringify(await explained('U0ANNA', 'lunch at one?'))).toContain(
      'No term of the glossary is in this message',
    )
  })
})

describe('a term with figures', () => {
  test('tells how it fares, with its version and who keeps it', async () => {
    place.world.termHealth.of = async () => ({
      kind: 'handed-over',
      count: 12,
      returned: 3,
      topReason: 'not-ready',
    })
    const text = await ask('U0ANNA', 'SQL')
    expect(text).toContain('Last 30 days: 12 handed over, 25% returned, mostly as “Not ready”')
    expect(text).toContain('Version 1, since 23 November 2026 · kept by the heads of both teams')
    expect(text).toContain('"action_id":"glossary.related_0"')
    expect(await ask('U0LUCA', 'SQL')).toContain('25% restituite, soprattutto come «Non pronto»')
  })
})

describe.each(locales)('the messages and forms (%s)', (locale) => {
  const hostile = '<!channel> *b* `c` https://x.example & '.repeat(8).trim()
  const long = term({
    en: wording({ name: hostile.slice(0, 80), definition: hostile, decide: hostile.slice(0, 300) }),
    it: wording({ name: hostile.slice(0, 80), definition: hostile, decide: hostile.slice(0, 300) }),
  })
  const view: TermProposalView = {
    locale,
    zone: 'Europe/Rome',
    dates: 'plain',
    heads: { sales: [sara], marketing: [mario] },
    owner: null,
  }
  const aProposal = (overrides: Partial<TermProposal> = {}): TermProposal => ({
    id: 'prop_1',
    workspaceId,
    term: { ...term(), en: wording({ definition: 'Another.' }) },
    owner: aPerson(),
    note: 'Easier to read',
    baseVersion: 1,
    state: 'open',
    version: null,
    proposedBy: sara,
    proposedAt: fixedNow,
    settledBy: mario,
    settledAt: fixedNow,
    signatures: [{ side: 'sales', by: sara, at: fixedNow }],
    ...overrides,
  })

  test('read well', () => {
    const proposal = aProposal()
    expect(
      buildTermProposal({ proposal, base: term(), revision: 1 }, view, 'key'),
    ).toMatchSnapshot()
    expect(
      buildTermProposal(
        { proposal: aProposal({ state: 'suggested', signatures: [] }), base: null, revision: 1 },
        view,
        'key',
      ),
    ).toMatchSnapshot()
    expect(buildExplanation({ terms: terms.slice(0, 2), more: 1 }, locale)).toMatchSnapshot()
  })

  test('keep within the limits of Slack, and quote as text', () => {
    const many = Array.from({ length: 400 }, (_, at) =>
      term({
        id: `own-${at}`,
        chapter: 'warm-lead',
        en: wording({ name: `A term of our own, number ${at}` }),
        it: wording({ name: `Un termine nostro, il numero ${at}` }),
      }),
    )
    const proposals = termProposalStates.map((state) =>
      aProposal({ state, term: long, note: hostile }),
    )
    const versions = Array.from({ length: 30 }, (_, at) => ({
      version: 30 - at,
      term: long,
      by: sara,
      at: fixedNow,
    }))
    const messages = [
      ...proposals.map((proposal) =>
        buildTermProposal({ proposal, base: term(), revision: 1 }, view, 'key'),
      ),
      buildTermHistory(long, { versions, proposals }, view),
      buildExplanation({ terms: Array<typeof long>(8).fill(long), more: 3 }, locale),
      buildGlossaryList([term(), ...many], locale),
      buildChapter(term(), [term(), ...many], locale),
      buildTerm(long, {
        terms: [long],
        locale,
        standing: { version: 2, since: fixedNow, term: long, owner: sara },
      }),
    ]
    for (const { text, blocks } of messages) {
      expect(faultsOf(messageBlocksSchema, blocks)).toEqual([])
      expect(`${text} ${JSON.stringify(blocks)}`).not.toContain('<!channel>')
    }
    expect(JSON.stringify(buildGlossaryList([term(), ...many], locale))).toContain(
      'glossary.chapter',
    )
  })

  test('keep within the limits of forms', () => {
    for (const kind of ['edit', 'suggest'] as const) {
      for (const one of [undefined, long, ...terms]) {
        const asked = { kind, term: one, version: 1, name: 'New', terms, unsigned: kind === 'edit' }
        expect(faultsOf(viewSchema, buildTermForm(asked, locale))).toEqual([])
      }
    }
  })
})
