import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isPublic, type Resolve, wayTo } from '../../../src/adapters/webhooks/addresses.ts'

const names: Record<string, string[]> = {
  'hooks.example': ['93.184.215.14', '2606:2800:21f:cb07:6820:80da:af6b:8b2c'],
  'inside.example': ['10.1.2.3'],
  'both.example': ['93.184.215.14', '127.0.0.1'],
  localhost: ['127.0.0.1', '::1'],
  'localhost.': ['127.0.0.1'],
  'mapped.example': ['::ffff:10.0.0.1'],
}
const resolve: Resolve = async (name) => {
  const found = names[name]
  if (found === undefined) throw new Error('ENOTFOUND')
  return found.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))
}
const whyNot = async (url: string, allowPrivate = false) => {
  const way = await wayTo(url, { allowPrivate, resolve })
  return way.ok ? undefined : way.why
}

describe('an address', () => {
  test.each([
    ...['https://127.0.0.1/', 'https://127.1/', 'https://2130706433/', 'https://0x7f000001/'],
    ...['https://0177.0.0.1/', 'https://0x7f.1/', 'https://①②⑦.0.0.1/', 'https://127.0.0.1./'],
    ...['https://0.0.0.0/', 'https://0/', 'https://10.0.0.1/', 'https://012.1.2.3/'],
    ...['https://172.16.0.1/', 'https://172.31.255.255/', 'https://192.168.1.1/'],
    ...['https://169.254.169.254/latest/meta-data/', 'https://0xa9fea9fe/', 'https://2852039166/'],
    ...['https://100.64.0.1/', 'https://100.100.100.200/', 'https://168.63.129.16/'],
    ...['https://192.0.0.192/', 'https://198.18.0.1/', 'https://192.0.2.1/', 'https://224.0.0.1/'],
    ...['https://240.0.0.1/', 'https://255.255.255.255/'],
    ...['https://[::1]/', 'https://[::]/', 'https://[0:0:0:0:0:0:0:1]/', 'https://[::7f00:1]/'],
    ...['https://[::ffff:127.0.0.1]/', 'https://[::ffff:a00:1]/', 'https://[::ffff:0:7f00:1]/'],
    ...['https://[64:ff9b::7f00:1]/', 'https://[64:ff9b:1::1]/', 'https://[2002:7f00:1::]/'],
    ...['https://[2001::1]/', 'https://[fc00::1]/', 'https://[fd00:ec2::254]/'],
    ...['https://[fe80::1]/', 'https://[fec0::1]/', 'https://[ff02::1]/', 'https://[2001:db8::1]/'],
    ...['https://localhost/', 'https://LOCALHOST/', 'https://localhost./', 'https://%6cocalhost/'],
    ...['https://inside.example/', 'https://both.example/', 'https://mapped.example/'],
  ])('%s is private', async (url) => {
    expect(await whyNot(url)).toBe('address-private')
    expect(await whyNot(url, true)).toBeUndefined()
  })

  test.each(['https://hooks.example/a?b=c', 'https://8.8.8.8:8443/', 'https://[2606:4700::1111]/'])(
    '%s is public',
    async (url) => {
      expect(await whyNot(url)).toBeUndefined()
    },
  )

  test.each([
    ...['', 'hooks.example', 'ftp://hooks.example/', 'file:///etc/passwd', 'javascript:alert(1)'],
    ...['https://', 'https://a:b@hooks.example/'],
    ...['https://[::1%25eth0]/', 'https://256.1.1.1/', 'gopher://127.0.0.1/'],
  ])('%j is no address to send to', async (url) => {
    expect(await whyNot(url)).toBe('address-not-usable')
    expect(await whyNot(url, true)).toBe('address-not-usable')
  })

  test('has at most 2,000 characters', async () => {
    expect(await whyNot(`https://hooks.example/${'a'.repeat(2_000)}`)).toBe('address-not-usable')
  })

  test('without TLS is for private ones alone, where they are allowed', async () => {
    expect(await whyNot('http://hooks.example/')).toBe('address-without-tls')
    expect(await whyNot('http://127.0.0.1/')).toBe('address-without-tls')
    expect(await whyNot('http://hooks.example/', true)).toBe('address-without-tls')
    expect(await whyNot('http://both.example/', true)).toBe('address-without-tls')
    expect(await whyNot('http://127.0.0.1/', true)).toBeUndefined()
  })

  test('whose name nobody knows is refused', async () => {
    expect(await whyNot('https://nowhere.example/')).toBe('address-unknown')
  })

  test('may be anything at all, and is answered', async () => {
    const written = fc.oneof(
      fc.webUrl(),
      fc.string({ unit: 'binary' }).map((any) => `https://${any}`),
      fc.ipV4Extended().map((any) => `https://${any}/`),
      fc.ipV6().map((any) => `https://[${any}]/`),
    )
    await fc.assert(
      fc.asyncProperty(written, async (url) => {
        const way = await wayTo(url, { allowPrivate: false, resolve })
        if (!way.ok) return
        expect(way.url.protocol).toBe('https:')
        expect(way.addresses.every(({ address }) => isPublic(address))).toBe(true)
      }),
    )
  })

  test('that is none at all is not public', () => {
    for (const text of ['', 'x', '1.2.3', 'localhost']) expect(isPublic(text)).toBe(false)
  })
})
