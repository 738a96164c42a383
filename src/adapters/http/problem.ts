import { type ServerResponse, STATUS_CODES } from 'node:http'

/** A fault in a request: where (a JSON pointer into the body, or a parameter) and what is wrong. */
export type Fault = { pointer: string; detail: string } | { parameter: string; detail: string }

export type ProblemStatus =
  | 400
  | 401
  | 403
  | 404
  | 405
  | 409
  | 410
  | 413
  | 415
  | 422
  | 429
  | 500
  | 503

/** Why a request was not done, as RFC 9457 has it. `more` holds members of our own. */
export interface Problem {
  status: ProblemStatus
  /** A sentence for the one who asked: what is wrong and what to do. */
  detail: string
  errors?: Fault[]
  more?: Record<string, unknown>
  headers?: Record<string, string>
}

const contentType = 'application/problem+json'

/** The problem as the answer of a fetch handler. */
export function problemResponse(problem: Problem): Response {
  const headers = { ...problem.headers, 'content-type': contentType }
  return new Response(bodyOf(problem), { status: problem.status, headers })
}

/** The problem as the answer of a `node:http` handler; nothing where an answer has begun. */
export function writeProblem(response: ServerResponse, problem: Problem): void {
  if (response.headersSent) return
  response.writeHead(problem.status, {
    ...problem.headers,
    'content-type': contentType,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  })
  response.end(bodyOf(problem))
}

function bodyOf({ status, detail, errors, more }: Problem): string {
  const title = STATUS_CODES[status]
  return JSON.stringify({ type: 'about:blank', title, status, detail, errors, ...more })
}
