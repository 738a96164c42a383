import { z } from 'zod'
import { formatAllowance } from '../../../../content/words/format.ts'
import { formWords } from '../../../../content/words/forms.ts'
import { refusalWithHint } from '../../../../content/words/refusals.ts'
import type { Agreement, Locale } from '../../../../domain/agreement.ts'
import { calendarOf } from '../../../../domain/clocks.ts'
import { pauseHandoff as decide } from '../../../../domain/decide/pause.ts'
import { boundedText } from '../../../../domain/lead.ts'
import { pauseHandoff, resumeHandoff } from '../../../../use-cases/pause-handoff.ts'
import { type Click, requestOf, type Submission } from '../../payloads.ts'
import { type Desk, done, type FormReply, type FormView, memberOf, type Reply } from '../feature.ts'
import { choiceField, fieldFaults, form, rememberedBy, sentenceView } from '../fields.ts'
import { openForm } from '../handoff-card/open-form.ts'
import { handoffId } from '../handoff-card/standing.ts'
import { formReply, isDone, refusedClick, refusedForm, unknownHandoff } from '../outcome.ts'

const id = 'handoff.pause'

const rememberedSchema = z.object({ handoff: handoffId })

/** The form of a pause: the reasons of the agreement, and how long it may last. */
export function buildPauseForm(
  { id: handoff, leadType }: { id: string; leadType: string },
  agreement: Agreement,
  locale: Locale,
): FormView {
  const words = formWords[locale]
  const { title, submit, labels, limit } = words.pause
  const { pause: terms } = agreement
  if (terms === undefined) {
    const text = refusalWithHint({ code: 'no-pause-agreed' }, locale)
    return sentenceView({ title: words.notDone, close: words.close, text })
  }
  const { always } = calendarOf(agreement, leadType)
  const remembers: z.input<typeof rememberedSchema> = { handoff }
  return form({
    id,
    remembers,
    title,
    submit,
    cancel: words.cancel,
    blocks: [
      choiceField({
        block: 'reason',
        label: labels.reason,
        hint: limit(formatAllowance(terms.at_most, locale, { always })),
        choices: terms.reasons.map(({ id: value, name }) => ({ value, label: name[locale] })),
        choose: words.choose,
      }),
    ],
  })
}

/** Pause: opens the form, unless nothing can be paused or the handoff is somebody else's. */
export const openPause = (click: Click, desk: Desk): Promise<Reply> =>
  openForm(click, desk, {
    rule: (handoff, actor, context) => decide(handoff, { reason: '' }, actor, context),
    build: ({ handoff, agreement }, locale) => buildPauseForm(handoff, agreement, locale),
  })

const answersSchema = z.object({ reason: boundedText(40) })

/** The form was sent: the clocks stand still, and the thread says why. */
export async function submitPause(submission: Submission, desk: Desk): Promise<FormReply> {
  const by = await memberOf(submission.asker, desk)
  const { locale } = by
  const { faults } = formWords[locale].pause
  const remembered = rememberedBy(submission.form, rememberedSchema)
  if (remembered === undefined) return refusedForm({ kind: 'unknown-handoff' }, locale)
  const answers = answersSchema.safeParse(Object.fromEntries(submission.form.fields))
  if (!answers.success) return fieldFaults(answers.error, faults)
  const { workspaceId, world } = desk
  const target = { workspaceId, handoffId: remembered.handoff, by, request: requestOf(submission) }
  const result = await pauseHandoff(world, target, answers.data)
  const unknownReason = result.kind === 'refused' && result.refusal.code === 'unknown-reason'
  return unknownReason ? { kind: 'errors', errors: faults } : formReply(result, locale)
}

/** Resume: at once. Nothing is said about it, since the card shows it. */
export async function resume(click: Click, desk: Desk): Promise<Reply> {
  const by = await memberOf(click.asker, desk)
  const handoff = handoffId.safeParse(click.value)
  if (!handoff.success) return unknownHandoff(by.locale)
  const target = { workspaceId: desk.workspaceId, handoffId: handoff.data, by }
  const result = await resumeHandoff(desk.world, target)
  return isDone(result) ? done : refusedClick(result, by.locale)
}
