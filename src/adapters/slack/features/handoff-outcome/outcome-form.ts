import { z } from 'zod'
import { formWords } from '../../../../content/words/forms.ts'
import { type OutcomeField, outcomeWords } from '../../../../content/words/outcome.ts'
import { refusalWords } from '../../../../content/words/refusals.ts'
import type { Agreement, Locale } from '../../../../domain/agreement.ts'
import type { Refusal } from '../../../../domain/decide/decision.ts'
import { reportDeal as decide, type ReportDeal } from '../../../../domain/decide/report-deal.ts'
import { boundedText } from '../../../../domain/lead.ts'
import { reportDeal } from '../../../../use-cases/report-deal.ts'
import { plainSection } from '../../blocks.ts'
import { type Click, type Fields, requestOf, type Submission } from '../../payloads.ts'
import {
  type Block,
  type Desk,
  done,
  type FormReply,
  type FormView,
  memberOf,
  type Reply,
} from '../feature.ts'
import { choiceField, fieldFaults, form, rememberedBy, textField } from '../fields.ts'
import { askedAgain, following, shows } from '../handoff-card/following-form.ts'
import { type OnHandoff, openForm } from '../handoff-card/open-form.ts'
import { handoffId } from '../handoff-card/standing.ts'
import { formReply, refusedForm } from '../outcome.ts'

const id = 'handoff.outcome'

/** `stage` is the one whose fields the form shows; none where no stage is chosen yet. */
const rememberedSchema = z.object({ handoff: handoffId, stage: z.string().max(40).optional() })

const mostNote = 2_000

interface OutcomeForm {
  handoff: string
  stage: string | undefined
  fields: Fields
  /** What is still missing, where it could not be said under a field. */
  notice?: string
}

/** The form of an outcome: the deal stages of the agreement, and what the chosen one asks for. */
export function buildOutcomeForm(
  { handoff, stage, fields, notice }: OutcomeForm,
  agreement: Agreement,
  locale: Locale,
): FormView {
  const { cancel, choose } = formWords[locale]
  const { title, submit, labels } = outcomeWords[locale]
  const { deal_stages: stages, lost_reasons: reasons } = agreement
  const isLost = stages.find((known) => known.id === stage)?.means === 'lost'
  const asksWhy = isLost && reasons.length > 0
  const blocks: Block[] = [
    ...(notice === undefined ? [] : [plainSection(notice)]),
    choiceField({
      block: 'deal_stage',
      label: labels.deal_stage,
      choices: stages.map(({ id: value, name }) => ({ value, label: name[locale] })),
      chosen: stage,
      choose,
      reports: true,
    }),
    ...(asksWhy
      ? [
          choiceField({
            block: 'lost_reason',
            label: labels.lost_reason,
            choices: reasons.map(({ id: value, name }) => ({ value, label: name[locale] })),
            chosen: fields.get('lost_reason'),
            choose,
          }),
        ]
      : []),
    textField({
      block: 'note',
      label: labels.note,
      lines: 'several',
      optional: !isLost || asksWhy,
      most: mostNote,
      value: fields.get('note'),
    }),
  ]
  const remembers: z.input<typeof rememberedSchema> = { handoff, stage }
  return form({ id, remembers, title, submit, cancel, blocks })
}

/** Outcome: opens the form, unless nobody has accepted the lead, it is back, or somebody else's. */
export const openOutcome = (asked: OnHandoff, desk: Desk): Promise<Reply> =>
  openForm(asked, desk, {
    rule: (handoff, actor, context) => decide(handoff, unanswered, actor, context),
    build: ({ handoff, agreement }, locale) => {
      const { stage, lostReason } = handoff.deal ?? {}
      const fields = new Map(lostReason ? [['lost_reason', lostReason]] : [])
      return buildOutcomeForm({ handoff: handoff.id, stage, fields }, agreement, locale)
    },
  })

const unanswered: ReportDeal = {
  stage: '',
  lostReason: undefined,
  note: undefined,
  fromProgram: false,
}

/** Another stage: the form shows what that one asks for, and keeps what was written. */
export async function changeStage({ form: open, asker }: Click, desk: Desk): Promise<Reply> {
  const remembered = open && rememberedBy(open, rememberedSchema)
  if (open === undefined || remembered === undefined) return done
  const { handoff } = remembered
  const { fields } = open
  const stage = fields.get('deal_stage') ?? remembered.stage
  return following({ handoff, asker }, desk, ({ agreement }, locale) =>
    buildOutcomeForm({ handoff, stage, fields }, agreement, locale),
  )
}

const answersSchema = z.object({
  deal_stage: boundedText(40),
  lost_reason: boundedText(40).optional(),
  note: boundedText(mostNote).optional(),
})

/** The form was sent: the thread tells marketing what became of the lead. */
export async function submitOutcome(submission: Submission, desk: Desk): Promise<FormReply> {
  const by = await memberOf(submission.asker, desk)
  const { locale } = by
  const { form: sent } = submission
  const remembered = rememberedBy(sent, rememberedSchema)
  if (remembered === undefined) return refusedForm({ kind: 'unknown-handoff' }, locale)
  const answers = answersSchema.safeParse({
    // A client that does not show what is chosen at first sends no stage with it.
    deal_stage: remembered.stage,
    ...Object.fromEntries(sent.fields),
  })
  if (!answers.success) return fieldFaults(answers.error, outcomeWords[locale].faults)
  const { deal_stage: stage, lost_reason: lostReason, note } = answers.data
  const { workspaceId, world } = desk
  const { handoff } = remembered
  const target = { workspaceId, handoffId: handoff, by, request: requestOf(submission) }
  const said = { stage, lostReason, note, fromProgram: false }
  const result = await reportDeal(world, target, said)
  const field = result.kind === 'refused' ? fieldOf(result.refusal) : undefined
  if (result.kind !== 'refused' || field === undefined) return formReply(result, locale)
  const sentence =
    field === 'note' ? outcomeWords[locale].whyLost : refusalWords(result.refusal, locale)
  if (shows(sent, field)) return { kind: 'errors', errors: { [field]: sentence } }
  const { fields } = sent
  return askedAgain({ handoff, locale }, desk, ({ agreement }) =>
    buildOutcomeForm({ handoff, stage, fields, notice: sentence }, agreement, locale),
  )
}

/** The field that a refusal is about; undefined where no answer would mend it. */
function fieldOf(refusal: Refusal): OutcomeField | undefined {
  switch (refusal.code) {
    case 'unknown-deal-stage':
    case 'deal-stage-already':
      return 'deal_stage'
    case 'unknown-lost-reason':
      return 'lost_reason'
    case 'needed':
      return refusal.field === 'lost_reason' ? 'lost_reason' : 'note'
    default:
      return undefined
  }
}
