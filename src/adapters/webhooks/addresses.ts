import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'
import type { WebhookRefusal } from '../../domain/webhook.ts'

/** An address of the network, as `node:net` connects to it. */
export interface Address {
  address: string
  family: number
}

/** Asks for the addresses of a name; fails where it has none. */
export type Resolve = (name: string) => Promise<Address[]>

/** As the machine itself would find them. */
export const resolveName: Resolve = (name) => lookup(name, { all: true })

/** Public by its number, yet answered by the machine's own host: of Azure, its platform. */
const hosts = ['168.63.129.16']

/**
 * Whether an address is one of the public network. Everything that is set aside for anything is
 * not: own and local networks, loopback, carriers, multicast, documentation, tunnels that hold
 * another address; and of IPv6 all but 2000::/3, which is all that was ever given out.
 */
export function isPublic(text: string): boolean {
  if (isIP(text) === 0) return false
  const address = ipaddr.process(text)
  if (address.range() !== 'unicast' || hosts.includes(address.toString())) return false
  return address.kind() === 'ipv4' || address.toByteArray().slice(0, 1).every(inGlobalUnicast)
}

const inGlobalUnicast = (byte: number): boolean => byte >> 5 === 1

export type Way =
  | { ok: true; url: URL; addresses: Address[] }
  | { ok: false; why: WebhookRefusal['code'] }

const longest = 2_000

/**
 * The way to an address: what its name stands for, asked once, so that the connection goes to what
 * was looked at. Refuses what is no address of the web, private addresses (`allowPrivate` lets them
 * be, also without TLS) and public ones without TLS.
 */
export async function wayTo(
  text: string,
  { allowPrivate, resolve }: { allowPrivate: boolean; resolve: Resolve },
): Promise<Way> {
  const url = text.length <= longest && URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !['https:', 'http:'].includes(url.protocol)) {
    return refused('address-not-usable')
  }
  if (url.username !== '' || url.password !== '') return refused('address-not-usable')
  const plain = url.protocol === 'http:'
  if (plain && !allowPrivate) return refused('address-without-tls')
  const addresses = await addressesOf(url, resolve)
  if (addresses.length === 0) return refused('address-unknown')
  const anyPublic = addresses.some(({ address }) => isPublic(address))
  const anyPrivate = addresses.some(({ address }) => !isPublic(address))
  if (anyPrivate && !allowPrivate) return refused('address-private')
  if (plain && anyPublic) return refused('address-without-tls')
  return { ok: true, url, addresses }
}

/** A number stands for itself, in whatever way it was written: parsing has made it the usual one. */
async function addressesOf({ hostname }: URL, resolve: Resolve): Promise<Address[]> {
  const literal = hostname.replace(/^\[(.*)\]$/, '$1')
  const family = isIP(literal)
  if (family !== 0) return [{ address: literal, family }]
  return resolve(hostname).catch(() => [])
}

const refused = (why: WebhookRefusal['code']): Way => ({ ok: false, why })
