import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { channels, eventually, people, type RunningBaton, startBaton } from '../support/baton.ts'
import { freshRedis } from '../support/redis.ts'

const { anna, ben, sara } = people

/** The clocks of acceptance run in two seconds, those of the attempts in one. */
const fastAgreement = `
calendar: { timezone: Europe/Rome, hours: always }
clocks:
  accept: { within: { working: 2s }, hard: { wall: 1h }, remind: [50%] }
  first_attempt: { hot: { working: 1s }, standard: { working: 1h }, remind: [50%] }
  attempts:
    count: 6
    within: { working: 1h }
    channels: 2
    gap: { working: 1m }
    counted: [call, email]
    remind: [80%]
  return_answer: { within: { working: 1h }, remind: [] }
escalation: [{ at: 100%, to: manager }, { at: 150%, to: managers_channel }]
people:
  - { email: ${anna.email}, role: rep }
  - { email: ${ben.email}, role: marketing }
  - { email: ${sara.email}, role: sales_manager, head_of: sales }
`

const backends = [
  { name: 'PostgreSQL', url: async () => undefined },
  { name: 'Redis', url: async () => (await freshRedis()).url },
]

describe.each(backends)('clocks by BullMQ on $name', ({ name, url }) => {
  const withoutRedis = name === 'Redis' && inject('redisUrl') === ''
  let running: RunningBaton
  beforeAll(async () => {
    if (withoutRedis) return
    const redisUrl = await url()
    running = await startBaton({
      agreement: fastAgreement,
      ...(redisUrl === undefined ? {} : { redisUrl }),
    })
  })
  afterAll(() => running?.stop())

  const handedOver = async (priority: 'hot' | 'standard', email: string): Promise<string> => {
    const { status, body } = await running.api('POST', '/api/v1/handoffs', {
      lead: { email, name: 'Maria Verdi' },
      reason: 'Asked for a quote',
      handedOffBy: ben.email,
      priority,
    })
    expect(status).toBe(201)
    return String(body.id)
  }
  const accept = (id: string) =>
    running.api('POST', `/api/v1/handoffs/${id}/accept`, { by: anna.email })
  const eventsOf = async (id: string): Promise<{ type: string; at: string }[]> => {
    const { body } = await running.api('GET', `/api/v1/handoffs/${id}`)
    return Array.isArray(body.events) ? body.events : []
  }
  const acceptDueAt = async (id: string): Promise<number> => {
    const { body } = await running.api('GET', `/api/v1/handoffs/${id}`)
    const deadlines = Array.isArray(body.deadlines) ? body.deadlines : []
    return Date.parse(deadlines.find(({ kind }) => kind === 'accept').dueAt)
  }
  const typesOf = async (id: string) => (await eventsOf(id)).map(({ type }) => type)
  const untilEvent = (id: string, type: string) =>
    eventually(async () => (await typesOf(id)).includes(type) || undefined)
  const repliesOf = async (id: string) => {
    const { channel, ts } = await running.card(id)
    return running.slack.thread(channel, ts).slice(1)
  }

  test('remind, record the breach at the deadline, and escalate it', async ({ skip }) => {
    skip(withoutRedis, 'redis-server is not installed on this machine')
    const id = await handedOver('hot', 'late@example.com')
    await untilEvent(id, 'Escalated')
    await eventually(
      async () =>
        (await typesOf(id)).filter((one) => one === 'Escalated').length === 2 || undefined,
    )
    expect(await typesOf(id)).toEqual([
      'HandedOff',
      'ReminderSent',
      'DeadlineMissed',
      'Escalated',
      'Escalated',
    ])
    const replies = await eventually(async () => {
      const found = await repliesOf(id)
      return found.length >= 2 ? found : undefined
    })
    expect(replies).toHaveLength(2)
    expect(replies[1]?.text).toContain(`<@${sara.id}>`)
    const alarm = await eventually(() => running.slack.messages(channels.managers.id).at(-1))
    expect(alarm.text).toContain('Maria Verdi')
    expect((await running.card(id, ({ text }) => /late/i.test(text))).channel).toBe(channels.sql.id)
  })

  test('never fire early', async ({ skip }) => {
    skip(withoutRedis, 'redis-server is not installed on this machine')
    const id = await handedOver('hot', 'punctual@example.com')
    await untilEvent(id, 'DeadlineMissed')
    const dueAt = await acceptDueAt(id)
    const missed = (await eventsOf(id)).find(({ type }) => type === 'DeadlineMissed')
    const lateness = Date.parse(missed?.at ?? '') - dueAt
    expect(lateness).toBeGreaterThanOrEqual(0)
  })

  test('say nothing about a lead that was accepted in time, and start its next clock', async ({
    skip,
  }) => {
    skip(withoutRedis, 'redis-server is not installed on this machine')
    const id = await handedOver('hot', 'quick@example.com')
    expect((await accept(id)).status).toBe(200)
    await untilEvent(id, 'DeadlineMissed')
    const about = (await eventsOf(id)).slice(2).map((event) => JSON.stringify(event))
    expect(about.every((event) => !event.includes('"accept"'))).toBe(true)
    const reminder = await eventually(async () => (await repliesOf(id))[0])
    expect(reminder.text).toContain(`<@${anna.id}>`)
  })

  test('that came round while nobody was there are told at once, in one line', async ({ skip }) => {
    skip(withoutRedis, 'redis-server is not installed on this machine')
    const id = await handedOver('standard', 'asleep@example.com')
    await running.card(id)
    const dueAt = await acceptDueAt(id)
    await running.baton.stop()
    await new Promise((resolve) => setTimeout(resolve, dueAt - Date.now() + 1))
    await running.restart()
    await untilEvent(id, 'DeadlineMissed')
    expect(await typesOf(id)).not.toContain('ReminderSent')
    await eventually(async () => (await repliesOf(id)).length > 0 || undefined)
    expect((await repliesOf(id)).filter(({ text }) => text.includes('accept'))).toHaveLength(1)
  })
})
