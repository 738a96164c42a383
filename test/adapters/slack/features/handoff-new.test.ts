import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { buildHandOffForm } from '../../../../src/adapters/slack/features/handoff-new/feature.ts'
import { locales } from '../../../../src/domain/agreement.ts'
import { anAgreement } from '../../../support/builders.ts'
import { faultsOf, viewSchema } from '../../../support/slack-limits.ts'
import { startWorkplace, type Workplace, workspaceId } from './workplace.ts'

let place: Workplace

beforeEach(async () => {
  place = await startWorkplace()
})
afterEach(() => place.stop())

const command = (user: string, text = '') =>
  place.slack.sendCommand({ user, command: '/handoff', text })

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

  test('a lead with an open handoff is not handed over again', async () => {
    await place.offer()
    await command('U0BEN')
    const view = await place.slack.nextView()
    const sent = await place.slack.submitView({ user: 'U0BEN', view, values: maria })
    expect(sent.body).toMatchObject({
      response_action: 'errors',
      errors: { email: expect.stringMatching(/handed over already/) },
    })
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

  test('help, and whatever it does not know, is a short text to the one who asked', async () => {
    const help = await command('U0BEN', 'help')
    expect(help.body).toMatchObject({
      response_type: 'ephemeral',
      text: expect.stringMatching(/^`\/handoff` opens a form/),
    })
    const unknown = await command('U0BEN', 'dance <!channel>')
    expect(unknown.body).toMatchObject({ response_type: 'ephemeral' })
    expect(JSON.stringify(unknown.body)).toContain('“dance &lt;!channel&gt;” is not something')
  })
})

describe('shortcuts', () => {
  test('the global one opens the empty form', async () => {
    await place.slack.sendShortcut({ user: 'U0BEN', callbackId: 'handoff.new' })
    expect((await place.slack.nextView()).callback_id).toBe('handoff.new')
  })

  test('the one on a message takes what it says for the reason', async () => {
    const { card } = await place.offer()
    const shortcut = { user: 'U0BEN', callbackId: 'handoff.from_message', message: card }
    await place.slack.sendShortcut(shortcut)
    const view = await place.slack.nextView()
    const reason = view.blocks.find((block) => block.block_id === 'reason')
    expect(reason).toMatchObject({ element: { initial_value: 'Maria Verdi' } })
  })
})

test.each(locales)('the form keeps within the limits of Slack and reads well (%s)', (locale) => {
  const form = buildHandOffForm(anAgreement(), locale)
  expect(faultsOf(viewSchema, form)).toEqual([])
  expect(form).toMatchSnapshot()
  const long = buildHandOffForm(anAgreement(), locale, 'x👩‍👩‍👧‍👦'.repeat(9_000))
  expect(faultsOf(viewSchema, long)).toEqual([])
})
