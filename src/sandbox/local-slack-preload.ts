/**
 * Runs inside the local Slack's own process, before its code (Bun's `preload`), and adds at its
 * edges what the sandbox needs and local-slack 0.1.8 lacks:
 * - it listens on loopback only and refuses pages of other sites;
 * - it ends when Baton does, however that happens, and remembers its messages;
 * - messages keep their metadata, and those of the past their moment;
 * - people have their locale, and what they are beside their name;
 * - dates, lines and escaped characters are readable, and forms send the values they start with.
 */
import { EventEmitter } from 'node:events'
import { readFileSync, renameSync, writeFileSync } from 'node:fs'

type Fetch = (request: Request, server: unknown) => Response | undefined | Promise<Response>
type OnFrame = (socket: { data: { kind: string } }, frame: string | Buffer) => void
type Serve = { fetch: Fetch; websocket: { message: OnFrame }; hostname?: string }
declare const Bun: { serve(options: Serve): unknown }

type Message = { ts: string; thread_ts?: string; metadata?: unknown; blocks?: unknown }
type Field = {
  type: string
  action_id: string
  initial_value?: unknown
  initial_date?: unknown
  initial_option?: unknown
}
type FormBlock = { block_id: string; element?: Field }
type Channel = { id: string; is_im: boolean }
type Store = {
  addMessage(message: Message): Message
  messages: Map<string, Message[]>
  channels: Map<string, Channel>
  homeViews: Map<string, Map<string, unknown>>
  /** The open forms, the one on top last. */
  modalStack: { blocks?: FormBlock[] }[]
}
type Saved = {
  messages: [string, Message[]][]
  channels: Channel[]
  homeViews: [string, [string, unknown][]][]
}

const stateFile = 'state.json'
const saveAfterMs = 100
const keptPerChannel = 1_000
const settings: { people: Record<string, { locale: string; realName: string }> } = JSON.parse(
  readFileSync('settings.json', 'utf8'),
)

let store: (EventEmitter & Store) | undefined
let saveTimer: NodeJS.Timeout | undefined

function isStore(emitter: EventEmitter): emitter is EventEmitter & Store {
  return ['messages', 'channels', 'homeViews'].every(
    (key) => Reflect.get(emitter, key) instanceof Map,
  )
}

// The workspace is an event emitter that sets this once, when its maps exist and are still empty.
const setMaxListeners = EventEmitter.prototype.setMaxListeners
EventEmitter.prototype.setMaxListeners = function (this: EventEmitter, count: number) {
  if (isStore(this)) store = this
  return setMaxListeners.call(this, count)
}

function restore(target: Store): void {
  let saved: Saved
  try {
    saved = JSON.parse(readFileSync(stateFile, 'utf8'))
  } catch {
    return // the first start
  }
  for (const channel of saved.channels) target.channels.set(channel.id, channel)
  for (const [channel, messages] of saved.messages) {
    if (target.channels.has(channel)) target.messages.set(channel, messages)
  }
  for (const [user, views] of saved.homeViews) target.homeViews.set(user, new Map(views))
}

function save(): void {
  saveTimer = undefined
  if (store === undefined) return
  const saved: Saved = {
    messages: [...store.messages].map(([id, messages]) => [id, messages.slice(-keptPerChannel)]),
    channels: [...store.channels.values()].filter((channel) => channel.is_im),
    homeViews: [...store.homeViews].map(([user, views]) => [user, [...views]]),
  }
  writeFileSync(`${stateFile}.new`, JSON.stringify(saved))
  renameSync(`${stateFile}.new`, stateFile)
}

function saveSoon(): void {
  if (saveTimer === undefined) saveTimer = setTimeout(save, saveAfterMs)
}

/** Cards of handoffs from before the first start stand at the moments of these. */
function datePast(target: Store): void {
  const add = target.addMessage.bind(target)
  target.addMessage = (message) => {
    const [handoff] = /hof_\w+/.exec(JSON.stringify(message.blocks ?? [])) ?? []
    const ts = handoff === undefined ? undefined : pastMoments()[handoff]
    if (ts !== undefined && message.thread_ts === undefined) message.ts = ts
    return add(message)
  }
}

function pastMoments(): Record<string, string> {
  try {
    return JSON.parse(readFileSync('past.json', 'utf8'))
  } catch {
    return {} // not yet
  }
}

function keepState(target: EventEmitter & Store): void {
  restore(target)
  datePast(target)
  for (const change of [
    'message',
    'message_update',
    'message_delete',
    'channel',
    'home',
    'reset',
  ]) {
    target.on(change, saveSoon)
  }
  process.on('exit', save)
}

const loopback = new Set(['localhost', '127.0.0.1', '[::1]'])

/** No page of another site may drive the workspace, by its own name or by one bent to loopback. */
function isFromHere(request: Request): boolean {
  const origin = request.headers.get('origin')
  const asked = [request.url, ...(origin === null ? [] : [origin])]
  return asked.every((url) => URL.canParse(url) && loopback.has(new URL(url).hostname))
}

function parse(value: unknown): unknown {
  try {
    return typeof value === 'string' ? JSON.parse(value) : value
  } catch {
    return undefined
  }
}

const noWidth = '\u200b'
const plain: Record<string, string> = { '&amp;': '&', '&lt;': `<${noWidth}`, '&gt;': `${noWidth}>` }

/**
 * Its pages draw neither Slack's dates (their fallback is shown instead) nor escaped characters (a
 * character without width keeps them from being read as links), nor a field for e-mail addresses.
 */
function readable(text: string): string {
  return text
    .replace(/<!date\^[^|>]*\|([^>]*)>/g, '$1')
    .replace(/&(amp|lt|gt);/g, (escaped) => plain[escaped] ?? escaped)
    .replace(
      /"type":"(email_text_input|url_text_input|number_input)"/g,
      '"type":"plain_text_input"',
    )
}

const shownTo = /^\/(api\/(chat|views)\.\w+|_hooks\/response\/.+)$/

/** The request with what people will read made readable. */
async function rewritten(request: Request): Promise<Request> {
  const text = await request.text()
  const isJson = request.headers.get('content-type')?.includes('json') === true
  const fields = new URLSearchParams(isJson ? '' : text)
  for (const [name, value] of [...fields]) fields.set(name, readable(value))
  const headers = new Headers(request.headers)
  headers.delete('content-length')
  return new Request(request.url, {
    method: 'POST',
    headers,
    body: isJson ? readable(text) : String(fields),
  })
}

type Posted = { ok: boolean; channel?: string; ts?: string }
/** The answer names the message by the moment that it has now. */
async function withOwnTs(response: Response): Promise<Response> {
  const answer: { ts?: string; message?: Message } = JSON.parse(await response.text())
  return Response.json({ ...answer, ...(answer.message && { ts: answer.message.ts }) })
}

type Person = { id: string; profile?: object }
type People = { user?: Person; members?: Person[] }

async function keepMetadata(request: Request, response: Response): Promise<void> {
  const text = await request.text()
  const isJson = request.headers.get('content-type')?.includes('json') === true
  const given: { metadata?: unknown } = isJson
    ? JSON.parse(text)
    : Object.fromEntries(new URLSearchParams(text))
  const { channel = '', ts }: Posted = JSON.parse(await response.text())
  const message = store?.messages.get(channel)?.find((one) => one.ts === ts)
  if (message === undefined || given.metadata === undefined) return
  message.metadata = parse(given.metadata)
  saveSoon()
}

/** Its pages show people with what they are, "Anna Rossi · rep"; who asks is told the name alone. */
async function completePeople(response: Response): Promise<Response> {
  const answer: People = JSON.parse(await response.text())
  for (const person of [...(answer.members ?? []), ...(answer.user ? [answer.user] : [])]) {
    const { locale, realName } = settings.people[person.id] ?? { locale: 'en-US' }
    Object.assign(person, { locale })
    if (realName === undefined) continue
    Object.assign(person, { real_name: realName })
    Object.assign(person.profile ?? {}, { real_name: realName })
  }
  return Response.json(answer)
}

async function complete(
  path: string,
  request: Request,
  answer: (asked: Request) => Promise<Response>,
) {
  if (path === '/api/users.info' || path === '/api/users.list')
    return completePeople(await answer(request))
  const asked = shownTo.test(path) && request.method === 'POST' ? await rewritten(request) : request
  if (path !== '/api/chat.postMessage' && path !== '/api/chat.update') return answer(asked)
  const copy = asked.clone()
  const response = await withOwnTs(await answer(asked))
  await keepMetadata(copy, response.clone()).catch(() => undefined)
  return response
}

function firstValue({ type, initial_value, initial_date, initial_option }: Field) {
  if (initial_value !== undefined) return { type, value: initial_value }
  if (initial_date !== undefined) return { type, selected_date: initial_date }
  return initial_option === undefined ? undefined : { type, selected_option: initial_option }
}

/** Its forms send only the fields that were touched: the others get the value they started with. */
function withFirstValues(frame: string): string {
  const sent: { t: string; values?: Record<string, Record<string, unknown>> } = JSON.parse(frame)
  if (sent.t !== 'view_submit') return frame
  const values = sent.values ?? {}
  for (const { block_id: id, element } of store?.modalStack.at(-1)?.blocks ?? []) {
    const first = element && firstValue(element)
    if (first === undefined || values[id]?.[element?.action_id ?? ''] !== undefined) continue
    values[id] = { ...values[id], [element?.action_id ?? '']: first }
  }
  return JSON.stringify({ ...sent, values })
}

const send = globalThis.fetch

/** What Baton says with an acknowledgement is shown as it comes: it is made readable too. */
globalThis.fetch = async (...request: Parameters<typeof send>): Promise<Response> => {
  const response = await send(...request)
  if (response.headers.get('content-type')?.includes('json') !== true) return response
  const { status } = response
  const headers = { 'content-type': 'application/json' }
  return new Response(readable(await response.text()), { status, headers })
}

/** Its page runs the lines of a plain text together. */
async function withLines(page: Response | undefined | Promise<Response>): Promise<Response> {
  const response = (await page) ?? new Response(null, { status: 404 })
  if (response.headers.get('content-type')?.includes('html') !== true) return response
  const html = await response.text()
  const style = '<style>.bk-section,.bk-context,.bk-field{white-space:pre-line}</style></head>'
  return new Response(
    html.replace('</head>', () => style),
    {
      headers: { 'content-type': 'text/html;charset=utf-8' },
    },
  )
}

const serve = Bun.serve
Bun.serve = (options) => {
  if (store !== undefined) keepState(store)
  const fetch: Fetch = (request, server) => {
    if (!isFromHere(request)) return new Response('Only for this machine\n', { status: 403 })
    const path = new URL(request.url).pathname
    if (path === '/') return withLines(options.fetch(request, server))
    if (!/^\/(api|_hooks)\//.test(path)) return options.fetch(request, server)
    return complete(
      path,
      request,
      async (asked) => (await options.fetch(asked, server)) ?? new Response(null, { status: 404 }),
    )
  }
  const message: OnFrame = (socket, frame) =>
    options.websocket.message(socket, withFirstValues(String(frame)))
  const websocket = { ...options.websocket, message }
  return serve({ ...options, websocket, fetch, hostname: '127.0.0.1' })
}

// Baton holds the other end of standard input: it closes even where Baton was killed.
process.stdin.on('end', () => process.exit(0))
process.stdin.on('error', () => process.exit(0))
process.stdin.resume()
