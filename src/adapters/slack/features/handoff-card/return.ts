import { z } from 'zod'
import { formWords, type ReturnField } from '../../../../content/words/forms.ts'
import { refusalWords } from '../../../../content/words/refusals.ts'
import type { Agreement, Locale } from '../../../../domain/agreement.ts'
import type { Refusal } from '../../../../domain/decide/decision.ts'
import { type Return, returnLead } from '../../../../domain/decide/return.ts'
import { boundedText } from '../../../../domain/lead.ts'
import { returnHandoff } from '../../../../use-cases/return-handoff.ts'
import { plainSection } from '../../blocks.ts'
import { type Click, type Fields, type Form, requestOf, type Submission } from '../../payloads.ts'
import {
  type Block,
  type Desk,
  done,
  type FormReply,
  type FormView,
  memberOf,
  memberSoon,
  type Reply,
} from '../feature.ts'
import { choiceField, dateField, fieldFaults, form, rememberedBy, textField } from '../fields.ts'
import { formReply, refusedForm } from '../outcome.ts'
import { openForm } from './open-form.ts'
import { handoffId, standingAt } from './standing.ts'

const id = 'handoff.return'

/** `reason` is the one whose fields the form shows. */
const rememberedSchema = z.object({ handoff: handoffId, reason: z.string().max(40) })

const mostNote = 2_000
const mostReadyWhen = 500

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
  const { labels, hints, title, submit } = words.return
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
  if (needs.includes('criterion')) {
    blocks.push(
      choiceField({
        block: 'criterion',
        label: labels.criterion,
        choices: agreement.icp.map(({ id: value, name }) => ({ value, label: name[locale] })),
        chosen: fields.get('criterion'),
        choose: words.choose,
      }),
    )
  }
  if (needs.includes('ready_on_or_when')) {
    blocks.push(
      dateField({
        block: 'ready_on',
        label: labels.ready_on,
        hint: words.return.readyOnOrWhen,
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
    )
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
  note: undefined,
}

/** Another reason: the form shows what that one asks for, and keeps what was written. */
export async function changeReason({ form, asker }: Click, desk: Desk): Promise<Reply> {
  if (form === undefined) return done
  const remembered = rememberedBy(form, rememberedSchema)
  if (remembered === undefined) return done
  const [standing, member] = await Promise.all([
    standingAt(remembered.handoff, desk),
    memberSoon(asker, desk),
  ])
  if (standing === undefined) return done
  const { agreement } = standing
  const reason = form.fields.get('reason') ?? remembered.reason
  const view = buildReturnForm(
    { handoff: remembered.handoff, reason, fields: form.fields },
    agreement,
    member?.locale ?? agreement.language,
  )
  return { kind: 'update', view }
}

const answersSchema = z.object({
  reason: boundedText(40),
  criterion: boundedText(40).optional(),
  ready_on: z.iso.date().optional(),
  ready_when: boundedText(mostReadyWhen).optional(),
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
  const { reason, criterion, ready_on: readyOn, ready_when: readyWhen, note } = answers.data
  const result = await returnHandoff(
    desk.world,
    {
      workspaceId: desk.workspaceId,
      handoffId: remembered.handoff,
      by,
      request: requestOf(submission),
    },
    { reason, criterion, readyOn, readyWhen, note },
  )
  const field = result.kind === 'refused' ? fieldOf(result.refusal) : undefined
  if (result.kind !== 'refused' || field === undefined) return formReply(result, locale)
  const sentence = refusalWords(result.refusal, locale)
  if (shows(submission.form, field)) return { kind: 'errors', errors: { [field]: sentence } }
  return askFor(sentence, { handoff: remembered.handoff, reason }, submission, locale, desk)
}

/** The form again, with the fields of the reason that was sent. */
async function askFor(
  notice: string,
  chosen: { handoff: string; reason: string },
  { form: { fields } }: Submission,
  locale: Locale,
  desk: Desk,
): Promise<FormReply> {
  const standing = await standingAt(chosen.handoff, desk)
  if (standing === undefined) return refusedForm({ kind: 'unknown-handoff' }, locale)
  return {
    kind: 'update',
    view: buildReturnForm({ ...chosen, fields, notice }, standing.agreement, locale),
  }
}

/** Slack can put a sentence under a field only if the form shows that field. */
const shows = ({ shown }: Form, field: ReturnField): boolean =>
  shown.length === 0 || shown.includes(field)

/** The field that a refusal is about; undefined where no answer would mend it. */
function fieldOf(refusal: Refusal): ReturnField | undefined {
  switch (refusal.code) {
    case 'needed':
    case 'date-in-past':
      return refusal.field
    case 'unknown-reason':
      return 'reason'
    case 'unknown-criterion':
      return 'criterion'
    default:
      return undefined
  }
}
