import { z } from 'zod'
import { formWords, type HandOffField } from '../../../../content/words/forms.ts'
import { refusalWords } from '../../../../content/words/refusals.ts'
import { type Agreement, type Locale, priorities } from '../../../../domain/agreement.ts'
import { leadTypeOf } from '../../../../domain/clocks.ts'
import type { Refusal } from '../../../../domain/decide/decision.ts'
import { boundedText, leadInputSchema } from '../../../../domain/lead.ts'
import { handOffLead } from '../../../../use-cases/hand-off-lead.ts'
import { message, section } from '../../blocks.ts'
import {
  type Asker,
  type Command,
  requestOf,
  type Shortcut,
  type Submission,
} from '../../payloads.ts'
import { asMrkdwn } from '../../text.ts'
import {
  type Desk,
  done,
  type Feature,
  type FormReply,
  type FormView,
  localeOf,
  memberOf,
  memberSoon,
  type Reply,
  tell,
} from '../feature.ts'
import { choiceField, fieldFaults, form, textField } from '../fields.ts'
import { isDone, refusedForm } from '../outcome.ts'

const id = 'handoff.new'

const mostName = 200
const mostReason = 2_000

/** The form that hands a lead over; `reason` is what is known of why. */
export function buildHandOffForm(agreement: Agreement, locale: Locale, reason?: string): FormView {
  const words = formWords[locale]
  const { labels, hints, title, submit, priorities: priorityNames } = words.handOff
  return form({
    id,
    title,
    submit,
    cancel: words.cancel,
    blocks: [
      textField({ block: 'email', label: labels.email, most: 254 }),
      textField({ block: 'name', label: labels.name, most: mostName }),
      textField({ block: 'company', label: labels.company, most: mostName, optional: true }),
      choiceField({
        block: 'lead_type',
        label: labels.lead_type,
        choices: agreement.lead_types.map((type) => ({ value: type.id, label: type.name[locale] })),
        chosen: leadTypeOf(agreement)?.id,
        choose: words.choose,
      }),
      choiceField({
        block: 'priority',
        label: labels.priority,
        choices: [...priorities].reverse().map((value) => ({ value, label: priorityNames[value] })),
        chosen: 'standard',
        choose: words.choose,
      }),
      textField({
        block: 'reason',
        label: labels.reason,
        hint: hints.reason,
        lines: 'several',
        most: mostReason,
        value: reason,
      }),
    ],
  })
}

async function openForm(asker: Asker, desk: Desk, reason?: string): Promise<Reply> {
  const [{ agreement }, member] = await Promise.all([
    desk.world.agreements.inForce(desk.workspaceId),
    memberSoon(asker, desk),
  ])
  const locale = member?.locale ?? agreement.language
  return { kind: 'open', view: buildHandOffForm(agreement, locale, reason) }
}

/** `/handoff` opens the form; whatever else is asked of it gets a short help. */
async function command({ asker, text }: Command, desk: Desk): Promise<Reply> {
  if (text === '') return openForm(asker, desk)
  const locale = await localeOf(asker, desk)
  const unknown = text.toLowerCase() === 'help' ? null : asMrkdwn(text, 60)
  const help = formWords[locale].handOffHelp(unknown)
  return tell(message(help, [section(help)]))
}

const shortcut = ({ asker }: Shortcut, desk: Desk): Promise<Reply> => openForm(asker, desk)

/** "Hand off to sales" on a message: what it says is why, until somebody puts it better. */
function shortcutOnMessage({ asker, messageText }: Shortcut, desk: Desk): Promise<Reply> {
  const reason = messageText?.trim()
  return openForm(asker, desk, reason === '' ? undefined : reason)
}

const answersSchema = z.object({
  email: leadInputSchema.shape.email,
  name: leadInputSchema.shape.name,
  company: boundedText(mostName).optional(),
  lead_type: boundedText(40).optional(),
  priority: z.enum(priorities).default('standard'),
  reason: boundedText(mostReason),
})

/** The form was sent: the lead is handed over, and its card comes to the channel of its type. */
async function submit(submission: Submission, desk: Desk): Promise<FormReply> {
  const by = await memberOf(submission.asker, desk)
  const { locale } = by
  const answers = answersSchema.safeParse(Object.fromEntries(submission.form.fields))
  if (!answers.success) return fieldFaults(answers.error, formWords[locale].handOff.faults)
  const { email, name, company, lead_type: type, priority, reason } = answers.data
  const result = await handOffLead(desk.world, {
    workspaceId: desk.workspaceId,
    lead: {
      email,
      name,
      ...(company === undefined ? {} : { company: { name: company } }),
      ...(type === undefined ? {} : { type }),
    },
    reason,
    priority,
    owner: undefined,
    by,
    whatChanged: undefined,
    request: requestOf(submission),
  })
  if (isDone(result)) return done
  if (result.kind !== 'refused') return refusedForm(result, locale)
  const sentence = refusalWords(result.refusal, locale)
  return { kind: 'errors', errors: { [fieldOf(result.refusal)]: sentence } }
}

/** The field that a refusal is said under: that of the lead where it is about none of them. */
const fieldOf = (refusal: Refusal): HandOffField =>
  refusal.code === 'unknown-lead-type' ? 'lead_type' : 'email'

/** Handing a lead over by hand. */
export const handoffNew: Feature = {
  commands: { '/handoff': command },
  shortcuts: { 'handoff.new': shortcut, 'handoff.from_message': shortcutOnMessage },
  views: { [id]: submit },
}
