import { createRoute, z } from '@hono/zod-openapi'
import { jsonBody, jsonBodyOrList } from './body.ts'
import { handoffPageSchema, handoffSchema, loggedAttemptSchema } from './handoff-schema.ts'
import { leadExportSchema, leadSchema, recordedSchema } from './lead-schema.ts'
import {
  acceptBody,
  acknowledgeBody,
  activitiesBody,
  agreementInForceSchema,
  attemptBody,
  attemptNumber,
  contestBody,
  correctionBody,
  glossaryQuery,
  glossarySchema,
  handOffBody,
  handoffId,
  handoffsQuery,
  idempotency,
  leadBody,
  leadEmail,
  newWebhookSchema,
  outcomeBody,
  problemSchema,
  readyBody,
  reassignBody,
  reportQuery,
  reportSchema,
  returnBody,
  ruleBody,
  webhookBody,
  webhookId,
  webhookLogSchema,
  webhookPage,
  webhooksSchema,
  webhookTestedSchema,
  whoWouldGetQuery,
  whoWouldGetSchema,
} from './schemas.ts'

/** Every route of the API, as the requests are checked and as the document tells of them. */

const security = [{ key: [] }]

const body = <Schema extends z.ZodType>(schema: Schema) => ({
  content: { 'application/json': { schema } },
  required: true,
})

const answer = <Schema extends z.ZodType>(description: string, schema: Schema) => ({
  description,
  content: { 'application/json': { schema } },
})

const problem = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: problemSchema } },
})

const badRequest = problem('The request is not well formed: no JSON, or a bad parameter or header.')
const noKey = problem('The key is missing, unknown, revoked or expired.')
const notFound = problem('There is no such handoff in the workspace of the key.')
const notAllowed = problem(
  'The key lacks the scope, the person may not do this, or it belongs to somebody else.',
)
const notNow = problem('Not possible now; `handoff` is the present state.')
const doesNotFit = problem(
  'The body does not fit or names what the agreement does not know; or the Idempotency-Key was used for another request.',
)
const tooLarge = problem('The body is larger than 1 MiB.')
const notJson = problem('The body is not sent as JSON.')

const gone = problem('The lead was erased: `code` is `erased`.')
const always = { 400: badRequest, 401: noKey }
const onWrite = { ...always, 403: notAllowed, 413: tooLarge, 415: notJson, 422: doesNotFit }

const replayed = {
  'Idempotency-Replayed': {
    schema: { type: 'string' as const, enum: ['true'] },
    description: 'The request came before; nothing was done again.',
  },
}

const news = {
  'Baton-News': {
    schema: { type: 'string' as const, enum: ['true'] },
    description: 'Sales had the lead: no new handoff began, the owner of the open one was told.',
  },
}

export const handOffRoute = createRoute({
  method: 'post',
  path: '/api/v1/handoffs',
  tags: ['Handoffs'],
  summary: 'Hand a lead over to sales',
  description:
    'The card appears in the channel of the lead type, and the clocks of acceptance start. Only `lead.email`, `lead.name` and `reason` are required. Unknown keys under `lead.company` and `lead.attributes` are kept; elsewhere they are ignored. The same lead is one lead, by its e-mail address or by `crm`: while sales has it, the request is news on the same card.',
  security,
  middleware: jsonBody,
  request: { headers: idempotency, body: body(handOffBody) },
  responses: {
    201: answer('Handed over.', handoffSchema),
    200: {
      ...answer(
        'Sales has the lead already: the handoff with what was told now; or handed over before, by the same request.',
        handoffSchema,
      ),
      headers: { ...replayed, ...news },
    },
    409: notNow,
    410: gone,
    ...onWrite,
  },
})

export const handoffRoute = createRoute({
  method: 'get',
  path: '/api/v1/handoffs/{id}',
  tags: ['Handoffs'],
  summary: 'One handoff with its deadlines, attempts and events',
  security,
  request: { params: handoffId },
  responses: { 200: answer('The handoff.', handoffSchema), 401: noKey, 404: notFound },
})

export const handoffsRoute = createRoute({
  method: 'get',
  path: '/api/v1/handoffs',
  tags: ['Handoffs'],
  summary: 'Handoffs, newest first, a page at a time',
  security,
  request: { query: handoffsQuery },
  responses: { 200: answer('A page.', handoffPageSchema), ...always },
})

/** A request that moves a handoff, and is answered with it. */
const moveRoute = <Verb extends string, Body extends z.ZodType>(
  verb: Verb,
  { done, ...told }: { summary: string; description?: string; done: string },
  said: Body,
) =>
  createRoute({
    method: 'post',
    path: `/api/v1/handoffs/{id}/${verb}`,
    tags: ['Handoffs'],
    ...told,
    security,
    middleware: jsonBody,
    request: { params: handoffId, headers: idempotency, body: body(said) },
    responses: {
      200: answer(done, handoffSchema),
      404: notFound,
      409: notNow,
      410: gone,
      ...onWrite,
    },
  })

export const acceptRoute = moveRoute(
  'accept',
  {
    summary: 'Accept a lead on behalf of a rep',
    description: 'Exactly one person wins. `by` becomes the owner.',
    done: 'Accepted.',
  },
  acceptBody,
)

export const outcomeRoute = moveRoute(
  'outcome',
  {
    summary: 'Report the stage that the deal has reached',
    description:
      'An open deal makes the lead an opportunity and ends the clocks of the attempts; a won or lost one closes the handoff; on one that is on hold the clocks stand still. A deal that was closed by mistake may be reported anew.',
    done: 'Reported.',
  },
  outcomeBody,
)

export const reassignRoute = moveRoute(
  'reassign',
  {
    summary: 'Pass a lead on, take it over or give it back',
    description:
      'The owner or a manager passes it on to somebody in sales who is there and has room. Where `to` is `by` they take it over, as far as the agreement lets them. Where `to` is null it is offered to everyone again.',
    done: 'Reassigned.',
  },
  reassignBody,
)

export const returnRoute = moveRoute(
  'return',
  {
    summary: 'Return a lead to marketing with a reason of the agreement',
    description:
      'Lead status and lifecycle stage move as the reason says. Each reason needs what the agreement asks for: a date or a condition, a criterion, a field, the other lead, a note.',
    done: 'Returned.',
  },
  returnBody,
)

export const acknowledgeRoute = moveRoute(
  'acknowledge',
  {
    summary: 'Acknowledge a return on behalf of marketing',
    description:
      'The lead goes back into nurturing. To answer with another round, hand the lead over again: `POST /api/v1/handoffs` with `whatChanged`.',
    done: 'Acknowledged.',
  },
  acknowledgeBody,
)

export const contestRoute = moveRoute(
  'contest',
  {
    summary: 'Contest a return on behalf of marketing',
    description:
      'The managers of both sides are asked to rule on it. Possible as long as the return is not answered and the agreed time to answer is not over.',
    done: 'Contested.',
  },
  contestBody,
)

export const ruleRoute = moveRoute(
  'rule',
  {
    summary: 'Rule on a contested return on behalf of a manager',
    description:
      'The return is ruled on once the managers of both sides rule alike; until then each may rule differently. `overturn` reopens the handoff, `clarify` lets the return stand and puts the term more clearly.',
    done: 'Ruled.',
  },
  ruleBody,
)

export const readyRoute = moveRoute(
  'ready',
  {
    summary: 'Mark a returned lead as ready on behalf of marketing',
    description: 'What the return waited for has come: the lead is on the list of marketing again.',
    done: 'Marked.',
  },
  readyBody,
)

export const logAttemptRoute = createRoute({
  method: 'post',
  path: '/api/v1/handoffs/{id}/attempts',
  tags: ['Handoffs'],
  summary: 'Log a connect attempt',
  description: 'The agreement decides whether it counts; the answer says so, and why.',
  security,
  middleware: jsonBody,
  request: { params: handoffId, headers: idempotency, body: body(attemptBody) },
  responses: {
    201: answer('Logged.', loggedAttemptSchema),
    200: {
      ...answer('Logged before, by the same request.', loggedAttemptSchema),
      headers: replayed,
    },
    404: notFound,
    409: notNow,
    ...onWrite,
  },
})

export const correctAttemptRoute = createRoute({
  method: 'patch',
  path: '/api/v1/handoffs/{id}/attempts/{number}',
  tags: ['Handoffs'],
  summary: 'Correct a logged attempt',
  description:
    'What is left out stays. The attempt and those logged after it are judged again; a breach that was recorded stays. The event `AttemptCorrected` keeps what was said before.',
  security,
  middleware: jsonBody,
  request: { params: attemptNumber, headers: idempotency, body: body(correctionBody) },
  responses: {
    200: answer('Corrected, or logged like this already.', loggedAttemptSchema),
    404: problem('There is no such handoff in the workspace of the key, or no such attempt.'),
    409: notNow,
    ...onWrite,
  },
})

export const leadRoute = createRoute({
  method: 'get',
  path: '/api/v1/leads/{email}',
  tags: ['Leads'],
  summary: 'One lead: where it stands, how it got there, and its handoffs',
  security,
  request: { params: leadEmail },
  responses: {
    200: answer('The lead.', leadSchema),
    401: noKey,
    404: problem('There is no such lead in the workspace of the key.'),
  },
})

export const keepLeadRoute = createRoute({
  method: 'put',
  path: '/api/v1/leads/{email}',
  tags: ['Leads'],
  summary: 'Create a lead, or tell what is new of it',
  description:
    'What is told replaces what was known, what is left out stays; under `company` and `attributes` that is so key by key. `name` is required for a new lead. A new lead is in the lifecycle stage `lead` unless `lifecycleStage` says otherwise. It is scored soon afterwards.',
  security,
  middleware: jsonBody,
  request: { params: leadEmail, body: body(leadBody) },
  responses: {
    200: answer('Updated.', leadSchema),
    201: answer('Created.', leadSchema),
    404: problem('The path does not hold an e-mail address.'),
    409: problem(
      'The agreement does not let the lead come to this lifecycle stage; or sales has it now: `handoff` is the present state.',
    ),
    410: gone,
    ...onWrite,
  },
})

export const eraseLeadRoute = createRoute({
  method: 'delete',
  path: '/api/v1/leads/{email}',
  tags: ['Leads'],
  summary: 'Erase a lead for good',
  description:
    'What is left counts in the figures and names nobody; its messages in Slack are deleted. For 30 days nothing brings it back: what comes in about it is answered with 410. Erasing it again does nothing.',
  security,
  request: { params: leadEmail },
  responses: {
    204: { description: 'Erased.' },
    401: noKey,
    404: problem('There is no such lead in the workspace of the key.'),
  },
})

export const exportLeadRoute = createRoute({
  method: 'get',
  path: '/api/v1/leads/{email}/export',
  tags: ['Leads'],
  summary: 'Everything that is kept of a lead',
  security,
  request: { params: leadEmail },
  responses: {
    200: answer('All of it, as it is kept.', leadExportSchema),
    401: noKey,
    404: problem('There is no such lead in the workspace of the key.'),
  },
})

export const activitiesRoute = createRoute({
  method: 'post',
  path: '/api/v1/activities',
  tags: ['Leads'],
  summary: 'Tell what leads did: one activity, or a list of up to 1,000',
  description:
    'All are recorded or none. Leads that are not known are made, in the stage `lead`. The same activity twice counts once: by its `id`; else by the Idempotency-Key and its place in the list; else, where it has `at`, by what it says. Scores follow soon afterwards; an MQL that crosses the threshold is handed over.',
  security,
  middleware: jsonBodyOrList,
  request: { headers: idempotency, body: body(activitiesBody) },
  responses: { 202: answer('Recorded.', recordedSchema), 410: gone, ...onWrite },
})

export const whoWouldGetRoute = createRoute({
  method: 'get',
  path: '/api/v1/route',
  tags: ['Leads'],
  summary: 'Who would get a lead that came now, and why',
  description: 'By an e-mail address, a lead type, or both. Nothing is written, no turn is taken.',
  security,
  request: { query: whoWouldGetQuery },
  responses: { 200: answer('Where it would go.', whoWouldGetSchema), ...always },
})

export const agreementRoute = createRoute({
  method: 'get',
  path: '/api/v1/agreement',
  tags: ['Agreement and glossary'],
  summary: 'The version of the agreement that is in force',
  security,
  responses: { 200: answer('The agreement.', agreementInForceSchema), 401: noKey },
})

export const glossaryRoute = createRoute({
  method: 'get',
  path: '/api/v1/glossary',
  tags: ['Agreement and glossary'],
  summary: 'The terms that both teams agreed on',
  description: 'With `q`, the term that is meant, or the nearest ones.',
  security,
  request: { query: glossaryQuery },
  responses: { 200: answer('The terms.', glossarySchema), ...always },
})

const noWebhook = problem('There is no such webhook in the workspace of the key.')

export const addWebhookRoute = createRoute({
  method: 'post',
  path: '/api/v1/webhooks',
  tags: ['Webhooks'],
  summary: 'Have events sent to an address',
  description:
    'Every event is sent as `{ id, type, timestamp, data: { handoff, event, by } }`, signed as Standard Webhooks describes. What is not answered with 2xx is tried again for three days; `webhook-id` is the same each time.',
  security,
  middleware: jsonBody,
  request: { body: body(webhookBody) },
  responses: {
    201: answer('Kept. The secret is told this once.', newWebhookSchema),
    409: problem('There is a webhook for this address already, or there are too many.'),
    ...onWrite,
  },
})

export const webhooksRoute = createRoute({
  method: 'get',
  path: '/api/v1/webhooks',
  tags: ['Webhooks'],
  summary: 'The webhooks of the workspace',
  security,
  responses: { 200: answer('All of them.', webhooksSchema), 401: noKey },
})

export const removeWebhookRoute = createRoute({
  method: 'delete',
  path: '/api/v1/webhooks/{id}',
  tags: ['Webhooks'],
  summary: 'Remove a webhook, and its log',
  security,
  request: { params: webhookId },
  responses: { 204: { description: 'Removed.' }, 401: noKey, 404: noWebhook },
})

export const testWebhookRoute = createRoute({
  method: 'post',
  path: '/api/v1/webhooks/{id}/test',
  tags: ['Webhooks'],
  summary: 'Send a test now',
  description:
    'An event of the type `Test` is sent once. A test that is taken enables the webhook again.',
  security,
  request: { params: webhookId },
  responses: {
    200: answer('What came of it.', webhookTestedSchema),
    401: noKey,
    404: noWebhook,
  },
})

export const webhookLogRoute = createRoute({
  method: 'get',
  path: '/api/v1/webhooks/{id}/deliveries',
  tags: ['Webhooks'],
  summary: 'What was sent to a webhook in the last 30 days, newest first',
  security,
  request: { params: webhookId, query: webhookPage },
  responses: { 200: answer('A page.', webhookLogSchema), 404: noWebhook, ...always },
})

export const reportRoute = createRoute({
  method: 'get',
  path: '/api/v1/reports/sla',
  tags: ['Reports'],
  summary: 'The figures of the handoffs that were made in a period',
  description:
    'What has become of them by now: accepted, returned and why, how the clocks of the agreement were kept, how long it took and where the time went. With `Accept: text/csv` a table, a row for each group and one for all.',
  security,
  request: { query: reportQuery },
  responses: {
    200: {
      description: 'The figures.',
      content: {
        'application/json': { schema: reportSchema },
        'text/csv': { schema: z.string() },
      },
    },
    ...always,
  },
})
