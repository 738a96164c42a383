import type { RequestListener } from 'node:http'
import { connect } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { createMetrics } from '../../../src/adapters/http/metrics.ts'
import { createServer, type Server, type ServerOptions } from '../../../src/adapters/http/server.ts'
import { send, sendSigned, sign, signingSecret } from './loopback.ts'
import { aHandOff, anApi, keys } from './support.ts'

const open: Server[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()))
})

const silent = { error() {} }

/** A server on a free port, with a Slack that remembers what reached it. */
async function aServer(overrides: Partial<ServerOptions> = {}) {
  const reached: string[] = []
  const listener: RequestListener = (request, response) => {
    reached.push(String(Reflect.get(request, 'rawBody')))
    response.end('taken')
  }
  const server = createServer({
    slack: { listener, signingSecret },
    api: (request) => new Response(`api ${new URL(request.url).pathname}`),
    log: silent,
    ...overrides,
  })
  open.push(server)
  const { port } = await server.listen('127.0.0.1', 0)
  return { server, port, reached }
}

const event = JSON.stringify({
  type: 'event_callback',
  team_id: 'T1',
  event: { type: 'app_home_opened' },
})
const minutes = (count: number) => new Date(Date.now() + count * 60_000)

describe('paths', () => {
  test('are split between Slack and the API', async () => {
    const { port, reached } = await aServer()
    expect(await send(port, { path: '/healthz' })).toMatchObject({
      status: 200,
      text: 'api /healthz',
    })
    expect(await send(port, { path: '/slack/events/more' })).toMatchObject({ status: 200 })
    expect(await sendSigned(port, event)).toMatchObject({ status: 200, text: 'taken' })
    expect(reached).toEqual([event])
  })

  test.each([
    ['//', 404],
    ['//slack/events', 404],
    ['/api//v1', 404],
    ['/%', 400],
    ['/api/v1/handoffs/%E0%A4%A', 400],
    ['/a%00b', 400],
    ['/a\\b', 400],
    ['http://elsewhere.example/healthz', 400],
    ['*', 400],
  ])('%s is refused with %i', async (path, status) => {
    const { port } = await aServer()
    const answer = await send(port, { path, method: path === '*' ? 'OPTIONS' : 'GET' })
    expect(answer.status).toBe(status)
    expect(answer.headers['content-type']).toBe('application/problem+json')
  })

  test('a strange Host is no fault of ours', async () => {
    const { port } = await aServer()
    const answer = await send(port, { path: '/healthz', headers: { host: 'a b' } })
    expect(answer.status).toBe(400)
  })

  test("Slack's entrance takes POST only, and is not there in Socket Mode", async () => {
    const { port } = await aServer()
    const answer = await send(port, { path: '/slack/events' })
    expect(answer).toMatchObject({ status: 405, headers: { allow: 'POST' } })
    const socketMode = await aServer({
      slack: null,
      api: () => new Response(null, { status: 404 }),
    })
    expect((await sendSigned(socketMode.port, event)).status).toBe(404)
  })
})

describe('what Slack sends', () => {
  test.each([
    ['six minutes old', minutes(-6)],
    ['six minutes ahead', minutes(6)],
    ['a day ahead', minutes(24 * 60)],
  ])('is refused when %s, whatever its signature', async (_, at) => {
    const { port, reached } = await aServer()
    expect((await sendSigned(port, event, {}, at)).status).toBe(401)
    expect(reached).toEqual([])
  })

  test('is taken up to five minutes on both sides', async () => {
    const { port } = await aServer()
    for (const at of [minutes(-4.9), minutes(4.9)]) {
      expect((await sendSigned(port, event, {}, at)).status).toBe(200)
    }
  })

  test.each([
    ['no signature', { 'x-slack-signature': '' }],
    ['another secret', sign(event, new Date(), 'another')],
    ['another body', sign(`${event} `, new Date())],
    ['a short signature', { 'x-slack-signature': 'v0=00' }],
    [
      'another version',
      { 'x-slack-signature': sign(event, new Date())['x-slack-signature'].replace('v0', 'v1') },
    ],
    ['no timestamp', { 'x-slack-request-timestamp': '' }],
    ['a timestamp that is no number', { 'x-slack-request-timestamp': '1e9' }],
  ])('is refused with %s', async (_, headers) => {
    const { port, reached } = await aServer()
    expect((await sendSigned(port, event, headers)).status).toBe(401)
    expect(reached).toEqual([])
  })

  test('is refused unparsed without a signature, even a check of the certificate', async () => {
    const { port } = await aServer()
    const answer = await send(port, { method: 'POST', path: '/slack/events', body: 'ssl_check=1' })
    expect(answer.status).toBe(401)
  })

  const form = { 'content-type': 'application/x-www-form-urlencoded' }
  const click = {
    type: 'block_actions',
    team: { id: 'T1' },
    user: { id: 'U1' },
    actions: [{ type: 'button', action_id: 'handoff.accept' }],
  }
  const payload = (value: unknown) => `payload=${encodeURIComponent(JSON.stringify(value))}`

  test.each([
    ['an event', event, {}],
    [
      'an event with parameters of the type',
      event,
      { 'content-type': 'application/json; charset=utf-8' },
    ],
    ['a challenge', '{"type":"url_verification","challenge":"c"}', {}],
    ['a click', payload(click), form],
    ['a command', 'command=%2Fsla&text=&team_id=T1&user_id=U1&channel_id=C1', form],
  ])('reaches the listener: %s', async (_, body, headers) => {
    const { port, reached } = await aServer()
    expect((await sendSigned(port, body, headers)).status).toBe(200)
    expect(reached).toEqual([body])
  })

  test.each([
    ['null', 'null', {}],
    ['a number', '7', {}],
    ['a list', '[]', {}],
    ['no JSON', '{', {}],
    ['nothing', '', {}],
    ['a kind that Slack does not have', '{"type":"surprise"}', {}],
    ['an event that is null', '{"type":"event_callback","team_id":"T1","event":null}', {}],
    ['a payload that is null', 'payload=null', form],
    ['a payload that is no JSON', 'payload=%7B', form],
    ['two payloads', `${payload(click)}&${payload(click)}`, form],
    ['a click on nothing', payload({ ...click, actions: [] }), form],
    ['a click that says it is an event', payload({ ...click, event: null }), form],
    ['a command without a person', 'command=%2Fsla&team_id=T1&channel_id=C1', form],
    ['a command twice', 'command=%2Fsla&command=a&team_id=T1&user_id=U1&channel_id=C1', form],
    [
      'a command that says it is an event',
      'command=%2Fsla&team_id=T1&user_id=U1&channel_id=C1&event=a',
      form,
    ],
  ])('is refused, signed as it may be: %s', async (_, body, headers) => {
    const { port, reached } = await aServer()
    const answer = await sendSigned(port, body, headers)
    expect(answer.status).toBe(400)
    expect(reached).toEqual([])
  })

  test('is refused as anything but JSON or a form', async () => {
    const { port } = await aServer()
    expect((await sendSigned(port, event, { 'content-type': 'text/plain' })).status).toBe(415)
  })

  test('is refused over 256 KB, declared or not', async () => {
    const { port, reached } = await aServer()
    const large = Buffer.alloc(300 * 1024, 0x20)
    expect((await sendSigned(port, large)).status).toBe(413)
    const chunked = await send(port, {
      method: 'POST',
      path: '/slack/events',
      headers: sign(large, new Date()),
      body: [large.subarray(0, 100_000), large.subarray(100_000)],
    })
    expect(chunked.status).toBe(413)
    expect(reached).toEqual([])
  })

  test('is refused over the limit of the API as well, in a way that arrives', async () => {
    const { api } = anApi()
    const { port } = await aServer({ api: api.fetch })
    const large = Buffer.alloc(5 * 1024 * 1024, 0x20)
    const headers = { authorization: `Bearer ${keys.acme}`, 'content-type': 'application/json' }
    const request = { method: 'POST', path: '/api/v1/handoffs' }
    const declared = { ...headers, 'content-length': String(large.length) }
    expect((await send(port, { ...request, headers: declared, body: large })).status).toBe(413)
    expect((await send(port, { ...request, headers, body: [large] })).status).toBe(413)
    const small = [Buffer.from(JSON.stringify(aHandOff()))]
    expect((await send(port, { ...request, headers, body: small })).status).toBe(201)
  })

  test('is counted', async () => {
    const metrics = createMetrics({ processMetrics: false })
    const { port } = await aServer({ metrics })
    await sendSigned(port, event)
    await sendSigned(port, event, { 'x-slack-signature': '' })
    const answered = (status: number) => `route="/slack/events",status="${status}"} 1`
    await expect.poll(() => metrics.registry.metrics()).toContain(answered(200))
    await expect.poll(() => metrics.registry.metrics()).toContain(answered(401))
  })

  test('and is cut off half-way hurts nobody', async () => {
    const { port, reached } = await aServer()
    const socket = connect(port, '127.0.0.1')
    socket.on('error', () => {})
    socket.write('POST /slack/events HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n{"a"')
    await expect.poll(() => socket.bytesWritten).toBeGreaterThan(0)
    socket.destroy()
    expect((await sendSigned(port, event)).status).toBe(200)
    expect(reached).toEqual([event])
  })

  test('that the listener fails on is a 500, not the end', async () => {
    const listener = () => {
      throw new Error('listener broke')
    }
    const { port } = await aServer({ slack: { listener, signingSecret } })
    expect((await sendSigned(port, event)).status).toBe(500)
    expect((await send(port, { path: '/healthz' })).status).toBe(200)
  })
})

describe('starting and stopping', () => {
  test('a port that is taken is named', async () => {
    const { port } = await aServer()
    const second = createServer({ slack: null, api: () => new Response(), log: silent })
    await expect(second.listen('127.0.0.1', port)).rejects.toMatchObject({
      code: 'EADDRINUSE',
      message: `can't listen on 127.0.0.1, port ${port}: it is taken by another program`,
    })
    await second.close()
    const elsewhere = await second.listen('127.0.0.1', 0)
    open.push(second)
    expect(elsewhere.port).not.toBe(port)
  })

  test('closing lets a request in flight finish, and takes no new ones', async () => {
    const { promise: entered, resolve: enter } = defer()
    const { promise: released, resolve: release } = defer()
    const { server, port } = await aServer({
      api: async () => {
        enter()
        await released
        return new Response('finished')
      },
    })
    const answer = send(port, { path: '/slow' })
    await entered
    const closed = server.close()
    await expect(send(port, { path: '/healthz' })).rejects.toMatchObject({ code: 'ECONNREFUSED' })
    release()
    expect(await answer).toMatchObject({
      status: 200,
      text: 'finished',
      headers: { connection: 'close' },
    })
    await closed
  })

  test('closing cuts off a request that does not end', async () => {
    const { promise: entered, resolve: enter } = defer()
    const api = () => {
      enter()
      return new Promise<Response>(() => {})
    }
    const { server, port } = await aServer({ api, closeWithinMs: 50 })
    const answer = send(port, { path: '/never' })
    await entered
    await Promise.all([
      server.close(),
      expect(answer).rejects.toMatchObject({ code: 'ECONNRESET' }),
    ])
  })

  test('closing does not wait for a connection that is only held open', async () => {
    const { server, port } = await aServer()
    const socket = connect(port, '127.0.0.1')
    const ended = new Promise((resolve) => socket.once('close', resolve))
    socket.resume()
    socket.write('GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n')
    await expect.poll(() => socket.bytesRead).toBeGreaterThan(0)
    await server.close()
    await ended
  })
})

function defer() {
  let resolve = () => {}
  const promise = new Promise<void>((settle) => {
    resolve = settle
  })
  return { promise, resolve }
}
