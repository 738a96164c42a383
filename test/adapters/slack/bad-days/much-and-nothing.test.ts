import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { eventually, people, type RunningBaton, startBaton } from '../../../support/baton.ts'
import { faultsOf, messageBlocksSchema, viewSchema } from '../../../support/slack-limits.ts'

let running: RunningBaton
beforeAll(async () => {
  running = await startBaton()
})
afterAll(() => running.stop())

const { anna, ben, luca, sara } = people

const ask = async (user: { id: string }, command: string, text: string): Promise<string> => {
  const sent = await running.slack.sendCommand({ user: user.id, command, text })
  expect(sent.status).toBe(200)
  const answer: unknown = sent.body === '' ? (await sent.nextResponse()).body : sent.body
  const blocks: unknown = Reflect.get(Object(answer), 'blocks')
  if (blocks !== undefined) expect(faultsOf(messageBlocksSchema, blocks)).toEqual([])
  return JSON.stringify(answer)
}
const failed = () => running.logged.filter((line) => line.includes('a request of Slack failed'))

describe('a report', () => {
  test('over no data says so, in both languages', async () => {
    expect(await ask(sara, '/sla', 'report last month')).toMatch(
      /[Nn]o (lead|handoff|figures)|nothing/,
    )
    expect(await ask(luca, '/sla', 'report last month')).toMatch(/[Nn]essun/)
  })

  test('over days in the wrong order, or too many, says what is wrong', async () => {
    expect(await ask(sara, '/sla', 'report 2026-10-31 2026-10-01')).toMatch(/before|ends/i)
    expect(await ask(luca, '/sla', 'report 2026-10-31 2026-10-01')).toMatch(/prima|dopo/i)
    expect(await ask(sara, '/sla', 'report 2016-10-01 2026-10-01')).toMatch(/year|days|most/i)
    expect(await ask(luca, '/sla', 'report 2016-10-01 2026-10-01')).toMatch(/ann[oi]|giorni/i)
    expect(failed()).toEqual([])
  })
})

describe('500 open handoffs', () => {
  const many = 500
  const atOnce = 20

  beforeAll(async () => {
    for (let made = 0; made < many; made += atOnce) {
      const answers = await Promise.all(
        Array.from({ length: atOnce }, (_, index) =>
          running.api('POST', '/api/v1/handoffs', {
            lead: { email: `maria${made + index}@many.example`, name: `Maria ${made + index}` },
            reason: 'Asked for a quote. '.repeat(20),
            owner: anna.email,
            handedOffBy: ben.email,
          }),
        ),
      )
      expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 201))
    }
  }, 60_000)

  test('are in a home page by page, inside the limits of Slack', async () => {
    const event = { type: 'app_home_opened', user: anna.id, channel: 'D0HOME', tab: 'home' }
    await running.slack.sendEvent(event)
    const home = await eventually(() => running.slack.homeOf(anna.id))
    const view = { type: home.type, blocks: home.blocks }
    expect(faultsOf(viewSchema, view)).toEqual([])
    expect(home.blocks.length).toBeLessThanOrEqual(100)
    expect(JSON.stringify(home.blocks)).toContain('500')
    expect(JSON.stringify(home.blocks)).toContain('home.page')
    const last = { user: anna.id, actionId: 'home.page', value: '49' }
    await running.slack.clickInHome(last)
    await eventually(() =>
      JSON.stringify(running.slack.homeOf(anna.id)?.blocks).includes('home.page_back')
        ? true
        : undefined,
    )
  })

  test('are found ten at a time, and it is said that there are more', async () => {
    expect(await ask(anna, '/handoff', 'find maria')).toContain('There are more')
    expect(await ask(luca, '/handoff', 'find maria')).toMatch(/altr[ie]/)
  })

  test('that came back are listed with how many wait', async () => {
    const { body } = await running.api('GET', '/api/v1/handoffs?limit=100')
    const items = Array.isArray(body.items) ? body.items : []
    const ids = items.map((one: unknown) => String(Reflect.get(Object(one), 'id')))
    for (let made = 0; made < ids.length; made += atOnce) {
      await Promise.all(
        ids.slice(made, made + atOnce).map((id) =>
          running.api('POST', `/api/v1/handoffs/${id}/return`, {
            by: anna.email,
            reason: 'not-ready',
            readyWhen: 'x'.repeat(300),
          }),
        ),
      )
    }
    expect(await ask(ben, '/handoff', 'returns')).toMatch(/100|more/)
    expect(failed()).toEqual([])
  })
})
