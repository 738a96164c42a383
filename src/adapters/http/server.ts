import {
  createServer as createHttpServer,
  type RequestListener,
  type ServerResponse,
} from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener, RequestError } from '@hono/node-server'
import type { Metrics } from './metrics.ts'
import { type Problem, problemResponse, writeProblem } from './problem.ts'
import { guardSlack } from './slack-front.ts'

/** Where everything that Slack sends comes in. */
const slackPath = '/slack/events'

export interface ServerOptions {
  /** Bolt's receiver with the secret that its requests are signed with; null in Socket Mode. */
  slack: { listener: RequestListener; signingSecret: string } | null
  /** Everything else: the fetch handler of the API. */
  api: (request: Request) => Response | Promise<Response>
  metrics?: Metrics
  log: { error(about: object, message: string): void }
  now?: () => Date
  /** How long requests in flight may take once the server is closing; 5 s. */
  closeWithinMs?: number
}

export interface Server {
  /** Resolves to where it listens (port 0 takes a free one); refuses a port that is taken. */
  listen(host: string, port: number): Promise<{ host: string; port: number }>
  /** Stops accepting, lets requests in flight finish for a while, then cuts the rest. */
  close(): Promise<void>
}

/** The one HTTP server: path checks, then Slack's entrance or the API. */
export function createServer({
  slack,
  api,
  metrics,
  log,
  now,
  closeWithinMs = 5_000,
}: ServerOptions): Server {
  const toApi = getRequestListener(api, {
    overrideGlobalObjects: false,
    errorHandler: (error) => {
      if (error instanceof RequestError)
        return problemResponse({ status: 400, detail: 'The request is not well formed.' })
      log.error({ error: nameOf(error) }, 'a request ended in a fault outside the API')
      return problemResponse({ status: 500, detail: 'Something went wrong.' })
    },
  })
  const toSlack =
    slack === null ? undefined : guardSlack({ ...slack, now: now ?? (() => new Date()) })

  const inFlight = new Set<ServerResponse>()
  let closing = false

  const server = createHttpServer(
    {
      headersTimeout: 10_000,
      requestTimeout: 30_000,
      // Longer than the usual 60 s of proxies, so that they, not we, end an idle connection.
      keepAliveTimeout: 65_000,
      connectionsCheckingInterval: 5_000,
    },
    (request, response) => {
      inFlight.add(response)
      if (closing) response.setHeader('connection', 'close')
      response.once('close', () => {
        inFlight.delete(response)
        if (closing) server.closeIdleConnections()
      })
      const route = routeOf(request.url ?? '')
      if (typeof route !== 'string') return writeProblem(response, route)
      if (route !== slackPath || toSlack === undefined) return void toApi(request, response)
      if (metrics !== undefined) measure(response, metrics)
      toSlack(request, response).catch((error: unknown) => {
        // A request that was cut off has nobody to answer to.
        if (request.destroyed && !request.complete) return response.destroy()
        log.error({ error: nameOf(error) }, 'a request of Slack ended in a fault')
        writeProblem(response, { status: 500, detail: 'Something went wrong.' })
      })
    },
  )

  return {
    listen: (host, port) =>
      new Promise((resolve, reject) => {
        const fail = (error: NodeJS.ErrnoException) => reject(explained(error, host, port))
        server.once('error', fail)
        server.listen({ host, port }, () => {
          server.off('error', fail)
          server.on('error', (error) => log.error({ error: nameOf(error) }, 'the server failed'))
          resolve({ host, port: portOf(server.address()) ?? port })
        })
      }),
    close: () =>
      new Promise((resolve) => {
        closing = true
        if (!server.listening) return resolve()
        for (const response of inFlight) {
          if (!response.headersSent) response.setHeader('connection', 'close')
        }
        const cut = setTimeout(() => server.closeAllConnections(), closeWithinMs)
        server.close(() => {
          clearTimeout(cut)
          resolve()
        })
        server.closeIdleConnections()
      }),
  }
}

/** The path of a request, or why it leads nowhere: what can't be decoded must not reach a router. */
function routeOf(url: string): string | Problem {
  const path = url.split('?', 1)[0] ?? ''
  if (!path.startsWith('/')) return { status: 400, detail: 'The path must begin with a slash.' }
  if (path.includes('//')) return { status: 404, detail: 'There is nothing at this path.' }
  const decoded = decode(path)
  if (decoded === undefined || decoded.includes('\u0000') || decoded.includes('\\')) {
    return { status: 400, detail: 'The path is not well formed.' }
  }
  return path
}

function decode(path: string): string | undefined {
  try {
    return decodeURIComponent(path)
  } catch {
    return undefined
  }
}

function measure(response: ServerResponse, { requests, requestSeconds }: Metrics): void {
  const stop = requestSeconds.startTimer({ route: slackPath })
  response.once('close', () => {
    stop()
    requests.inc({ method: 'POST', route: slackPath, status: response.statusCode })
  })
}

const reasons: Record<string, string> = {
  EADDRINUSE: 'it is taken by another program',
  EACCES: 'this account may not open it',
  EADDRNOTAVAIL: 'this machine does not have that address',
  ENOTFOUND: 'this machine does not know that host',
}

/** The error says which port, keeps the system's code, and leaves what to do to the caller. */
function explained(error: NodeJS.ErrnoException, host: string, port: number): Error {
  const reason = reasons[error.code ?? ''] ?? error.message
  return Object.assign(
    new Error(`can't listen on ${host}, port ${port}: ${reason}`, { cause: error }),
    {
      code: error.code,
    },
  )
}

const portOf = (address: AddressInfo | string | null): number | undefined =>
  address !== null && typeof address === 'object' ? address.port : undefined

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : typeof error)
