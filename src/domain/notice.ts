import { z } from 'zod'
import { dealMeanings, sides } from './agreement.ts'
import {
  attemptVerdictSchema,
  deadlineKinds,
  deadlineOf,
  type Handoff,
  isBack,
  isPending,
  leadFields,
  rulings,
} from './handoff.ts'

/**
 * A line that is told once, in the thread of a card or in a channel. It is data here, and becomes
 * words where it is delivered: people by the id of their row, so that names and languages are those
 * of the moment.
 */
const person = z.string().nullable()
const instant = z.coerce.date()

const deadline = z.object({ kind: z.enum(deadlineKinds), dueAt: instant })

/** An attempt as it was told; `void` where it did not happen. */
const made = z.object({
  channel: z.string(),
  outcome: z.string(),
  at: instant,
  note: z.string().nullable(),
  void: z.boolean(),
})

/** Who gets no more leads from now on, since they did not respond. */
const offDuty = z.string().exactOptional()

export const noticeSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('reminder'),
    deadline,
    /** of the time allowed that has passed: 0.5 is half of it */
    fraction: z.number(),
    to: person,
  }),
  z.object({ type: z.literal('missed'), deadline, to: person, offDuty }),
  z.object({ type: z.literal('escalated'), deadline, to: z.array(z.string()), offDuty }),
  z.object({ type: z.literal('escalated-to-channel'), deadline }),
  /** Marketing told more of a lead that sales has; `hot` where it became so by it. */
  z.object({
    type: z.literal('news'),
    by: person,
    to: person,
    reason: z.string(),
    hot: z.boolean(),
  }),
  z.object({ type: z.literal('paused'), by: person, reason: z.string(), until: instant }),
  /** The time that the agreement allows for a pause is over. */
  z.object({ type: z.literal('resumed'), to: person }),
  /**
   * The lead has another owner; `to` is null where it is offered to everyone again. A breach passed
   * it on where `by` is null: that of the deadline.
   */
  z.object({
    type: z.literal('reassigned'),
    by: person.default(null),
    from: person,
    to: person,
    deadline: deadline.nullable(),
    offDuty,
  }),
  z.object({
    type: z.literal('returned'),
    by: z.string(),
    to: person,
    status: z.string(),
    reason: z.string(),
    criterion: z.string().nullable(),
    readyOn: z.string().nullable(),
    readyWhen: z.string().nullable(),
    field: z.enum(leadFields).nullable().default(null),
    duplicateOf: z.string().nullable().default(null),
    note: z.string().nullable(),
  }),
  z.object({ type: z.literal('return-acknowledged'), by: z.string() }),
  /** Marketing reads the return differently; the managers are asked to rule. */
  z.object({
    type: z.literal('return-contested'),
    by: z.string(),
    why: z.string(),
    to: z.array(z.string()),
  }),
  /** A manager has ruled; `outcome` is what is ruled now, or that the two do not agree. */
  z.object({
    type: z.literal('ruling'),
    by: z.string(),
    side: z.enum(sides),
    ruling: z.enum(rulings),
    words: z.string().nullable(),
    outcome: z.enum(['awaited', 'disagreed', 'ruled']),
    /** Whom it concerns: of an outcome the parties, of a disagreement the other manager. */
    to: z.array(z.string()),
  }),
  /** A returned lead may be handed over again; a person said so, or its day has come. */
  z.object({ type: z.literal('ready'), by: person, to: person }),
  /** The next round has begun, with a card of its own. */
  z.object({ type: z.literal('handed-over-again'), by: person }),
  z.object({
    type: z.literal('deal'),
    by: person,
    stage: z.string(),
    means: z.enum(dealMeanings),
    lostReason: z.string().nullable(),
    note: z.string().nullable(),
  }),
  z.object({
    type: z.literal('attempt'),
    by: person,
    channel: z.string(),
    outcome: z.string(),
    note: z.string().nullable(),
    verdict: attemptVerdictSchema,
    counted: z.int(),
    of: z.int(),
    /** the sequence is finished and nobody was reached: a return is proposed */
    finished: z.boolean(),
    connected: z.boolean(),
  }),
  z.object({
    type: z.literal('attempt-corrected'),
    by: person,
    number: z.int(),
    was: made,
    is: made,
    verdict: attemptVerdictSchema,
    counted: z.int(),
    of: z.int(),
    /** other attempts that count since then, or do not count any more */
    others: z.array(z.object({ number: z.int(), counted: z.boolean() })),
    finished: z.boolean(),
    connected: z.boolean(),
  }),
])

export type Notice = z.output<typeof noticeSchema>

/** Where a notice is told: in the thread of the handoff's card, or in a channel of the agreement. */
export type NoticeTo = { thread: true } | { channel: string }

export interface AddressedNotice {
  where: NoticeTo
  notice: Notice
}

/**
 * Whether a notice has nothing to say any more: a reminder of something that was done before Slack
 * could be told, or a lead that is ready again and was handed over by then. What happened (a breach,
 * a return) stays worth telling.
 */
export function isOvertaken(notice: Notice, handoff: Handoff): boolean {
  switch (notice.type) {
    case 'reminder': {
      const deadline = deadlineOf(handoff, notice.deadline.kind)
      return deadline === undefined || !isPending(deadline)
    }
    case 'ready':
      return !isBack(handoff.status) || handoff.returned?.answer === 'handed-over-again'
    default:
      return false
  }
}
