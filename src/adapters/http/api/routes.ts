import { createRoute, type z } from '@hono/zod-openapi'
import { jsonBody } from './body.ts'
import { handoffPageSchema, handoffSchema, loggedAttemptSchema } from './handoff-schema.ts'
import { leadSchema } from './lead-schema.ts'
import {
  acceptBody,
  acknowledgeBody,
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
  leadEmail,
  outcomeBody,
  problemSchema,
  readyBody,
  reassignBody,
  returnBody,
  ruleBody,
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
const noKey = problem('The key is missing, unknown or revoked.')
const notFound = problem('There is no such handoff in the workspace of the key.')
const notAllowed = problem('The person may not do this, or it belongs to somebody else.')
const notNow = problem('Not possible now; `handoff` is the present state.')
const doesNotFit = problem(
  'The body does not fit or names what the agreement does not know; or the Idempotency-Key was used for another request.',
)
const tooLarge = problem('The body is larger than 1 MiB.')
const notJson = problem('The body is not sent as JSON.')

const always = { 400: badRequest, 401: noKey }
const onWrite = { ...always, 403: notAllowed, 413: tooLarge, 415: notJson, 422: doesNotFit }

const replayed = {
  'Idempotency-Replayed': {
    schema: { type: 'string' as const, enum: ['true'] },
    description: 'The request came before; nothing was done again.',
  },
}

export const handOffRoute = createRoute({
  method: 'post',
  path: '/api/v1/handoffs',
  tags: ['Handoffs'],
  summary: 'Hand a lead over to sales',
  description:
    'The card appears in the channel of the lead type, and the clocks of acceptance start. Only `lead.email`, `lead.name` and `reason` are required. Unknown keys under `lead.company` and `lead.attributes` are kept; elsewhere they are ignored.',
  security,
  middleware: jsonBody,
  request: { headers: idempotency, body: body(handOffBody) },
  responses: {
    201: answer('Handed over.', handoffSchema),
    200: {
      ...answer('Handed over before, by the same request.', handoffSchema),
      headers: replayed,
    },
    409: problem('The lead has an open handoff; `handoff` is its state.'),
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
    responses: { 200: answer(done, handoffSchema), 404: notFound, 409: notNow, ...onWrite },
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
