import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { WebClient } from '@slack/web-api'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type LocalSlack, startLocalSlack } from '../../src/sandbox/local-slack.ts'
import { zoneOfThisMachine } from '../../src/sandbox/zone.ts'
import { eventually } from '../support/baton.ts'
import { sign } from '../support/fake-slack.ts'

const isHere = process.platform === 'linux' && process.arch === 'x64'
const why = isHere ? '' : ' (skipped: the local Slack is installed on Linux x64 only)'

let dataDir: string
let baton: Server
let requestUrl: string
let received: { body: string; isSigned: boolean }[]
/** What is said with an acknowledgement, if anything. */
let acknowledgement: string | undefined
let running: LocalSlack[]

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'baton-sandbox-'))
  received = []
  acknowledgement = undefined
  running = []
  baton = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    const timestamp = Number(request.headers['x-slack-request-timestamp'])
    const expected = sign('sandbox-signing-secret', timestamp, body)
    received.push({ body, isSigned: request.headers['x-slack-signature'] === expected })
    if (acknowledgement === undefined) return response.end()
    response.setHeader('content-type', 'application/json')
    response.end(acknowledgement)
  })
  baton.listen(0, '127.0.0.1')
  await once(baton, 'listening')
  requestUrl = `http://127.0.0.1:${portOf(baton)}/slack/events`
})
afterEach(async () => {
  for (const slack of running) await slack.stop()
  baton.closeAllConnections()
  baton.close()
  rmSync(dataDir, { recursive: true, force: true })
})

function portOf(server: Server): number {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

async function start(port = 0): Promise<LocalSlack> {
  const log = { debug: () => undefined, info: () => undefined }
  const slack = await startLocalSlack({ dataDir, port, requestUrl, log })
  running.push(slack)
  return slack
}

const clientOf = (slack: LocalSlack) =>
  new WebClient(slack.botToken, { slackApiUrl: slack.apiUrl, retryConfig: { retries: 0 } })

describe.runIf(isHere)(`the local Slack${why}`, () => {
  test('it has the sample people with their language and zone, and the channels', async () => {
    const web = clientOf(await start())
    const { user } = await web.users.lookupByEmail({ email: 'luca@acme.example' })
    const luca = await web.users.info({ user: user?.id ?? '', include_locale: true })
    const { channels } = await web.conversations.list({})
    expect(luca.user).toMatchObject({ locale: 'it-IT', tz: zoneOfThisMachine() })
    expect(luca.user?.profile?.real_name).toBe('Luca Bianchi')
    expect(channels?.map((channel) => channel.name)).toEqual([
      'sql-handoffs',
      'service-handoffs',
      'sales-managers',
      'general',
    ])
  })

  test('what is said with an acknowledgement is as readable as what is posted', async () => {
    const slack = await start()
    const text = 'Due <!date^1795436908^{time}|14:00>, Holt &amp; Sons'
    acknowledgement = JSON.stringify({ response_type: 'ephemeral', text })
    await fetch(`${slack.url}/_control/command`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ channel: 'C0SQL', user: 'U0ANNA', command: '/sla', text: '' }),
    })
    const said = await eventually(async () => {
      const answer = await fetch(`${slack.url}/_control/messages/C0SQL`)
      const text = await answer.text()
      return text.includes('Due') ? text : undefined
    })
    expect(said).toContain('Due 14:00, Holt & Sons')
  })

  test('messages and their metadata are there again after a restart, under the same ts', async () => {
    const metadata = { event_type: 'baton_handoff', event_payload: { handoff: 'hof_1' } }
    const first = await start()
    const channel = 'C0SQL'
    const card = await clientOf(first).chat.postMessage({ channel, text: 'Card', metadata })
    const ts = card.ts ?? ''
    await clientOf(first).chat.postMessage({ channel, text: 'Reply', thread_ts: ts })
    await first.stop()
    const web = clientOf(await start())
    await web.chat.update({ channel, ts, text: 'Card, accepted' })
    const thread = await web.conversations.replies({ channel, ts, include_all_metadata: true })
    expect(thread.messages).toMatchObject([{ text: 'Card, accepted', metadata }, { text: 'Reply' }])
  })

  test('what its pages cannot draw is sent to them as plain text', async () => {
    const slack = await start()
    const text = '<!date^1795436908^{time}|14:00> Holt &amp; Sons <@U0ANNA>'
    await clientOf(slack).chat.postMessage({ channel: 'C0SQL', text })
    const answer = await fetch(`${slack.url}/_control/messages/C0SQL`)
    expect(await answer.json()).toMatchObject({
      messages: [{ text: '14:00 Holt & Sons <@U0ANNA>' }],
    })
  })

  test('commands reach Baton signed', async () => {
    const slack = await start()
    const command = { channel: 'C0SQL', user: 'U0ANNA', command: '/glossary', text: 'MQL' }
    const headers = { 'content-type': 'application/json' }
    const body = JSON.stringify(command)
    await fetch(`${slack.url}/_control/command`, { method: 'POST', headers, body })
    expect(received).toMatchObject([{ isSigned: true }])
    expect(new URLSearchParams(received[0]?.body).get('text')).toBe('MQL')
  })

  test('it answers no page of another site', async () => {
    const slack = await start()
    const headers = { origin: 'https://elsewhere.example' }
    expect((await fetch(`${slack.url}/_control/state`, { headers })).status).toBe(403)
    expect((await fetch(`${slack.url}/_control/state`)).status).toBe(200)
  })

  test('a taken port makes it take another', async () => {
    const slack = await start(portOf(baton))
    expect(slack.url).not.toBe(`http://127.0.0.1:${portOf(baton)}`)
    expect((await clientOf(slack).auth.test()).team_id).toBe(slack.teamId)
  })

  test('it has ended when stop returns', async () => {
    const slack = await start()
    await slack.stop()
    await expect(fetch(slack.url)).rejects.toThrow()
  })
})
