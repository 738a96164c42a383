import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { channels, eventually, people, type RunningBaton, startBaton } from '../support/baton.ts'
import type { FakeMessage } from '../support/fake-slack.ts'
import { createProgram, type Program } from '../support/program.ts'

const { anna, luca, ben, sara } = people

const signedAgreement = `
calendar: { timezone: Europe/Rome, hours: always }
people:
  - { email: ${anna.email}, role: rep }
  - { email: ${luca.email}, role: rep }
  - { email: ${ben.email}, role: marketing_manager, head_of: marketing }
  - { email: ${sara.email}, role: sales_manager, head_of: sales }
`

let running: RunningBaton
let program: Program
let folder: string
beforeAll(async () => {
  running = await startBaton({ agreement: signedAgreement })
  program = createProgram()
  folder = program.newDataDir()
  mkdirSync(folder)
}, 60_000)
afterAll(async () => {
  await program?.remove()
  await running?.stop()
})

async function baton(...args: string[]) {
  const env = { DATABASE_URL: running.database.url, BATON_DATA_DIR: folder }
  const started = program.start({ run: ['cli', 'agreement', ...args], env })
  const code = await started.ended
  return { code, out: started.out(), err: started.err() }
}

let files = 0
function fileWith(text: string): string {
  files += 1
  const file = join(folder, `agreement-${files}.yml`)
  writeFileSync(file, text)
  return file
}

const clocksWithin = (time: string) => `
clocks:
  accept: { within: { working: ${time} }, hard: { wall: 24h }, remind: [50%] }
  first_attempt: { hot: { working: 15m }, standard: { working: 2h } }
  attempts:
    count: 6
    within: { working: 10d }
    channels: 2
    gap: { working: 4h }
    counted: [call, email]
  return_answer: { within: { working: 1d } }
`

const proposed = async (text: string, ...args: string[]): Promise<string> => {
  const { code, out, err } = await baton('propose', fileWith(text), '--json', ...args)
  expect({ code, err }).toEqual({ code: 0, err: '' })
  return JSON.parse(out).id
}
const messagesOf = (id: string): FakeMessage[] =>
  running.slack
    .messages(channels.managers.id)
    .filter(({ metadata }) => metadata?.event_payload.proposal === id)
const messageOf = (id: string, until: (message: FakeMessage) => boolean = () => true) =>
  eventually(() => messagesOf(id).find(until), 15_000)
const click = async (user: { id: string }, actionId: string, id: string) =>
  running.slack.clickButton({
    user: user.id,
    channel: channels.managers.id,
    actionId,
    value: id,
    message: await messageOf(id),
  })

let leads = 0
const handedOver = async () => {
  leads += 1
  const { status, body } = await running.api('POST', '/api/v1/handoffs', {
    lead: { email: `lead${leads}@example.com`, name: `Lead ${leads}` },
    reason: 'Asked for a quote',
    handedOffBy: ben.email,
  })
  expect(status).toBe(201)
  return String(body.id)
}
const stateOf = async (id: string) => (await running.api('GET', `/api/v1/handoffs/${id}`)).body
const minutesToAccept = async (id: string): Promise<number> => {
  const { deadlines, createdAt } = await stateOf(id)
  const list = Array.isArray(deadlines) ? deadlines : []
  const accept = list.find(({ kind }) => kind === 'accept')
  return (Date.parse(accept.dueAt) - Date.parse(String(createdAt))) / 60_000
}

describe('an agreement that is proposed by file', () => {
  test('takes effect when both heads have signed: new handoffs have it, old ones keep theirs', async () => {
    const old = await handedOver()
    const id = await proposed(clocksWithin('2h'))
    const shown = await messageOf(id)
    const drawn = JSON.stringify(shown.blocks)
    expect(drawn).toContain('Accept or return within: 2 h of working time instead of 4 h')
    expect(drawn).toContain(`Sales: waits for <@${sara.id}>`)

    const refused = await click(anna, 'agreement.sign', id)
    expect((await refused.nextResponse()).body).toMatchObject({
      response_type: 'ephemeral',
      text: expect.stringContaining('Only the head of sales'),
    })
    const signs = [sara, ben, sara, ben].map((head) => click(head, 'agreement.sign', id))
    const sent = await Promise.all(signs)
    expect(sent.map(({ status }) => status)).toEqual([200, 200, 200, 200])
    await eventually(async () => {
      const { body } = await running.api('GET', '/api/v1/agreement')
      return body.version === 2 || undefined
    })

    const fresh = await handedOver()
    expect(await stateOf(fresh)).toMatchObject({ agreementVersion: 2 })
    expect(await minutesToAccept(fresh)).toBe(120)
    expect(await stateOf(old)).toMatchObject({ agreementVersion: 1 })
    expect(await minutesToAccept(old)).toBe(240)

    const done = await messageOf(id, ({ text }) => text.includes('Version 2'))
    expect(JSON.stringify(done.blocks)).toContain(`Marketing: signed by <@${ben.id}>`)
    expect(JSON.stringify(done.blocks)).not.toContain('agreement.sign')
    expect(messagesOf(id)).toHaveLength(1)
  }, 60_000)

  test('is shown once though Slack accepts it and loses its answer', async () => {
    running.slack.fail('chat.postMessage', { with: 'accept-then-reset' })
    const id = await proposed('title: Once\n')
    await messageOf(id)
    await click(sara, 'agreement.withdraw', id)
    await running.restart()
    await messageOf(id, ({ text }) => text.includes('A proposal was withdrawn'))
    expect(messagesOf(id)).toHaveLength(1)
    running.slack.heal()
  }, 60_000)

  test('that is wrong, empty of change or too old is refused in a line, and nothing changes', async () => {
    const wrong = await baton('propose', fileWith('title: x\nlanguage: fr\n'))
    expect(wrong).toMatchObject({ code: 2, out: '' })
    expect(wrong.err).toMatch(/agreement-\d+\.yml:2: language: expects/)
    const same = await baton('propose', fileWith(clocksWithin('2h')))
    expect(same).toMatchObject({ code: 1, err: expect.stringContaining('changes nothing') })
    const old = await baton('propose', fileWith('title: x\n'), '--base', '1')
    expect(old).toMatchObject({ code: 1, err: expect.stringContaining('older than the agreement') })
    const late = await baton('propose', fileWith('title: x\n'), '--from', 'tomorrow')
    expect(late).toMatchObject({ code: 1, err: expect.stringContaining('--from expects') })
    const passed = await baton('propose', fileWith('title: x\n'), '--from', '2020-01-01')
    expect(passed).toMatchObject({ code: 1, err: expect.stringContaining('has passed') })
    expect((await running.api('GET', '/api/v1/agreement')).body.version).toBe(2)
  }, 60_000)

  test('is in the history with who and when', async () => {
    const { code, out } = await baton('history')
    expect(code).toBe(0)
    expect(out).toMatch(/version 2, in force from .*\n {2}proposed by an operator, .*\n/)
    expect(out).toMatch(/signed for sales by Sara Conti, \d{4}-/)
    expect(out).toMatch(/prop_\w+ withdrawn, a change of version 2/)
    const { out: json } = await baton('history', '--json')
    expect(JSON.parse(json).versions).toHaveLength(2)
  }, 60_000)

  test('can be run over past handoffs before anybody signs it', async () => {
    const { code, out } = await baton('replay', fileWith(clocksWithin('0m')), '--days', '1')
    expect(code).toBe(0)
    expect(out).toContain('2 handoffs of the last 1 day\n')
    expect(out).toMatch(
      /clocks\.accept\.within: with 0m instead of 4h, 1 of 1 would have been late instead of 0/,
    )
    expect(out).toMatch(/clocks\.accept\.hard: with 24h by the clock as before, 0 of 2/)
    const { out: json } = await baton('replay', fileWith(clocksWithin('3h')), '--json')
    expect(JSON.parse(json)).toMatchObject({ days: 90, handoffs: 2 })
  }, 60_000)
})
