import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { calmAgreement, channels, people, type RunningBaton, startBaton } from '../support/baton.ts'
import type { FakeView } from '../support/fake-slack.ts'

const dayMs = 86_400_000

/** Of four days in a row two at least are no weekend; from tomorrow on they are holidays. */
const holidays = [1, 2, 3, 4].map((days) =>
  new Date(Date.now() + days * dayMs).toISOString().slice(0, 10),
)

/** Forty hours are a week, so that a weekend and the holidays lie inside, whenever it starts. */
const agreement = `${calmAgreement}
clocks:
  accept: { within: { working: 40h }, remind: [50%, 80%] }
  first_attempt: { hot: { working: 15m }, standard: { working: 2h }, remind: [50%] }
  attempts: { count: 6, within: { working: 10d }, channels: 2, gap: { working: 4h }, counted: [call, email] }
  return_answer: { within: { working: 1d } }
pause:
  reasons: [{ id: on-hold, name: { en: On hold, it: In sospeso } }]
  at_most: { wall: 24h }
lead_types:
  - id: office
    name: { en: By the office, it: D’ufficio }
    channel: sql-handoffs
    calendar:
      timezone: Europe/Rome
      hours: { mon-fri: ["09:00-13:00", "14:00-18:00"] }
      holidays: [${holidays.map((date) => `"${date}"`).join(', ')}]
  - { id: always, name: { en: Always, it: Sempre }, channel: sql-handoffs }
`

let running: RunningBaton
beforeAll(async () => {
  running = await startBaton({ agreement })
})
afterAll(() => running.stop())

const { anna, luca, ben } = people
let counter = 0

async function handedOver(type: 'office' | 'always'): Promise<string> {
  counter += 1
  const lead = { email: `lead${counter}@example.com`, name: `Lead ${counter}`, type }
  const request = { lead, reason: 'Asked for a quote', handedOffBy: ben.email }
  const { status, body } = await running.api('POST', '/api/v1/handoffs', request)
  expect(status).toBe(201)
  return String(body.id)
}

const click = async (user: { id: string }, actionId: string, id: string, value: string) =>
  running.slack.clickButton({
    user: user.id,
    channel: channels.sql.id,
    actionId,
    value,
    message: await running.card(id),
  })

async function choose(user: { id: string }, what: string, id: string) {
  // The menu offers what is possible once the card shows the newest state.
  await running.card(id, ({ blocks }) => JSON.stringify(blocks).includes(`${what}:${id}`))
  const sent = await click(user, 'handoff.more', id, `${what}:${id}`)
  expect(sent.status).toBe(200)
  return sent
}

async function whyDue(user: { id: string }, id: string): Promise<string> {
  await choose(user, 'why_due', id)
  return textOf(await running.slack.nextView())
}

const textOf = ({ blocks }: FakeView): string => JSON.stringify(blocks).replaceAll('\\n', '\n')

async function deadline(id: string, kind: string) {
  const { body } = await running.api('GET', `/api/v1/handoffs/${id}`)
  const deadlines = Array.isArray(body.deadlines) ? body.deadlines : []
  const found = deadlines.find((one) => one.kind === kind)
  return { state: String(found?.state), dueAt: new Date(found?.dueAt).getTime() }
}

describe('Why due then?', () => {
  test('shows what is skipped on the way, in the language of the one who asks', async () => {
    const id = await handedOver('office')
    const english = await whyDue(anna, id)
    expect(english).toContain('*Acceptance*')
    expect(english).toContain('handed over')
    expect(english).toContain('weekend, until')
    expect(english).toMatch(/: holidays?, until/)
    expect(english).toContain('(clause clocks.accept.within: 40 h of working time)')
    const italian = await whyDue(luca, id)
    expect(italian).toContain('*Accettazione*')
    expect(italian).toContain('fine settimana, fino a')
    expect(italian).toContain('festività, fino a')
  })

  test('shows the pause by which a deadline has moved', async () => {
    const id = await handedOver('always')
    await click(anna, 'handoff.accept', id, id)
    const before = await deadline(id, 'first-attempt')
    await choose(anna, 'pause', id)
    const view = await running.slack.nextView()
    expect(view.callback_id).toBe('handoff.pause')
    const values = { reason: 'on-hold' }
    const sent = await running.slack.submitView({ user: anna.id, view, values })
    expect(sent).toMatchObject({ status: 200, body: '' })
    expect(await deadline(id, 'first-attempt')).toMatchObject({ state: 'paused' })

    await choose(anna, 'resume', id)
    const after = await deadline(id, 'first-attempt')
    expect(after.state).toBe('running')
    expect(after.dueAt).toBeGreaterThan(before.dueAt)
    expect(await whyDue(anna, id)).toMatch(/paused until .*: On hold/)
  })
})

describe('Remind me later', () => {
  test('puts the reminder of a deadline off, once', async () => {
    const id = await handedOver('always')
    const snooze = () => click(anna, 'handoff.snooze', id, `accept:${id}`)
    const { body } = await (await snooze()).nextResponse()
    expect(body).toMatchObject({ response_type: 'ephemeral' })
    expect(body.text).toMatch(/^You’ll be reminded again /)
    const again = await (await snooze()).nextResponse()
    expect(again.body.text).toMatch(/^This reminder can’t be put off/)
  })
})
