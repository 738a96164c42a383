import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Baton, compose } from '../../src/compose.ts'
import { readConfig } from '../../src/config.ts'
import {
  apiKey,
  channels,
  eventually,
  isCardOf,
  people,
  type RunningBaton,
  startBaton,
} from '../support/baton.ts'

const { anna, ben } = people

/** A page is worth half after two seconds. */
const scoredAgreement = `
calendar: { timezone: Europe/Rome, hours: always }
people:
  - { email: ${anna.email}, role: rep }
  - { email: ${ben.email}, role: marketing }
scoring:
  threshold: 70
  mql: 30
  again: after_drop
  rules:
    - id: quote
      name: { en: Asked for a quote, it: Ha chiesto un preventivo }
      activity: quote-request
      points: 40
    - id: page
      name: { en: Pricing page, it: Pagina dei prezzi }
      activity: page-view
      where: { url: /prices* }
      points: 20
    - id: visit
      name: { en: Visited the stand, it: Ha visitato lo stand }
      activity: visit
      points: 80
      half_life: 2s
`

let running: RunningBaton
/** Another process on the same database. */
let other: Baton
beforeAll(async () => {
  running = await startBaton({ agreement: scoredAgreement })
  const config = readConfig({
    SLACK_BOT_TOKEN: running.slack.botToken,
    SLACK_SIGNING_SECRET: running.slack.signingSecret,
    SLACK_API_URL: running.slack.apiUrl,
    BATON_API_KEY: apiKey,
    PORT: '0',
  })
  if (config.slack === null) throw new Error('the tests have a token')
  other = await compose({
    ...{ config, slack: config.slack, databaseUrl: running.database.url, postIntervalMs: 0 },
    log: pino({ level: 'silent' }),
  })
})
afterAll(async () => {
  await other?.stop()
  await running?.stop()
})

interface LeadShown {
  lifecycleStage?: unknown
  score?: { total: number } | null
  handoffs: { id: string; status: string }[]
  history?: { to: string; rule: string }[]
}

const tell = (activities: unknown, headers: object = {}) =>
  running.api('POST', '/api/v1/activities', activities, headers)
const leadOf = async (email: string): Promise<LeadShown> => {
  const { body } = await running.api('GET', `/api/v1/leads/${email}`)
  return { ...body, handoffs: Array.isArray(body.handoffs) ? body.handoffs : [] }
}
const handoffsOf = (email: string, count: number): Promise<string[]> =>
  eventually(async () => {
    const { handoffs } = await leadOf(email)
    return handoffs.length === count ? handoffs.map(({ id }) => id) : undefined
  }, 20_000)
const scoredAt = (email: string, total: number) =>
  eventually(async () => ((await leadOf(email)).score?.total === total ? true : undefined), 20_000)
const cardsOf = (ids: readonly string[]) =>
  running.slack
    .messages(channels.sql.id)
    .filter((message) => ids.some((id) => isCardOf(message, id)))

const overTheThreshold = (email: string) => [
  { email, name: 'Maria Verdi', type: 'quote-request', id: `${email}-1` },
  { email, type: 'page-view', properties: { url: '/prices/presses' }, id: `${email}-2` },
  { email, type: 'page-view', properties: { url: '/prices' }, id: `${email}-3` },
  { email, type: 'page-view', properties: { url: '/jobs' }, id: `${email}-4` },
]

describe('activities', () => {
  test('push a lead over the threshold, and its card says why', async () => {
    const email = 'maria@officineverdi.example'
    const told = await tell(overTheThreshold(email))
    expect(told).toMatchObject({ status: 202, body: { accepted: 4, duplicates: 0 } })
    const [id = ''] = await handoffsOf(email, 1)
    const card = await running.card(id)
    expect(JSON.stringify(card)).toContain(
      'Score 80 reached 70: Asked for a quote +40, Pricing page ×2 +40',
    )
    const { lifecycleStage, history = [] } = await leadOf(email)
    expect(lifecycleStage).toBe('sql')
    expect(history.map(({ to, rule }) => [to, rule]).slice(0, 3)).toEqual([
      ['lead', 'activity'],
      ['mql', 'scoring.mql'],
      ['sql', 'handoff'],
    ])
    expect(running.logged.join('')).not.toContain(email)
  })

  test('that come twice, or to two processes, hand a lead over once', async () => {
    const emails = Array.from({ length: 12 }, (_, index) => `lead${index}@b.example`)
    const to = async (url: string) => {
      const response = await fetch(`${url}/api/v1/activities`, {
        method: 'POST',
        headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
        body: JSON.stringify(emails.flatMap(overTheThreshold)),
      })
      expect(response.status).toBe(202)
    }
    await Promise.all([to(running.baton.url), to(other.url), to(running.baton.url)])
    const ids = (await Promise.all(emails.map((email) => handoffsOf(email, 1)))).flat()
    await Promise.all(ids.map((id) => running.card(id)))
    await tell([...emails.flatMap(overTheThreshold), { email: 'last@b.example', type: 'visit' }])
    await handoffsOf('last@b.example', 1)
    for (const email of emails) expect((await leadOf(email)).handoffs).toHaveLength(1)
    expect(cardsOf(ids)).toHaveLength(12)
  })
})

describe('a score that fades', () => {
  test('hands a lead over again once it crosses the threshold again', async () => {
    const email = 'paola@b.example'
    await tell({ email, type: 'visit' })
    const [first = ''] = await handoffsOf(email, 1)
    const move = (verb: string, body: object) =>
      running.api('POST', `/api/v1/handoffs/${first}/${verb}`, { by: anna.email, ...body })
    await move('accept', {})
    const back = await move('return', { reason: 'not-ready', readyWhen: 'spring' })
    expect(back.status).toBe(200)
    await eventually(async () => {
      const { score } = await leadOf(email)
      return (score?.total ?? 70) < 70 || undefined
    }, 20_000)
    expect((await leadOf(email)).handoffs).toHaveLength(1)
    await tell({ email, type: 'visit' })
    const [, second = ''] = await handoffsOf(email, 2)
    const card = await running.card(second)
    expect(JSON.stringify(card)).toMatch(/Score \d+ reached 70: Visited the stand/)
  })

  test('of a lead that was told by another program is seen with its reasons', async () => {
    const email = 'rosa@b.example'
    const made = await running.api('PUT', `/api/v1/leads/${email}`, { name: 'Rosa Neri' })
    expect(made.status).toBe(201)
    await tell({ email, type: 'quote-request' })
    await scoredAt(email, 40)
    expect(await leadOf(email)).toMatchObject({
      lifecycleStage: 'mql',
      score: { threshold: 70, lines: [{ name: 'Asked for a quote', points: 40, times: 1 }] },
      handoffs: [],
    })
  })
})
