import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { buildAttemptForm } from '../../../../src/adapters/slack/features/handoff-card/attempt.ts'
import { buildReturnForm } from '../../../../src/adapters/slack/features/handoff-card/return.ts'
import { locales } from '../../../../src/domain/agreement.ts'
import { handOffLead } from '../../../../src/use-cases/hand-off-lead.ts'
import { anAgreement } from '../../../support/builders.ts'
import type { FakeMessage, FakeView, FieldValue } from '../../../support/fake-slack.ts'
import { faultsOf, viewSchema } from '../../../support/slack-limits.ts'
import { benMember, startWorkplace, type Workplace, workspaceId } from './workplace.ts'

let place: Workplace

beforeEach(async () => {
  place = await startWorkplace()
})
afterEach(() => place.stop())

const click = (user: string, button: 'accept' | 'return' | 'attempt', message: FakeMessage) =>
  place.slack.clickButton({ user, actionId: `handoff.${button}`, message })

async function openForm(user: string, button: 'return' | 'attempt', message: FakeMessage) {
  expect((await click(user, button, message)).status).toBe(200)
  return place.slack.nextView()
}

const shownBy = (view: { blocks: Record<string, unknown>[] }) =>
  view.blocks.filter(({ type }) => type === 'input').map((block) => block.block_id)

describe('Accept', () => {
  test('one click makes the owner, and nothing is said about it', async () => {
    const { handoff, card } = await place.offer()
    const sent = await click('U0ANNA', 'accept', card)
    expect(sent).toMatchObject({ status: 200, body: '', responses: [] })
    expect(await place.handoff(handoff.id)).toMatchObject({
      status: 'accepted',
      owner: { name: 'Anna Rossi' },
    })
    expect(place.slack.callsOf('chat.postEphemeral')).toEqual([])
  })

  test('whoever is second is told, alone and in their language, and the card is refreshed', async () => {
    const { handoff, card } = await place.offerAccepted()
    const sent = await click('U0LUCA', 'accept', card)
    expect(sent.status).toBe(200)
    expect((await sent.nextResponse()).body).toEqual({
      response_type: 'ephemeral',
      replace_original: false,
      text: 'Anna Rossi ha fatto prima e ha accettato questo lead: non devi fare altro.',
    })
    await expect.poll(() => place.refreshed).toEqual([handoff.id])
    expect((await place.handoff(handoff.id)).owner?.id).toBe('per_anna')
  })

  test('the answer to a click in a thread comes in that thread, else in the channel', async () => {
    const { card } = await place.offerAccepted()
    const inThread = { ...card, ts: '9.9', thread_ts: card.ts }
    const reply = await (await click('U0LUCA', 'accept', inThread)).nextResponse()
    expect(reply.body.thread_ts).toBe(card.ts)
    const parent = { ...card, thread_ts: card.ts }
    const answer = await (await click('U0LUCA', 'accept', parent)).nextResponse()
    expect(answer.body).not.toHaveProperty('thread_ts')
  })

  test('a click without a response_url is answered with an ephemeral message', async () => {
    const { handoff } = await place.offerAccepted()
    await place.app.processEvent({
      body: {
        type: 'block_actions',
        team: { id: place.slack.teamId },
        user: { id: 'U0LUCA', name: 'luca' },
        channel: { id: 'C0SQL' },
        actions: [
          { type: 'button', action_id: 'handoff.accept', block_id: 'b', value: handoff.id },
        ],
      },
      ack: async () => {},
    })
    expect(place.slack.callsOf('chat.postEphemeral')).toMatchObject([
      { args: { channel: 'C0SQL', user: 'U0LUCA' } },
    ])
  })

  test('the rights are those of the person, whatever the button says', async () => {
    const { handoff, card } = await place.offer()
    const sent = await click('U0BEN', 'accept', card)
    expect((await sent.nextResponse()).body.text).toMatch(/^Only sales can do this/)
    expect((await place.handoff(handoff.id)).status).toBe('offered')
    expect(place.refreshed).toEqual([])
  })

  test.each(['', 'hof_', 'hof_none', 'x', 'hof_\u0000', '__proto__'])(
    'a button of no handoff (%j) does nothing but say so',
    async (value) => {
      const { card } = await place.offer()
      const sent = await place.slack.clickButton({
        user: 'U0ANNA',
        actionId: 'handoff.accept',
        value,
        message: card,
      })
      expect(sent.status).toBe(200)
      expect((await sent.nextResponse()).body.text).toMatch(/^This handoff is not there any more/)
    },
  )
})

describe('Return', () => {
  test('the form shows what the first reason asks for', async () => {
    const { card } = await place.offer()
    const view = await openForm('U0ANNA', 'return', card)
    expect(view.callback_id).toBe('handoff.return')
    expect(shownBy(view)).toEqual(['reason', 'ready_on', 'ready_when', 'note'])
  })

  test('another reason shows other fields in the same form, and keeps what was written', async () => {
    const { card } = await place.offer()
    const view = await openForm('U0ANNA', 'return', card)
    const change = { user: 'U0ANNA', view, blockId: 'reason', value: 'not-a-fit' }
    expect((await place.slack.changeField(change)).status).toBe(200)
    const changed = await place.slack.nextView()
    expect(changed.id).toBe(view.id)
    expect(shownBy(changed)).toEqual(['reason', 'criterion', 'note'])
  })

  test('two changes at once: the one that comes too late is dropped without a word', async () => {
    const { card } = await place.offer()
    const view = await openForm('U0ANNA', 'return', card)
    const change = { user: 'U0ANNA', view, blockId: 'reason' }
    await place.slack.changeField({ ...change, value: 'not-a-fit' })
    const late = await place.slack.changeField({ ...change, value: 'duplicate' })
    expect(late.status).toBe(200)
    expect(place.slack.callsOf('views.update')).toHaveLength(1)
    expect(place.logged.join('')).not.toContain('a request of Slack failed')
  })

  test('sent, the lead goes back with reason, condition and note', async () => {
    const { handoff, card } = await place.offer()
    const view = await openForm('U0ANNA', 'return', card)
    const sent = await place.slack.submitView({
      user: 'U0ANNA',
      view,
      values: { ready_when: 'the budget is approved', note: 'Call Maria\nin January' },
    })
    expect(sent).toMatchObject({ status: 200, body: '' })
    expect(await place.handoff(handoff.id)).toMatchObject({
      status: 'returned',
      leadStatus: 'Returned – not ready',
      returned: {
        reason: 'not-ready',
        readyWhen: 'the budget is approved',
        note: 'Call Maria\nin January',
        by: { id: 'per_anna' },
      },
    })
  })

  test('what is missing is said under its field', async () => {
    const { handoff, card } = await place.offer()
    const view = await openForm('U0ANNA', 'return', card)
    const empty = await place.slack.submitView({ user: 'U0ANNA', view })
    expect(empty.body).toEqual({
      response_action: 'errors',
      errors: {
        ready_on: 'This reason needs to know when the lead is ready: give a date or a condition.',
      },
    })
    const values = { ready_on: '2026-11-22' }
    const past = await place.slack.submitView({ user: 'U0ANNA', view, values })
    expect(past.body).toMatchObject({
      errors: { ready_on: 'That date is in the past: choose today or a later day.' },
    })
    const long = { ready_when: 'x'.repeat(501), note: 'nul\u0000' }
    const bounded = await place.slack.submitView({ user: 'U0ANNA', view, values: long })
    expect(bounded.body).toMatchObject({
      errors: {
        ready_when: 'Write at most 500 characters.',
        note: 'Write at most 2,000 characters.',
      },
    })
    expect((await place.handoff(handoff.id)).status).toBe('offered')
  })

  test('a client that does not report its changes is asked for the fields of its reason', async () => {
    const { handoff, card } = await place.offer()
    const view = await openForm('U0ANNA', 'return', card)
    const values = { reason: 'not-a-fit', note: 'Too small' }
    const sent = await place.slack.submitView({ user: 'U0ANNA', view, values })
    expect(sent.body).toMatchObject({
      response_action: 'update',
      view: {
        callback_id: 'handoff.return',
        blocks: [
          { type: 'section', text: { text: expect.stringContaining('needs the criterion') } },
          { block_id: 'reason' },
          { block_id: 'criterion' },
          { block_id: 'note', element: { initial_value: 'Too small' } },
        ],
      },
    })
    expect((await place.handoff(handoff.id)).status).toBe('offered')
  })

  test('the reason that a form shows stands where the client sends none', async () => {
    const { handoff, card } = await place.offer()
    const view = await openForm('U0ANNA', 'return', card)
    const values = { reason: null, ready_on: '2027-01-15' }
    expect((await place.slack.submitView({ user: 'U0ANNA', view, values })).body).toBe('')
    expect((await place.handoff(handoff.id)).returned).toMatchObject({
      reason: 'not-ready',
      readyOn: '2027-01-15',
    })
  })

  test('a form that is sent again has one effect', async () => {
    const { handoff, card } = await place.offer()
    const view = await openForm('U0ANNA', 'return', card)
    const form = { user: 'U0ANNA', view, values: { ready_when: 'spring' } }
    expect((await place.slack.submitView(form)).body).toBe('')
    expect((await place.slack.submitView(form)).body).toBe('')
    expect(place.world.notices).toHaveLength(1)
    expect((await place.handoff(handoff.id)).version).toBe(2)
    const other = { ...form, values: { ready_when: 'summer' } }
    expect((await place.slack.submitView(other)).body).toMatchObject({
      response_action: 'update',
      view: { blocks: [{ text: { text: expect.stringMatching(/^This form was sent before/) } }] },
    })
  })

  test('a handoff that moved on meanwhile is told in place of the form', async () => {
    const { handoff, card } = await place.offerAccepted()
    const view = await openForm('U0ANNA', 'return', card)
    const first = await openForm('U0ANNA', 'return', card)
    const values = { ready_when: 'spring' }
    await place.slack.submitView({ user: 'U0ANNA', view: first, values })
    const late = await place.slack.submitView({ user: 'U0ANNA', view, values })
    expect(late.body).toMatchObject({
      response_action: 'update',
      view: {
        blocks: [{ text: { text: expect.stringMatching(/moved on.*Returned – not ready/) } }],
      },
    })
    await expect.poll(() => place.refreshed).toEqual([handoff.id])
  })

  test.each(locales)(
    'its form is in the reader’s language, in a channel in %s',
    async (language) => {
      await place.stop()
      const agreement = anAgreement()
      const types = agreement.lead_types.map((type) => ({ ...type, language }))
      place = await startWorkplace({ agreement: { ...agreement, lead_types: types } })
      const { card } = await place.offer()
      const titleFor = async (user: string) =>
        JSON.stringify((await openForm(user, 'return', card)).title)
      expect(await titleFor('U0ANNA')).toContain('Return to marketing')
      expect(await titleFor('U0LUCA')).toContain('Restituisci al marketing')
    },
  )

  test('no form opens for what can not be returned any more, nor by whoever may not', async () => {
    const { handoff, card } = await place.offerAccepted()
    const luca = await click('U0LUCA', 'return', card)
    expect((await luca.nextResponse()).body.text).toMatch(/^Questo lead è di Anna Rossi/)
    const ben = await click('U0BEN', 'return', card)
    expect((await ben.nextResponse()).body.text).toMatch(/^Only sales.*\/handoff roles$/)
    expect(place.slack.callsOf('views.open')).toEqual([])
    await expect.poll(() => place.refreshed).toEqual([handoff.id])
  })

  test('a form of Baton that was tampered with changes nothing', async () => {
    const { handoff, card } = await place.offer()
    const view = await openForm('U0ANNA', 'return', card)
    for (const private_metadata of ['', '[]', '{"handoff":"../x","reason":"a"}', 'nul\u0000']) {
      const sent = await place.slack.submitView({
        user: 'U0ANNA',
        view: { ...view, private_metadata },
        values: { ready_when: 'spring' },
      })
      expect(sent.body).toMatchObject({ response_action: 'update' })
    }
    expect((await place.handoff(handoff.id)).status).toBe('offered')
  })

  test('the form does not wait for a Slack that is slow to say who clicks', async () => {
    await place.stop()
    place = await startWorkplace({
      through: (world) => ({
        ...world,
        members: { ...world.members, bySlackId: () => new Promise(() => {}) },
      }),
    })
    const { card } = await place.offer()
    expect((await openForm('U0ANNA', 'return', card)).callback_id).toBe('handoff.return')
  })

  test('a form that can not open says so to the one who clicked', async () => {
    const { card } = await place.offer()
    place.slack.fail('views.open', { with: { error: 'expired_trigger_id' } })
    const sent = await click('U0ANNA', 'return', card)
    expect((await sent.nextResponse()).body.text).toMatch(/Please click again/)
  })
})

const asking = anAgreement({
  return_reasons: [
    {
      id: 'wrong-data',
      name: { en: 'Wrong data', it: 'Dati errati' },
      status: 'Returned – wrong data',
      stage: 'mql',
      needs: ['field'],
    },
    {
      id: 'not-a-fit',
      name: { en: 'Not a fit', it: 'Non adatto' },
      status: 'Returned – not a fit',
      stage: 'lead',
      needs: ['criterion', 'criterion'],
    },
    {
      id: 'duplicate',
      name: { en: 'Duplicate', it: 'Doppione' },
      status: 'Returned – duplicate',
      stage: 'lead',
      needs: ['other_lead'],
    },
    {
      id: 'unresponsive',
      name: { en: 'Unresponsive', it: 'Non risponde' },
      status: 'Unresponsive',
      stage: 'mql',
      needs: ['attempts'],
    },
    {
      id: 'other',
      name: { en: 'Something else', it: 'Altro' },
      status: 'Returned – other',
      stage: 'mql',
      needs: ['note'],
    },
  ],
  icp: [
    { id: 'industry', name: { en: 'Works metal', it: 'Lavora metalli' } },
    {
      id: 'size',
      name: { en: 'At least 50 employees', it: 'Almeno 50 dipendenti' },
      agreed: { en: 'Of the whole company.', it: 'Di tutta l’azienda.' },
    },
  ],
})

describe('the form of a return shows only what its reason needs', () => {
  beforeEach(async () => {
    await place.stop()
    place = await startWorkplace({ agreement: asking })
  })

  async function choose(reason: string) {
    const { handoff, card } = await place.offer()
    const view = await openForm('U0ANNA', 'return', card)
    await place.slack.changeField({ user: 'U0ANNA', view, blockId: 'reason', value: reason })
    return { handoff, view: await place.slack.nextView() }
  }
  const submit = async (view: FakeView, values: Record<string, FieldValue> = {}) =>
    (await place.slack.submitView({ user: 'U0ANNA', view, values })).body

  test('wrong data: the field, and a note for one that the list does not have', async () => {
    const { handoff, card } = await place.offer()
    const view = await openForm('U0ANNA', 'return', card)
    expect(shownBy(view)).toEqual(['reason', 'field', 'note'])
    expect(JSON.stringify(view)).toContain('Something else (say it in the note)')
    expect(await submit(view, { field: null })).toMatchObject({
      errors: { field: expect.stringMatching(/needs the field that is wrong/) },
    })
    expect(await submit(view, { field: 'other' })).toMatchObject({
      errors: { note: expect.stringMatching(/needs a note/) },
    })
    expect(await submit(view, { field: 'phone' })).toBe('')
    expect((await place.handoff(handoff.id)).returned).toMatchObject({
      field: 'phone',
      note: null,
    })
  })

  test('not a fit: the criterion, with the words that both sides agreed on once it is chosen', async () => {
    const { handoff, view } = await choose('not-a-fit')
    expect(shownBy(view)).toEqual(['reason', 'criterion', 'note'])
    const hintOf = (form: FakeView) =>
      form.blocks.find(({ block_id: id }) => id === 'criterion')?.hint
    expect(hintOf(view)).toBeUndefined()
    const change = { user: 'U0ANNA', view, blockId: 'criterion', value: 'size' }
    await place.slack.changeField(change)
    const chosen = await place.slack.nextView()
    expect(chosen.id).toBe(view.id)
    expect(hintOf(chosen)).toMatchObject({ text: 'Agreed: Of the whole company.' })
    expect(await submit(chosen, { criterion: null })).toMatchObject({
      errors: { criterion: expect.stringMatching(/choose one/) },
    })
    expect(await submit(chosen)).toBe('')
    expect((await place.handoff(handoff.id)).returned?.criterion).toBe('size')
  })

  test('duplicate: the other lead by its address, which Baton has to know, or a note', async () => {
    const { handoff, view } = await choose('duplicate')
    expect(shownBy(view)).toEqual(['reason', 'duplicate_of', 'note'])
    const errors = (sentence: RegExp) => ({
      errors: { duplicate_of: expect.stringMatching(sentence) },
    })
    expect(await submit(view)).toMatchObject(errors(/needs the other lead/))
    expect(await submit(view, { duplicate_of: 'nobody' })).toMatchObject(errors(/e-mail address/))
    expect(await submit(view, { duplicate_of: 'no@body.example' })).toMatchObject(
      errors(/knows no lead with the address no@body.example/),
    )
    expect(await submit(view, { duplicate_of: handoff.lead.email })).toMatchObject(
      errors(/this lead itself/),
    )
    await handOffLead(place.world, {
      workspaceId,
      lead: { email: 'mv@officineverdi.example', name: 'M. Verdi' },
      reason: 'Asked for a quote',
      priority: 'standard',
      owner: undefined,
      by: benMember,
      whatChanged: undefined,
    })
    expect(await submit(view, { duplicate_of: ' MV@officineverdi.example ' })).toBe('')
    expect((await place.handoff(handoff.id)).returned).toMatchObject({
      duplicateOf: 'mv@officineverdi.example',
    })
  })

  test('a reason that can not be given yet stays in the list, and says why not', async () => {
    const { handoff, view } = await choose('unresponsive')
    expect(shownBy(view)).toEqual(['reason', 'note'])
    expect(await submit(view)).toMatchObject({
      response_action: 'errors',
      errors: {
        reason: expect.stringMatching(/asks for 6 counted attempts first, and 0 are made/),
      },
    })
    expect((await place.handoff(handoff.id)).status).toBe('offered')
  })

  test('a note is required only where the reason needs it', async () => {
    const { view } = await choose('other')
    expect(view.blocks.at(-1)).toMatchObject({ block_id: 'note', optional: false })
    expect(await submit(view)).toMatchObject({
      errors: { note: expect.stringMatching(/needs a note/) },
    })
  })

  test.each([
    ['not-a-fit', 'criterion'],
    ['duplicate', 'duplicate_of'],
  ])('a client that reports no changes is asked for what %s needs', async (reason, block) => {
    const { handoff, card } = await place.offer()
    const view = await openForm('U0ANNA', 'return', card)
    const values = { reason }
    expect(await submit(view, values)).toMatchObject({ response_action: 'update' })
    const again = await place.slack.nextView()
    expect(shownBy(again)).toEqual(['reason', block, 'note'])
    expect(again.blocks[0]).toMatchObject({ text: { text: expect.stringMatching(/needs/) } })
    expect((await place.handoff(handoff.id)).status).toBe('offered')
  })
})

describe('Log attempt', () => {
  test('two clicks log a call without answer', async () => {
    const { handoff, card } = await place.offerAccepted()
    const view = await openForm('U0ANNA', 'attempt', card)
    expect(shownBy(view)).toEqual(['channel', 'outcome', 'note'])
    expect((await place.slack.submitView({ user: 'U0ANNA', view })).body).toBe('')
    expect((await place.handoff(handoff.id)).attempts).toMatchObject([
      { number: 1, channel: 'call', outcome: 'no-answer', note: null, counted: true },
    ])
  })

  test('channel, outcome and note are taken, and sent again they are one attempt', async () => {
    const { handoff, card } = await place.offerAccepted()
    const view = await openForm('U0ANNA', 'attempt', card)
    const values = { channel: 'email', outcome: 'bounced', note: 'Old address' }
    await place.slack.submitView({ user: 'U0ANNA', view, values })
    await place.slack.submitView({ user: 'U0ANNA', view, values })
    expect((await place.handoff(handoff.id)).attempts).toMatchObject([
      { channel: 'email', outcome: 'bounced', note: 'Old address', counted: false },
    ])
  })

  test('nobody logs an attempt before the lead is accepted', async () => {
    const { handoff, card } = await place.offer()
    const sent = await click('U0ANNA', 'attempt', card)
    expect((await sent.nextResponse()).body.text).toMatch(/accept it first/)
    await expect.poll(() => place.refreshed).toEqual([handoff.id])
  })
})

describe('the forms of a card', () => {
  const agreement = anAgreement()
  const agreed = new Map([['criterion', 'size']])

  test.each(locales)('keep within the limits of Slack and read well (%s)', (locale) => {
    const forms = [
      ...agreement.return_reasons.map(({ id: reason }) =>
        buildReturnForm({ handoff: 'hof_1', reason, fields: new Map() }, agreement, locale),
      ),
      ...asking.return_reasons.map(({ id: reason }) =>
        buildReturnForm({ handoff: 'hof_1', reason, fields: agreed }, asking, locale),
      ),
      buildAttemptForm('hof_1', locale),
    ]
    for (const form of forms) expect(faultsOf(viewSchema, form)).toEqual([])
    expect(forms).toMatchSnapshot()
  })

  test('the longest agreement still fits', () => {
    const text = 'W'.repeat(500)
    const name = { en: text, it: text }
    const ids = Array.from({ length: 20 }, (_, place) => `${'x'.repeat(38)}${place}`)
    const long = anAgreement({
      icp: ids.map((id) => ({ id, name, agreed: name })),
      return_reasons: ids.map((id) => ({
        id,
        name,
        status: text,
        stage: 'mql',
        needs: ['criterion', 'note', 'ready_on_or_when', 'field', 'other_lead', 'attempts'],
      })),
    })
    const fields = new Map([
      ['note', 'n'.repeat(9_000)],
      ['ready_on', 'never'],
      ['duplicate_of', 'x'.repeat(9_000)],
      ['criterion', ids[1] ?? ''],
    ])
    const form = buildReturnForm({ handoff: 'hof_1', reason: ids[0] ?? '', fields }, long, 'it')
    expect(faultsOf(viewSchema, form)).toEqual([])
  })
})
