import { z } from 'zod'
import { formWords } from '../../../../content/words/forms.ts'
import { refusalWithHint } from '../../../../content/words/refusals.ts'
import { returnsWords } from '../../../../content/words/returns.ts'
import type { Locale } from '../../../../domain/agreement.ts'
import { contestReturn as decide } from '../../../../domain/decide/contest-return.ts'
import { boundedText } from '../../../../domain/lead.ts'
import { contestReturn, judging } from '../../../../use-cases/contest-return.ts'
import { colleagues } from '../../../../use-cases/standing.ts'
import { requestOf, type Submission } from '../../payloads.ts'
import { type Desk, type FormReply, type FormView, memberOf, type Reply } from '../feature.ts'
import { fieldFaults, form, rememberedBy, textField } from '../fields.ts'
import { type OnHandoff, openForm } from '../handoff-card/open-form.ts'
import { handoffId } from '../handoff-card/standing.ts'
import { formReply, refusedForm } from '../outcome.ts'

const id = 'return.contest'

const rememberedSchema = z.object({ handoff: handoffId })

const mostWhy = 2_000

/** The form of a contest: how marketing reads the return. */
export function buildContestForm(handoff: string, locale: Locale): FormView {
  const { title, submit, label, hint } = returnsWords[locale].contest
  const remembers: z.input<typeof rememberedSchema> = { handoff }
  return form({
    id,
    remembers,
    title,
    submit,
    cancel: formWords[locale].cancel,
    blocks: [textField({ block: 'why', label, hint, lines: 'several', most: mostWhy })],
  })
}

/** Contest: opens the form, unless it is too late, not for this person, or nobody could rule. */
export async function openContest(asked: OnHandoff, desk: Desk): Promise<Reply> {
  const { world, workspaceId } = desk
  const { agreement: inForce } = await world.agreements.inForce(workspaceId)
  const judges = await colleagues(world, workspaceId, inForce, judging)
  return openForm(asked, desk, {
    rule: (handoff, actor, context) => decide(handoff, { why: undefined, judges }, actor, context),
    build: ({ handoff }, locale) => buildContestForm(handoff.id, locale),
  })
}

const answersSchema = z.object({ why: boundedText(mostWhy).optional() })

/** The form was sent: both managers are asked to rule. */
export async function submitContest(submission: Submission, desk: Desk): Promise<FormReply> {
  const by = await memberOf(submission.asker, desk)
  const { locale } = by
  const remembered = rememberedBy(submission.form, rememberedSchema)
  if (remembered === undefined) return refusedForm({ kind: 'unknown-handoff' }, locale)
  const answers = answersSchema.safeParse(Object.fromEntries(submission.form.fields))
  if (!answers.success)
    return fieldFaults(answers.error, { why: returnsWords[locale].contest.fault })
  const { workspaceId, world } = desk
  const target = { workspaceId, handoffId: remembered.handoff, by, request: requestOf(submission) }
  const result = await contestReturn(world, target, { why: answers.data.why })
  return result.kind === 'refused' && result.refusal.code === 'needed'
    ? { kind: 'errors', errors: { why: refusalWithHint(result.refusal, locale) } }
    : formReply(result, locale)
}
