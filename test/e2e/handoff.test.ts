import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import {
  channels,
  eventually,
  isCardOf,
  people,
  type RunningBaton,
  startBaton,
} from '../support/baton.ts'

let running: RunningBaton
beforeAll(async () => {
  running = await startBaton()
})
afterAll(() => running.stop())
afterEach(() => running.slack.heal())

const { anna, luca, ben, sara, guest } = people
let counter = 0

const request = (overrides: object = {}) => {
  counter += 1
  return {
    // each of a company of its own: whoever has one lead of a company is offered the next one
    lead: { email: `lead@company${counter}.example`, name: `Lead ${counter}` },
    reason: 'Asked for a quote for two presses',
    handedOffBy: ben.email,
    ...overrides,
  }
}
const handedOver = async (overrides: object = {}) => {
  const { status, body } = await running.api('POST', '/api/v1/handoffs', request(overrides))
  expect(status).toBe(201)
  const id = String(body.id)
  return { id, card: await running.card(id) }
}
const click = async (user: { id: string }, actionId: string, id: string) =>
  running.slack.clickButton({
    user: user.id,
    channel: channels.sql.id,
    actionId,
    value: id,
    message: await running.card(id),
  })
const stateOf = async (id: string) => (await running.api('GET', `/api/v1/handoffs/${id}`)).body
const saidIn = (text: string, part: string): boolean => text.includes(part)
const repliesOf = async (id: string) => {
  const card = await running.card(id)
  return running.slack.thread(card.channel, card.ts).slice(1)
}

describe('a handoff by the API', () => {
  test('shows one card in the channel of its lead type', async () => {
    const { id, card } = await handedOver({
      lead: { email: 'service@example.com', name: 'Sofia Blu', type: 'existing-service' },
    })
    expect(card.channel).toBe(channels.service.id)
    expect(card.text).toContain('Sofia Blu')
    await running.restart()
    const cards = running.slack.messages(channels.service.id).filter((one) => isCardOf(one, id))
    expect(cards).toHaveLength(1)
    expect(await stateOf(id)).toMatchObject({
      status: 'offered',
      leadStatus: 'New',
      lifecycleStage: 'sql',
      card: { channel: channels.service.id, ts: card.ts },
    })
  })

  test('that is repeated with its key is the same handoff', async () => {
    const body = request()
    const key = { 'idempotency-key': 'form-17' }
    const first = await running.api('POST', '/api/v1/handoffs', body, key)
    const second = await running.api('POST', '/api/v1/handoffs', body, key)
    const other = await running.api('POST', '/api/v1/handoffs', request(), key)
    expect([first.status, second.status, other.status]).toEqual([201, 200, 422])
    expect(second.body.id).toBe(first.body.id)
    expect(second.headers.get('idempotency-replayed')).toBe('true')
  })

  test('for a lead that is being worked on is news on its one card', async () => {
    const lead = { email: 'twice@example.com', name: 'Twice' }
    const { id } = await handedOver({ lead })
    await click(anna, 'handoff.accept', id)
    const reason = 'Asked for a date'
    const again = await running.api(
      'POST',
      '/api/v1/handoffs',
      request({ lead, reason, priority: 'hot' }),
    )
    expect(again).toMatchObject({ status: 200, body: { id, status: 'accepted', priority: 'hot' } })
    expect(again.headers.get('baton-news')).toBe('true')
    await running.card(id, ({ text }) => saidIn(text, 'News: “Asked for a date”'))
    const told = await eventually(async () =>
      (await repliesOf(id)).find(({ text }) => saidIn(text, 'Asked for a date')),
    )
    expect(told.text).toContain(`<@${anna.id}>`)
    expect(told.text).toContain('It is hot now.')
    expect(told.text).not.toContain(`<@${ben.id}>`)
    const cards = running.slack.messages(channels.sql.id).filter((one) => isCardOf(one, id))
    expect(cards).toHaveLength(1)
  })

  test('that comes twice at once is one card, and the other one is news', async () => {
    const lead = { email: 'at.once@example.com', name: 'At Once' }
    const answers = await Promise.all(
      ['First', 'Second', 'Third'].map((reason) =>
        running.api('POST', '/api/v1/handoffs', request({ lead, reason })),
      ),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 201])
    const [id] = new Set(answers.map(({ body }) => String(body.id)))
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1)
    const { events, reason } = await stateOf(String(id))
    const told = [reason, ...JSON.stringify(events).matchAll(/"reason":"(\w+)"/g)]
    const reasons = told.map((one) => (Array.isArray(one) ? one[1] : one))
    expect(reasons.sort()).toEqual(['First', 'Second', 'Third'])
  })
})

describe('Accept on the card', () => {
  test('makes the one who clicked the owner, before Slack is answered', async () => {
    const { id } = await handedOver()
    const sent = await click(anna, 'handoff.accept', id)
    expect(sent.status).toBe(200)
    const state = await stateOf(id)
    expect(state).toMatchObject({ status: 'accepted', owner: anna.email, leadStatus: 'Accepted' })
    const card = await running.card(id, ({ text }) => saidIn(text, 'Accepted'))
    expect(card.text).toContain(`Accepted by <@${anna.id}>`)
    expect(state.deadlines).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ kind: 'accept', state: 'met' }),
        expect.objectContaining({ kind: 'first-attempt', state: 'running' }),
      ]),
    )
  })

  test('by many at once has one winner, and each other is told who has it', async () => {
    const { id } = await handedOver()
    const crowd = [anna, luca, sara]
    const sent = await Promise.all(
      Array.from({ length: 30 }, (_, index) =>
        click(crowd[index % crowd.length] ?? anna, 'handoff.accept', id),
      ),
    )
    expect(new Set(sent.map(({ status }) => status))).toEqual(new Set([200]))
    const state = await stateOf(id)
    const events = JSON.stringify(state.events).match(/"Accepted"/g)
    expect(events).toHaveLength(1)
    await eventually(
      () => sent.filter(({ responses }) => responses.length === 1).length === 29 || undefined,
    )
    const told = sent.flatMap(({ responses }) => responses.map(({ body }) => body.response_type))
    expect(new Set(told)).toEqual(new Set(['ephemeral']))
  })

  test('by a guest or by marketing is refused in a sentence, only to them', async () => {
    const { id } = await handedOver()
    for (const person of [guest, ben]) {
      const sent = await click(person, 'handoff.accept', id)
      expect(sent.status).toBe(200)
      const { body } = await sent.nextResponse()
      expect(body).toMatchObject({ response_type: 'ephemeral' })
      expect(String(body.text).length).toBeGreaterThan(20)
    }
    expect(await stateOf(id)).toMatchObject({ status: 'offered', owner: null })
  })

  test('on a lead that was returned meanwhile says so and draws the card again', async () => {
    const { id } = await handedOver()
    const returned = await running.api('POST', `/api/v1/handoffs/${id}/return`, {
      by: anna.email,
      reason: 'duplicate',
      note: 'Same as Verdi',
    })
    expect(returned.status).toBe(200)
    const { updates } = await running.card(id, ({ text }) => saidIn(text, 'Returned'))
    const sent = await click(luca, 'handoff.accept', id)
    // Luca reads Italian
    expect(String((await sent.nextResponse()).body.text)).toContain('Returned – duplicate')
    await running.card(id, (card) => card.updates > updates)
  })

  test('of a handoff that does not exist is a sentence, and nothing else', async () => {
    const { card } = await handedOver()
    const sent = await running.slack.clickButton({
      user: anna.id,
      channel: channels.sql.id,
      actionId: 'handoff.accept',
      value: 'hof_nothing',
      message: card,
    })
    expect(sent.status).toBe(200)
    expect((await sent.nextResponse()).body).toMatchObject({ response_type: 'ephemeral' })
  })
})

describe('Return on the card', () => {
  const returnForm = async (id: string, user: { id: string } = anna) => {
    expect((await click(user, 'handoff.return', id)).status).toBe(200)
    return running.slack.nextView()
  }

  test('as not ready moves status and stage, tells marketing in the thread, and shows on the card', async () => {
    const { id } = await handedOver()
    const view = await returnForm(id)
    expect(view.callback_id).toBe('handoff.return')
    const sent = await running.slack.submitView({
      user: anna.id,
      view,
      values: { reason: 'not-ready', ready_when: 'the budget is approved', note: 'Call in spring' },
    })
    expect(sent).toMatchObject({ status: 200 })
    expect(await stateOf(id)).toMatchObject({
      status: 'returned',
      leadStatus: 'Returned – not ready',
      lifecycleStage: 'mql',
    })
    const card = await running.card(id, ({ text }) => saidIn(text, 'Returned – not ready'))
    expect(JSON.stringify(card.blocks)).toContain('the budget is approved')
    expect(JSON.stringify(card.blocks)).not.toContain('handoff.accept')
    const notice = await eventually(async () =>
      (await repliesOf(id)).find(({ text }) => saidIn(text, 'Returned – not ready')),
    )
    expect(notice.text).toContain(`<@${ben.id}>`)

    const acknowledge = (user: { id: string }) =>
      running.slack.clickButton({
        user: user.id,
        channel: notice.channel,
        actionId: 'return.acknowledge',
        value: id,
        message: notice,
      })
    const refused = await acknowledge(luca)
    expect((await refused.nextResponse()).body).toMatchObject({ response_type: 'ephemeral' })
    expect((await acknowledge(ben)).status).toBe(200)
    expect(JSON.stringify((await stateOf(id)).events)).toContain('ReturnAnswered')
    const answer = await eventually(async () =>
      (await repliesOf(id)).find(({ text }) => saidIn(text, 'has read the return')),
    )
    expect(answer.text).toContain(`<@${anna.id}>`)
  })

  test('without what the reason needs names the field, and nothing is done', async () => {
    const { id } = await handedOver()
    const view = await returnForm(id)
    const asked = await running.slack.submitView({
      user: anna.id,
      view,
      values: { reason: 'wrong-data' },
    })
    expect(asked.body).toMatchObject({ response_action: 'update' })
    const sent = await running.slack.submitView({
      user: anna.id,
      view: await running.slack.nextView(),
      values: { reason: 'wrong-data' },
    })
    expect(sent.body).toMatchObject({
      response_action: 'errors',
      errors: { field: expect.anything() },
    })
    expect(await stateOf(id)).toMatchObject({ status: 'offered' })
  })

  test('as not a fit asks for the criterion, also where the form could not follow the choice', async () => {
    const { id } = await handedOver()
    const values = { reason: 'not-a-fit' }
    const asked = await running.slack.submitView({
      user: anna.id,
      view: await returnForm(id),
      values,
    })
    expect(asked.body).toMatchObject({ response_action: 'update' })
    const view = await running.slack.nextView()
    const sent = await running.slack.submitView({
      user: anna.id,
      view,
      values: { ...values, criterion: 'employees' },
    })
    expect(sent.status).toBe(200)
    expect(await stateOf(id)).toMatchObject({
      leadStatus: 'Returned – not a fit',
      lifecycleStage: 'lead',
    })
  })
})

describe('Log attempt on the card', () => {
  const logged = async (id: string, values: Record<string, string>, user = anna) => {
    expect((await click(user, 'handoff.attempt', id)).status).toBe(200)
    const view = await running.slack.nextView()
    return { view, sent: await running.slack.submitView({ user: user.id, view, values }) }
  }

  test('counts it and says so in the thread; too soon again says why not', async () => {
    const { id } = await handedOver()
    await click(anna, 'handoff.accept', id)
    await logged(id, { channel: 'call', outcome: 'no-answer', note: 'Rang twice' })
    await logged(id, { channel: 'call', outcome: 'no-answer' })
    const replies = await eventually(async () => {
      const found = await repliesOf(id)
      return found.length >= 2 ? found : undefined
    })
    expect(replies[0]?.text).toMatch(/attempt 1 of 6, counted/i)
    expect(replies[1]?.text).toMatch(/not counted/i)
    expect(await stateOf(id)).toMatchObject({
      leadStatus: 'Attempting',
      attempts: [
        { number: 1, counted: true },
        { number: 2, counted: false },
      ],
    })
  })

  test('that connects moves the status', async () => {
    const { id } = await handedOver()
    await click(anna, 'handoff.accept', id)
    await logged(id, { channel: 'call', outcome: 'connected' })
    expect(await stateOf(id)).toMatchObject({ status: 'connected', leadStatus: 'Connected' })
    await running.card(id, ({ text }) => saidIn(text, 'onnected'))
  })

  test('submitted twice by a replayed request is logged once', async () => {
    const { id } = await handedOver()
    await click(anna, 'handoff.accept', id)
    const { view } = await logged(id, { channel: 'email', outcome: 'sent' })
    const again = await running.slack.submitView({
      user: anna.id,
      view,
      values: { channel: 'email', outcome: 'sent' },
    })
    expect(again.status).toBe(200)
    expect((await stateOf(id)).attempts).toHaveLength(1)
  })
})

describe('commands', () => {
  test('/glossary MQL answers in the language of the asker, only to them', async () => {
    const english = await running.slack.sendCommand({
      user: anna.id,
      command: '/glossary',
      text: 'MQL',
    })
    const italian = await running.slack.sendCommand({
      user: luca.id,
      command: '/glossary',
      text: 'MQL',
    })
    expect(english).toMatchObject({ status: 200, body: { response_type: 'ephemeral' } })
    expect(JSON.stringify(english.body)).toContain('Marketing qualified lead')
    expect(JSON.stringify(english.body)).toContain('glossary.share')
    expect(JSON.stringify(italian.body)).toContain('Lead qualificato dal marketing')
  })

  test('/glossary with a slip of the pen asks whether the nearest was meant', async () => {
    const sent = await running.slack.sendCommand({
      user: anna.id,
      command: '/glossary',
      text: 'servise levl agrement',
    })
    expect(JSON.stringify(sent.body)).toContain('Service level agreement')
  })

  test('/handoff opens a form, which hands the lead over', async () => {
    const sent = await running.slack.sendCommand({ user: ben.id, command: '/handoff', text: '' })
    expect(sent.status).toBe(200)
    const view = await running.slack.nextView()
    expect(view.callback_id).toBe('handoff.new')
    const submitted = await running.slack.submitView({
      user: ben.id,
      view,
      values: {
        email: 'By.Hand@example.com',
        name: 'Bianca Neri',
        company: 'Neri & Figli',
        priority: 'hot',
        reason: 'Met at the fair',
      },
    })
    expect(submitted.status).toBe(200)
    const card = await eventually(() =>
      running.slack.messages(channels.sql.id).find(({ text }) => saidIn(text, 'Bianca Neri')),
    )
    expect(card.text).toContain('Neri')
    const page = await running.api('GET', '/api/v1/handoffs?limit=1')
    expect(JSON.stringify(page.body)).toContain('by.hand@example.com')
  })

  test('/sla says what is agreed', async () => {
    const sent = await running.slack.sendCommand({ user: anna.id, command: '/sla', text: '' })
    expect(sent).toMatchObject({ status: 200, body: { response_type: 'ephemeral' } })
    expect(JSON.stringify(sent.body)).toMatch(/4 h/)
  })
})

describe('the entrances', () => {
  test('of Slack let in nobody without a fresh, true signature', async () => {
    const { id } = await handedOver()
    const now = Math.floor(Date.now() / 1_000)
    const body = JSON.stringify({ type: 'block_actions' })
    for (const forged of [
      { body, secret: 'another-secret' },
      { body, timestamp: now - 400 },
      { body, timestamp: now + 400 },
    ]) {
      expect((await running.slack.signedRequest(forged)).status).toBe(401)
    }
    expect((await running.slack.signedRequest({ body: 'null' })).status).toBe(400)
    expect(await stateOf(id)).toMatchObject({ status: 'offered' })
  })

  test('of the API want a key', async () => {
    const answer = await running.api('GET', '/api/v1/handoffs', undefined, {
      authorization: 'Bearer no',
    })
    expect(answer.status).toBe(401)
    expect(answer.headers.get('content-type')).toContain('application/problem+json')
  })

  test('tell whether Baton is well', async () => {
    expect((await running.api('GET', '/healthz')).status).toBe(200)
    expect((await running.api('GET', '/readyz')).status).toBe(200)
  })
})

test('nothing personal and no secret is in the log', () => {
  const log = running.logged.join('')
  for (const canary of [
    '@example.com',
    'lead@company',
    '@acme.example',
    'Officine',
    'xoxb-',
    running.slack.signingSecret,
  ]) {
    expect(log).not.toContain(canary)
  }
})
