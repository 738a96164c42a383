import { createHmac, randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { z } from 'zod'
import { faultsOf, messageBlocksSchema, metadataSchema, viewSchema } from './slack-limits.ts'
import { acceptSocket, type ServerSocket } from './web-socket.ts'

/**
 * A small Slack on loopback: the Web API methods that Baton calls, signed requests towards Baton,
 * and faults on demand. It keeps to Slack's limits and error names, so that what passes here is
 * not refused there.
 */

export type FakeUser = {
  id: string
  name: string
  realName?: string
  email?: string
  locale?: string
  tz?: string
  isBot?: boolean
  isGuest?: boolean
  deleted?: boolean
  isAdmin?: boolean
  isOwner?: boolean
  /** Another team than this one: someone from a Slack Connect channel. */
  teamId?: string
  /** What else Slack tells of them, or in place of the above. */
  more?: Fields
}
/** Changes show at the next call, so that a test can let people join and leave. */
export type FakeGroup = {
  id: string
  handle: string
  users: string[]
  isDisabled?: boolean
}
export type FakeChannel = {
  id: string
  name: string
  isArchived?: boolean
  /** False where the bot was not invited. */
  hasBot?: boolean
}

type Fields = Record<string, unknown>

/** A file in Slack; `goesTo` is where Slack sends whoever downloads it. */
export type FakeFile = {
  id: string
  name: string
  mimetype: string
  user: string
  content: Buffer
  /** Where it was shared: in which channel, under which message. */
  shares: { channel: string; threadTs: string | undefined }[]
  goesTo?: string
  /** Slack says that the file is there. */
  url?: string
}

export type FakeMessage = {
  channel: string
  ts: string
  user: string
  text: string
  blocks: Fields[]
  thread_ts?: string
  metadata?: z.output<typeof metadataSchema>
  /** The one person who sees it, where it is ephemeral. */
  ephemeralTo?: string
  /** How often it was updated. */
  updates: number
}

/** A call that took effect, whether or not its answer arrived. */
export type Call = { method: string; args: Fields; at: number }

export type Fault =
  | 'ratelimited'
  | 'ratelimited-bare'
  | 500
  | 'hang'
  | 'reset'
  | 'accept-then-reset'
  | 'accept-then-hang'
  | { error: string; needed?: string; provided?: string }
export type FaultOptions = {
  with: Fault
  /** Calls that it meets; once by default. */
  times?: number
  /** Seconds in `Retry-After`; 1 by default. */
  retryAfter?: number
  /** The calls that it is for; all by default. */
  where?: (args: Fields) => boolean
}

export type ResponsePost = { body: Fields; at: number }
export type Sent = {
  status: number
  /** Parsed where it is JSON, else the text. */
  body: unknown
  headers: Headers
  /** What was posted to the request's `response_url` so far. */
  responses: readonly ResponsePost[]
  /** The next post to the `response_url` that was not returned yet. Refuses after 5 seconds. */
  nextResponse(): Promise<ResponsePost>
}

export type FakeView = {
  id: string
  hash: string
  type: string
  callback_id: string
  private_metadata: string
  blocks: Fields[]
  [key: string]: unknown
}

/** An answer to a form: a text, a date, an option's value, a user; several of them; nothing. */
export type FieldValue = string | readonly string[] | null

type Person = { user: string; channel?: string }
export type SignOptions = {
  body: string
  contentType?: string
  /** The time of signing in seconds since 1970; now by default. */
  timestamp?: number
  secret?: string
  headers?: Record<string, string>
}

export type FakeSlack = {
  apiUrl: string
  botToken: string
  /** Opens a socket (Socket Mode). While one is open, what goes to Baton goes over it. */
  appToken: string
  /** How many sockets are open. */
  openSockets(): number
  /** Closes them all, as Slack does now and then: orderly, or by cutting the line. */
  dropSockets(how: 'goodbye' | 'cut'): void
  botUserId: string
  signingSecret: string
  teamId: string
  appId: string
  calls: readonly Call[]
  /** Calls that were answered with an error or met a fault before they took effect. */
  refused: readonly (Call & { why: string })[]
  callsOf(method: string): Call[]
  messages(channel: string): FakeMessage[]
  /** The message and its replies, oldest first. */
  thread(channel: string, ts: string): FakeMessage[]
  fail(method: string, options: FaultOptions): void
  /** Forgets all faults that are still to come, and drops the calls that hang. */
  heal(): void
  /** Baton's address for signed requests, such as `http://127.0.0.1:3000/slack/events`. */
  sendTo(requestUrl: string): void
  signedRequest(options: SignOptions): Promise<Sent>
  sendCommand(command: Person & { command: string; text?: string }): Promise<Sent>
  /** Clicks a button, or takes an option of a menu (`value`), whether the message has it or not. */
  clickButton(
    click: Person & { actionId: string; value?: string; message: FakeMessage },
  ): Promise<Sent>
  /** The home that a person sees, once it was published. */
  homeOf(user: string): FakeView | undefined
  /** Clicks in a home: the button with that value, whether it is there or not. */
  clickInHome(click: { user: string; actionId: string; value: string }): Promise<Sent>
  /** Takes a value in an open form whose field reports its changes. */
  changeField(change: {
    user: string
    view: FakeView
    blockId: string
    value: FieldValue
  }): Promise<Sent>
  /** Submits a form; values by block id, what is left out keeps its first value. */
  submitView(form: {
    user: string
    view: FakeView
    values?: Record<string, FieldValue>
  }): Promise<Sent>
  closeView(form: { user: string; view: FakeView }): Promise<Sent>
  sendShortcut(shortcut: Person & { callbackId: string; message?: FakeMessage }): Promise<Sent>
  sendEvent(
    event: Fields & { type: string },
    delivery?: { eventId?: string; retry?: number },
  ): Promise<Sent>
  /** Files by id; what is done with one shows at the next call. */
  files: Map<string, FakeFile>
  /** What was downloaded: the path, and the token that came with it. */
  downloads: { path: string; authorization: string | undefined }[]
  /** Drops a file into the direct conversation with Baton, or into a channel, and tells of it. */
  dropFile(
    drop: Person &
      Pick<FakeFile, 'name'> &
      Omit<Partial<FakeFile>, 'content'> & { content: string | Buffer },
  ): Promise<FakeFile>
  /** The next view that was opened, pushed, updated or published and not returned yet. */
  nextView(): Promise<FakeView>
  /** Archives a channel, throws the bot out, and so on; with null it is gone. */
  changeChannel(id: string, changes: Partial<Omit<FakeChannel, 'id'>> | null): void
  /** What the token may do, as Slack tells with every answer; null: it does not tell. */
  tellScopes(scopes: readonly string[] | null): void
  /** Has somebody leave, and so on. */
  changeUser(id: string, changes: Partial<Omit<FakeUser, 'id'>>): void
  stop(): Promise<void>
}

const waitMs = 5_000
const triggerMs = 3_000
const responseUses = 5
const teamId = 'T0TEST'
const appId = 'A0TEST'
const botUserId = 'U0BATON'
const botToken = 'xoxb-fake-slack'
const appToken = 'xapp-fake-slack'
const signingSecret = 'fake-slack-signing-secret'

type Answer = { ok: boolean; error?: string; [key: string]: unknown }
type Method = (args: Fields) => Answer

const ok = (fields: Fields = {}): Answer => ({ ok: true, ...fields })
const no = (error: string, fields: Fields = {}): Answer => ({ ok: false, error, ...fields })
const textOf = (value: unknown) => (typeof value === 'string' ? value : '')
const isYes = (value: unknown) => value === true || value === 'true' || value === '1'
const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null
const fieldsIn = (value: unknown) => (Array.isArray(value) ? value.filter(isFields) : [])

/** The signature of Slack's scheme v0 over a body. */
export function sign(secret: string, timestamp: number, body: string): string {
  return `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex')}`
}

/** Starts it on a free port of loopback. */
export async function startFakeSlack(workspace: {
  users: readonly FakeUser[]
  channels: readonly FakeChannel[]
  groups?: readonly FakeGroup[]
  requestUrl?: string
}): Promise<FakeSlack> {
  const users = new Map(workspace.users.map((user) => [user.id, user]))
  const channels = new Map(workspace.channels.map((channel) => [channel.id, channel]))
  const messages: FakeMessage[] = []
  const calls: Call[] = []
  const refused: (Call & { why: string })[] = []
  let scopes: readonly string[] | null = null
  const files = new Map<string, FakeFile>()
  const downloads: FakeSlack['downloads'] = []
  const faults: (FaultOptions & { method: string; left: number })[] = []
  const triggers = new Map<string, { at: number; used: boolean }>()
  const responseUrls = new Map<string, { posts: Mailbox<ResponsePost>; message?: FakeMessage }>()
  const views = new Map<string, FakeView>()
  const homes = new Map<string, FakeView>()
  const shown = mailbox<FakeView>('view')
  const hanging = new Set<ServerResponse>()
  const endedSteps = new Set<string>()
  const sockets = new Set<ServerSocket>()
  const acknowledged = new Map<string, (payload: unknown) => void>()
  let requestUrl = workspace.requestUrl
  let base = ''
  let sequence = 0

  const next = () => {
    sequence += 1
    return sequence
  }
  const nextTs = () => `${Math.floor(Date.now() / 1_000)}.${String(next()).padStart(6, '0')}`

  // What people and channels look like from outside

  const userObject = (user: FakeUser, withLocale: boolean) => ({
    id: user.id,
    team_id: user.teamId ?? teamId,
    name: user.name,
    real_name: user.realName ?? user.name,
    deleted: user.deleted ?? false,
    is_bot: user.isBot ?? false,
    is_restricted: user.isGuest ?? false,
    is_ultra_restricted: false,
    is_admin: user.isAdmin ?? false,
    is_owner: user.isOwner ?? false,
    tz: user.tz ?? 'Europe/Rome',
    ...(withLocale && { locale: user.locale ?? 'en-US' }),
    profile: {
      real_name: user.realName ?? user.name,
      display_name: user.name,
      ...(user.email !== undefined && { email: user.email }),
    },
    ...user.more,
  })

  const groupObject = (group: FakeGroup, withUsers: boolean) => ({
    id: group.id,
    team_id: teamId,
    is_usergroup: true,
    name: group.handle,
    handle: group.handle,
    date_delete: group.isDisabled ? 1_795_000_000 : 0,
    user_count: group.users.length,
    ...(withUsers && { users: group.users }),
  })

  const channelObject = (channel: FakeChannel) => ({
    id: channel.id,
    name: channel.name,
    is_channel: true,
    is_archived: channel.isArchived ?? false,
    is_member: channel.hasBot ?? true,
  })

  const messageObject = (message: FakeMessage, withMetadata: boolean) => ({
    type: 'message',
    ts: message.ts,
    user: message.user,
    bot_id: 'B0BATON',
    app_id: appId,
    text: message.text,
    blocks: message.blocks,
    ...(message.thread_ts !== undefined && { thread_ts: message.thread_ts }),
    ...(withMetadata && message.metadata && { metadata: message.metadata }),
  })

  const openDm = (userId: string): FakeChannel => {
    const id = `D${userId.slice(1)}`
    const channel = channels.get(id) ?? { id, name: id }
    channels.set(id, channel)
    return channel
  }

  const findChannel = (given: unknown): FakeChannel | undefined => {
    const name = textOf(given).replace(/^#/, '')
    if (users.has(name)) return openDm(name)
    return channels.get(name) ?? [...channels.values()].find((channel) => channel.name === name)
  }

  const find = (channel: string, ts: unknown) =>
    messages.find(
      (one) => one.channel === channel && one.ts === ts && one.ephemeralTo === undefined,
    )

  const page = <T>(all: readonly T[], args: Fields) => {
    const start = Number(textOf(args.cursor) || 0)
    const end = start + (Number(args.limit) || all.length)
    return {
      items: all.slice(start, end),
      response_metadata: { next_cursor: end < all.length ? String(end) : '' },
    }
  }

  // Methods

  const contentFault = (args: Fields): Answer | undefined => {
    const lines = args.blocks === undefined ? [] : faultsOf(messageBlocksSchema, args.blocks)
    if (lines.length > 0) return invalid('invalid_blocks', lines)
    const metadata = args.metadata
    if (metadata !== undefined && !metadataSchema.safeParse(metadata).success) {
      return no('invalid_metadata_format')
    }
    if (textOf(args.text) === '') return no('no_text')
    return textOf(args.text).length > 40_000 ? no('msg_too_long') : undefined
  }

  const targetOf = (args: Fields): { channel: FakeChannel } | { fault: Answer } => {
    const channel = findChannel(args.channel)
    if (channel === undefined) return { fault: no('channel_not_found') }
    if (channel.isArchived) return { fault: no('is_archived') }
    if (channel.hasBot === false) return { fault: no('not_in_channel') }
    const fault = contentFault(args)
    return fault === undefined ? { channel } : { fault }
  }

  const add = (channel: FakeChannel, args: Fields, ephemeralTo?: string): FakeMessage => {
    const metadata = metadataSchema.safeParse(args.metadata)
    const message: FakeMessage = {
      channel: channel.id,
      ts: nextTs(),
      user: botUserId,
      text: textOf(args.text),
      blocks: fieldsIn(args.blocks),
      updates: 0,
      ...(textOf(args.thread_ts) !== '' && { thread_ts: textOf(args.thread_ts) }),
      ...(metadata.success && { metadata: metadata.data }),
      ...(ephemeralTo !== undefined && { ephemeralTo }),
    }
    messages.push(message)
    return message
  }

  const change = (message: FakeMessage, args: Fields): void => {
    const metadata = metadataSchema.safeParse(args.metadata)
    message.text = textOf(args.text)
    message.blocks = fieldsIn(args.blocks)
    message.updates += 1
    if (metadata.success) message.metadata = metadata.data
  }

  const remove = (message: FakeMessage): void => {
    messages.splice(messages.indexOf(message), 1)
  }

  const newFile = ({
    content,
    ...file
  }: Omit<Partial<FakeFile>, 'content'> &
    Pick<FakeFile, 'name' | 'user'> & { content: string | Buffer }) => {
    const id = file.id ?? `F${next()}`
    const made: FakeFile = {
      mimetype: 'text/csv',
      shares: [],
      ...file,
      id,
      content: Buffer.from(content),
    }
    files.set(id, made)
    return made
  }

  const fileObject = ({ id, name, mimetype, user, content, shares, url }: FakeFile) => ({
    id,
    name,
    mimetype,
    user,
    size: content.length,
    mode: 'hosted',
    is_external: false,
    url_private: `${base}/files-pri/${id}/${encodeURIComponent(name)}`,
    url_private_download: url ?? `${base}/files-pri/${id}/download/${encodeURIComponent(name)}`,
    ...(shares.length > 0 && {
      shares: { private: Object.fromEntries(shares.map(({ channel }) => [channel, [{}]])) },
    }),
  })

  const tellOfFile = (file: FakeFile, channel: string) =>
    sendEvent({
      type: 'file_shared',
      channel_id: channel,
      file_id: file.id,
      user_id: file.user,
      file: { id: file.id },
    })

  /** Slack shows its page for signing in to whoever has no right to the file. */
  const onDownload = (id: string, request: IncomingMessage, response: ServerResponse): void => {
    const { authorization } = request.headers
    downloads.push({ path: request.url ?? '', authorization })
    const fault = takeFault('download', { file: id })
    if (fault !== undefined && meetFault(response, fault) !== undefined) return
    const file = files.get(id)
    if (file === undefined) send(response, 404, 'gone')
    else if (file.goesTo !== undefined) send(response, 302, '', { location: file.goesTo })
    else if (authorization !== `Bearer ${botToken}`) {
      response.writeHead(200, { 'content-type': 'text/html' }).end('Sign in')
    } else response.writeHead(200, { 'content-type': file.mimetype }).end(file.content)
  }

  const onUpload = async (id: string, request: IncomingMessage, response: ServerResponse) => {
    const file = files.get(id)
    if (file === undefined) return send(response, 404, 'gone')
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(Buffer.from(chunk))
    file.content = Buffer.concat(chunks)
    const told = Number(request.headers['content-length'])
    send(response, told === file.content.length ? 200 : 400, 'OK')
  }

  const triggerFault = (id: unknown): Answer | undefined => {
    const trigger = triggers.get(textOf(id))
    if (trigger === undefined) return no('invalid_trigger_id')
    if (Date.now() - trigger.at > triggerMs) return no('expired_trigger_id')
    if (trigger.used) return no('exchanged_trigger_id')
    trigger.used = true
    return undefined
  }

  const show = (given: unknown, known?: FakeView): Answer => {
    const lines = faultsOf(viewSchema, given)
    if (lines.length > 0 || !isFields(given)) return invalid('invalid_arguments', lines)
    const id = known?.id ?? `V${next()}`
    const view: FakeView = {
      ...given,
      id,
      hash: `${Math.floor(Date.now() / 1_000)}.${next()}`,
      type: textOf(given.type),
      callback_id: textOf(given.callback_id),
      private_metadata: textOf(given.private_metadata),
      blocks: fieldsIn(given.blocks).map((block) => ({ block_id: `b${next()}`, ...block })),
      root_view_id: id,
      previous_view_id: null,
      team_id: teamId,
      app_id: appId,
      bot_id: 'B0BATON',
    }
    views.set(id, view)
    shown.put(view)
    return ok({ view })
  }

  const threadOf = (channel: string, ts: unknown) =>
    messages.filter(
      (one) =>
        one.channel === channel &&
        one.ephemeralTo === undefined &&
        (one.ts === ts || one.thread_ts === ts),
    )

  /** A step of a workflow ends once. */
  const endStep = (args: Fields): Answer => {
    const id = textOf(args.function_execution_id)
    if (endedSteps.has(id)) return no('execution_not_in_running_state')
    endedSteps.add(id)
    return ok()
  }

  const methods: Record<string, Method> = {
    'auth.test': () =>
      ok({
        url: 'https://test.slack.example/',
        team: 'Test',
        team_id: teamId,
        user: 'baton',
        user_id: botUserId,
        bot_id: 'B0BATON',
        is_enterprise_install: false,
      }),
    'apps.connections.open': () => ok({ url: `${base.replace('http', 'ws')}/link` }),
    'team.info': () => ok({ team: { id: teamId, name: 'Test', domain: 'test' } }),
    'bots.info': () => ok({ bot: { id: 'B0BATON', app_id: appId, user_id: botUserId } }),
    'chat.postMessage': (args) => {
      const target = targetOf(args)
      if ('fault' in target) return target.fault
      const message = add(target.channel, args)
      const { channel, ts } = message
      return ok({ channel, ts, message: messageObject(message, true) })
    },
    'chat.postEphemeral': (args) => {
      const target = targetOf(args)
      if ('fault' in target) return target.fault
      if (!users.has(textOf(args.user))) return no('user_not_in_channel')
      return ok({ message_ts: add(target.channel, args, textOf(args.user)).ts })
    },
    'chat.update': (args) => {
      const target = targetOf(args)
      if ('fault' in target) return target.fault
      const message = find(target.channel.id, args.ts)
      if (message === undefined) return no('message_not_found')
      change(message, args)
      return ok({ channel: message.channel, ts: message.ts, text: message.text })
    },
    'chat.delete': (args) => {
      const message = find(findChannel(args.channel)?.id ?? '', args.ts)
      if (message === undefined) return no('message_not_found')
      remove(message)
      return ok({ channel: message.channel, ts: message.ts })
    },
    'chat.getPermalink': (args) => {
      const message = find(findChannel(args.channel)?.id ?? '', args.message_ts)
      if (message === undefined) return no('message_not_found')
      const { channel, ts } = message
      const permalink = `https://test.slack.example/archives/${channel}/p${ts.replace('.', '')}`
      return ok({ channel, permalink })
    },
    'conversations.list': (args) => {
      const all = [...channels.values()].filter((channel) => !channel.id.startsWith('D'))
      const visible = isYes(args.exclude_archived)
        ? all.filter((channel) => !channel.isArchived)
        : all
      const { items, response_metadata } = page(visible, args)
      return ok({ channels: items.map(channelObject), response_metadata })
    },
    'users.conversations': (args) => {
      const own = [...channels.values()].filter(({ id, hasBot, isArchived }) => {
        if (isArchived && isYes(args.exclude_archived)) return false
        return hasBot !== false && !id.startsWith('D')
      })
      const { items, response_metadata } = page(own, args)
      return ok({ channels: items.map(channelObject), response_metadata })
    },
    'conversations.info': (args) => {
      const channel = channels.get(textOf(args.channel))
      return channel ? ok({ channel: channelObject(channel) }) : no('channel_not_found')
    },
    'conversations.join': (args) => {
      const channel = channels.get(textOf(args.channel))
      if (channel === undefined) return no('channel_not_found')
      channel.hasBot = true
      return ok({ channel: channelObject(channel) })
    },
    'conversations.open': (args) => {
      const user = textOf(args.users).split(',')[0] ?? ''
      return users.has(user) ? ok({ channel: { id: openDm(user).id } }) : no('user_not_found')
    },
    'conversations.replies': (args) => {
      const channel = channels.get(textOf(args.channel))
      if (channel === undefined) return no('channel_not_found')
      const all = threadOf(channel.id, args.ts)
      if (all.length === 0) return no('thread_not_found')
      const { items, response_metadata } = page(all, args)
      const withMetadata = isYes(args.include_all_metadata)
      return ok({
        messages: items.map((message) => messageObject(message, withMetadata)),
        has_more: response_metadata.next_cursor !== '',
        response_metadata,
      })
    },
    'conversations.history': (args) => {
      const channel = channels.get(textOf(args.channel))
      if (channel === undefined) return no('channel_not_found')
      const all = messages.filter(
        (one) =>
          one.channel === channel.id &&
          one.ephemeralTo === undefined &&
          one.thread_ts === undefined,
      )
      const { items, response_metadata } = page(all.reverse(), args)
      const withMetadata = isYes(args.include_all_metadata)
      return ok({
        messages: items.map((message) => messageObject(message, withMetadata)),
        has_more: response_metadata.next_cursor !== '',
        response_metadata,
      })
    },
    'users.info': (args) => {
      const user = users.get(textOf(args.user))
      if (user === undefined) return no('user_not_found')
      return ok({ user: userObject(user, isYes(args.include_locale)) })
    },
    'users.list': (args) => {
      const { items, response_metadata } = page([...users.values()], args)
      const withLocale = isYes(args.include_locale)
      return ok({ members: items.map((user) => userObject(user, withLocale)), response_metadata })
    },
    'users.lookupByEmail': (args) => {
      const wanted = textOf(args.email).toLowerCase()
      const user = [...users.values()].find((one) => one.email?.toLowerCase() === wanted)
      return user && !user.deleted ? ok({ user: userObject(user, false) }) : no('users_not_found')
    },
    'usergroups.list': (args) => {
      const all = (workspace.groups ?? []).filter(
        (group) => isYes(args.include_disabled) || !group.isDisabled,
      )
      return ok({ usergroups: all.map((group) => groupObject(group, isYes(args.include_users))) })
    },
    'usergroups.users.list': (args) => {
      const group = workspace.groups?.find((one) => one.id === args.usergroup)
      return group ? ok({ users: group.users }) : no('no_such_subteam')
    },
    'functions.completeSuccess': (args) =>
      isFields(args.outputs) ? endStep(args) : no('parameter_validation_failed'),
    'functions.completeError': (args) =>
      textOf(args.error) === '' ? no('invalid_arguments') : endStep(args),
    'files.info': (args) => {
      const file = files.get(textOf(args.file))
      return file ? ok({ file: fileObject(file) }) : no('file_not_found')
    },
    'files.getUploadURLExternal': (args) => {
      const [name, length] = [textOf(args.filename), Number(args.length)]
      if (name === '' || !(length > 0)) return no('invalid_arguments')
      const file = newFile({ name, content: '', user: botUserId })
      return ok({ upload_url: `${base}/upload/${file.id}`, file_id: file.id })
    },
    'files.completeUploadExternal': (args) => {
      const all = fieldsIn(args.files).map(({ id }) => files.get(textOf(id)))
      const channel = findChannel(args.channel_id)
      if (channel === undefined) return no('channel_not_found')
      for (const file of all) {
        if (file === undefined || file.content.length === 0) return no('file_not_found')
        const threadTs = textOf(args.thread_ts) || undefined
        file.shares.push({ channel: channel.id, threadTs })
        // Slack tells the app of what it has uploaded itself, too
        void tellOfFile(file, channel.id)
      }
      return ok({ files: all.map((file) => ({ id: file?.id })) })
    },
    'views.open': (args) => triggerFault(args.trigger_id) ?? show(args.view),
    'views.push': (args) => triggerFault(args.trigger_id) ?? show(args.view),
    'views.update': (args) => {
      const view = views.get(textOf(args.view_id))
      if (view === undefined) return no('not_found')
      const isStale = args.hash !== undefined && args.hash !== view.hash
      return isStale ? no('hash_conflict') : show(args.view, view)
    },
    'views.publish': (args) => {
      const user = textOf(args.user_id)
      if (!users.has(user)) return no('user_not_found')
      const answer = show(args.view, homes.get(user))
      const { view } = answer
      if (isFields(view)) homes.set(user, views.get(textOf(view.id)) ?? missing(user))
      return answer
    },
  }

  // Requests

  const takeFault = (method: string, args: Fields) => {
    const fault = faults.find(
      (one) => one.left > 0 && [method, '*'].includes(one.method) && (one.where?.(args) ?? true),
    )
    if (fault) fault.left -= 1
    return fault
  }

  /** Answers with the fault, or says that the call goes on. */
  const meetFault = (response: ServerResponse, fault: FaultOptions): string | undefined => {
    const { with: kind, retryAfter = 1 } = fault
    if (kind === 'accept-then-reset' || kind === 'accept-then-hang') return undefined
    if (kind === 'ratelimited') {
      send(response, 429, no('ratelimited'), { 'retry-after': String(retryAfter) })
    } else if (kind === 'ratelimited-bare') send(response, 429, no('ratelimited'))
    else if (kind === 500) send(response, 500, 'Internal Server Error')
    else if (kind === 'hang') hanging.add(response)
    else if (kind === 'reset') response.socket?.resetAndDestroy()
    else send(response, 200, no(kind.error, kind))
    return typeof kind === 'object' ? kind.error : String(kind)
  }

  const onCall = async (method: string, request: IncomingMessage, response: ServerResponse) => {
    const args = parseArgs(await bodyOf(request), request.headers['content-type'] ?? '')
    const call = { method, args, at: Date.now() }
    const fault = takeFault(method, args)
    const met = fault && meetFault(response, fault)
    if (met !== undefined) {
      refused.push({ ...call, why: met })
      return
    }
    const token = request.headers.authorization?.replace('Bearer ', '') ?? args.token
    const run = methods[method]
    const wanted = method === 'apps.connections.open' ? appToken : botToken
    const answer =
      token !== wanted ? no('invalid_auth') : run === undefined ? no('unknown_method') : run(args)
    if (answer.ok) calls.push(call)
    else refused.push({ ...call, why: answer.error ?? 'unknown' })
    if (fault?.with === 'accept-then-reset') response.socket?.resetAndDestroy()
    else if (fault?.with === 'accept-then-hang') hanging.add(response)
    else {
      send(response, 200, answer, scopes === null ? {} : { 'x-oauth-scopes': scopes.join(',') })
    }
  }

  const onResponseUrl = async (id: string, request: IncomingMessage, response: ServerResponse) => {
    const context = responseUrls.get(id)
    const body: unknown = parseJson(await bodyOf(request))
    if (context === undefined || !isFields(body)) return send(response, 404, no('expired_url'))
    if (context.posts.all.length >= responseUses) return send(response, 404, no('used_url'))
    const lines = body.blocks === undefined ? [] : faultsOf(messageBlocksSchema, body.blocks)
    if (lines.length > 0) return send(response, 400, invalid('invalid_blocks', lines))
    if (context.message && isYes(body.delete_original)) remove(context.message)
    else if (context.message && isYes(body.replace_original)) change(context.message, body)
    context.posts.put({ body, at: Date.now() })
    send(response, 200, 'ok')
  }

  const server = createServer((request, response) => {
    const [, kind, name = ''] = request.url?.split('?')[0]?.split('/') ?? []
    const done =
      kind === 'api'
        ? onCall(name, request, response)
        : kind === 'response'
          ? onResponseUrl(name, request, response)
          : kind === 'files-pri'
            ? onDownload(name, request, response)
            : kind === 'upload'
              ? onUpload(name, request, response)
              : send(response, 404, 'not found')
    Promise.resolve(done).catch(() => send(response, 500, no('fake_slack_failed')))
  })
  server.on('upgrade', (request, stream) => {
    const socket = acceptSocket(request, stream, {
      text: onAcknowledgement,
      closed: () => sockets.delete(socket),
    })
    sockets.add(socket)
    socket.send(JSON.stringify({ type: 'hello', num_connections: sockets.size }))
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const address = server.address()
  base = `http://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}`

  // Towards Baton

  const newTrigger = () => {
    const id = `${next()}.${randomUUID()}`
    triggers.set(id, { at: Date.now(), used: false })
    return id
  }

  const newResponseUrl = (message?: FakeMessage) => {
    const id = randomUUID()
    const posts = mailbox<ResponsePost>('post to the response_url')
    responseUrls.set(id, { posts, ...(message && { message }) })
    return { url: `${base}/response/${id}`, posts }
  }

  const signedRequest = async (
    { body, contentType = 'application/json', secret = signingSecret, ...rest }: SignOptions,
    posts = mailbox<ResponsePost>('post to the response_url'),
  ): Promise<Sent> => {
    if (requestUrl === undefined) throw new Error('Say where Baton is first: sendTo(requestUrl)')
    const timestamp = rest.timestamp ?? Math.floor(Date.now() / 1_000)
    const response = await fetch(requestUrl, {
      method: 'POST',
      body,
      headers: {
        'content-type': contentType,
        'x-slack-request-timestamp': String(timestamp),
        'x-slack-signature': sign(secret, timestamp, body),
        ...rest.headers,
      },
    })
    const text = await response.text()
    return {
      status: response.status,
      body: parseJson(text) ?? text,
      headers: response.headers,
      responses: posts.all,
      nextResponse: posts.take,
    }
  }

  const onAcknowledgement = (text: string) => {
    const message = parseJson(text)
    if (!isFields(message)) return
    acknowledged.get(textOf(message.envelope_id))?.(message.payload)
  }

  /** Over the socket that was opened last; the answer is what it is acknowledged with. */
  const overSocket = async (
    socket: ServerSocket,
    type: 'interactive' | 'slash_commands' | 'events_api',
    payload: Fields,
    posts = mailbox<ResponsePost>('post to the response_url'),
  ): Promise<Sent> => {
    const id = randomUUID()
    const body = await new Promise<unknown>((done, fail) => {
      const timer = setTimeout(() => fail(new Error('It was not acknowledged')), triggerMs)
      acknowledged.set(id, (answer) => {
        clearTimeout(timer)
        acknowledged.delete(id)
        done(answer)
      })
      const accepts = type !== 'events_api'
      const envelope = { type, envelope_id: id, payload, accepts_response_payload: accepts }
      socket.send(JSON.stringify(envelope))
    })
    const headers = new Headers()
    return { status: 200, body, headers, responses: posts.all, nextResponse: posts.take }
  }
  const lastSocket = () => [...sockets].at(-1)

  const form = (fields: Record<string, string>, posts?: Mailbox<ResponsePost>) =>
    signedRequest(
      {
        body: new URLSearchParams(fields).toString(),
        contentType: 'application/x-www-form-urlencoded',
      },
      posts,
    )
  const interact = (payload: Fields, posts?: Mailbox<ResponsePost>) => {
    const socket = lastSocket()
    return socket === undefined
      ? form({ payload: JSON.stringify(payload) }, posts)
      : overSocket(socket, 'interactive', payload, posts)
  }
  const commanded = (fields: Record<string, string>, posts: Mailbox<ResponsePost>) => {
    const socket = lastSocket()
    return socket === undefined
      ? form(fields, posts)
      : overSocket(socket, 'slash_commands', fields, posts)
  }

  const envelope = (type: string, user: string) => ({
    type,
    token: 'unused',
    api_app_id: appId,
    team: { id: teamId, domain: 'test' },
    enterprise: null,
    is_enterprise_install: false,
    user: {
      id: user,
      username: users.get(user)?.name ?? user,
      name: users.get(user)?.name ?? user,
      team_id: users.get(user)?.teamId ?? teamId,
    },
    trigger_id: newTrigger(),
  })

  const homeOf = (user: string): FakeView => homes.get(user) ?? missing(user)

  const sendEvent: FakeSlack['sendEvent'] = (event, { eventId = `Ev${next()}`, retry } = {}) => {
    const payload = {
      token: 'unused',
      type: 'event_callback',
      team_id: teamId,
      api_app_id: appId,
      event_id: eventId,
      event_time: Math.floor(Date.now() / 1_000),
      authorizations: [
        {
          enterprise_id: null,
          team_id: teamId,
          user_id: botUserId,
          is_bot: true,
          is_enterprise_install: false,
        },
      ],
      is_ext_shared_channel: false,
      event: { event_ts: nextTs(), ...event },
    }
    const socket = lastSocket()
    if (socket !== undefined) return overSocket(socket, 'events_api', payload)
    return signedRequest({
      body: JSON.stringify(payload),
      ...(retry !== undefined && {
        headers: { 'x-slack-retry-num': String(retry), 'x-slack-retry-reason': 'http_timeout' },
      }),
    })
  }

  const channelOf = (id: string) => ({ id, name: channels.get(id)?.name ?? 'directmessage' })
  const firstChannel = () => workspace.channels[0]?.id ?? 'C0NONE'

  return {
    apiUrl: `${base}/api/`,
    botToken,
    appToken,
    openSockets: () => sockets.size,
    dropSockets: (how) => {
      for (const socket of sockets) how === 'cut' ? socket.destroy() : socket.close()
    },
    botUserId,
    signingSecret,
    teamId,
    appId,
    calls,
    refused,
    callsOf: (method) => calls.filter((call) => call.method === method),
    messages: (channel) => messages.filter((one) => one.channel === findChannel(channel)?.id),
    thread: (channel, ts) => threadOf(findChannel(channel)?.id ?? '', ts),
    fail: (method, options) => {
      faults.push({ ...options, method, left: options.times ?? 1 })
    },
    heal: () => {
      faults.length = 0
      for (const response of hanging) response.socket?.destroy()
      hanging.clear()
    },
    sendTo: (url) => {
      requestUrl = url
    },
    signedRequest: (options) => signedRequest(options),
    sendCommand: ({ command, text = '', user, channel = firstChannel() }) => {
      const { url, posts } = newResponseUrl()
      return commanded(
        {
          token: 'unused',
          team_id: teamId,
          team_domain: 'test',
          channel_id: channel,
          channel_name: channelOf(channel).name,
          user_id: user,
          user_name: users.get(user)?.name ?? user,
          command,
          text,
          api_app_id: appId,
          is_enterprise_install: 'false',
          response_url: url,
          trigger_id: newTrigger(),
        },
        posts,
      )
    },
    clickButton: ({ actionId, value, user, message, channel = message.channel }) => {
      const { url, posts } = newResponseUrl(message)
      const isEphemeral = message.ephemeralTo !== undefined
      return interact(
        {
          ...envelope('block_actions', user),
          container: {
            type: 'message',
            message_ts: message.ts,
            channel_id: channel,
            is_ephemeral: isEphemeral,
            ...(message.thread_ts !== undefined && { thread_ts: message.thread_ts }),
          },
          channel: channelOf(channel),
          ...(!isEphemeral && { message: messageObject(message, true) }),
          state: { values: {} },
          response_url: url,
          actions: [actionIn(message, actionId, value, nextTs())],
        },
        posts,
      )
    },
    homeOf: (user) => homes.get(user),
    clickInHome: ({ user, actionId, value }) => {
      const view = homeOf(user)
      return interact({
        ...envelope('block_actions', user),
        container: { type: 'view', view_id: view.id },
        view: { ...view, state: { values: {} } },
        actions: [actionIn(view, actionId, value, nextTs())],
      })
    },
    changeField: ({ user, view, blockId, value }) => {
      const element = elementOf(view, blockId)
      const actionId = textOf(element.action_id)
      return interact({
        ...envelope('block_actions', user),
        container: { type: 'view', view_id: view.id },
        view: { ...view, state: { values: stateOf(view, { [blockId]: value }) } },
        actions: [
          {
            block_id: blockId,
            action_id: actionId,
            action_ts: nextTs(),
            ...stateValue(element, value),
          },
        ],
      })
    },
    submitView: async ({ user, view, values = {} }) => {
      const sent = await interact({
        ...envelope('view_submission', user),
        view: { ...view, state: { values: stateOf(view, values) } },
        response_urls: [],
      })
      const { body } = sent
      if (isFields(body) && body.response_action === 'update') show(body.view, view)
      return sent
    },
    closeView: ({ user, view }) =>
      interact({ ...envelope('view_closed', user), view, is_cleared: false }),
    sendShortcut: ({ callbackId, user, message, channel = message?.channel ?? firstChannel() }) => {
      const fields = { ...envelope(message ? 'message_action' : 'shortcut', user) }
      if (message === undefined) {
        return interact({ ...fields, callback_id: callbackId, action_ts: nextTs() })
      }
      const { url, posts } = newResponseUrl()
      return interact(
        {
          ...fields,
          callback_id: callbackId,
          action_ts: nextTs(),
          message_ts: message.ts,
          channel: channelOf(channel),
          message: messageObject(message, true),
          response_url: url,
        },
        posts,
      )
    },
    sendEvent,
    files,
    downloads,
    async dropFile({ channel, ...drop }) {
      const file = newFile(drop)
      await tellOfFile(file, channel ?? openDm(drop.user).id)
      return file
    },
    nextView: () => shown.take(),
    changeChannel: (id, changes) => {
      if (changes === null) channels.delete(id)
      else channels.set(id, { name: id, ...channels.get(id), ...changes, id })
    },
    tellScopes: (told) => {
      scopes = told
    },
    changeUser: (id, changes) => {
      users.set(id, { name: id, ...users.get(id), ...changes, id })
    },
    stop: () =>
      new Promise((stopped) => {
        server.close(() => stopped())
        for (const socket of sockets) socket.destroy()
        server.closeAllConnections()
      }),
  }
}

const missing = (user: string): never => {
  throw new Error(`The home of ${user} was not published`)
}

// Bodies

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks).toString('utf8')
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const jsonArgs = ['blocks', 'view', 'metadata', 'attachments', 'outputs', 'files']

function parseArgs(body: string, contentType: string): Fields {
  if (contentType.includes('application/json')) {
    const parsed = parseJson(body)
    return isFields(parsed) ? parsed : {}
  }
  const args = Object.entries(Object.fromEntries(new URLSearchParams(body)))
  return Object.fromEntries(
    args.map(([key, text]) => [key, jsonArgs.includes(key) ? (parseJson(text) ?? text) : text]),
  )
}

function send(
  response: ServerResponse,
  status: number,
  body: Answer | string,
  headers: Record<string, string> = {},
): void {
  const isText = typeof body === 'string'
  const type = isText ? 'text/plain' : 'application/json; charset=utf-8'
  response.writeHead(status, { 'content-type': type, ...headers })
  response.end(isText ? body : JSON.stringify(body))
}

function invalid(error: string, lines: readonly string[]): Answer {
  return no(error, { errors: lines, response_metadata: { messages: lines } })
}

// Waiting

type Mailbox<T> = { all: readonly T[]; put(item: T): void; take(): Promise<T> }

/** Keeps what comes, and gives it out once each in order to those who wait, at most 5 seconds. */
function mailbox<T>(what: string): Mailbox<T> {
  const all: T[] = []
  const waiting: ((item: T) => void)[] = []
  let taken = 0
  const give = () => {
    const item = all[taken]
    if (item === undefined || waiting.length === 0) return
    taken += 1
    waiting.shift()?.(item)
  }
  return {
    all,
    put: (item) => {
      all.push(item)
      give()
    },
    take: () =>
      new Promise((done, fail) => {
        const receive = (item: T) => {
          clearTimeout(timer)
          done(item)
        }
        const timer = setTimeout(() => {
          waiting.splice(waiting.indexOf(receive), 1)
          fail(new Error(`No ${what} came within ${waitMs / 1_000} seconds`))
        }, waitMs)
        waiting.push(receive)
        give()
      }),
  }
}

// Forms and buttons

function elementOf(view: FakeView, blockId: string): Fields {
  const block = view.blocks.find((one) => one.block_id === blockId)
  const element = block?.element ?? block?.accessory ?? fieldsIn(block?.elements)[0]
  if (!isFields(element)) throw new Error(`The form has no field ${blockId}`)
  return element
}

function optionOf(element: Fields, value: string): Fields {
  const groups = fieldsIn(element.option_groups).flatMap((group) => fieldsIn(group.options))
  const all = [...fieldsIn(element.options), ...groups]
  const option = all.find((one) => one.value === value)
  if (option === undefined) {
    const known = all.map((one) => one.value).join(', ')
    throw new Error(`${textOf(element.action_id)} has no option ${value}, only ${known}`)
  }
  return option
}

/** The part of `state.values` that Slack sends for a field with that value. */
function stateValue(element: Fields, value: FieldValue | undefined): Fields {
  const type = textOf(element.type)
  const one = typeof value === 'string' ? value : null
  const several = Array.isArray(value) ? value : one === null ? [] : [one]
  const first = (key: string) => (value === undefined ? (element[key] ?? null) : one)
  const chosen = one === null ? null : () => optionOf(element, one)
  switch (type) {
    case 'static_select':
    case 'radio_buttons':
      return {
        type,
        selected_option:
          value === undefined ? (element.initial_option ?? null) : (chosen?.() ?? null),
      }
    case 'checkboxes':
    case 'multi_static_select':
      return {
        type,
        selected_options:
          value === undefined
            ? fieldsIn(element.initial_options)
            : several.map((each) => optionOf(element, each)),
      }
    case 'datepicker':
      return { type, selected_date: first('initial_date') }
    case 'timepicker':
      return { type, selected_time: first('initial_time') }
    case 'users_select':
      return { type, selected_user: first('initial_user') }
    case 'multi_users_select':
      return { type, selected_users: value === undefined ? (element.initial_users ?? []) : several }
    case 'conversations_select':
      return { type, selected_conversation: first('initial_conversation') }
    case 'channels_select':
      return { type, selected_channel: first('initial_channel') }
    default:
      return { type, value: first('initial_value') }
  }
}

function stateOf(view: FakeView, values: Record<string, FieldValue>): Fields {
  const inputs = view.blocks.filter((block) => isFields(block.element))
  const known = inputs.map((block) => textOf(block.block_id))
  const strange = Object.keys(values).find(
    (id) => !view.blocks.some((block) => block.block_id === id),
  )
  if (strange !== undefined) {
    throw new Error(`The form has no field ${strange}, only ${known.join(', ')}`)
  }
  return Object.fromEntries(
    known.map((id) => {
      const element = elementOf(view, id)
      return [id, { [textOf(element.action_id)]: stateValue(element, values[id]) }]
    }),
  )
}

/** The entry of `actions` for a click: as the message has the element, or else made up. */
function actionIn(
  message: Pick<FakeMessage, 'blocks'>,
  actionId: string,
  value: string | undefined,
  actionTs: string,
): Fields {
  for (const block of message.blocks) {
    const elements = [...fieldsIn(block.elements), ...fieldsIn([block.accessory])]
    const element = elements.find((one) => one.action_id === actionId)
    if (element === undefined) continue
    const type = textOf(element.type)
    const chosen =
      type === 'button'
        ? { text: element.text, value: value ?? element.value }
        : { selected_option: optionOf(element, value ?? '') }
    const blockId = block.block_id ?? 'b0'
    return { type, action_id: actionId, block_id: blockId, action_ts: actionTs, ...chosen }
  }
  return { type: 'button', action_id: actionId, block_id: 'b0', action_ts: actionTs, value }
}
