import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Resolve, resolveName } from '../../../src/adapters/webhooks/addresses.ts'
import { createWebhookSender } from '../../../src/adapters/webhooks/sender.ts'
import { type FakeReceiver, hang, startFakeReceiver, status } from '../../support/fake-receiver.ts'

let receiver: FakeReceiver
beforeEach(async () => {
  receiver = await startFakeReceiver()
})
afterEach(() => receiver.stop())

const sender = (options: { resolve?: Resolve; timeoutMs?: number; allowPrivate?: boolean } = {}) =>
  createWebhookSender({ allowPrivate: true, userAgent: 'Baton/test', ...options })
const message = (overrides: object = {}) => ({
  url: receiver.url,
  secret: sender().newSecret(),
  id: 'evt_1',
  body: '{"id":"evt_1","type":"Test","data":{"name":"Zoë"}}',
  at: new Date(),
  ...overrides,
})

describe('what is sent', () => {
  test('is signed so that the library takes it', async () => {
    const one = message()
    receiver.trust(one.secret)
    expect(await sender().send(one)).toEqual({ kind: 'status', status: 200, retryAfterMs: null })
    expect(receiver.received).toMatchObject([
      { verified: true, body: one.body, headers: { 'webhook-id': 'evt_1' } },
    ])
    receiver.trust(sender().newSecret())
    await sender().send(one)
    expect(receiver.received[1]?.verified).toBe(false)
  })

  test('has a secret of 32 random bytes', () => {
    const secrets = [sender().newSecret(), sender().newSecret()]
    expect(new Set(secrets).size).toBe(2)
    for (const secret of secrets) {
      expect(secret).toMatch(/^whsec_/)
      expect(Buffer.from(secret.slice(6), 'base64')).toHaveLength(32)
    }
  })
})

describe('an answer', () => {
  test.each([204, 410, 429, 500])('%i is told', async (code) => {
    receiver.answer(status(code))
    expect(await sender().send(message())).toMatchObject({ status: code })
  })

  test('that leads elsewhere is not followed', async () => {
    receiver.answer(status(302, { location: receiver.url }))
    expect(await sender().send(message())).toMatchObject({ status: 302 })
    expect(receiver.received).toHaveLength(1)
  })

  test('tells when to come again, in seconds or as a date', async () => {
    receiver.answer(status(429, { 'retry-after': '120' }))
    expect(await sender().send(message())).toMatchObject({ retryAfterMs: 120_000 })
    const at = new Date('2026-11-23T09:00:00Z')
    receiver.answer(status(503, { 'retry-after': 'Mon, 23 Nov 2026 09:01:00 GMT' }))
    expect(await sender().send(message({ at }))).toMatchObject({ retryAfterMs: 60_000 })
    receiver.answer(status(503, { 'retry-after': 'soon' }))
    expect(await sender().send(message())).toMatchObject({ retryAfterMs: null })
  })

  test('that never comes is not waited for', async () => {
    receiver.answer(hang)
    const answer = await sender({ timeoutMs: 200 }).send(message())
    expect(answer).toEqual({ kind: 'none', why: 'timeout' })
  })

  test('that never ends counts by its status', async () => {
    receiver.answer((response) => {
      response.writeHead(200)
      response.write('x')
    })
    expect(await sender({ timeoutMs: 300 }).send(message())).toMatchObject({ status: 200 })
  })

  test('that is huge is not read to its end', async () => {
    let closed = false
    receiver.answer((response) => {
      response.on('close', () => {
        closed = true
      })
      const more = () => {
        while (!closed && response.write('x'.repeat(16_384)));
        response.once('drain', more)
      }
      more()
    })
    expect(await sender({ timeoutMs: 5_000 }).send(message())).toMatchObject({ status: 200 })
    await expect.poll(() => closed).toBe(true)
  })

  test('that breaks off is none', async () => {
    receiver.answer((response) => void response.destroy())
    expect(await sender().send(message())).toEqual({ kind: 'none', why: 'unreachable' })
  })

  test('is not waited for where sending is stopped', async () => {
    receiver.answer(hang)
    const stop = new AbortController()
    const sending = sender().send(message(), stop.signal)
    await expect.poll(() => receiver.received.length).toBe(1)
    stop.abort()
    expect(await sending).toBeUndefined()
  })
})

describe('an address', () => {
  const port = () => new URL(receiver.url).port

  test('that is private gets nothing unless that is allowed', async () => {
    const strict = sender({ allowPrivate: false })
    const url = `https://127.0.0.1:${port()}/`
    expect(await strict.check(url)).toBe('address-private')
    expect(await strict.send(message({ url }))).toEqual({ kind: 'none', why: 'address-private' })
    expect(await strict.send(message())).toEqual({ kind: 'none', why: 'address-without-tls' })
    expect(receiver.received).toEqual([])
  })

  test('that is another one at the second question is connected to as it was looked at', async () => {
    let asked = 0
    const resolve: Resolve = async () => {
      asked += 1
      return [{ address: asked === 1 ? '127.0.0.1' : '127.0.0.9', family: 4 }]
    }
    const url = `http://changing.example:${port()}/`
    expect(await sender({ resolve }).send(message({ url }))).toMatchObject({ status: 200 })
    expect(asked).toBe(1)
    expect(receiver.received[0]?.headers.host).toBe(`changing.example:${port()}`)
  })

  test('that was public when it was checked and is private by now gets nothing', async () => {
    const answers = ['93.184.215.14', '127.0.0.1']
    const resolve: Resolve = async () => [{ address: answers.shift() ?? '', family: 4 }]
    const strict = sender({ resolve, allowPrivate: false })
    const url = `https://changing.example:${port()}/`
    expect(await strict.check(url)).toBeUndefined()
    expect(await strict.send(message({ url }))).toEqual({ kind: 'none', why: 'address-private' })
    expect(receiver.received).toEqual([])
  })

  test('whose name nobody answers for is not waited for', async () => {
    const resolve: Resolve = () => new Promise(() => {})
    const slow = sender({ resolve, timeoutMs: 100 })
    expect(await slow.check('https://slow.example/')).toBe('address-unknown')
    const url = 'https://slow.example/'
    expect(await slow.send(message({ url }))).toEqual({ kind: 'none', why: 'timeout' })
  })

  test('without the certificate that its name asks for gets nothing', async () => {
    const url = `https://localhost:${port()}/`
    const answer = await sender({ resolve: resolveName }).send(message({ url }))
    expect(answer).toMatchObject({ kind: 'none' })
    expect(receiver.received).toEqual([])
  })
})
