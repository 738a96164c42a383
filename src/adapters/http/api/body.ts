import type { Context, MiddlewareHandler } from 'hono'
import { HTTPException } from 'hono/http-exception'
import type { Environment } from './environment.ts'
import { fail, pointerTo } from './errors.ts'

const limitBytes = 1024 * 1024
/** Far deeper than anything sensible, far from the depth at which recursion ends a process. */
const deepest = 50

/**
 * Reads the body of a request as a JSON object before any schema sees it. Refuses other media types
 * (415), more than 1 MiB (413), what is no JSON or nested too deep (400), and what no database or
 * program can hold: `__proto__` as a key, NUL, broken characters (422).
 */
export const jsonBody: MiddlewareHandler<Environment> = async (context, next) => {
  if (Array.isArray(await readJson(context))) {
    fail({ status: 400, detail: 'The body must be a JSON object.' })
  }
  await next()
}

/** The same where the body may be a list. */
export const jsonBodyOrList: MiddlewareHandler<Environment> = async (context, next) => {
  await readJson(context)
  await next()
}

async function readJson(context: Context<Environment>): Promise<unknown> {
  const type = context.req.header('content-type') ?? ''
  if (!/^application\/([a-z.-]+\+)?json(;\s*[a-z0-9-]+=[^;]+)*$/i.test(type)) {
    fail({ status: 415, detail: 'Send the body as application/json.' })
  }
  const text = decode(await readBytes(context))
  if (nesting(text) > deepest) {
    fail({ status: 400, detail: `The body is nested deeper than ${deepest} levels.` })
  }
  const sent = parse(text)
  if (typeof sent !== 'object' || sent === null) {
    fail({ status: 400, detail: 'The body must be a JSON object.' })
  }
  refuseUnholdable(sent, [])
  context.set('sent', sent)
  return sent
}

async function readBytes(context: Context<Environment>): Promise<Uint8Array> {
  const { req } = context
  const length = req.header('content-length')
  if (Number(length ?? 0) > limitBytes) return tooLarge()
  try {
    // The server holds a body to its declared length; without one it is counted here.
    if (length !== undefined) return new Uint8Array(await req.arrayBuffer())
    const bytes = await readAtMost(limitBytes, req.raw.body)
    const { method, url, raw } = req
    if (bytes !== undefined)
      req.raw = new Request(url, { method, headers: raw.headers, body: bytes })
    return bytes ?? tooLarge()
  } catch (error) {
    if (error instanceof HTTPException) throw error
    return fail({ status: 400, detail: 'The body ended too early.' })
  }
}

async function readAtMost(
  most: number,
  body: ReadableStream<Uint8Array> | null,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of body ?? []) {
    size += chunk.byteLength
    if (size > most) return undefined
    chunks.push(chunk)
  }
  return new Uint8Array(Buffer.concat(chunks, size))
}

const tooLarge = (): never => fail({ status: 413, detail: 'The body is larger than 1 MiB.' })

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return fail({ status: 400, detail: 'The body is not UTF-8.' })
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return fail({ status: 400, detail: 'The body is not well-formed JSON.' })
  }
}

/** How deep brackets are nested outside of strings, in one pass. */
function nesting(text: string): number {
  let depth = 0
  let most = 0
  let inString = false
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (inString) {
      if (code === backslash) i++
      else if (code === quote) inString = false
    } else if (code === quote) inString = true
    else if (code === openBrace || code === openBracket) most = Math.max(most, ++depth)
    else if (code === closeBrace || code === closeBracket) depth--
  }
  return most
}

const [quote, backslash, openBrace, closeBrace, openBracket, closeBracket] = [
  34, 92, 123, 125, 91, 93,
]

function refuseUnholdable(value: unknown, path: PropertyKey[]): void {
  if (typeof value === 'string') refuseText(value, path)
  if (typeof value !== 'object' || value === null) return
  for (const [key, inner] of Object.entries(value)) {
    const here = [...path, Array.isArray(value) ? Number(key) : key]
    if (key === '__proto__') refuse(path, 'must not have the key __proto__')
    refuseText(key, path)
    refuseUnholdable(inner, here)
  }
}

function refuseText(text: string, path: PropertyKey[]): void {
  if (text.includes('\u0000') || !text.isWellFormed()) {
    refuse(path, 'must not hold NUL or broken characters')
  }
}

function refuse(path: PropertyKey[], detail: string): never {
  const errors = [{ pointer: pointerTo(path), detail }]
  return fail({ status: 422, detail: 'The body does not fit: see errors.', errors })
}
