import { LogLevel, WebClient, type WebClientOptions } from '@slack/web-api'

const timeoutMs = 10_000
/** Slack asks for patience without saying how long. */
const bareRetryAfterSeconds = 30

type Fetch = NonNullable<WebClientOptions['fetch']>

/** The client fails oddly on a 429 without `Retry-After`: it gets one. */
const patientFetch: Fetch = async (url, init) => {
  const response = await fetch(url, init)
  if (response.status !== 429) return response
  if (/^\d+/.test(response.headers.get('retry-after') ?? '')) return response
  const headers = new Headers(response.headers)
  headers.set('retry-after', String(bareRetryAfterSeconds))
  return new Response(await response.text(), { status: 429, headers })
}

/**
 * A client of Slack's Web API that asks once and gives up after 10 seconds: trying again is the
 * outbox's work. `apiUrl` ends in `/api/`; Slack's own by default.
 */
export function createWebClient({
  token,
  apiUrl,
}: {
  token: string
  apiUrl?: string | undefined
}): WebClient {
  return new WebClient(token, {
    ...(apiUrl === undefined ? {} : { slackApiUrl: apiUrl }),
    allowAbsoluteUrls: false,
    fetch: patientFetch,
    logLevel: LogLevel.ERROR,
    rejectRateLimitedCalls: true,
    retryConfig: { retries: 0 },
    timeout: timeoutMs,
  })
}
