import { z } from 'zod'
import {
  agreementWords,
  type ProposalField,
  proposalFields,
} from '../../../../content/words/agreement.ts'
import { formWords } from '../../../../content/words/forms.ts'
import {
  type Agreement,
  agreementSchema,
  type Clocks,
  type Locale,
} from '../../../../domain/agreement.ts'
import { writtenAgreement } from '../../../../domain/agreement-written.ts'
import { type Allowance, durationSchema, formatAllowance } from '../../../../domain/duration.ts'
import type { FormView } from '../feature.ts'
import { dateField, form, textField } from '../fields.ts'

export const formId = 'agreement.propose'

/** What the form remembers: a newer version makes its numbers stale. */
export const rememberedSchema = z.object({ version: z.int() })

const mostText = 10

/** The usual numbers of the agreement, filled in as they are now. */
export function buildProposalForm(
  { version, agreement }: { version: number; agreement: Agreement },
  locale: Locale,
): FormView {
  const words = agreementWords[locale].form
  const { accept, first_attempt: first, attempts } = agreement.clocks
  const number = (block: ProposalField, value: number) =>
    textField({ block, label: words.labels[block], value: String(value), most: mostText })
  const time = (block: ProposalField, allowance: Allowance) =>
    textField({
      block,
      label: `${words.labels[block]} (${words[allowance.clock]})`,
      hint: words.hints.duration,
      value: formatAllowance(allowance),
      most: mostText,
    })
  return form({
    id: formId,
    remembers: { version },
    title: words.title,
    submit: words.submit,
    cancel: formWords[locale].cancel,
    blocks: [
      time('accept_within', accept.within),
      textField({
        block: 'hard_limit',
        label: `${words.labels.hard_limit} (${words[accept.hard?.clock ?? 'wall']})`,
        hint: words.hints.hard,
        optional: true,
        value: accept.hard && formatAllowance(accept.hard),
        most: mostText,
      }),
      time('first_hot', first.hot),
      time('first_standard', first.standard),
      number('attempts_count', attempts.count),
      time('attempts_within', attempts.within),
      number('attempts_channels', attempts.channels),
      time('attempts_gap', attempts.gap),
      dateField({
        block: 'from',
        label: words.labels.from,
        hint: words.hints.from,
        optional: true,
      }),
    ],
  })
}

const time = z.string().trim().toLowerCase().pipe(durationSchema)
const number = z
  .string()
  .trim()
  .regex(/^\d{1,2}$/)
  .transform(Number)

export const answersSchema = z.object({
  accept_within: time,
  hard_limit: time.optional(),
  first_hot: time,
  first_standard: time,
  attempts_count: number,
  attempts_within: time,
  attempts_channels: number,
  attempts_gap: time,
  from: z.iso.date().optional(),
})
export type Answers = z.output<typeof answersSchema>

/** What is said under each field that does not hold what is expected. */
export function faultsOf(locale: Locale): Record<ProposalField, string> {
  const { duration, number: whole, date } = agreementWords[locale].form.faults
  return {
    accept_within: duration,
    hard_limit: duration,
    first_hot: duration,
    first_standard: duration,
    attempts_count: whole,
    attempts_within: duration,
    attempts_channels: whole,
    attempts_gap: duration,
    from: date,
  }
}

/** The clocks with what was filled in, as a file would write them; each keeps its clock. */
export function proposedClocks({ clocks }: Agreement, answers: Answers): Clocks {
  const { accept, first_attempt: first, attempts } = clocks
  const { hard_limit: hard } = answers
  return {
    ...clocks,
    accept: {
      ...accept,
      within: { ...accept.within, duration: answers.accept_within },
      hard: hard && { clock: accept.hard?.clock ?? 'wall', duration: hard },
    },
    first_attempt: {
      ...first,
      hot: { ...first.hot, duration: answers.first_hot },
      standard: { ...first.standard, duration: answers.first_standard },
    },
    attempts: {
      ...attempts,
      count: answers.attempts_count,
      within: { ...attempts.within, duration: answers.attempts_within },
      channels: answers.attempts_channels,
      gap: { ...attempts.gap, duration: answers.attempts_gap },
    },
  }
}

const places: Record<string, ProposalField> = {
  'clocks.attempts.count': 'attempts_count',
  'clocks.attempts.channels': 'attempts_channels',
}

/** What the agreement as a whole has against it, under the fields that it concerns. */
export function faultsOfWhole(proposed: Agreement): Partial<Record<ProposalField, string>> {
  const checked = agreementSchema.safeParse(writtenAgreement(proposed))
  const issues = checked.error?.issues ?? []
  return Object.fromEntries(
    issues.map(({ path, message }) => [places[path.join('.')] ?? proposalFields[0], message]),
  )
}
