import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { buildOutcomeForm } from '../../../../src/adapters/slack/features/handoff-outcome/outcome-form.ts'
import { type Agreement, locales } from '../../../../src/domain/agreement.ts'
import type { Handoff } from '../../../../src/domain/handoff.ts'
import { logAttempt } from '../../../../src/use-cases/log-attempt.ts'
import { reportDeal } from '../../../../src/use-cases/report-deal.ts'
import { returnHandoff } from '../../../../src/use-cases/return-handoff.ts'
import { anAgreement } from '../../../support/builders.ts'
import type { FakeMessage, FakeView } from '../../../support/fake-slack.ts'
import { faultsOf, viewSchema } from '../../../support/slack-limits.ts'
import { anna, startWorkplace, type Workplace, workspaceId } from './workplace.ts'

let place: Workplace

const open = async (agreement?: Agreement): Promise<void> => {
  place = await startWorkplace(agreement && { agreement })
}
beforeEach(() => open())
afterEach(() => place.stop())

const click = (user: string, value: string, message: FakeMessage) =>
  place.slack.clickButton({ user, actionId: 'handoff.outcome', value, message })

async function openForm(user = 'U0ANNA') {
  const offered = await place.offerAccepted()
  expect((await click(user, offered.handoff.id, offered.card)).status).toBe(200)
  return { ...offered, view: await place.slack.nextView() }
}

const targetOf = ({ id }: Handoff) => ({ workspaceId, handoffId: id, by: anna })
const submit = (view: FakeView, values: Record<string, string | null>, user = 'U0ANNA') =>
  place.slack.submitView({ user, view, values })
const shownBy = (view: { blocks: Record<string, unknown>[] }) =>
  view.blocks.filter(({ type }) => type === 'input').map((block) => block.block_id)
const giveBackToMarketing = (handoff: Handoff) =>
  returnHandoff(place.world, targetOf(handoff), {
    reason: 'not-ready',
    criterion: undefined,
    readyOn: undefined,
    readyWhen: 'spring',
    field: undefined,
    duplicateOf: undefined,
    note: undefined,
  })
const nothing = { lostReason: undefined, note: undefined, fromProgram: false }

describe('Outcome', () => {
  test('opens a form with the stages of the agreement, none of them chosen', async () => {
    const { view } = await openForm()
    expect(view.callback_id).toBe('handoff.outcome')
    expect(shownBy(view)).toEqual(['deal_stage', 'note'])
    expect(view.blocks[0]).not.toHaveProperty('element.initial_option')
    expect(JSON.stringify(view.blocks[0])).toMatch(/Meeting booked.*Closed won.*On hold/)
  })

  test('sent, marketing is told in the thread without a mention', async () => {
    const { handoff, view } = await openForm()
    const sent = await submit(view, { deal_stage: 'exploration', note: 'On Tuesday\nat ten' })
    expect(sent).toMatchObject({ status: 200, body: '' })
    expect(await place.handoff(handoff.id)).toMatchObject({
      status: 'qualified',
      leadStatus: 'Open deal',
      lifecycleStage: 'opportunity',
      deal: { stage: 'exploration', lostReason: null, note: 'On Tuesday\nat ten' },
    })
    expect(place.world.notices.at(-1)).toMatchObject({
      where: { thread: true },
      notice: { type: 'deal', stage: 'exploration' },
    })
  })

  test('after a connection nothing else is asked for', async () => {
    const { handoff, card } = await place.offerAccepted()
    const call = { channel: 'call', outcome: 'connected', at: undefined, note: undefined } as const
    await logAttempt(place.world, targetOf(handoff), call)
    await click('U0ANNA', handoff.id, card)
    const view = await place.slack.nextView()
    expect(shownBy(view)).toEqual(['deal_stage', 'note'])
    expect((await submit(view, { deal_stage: 'quote' })).body).toBe('')
    expect((await place.handoff(handoff.id)).status).toBe('qualified')
  })

  test('shows what was reported last, and takes a correction of a closed deal', async () => {
    const { handoff, card } = await place.offerAccepted()
    const lost = { ...nothing, stage: 'closed-lost', lostReason: 'price' }
    await reportDeal(place.world, targetOf(handoff), lost)
    await click('U0ANNA', handoff.id, card)
    const view = await place.slack.nextView()
    expect(view.blocks).toMatchObject([
      { block_id: 'deal_stage', element: { initial_option: { value: 'closed-lost' } } },
      { block_id: 'lost_reason', element: { initial_option: { value: 'price' } } },
      { block_id: 'note' },
    ])
    expect((await submit(view, { deal_stage: 'closed-won' })).body).toBe('')
    expect(await place.handoff(handoff.id)).toMatchObject({
      status: 'closed',
      leadStatus: 'Closed won',
      deal: { stage: 'closed-won', lostReason: null },
    })
  })

  test('a stage that means lost asks why, and another one does not ask any more', async () => {
    const { handoff, view } = await openForm()
    const change = { user: 'U0ANNA', blockId: 'deal_stage' }
    await place.slack.changeField({ ...change, view, value: 'closed-lost' })
    const lost = await place.slack.nextView()
    expect(lost.id).toBe(view.id)
    expect(shownBy(lost)).toEqual(['deal_stage', 'lost_reason', 'note'])
    await place.slack.changeField({ ...change, view: lost, value: 'on-hold' })
    const held = await place.slack.nextView()
    expect(shownBy(held)).toEqual(['deal_stage', 'note'])
    await place.slack.changeField({ ...change, view: held, value: 'closed-lost' })
    const sent = await submit(await place.slack.nextView(), { lost_reason: 'no-decision' })
    expect(sent.body).toBe('')
    expect(await place.handoff(handoff.id)).toMatchObject({
      status: 'closed',
      leadStatus: 'Closed lost',
      deal: { lostReason: 'no-decision' },
    })
  })

  test('a client that does not report its changes is asked why it was lost', async () => {
    const { handoff, view } = await openForm()
    const values = { deal_stage: 'closed-lost', note: 'Too dear' }
    expect((await submit(view, values)).body).toMatchObject({
      response_action: 'update',
      view: {
        callback_id: 'handoff.outcome',
        blocks: [
          {
            type: 'section',
            text: { text: expect.stringMatching(/^Choose why the deal was lost/) },
          },
          { block_id: 'deal_stage', element: { initial_option: { value: 'closed-lost' } } },
          { block_id: 'lost_reason' },
          { block_id: 'note', element: { initial_value: 'Too dear' } },
        ],
      },
    })
    expect((await place.handoff(handoff.id)).status).toBe('accepted')
    const again = await place.slack.nextView()
    expect((await submit(again, { deal_stage: null, lost_reason: 'price' })).body).toBe('')
    expect((await place.handoff(handoff.id)).deal).toMatchObject({ note: 'Too dear' })
  })

  test('where the agreement names no reasons for lost deals the note says why', async () => {
    await place.stop()
    await open(anAgreement({ lost_reasons: [] }))
    const { handoff, view } = await openForm()
    expect((await submit(view, { deal_stage: 'closed-lost' })).body).toEqual({
      response_action: 'errors',
      errors: { note: 'Say in a sentence why the deal was lost: marketing learns from it.' },
    })
    const values = { deal_stage: 'closed-lost', note: 'They stay with their press' }
    expect((await submit(view, values)).body).toBe('')
    expect((await place.handoff(handoff.id)).deal).toMatchObject({ lostReason: null })
  })

  test('what is missing or too long is said under its field', async () => {
    const { view } = await openForm()
    expect((await submit(view, { note: 'x'.repeat(2_001) })).body).toEqual({
      response_action: 'errors',
      errors: {
        deal_stage: 'Choose a deal stage of the agreement.',
        note: 'Write at most 2,000 characters.',
      },
    })
  })

  test('the stage that it is at already is not reported again', async () => {
    const { handoff, card } = await place.offerAccepted()
    await reportDeal(place.world, targetOf(handoff), { ...nothing, stage: 'quote' })
    await click('U0ANNA', handoff.id, card)
    const sent = await submit(await place.slack.nextView(), {})
    expect(sent.body).toMatchObject({
      response_action: 'errors',
      errors: { deal_stage: expect.stringMatching(/^The deal is at this stage already/) },
    })
  })

  test('a note on the stage that it is at already is taken', async () => {
    const { handoff, card } = await place.offerAccepted()
    await reportDeal(place.world, targetOf(handoff), { ...nothing, stage: 'quote' })
    await click('U0ANNA', handoff.id, card)
    await submit(await place.slack.nextView(), { note: 'By Friday' })
    const now = await place.world.handoffs.byId(handoff.workspaceId, handoff.id)
    expect(now?.deal).toMatchObject({ stage: 'quote', note: 'By Friday' })
  })

  test('a form that is sent again has one effect', async () => {
    const { handoff, view } = await openForm()
    const values = { deal_stage: 'quote' }
    expect((await submit(view, values)).body).toBe('')
    const { version } = await place.handoff(handoff.id)
    expect((await submit(view, values)).body).toBe('')
    expect((await place.handoff(handoff.id)).version).toBe(version)
    expect((await submit(view, { deal_stage: 'closed-won' })).body).toMatchObject({
      response_action: 'update',
      view: { blocks: [{ text: { text: expect.stringMatching(/^This form was sent before/) } }] },
    })
  })

  test('a handoff that moved on meanwhile is told in place of the form, and its card refreshed', async () => {
    const { handoff, view } = await openForm()
    await giveBackToMarketing(handoff)
    expect((await submit(view, { deal_stage: 'quote' })).body).toMatchObject({
      response_action: 'update',
      view: { blocks: [{ text: { text: expect.stringMatching(/moved on.*not ready/) } }] },
    })
    await expect.poll(() => place.refreshed).toEqual([handoff.id])
  })

  test('opens for the owner and their manager, and for nobody else', async () => {
    const { handoff, card } = await place.offerAccepted()
    const luca = await click('U0LUCA', handoff.id, card)
    expect((await luca.nextResponse()).body.text).toMatch(/^Questo lead è di Anna Rossi/)
    for (const user of ['U0BEN', 'U0MARIO', 'U0GUEST']) {
      const sent = await click(user, handoff.id, card)
      expect((await sent.nextResponse()).body.text).toMatch(/^Only sales/)
    }
    expect(place.slack.callsOf('views.open')).toEqual([])
    await click('U0SARA', handoff.id, card)
    const view = await place.slack.nextView()
    // Whose form it was does not decide: who sends it does.
    expect((await submit(view, { deal_stage: 'quote' }, 'U0BEN')).body).toMatchObject({
      response_action: 'update',
      view: { blocks: [{ text: { text: expect.stringMatching(/^Only sales/) } }] },
    })
    expect((await place.handoff(handoff.id)).deal).toBeNull()
    expect((await submit(view, { deal_stage: 'quote' }, 'U0SARA')).body).toBe('')
  })

  test('does not open for a lead that nobody has accepted, or that is back', async () => {
    const { handoff, card } = await place.offer()
    const early = await click('U0ANNA', handoff.id, card)
    expect((await early.nextResponse()).body.text).toMatch(/^Nobody has accepted this lead yet/)
    await expect.poll(() => place.refreshed).toEqual([handoff.id])
    await giveBackToMarketing(handoff)
    const late = await click('U0ANNA', handoff.id, card)
    expect((await late.nextResponse()).body.text).toMatch(/moved on.*Returned – not ready/)
    expect(place.slack.callsOf('views.open')).toEqual([])
    const unknown = await click('U0ANNA', 'hof_none', card)
    expect((await unknown.nextResponse()).body.text).toMatch(/^This handoff is not there/)
  })

  test('a form that was tampered with changes nothing', async () => {
    const { handoff, view } = await openForm()
    const before = await place.handoff(handoff.id)
    for (const private_metadata of ['', '[]', '{"handoff":"../x"}', 'nul\u0000']) {
      const sent = await submit({ ...view, private_metadata }, { deal_stage: 'quote' })
      expect(sent.body).toMatchObject({ response_action: 'update' })
    }
    expect(await place.handoff(handoff.id)).toEqual(before)
  })
})

/** A handoff in that state, by what people do. */
async function into(state: string) {
  const offered = state === 'offered' ? await place.offer() : await place.offerAccepted()
  const target = targetOf(offered.handoff)
  const call = { channel: 'call', outcome: 'connected', at: undefined, note: undefined } as const
  if (state === 'connected') await logAttempt(place.world, target, call)
  if (state === 'qualified') await reportDeal(place.world, target, { ...nothing, stage: 'quote' })
  if (state === 'closed') await reportDeal(place.world, target, { ...nothing, stage: 'closed-won' })
  if (state === 'returned') await giveBackToMarketing(offered.handoff)
  expect((await place.handoff(offered.handoff.id)).status).toBe(state)
  return offered
}

const everybody = ['U0ANNA', 'U0LUCA', 'U0BEN', 'U0SARA', 'U0MARIO', 'U0GUEST']
const ownerAndManager = ['U0ANNA', 'U0SARA']

describe.each([
  ['offered', { outcome: [], owner: ['U0SARA'] }],
  ['accepted', { outcome: ownerAndManager, owner: ownerAndManager }],
  ['connected', { outcome: ownerAndManager, owner: ownerAndManager }],
  ['qualified', { outcome: ownerAndManager, owner: ownerAndManager }],
  ['closed', { outcome: ownerAndManager, owner: [] }],
  ['returned', { outcome: [], owner: [] }],
])('while a handoff is %s', (state, opens) => {
  test.each([
    ['outcome', 'handoff.outcome', (id: string) => id, opens.outcome],
    ['owner', 'handoff.more', (id: string) => `owner:${id}`, opens.owner],
  ] as const)('the form of the %s opens for nobody else', async (_, actionId, value, allowed) => {
    const { handoff, card } = await into(state)
    const opened: string[] = []
    for (const user of everybody) {
      const before = place.slack.callsOf('views.open').length
      const message = { ...card, blocks: [] }
      const sent = await place.slack.clickButton({
        user,
        actionId,
        value: value(handoff.id),
        message,
      })
      expect(sent.status).toBe(200)
      await expect
        .poll(() => place.slack.callsOf('views.open').length - before + sent.responses.length)
        .toBe(1)
      if (sent.responses.length === 0) opened.push(user)
    }
    expect(opened).toEqual(allowed)
  })
})

describe.each(locales)('the form of an outcome (%s)', (locale) => {
  const build = (agreement: Agreement, stage: string | undefined) =>
    buildOutcomeForm({ handoff: 'hof_1', stage, fields: new Map() }, agreement, locale)

  test('keeps within the limits of Slack and reads well', () => {
    const forms = [undefined, 'exploration', 'closed-lost'].map((stage) =>
      build(anAgreement(), stage),
    )
    for (const form of forms) expect(faultsOf(viewSchema, form)).toEqual([])
    expect(forms).toMatchSnapshot()
  })

  test('also what is longest, and words of the agreement stay words', () => {
    const text = `<!channel> *W* ${'W'.repeat(480)}`
    const many = Array.from({ length: 20 }, (_, place) => ({
      id: `${'x'.repeat(38)}${place}`,
      name: { en: text, it: text },
    }))
    const deal_stages = many.map((stage) => ({ ...stage, means: 'lost' as const }))
    const long = anAgreement({ deal_stages, lost_reasons: many })
    const form = build(long, many[0]?.id)
    expect(faultsOf(viewSchema, form)).toEqual([])
    expect(JSON.stringify(form)).not.toContain('"mrkdwn"')
  })
})
