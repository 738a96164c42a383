import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import type { World } from '../../../src/use-cases/ports/world.ts'
import type { MemoryWorld } from '../../support/memory-world.ts'
import { startWorkplace, type Workplace } from './features/workplace.ts'

let place: Workplace

afterEach(() => place.stop())

const withCommit =
  (change: (commit: World['handoffs']['commit']) => World['handoffs']['commit']) =>
  (world: MemoryWorld): World => ({
    ...world,
    handoffs: { ...world.handoffs, commit: change(world.handoffs.commit) },
  })

const payload = (place: Workplace, fields: object) => ({
  body: new URLSearchParams({
    payload: JSON.stringify({
      team: { id: place.slack.teamId },
      user: { id: 'U0ANNA', name: 'anna', team_id: place.slack.teamId },
      api_app_id: place.slack.appId,
      trigger_id: '1.1',
      ...fields,
    }),
  }).toString(),
  contentType: 'application/x-www-form-urlencoded',
})

const acceptClick = (value: string) => ({
  type: 'block_actions',
  channel: { id: 'C0SQL' },
  actions: [{ type: 'button', action_id: 'handoff.accept', block_id: 'b', value }],
})

describe('the Slack app', () => {
  test('a click is acknowledged only after it is committed', async () => {
    const steps: string[] = []
    place = await startWorkplace({
      through: withCommit((commit) => async (...args) => {
        await new Promise((resolve) => setImmediate(resolve))
        steps.push('deciding')
        const outcome = await commit(...args)
        steps.push(outcome)
        return outcome
      }),
    })
    const { handoff } = await place.offer()
    await place.app.processEvent({
      body: JSON.parse(
        new URLSearchParams(payload(place, acceptClick(handoff.id)).body).get('payload') ?? '',
      ),
      ack: async () => void steps.push('acknowledged'),
    })
    expect(steps).toEqual(['deciding', 'committed', 'acknowledged'])
    expect(await place.handoff(handoff.id)).toMatchObject({
      status: 'accepted',
      owner: { id: 'per_anna' },
    })
  })

  test('what goes wrong is told to the one who clicked with a reference that is in the log', async () => {
    let broken = false
    place = await startWorkplace({
      through: withCommit((commit) => async (...args) => {
        if (broken) throw new Error('lost maria@officineverdi.example with xoxb-secret')
        return commit(...args)
      }),
    })
    const { handoff, card } = await place.offer()
    broken = true
    const sent = await place.slack.clickButton({
      user: 'U0ANNA',
      actionId: 'handoff.accept',
      message: card,
    })
    expect(sent.status).toBe(503)
    const { body } = await sent.nextResponse()
    expect(body).toMatchObject({ response_type: 'ephemeral', replace_original: false })
    const reference = /Reference: ([0-9a-f]{6})$/.exec(String(body.text))?.[1]
    expect(reference).toBeDefined()
    const line = place.logged.find((logged) => logged.includes(`"${reference}"`))
    expect(line).toContain('handoff.accept')
    expect(place.logged.join('')).not.toMatch(/maria@|xoxb-/)
    expect((await place.handoff(handoff.id)).status).toBe('offered')
  })

  test('what goes wrong in a form is said under its first field, so that the answers stay', async () => {
    let broken = false
    place = await startWorkplace({
      through: withCommit((commit) => async (...args) => {
        if (broken) throw new TypeError('broken')
        return commit(...args)
      }),
    })
    const { card } = await place.offerAccepted()
    const click = { user: 'U0ANNA', actionId: 'handoff.attempt', message: card }
    await place.slack.clickButton(click)
    const view = await place.slack.nextView()
    broken = true
    const sent = await place.slack.submitView({ user: 'U0ANNA', view })
    expect(sent.body).toEqual({
      response_action: 'errors',
      errors: { channel: expect.stringMatching(/^Something went wrong. Reference: [0-9a-f]{6}$/) },
    })
  })

  test('a command that fails answers the one who asked', async () => {
    place = await startWorkplace({
      through: (world) => ({
        ...world,
        glossary: { ...world.glossary, terms: () => Promise.reject(new Error('no')) },
      }),
    })
    const sent = await place.slack.sendCommand({ user: 'U0LUCA', command: '/glossary' })
    expect(sent).toMatchObject({
      status: 200,
      body: {
        response_type: 'ephemeral',
        text: expect.stringMatching(/^Qualcosa non ha funzionato. Riferimento: /),
      },
    })
  })

  test('a payload of another workspace is refused, whoever the user is', async () => {
    place = await startWorkplace()
    const { handoff } = await place.offer()
    const click = acceptClick(handoff.id)
    const foreign = payload(place, { ...click, team: { id: 'T0OTHER' } })
    expect((await place.slack.signedRequest(foreign)).status).toBe(401)
    const form = {
      type: 'view_submission',
      view: { id: 'V1', callback_id: 'handoff.new', app_installed_team_id: 'T0OTHER' },
    }
    expect((await place.slack.signedRequest(payload(place, form))).status).toBe(401)
    expect((await place.handoff(handoff.id)).status).toBe('offered')
  })

  test('somebody of another team in a shared channel acts in the workspace of the app', async () => {
    place = await startWorkplace()
    const form = {
      type: 'view_submission',
      team: { id: 'T0OTHER' },
      view: { id: 'V1', callback_id: 'unknown', app_installed_team_id: 'T0TEST' },
    }
    expect((await place.slack.signedRequest(payload(place, form))).status).toBe(200)
  })

  test('a forged signature is refused', async () => {
    place = await startWorkplace()
    const { handoff } = await place.offer()
    const forged = { ...payload(place, acceptClick(handoff.id)), secret: 'guessed' }
    expect((await place.slack.signedRequest(forged)).status).toBe(401)
    expect((await place.handoff(handoff.id)).status).toBe('offered')
  })

  test('what nothing answers to is acknowledged and logged', async () => {
    place = await startWorkplace()
    const { card } = await place.offer()
    const click = { user: 'U0ANNA', actionId: 'handoff.dance', value: 'x', message: card }
    expect((await place.slack.clickButton(click)).status).toBe(200)
    const command = { user: 'U0ANNA', command: '/dance' }
    expect((await place.slack.sendCommand(command)).status).toBe(200)
    expect((await place.slack.sendEvent({ type: 'team_join' })).status).toBe(200)
    const closed = { type: 'view_closed', view: { id: 'V1', callback_id: 'handoff.new' } }
    expect((await place.slack.signedRequest(payload(place, closed))).status).toBe(200)
    const other = { type: 'dialog_cancellation' }
    expect((await place.slack.signedRequest(payload(place, other))).status).toBe(200)
    const warnings = place.logged.filter((line) => line.includes('nothing of Baton answers'))
    expect(warnings.map((line) => JSON.parse(line).id)).toEqual([
      'handoff.dance',
      '/dance',
      'team_join',
    ])
  })

  test('the loss of the installation is told to whoever runs Baton', async () => {
    place = await startWorkplace()
    const revoked = { type: 'tokens_revoked', tokens: { bot: ['U0BATON'] } }
    expect((await place.slack.sendEvent(revoked)).status).toBe(200)
    await expect
      .poll(() => place.logged.some((line) => line.includes('install the app again')))
      .toBe(true)
  })

  test('signed nonsense never gets a 5xx', async () => {
    place = await startWorkplace()
    const { handoff } = await place.offer()
    const nonsense = fc.record(
      {
        type: fc.constantFrom('block_actions', 'view_submission', 'shortcut', 'message_action'),
        team: fc.constantFrom({ id: 'T0TEST' }, null, 1),
        user: fc.constantFrom({ id: 'U0ANNA' }, { id: 'U\u0000' }, null, 'U0ANNA'),
        actions: fc.constantFrom([], null, [acceptClick('\u0000').actions[0]], [{}], 'x'),
        view: fc.jsonValue({ maxDepth: 2 }),
        message: fc.jsonValue({ maxDepth: 2 }),
        callback_id: fc.constantFrom('handoff.new', '', 7),
        channel: fc.constantFrom({ id: 'C0SQL' }, null, 'C'),
      },
      { requiredKeys: [] },
    )
    await fc.assert(
      fc.asyncProperty(nonsense, async (fields) => {
        const { status } = await place.slack.signedRequest(payload(place, fields))
        expect(status).toBeLessThan(500)
      }),
      { numRuns: 200 },
    )
    expect((await place.handoff(handoff.id)).status).toBe('offered')
  })
})
