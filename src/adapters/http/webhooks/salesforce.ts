import { createHash, timingSafeEqual } from 'node:crypto'
import { XMLParser } from 'fast-xml-parser'
import { z } from 'zod'
import type { CrmNews } from '../../../use-cases/ports/crm.ts'

/** Salesforce ids have 15 characters, or 18 with a check of their case. */
const id = z.string().regex(/^[A-Za-z0-9]{15}([A-Za-z0-9]{3})?$/)
const notification = z.object({ Id: id, sObject: z.object({ Id: id }) })

const messageSchema = z.object({
  Envelope: z.object({
    Body: z.object({
      notifications: z.object({
        OrganizationId: id,
        Notification: z.array(notification).min(1).max(100),
      }),
    }),
  }),
})

/** A callout: the same in JSON. */
const calloutSchema = z.object({
  organizationId: id,
  notifications: z
    .array(z.object({ id: z.string().regex(/^[\w-]{1,100}$/), recordId: id }))
    .min(1)
    .max(100),
})

export interface SalesforceMessage {
  organizationId: string
  news: CrmNews[]
}

const parser = new XMLParser({
  ignoreAttributes: true,
  removeNSPrefix: true,
  parseTagValue: false,
  processEntities: false,
  isArray: (name) => name === 'Notification',
})

/** Reads an outbound message; undefined where it is none. Whatever declares entities is refused. */
export function parseOutboundMessage(source: string): SalesforceMessage | undefined {
  if (/<!(?:DOCTYPE|ENTITY)/i.test(source)) return undefined
  const message = messageSchema.safeParse(parsed(() => parser.parse(source, true)))
  if (!message.success) return undefined
  const { OrganizationId, Notification } = message.data.Envelope.Body.notifications
  return {
    organizationId: OrganizationId,
    news: news(Notification.map(({ Id, sObject }) => ({ id: Id, recordId: sObject.Id }))),
  }
}

/** Reads a callout in JSON; undefined where it is none. */
export function parseCallout(source: string): SalesforceMessage | undefined {
  const callout = calloutSchema.safeParse(parsed(() => JSON.parse(source)))
  if (!callout.success) return undefined
  const { organizationId, notifications } = callout.data
  return { organizationId, news: news(notifications) }
}

/** A notification that comes twice in a message is one. Records are known by their long id. */
const news = (notifications: { id: string; recordId: string }[]): CrmNews[] =>
  [...new Map(notifications.map((told) => [told.id, told])).values()].map(({ id, recordId }) => ({
    id: longId(recordId),
    key: `salesforce_${longId(recordId)}_${id}`,
  }))

/** Whether two ids, long or short, are of the same thing. */
export const isSameId = (a: string, b: string): boolean => a.slice(0, 15) === b.slice(0, 15)

const caseDigits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345'

/** The 18 characters of an id: the last three tell which of the others are capitals. */
export function longId(id: string): string {
  if (id.length !== 15) return id
  const check = [0, 5, 10].map((start) => {
    const capitals = [...id.slice(start, start + 5)].map((sign) => /[A-Z]/.test(sign))
    return caseDigits[capitals.reduce((sum, capital, at) => sum + (capital ? 2 ** at : 0), 0)]
  })
  return `${id}${check.join('')}`
}

function parsed(parse: () => unknown): unknown {
  try {
    return parse()
  } catch {
    return undefined
  }
}

/** Compares in the same time whatever is given. */
export function isSecret(given: string, secret: string): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(hash(given), hash(secret))
}

/** What Salesforce waits for; without it the message comes again, for a day. */
export const acknowledgement = `<?xml version="1.0" encoding="UTF-8"?>
<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/">
  <soapenv:Body>
    <notificationsResponse xmlns="http://soap.sforce.com/2005/09/outbound">
      <Ack>true</Ack>
    </notificationsResponse>
  </soapenv:Body>
</soapenv:Envelope>
`
