import { z } from 'zod'
import { leadFieldNames } from '../../../../content/words/card.ts'
import { formWords, type ReturnField } from '../../../../content/words/forms.ts'
import { refusalWithHint } from '../../../../content/words/refusals.ts'
import {
  type Agreement,
  type Locale,
  type ReturnReason,
  returnNeeds,
} from '../../../../domain/agreement.ts'
import type { Refusal } from '../../../../domain/decide/decision.ts'
import { type Return, returnLead } from '../../../../domain/decide/return.ts'
import { leadFields } from '../../../../domain/handoff.ts'
import { boundedText, emailAddress } from '../../../../domain/lead.ts'
import { returnHandoff } from '../../../../use-cases/return-handoff.ts'
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
import {
  type Choice,
  choiceField,
  dateField,
  fieldFaults,
  form,
  rememberedBy,
  textField,
} from '../fields.ts'
import { formReply, refusedForm } from '../outcome.ts'
import { askedAgain, following, shows } from './following-form.ts'
import { openForm } from './open-form.ts'
import { handoffId } from './standing.ts'

const id = 'handoff.return'

/** `reason` is the one whose fields the form shows. */
const rememberedSchema = z.object({ handoff: handoffId, reason: z.string().max(40) })

const mostNote = 2_000
const mostReadyWhen = 500
const mostEmail = 254

interface ReturnForm {
  handoff: string
  reason: string
  fields: Fields
  /** What is still missing, where it could not be said under a field. */
  notice?: string
}

/** The form of a return: the reasons of the agreement, and what the chosen one asks for. */
export function buildReturnForm(
  { handoff, reason, fields, notice }: ReturnForm,
  agreement: Agreement,
  locale: Locale,
): FormView {
  const words = formWords[locale]
  const { labels, title, submit } = words.return
  const chosen = agreement.return_reasons.find((known) => known.id === reason)
  const needs = chosen?.needs ?? []
  const blocks: Block[] = [
    choiceField({
      block: 'reason',
      label: labels.reason,
      choices: agreement.return_reasons.map(({ id: value, name }) => ({
        value,
        label: name[locale],
      })),
      chosen: reason,
      choose: words.choose,
      reports: true,
    }),
  ]
  if (notice !== undefined) blocks.unshift(plainSection(notice))
  for (const need of returnNeeds.filter((known) => needs.includes(known))) {
    blocks.push(...fieldsFor[need](fields, agreement, locale))
  }
  blocks.push(
    textField({
      block: 'note',
      label: labels.note,
      lines: 'several',
      optional: !needs.includes('note'),
      most: mostNote,
      value: fields.get('note'),
    }),
  )
  const remembers: z.input<typeof rememberedSchema> = { handoff, reason }
  return form({ id, remembers, title, submit, cancel: words.cancel, blocks })
}

type FieldsOfNeed = (fields: Fields, agreement: Agreement, locale: Locale) => Block[]

/** The fields that each need of a reason asks for; the note is in every form. */
const fieldsFor: Record<ReturnReason['needs'][number], FieldsOfNeed> = {
  criterion: (fields, { icp }, locale) => {
    const { choose, return: words } = formWords[locale]
    const chosen = fields.get('criterion')
    const agreed = icp.find((criterion) => criterion.id === chosen)?.agreed
    return [
      choiceField({
        block: 'criterion',
        label: words.labels.criterion,
        hint: agreed && words.agreed(agreed[locale]),
        choices: icp.map(({ id: value, name }) => ({ value, label: name[locale] })),
        chosen,
        choose,
        reports: true,
      }),
    ]
  },
  ready_on_or_when: (fields, _, locale) => {
    const { labels, hints, readyOnOrWhen } = formWords[locale].return
    return [
      dateField({
        block: 'ready_on',
        label: labels.ready_on,
        hint: readyOnOrWhen,
        optional: true,
        value: fields.get('ready_on'),
      }),
      textField({
        block: 'ready_when',
        label: labels.ready_when,
        hint: hints.ready_when,
        optional: true,
        most: mostReadyWhen,
        value: fields.get('ready_when'),
      }),
    ]
  },
  field: (fields, _, locale) => {
    const { choose, return: words } = formWords[locale]
    return [
      choiceField({
        block: 'field',
        label: words.labels.field,
        choices: leadFieldChoices(locale),
        chosen: fields.get('field'),
        choose,
      }),
    ]
  },
  other_lead: (fields, _, locale) => {
    const { labels, hints } = formWords[locale].return
    return [
      textField({
        block: 'duplicate_of',
        label: labels.duplicate_of,
        hint: hints.duplicate_of,
        optional: true,
        most: mostEmail,
        value: fields.get('duplicate_of'),
      }),
    ]
  },
  note: () => [],
  attempts: () => [],
}

function leadFieldChoices(locale: Locale): Choice[] {
  const { otherField } = formWords[locale].return
  return leadFields.map((value) => {
    const name = leadFieldNames[locale][value]
    const label = value === 'other' ? otherField : name.charAt(0).toUpperCase() + name.slice(1)
    return { value, label }
  })
}

/** Return: opens the form, unless the handoff has moved on or is not for this person to return. */
export const openReturn = (click: Click, desk: Desk): Promise<Reply> =>
  openForm(click, desk, {
    rule: (handoff, actor, context) => returnLead(handoff, unanswered, actor, context),
    build: ({ handoff, agreement }, locale) => {
      const reason = agreement.return_reasons[0]?.id ?? ''
      return buildReturnForm({ handoff: handoff.id, reason, fields: new Map() }, agreement, locale)
    },
  })

const unanswered: Return = {
  reason: '',
  criterion: undefined,
  readyOn: undefined,
  readyWhen: undefined,
  field: undefined,
  duplicateOf: undefined,
  note: undefined,
  marketingLead: null,
}

/** Another reason or criterion: the form shows what it asks for, and keeps what was written. */
export async function changeReturn({ form, asker }: Click, desk: Desk): Promise<Reply> {
  const remembered = form && rememberedBy(form, rememberedSchema)
  if (form === undefined || remembered === undefined) return done
  const { handoff } = remembered
  const { fields } = form
  const reason = fields.get('reason') ?? remembered.reason
  return following({ handoff, asker }, desk, ({ agreement }, locale) =>
    buildReturnForm({ handoff, reason, fields }, agreement, locale),
  )
}

const answersSchema = z.object({
  reason: boundedText(40),
  criterion: boundedText(40).optional(),
  ready_on: z.iso.date().optional(),
  ready_when: boundedText(mostReadyWhen).optional(),
  field: z.enum(leadFields).optional(),
  duplicate_of: emailAddress.optional(),
  note: boundedText(mostNote).optional(),
})

/** The form was sent: the lead goes back to marketing. */
export async function submitReturn(submission: Submission, desk: Desk): Promise<FormReply> {
  const by = await memberOf(submission.asker, desk)
  const { locale } = by
  const remembered = rememberedBy(submission.form, rememberedSchema)
  if (remembered === undefined) return refusedForm({ kind: 'unknown-handoff' }, locale)
  const answers = answersSchema.safeParse({
    // A client that does not show what is chosen at first sends no reason with it.
    reason: remembered.reason,
    ...Object.fromEntries(submission.form.fields),
  })
  if (!answers.success) return fieldFaults(answers.error, formWords[locale].return.faults)
  const { reason, criterion, field: wrong, note } = answers.data
  const { ready_on: readyOn, ready_when: readyWhen, duplicate_of: duplicateOf } = answers.data
  const result = await returnHandoff(
    desk.world,
    {
      workspaceId: desk.workspaceId,
      handoffId: remembered.handoff,
      by,
      request: requestOf(submission),
    },
    { reason, criterion, readyOn, readyWhen, field: wrong, duplicateOf, note },
  )
  const field = result.kind === 'refused' ? fieldOf(result.refusal) : undefined
  if (result.kind !== 'refused' || field === undefined) return formReply(result, locale)
  const sentence = refusalWithHint(result.refusal, locale)
  if (shows(submission.form, field)) return { kind: 'errors', errors: { [field]: sentence } }
  const { handoff } = remembered
  const { fields } = submission.form
  return askedAgain({ handoff, locale }, desk, ({ agreement }) =>
    buildReturnForm({ handoff, reason, fields, notice: sentence }, agreement, locale),
  )
}

/** The field that a refusal is about; undefined where no answer would mend it. */
function fieldOf(refusal: Refusal): ReturnField | undefined {
  switch (refusal.code) {
    case 'needed':
      return returnFields.find((field) => field === refusal.field)
    case 'date-in-past':
      return refusal.field
    case 'unknown-reason':
    case 'attempts-first':
      return 'reason'
    case 'unknown-criterion':
      return 'criterion'
    case 'unknown-lead':
    case 'same-lead':
      return 'duplicate_of'
    default:
      return undefined
  }
}

const returnFields = answersSchema.keyof().options
