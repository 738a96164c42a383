import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { buildCorrectionForm } from '../../../../src/adapters/slack/features/handoff-correct/correct.ts'
import { locales } from '../../../../src/domain/agreement.ts'
import type { Attempt, Handoff } from '../../../../src/domain/handoff.ts'
import { correctAttempt } from '../../../../src/use-cases/correct-attempt.ts'
import { logAttempt } from '../../../../src/use-cases/log-attempt.ts'
import { returnHandoff } from '../../../../src/use-cases/return-handoff.ts'
import {
  accepted,
  anAgreement,
  aReturnSaid,
  minutesAfter,
  withAttempt,
} from '../../../support/builders.ts'
import type { FakeMessage, FakeView } from '../../../support/fake-slack.ts'
import { faultsOf, viewSchema } from '../../../support/slack-limits.ts'
import { anna, startWorkplace, type Workplace, workspaceId } from './workplace.ts'

let place: Workplace

beforeEach(async () => {
  place = await startWorkplace()
})
afterEach(() => place.stop())

const choose = (user: string, { handoff, card }: { handoff: Handoff; card: FakeMessage }) => {
  const value = `correct:${handoff.id}`
  const options = [{ text: { type: 'plain_text', text: 'Correct' }, value }]
  const elements = [{ type: 'overflow', action_id: 'handoff.more', options }]
  const message = { ...card, blocks: [{ type: 'actions', block_id: 'more', elements }] }
  return place.slack.clickButton({ user, actionId: 'handoff.more', value, message })
}

/** Two calls of Anna's, of which the second came too soon. */
async function offerTried() {
  const { handoff, card } = await place.offerAccepted()
  const target = { workspaceId, handoffId: handoff.id, by: anna }
  for (const minutes of [20, 40]) {
    place.world.clock.now = minutesAfter(minutes)
    const call = { channel: 'call', outcome: 'no-answer', at: undefined, note: undefined } as const
    await logAttempt(place.world, target, call)
  }
  place.world.clock.now = minutesAfter(60)
  return { handoff, card, target }
}

async function openForm(user = 'U0ANNA') {
  const offered = await offerTried()
  expect((await choose(user, offered)).status).toBe(200)
  return { ...offered, view: await place.slack.nextView() }
}

const shownBy = (view: FakeView) =>
  view.blocks.filter(({ type }) => type === 'input').map((block) => block.block_id)
const submit = (view: FakeView, values: Record<string, string | null>, user = 'U0ANNA') =>
  place.slack.submitView({ user, view, values })
const attemptsOf = async ({ id }: Handoff) => (await place.handoff(id)).attempts

describe('Correct', () => {
  test('opens a form of the last attempt, with what was said of it', async () => {
    const { view } = await openForm()
    expect(view.callback_id).toBe('handoff.correct')
    expect(shownBy(view)).toEqual(['attempt', 'channel_2', 'outcome_2', 'happened_2'])
    const options = JSON.stringify(view.blocks[0])
    expect(options).toMatch(/2: call, no answer, Mon 23 Nov, 10:40.*1: call, no answer/)
  })

  test('changes what is different, and the thread is told', async () => {
    const { handoff, view } = await openForm()
    const sent = await submit(view, { channel_2: 'email', outcome_2: 'sent' })
    expect(sent).toMatchObject({ status: 200, body: '' })
    expect(await attemptsOf(handoff)).toMatchObject([
      { channel: 'call', counted: true },
      { channel: 'email', outcome: 'sent', counted: true },
    ])
    expect(place.world.notices.at(-1)?.notice).toMatchObject({
      type: 'attempt-corrected',
      number: 2,
    })
  })

  test('another attempt shows its own fields', async () => {
    const { handoff, view } = await openForm()
    await place.slack.changeField({ user: 'U0ANNA', view, blockId: 'attempt', value: '1' })
    const changed = await place.slack.nextView()
    expect(changed.id).toBe(view.id)
    expect(shownBy(changed)).toEqual(['attempt', 'channel_1', 'outcome_1', 'happened_1'])
    await submit(changed, { happened_1: 'no' })
    expect(await attemptsOf(handoff)).toMatchObject([
      { verdict: { clause: 'void' } },
      { counted: true },
    ])
  })

  test('a form that is sent before it could follow the choice asks again', async () => {
    const { handoff, view } = await openForm()
    const sent = await submit(view, { attempt: '1', channel_2: 'email' })
    expect(sent.body).toMatchObject({ response_action: 'update' })
    expect(shownBy(await place.slack.nextView())).toContain('channel_1')
    expect((await attemptsOf(handoff)).map(({ channel }) => channel)).toEqual(['call', 'call'])
  })

  test('a form in which nothing is different says so', async () => {
    const { view } = await openForm()
    expect((await submit(view, {})).body).toMatchObject({
      response_action: 'errors',
      errors: { attempt: expect.stringMatching(/logged like this already/) },
    })
  })

  test('what somebody else has put right meanwhile stays', async () => {
    const { handoff, target, view } = await openForm()
    const nothing = { channel: undefined, at: undefined, note: undefined, void: undefined }
    const said = { ...nothing, number: 2, outcome: 'left-message' } as const
    await correctAttempt(place.world, target, said)
    await submit(view, { channel_2: 'voicemail' })
    expect((await attemptsOf(handoff))[1]).toMatchObject({
      channel: 'voicemail',
      outcome: 'left-message',
    })
  })

  test('a form that is sent again has one effect', async () => {
    const { handoff, view } = await openForm()
    await submit(view, { channel_2: 'email' })
    const { version } = await place.handoff(handoff.id)
    expect((await submit(view, { channel_2: 'email' })).body).toBe('')
    expect((await place.handoff(handoff.id)).version).toBe(version)
    expect((await submit(view, { channel_2: 'meeting' })).body).toMatchObject({
      response_action: 'update',
      view: { blocks: [{ text: { text: expect.stringMatching(/^This form was sent before/) } }] },
    })
  })

  test('opens for a manager, and for nobody else', async () => {
    const offered = await offerTried()
    const luca = await choose('U0LUCA', offered)
    expect((await luca.nextResponse()).body.text).toMatch(/^Questo lead è di Anna Rossi/)
    const ben = await choose('U0BEN', offered)
    expect((await ben.nextResponse()).body.text).toMatch(/^Only sales/)
    expect(place.slack.callsOf('views.open')).toEqual([])
    await choose('U0SARA', offered)
    const view = await place.slack.nextView()
    await submit(view, { happened_2: 'no' }, 'U0SARA')
    expect((await attemptsOf(offered.handoff))[1]?.verdict).toEqual({ clause: 'void' })
  })

  test('tells where there is nothing to correct, or it has moved on', async () => {
    const fresh = await place.offerAccepted()
    const none = await choose('U0ANNA', fresh)
    expect((await none.nextResponse()).body.text).toMatch(/no attempt number 1/)
    expect(place.slack.callsOf('views.open')).toEqual([])
  })

  test('a handoff that moved on meanwhile is told in place of the form', async () => {
    const { target, view } = await openForm()
    await returnHandoff(place.world, target, aReturnSaid({ readyWhen: 'spring' }))
    expect((await submit(view, { channel_2: 'email' })).body).toMatchObject({
      response_action: 'update',
      view: { blocks: [{ text: { text: expect.stringMatching(/moved on/) } }] },
    })
  })

  test('a form that was tampered with changes nothing', async () => {
    const { handoff, view } = await openForm()
    const before = await place.handoff(handoff.id)
    const { private_metadata: metadata } = view
    const wrong = ['', '{"handoff":"../x"}', `${metadata}`.replace('"number":2', '"number":"2"')]
    for (const private_metadata of wrong) {
      const sent = await place.slack.submitView({
        user: 'U0ANNA',
        view: { ...view, private_metadata },
        values: { channel_2: 'email' },
      })
      expect(sent.body).toMatchObject({ response_action: 'update' })
    }
    expect(await place.handoff(handoff.id)).toEqual(before)
  })
})

describe('the form of a correction', () => {
  const last = ({ attempts }: Handoff): Attempt => {
    const attempt = attempts.at(-1)
    if (attempt === undefined) throw new Error('no attempt')
    return attempt
  }

  test.each(locales)('keeps within the limits of Slack and reads well (%s)', (locale) => {
    const handoff = withAttempt(withAttempt(), { at: minutesAfter(40), channel: 'email' })
    const form = buildCorrectionForm(handoff, last(handoff), anAgreement(), locale)
    expect(faultsOf(viewSchema, form)).toEqual([])
    expect(form).toMatchSnapshot()
  })

  test('offers the last attempts only, however many there are', () => {
    let handoff = accepted()
    for (let count = 0; count < 130; count++) handoff = withAttempt(handoff)
    const form = buildCorrectionForm(handoff, last(handoff), anAgreement(), 'it')
    expect(faultsOf(viewSchema, form)).toEqual([])
    expect(JSON.stringify(form.blocks[0])).toContain('130: telefonata')
    const [first] = handoff.attempts
    if (first === undefined) return
    const ofFirst = buildCorrectionForm(handoff, first, anAgreement(), 'en')
    expect(faultsOf(viewSchema, ofFirst)).toEqual([])
  })
})
