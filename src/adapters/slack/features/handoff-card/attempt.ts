import { z } from 'zod'
import { attemptChannelNames, attemptOutcomeNames } from '../../../../content/words/attempts.ts'
import { formWords } from '../../../../content/words/forms.ts'
import { attemptChannels, attemptOutcomes, type Locale } from '../../../../domain/agreement.ts'
import { logAttempt as decide } from '../../../../domain/decide/log-attempt.ts'
import { boundedText } from '../../../../domain/lead.ts'
import { logAttempt } from '../../../../use-cases/log-attempt.ts'
import { requestOf, type Submission } from '../../payloads.ts'
import { type Desk, type FormReply, type FormView, memberOf, type Reply } from '../feature.ts'
import { choiceField, fieldFaults, form, rememberedBy, textField } from '../fields.ts'
import { formReply, refusedForm } from '../outcome.ts'
import { type OnHandoff, openForm } from './open-form.ts'
import { handoffId } from './standing.ts'

const id = 'handoff.attempt'

const rememberedSchema = z.object({ handoff: handoffId })

const mostNote = 2_000

/** What is tried first and how it mostly ends: a plain call is logged with two clicks. */
const usual = { channel: 'call', outcome: 'no-answer' } as const

/** The form of a connect attempt. */
export function buildAttemptForm(handoff: string, locale: Locale): FormView {
  const words = formWords[locale]
  const { labels, title, submit } = words.attempt
  const remembers: z.input<typeof rememberedSchema> = { handoff }
  return form({
    id,
    remembers,
    title,
    submit,
    cancel: words.cancel,
    blocks: [
      choiceField({
        block: 'channel',
        label: labels.channel,
        choices: attemptChannels.map((value) => ({
          value,
          label: asLabel(attemptChannelNames[locale][value]),
        })),
        chosen: usual.channel,
        choose: words.choose,
      }),
      choiceField({
        block: 'outcome',
        label: labels.outcome,
        choices: attemptOutcomes.map((value) => ({
          value,
          label: asLabel(attemptOutcomeNames[locale][value]),
        })),
        chosen: usual.outcome,
        choose: words.choose,
      }),
      textField({
        block: 'note',
        label: labels.note,
        lines: 'several',
        optional: true,
        most: mostNote,
      }),
    ],
  })
}

const asLabel = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1)

/** Log attempt: opens the form, unless the handoff has moved on or is somebody else's. */
export const openAttempt = (asked: OnHandoff, desk: Desk): Promise<Reply> =>
  openForm(asked, desk, {
    rule: (handoff, actor, context) => {
      const preview = { ...usual, id: 'preview', at: context.now, note: undefined }
      return decide(handoff, preview, actor, context)
    },
    build: ({ handoff }, locale) => buildAttemptForm(handoff.id, locale),
  })

const answersSchema = z.object({
  channel: z.enum(attemptChannels),
  outcome: z.enum(attemptOutcomes),
  note: boundedText(mostNote).optional(),
})

/** The form was sent: the attempt is logged, and the thread says whether it counted. */
export async function submitAttempt(submission: Submission, desk: Desk): Promise<FormReply> {
  const by = await memberOf(submission.asker, desk)
  const { locale } = by
  const remembered = rememberedBy(submission.form, rememberedSchema)
  if (remembered === undefined) return refusedForm({ kind: 'unknown-handoff' }, locale)
  const answers = answersSchema.safeParse({
    // A client that does not show what is chosen at first does not send it either.
    ...usual,
    ...Object.fromEntries(submission.form.fields),
  })
  if (!answers.success) return fieldFaults(answers.error, formWords[locale].attempt.faults)
  const { channel, outcome, note } = answers.data
  const target = {
    workspaceId: desk.workspaceId,
    handoffId: remembered.handoff,
    by,
    request: requestOf(submission),
  }
  const result = await logAttempt(desk.world, target, { channel, outcome, note, at: undefined })
  return formReply(result, locale)
}
