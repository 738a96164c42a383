import type { App } from '@slack/bolt'
import { WebAPIPlatformError, type WebClient } from '@slack/web-api'
import { formWords } from '../../content/words/forms.ts'
import { homeWords } from '../../content/words/home.ts'
import type { Locale } from '../../domain/agreement.ts'
import type { Message } from './blocks.ts'
import { createDrawings } from './drawings.ts'
import { checked, faultWords, logFault, NotDone, type Where } from './faults.ts'
import {
  type Desk,
  type FormReply,
  type FormView,
  memberSoon,
  type Reply,
  type StepReply,
} from './features/feature.ts'
import { messageView, sentenceView } from './features/fields.ts'
import type { Tables } from './features/index.ts'
import {
  type Asker,
  clickSchema,
  commandSchema,
  eventSchema,
  type Form,
  type Step,
  shortcutSchema,
  stepSchema,
  submissionSchema,
} from './payloads.ts'

/** Whoever asked, and the ways to answer them. */
interface Asked {
  id: string
  asker: Asker
  triggerId: string
  responseUrl?: string | undefined
  channelId?: string | undefined
  threadTs?: string | undefined
  form?: Form | undefined
  isInHome?: boolean | undefined
}

/** What Slack gets with an acknowledgement: a message to the one who asked, where it takes one. */
type Acknowledge = (message?: Message & { response_type: 'ephemeral' }) => Promise<void>

/**
 * The one listener of each kind, since Bolt runs every request past each listener. It finds the
 * handler by the id that Slack names, waits until it is done, and only then acknowledges: what is
 * acknowledged is committed.
 */
export function listen(app: App, tables: Tables, desk: Desk, client: WebClient): void {
  const share = onceEach()
  const drawings = createDrawings(client.slackApiUrl)

  /** Runs the handler of a click, a command or a shortcut, and gives its reply. */
  async function attend<Request extends Asked>(
    where: Where,
    request: Request,
    handle: ((request: Request, desk: Desk) => Promise<Reply>) | undefined,
    acknowledge: { ack: Acknowledge; takesMessage: boolean },
  ): Promise<void> {
    if (handle === undefined) {
      nobodysWork(where)
      return acknowledge.ack()
    }
    let acknowledged = false
    const ack: Acknowledge = async (message) => {
      acknowledged = true
      await acknowledge.ack(message)
    }
    try {
      await give(await handle(request, desk), request, { ...acknowledge, ack })
      homesChanged(request)
    } catch (fault) {
      const reference = logFault(desk.log, where, fault)
      const text = faultWords(fault, reference, await localeAnyway(request.asker))
      if (!acknowledged && acknowledge.takesMessage) return ack(toAsker({ text }))
      await tellAnyway(where, request, { text })
      if (!acknowledged) throw new NotDone(`nothing was done, see ${reference}`)
    }
  }

  async function give(
    reply: Reply,
    request: Asked,
    { ack, takesMessage }: { ack: Acknowledge; takesMessage: boolean },
  ): Promise<void> {
    if (reply.kind === 'tell' && takesMessage) await ack(toAsker(reply.message))
    else await ack()
    switch (reply.kind) {
      case 'done':
        return
      case 'tell':
        await Promise.all([
          takesMessage ? undefined : tell(request, reply.message),
          refresh(reply.refresh),
        ])
        return
      case 'share':
        if (!share.isFirst(request.triggerId)) return
        await (request.isInHome ? tell : say)(request, reply.message)
        return
      case 'draw':
        await draw(request, reply)
        return
      case 'file':
        await send(request, reply)
        return
      case 'open':
        await client.views.open({ trigger_id: request.triggerId, view: reply.view })
        return
      case 'update':
        if (request.form !== undefined) await update(request.form, reply.view)
        return
    }
  }

  /** Whoever acted in their home sees it there at once; the others soon. */
  function homesChanged({ isInHome, asker }: Pick<Asked, 'isInHome' | 'asker'>): void {
    if (isInHome) desk.homes?.acted(asker.userId)
    else desk.homes?.changed()
  }

  async function refresh(handoffId: string | undefined): Promise<void> {
    if (handoffId !== undefined) await desk.refreshCard(desk.workspaceId, handoffId)
  }

  /** Changes an open form; one that has changed since is left to whoever changed it. */
  async function update({ id, hash }: Form, view: FormView): Promise<void> {
    try {
      await client.views.update({ view_id: id, view, ...(hash === '' ? {} : { hash }) })
    } catch (fault) {
      const moved = fault instanceof WebAPIPlatformError && fault.data.error === 'hash_conflict'
      if (!moved) throw fault
    }
  }

  /** Says something to the one who asked, and nobody else. */
  async function tell(request: Asked, message: Message): Promise<void> {
    const { responseUrl, channelId, threadTs, asker } = request
    if (request.isInHome) return showWindow(request, message)
    const thread = threadTs === undefined ? {} : { thread_ts: threadTs }
    if (responseUrl !== undefined) {
      const body = { ...toAsker(message), replace_original: false, ...thread }
      if (await respond(responseUrl, body)) return
    }
    if (channelId === undefined) return
    await client.chat.postEphemeral({
      channel: channelId,
      user: asker.userId,
      ...message,
      ...thread,
    })
  }

  /** A home is no channel: what is said to a click there stands in a window over it. */
  async function showWindow({ triggerId, asker }: Asked, message: Message): Promise<void> {
    const locale = await localeAnyway(asker)
    const { answer: title } = homeWords[locale]
    const view = messageView({ title, close: formWords[locale].close, message })
    await client.views.open({ trigger_id: triggerId, view })
  }

  async function draw(request: Asked, reply: Extract<Reply, { kind: 'draw' }>): Promise<void> {
    const { responseUrl, threadTs, isInHome } = request
    const { message, inChannel = false, replaces = false } = reply
    if (inChannel && !share.isFirst(request.triggerId)) return
    const thread = inChannel || threadTs === undefined ? {} : { thread_ts: threadTs }
    const kind = { response_type: inChannel ? 'in_channel' : 'ephemeral' }
    const isSaid =
      responseUrl !== undefined &&
      !isInHome &&
      (await drawings.send(reply, (one) =>
        respond(responseUrl, { ...one, ...kind, ...thread, replace_original: replaces }),
      ))
    if (!isSaid) await (inChannel ? say : tell)({ ...request, responseUrl: undefined }, message)
  }

  /** Slack opens the conversation with the message, and the file goes below it. */
  async function send(
    { asker }: Asked,
    { message, file }: Extract<Reply, { kind: 'file' }>,
  ): Promise<void> {
    const said = await client.chat.postMessage({ channel: asker.userId, ...message })
    const { channel, ts } = said
    if (channel === undefined || ts === undefined) return
    const { name: filename, content } = file
    await client.filesUploadV2({ channel_id: channel, thread_ts: ts, filename, content })
  }

  async function tellAnyway(where: Where, request: Asked, message: Message): Promise<void> {
    try {
      await tell(request, message)
    } catch (fault) {
      logFault(desk.log, where, fault)
    }
  }

  /** Says something to everyone in the channel, also where Baton is not a member of it. */
  async function say({ responseUrl, channelId }: Asked, message: Message): Promise<void> {
    if (responseUrl !== undefined) {
      const body = { ...message, response_type: 'in_channel', replace_original: false }
      if (await respond(responseUrl, body)) return
    }
    if (channelId === undefined) return
    await client.chat.postMessage({ channel: channelId, unfurl_links: false, ...message })
  }

  /** The language of somebody to whom a fault is told: what went wrong may be the look-up itself. */
  const localeAnyway = (asker: Asker): Promise<Locale> =>
    memberSoon(asker, desk).then(
      (member) => member?.locale ?? 'en',
      () => 'en',
    )

  /**
   * Runs a step of a workflow and tells Slack how it ended. Slack tells of it again where it was
   * not acknowledged; a step that has ended before does not end twice.
   */
  async function run(step: Step): Promise<void> {
    const where: Where = { kind: 'step', id: step.id }
    const handle = tables.steps.get(step.id)
    if (handle === undefined) return nobodysWork(where)
    const reply = await handle(step, desk).catch((fault: unknown): StepReply => {
      const reference = logFault(desk.log, where, fault)
      return { kind: 'fail', sentence: faultWords(fault, reference, 'en') }
    })
    try {
      await end(step, reply)
    } catch (fault) {
      const reference = logFault(desk.log, where, fault)
      const refused = fault instanceof WebAPIPlatformError
      if (!refused) throw new NotDone(`the step has not ended, see ${reference}`)
    }
  }

  async function end({ executionId }: Step, reply: StepReply): Promise<void> {
    const execution = { function_execution_id: executionId }
    if (reply.kind === 'fail') {
      await client.functions.completeError({ ...execution, error: reply.sentence })
    } else await client.functions.completeSuccess({ ...execution, outputs: reply.outputs })
  }

  function nobodysWork(where: Where): void {
    desk.log.warn({ ...where, id: where.id.slice(0, 100) }, 'nothing of Baton answers to this')
  }

  app.action({}, async ({ body, ack }) => {
    const click = checked(clickSchema, body)
    const where: Where = { kind: 'action', id: click.id }
    const acknowledge = { ack: () => ack(), takesMessage: false }
    await attend(where, click, tables.actions.get(click.id), acknowledge)
  })

  app.command(/^/, async ({ body, ack }) => {
    const command = checked(commandSchema, body)
    const where: Where = { kind: 'command', id: command.id }
    const acknowledge = { ack, takesMessage: true }
    await attend(where, command, tables.commands.get(command.id), acknowledge)
  })

  app.shortcut({}, async ({ body, ack }) => {
    const shortcut = checked(shortcutSchema, body)
    const where: Where = { kind: 'shortcut', id: shortcut.id }
    const acknowledge = { ack: () => ack(), takesMessage: false }
    await attend(where, shortcut, tables.shortcuts.get(shortcut.id), acknowledge)
  })

  app.view({ type: 'view_submission' }, async ({ body, ack }) => {
    const submission = checked(submissionSchema, body)
    const where: Where = { kind: 'view', id: submission.id }
    const handle = tables.views.get(submission.id)
    if (handle === undefined) {
      nobodysWork(where)
      return ack()
    }
    const reply = await handle(submission, desk).catch(async (fault: unknown) => {
      const reference = logFault(desk.log, where, fault)
      const locale = await localeAnyway(submission.asker)
      return faultInForm(faultWords(fault, reference, locale), submission.form, locale)
    })
    desk.homes?.changed()
    switch (reply.kind) {
      case 'done':
        return ack()
      case 'errors':
        return ack({ response_action: 'errors', errors: reply.errors })
      case 'update':
        await ack({ response_action: 'update', view: reply.view })
        await refresh(reply.refresh)
    }
  })

  app.event(/^/, async ({ body }) => {
    const event = checked(eventSchema, body)
    if (event.id === 'function_executed') return run(checked(stepSchema, body))
    const where: Where = { kind: 'event', id: event.id }
    const handle = tables.events.get(event.id)
    if (handle === undefined) return nobodysWork(where)
    await handle(event, desk).catch((fault: unknown) => logFault(desk.log, where, fault))
  })
}

const toAsker = (message: Message) => ({ ...message, response_type: 'ephemeral' as const })

/** A fault in a form goes under its first field, so that what was filled in stays. */
function faultInForm(text: string, { shown: [first] }: Form, locale: Locale): FormReply {
  if (first !== undefined) return { kind: 'errors', errors: { [first]: text } }
  const { notDone: title, close } = formWords[locale]
  return { kind: 'update', view: sentenceView({ title, close, text }) }
}

const responseTimeoutMs = 10_000

/** Posts to a response_url; false where it has expired or can't be reached. */
async function respond(url: string, body: Record<string, unknown>): Promise<boolean> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(responseTimeoutMs),
    })
    await response.body?.cancel()
    return response.ok
  } catch {
    return false
  }
}

const mostRemembered = 1_000

/** Tells the first of equal requests: what is posted for all is posted once, though it is replayed. */
function onceEach(): { isFirst(triggerId: string): boolean } {
  const seen = new Set<string>()
  return {
    isFirst(triggerId) {
      if (seen.has(triggerId)) return false
      if (triggerId !== '') seen.add(triggerId)
      for (const oldest of seen) {
        if (seen.size <= mostRemembered) break
        seen.delete(oldest)
      }
      return true
    },
  }
}
