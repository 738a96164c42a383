import { beforeEach, describe, expect, test } from 'vitest'
import { minutesAfter } from '../../../support/builders.ts'
import { createMemoryWorld } from '../../../support/memory-world.ts'
import { aHandOff, anApi, keys } from '../support.ts'

const handoffs = '/api/v1/handoffs'
const by = 'anna@acme.example'

/** Two calls, of which the second came too soon. */
async function aTriedHandoff() {
  const world = createMemoryWorld()
  const { ask } = anApi({ world })
  const { id } = (await ask('POST', handoffs, { body: aHandOff() })).body
  await ask('POST', `${handoffs}/${id}/accept`, { body: { by } })
  for (const minutes of [20, 40]) {
    world.clock.now = minutesAfter(minutes)
    const body = { by, channel: 'call', outcome: 'no-answer' }
    await ask('POST', `${handoffs}/${id}/attempts`, { body })
  }
  world.clock.now = minutesAfter(60)
  const path = `${handoffs}/${id}/attempts`
  const shown = async () => (await ask('GET', `${handoffs}/${id}`)).body
  return { ask, path, shown }
}

describe('correcting an attempt', () => {
  let tried: Awaited<ReturnType<typeof aTriedHandoff>>
  const patch = (number: number | string, body: unknown, headers = {}) =>
    tried.ask('PATCH', `${tried.path}/${number}`, { body, headers })

  beforeEach(async () => {
    tried = await aTriedHandoff()
  })

  test('answers 200 with the attempt as it is judged now', async () => {
    const answer = await patch(2, { by, channel: 'email', outcome: 'sent', note: 'Wrote' })
    expect(answer.status).toBe(200)
    expect(answer.body).toEqual({
      id: expect.stringMatching(/^att_/),
      number: 2,
      counted: true,
      why: 'Counted.',
    })
    const { attempts, events } = await tried.shown()
    expect(attempts[1]).toMatchObject({ channel: 'email', outcome: 'sent', note: 'Wrote' })
    expect(events.at(-1)).toMatchObject({
      type: 'AttemptCorrected',
      by,
      data: {
        number: 2,
        before: { channel: 'call', outcome: 'no-answer', verdict: { clause: 'gap' } },
        after: { channel: 'email', outcome: 'sent', verdict: { clause: 'counted' } },
      },
    })
  })

  test('can say that it did not happen, and take that back', async () => {
    const gone = await patch(1, { by, void: true })
    expect(gone.body).toMatchObject({ counted: false, why: 'Not counted: it did not happen.' })
    expect((await tried.shown()).attempts[1].counted).toBe(true)
    expect((await patch(1, { by, void: false })).body).toMatchObject({ counted: true })
  })

  test('moves it in time', async () => {
    const at = minutesAfter(15).toISOString()
    expect((await patch(1, { by, at })).status).toBe(200)
    const { attempts, deadlines } = await tried.shown()
    expect(attempts[0].at).toBe(at)
    expect(deadlines.find(({ kind }: { kind: string }) => kind === 'first-attempt').metAt).toBe(at)
  })

  test('to what is logged already changes nothing', async () => {
    const before = await tried.shown()
    const answer = await patch(1, { by, channel: 'call' })
    expect(answer).toMatchObject({ status: 200, body: { number: 1, counted: true } })
    expect(await tried.shown()).toEqual(before)
  })

  test('with the same Idempotency-Key has its effect once', async () => {
    const headers = { 'idempotency-key': 'once' }
    const first = await patch(1, { by, channel: 'email' }, headers)
    await patch(1, { by, channel: 'linkedin' })
    const again = await patch(1, { by, channel: 'email' }, headers)
    expect(first.headers.get('idempotency-replayed')).toBeNull()
    expect(again.status).toBe(200)
    expect(again.headers.get('idempotency-replayed')).toBe('true')
    expect((await tried.shown()).attempts[0].channel).toBe('linkedin')
    expect((await patch(1, { by, channel: 'meeting' }, headers)).status).toBe(422)
  })

  test('is for the owner and those who may stand in', async () => {
    const luca = await patch(1, { by: 'luca@acme.example', void: true })
    expect(luca).toMatchObject({ status: 403, body: { code: 'owned-by' } })
    const ben = await patch(1, { by: 'ben@acme.example', void: true })
    expect(ben).toMatchObject({ status: 403, body: { code: 'role-required' } })
    expect((await patch(1, { by: 'sara@acme.example', void: true })).status).toBe(200)
  })

  test('of an attempt, a handoff or a workspace that is not there is a 404', async () => {
    for (const number of [3, 0, -1, '1.5', 'one', '%00', '99999999']) {
      expect((await patch(number, { by, void: true })).status).toBe(404)
    }
    const body = { by, void: true }
    expect((await tried.ask('PATCH', `${handoffs}/none/attempts/1`, { body })).status).toBe(404)
    const other = await tried.ask('PATCH', `${tried.path}/1`, { body, key: keys.other })
    expect(other.status).toBe(404)
  })

  test('after a return is told with the present state', async () => {
    const back = { by, reason: 'not-ready', readyWhen: 'spring' }
    await tried.ask('POST', tried.path.replace('attempts', 'return'), { body: back })
    expect(await patch(1, { by, void: true })).toMatchObject({
      status: 409,
      body: { code: 'moved-on', handoff: { status: 'returned' } },
    })
  })

  test.each([
    [{ by }, ''],
    [{ void: true }, '/by'],
    [{ by, void: 'yes' }, '/void'],
    [{ by, channel: 'fax' }, '/channel'],
    [{ by, at: 'yesterday' }, '/at'],
    [{ by, at: '2026-11-23T11:00:00Z' }, '/at'],
  ])('points at what is wrong in %j', async (body, pointer) => {
    const answer = await patch(1, body)
    expect(answer.status).toBe(422)
    expect(answer.body.errors[0].pointer).toBe(pointer)
  })
})
