import { z } from 'zod'
import { formWords, type HandOffField } from '../../../../content/words/forms.ts'
import { refusalWithHint } from '../../../../content/words/refusals.ts'
import { type Locale, priorities } from '../../../../domain/agreement.ts'
import type { Refusal } from '../../../../domain/decide/decision.ts'
import { type HandOff, handOff } from '../../../../domain/decide/hand-off.ts'
import type { Handoff } from '../../../../domain/handoff.ts'
import { boundedText, leadInputSchema } from '../../../../domain/lead.ts'
import { type LeadInText, leadIn } from '../../../../domain/lead-text.ts'
import { handOffLead } from '../../../../use-cases/hand-off-lead.ts'
import {
  type Asker,
  type Click,
  requestOf,
  type Shortcut,
  type Submission,
} from '../../payloads.ts'
import {
  type Desk,
  done,
  type Feature,
  type FormReply,
  memberOf,
  memberSoon,
  type Reply,
} from '../feature.ts'
import { fieldFaults, rememberedBy } from '../fields.ts'
import { openForm } from '../handoff-card/open-form.ts'
import { standingAt } from '../handoff-card/standing.ts'
import { isDone, type NotDone, refusedForm } from '../outcome.ts'
import { againForm, buildHandOffForm, id, mostName, mostReason, rememberedSchema } from './form.ts'

/** Opens the form for a lead that is new here, with what is known of it. */
export async function openNewHandoff(
  asker: Asker,
  desk: Desk,
  known: LeadInText = {},
): Promise<Reply> {
  const [{ agreement }, member] = await Promise.all([
    desk.world.agreements.inForce(desk.workspaceId),
    memberSoon(asker, desk),
  ])
  const locale = member?.locale ?? agreement.language
  const fields = new Map(Object.entries(known))
  return { kind: 'open', view: buildHandOffForm(agreement, locale, { fields }) }
}

const shortcut = ({ asker }: Shortcut, desk: Desk): Promise<Reply> => openNewHandoff(asker, desk)

/** "Hand off to sales" on a message: who it is about and why, until somebody puts it better. */
const shortcutOnMessage = ({ asker, messageText }: Shortcut, desk: Desk): Promise<Reply> =>
  openNewHandoff(asker, desk, leadIn(messageText ?? ''))

/**
 * Hand over again: opens the form with what is known of the lead and the return that it answers.
 * An old card leads to the last round of its lead.
 */
async function openAgain({ asker, value }: Click, desk: Desk): Promise<Reply> {
  const { world, workspaceId } = desk
  const clicked = await standingAt(value, desk)
  const last = clicked && (await world.handoffs.lastOfLead(workspaceId, clicked.handoff.lead.email))
  return openForm({ asker, value: last?.id ?? value }, desk, {
    rule: (handoff, actor, context) => handOff(nextRoundOf(handoff), actor, context),
    build: ({ handoff, agreement, inForce }, locale) =>
      buildHandOffForm(inForce, locale, againForm(handoff, agreement)),
  })
}

/** Nothing but whether this person may hand the lead over now. */
const nextRoundOf = (handoff: Handoff): HandOff => ({
  ...handoff,
  id: 'preview',
  whatChanged: undefined,
  owner: null,
  known: { stage: handoff.lifecycleStage, status: handoff.leadStatus },
  turn: null,
  before: handoff,
})

const answersSchema = z.object({
  email: leadInputSchema.shape.email,
  name: leadInputSchema.shape.name,
  company: boundedText(mostName).optional(),
  title: leadInputSchema.shape.title,
  phone: leadInputSchema.shape.phone,
  lead_type: boundedText(40).optional(),
  priority: z.enum(priorities).default('standard'),
  reason: boundedText(mostReason),
  what_changed: boundedText(mostReason).optional(),
})

/** The form was sent: the lead is handed over, and its card comes to the channel of its type. */
async function submit(submission: Submission, desk: Desk): Promise<FormReply> {
  const by = await memberOf(submission.asker, desk)
  const { locale } = by
  const { form } = submission
  const answers = answersSchema.safeParse({
    ...Object.fromEntries(form.fields),
    ...rememberedBy(form, rememberedSchema),
  })
  if (!answers.success) return fieldFaults(answers.error, formWords[locale].handOff.faults)
  const { email, name, company, title, phone, lead_type: type, priority, reason } = answers.data
  const result = await handOffLead(desk.world, {
    workspaceId: desk.workspaceId,
    lead: {
      email,
      name,
      ...(company === undefined ? {} : { company: { name: company } }),
      ...(title === undefined ? {} : { title }),
      ...(phone === undefined ? {} : { phone }),
      ...(type === undefined ? {} : { type }),
    },
    reason,
    priority,
    owner: undefined,
    by,
    whatChanged: answers.data.what_changed,
    request: requestOf(submission),
  })
  return isDone(result) ? done : notHandedOver(result, submission, locale, desk)
}

/** A sentence under the field that it is about, where the form shows it. */
async function notHandedOver(
  result: NotDone,
  { form }: Submission,
  locale: Locale,
  desk: Desk,
): Promise<FormReply> {
  if (result.kind !== 'refused') return refusedForm(result, locale)
  const field = fieldOf(result.refusal)
  const sentence = refusalWithHint(result.refusal, locale)
  const shows = form.shown.length === 0 ? field !== 'what_changed' : form.shown.includes(field)
  if (shows) return { kind: 'errors', errors: { [field]: sentence } }
  if (field !== 'what_changed' || result.handoff === null) return refusedForm(result, locale)

  // The lead turned out to be one that sales gave back: all that was filled in stays.
  const { workspaceId, world } = desk
  const { handoff } = result
  const [{ agreement: inForce }, agreement] = await Promise.all([
    world.agreements.inForce(workspaceId),
    world.agreements.version(workspaceId, handoff.agreementVersion),
  ])
  const { fields } = form
  const asked = { fields, before: { handoff, agreement }, notice: sentence }
  return { kind: 'update', view: buildHandOffForm(inForce, locale, asked) }
}

/** The field that a refusal is said under: that of the lead where it is about none of them. */
function fieldOf(refusal: Refusal): HandOffField {
  if (refusal.code === 'unknown-lead-type') return 'lead_type'
  return refusal.code === 'needed' ? 'what_changed' : 'email'
}

/** Handing a lead over by hand, for the first time or once more. */
export const handoffNew: Feature = {
  actions: { 'return.again': openAgain },
  shortcuts: { 'handoff.new': shortcut, 'handoff.from_message': shortcutOnMessage },
  views: { [id]: submit },
}
