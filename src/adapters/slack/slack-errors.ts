import {
  WebAPIHTTPError,
  WebAPIPlatformError,
  WebAPIRateLimitedError,
  WebAPIRequestError,
} from '@slack/web-api'
import type { Said } from '../../use-cases/ports/delivery.ts'

type NotDone = Exclude<Said, { kind: 'done' }>

/** An operator can mend these, so what was to be said waits. */
const mendable: Record<string, string> = {
  account_inactive: 'the bot was removed: install the app again and set its new token',
  invalid_auth: 'check SLACK_BOT_TOKEN',
  missing_scope: 'install the app again with the scopes of manifest.yml',
  no_permission: 'install the app again with the scopes of manifest.yml',
  not_allowed_token_type: 'SLACK_BOT_TOKEN must be a bot token (xoxb-)',
  not_authed: 'set SLACK_BOT_TOKEN',
  org_login_required: 'the workspace is being moved: wait until its administrators are done',
  team_access_not_granted: 'give the app access to this workspace',
  team_added_to_org: 'the workspace is being moved: wait until its administrators are done',
  token_expired: 'set a new SLACK_BOT_TOKEN',
  token_revoked: 'install the app again and set its new token',
}

/** What to do about those that Slack will never take. */
const hints: Record<string, string> = {
  cant_update_message: 'the message belongs to another app',
  channel_not_found: 'create the channel, or invite Baton to it, or correct the agreement',
  is_archived: 'unarchive the channel, or name another in the agreement',
  message_not_found: 'the message was deleted',
  not_in_channel: 'invite Baton to the channel with /invite @Baton',
  restricted_action: 'an administrator must let Baton post in the channel',
  restricted_action_read_only_channel: 'an administrator must let Baton post in the channel',
}

/** Slack failed on its side, and may have taken the message nevertheless. */
const passing: readonly string[] = [
  'fatal_error',
  'internal_error',
  'request_timeout',
  'service_unavailable',
]

/** The request never left: nobody was there to take it. */
const unreached: readonly string[] = [
  'EAI_AGAIN',
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'UND_ERR_CONNECT_TIMEOUT',
]

const mendableAfterMs = 5 * 60_000
const rateLimitedAfterMs = 30_000

/**
 * Sorts what a call to Slack failed with into later and never. What is not known for certain may
 * have been taken. The error tells no more than Slack's own words for it.
 */
export function sortOut(error: unknown): NotDone {
  if (error instanceof WebAPIRateLimitedError) return rateLimited(error.retryAfter * 1_000)
  if (error instanceof WebAPIHTTPError) return uncertain(`HTTP ${error.statusCode}`)
  if (error instanceof WebAPIRequestError) {
    const code = codeOf(error.original)
    return { ...uncertain(code), ambiguous: !unreached.includes(code) }
  }
  const refusal = refusalOf(error)
  if (refusal === undefined) return uncertain(codeOf(error))
  if (refusal === 'ratelimited' || refusal === 'rate_limited') {
    return rateLimited(rateLimitedAfterMs)
  }
  if (passing.includes(refusal)) return uncertain(refusal)
  const mend = mendable[refusal]
  if (mend !== undefined) {
    const text = [refusal, ...neededScope(error), mend].join(': ')
    return { kind: 'later', afterMs: mendableAfterMs, error: text, ambiguous: false, whole: true }
  }
  return { kind: 'never', error: [refusal, hints[refusal] ?? faultsIn(error)].join(': ') }
}

const rateLimited = (afterMs: number): NotDone => ({
  kind: 'later',
  afterMs,
  error: 'ratelimited',
  ambiguous: false,
  whole: true,
})

const uncertain = (error: string): NotDone & { kind: 'later' } => ({
  kind: 'later',
  afterMs: null,
  error,
  ambiguous: true,
  whole: false,
})

/** The scope that the token lacks, where Slack names it. */
export function neededScope(error: unknown): string[] {
  if (!(error instanceof WebAPIPlatformError) || !('needed' in error.data)) return []
  const { needed } = error.data
  return typeof needed === 'string' && /^[a-z.:,_-]{1,200}$/.test(needed) ? [needed] : []
}

/** Slack's name of the error; undefined for what Slack did not say (a proxy's page, say). */
export function refusalOf(error: unknown): string | undefined {
  if (!(error instanceof WebAPIPlatformError)) return undefined
  const name: unknown = error.data.error
  return typeof name === 'string' && /^[a-z][a-z0-9_-]{0,80}$/.test(name) ? name : undefined
}

/** For a deletion: what somebody has deleted before is gone, as it should be. */
export function asGone(error: unknown): object {
  if (refusalOf(error) === 'message_not_found') return {}
  throw error
}

/** Where in the message Slack sees the fault, without what stands there. */
function faultsIn(error: unknown): string {
  if (!(error instanceof WebAPIPlatformError)) return 'Slack refuses it'
  const messages = error.data.response_metadata?.messages ?? []
  const places = messages.flatMap((text) => text.match(/\[json-pointer:[\w/-]*\]/g) ?? [])
  return places.length === 0 ? 'Slack refuses it' : `Slack refuses ${places.slice(0, 5).join(', ')}`
}

/** The first code among an error and its causes, or else its name. */
function codeOf(error: unknown): string {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ('code' in cause && typeof cause.code === 'string') return cause.code
  }
  return error instanceof Error ? error.name : 'unknown error'
}
