import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { networkOf } from '../../../../src/adapters/http/api/rate-limit.ts'
import { anApi, keys } from '../support.ts'

const path = '/api/v1/agreement'

// The limits count on the clock of the system; only what it says is faked, no timer.
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-11-23T09:00:00Z') })
})
afterEach(() => {
  vi.useRealTimers()
})
const later = (seconds: number) => vi.setSystemTime(Date.now() + seconds * 1_000)

/** The numbers of a header such as `"requests";r=4;t=60`. */
const numbersIn = (header: string | null): Record<string, number> =>
  Object.fromEntries(
    [...(header ?? '').matchAll(/;(\w)=(\d+)/g)].map(([, name = '', value]) => [
      name,
      Number(value),
    ]),
  )

describe('a key', () => {
  test('is told what is left, and refused beyond it until the minute is over', async () => {
    const { ask } = anApi({ requestsPerMinute: 3 })
    const first = await ask('GET', path)
    expect(first.headers.get('ratelimit-policy')).toBe('"requests";q=3;w=60')
    expect(first.headers.get('ratelimit')).toBe('"requests";r=2;t=60')
    later(20)
    expect((await ask('GET', path)).headers.get('ratelimit')).toBe('"requests";r=1;t=40')
    expect((await ask('GET', path)).status).toBe(200)

    const refused = await ask('GET', path)
    expect(refused).toMatchObject({
      status: 429,
      body: { status: 429, detail: 'Too many requests with this key. Come again in 40 s.' },
    })
    expect(refused.headers.get('content-type')).toBe('application/problem+json')
    expect(refused.headers.get('retry-after')).toBe('40')
    expect(numbersIn(refused.headers.get('ratelimit'))).toEqual({ r: 0, t: 40 })
    later(41)
    expect((await ask('GET', path)).status).toBe(200)
  })

  test('has a limit of its own', async () => {
    const { ask } = anApi({ requestsPerMinute: 1 })
    expect((await ask('GET', path)).status).toBe(200)
    expect((await ask('GET', path)).status).toBe(429)
    expect((await ask('GET', path, { key: keys.other })).status).toBe(200)
  })

  test('is told so with a refusal too', async () => {
    const { ask } = anApi({ requestsPerMinute: 5 })
    const answer = await ask('GET', '/api/v1/handoffs/hof_none')
    expect(answer.status).toBe(404)
    expect(answer.headers.get('ratelimit')).toBe('"requests";r=4;t=60')
  })

  test('is charged once for every hundred items of a list', async () => {
    const { ask } = anApi({ requestsPerMinute: 20 })
    const list = (length: number) =>
      Array.from({ length }, (_, index) => ({
        ...{ email: `lead${index}@b.example`, type: 'page', id: `${length}-${index}` },
      }))
    const left = async (length: number) => {
      const answer = await ask('POST', '/api/v1/activities', { body: list(length) })
      expect(answer.status).toBe(202)
      return numbersIn(answer.headers.get('ratelimit')).r
    }
    expect(await left(100)).toBe(19)
    expect(await left(101)).toBe(17)
    expect(await left(1_000)).toBe(7)
  })

  test('may ask as often as it likes where there is no limit', async () => {
    const { ask } = anApi({ requestsPerMinute: 0 })
    for (let count = 0; count < 20; count++) {
      const { status, headers } = await ask('GET', path)
      expect(status).toBe(200)
      expect(headers.get('ratelimit')).toBeNull()
    }
  })
})

describe('keys that do not work', () => {
  const wrong = { key: 'baton_wrong-key-of-32-characters-or-more' }

  test('are refused like any other after sixty in a minute, and do not harm those that work', async () => {
    const { ask } = anApi({ requestsPerMinute: 5 })
    for (let count = 0; count < 60; count++) {
      expect((await ask('GET', path, count % 2 === 0 ? wrong : { key: null })).status).toBe(401)
    }
    const refused = await ask('GET', path, wrong)
    expect(refused.status).toBe(429)
    expect(refused.headers.get('retry-after')).toBe('60')
    expect((await ask('GET', path, { key: null })).status).toBe(429)
    expect((await ask('GET', path)).status).toBe(200)
    later(61)
    expect((await ask('GET', path, wrong)).status).toBe(401)
  })

  test('are counted by address', async () => {
    const { api } = anApi()
    const from = async (remoteAddress: string) =>
      (await api.request(path, {}, { incoming: { socket: { remoteAddress } } })).status
    for (let count = 0; count < 60; count++) await from('192.0.2.1')
    expect(await from('192.0.2.1')).toBe(429)
    expect(await from('192.0.2.2')).toBe(401)
  })

  test.each([
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['2001:db8:1:2:3::4', '2001:db8:1:2'],
    ['2001:db8:1:2::9', '2001:db8:1:2'],
    ['fe80::1%eth0', 'fe80:0:0:0'],
    ['no address', 'unknown'],
    [undefined, 'unknown'],
  ])('%s counts as %s', (address, network) => {
    expect(networkOf(address)).toBe(network)
  })
})
