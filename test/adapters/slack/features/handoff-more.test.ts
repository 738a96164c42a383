import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { buildPauseForm } from '../../../../src/adapters/slack/features/handoff-more/pause.ts'
import { buildWhyDue } from '../../../../src/adapters/slack/features/handoff-more/why-due.ts'
import { locales } from '../../../../src/domain/agreement.ts'
import { resumeHandoff } from '../../../../src/domain/decide/pause.ts'
import { deadlineOf } from '../../../../src/domain/handoff.ts'
import { pauseHandoff } from '../../../../src/use-cases/pause-handoff.ts'
import { returnHandoff } from '../../../../src/use-cases/return-handoff.ts'
import {
  accepted,
  aHandoff,
  anActor,
  anAgreement,
  aPause,
  fixedNow,
  handoffOf,
  minutesAfter,
  paused,
} from '../../../support/builders.ts'
import type { FakeMessage } from '../../../support/fake-slack.ts'
import { faultsOf, viewSchema } from '../../../support/slack-limits.ts'
import { anna, startWorkplace, type Workplace, workspaceId } from './workplace.ts'

const agreement = anAgreement({ pause: aPause() })

let place: Workplace

beforeEach(async () => {
  place = await startWorkplace({ agreement })
})
afterEach(() => place.stop())

const menu = [
  'why_due',
  'pause',
  'resume',
  'correct',
  'owner',
  'history',
  'ready',
  'contest',
  'nonsense',
]

/** The card with a menu in which all can be chosen, whatever is possible now. */
const withMenu = (card: FakeMessage, handoff: string): FakeMessage => ({
  ...card,
  blocks: [
    {
      type: 'actions',
      block_id: 'more',
      elements: [
        {
          type: 'overflow',
          action_id: 'handoff.more',
          options: menu.map((what) => ({
            text: { type: 'plain_text', text: what },
            value: `${what}:${handoff}`,
          })),
        },
      ],
    },
  ],
})

const choose = (user: string, what: string, handoff: string, card: FakeMessage) =>
  place.slack.clickButton({
    user,
    actionId: 'handoff.more',
    value: `${what}:${handoff}`,
    message: withMenu(card, handoff),
  })

async function openPause(handoff: string, card: FakeMessage) {
  expect((await choose('U0ANNA', 'pause', handoff, card)).status).toBe(200)
  return place.slack.nextView()
}

const after = (minutes: number): void => {
  place.world.clock.now = minutesAfter(minutes)
}

const textsOf = (view: { blocks: readonly unknown[] }): string => JSON.stringify(view.blocks)

describe('Why due then?', () => {
  test('shows the sum behind what presses, in the language and zone of the reader', async () => {
    const { handoff, card } = await place.offer()
    await choose('U0LUCA', 'why_due', handoff.id, card)
    const view = await place.slack.nextView()
    expect(view.title).toMatchObject({ text: 'Perché questa scadenza?' })
    const first = view.blocks[0] ?? {}
    expect(first).toMatchObject({
      text: {
        text: [
          '*Accettazione*',
          'lun 23 nov, 10:00: passato alle vendite',
          '10:00–13:00: contano 3 h',
          'pausa dell’orario, fino a 14:00',
          '14:00–15:00: contano 1 h',
          'scadenza lun 23 nov, 15:00 (clausola clocks.accept.within: 4 h di tempo lavorativo)',
        ].join('\n'),
      },
    })
    expect(view.blocks).toHaveLength(2)
  })

  test('is behind its button too', async () => {
    const { handoff, card } = await place.offerAccepted()
    const actionId = 'handoff.why_due'
    await place.slack.clickButton({ user: 'U0BEN', actionId, value: handoff.id, message: card })
    const view = await place.slack.nextView()
    expect(textsOf(view)).toMatch(/First attempt.*clocks\.first_attempt\.hot.*Sequence of attempts/)
  })

  test('says so where nothing is due', async () => {
    const view = buildWhyDue(aHandoff({ deadlines: [] }), agreement, {
      locale: 'en',
      zone: 'Europe/Rome',
      now: fixedNow,
    })
    expect(textsOf(view)).toContain('nothing is due')
  })
})

describe('Pause and resume', () => {
  test('the form takes a reason of the agreement, and the clocks stand still', async () => {
    const { handoff, card } = await place.offerAccepted()
    const view = await openPause(handoff.id, card)
    expect(view.callback_id).toBe('handoff.pause')
    const values = { reason: 'on-hold' }
    const sent = await place.slack.submitView({ user: 'U0ANNA', view, values })
    expect(sent).toMatchObject({ status: 200, body: '' })
    const standing = await place.handoff(handoff.id)
    expect(deadlineOf(standing, 'first-attempt')).toMatchObject({
      state: 'paused',
      pauses: [{ from: fixedNow, to: null, reason: 'on-hold' }],
    })
    await place.slack.submitView({ user: 'U0ANNA', view, values })
    expect((await place.handoff(handoff.id)).version).toBe(standing.version)
  })

  test('resumed at once, a deadline has moved by the pause, and why due says so', async () => {
    const { handoff, card } = await place.offerAccepted()
    const due = deadlineOf(handoff, 'first-attempt')?.dueAt
    const view = await openPause(handoff.id, card)
    await place.slack.submitView({ user: 'U0ANNA', view, values: { reason: 'on-hold' } })
    after(30)
    const sent = await choose('U0ANNA', 'resume', handoff.id, card)
    expect(sent).toMatchObject({ status: 200, body: '', responses: [] })
    const now = await place.handoff(handoff.id)
    expect(deadlineOf(now, 'first-attempt')).toMatchObject({
      state: 'running',
      dueAt: minutesAfter(30, due),
    })
    await choose('U0ANNA', 'why_due', handoff.id, card)
    expect(textsOf(await place.slack.nextView())).toContain('paused until 10:30: On hold')
  })

  test('without a reason the form asks for one', async () => {
    const { handoff, card } = await place.offerAccepted()
    const view = await openPause(handoff.id, card)
    const sent = await place.slack.submitView({ user: 'U0ANNA', view })
    expect(sent.body).toEqual({
      response_action: 'errors',
      errors: { reason: 'Choose a reason of the agreement.' },
    })
  })

  test('what is not possible is said to the one who asked, and the card is refreshed', async () => {
    const { handoff, card } = await place.offerAccepted()
    const resume = await choose('U0ANNA', 'resume', handoff.id, card)
    expect((await resume.nextResponse()).body).toMatchObject({
      response_type: 'ephemeral',
      text: 'This lead is not paused: its clocks are going on already.',
    })
    await expect.poll(() => place.refreshed).toEqual([handoff.id])
    const other = await choose('U0LUCA', 'pause', handoff.id, card)
    expect((await other.nextResponse()).body.text).toMatch(/^Questo lead è di Anna Rossi/)
    const target = { workspaceId, handoffId: handoff.id, by: anna }
    await pauseHandoff(place.world, target, { reason: 'on-hold' })
    const again = await choose('U0ANNA', 'pause', handoff.id, card)
    expect((await again.nextResponse()).body.text).toMatch(/^This lead is paused already/)
  })

  test('a form that comes too late is replaced by the reason why', async () => {
    const { handoff, card } = await place.offerAccepted()
    const view = await openPause(handoff.id, card)
    const target = { workspaceId, handoffId: handoff.id, by: anna }
    await pauseHandoff(place.world, target, { reason: 'on-hold' })
    const sent = await place.slack.submitView({
      user: 'U0ANNA',
      view,
      values: { reason: 'on-hold' },
    })
    expect(sent.body).toMatchObject({
      response_action: 'update',
      view: { blocks: [{ text: { text: expect.stringMatching(/^This lead is paused already/) } }] },
    })
  })
})

describe('Remind me later', () => {
  const snooze = (user: string, value: string, message: FakeMessage) =>
    place.slack.clickButton({ user, actionId: 'handoff.snooze', value, message })

  test('puts the reminder off once, and only the one who asked is told when', async () => {
    const { handoff, card } = await place.offer()
    after(120)
    const sent = await snooze('U0ANNA', `accept:${handoff.id}`, card)
    expect((await sent.nextResponse()).body).toMatchObject({
      response_type: 'ephemeral',
      text: 'You’ll be reminded again at 14:00.',
    })
    const again = await snooze('U0ANNA', `accept:${handoff.id}`, card)
    expect((await again.nextResponse()).body.text).toMatch(/^This reminder can’t be put off/)
    expect(place.slack.callsOf('chat.postMessage')).toHaveLength(1)
  })

  test.each(['', 'accept', 'accept:', 'nothing:hof_1', 'accept:x:y', 'accept:hof_none'])(
    'a button of no handoff (%j) does nothing but say so',
    async (value) => {
      const { card } = await place.offer()
      const sent = await snooze('U0ANNA', value, card)
      expect((await sent.nextResponse()).body.text).toMatch(/^This handoff is not there any more/)
    },
  )
})

describe('a choice in the menu', () => {
  test('opens the form of another owner, and the history', async () => {
    const { handoff, card } = await place.offerAccepted()
    await choose('U0ANNA', 'owner', handoff.id, card)
    expect((await place.slack.nextView()).callback_id).toBe('handoff.reassign')
    await choose('U0BEN', 'history', handoff.id, card)
    expect(textsOf(await place.slack.nextView())).toContain('Anna Rossi')
  })

  test('contests a return, or marks it as ready', async () => {
    const { handoff, card } = await place.offerAccepted()
    await returnHandoff(
      place.world,
      { workspaceId, handoffId: handoff.id, by: anna },
      {
        reason: 'not-ready',
        criterion: undefined,
        readyOn: undefined,
        readyWhen: 'spring',
        field: undefined,
        duplicateOf: undefined,
        note: undefined,
      },
    )
    await choose('U0BEN', 'contest', handoff.id, card)
    expect((await place.slack.nextView()).callback_id).toBe('return.contest')
    await choose('U0BEN', 'ready', handoff.id, card)
    expect((await place.handoff(handoff.id)).returned?.readySince).toEqual(fixedNow)
    const sales = await choose('U0ANNA', 'ready', handoff.id, card)
    expect((await sales.nextResponse()).body.text).toMatch(/^Only marketing/)
  })

  test('that nothing answers to does nothing but say so', async () => {
    const { handoff, card } = await place.offer()
    const sent = await choose('U0ANNA', 'nonsense', handoff.id, card)
    expect((await sent.nextResponse()).body.text).toMatch(/^This handoff is not there any more/)
  })

  test.each(menu.filter((what) => what !== 'nonsense'))(
    'of no handoff (%s) says so',
    async (what) => {
      const { card } = await place.offer()
      for (const id of ['hof_none', '', '__proto__']) {
        const sent = await choose('U0ANNA', what, id, card)
        expect((await sent.nextResponse()).body.text).toMatch(/^This handoff is not there any more/)
      }
    },
  )
})

describe.each(locales)('what is shown (%s)', (locale) => {
  const reader = { locale, zone: 'Europe/London', now: minutesAfter(90) }

  test('keeps within the limits of Slack and reads well', () => {
    const waiting = paused(accepted())
    const goesOn = handoffOf(
      resumeHandoff(waiting, anActor(), { agreement, now: minutesAfter(24 * 60) }),
    )
    const views = [
      ...[aHandoff(), accepted(), waiting, goesOn].map((one) =>
        buildWhyDue(one, agreement, reader),
      ),
      buildPauseForm(aHandoff(), agreement, locale),
      buildPauseForm(aHandoff(), anAgreement(), locale),
    ]
    for (const view of views) expect(faultsOf(viewSchema, view)).toEqual([])
    expect(views).toMatchSnapshot()
  })

  test('also what is longest, and words of the agreement stay words', () => {
    const text = `<!channel> *W* ${'W'.repeat(480)}`
    const long = anAgreement({
      pause: aPause({
        reasons: Array.from({ length: 20 }, (_, place) => ({
          id: `${'x'.repeat(38)}${place}`,
          name: { en: text, it: text },
        })),
        times: 20,
      }),
    })
    const reason = `${'x'.repeat(38)}0`
    let handoff = accepted(aHandoff({}, long), { agreement: long })
    for (let day = 1; day <= 20; day += 1) {
      const from = minutesAfter(15 + day)
      handoff = paused(handoff, { reason, at: from, agreement: long })
      const now = minutesAfter(16 + day)
      handoff = handoffOf(resumeHandoff(handoff, anActor(), { agreement: long, now }))
    }
    const views = [buildWhyDue(handoff, long, reader), buildPauseForm(handoff, long, locale)]
    for (const view of views) expect(faultsOf(viewSchema, view)).toEqual([])
    expect(JSON.stringify(views)).not.toContain('<!channel>')
  })
})
