import type { KnownBlock, ModalView } from '@slack/types'
import type { Logger } from 'pino'
import type { Locale } from '../../../domain/agreement.ts'
import type { Member } from '../../../domain/person.ts'
import type { ChannelDoor } from '../../../use-cases/ports/channels.ts'
import type { HomeDoor } from '../../../use-cases/ports/home.ts'
import type { World } from '../../../use-cases/ports/world.ts'
import type { Message } from '../blocks.ts'
import type { Drawn } from '../drawings.ts'
import type { Asker, Click, Command, Shortcut, SlackEvent, Step, Submission } from '../payloads.ts'

export type Block = KnownBlock
export type FormView = ModalView

/** What a handler works with. */
export interface Desk {
  world: World
  /** Slack's id of the one workspace that Baton is installed in. */
  workspaceId: string
  /** Has the card of a handoff drawn again, also where nothing has changed. */
  refreshCard(workspaceId: string, handoffId: string): Promise<void>
  /** Tells that homes are to be drawn. */
  homes?: HomeDoor | undefined
  /** Told that Baton has come into a channel. */
  channels?: ChannelDoor | undefined
  log: Logger
}

/** What becomes of a click, a command or a shortcut. It is acknowledged when its handler is done. */
export type Reply =
  | { kind: 'done' }
  /** Said to the one who asked, and nobody else; a stale card is drawn again. */
  | { kind: 'tell'; message: Message; refresh?: string | undefined }
  /** Said to everyone in the channel. */
  | { kind: 'share'; message: Message }
  /**
   * With charts and tables where Slack draws them, else the same plainly; to the one who asked, in place of what
   * they clicked in where it `replaces` that, or to all.
   */
  | { kind: 'draw'; drawn: Drawn; message: Message; inChannel?: boolean; replaces?: boolean }
  /** A file to the one who asked, in their conversation with Baton. */
  | { kind: 'file'; message: Message; file: { name: string; content: string } }
  | { kind: 'open'; view: FormView }
  /** The open form that the click came from, drawn anew. */
  | { kind: 'update'; view: FormView }

/** What becomes of a form that was sent. */
export type FormReply =
  | { kind: 'done' }
  /** Sentences under the fields, by block id. */
  | { kind: 'errors'; errors: Record<string, string> }
  | { kind: 'update'; view: FormView; refresh?: string | undefined }

/** How a step of a workflow ended: what it gives to the steps after it, or why it did nothing. */
export type StepReply =
  | { kind: 'complete'; outputs: Record<string, string> }
  | { kind: 'fail'; sentence: string }

type Table<Asked, Answer> = Record<string, (asked: Asked, desk: Desk) => Promise<Answer>>

/** One thing that people do in Slack: its handlers, each by the id that Slack names it with. */
export interface Feature {
  /** By action id; a field of a form by `<form>/<block>`. */
  actions?: Table<Click, Reply>
  /** By the callback id of the form. */
  views?: Table<Submission, FormReply>
  commands?: Table<Command, Reply>
  shortcuts?: Table<Shortcut, Reply>
  events?: Table<SlackEvent, void>
  /** Steps of workflows, by the callback id of the function. */
  steps?: Table<Step, StepReply>
}

export const done = { kind: 'done' } as const

export const tell = (message: Message): Reply => ({ kind: 'tell', message })

/** The person who asks, as the workspace knows them. */
export const memberOf = ({ userId, name }: Asker, { world, workspaceId }: Desk) =>
  world.members.bySlackId(workspaceId, userId, { name })

/** The language of the one who asks. */
export async function localeOf(asker: Asker, desk: Desk): Promise<Locale> {
  return (await memberOf(asker, desk)).locale
}

/** Slack waits 3 seconds for a form or an answer; what takes longer than this is done without. */
const patienceMs = 1_000

/** What is known at once; undefined for what would have to be waited for. */
export async function soon<Known>(known: Promise<Known>): Promise<Known | undefined> {
  let timer: NodeJS.Timeout | undefined
  const tooLate = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), patienceMs)
  })
  return Promise.race([known, tooLate]).finally(() => clearTimeout(timer))
}

/** The person who asks, where that is known at once; about somebody new Slack is asked. */
export const memberSoon = (asker: Asker, desk: Desk): Promise<Member | undefined> =>
  soon(memberOf(asker, desk))
