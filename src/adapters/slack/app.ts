import type { RequestListener } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ReceiverEvent } from '@slack/bolt'
import { App, HTTPReceiver, LogLevel, SocketModeReceiver } from '@slack/bolt'
import type { WebClient } from '@slack/web-api'
import type { Logger } from 'pino'
import type { ChannelDoor } from '../../use-cases/ports/channels.ts'
import type { HomeDoor } from '../../use-cases/ports/home.ts'
import type { World } from '../../use-cases/ports/world.ts'
import { statusOf } from './faults.ts'
import type { Desk } from './features/feature.ts'
import { features, tablesOf } from './features/index.ts'
import { listen } from './listeners.ts'

/** How Slack reaches Baton: signed requests to the HTTP server, or a socket that Baton opens. */
export type SlackMode =
  | { kind: 'http'; signingSecret: string }
  | { kind: 'socket'; appToken: string }

export interface SlackAppOptions {
  mode: SlackMode
  botToken: string
  client: WebClient
  world: World
  /** Slack's team id of the workspace that Baton is installed in. */
  workspaceId: string
  log: Logger
  /** Has the card of a handoff drawn again, also where nothing has changed. */
  refreshCard: Desk['refreshCard']
  /** Tells that homes are to be drawn. */
  homes?: HomeDoor
  /** Told that Baton has come into a channel. */
  channels?: ChannelDoor
}

export interface SlackApp {
  /** What stands behind `/slack/events`; null in Socket Mode. */
  requestListener: RequestListener | null
  /** Takes one request as a receiver hands it over; for tests without a network. */
  processEvent(event: ReceiverEvent): Promise<void>
  start(): Promise<void>
  stop(): Promise<void>
}

/** Everything that Slack sends stays far below this. */
const bodyLimit = '256kb'

/** Slack has long given up by then; the connection is closed with 503. */
const noAnswerMs = 10_000

/** How long a stop waits for what came in before it. */
const lastAnswersMs = 3_000

/** How long a stop waits for Slack to close its side of the socket. */
const goodbyeMs = 1_000

/** Builds the Slack app. It is deaf until it is started, or its listener put behind a server. */
export function createSlackApp(options: SlackAppOptions): SlackApp {
  const { mode, botToken, client, world, workspaceId, refreshCard, homes, channels } = options
  const log = options.log.child({ part: 'slack' })
  const logger = quietLogger(log)
  const clientOptions = {
    slackApiUrl: client.slackApiUrl,
    retryConfig: { retries: 0 },
    timeout: 10_000,
    rejectRateLimitedCalls: true,
  }
  const receiver =
    mode.kind === 'http'
      ? httpReceiver(mode.signingSecret, logger)
      : socketReceiver(mode.appToken, client.slackApiUrl, logger)

  const app = new App({
    receiver,
    logger,
    logLevel: LogLevel.WARN,
    clientOptions,
    convoStore: false,
    attachFunctionToken: false,
    ignoreSelf: true,
    // One workspace is installed, and its token is known: nothing to ask Slack for. For an event
    // or a form of a shared channel Bolt names the team that installed the app, not the user's.
    authorize: async ({ teamId }) => {
      if (teamId !== workspaceId) throw new Error('of a workspace that Baton is not installed in')
      return { botToken, teamId }
    },
  })
  app.error(async (fault) => {
    throw fault
  })
  listen(app, tablesOf(features), { world, workspaceId, refreshCard, homes, channels, log }, client)
  const attended = attendToAll(app)

  return {
    requestListener: 'requestListener' in receiver ? receiver.requestListener : null,
    processEvent: (event) => app.processEvent(event),
    async start() {
      if (mode.kind === 'socket') await app.start()
    },
    async stop() {
      // what came in is still acknowledged over the socket
      await attended(lastAnswersMs)
      if (!('requestListener' in receiver)) await disconnect(receiver)
    },
  }
}

function httpReceiver(signingSecret: string, logger: BoltLogger): HTTPReceiver {
  return new HTTPReceiver({
    signingSecret,
    logger,
    bodyLimit,
    unhandledRequestTimeoutMillis: noAnswerMs,
    unhandledRequestHandler: ({ response }) => {
      if (!response.headersSent) response.writeHead(503).end()
    },
    processEventErrorHandler: async ({ error, response }) => {
      if (!response.headersSent) response.writeHead(statusOf(error)).end()
      return true
    },
  })
}

function socketReceiver(
  appToken: string,
  slackApiUrl: string,
  logger: BoltLogger,
): SocketModeReceiver {
  return new SocketModeReceiver({
    appToken,
    logger,
    // Once it gives up to ask for a socket, its client rejects where nobody can catch that and the
    // process ends: so it never gives up.
    installerOptions: {
      clientOptions: {
        slackApiUrl,
        timeout: 10_000,
        retryConfig: { forever: true, minTimeout: 1_000, maxTimeout: 30_000, unref: true },
      },
    },
    processEventErrorHandler: async ({ error }) => statusOf(error) < 500,
  })
}

/** Ends the socket; a second call does not wait for the other side to say goodbye. */
async function disconnect({ client }: SocketModeReceiver): Promise<void> {
  const ended = client.disconnect()
  const onTime = await Promise.race([
    ended.then(() => true),
    sleep(goodbyeMs, false, { ref: false }),
  ])
  if (!onTime) await client.disconnect()
}

/**
 * Acknowledges what no listener took, which Bolt leaves open. Gives a way to wait until all that
 * came in is done, for a bounded time.
 */
function attendToAll(app: App): (atMostMs: number) => Promise<void> {
  const process = app.processEvent.bind(app)
  const underway = new Set<Promise<void>>()

  async function attend(event: ReceiverEvent): Promise<void> {
    let acknowledged = false
    await process({
      ...event,
      ack: async (response) => {
        acknowledged = true
        await event.ack(response)
      },
    })
    if (!acknowledged) await event.ack()
  }

  app.processEvent = (event) => {
    const request = attend(event)
    underway.add(request)
    return request.finally(() => underway.delete(request))
  }
  return async (atMostMs) => {
    const settled = Promise.allSettled(underway)
    await Promise.race([settled, sleep(atMostMs, undefined, { ref: false })])
  }
}

type BoltLogger = NonNullable<ConstructorParameters<typeof HTTPReceiver>[0]['logger']>

/**
 * Bolt's words in our log. What it says at its lower levels holds bodies and is dropped; of the
 * rest only texts are kept, since errors may hold requests.
 */
function quietLogger(log: Logger): BoltLogger {
  const texts = (parts: unknown[]): string =>
    parts.filter((part) => typeof part === 'string').join(' ')
  return {
    debug: () => {},
    info: () => {},
    warn: (...parts) => log.debug(texts(parts)),
    error: (...parts) => log.warn(texts(parts)),
    setLevel: () => {},
    setName: () => {},
    getLevel: () => LogLevel.WARN,
  }
}
