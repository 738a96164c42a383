import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { shippedGlossary } from '../../../../src/adapters/glossary-file.ts'
import { buildContestForm } from '../../../../src/adapters/slack/features/return-answer/contest.ts'
import {
  buildReturnsList,
  type Entry,
} from '../../../../src/adapters/slack/features/return-answer/returns-message.ts'
import { buildClarifyForm } from '../../../../src/adapters/slack/features/return-answer/rule.ts'
import { locales } from '../../../../src/domain/agreement.ts'
import { markReady as decideReady } from '../../../../src/domain/decide/ready.ts'
import type { Handoff, Ruling } from '../../../../src/domain/handoff.ts'
import type { Member } from '../../../../src/domain/person.ts'
import { acknowledgeReturn } from '../../../../src/use-cases/acknowledge-return.ts'
import { contestReturn } from '../../../../src/use-cases/contest-return.ts'
import { handOffLead } from '../../../../src/use-cases/hand-off-lead.ts'
import { markReady } from '../../../../src/use-cases/mark-ready.ts'
import { returnHandoff } from '../../../../src/use-cases/return-handoff.ts'
import { ruleOnReturn } from '../../../../src/use-cases/rule-on-return.ts'
import {
  aHandoff,
  aLead,
  anActor,
  anAgreement,
  aReturnSaid,
  ben,
  contested,
  fixedNow,
  handoffOf,
  minutesAfter,
  returned,
  sara,
} from '../../../support/builders.ts'
import type { FakeMessage, FakeView } from '../../../support/fake-slack.ts'
import { faultsOf, messageBlocksSchema, viewSchema } from '../../../support/slack-limits.ts'
import {
  anna,
  benMember,
  mario,
  saraMember,
  startWorkplace,
  type Workplace,
  workspaceId,
} from './workplace.ts'

let place: Workplace

beforeEach(async () => {
  place = await startWorkplace({ terms: shippedGlossary() })
})
afterEach(() => place.stop())

const targetOf = (handoffId: string, by: Member) => ({ workspaceId, handoffId, by })

/** A lead of that address that Anna gave back as not ready. */
async function returnedLead(email: string): Promise<Handoff> {
  const offered = await handOffLead(place.world, {
    workspaceId,
    lead: { email, name: `Lead ${email}`, company: { name: 'Officine Verdi' } },
    reason: 'Asked for a quote',
    priority: 'standard',
    owner: undefined,
    by: benMember,
    whatChanged: undefined,
  })
  if (offered.kind !== 'done') throw new Error(offered.kind)
  return giveBack(offered.handoff.id)
}

async function giveBack(id: string): Promise<Handoff> {
  const said = aReturnSaid({ readyWhen: 'the budget is approved' })
  await returnHandoff(place.world, targetOf(id, anna), said)
  return place.handoff(id)
}

const contest = async (id: string) => {
  await contestReturn(place.world, targetOf(id, benMember), { why: 'It was approved <!here>' })
  return place.handoff(id)
}
const vote = (id: string, by: Member, ruling: Ruling, words?: string) =>
  ruleOnReturn(place.world, targetOf(id, by), { ruling, words })

/** A lead that was given back, and a message with all buttons that its thread may have. */
async function aReturnInSlack(): Promise<{ handoff: Handoff; card: FakeMessage }> {
  const { handoff, card } = await place.offer()
  return { handoff: await giveBack(handoff.id), card }
}

const press = (user: string, what: string, message: FakeMessage, value: string) =>
  place.slack.clickButton({ user, actionId: `return.${what}`, value, message })

async function openForm(user: string, what: string, message: FakeMessage, value: string) {
  expect((await press(user, what, message, value)).status).toBe(200)
  return place.slack.nextView()
}

const submit = async (user: string, view: FakeView, values: Record<string, string> = {}) =>
  (await place.slack.submitView({ user, view, values })).body

const inPlace = (sentence: RegExp) => ({
  response_action: 'update',
  view: { blocks: [{ text: { text: expect.stringMatching(sentence) } }] },
})

const noticesOf = (type: string) => place.world.notices.filter(({ notice }) => notice.type === type)

describe('Acknowledge and mark as ready', () => {
  test('are one click each, and nothing is said about them', async () => {
    const { handoff, card } = await aReturnInSlack()
    const first = await press('U0BEN', 'acknowledge', card, handoff.id)
    const second = await press('U0BEN', 'ready', card, handoff.id)
    for (const sent of [first, second]) {
      expect(sent).toMatchObject({ status: 200, body: '', responses: [] })
    }
    expect((await place.handoff(handoff.id)).returned).toMatchObject({
      answer: 'acknowledged',
      readySince: fixedNow,
    })
    expect(place.slack.callsOf('chat.postEphemeral')).toEqual([])
  })

  test.each([
    ['acknowledge', /Marketing has answered this return already/],
    ['ready', /marked as ready already/],
  ])('a second %s is refused, and the stale card is drawn again', async (what, sentence) => {
    const { handoff, card } = await aReturnInSlack()
    await press('U0BEN', what, card, handoff.id)
    const sent = await press('U0BEN', what, card, handoff.id)
    expect((await sent.nextResponse()).body.text).toMatch(sentence)
    await expect.poll(() => place.refreshed).toEqual([handoff.id])
  })

  test.each(['acknowledge', 'ready', 'contest'])(
    '%s is not for sales, nor for a lead that is not back, nor for none',
    async (what) => {
      const { handoff, card } = await aReturnInSlack()
      const luca = await press('U0LUCA', what, card, handoff.id)
      expect((await luca.nextResponse()).body.text).toMatch(/^Può rispondere .* solo il marketing/)
      const none = await press('U0BEN', what, card, 'hof_\u0000')
      expect((await none.nextResponse()).body.text).toMatch(/not there any more/)
      await vote((await contest(handoff.id)).id, saraMember, 'overturn')
      await vote(handoff.id, mario, 'overturn')
      const late = await press('U0BEN', what, card, handoff.id)
      expect((await late.nextResponse()).body.text).toMatch(/moved on/)
      expect(place.slack.callsOf('views.open')).toEqual([])
    },
  )
})

describe('Contest', () => {
  test('asks for how marketing reads it, and both managers are asked to rule', async () => {
    const { handoff, card } = await aReturnInSlack()
    const view = await openForm('U0BEN', 'contest', card, handoff.id)
    expect(view.callback_id).toBe('return.contest')
    expect(view.blocks.map((block) => block.block_id)).toEqual(['why'])
    expect(await submit('U0BEN', view)).toMatchObject({
      response_action: 'errors',
      errors: { why: 'Say in a sentence how you read it: the managers rule on that.' },
    })
    expect(await submit('U0BEN', view, { why: 'x'.repeat(2_001) })).toMatchObject({
      errors: { why: 'Write at most 2,000 characters.' },
    })
    const values = { why: 'The budget was approved\nlast week' }
    expect(await submit('U0BEN', view, values)).toBe('')
    expect(await submit('U0BEN', view, values)).toBe('')
    expect((await place.handoff(handoff.id)).returned).toMatchObject({
      answer: 'contested',
      contest: { why: 'The budget was approved\nlast week', term: 'sql', by: { id: 'per_ben' } },
    })
    expect(noticesOf('return-contested')).toHaveLength(1)
  })

  test('opens from the menu of the card too', async () => {
    const { handoff, card } = await aReturnInSlack()
    await place.slack.clickButton({
      user: 'U0BEN',
      actionId: 'handoff.more',
      value: `contest:${handoff.id}`,
      message: moreOf(card, `contest:${handoff.id}`),
    })
    expect((await place.slack.nextView()).callback_id).toBe('return.contest')
  })

  test('after the agreed time, or once the return is answered, no form opens', async () => {
    const { handoff, card } = await aReturnInSlack()
    place.world.clock.now = minutesAfter(3 * 24 * 60)
    const late = await press('U0BEN', 'contest', card, handoff.id)
    expect((await late.nextResponse()).body.text).toMatch(/time to answer this return is over/)
    place.world.clock.now = fixedNow
    await acknowledgeReturn(place.world, targetOf(handoff.id, benMember))
    const answered = await press('U0BEN', 'contest', card, handoff.id)
    expect((await answered.nextResponse()).body.text).toMatch(/answered this return already/)
    expect(place.slack.callsOf('views.open')).toEqual([])
  })

  test('a form that is too late says so in its place, and changes nothing', async () => {
    const { handoff, card } = await aReturnInSlack()
    const view = await openForm('U0BEN', 'contest', card, handoff.id)
    place.world.clock.now = minutesAfter(3 * 24 * 60)
    expect(await submit('U0BEN', view, { why: 'Approved' })).toMatchObject(inPlace(/is over/))
    place.world.clock.now = fixedNow
    await acknowledgeReturn(place.world, targetOf(handoff.id, benMember))
    expect(await submit('U0BEN', view, { why: 'Approved' })).toMatchObject(
      inPlace(/answered this return already/),
    )
    await expect.poll(() => place.refreshed).toEqual([handoff.id, handoff.id])
    const tampered = { ...view, private_metadata: '{"handoff":"../x"}' }
    expect(await submit('U0BEN', tampered, { why: 'x' })).toMatchObject(
      inPlace(/not there any more/),
    )
    expect((await place.handoff(handoff.id)).returned?.contest).toBeNull()
  })

  test('where nobody could rule who has no part in it, no form opens', async () => {
    const { handoff, card } = await aReturnInSlack()
    // Mario is the only manager of marketing
    const sent = await press('U0MARIO', 'contest', card, handoff.id)
    expect((await sent.nextResponse()).body.text).toMatch(/^Nobody of marketing could rule/)
    expect(place.slack.callsOf('views.open')).toEqual([])
  })
})

describe('the managers', () => {
  async function aContest() {
    const { handoff, card } = await aReturnInSlack()
    return { handoff: await contest(handoff.id), card }
  }

  test('overturn with one click each, and sales goes on', async () => {
    const { handoff, card } = await aContest()
    const first = await press('U0SARA', 'overturn', card, handoff.id)
    expect(first).toMatchObject({ status: 200, body: '', responses: [] })
    expect((await place.handoff(handoff.id)).status).toBe('returned')
    await press('U0MARIO', 'overturn', card, handoff.id)
    expect(await place.handoff(handoff.id)).toMatchObject({ status: 'offered', returned: null })
    expect(noticesOf('ruling')).toHaveLength(2)
  })

  test('who do not agree may rule differently', async () => {
    const { handoff, card } = await aContest()
    await press('U0SARA', 'uphold', card, handoff.id)
    await press('U0MARIO', 'overturn', card, handoff.id)
    expect((await place.handoff(handoff.id)).returned?.contest?.ruling).toBeNull()
    await press('U0MARIO', 'uphold', card, handoff.id)
    expect((await place.handoff(handoff.id)).returned?.contest?.ruling).toBe('uphold')
    const late = await press('U0SARA', 'overturn', card, handoff.id)
    expect((await late.nextResponse()).body.text).toMatch(/ruled on already/)
    await expect.poll(() => place.refreshed).toEqual([handoff.id])
  })

  test('clarify in a form, and the other is shown how the first puts it', async () => {
    const { handoff, card } = await aContest()
    const view = await openForm('U0SARA', 'clarify', card, handoff.id)
    expect(view.callback_id).toBe('return.clarify')
    const text = JSON.stringify(view)
    expect(text).toContain('Ben Marsh contests the return: “It was approved <\u2060!here>”')
    expect(text).toContain('How is “Sales qualified lead” to be understood?')
    expect(await submit('U0SARA', view)).toMatchObject({
      errors: { words: 'Say in a sentence how the term is to be understood.' },
    })
    expect(await submit('U0SARA', view, { words: 'x'.repeat(2_001) })).toMatchObject({
      errors: { words: 'Write at most 2,000 characters.' },
    })
    expect(await submit('U0SARA', view, { words: 'A budget counts once it is approved' })).toBe('')

    const own = await openForm('U0SARA', 'clarify', card, handoff.id)
    expect(await submit('U0SARA', own)).toMatchObject({
      errors: { words: expect.stringMatching(/ruled so already/) },
    })
    const other = await openForm('U0MARIO', 'clarify', card, handoff.id)
    expect(other.blocks.find((block) => block.block_id === 'words')).toMatchObject({
      element: { initial_value: 'A budget counts once it is approved' },
    })
    expect(await submit('U0MARIO', other)).toBe('')
    expect((await place.handoff(handoff.id)).returned?.contest).toMatchObject({
      ruling: 'clarify',
      votes: [{ side: 'sales' }, { side: 'marketing' }],
    })
    expect(await place.world.rulings.ofTerm(workspaceId, 'sql', 3)).toMatchObject([
      { ruling: 'clarify', by: ['Sara Conti', 'Mario Neri'] },
    ])
  })

  test.each(['uphold', 'overturn', 'clarify'])(
    '%s is not for whoever is no manager or has a part in it, nor without a contest',
    async (what) => {
      const { handoff, card } = await aReturnInSlack()
      const none = await press('U0SARA', what, card, handoff.id)
      expect((await none.nextResponse()).body.text).toMatch(/Nobody contests this return/)
      await expect.poll(() => place.refreshed).toEqual([handoff.id])
      await contest(handoff.id)
      const luca = await press('U0LUCA', what, card, handoff.id)
      expect((await luca.nextResponse()).body.text).toMatch(/^Può farlo solo un responsabile/)
      const unknown = await press('U0SARA', what, card, 'hof_none')
      expect((await unknown.nextResponse()).body.text).toMatch(/not there any more/)
      expect(place.slack.callsOf('views.open')).toEqual([])
      expect((await place.handoff(handoff.id)).returned?.contest?.votes).toEqual([])
    },
  )

  test('a manager who gave the lead back does not rule on it', async () => {
    const { handoff, card } = await place.offer()
    const said = aReturnSaid({ readyWhen: 'spring' })
    await returnHandoff(place.world, targetOf(handoff.id, saraMember), said)
    // somebody of sales who may rule in her place
    const person = { ...saraMember, id: 'per_eva', email: 'eva@acme.example' }
    place.world.members.assigned = async () => [{ person, role: 'sales_manager' }]
    await contest(handoff.id)
    const sent = await press('U0SARA', 'uphold', card, handoff.id)
    expect((await sent.nextResponse()).body.text).toMatch(/a part in this yourself/)
  })

  test('a form that is too late says so in its place', async () => {
    const { handoff, card } = await aContest()
    const view = await openForm('U0SARA', 'clarify', card, handoff.id)
    await vote(handoff.id, saraMember, 'overturn')
    await vote(handoff.id, mario, 'overturn')
    expect(await submit('U0SARA', view, { words: 'Clear' })).toMatchObject(
      inPlace(/nothing to rule on/),
    )
    await expect.poll(() => place.refreshed).toEqual([handoff.id])
    const tampered = { ...view, private_metadata: 'nul\u0000' }
    expect(await submit('U0SARA', tampered, { words: 'Clear' })).toMatchObject(
      inPlace(/not there any more/),
    )
  })
})

const moreOf = (card: FakeMessage, value: string): FakeMessage => ({
  ...card,
  blocks: [
    {
      type: 'actions',
      elements: [
        {
          type: 'overflow',
          action_id: 'handoff.more',
          options: [{ text: { type: 'plain_text', text: 'Contest' }, value }],
        },
      ],
    },
  ],
})

describe('/handoff returns', () => {
  const list = async (user: string) => {
    const sent = await place.slack.sendCommand({ user, command: '/handoff', text: 'returns' })
    expect(sent).toMatchObject({ status: 200, body: { response_type: 'ephemeral' } })
    return JSON.stringify(sent.body)
  }

  test('tells marketing what waits for it, with the button that is possible now', async () => {
    const toAnswer = await returnedLead('answer@example.com')
    place.world.posted(toAnswer.id, { channel: 'C0SQL', ts: '1795436908.000001' })
    const ready = await returnedLead('ready@example.com')
    await acknowledgeReturn(place.world, targetOf(ready.id, benMember))
    await markReady(place.world, targetOf(ready.id, benMember))
    await contest((await returnedLead('contested@example.com')).id)
    const waiting = await returnedLead('waiting@example.com')
    await acknowledgeReturn(place.world, targetOf(waiting.id, benMember))

    const text = await list('U0BEN')
    expect(text).toContain(
      '<https://acme.example/archives/C0SQL/p1795436908000001|Lead answer@example.com, Officine Verdi>',
    )
    expect(text).toContain('Answer the return by Tue 24 Nov, 10:00')
    expect(text).toContain('Ready when: the budget is approved')
    expect(text).toContain('Both managers are to rule.')
    expect(text).toContain('It was approved &lt;!here&gt;')
    expect(text).toContain('Ready again since 10:00')
    expect(text).toContain('1 lead not ready yet.')
    expect(text).not.toContain('waiting@example.com')
    expect(text).toContain(`"action_id":"return.acknowledge"`)
    expect(text).toContain(`"action_id":"return.again"`)
    expect(text).not.toContain('return.uphold')
  })

  test('offers a manager of sales the ruling, until it is given', async () => {
    const { id } = await contest((await returnedLead('contested@example.com')).id)
    await returnedLead('answer@example.com')
    const text = await list('U0SARA')
    expect(text).toContain('"action_id":"return.uphold"')
    expect(text).not.toContain('return.acknowledge')
    await vote(id, saraMember, 'uphold')
    const given = await list('U0SARA')
    expect(given).not.toContain('return.uphold')
    expect(given).toContain('The ruling of marketing is awaited.')
    await vote(id, mario, 'overturn')
    expect(await list('U0SARA')).toContain('return.uphold')
    expect(await list('U0MARIO')).toContain('The managers do not agree.')
  })

  test('says so where nothing is back, and tells others whose it is', async () => {
    expect(await list('U0BEN')).toContain('No returned lead is with marketing now.')
    await returnedLead('answer@example.com')
    expect(await list('U0LUCA')).toContain('Può rispondere a una restituzione solo il marketing')
    expect(await list('U0GUEST')).toContain('Only marketing can answer a return')
  })

  test('shows fifteen, and says how many more there are', async () => {
    for (let number = 0; number < 18; number++) await returnedLead(`lead${number}@example.com`)
    const text = await list('U0BEN')
    expect(text.match(/"action_id":"return.acknowledge"/g)).toHaveLength(15)
    expect(text).toContain('and 3 more')
  })

  test('does not wait for a Slack that does not say where a card is', async () => {
    const handoff = await returnedLead('answer@example.com')
    place.world.posted(handoff.id, { channel: 'C0SQL', ts: '1.1' })
    place.world.cards.urlOf = () => new Promise(() => {})
    expect(await list('U0BEN')).toContain('*Lead answer@example.com, Officine Verdi*')
  })
})

describe.each(locales)('what is shown (%s)', (locale) => {
  const agreement = anAgreement()
  const hostile = 'W<!channel> *b* https://x.example '.repeat(900)
  const view = {
    actor: { person: { ...sara, id: 'per_eva' }, role: 'admin' },
    locale,
    zone: 'Europe/Rome',
    now: minutesAfter(120),
    isWhole: true,
  } as const
  const entry = (handoff: Handoff): Entry => ({
    handoff,
    agreement,
    url: 'https://acme.example/archives/C0SQL/p1',
  })
  const part = (handoffs: Handoff[], more = 0) => ({ entries: handoffs.map(entry), more })
  const readyOf = (handoff: Handoff) =>
    handoffOf(decideReady(handoff, anActor(ben, 'marketing'), { agreement, now: minutesAfter(90) }))

  test('the forms keep within the limits of Slack and read well', () => {
    const forms = [
      buildContestForm('hof_1', locale),
      buildClarifyForm({ handoff: contested(), term: 'SQL', words: 'A budget counts' }, locale),
    ]
    for (const form of forms) expect(faultsOf(viewSchema, form)).toEqual([])
    expect(forms).toMatchSnapshot()
    const long = contested(returned(aHandoff(), { readyWhen: hostile }))
    const full = buildClarifyForm({ handoff: long, term: hostile, words: hostile }, locale)
    expect(faultsOf(viewSchema, full)).toEqual([])
    expect(JSON.stringify(full)).not.toContain('mrkdwn')
  })

  test('the list keeps within the limits of Slack and reads well', () => {
    const late = returned(aHandoff({ round: 2 }), {}, { at: minutesAfter(-3 * 24 * 60) })
    const list = buildReturnsList(
      {
        toAnswer: part([late, returned()], 4),
        contested: part([contested()]),
        ready: part([
          readyOf(returned(aHandoff(), { readyOn: '2027-01-15' })),
          readyOf(returned()),
        ]),
        waiting: 12,
      },
      view,
    )
    expect(faultsOf(messageBlocksSchema, list.blocks)).toEqual([])
    expect(list).toMatchSnapshot()
  })

  test('the longest list still fits, and shows what people wrote as text', () => {
    const lead = aLead({ name: hostile, company: { name: hostile } })
    const long = returned(aHandoff({ lead }), { readyWhen: hostile, note: hostile })
    const disputed = contested(long)
    const many = part(
      Array.from({ length: 5 }, () => long),
      100_000,
    )
    const disputes = part(
      Array.from({ length: 5 }, () => disputed),
      100_000,
    )
    const { text, blocks } = buildReturnsList(
      { toAnswer: many, contested: disputes, ready: many, waiting: 1_000 },
      { ...view, isWhole: false },
    )
    expect(faultsOf(messageBlocksSchema, blocks)).toEqual([])
    expect(text.length).toBeLessThanOrEqual(3_000)
    const all = JSON.stringify(blocks)
    expect(all).not.toContain('<!channel>')
    expect(all).not.toContain('*b*')
    expect(all).not.toContain('https://x.example')
  })
})
