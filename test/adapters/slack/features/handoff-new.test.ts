import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import {
  againForm,
  buildHandOffForm,
} from '../../../../src/adapters/slack/features/handoff-new/form.ts'
import { locales } from '../../../../src/domain/agreement.ts'
import { handOffLead } from '../../../../src/use-cases/hand-off-lead.ts'
import { returnHandoff } from '../../../../src/use-cases/return-handoff.ts'
import { aHandoff, aLead, anAgreement, aReturnSaid, returned } from '../../../support/builders.ts'
import type { FakeView } from '../../../support/fake-slack.ts'
import { faultsOf, viewSchema } from '../../../support/slack-limits.ts'
import { anna, benMember, startWorkplace, type Workplace, workspaceId } from './workplace.ts'

let place: Workplace

beforeEach(async () => {
  place = await startWorkplace()
})
afterEach(() => place.stop())

const command = (user: string) => place.slack.sendCommand({ user, command: '/handoff' })

const maria = {
  email: ' Maria@OfficineVerdi.example ',
  name: 'Maria Verdi',
  company: 'Officine Verdi',
  lead_type: 'service',
  priority: 'hot',
  reason: 'Asked for a quote\nfor two presses',
}

const openOf = (email: string) => place.world.handoffs.openOfLead(workspaceId, email)

describe('/handoff', () => {
  test('opens a form, and what is sent becomes a handoff by the one who sent it', async () => {
    expect(await command('U0BEN')).toMatchObject({ status: 200, body: '' })
    const view = await place.slack.nextView()
    expect(view.callback_id).toBe('handoff.new')
    const sent = await place.slack.submitView({ user: 'U0BEN', view, values: maria })
    expect(sent).toMatchObject({ status: 200, body: '' })
    expect(await openOf('maria@officineverdi.example')).toMatchObject({
      lead: { name: 'Maria Verdi', company: { name: 'Officine Verdi' } },
      leadType: 'service',
      priority: 'hot',
      reason: 'Asked for a quote\nfor two presses',
      handedOffBy: { id: 'per_ben' },
      status: 'offered',
    })
  })

  test('only e-mail address, name and reason are needed', async () => {
    await command('U0BEN')
    const view = await place.slack.nextView()
    const { email, name, reason } = maria
    const values = { email, name, reason, priority: null, lead_type: null }
    expect((await place.slack.submitView({ user: 'U0BEN', view, values })).body).toBe('')
    expect(await openOf('maria@officineverdi.example')).toMatchObject({
      leadType: 'new-equipment',
      priority: 'standard',
    })
  })

  test('a form that is sent twice hands over once', async () => {
    await command('U0BEN')
    const view = await place.slack.nextView()
    const form = { user: 'U0BEN', view, values: maria }
    const both = await Promise.all([place.slack.submitView(form), place.slack.submitView(form)])
    expect(both.map(({ body }) => body)).toEqual(['', ''])
    expect((await openOf('maria@officineverdi.example'))?.version).toBe(1)
  })

  test('what is wrong is said under its field, in the language of the one who filled it in', async () => {
    await command('U0LUCA')
    const view = await place.slack.nextView()
    const values = { email: 'maria', reason: 'r'.repeat(2_001) }
    const sent = await place.slack.submitView({ user: 'U0LUCA', view, values })
    expect(sent.body).toEqual({
      response_action: 'errors',
      errors: {
        email: 'Scrivi un indirizzo e-mail, per esempio maria@example.com.',
        name: 'Scrivi un nome di al massimo 200 caratteri.',
        reason: 'Spiega perché in al massimo 2.000 caratteri.',
      },
    })
  })

  test('a lead that sales has is not handed over again: what is sent is news, once', async () => {
    const { handoff } = await place.offerAccepted()
    await command('U0BEN')
    const view = await place.slack.nextView()
    const form = { user: 'U0BEN', view, values: maria }
    for (const sent of [await place.slack.submitView(form), await place.slack.submitView(form)]) {
      expect(sent.body).toBe('')
    }
    expect(await place.handoff(handoff.id)).toMatchObject({
      version: handoff.version + 1,
      status: 'accepted',
      reason: handoff.reason,
      news: { reason: maria.reason, by: { id: 'per_ben' } },
      lead: { company: { name: 'Officine Verdi' } },
    })
    expect(place.world.notices.map(({ notice }) => notice)).toMatchObject([
      { type: 'news', by: 'per_ben', to: 'per_anna', hot: false },
    ])
  })

  test('whoever the agreement does not name may not hand over', async () => {
    await command('U0GUEST')
    const view = await place.slack.nextView()
    const sent = await place.slack.submitView({ user: 'U0GUEST', view, values: maria })
    expect(sent.body).toMatchObject({
      response_action: 'errors',
      errors: { email: expect.stringMatching(/ask a manager/) },
    })
    expect(await openOf('maria@officineverdi.example')).toBeUndefined()
  })
})

describe('shortcuts', () => {
  test('the global one opens the empty form', async () => {
    await place.slack.sendShortcut({ user: 'U0BEN', callbackId: 'handoff.new' })
    expect((await place.slack.nextView()).callback_id).toBe('handoff.new')
  })

  const filled = (view: FakeView) =>
    Object.fromEntries(
      view.blocks
        .map(({ block_id: id, element }): [string, unknown] => [
          String(id),
          z.object({ initial_value: z.string() }).safeParse(element).data?.initial_value,
        ])
        .filter(([, value]) => value !== undefined),
    )

  test('the one on a message takes what it says for the reason', async () => {
    const { card } = await place.offer()
    const shortcut = { user: 'U0BEN', callbackId: 'handoff.from_message', message: card }
    await place.slack.sendShortcut(shortcut)
    expect(filled(await place.slack.nextView())).toEqual({ reason: 'Maria Verdi' })
  })

  test('the one on a message fills in who it tells of, and hands that over', async () => {
    const { card } = await place.offer()
    const text = [
      'Nome: Bianca Neri',
      'Azienda: Neri &amp; Figli',
      'Ruolo: Responsabile acquisti',
      'Tel: <tel:+390515550199|+39 051 555 0199>',
      'E-mail: <mailto:bianca@neri.example|bianca@neri.example>',
      'Chiede un preventivo per <!channel>',
    ].join('\n')
    const shortcut = { callbackId: 'handoff.from_message', message: { ...card, text } }
    await place.slack.sendShortcut({ user: 'U0BEN', ...shortcut })
    const view = await place.slack.nextView()
    expect(filled(view)).toEqual({
      email: 'bianca@neri.example',
      name: 'Bianca Neri',
      company: 'Neri & Figli',
      title: 'Responsabile acquisti',
      phone: '+39 051 555 0199',
      reason: 'Chiede un preventivo per',
    })
    expect((await place.slack.submitView({ user: 'U0BEN', view })).body).toBe('')
    expect(await openOf('bianca@neri.example')).toMatchObject({
      lead: {
        name: 'Bianca Neri',
        title: 'Responsabile acquisti',
        phone: '+39 051 555 0199',
        company: { name: 'Neri & Figli' },
      },
    })
  })
})

/** The lead that Anna gave back as not ready, and the card of its handoff. */
async function giveBack() {
  const { handoff, card } = await place.offer()
  const said = aReturnSaid({
    readyWhen: 'the budget is approved',
    note: 'Ask for <!here> & *Maria*',
  })
  const target = { workspaceId, handoffId: handoff.id, by: anna }
  const { kind } = await returnHandoff(place.world, target, said)
  expect(kind).toBe('done')
  return { handoff: await place.handoff(handoff.id), card }
}

const lastOf = (email: string) => place.world.handoffs.lastOfLead(workspaceId, email)

const shownBy = (view: FakeView) =>
  view.blocks.filter(({ type }) => type === 'input').map((block) => block.block_id)

describe('a lead that sales gave back', () => {
  test('is asked for what has changed, and all that was filled in stays', async () => {
    const { handoff } = await giveBack()
    await command('U0BEN')
    const view = await place.slack.nextView()
    const sent = await place.slack.submitView({ user: 'U0BEN', view, values: maria })
    expect(sent.body).toMatchObject({ response_action: 'update' })
    const asked = await place.slack.nextView()
    expect(shownBy(asked)).toEqual(['email', 'what_changed', ...shownBy(view).slice(1)])
    const text = JSON.stringify(asked)
    expect(text).toContain('Sales returned this lead before: say what has changed since.')
    expect(text).toContain('Returned – not ready, by Anna Rossi (23 November 2026)')
    expect(text).toContain('Ready when: the budget is approved')

    const empty = await place.slack.submitView({ user: 'U0BEN', view: asked })
    expect(empty.body).toMatchObject({
      response_action: 'errors',
      errors: { what_changed: expect.stringMatching(/say what has changed since/) },
    })
    const values = { what_changed: 'The budget\nis approved' }
    expect((await place.slack.submitView({ user: 'U0BEN', view: asked, values })).body).toBe('')
    expect(await lastOf(handoff.lead.email)).toMatchObject({
      lead: { name: 'Maria Verdi', company: { name: 'Officine Verdi' } },
      leadType: 'service',
      priority: 'hot',
      reason: 'Asked for a quote\nfor two presses',
      round: 2,
      whatChanged: 'The budget\nis approved',
      previous: { handoffId: handoff.id },
    })
  })

  test('is handed over again from its card: the form knows the lead and quotes the return', async () => {
    const { handoff, card } = await giveBack()
    await place.slack.clickButton({
      user: 'U0BEN',
      actionId: 'return.again',
      value: handoff.id,
      message: card,
    })
    const view = await place.slack.nextView()
    expect(view.callback_id).toBe('handoff.new')
    expect(shownBy(view)).toEqual([
      'what_changed',
      'name',
      'company',
      'phone',
      'lead_type',
      'priority',
      'reason',
    ])
    expect(JSON.parse(view.private_metadata)).toEqual({ email: 'maria@officineverdi.example' })
    expect(view.blocks[0]).toMatchObject({
      text: { type: 'plain_text', text: 'E-mail address: maria@officineverdi.example' },
    })
    expect(JSON.stringify(view)).toContain('Ready when: the budget is approved')

    const empty = await place.slack.submitView({ user: 'U0BEN', view })
    expect(empty.body).toMatchObject({
      errors: { what_changed: expect.stringMatching(/say what has changed since/) },
    })
    const form = { user: 'U0BEN', view, values: { what_changed: 'The budget is approved' } }
    expect((await place.slack.submitView(form)).body).toBe('')
    expect((await place.slack.submitView(form)).body).toBe('')
    expect(await lastOf(handoff.lead.email)).toMatchObject({
      round: 2,
      leadType: handoff.leadType,
      priority: 'hot',
      reason: handoff.reason,
      whatChanged: 'The budget is approved',
    })
    expect((await place.handoff(handoff.id)).returned?.answer).toBe('handed-over-again')
  })

  test('what is too long is said under its field', async () => {
    const { handoff, card } = await giveBack()
    await place.slack.clickButton({
      user: 'U0LUCA',
      actionId: 'return.again',
      value: handoff.id,
      message: card,
    })
    const view = await place.slack.nextView()
    const values = { what_changed: 'x'.repeat(2_001) }
    const sent = await place.slack.submitView({ user: 'U0LUCA', view, values })
    expect(sent.body).toEqual({
      response_action: 'errors',
      errors: { what_changed: 'Spiega che cosa è cambiato in al massimo 2.000 caratteri.' },
    })
  })

  test('a form that came too late is news of the round that has begun', async () => {
    const { handoff, card } = await giveBack()
    const click = { user: 'U0BEN', actionId: 'return.again', value: handoff.id, message: card }
    const values = { what_changed: 'The budget is approved' }
    await place.slack.clickButton(click)
    const late = await place.slack.nextView()
    await place.slack.clickButton(click)
    const first = await place.slack.nextView()
    expect((await place.slack.submitView({ user: 'U0BEN', view: first, values })).body).toBe('')
    expect((await place.slack.submitView({ user: 'U0BEN', view: late, values })).body).toBe('')
    expect(await lastOf(handoff.lead.email)).toMatchObject({
      round: 2,
      version: 2,
      news: { reason: handoff.reason },
    })
    // its old card does not lead to a form any more
    const again = await place.slack.clickButton(click)
    expect((await again.nextResponse()).body.text).toMatch(/handed over already/)
  })

  test('an old card leads to the last round of its lead', async () => {
    const { handoff, card } = await giveBack()
    const { email, name } = handoff.lead
    const result = await handOffLead(place.world, {
      workspaceId,
      lead: { email, name },
      reason: 'A second look',
      priority: 'standard',
      owner: undefined,
      by: benMember,
      whatChanged: 'New budget',
    })
    const round = result.kind === 'done' ? result.handoff.id : ''
    const target = { workspaceId, handoffId: round, by: anna }
    await returnHandoff(place.world, target, aReturnSaid({ readyOn: '2027-01-15' }))
    await place.slack.clickButton({
      user: 'U0BEN',
      actionId: 'return.again',
      value: handoff.id,
      message: card,
    })
    const text = JSON.stringify(await place.slack.nextView())
    expect(text).toContain('Ready on: 15 January 2027')
    expect(text).toContain('A second look')
  })

  test('is not handed over by whoever the agreement does not name, nor from no card at all', async () => {
    const { handoff, card } = await giveBack()
    const click = { user: 'U0GUEST', actionId: 'return.again', message: card }
    const guest = await place.slack.clickButton({ ...click, value: handoff.id })
    expect((await guest.nextResponse()).body.text).toMatch(/ask a manager/)
    const nothing = await place.slack.clickButton({ ...click, value: 'hof_none' })
    expect((await nothing.nextResponse()).body.text).toMatch(/not there any more/)
    expect(place.slack.callsOf('views.open')).toEqual([])
  })

  test('a form that was tampered with hands nothing over', async () => {
    const { handoff, card } = await giveBack()
    const click = { user: 'U0BEN', actionId: 'return.again', value: handoff.id, message: card }
    await place.slack.clickButton(click)
    const view = await place.slack.nextView()
    for (const private_metadata of ['', '[]', '{"email":"nobody"}']) {
      const sent = await place.slack.submitView({
        user: 'U0BEN',
        view: { ...view, private_metadata },
        values: { what_changed: 'The budget is approved' },
      })
      expect(sent.body).toMatchObject({ response_action: 'errors' })
    }
    expect((await lastOf(handoff.lead.email))?.round).toBe(1)
  })
})

describe.each(locales)('the form (%s)', (locale) => {
  test('keeps within the limits of Slack and reads well', () => {
    const form = buildHandOffForm(anAgreement(), locale)
    expect(faultsOf(viewSchema, form)).toEqual([])
    expect(form).toMatchSnapshot()
  })

  test('of another round does too', () => {
    const before = returned()
    const form = buildHandOffForm(anAgreement(), locale, againForm(before, anAgreement()))
    expect(faultsOf(viewSchema, form)).toEqual([])
    expect(form).toMatchSnapshot()
  })

  test('has room for the longest texts, which stay texts', () => {
    const hostile = 'x👩‍👩‍👧‍👦<!channel>'.repeat(9_000)
    const lead = aLead({ name: hostile, company: { name: hostile } })
    const before = returned(aHandoff({ lead, reason: hostile }), {
      readyWhen: hostile,
      note: hostile,
    })
    const shown = { ...againForm(before, anAgreement()), notice: hostile }
    const form = buildHandOffForm(anAgreement(), locale, shown)
    expect(faultsOf(viewSchema, form)).toEqual([])
    expect(JSON.stringify(form)).not.toContain('mrkdwn')
  })
})
