import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { World } from '../../../../src/use-cases/ports/world.ts'
import { returnHandoff } from '../../../../src/use-cases/return-handoff.ts'
import { aReturnSaid } from '../../../support/builders.ts'
import { anna, startWorkplace, type Workplace, workspaceId } from './workplace.ts'

let place: Workplace
let broken = false

beforeEach(async () => {
  broken = false
  place = await startWorkplace({ through })
})
afterEach(() => place.stop())

/** The world, where handing over may fail for a reason that nobody expects. */
const through = (world: World): World => ({
  ...world,
  leads: {
    ...world.leads,
    byEmail: async (...asked) => {
      if (broken) throw new Error('the database is away')
      return world.leads.byEmail(...asked)
    },
  },
})

const email = 'maria@officineverdi.example'
const inputs = {
  email: ` <mailto:${email}|${email}>`,
  name: 'Maria Verdi',
  company: 'Officine Verdi',
  reason: 'Asked for a quote',
  priority: 'Hot',
  lead_type: 'service',
  handed_off_by: 'U0BEN',
}

const run = (given: Record<string, unknown> = inputs, id = 'Fx1', step = 'hand_off_lead') =>
  place.slack.sendEvent({
    type: 'function_executed',
    function: { id: 'Fn1', callback_id: step },
    function_execution_id: id,
    inputs: given,
  })

const completed = () => place.slack.callsOf('functions.completeSuccess').map(({ args }) => args)
const failed = () => place.slack.callsOf('functions.completeError').map(({ args }) => args)
const openOf = (address = email) => place.world.handoffs.openOfLead(workspaceId, address)

describe('the step "Hand off a lead"', () => {
  test('hands the lead off by whom it names, and gives what came of it to the next step', async () => {
    expect((await run()).status).toBe(200)
    const handoff = await openOf()
    expect(handoff).toMatchObject({
      lead: { name: 'Maria Verdi', company: { name: 'Officine Verdi' } },
      leadType: 'service',
      priority: 'hot',
      reason: 'Asked for a quote',
      handedOffBy: { id: 'per_ben' },
    })
    expect(completed()).toEqual([
      { function_execution_id: 'Fx1', outputs: { handoff_id: handoff?.id, status: 'New' } },
    ])
  })

  test('needs no more than address, name and reason; what is left empty is not there', async () => {
    const { name, reason } = inputs
    const optional = { company: '', priority: null, lead_type: ' ', handed_off_by: null }
    await run({ email, name, reason, ...optional })
    expect(await openOf()).toMatchObject({
      leadType: 'new-equipment',
      priority: 'standard',
      handedOffBy: null,
    })
    expect(completed()).toHaveLength(1)
  })

  test('that Slack tells of again hands off once, and ends once', async () => {
    await Promise.all([run(), run()])
    expect((await run()).status).toBe(200)
    expect((await openOf())?.version).toBe(1)
    expect(completed()).toHaveLength(1)
    expect(failed()).toEqual([])
  })

  test('of a lead that sales has is news on its card, and says where that is', async () => {
    const { handoff, card } = await place.offerAccepted()
    place.world.posted(handoff.id, { channel: card.channel, ts: card.ts })
    await run()
    expect(completed()).toEqual([
      {
        function_execution_id: 'Fx1',
        outputs: {
          handoff_id: handoff.id,
          status: 'Accepted',
          card_url: expect.stringMatching(/^https:/),
        },
      },
    ])
    expect((await place.handoff(handoff.id)).news?.reason).toBe('Asked for a quote')
  })

  test('says what is wrong with its inputs, and hands nothing off', async () => {
    await run({ email: 'maria', priority: 'urgent', handed_off_by: 'nobody', reason: 7 })
    expect(failed()).toHaveLength(1)
    const { error } = failed()[0] ?? {}
    for (const part of ['e-mail address', 'a name of', 'Say why', 'hot or standard', 'who hands']) {
      expect(error).toContain(part)
    }
    expect(completed()).toEqual([])
    expect(await openOf()).toBeUndefined()
  })

  test('says why not in the language of whoever it is done for', async () => {
    await run({ ...inputs, lead_type: 'spaceships', handed_off_by: 'U0LUCA' })
    await run({ ...inputs, handed_off_by: 'U0GUEST' }, 'Fx2')
    expect(failed().map(({ error }) => error)).toEqual([
      expect.stringContaining('spaceships'),
      expect.stringMatching(/ask a manager/),
    ])
    expect(failed()[0]?.error).toMatch(/lead/)
    expect(await openOf()).toBeUndefined()
  })

  test('hands a lead that sales gave back over again where it says what has changed', async () => {
    const { handoff } = await place.offer()
    const said = aReturnSaid({ readyWhen: 'the budget is approved' })
    await returnHandoff(place.world, { workspaceId, handoffId: handoff.id, by: anna }, said)
    await run()
    expect(failed()).toEqual([
      { function_execution_id: 'Fx1', error: expect.stringMatching(/say what has changed/) },
    ])
    await run({ ...inputs, what_changed: 'The budget is approved' }, 'Fx2')
    expect(await openOf()).toMatchObject({ round: 2, whatChanged: 'The budget is approved' })
  })

  test('that fails ends with a reference that is in the log', async () => {
    broken = true
    expect((await run()).status).toBe(200)
    const reference = /Reference: (\w+)/.exec(String(failed()[0]?.error))?.[1] ?? 'none'
    expect(place.logged.join('')).toContain(reference)
    expect(place.logged.join('')).not.toContain(email)
  })

  test('is told of again where Slack could not be told how it ended', async () => {
    place.slack.fail('functions.completeSuccess', { with: 500 })
    expect((await run()).status).toBe(503)
    expect((await run()).status).toBe(200)
    expect((await openOf())?.version).toBe(1)
    expect(completed()).toHaveLength(1)
  })

  test('that is none of Baton’s is left alone', async () => {
    expect((await run(inputs, 'Fx1', 'make_coffee')).status).toBe(200)
    expect([...completed(), ...failed()]).toEqual([])
  })

  test.each([{ inputs: [] }, { function: null }, { function_execution_id: 'a b' }])(
    'is not run by a malformed event: %j',
    async (wrong) => {
      const event = { function: { callback_id: 'hand_off_lead' }, function_execution_id: 'Fx1' }
      const type = 'function_executed'
      const sent = await place.slack.sendEvent({ type, ...event, inputs, ...wrong })
      expect(sent.status).toBe(400)
      expect(await openOf()).toBeUndefined()
    },
  )
})
