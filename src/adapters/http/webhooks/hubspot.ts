import { createHmac, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import type { CrmNews } from '../../../use-cases/ports/crm.ts'

/** HubSpot's documented window, held to both sides. */
const windowMs = 5 * 60_000

/** What HubSpot decodes of an address before it signs it; everything else stays as it is sent. */
const decoded = /%(3A|2F|3F|40|21|24|27|28|29|2A|2C|3B)/gi

export interface SignedRequest {
  method: string
  /** Path and query, as they came. */
  target: string
  body: string
  signature: string | undefined
  timestamp: string | undefined
}

/**
 * Whether a request bears HubSpot's signature v3: base64 of HMAC-SHA256 over method, address, body
 * and time. The address is the one that is configured: whoever sends the request chooses its Host.
 */
export function isFromHubspot(
  { method, target, body, signature, timestamp }: SignedRequest,
  { clientSecret, publicUrl }: { clientSecret: string; publicUrl: string },
  now: Date,
): boolean {
  if (signature === undefined || timestamp === undefined) return false
  if (!/^\d{1,16}$/.test(timestamp)) return false
  if (Math.abs(now.getTime() - Number(timestamp)) > windowMs) return false
  const uri = `${publicUrl.replace(/\/+$/, '')}${target}`.replace(decoded, decodeURIComponent)
  const expected = createHmac('sha256', clientSecret)
    .update(`${method}${uri}${body}${timestamp}`)
    .digest('base64')
  const given = Buffer.from(signature)
  const wanted = Buffer.from(expected)
  return given.length === wanted.length && timingSafeEqual(given, wanted)
}

const objectId = z.union([z.int().positive(), z.string().regex(/^\d{1,20}$/)]).transform(String)
const text = z
  .string()
  .max(65_536)
  .transform((value) => value.replaceAll('\u0000', '').toWellFormed())

const eventSchema = z.object({
  subscriptionType: z.string().max(100),
  objectId,
  occurredAt: z.int(),
  /** of `object.…`, which tells of every kind of record; 0-1 is a contact */
  objectTypeId: z.string().optional(),
  propertyName: z.string().max(200).optional(),
  propertyValue: text.nullish(),
  newObjectId: objectId.optional(),
})

/**
 * What the events tell of contacts, in the order of their time; undefined where this is no list of
 * events. An event of another kind tells nothing.
 */
export function hubspotNews(body: unknown): CrmNews[] | undefined {
  const events = z.array(z.unknown()).max(1_000).safeParse(body)
  if (!events.success) return undefined
  return events.data
    .flatMap((event) => {
      const parsed = eventSchema.safeParse(event)
      return parsed.success && isOfContact(parsed.data) ? [parsed.data] : []
    })
    .sort((a, b) => a.occurredAt - b.occurredAt)
    .map(newsOf)
}

const isOfContact = ({ subscriptionType, objectTypeId }: z.output<typeof eventSchema>): boolean =>
  subscriptionType.startsWith('contact.') ||
  (subscriptionType.startsWith('object.') && objectTypeId === '0-1')

function newsOf(event: z.output<typeof eventSchema>): CrmNews {
  const { subscriptionType, occurredAt, propertyName, propertyValue } = event
  const id = event.newObjectId ?? event.objectId
  const key = `hubspot_${id}_${occurredAt}`
  switch (subscriptionType.split('.', 2)[1]) {
    case 'privacyDeletion':
      return { id, erase: true }
    case 'creation':
      return { id, key }
    case 'propertyChange':
      return propertyName === undefined
        ? { id }
        : { id, key, changed: { field: propertyName, value: propertyValue ?? '' } }
    default:
      return { id }
  }
}
