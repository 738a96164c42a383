import type { OpenAPIHono } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { HTTPException } from 'hono/http-exception'
import type { Crm, CrmNews } from '../../../use-cases/ports/crm.ts'
import type { Environment } from '../api/environment.ts'
import { fail } from '../api/errors.ts'
import { hubspotNews, isFromHubspot } from './hubspot.ts'
import {
  acknowledgement,
  isSameId,
  isSecret,
  parseCallout,
  parseOutboundMessage,
} from './salesforce.ts'

/** What CRMs tell comes in here: it is checked, kept and answered; reading it is for later. */

export interface CrmWebhooks {
  hubspot: { clientSecret: string; publicUrl: string } | null
  salesforce: { secret: string; organizationId: string } | null
  /** Keeps what a CRM tells. */
  tell(system: Crm['system'], news: CrmNews[]): Promise<void>
  now(): Date
}

const limitBytes = 1024 * 1024

/** Adds `/webhooks/hubspot` and `/webhooks/salesforce/<secret>`, each where it is configured. */
export function addCrmWebhooks(
  api: OpenAPIHono<Environment>,
  { hubspot, salesforce, tell, now }: CrmWebhooks,
): void {
  if (hubspot !== null) {
    api.post('/webhooks/hubspot', async (context) => {
      const { req } = context
      const body = await readText(context)
      const { pathname, search } = new URL(req.url)
      const signed = {
        method: req.method,
        target: `${pathname}${search}`,
        body,
        signature: req.header('x-hubspot-signature-v3'),
        timestamp: req.header('x-hubspot-request-timestamp'),
      }
      if (!isFromHubspot(signed, hubspot, now())) fail(notSigned)
      const news = hubspotNews(parseJson(body))
      if (news === undefined) return fail(notEvents)
      await tell('hubspot', news)
      return context.body(null, 200)
    })
  }
  if (salesforce !== null) {
    api.post('/webhooks/salesforce/:secret?', async (context) => {
      if (!isSecret(context.req.param('secret') ?? '', salesforce.secret)) fail(wrongSecret)
      const source = await readText(context)
      const isJson = /json/i.test(context.req.header('content-type') ?? '')
      const message = isJson ? parseCallout(source) : parseOutboundMessage(source)
      if (message === undefined) return fail(notMessage)
      if (!isSameId(message.organizationId, salesforce.organizationId)) fail(otherOrg)
      await tell('salesforce', message.news)
      return isJson
        ? context.json({ accepted: message.news.length })
        : context.body(acknowledgement, 200, { 'content-type': 'text/xml; charset=utf-8' })
    })
  }
}

const notSigned = {
  status: 401,
  detail:
    'The signature or the time of the request is not right. Check HUBSPOT_CLIENT_SECRET, BATON_PUBLIC_URL and the clock of the server.',
} as const
const notEvents = { status: 400, detail: 'The body must be a list of events.' } as const
const wrongSecret = {
  status: 401,
  detail: 'The address must end in the secret of SALESFORCE_WEBHOOK_SECRET.',
} as const
const notMessage = {
  status: 400,
  detail: 'The body is neither an outbound message of Salesforce nor a callout in JSON.',
} as const
const otherOrg = {
  status: 403,
  detail: 'The message is of another organization than SALESFORCE_ORGANIZATION_ID.',
} as const

/** The body as text, of 1 MiB at most. */
async function readText({ req }: Context<Environment>): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = Number(req.header('content-length') ?? 0)
  try {
    if (size > limitBytes) tooLarge()
    size = 0
    for await (const chunk of req.raw.body ?? []) {
      size += chunk.byteLength
      if (size > limitBytes) tooLarge()
      chunks.push(chunk)
    }
  } catch (error) {
    if (error instanceof HTTPException) throw error
    fail({ status: 400, detail: 'The body ended too early.' })
  }
  return Buffer.concat(chunks, size).toString()
}

const tooLarge = (): never => fail({ status: 413, detail: 'The body is larger than 1 MiB.' })

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
