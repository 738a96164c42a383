import { z } from 'zod'
import { formWords } from '../../../../content/words/forms.ts'
import { type Locale, priorities } from '../../../../domain/agreement.ts'
import type { Handoff } from '../../../../domain/handoff.ts'
import { boundedText, leadInputSchema } from '../../../../domain/lead.ts'
import { leadIn } from '../../../../domain/lead-text.ts'
import { handOffLead } from '../../../../use-cases/hand-off-lead.ts'
import { requestOfStep, type Step } from '../../payloads.ts'
import { type Desk, type Feature, memberOf, type StepReply } from '../feature.ts'
import { mostName, mostReason } from '../handoff-new/form.ts'
import { isDone, whyNot } from '../outcome.ts'

/** Workflows hold addresses as text or in the markup of a message. */
const addressIn = (text: unknown): unknown =>
  typeof text === 'string' ? (leadIn(text).email ?? text) : text

const inputsSchema = z.object({
  email: z.preprocess(addressIn, leadInputSchema.shape.email),
  name: leadInputSchema.shape.name,
  company: boundedText(mostName).optional(),
  lead_type: boundedText(40).optional(),
  priority: z.preprocess(lowerCase, z.enum(priorities).default('standard')),
  reason: boundedText(mostReason),
  what_changed: boundedText(mostReason).optional(),
  handed_off_by: z
    .string()
    .regex(/^[UW][A-Z0-9]{1,49}$/)
    .optional(),
})

function lowerCase(value: unknown): unknown {
  return typeof value === 'string' ? value.trim().toLowerCase() : value
}

/** Hands a lead off as a step of a workflow; what follows in it can use what came of that. */
async function handOff(step: Step, desk: Desk): Promise<StepReply> {
  const { world, workspaceId } = desk
  const { agreement } = await world.agreements.inForce(workspaceId)
  const filled = Object.entries(step.inputs).filter(([, value]) => !isEmpty(value))
  const inputs = inputsSchema.safeParse(Object.fromEntries(filled))
  if (!inputs.success) return fail(faultsIn(inputs.error, agreement.language))
  const { email, name, company, lead_type: type, priority, reason, ...said } = inputs.data
  const by =
    said.handed_off_by === undefined
      ? null
      : await memberOf({ userId: said.handed_off_by, name: said.handed_off_by }, desk)
  const result = await handOffLead(world, {
    workspaceId,
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
    whatChanged: said.what_changed,
    request: requestOfStep(step),
  })
  if (!isDone(result)) return fail(whyNot(result, by?.locale ?? agreement.language))
  return { kind: 'complete', outputs: await outputsOf(result.handoff, desk) }
}

const fail = (sentence: string): StepReply => ({ kind: 'fail', sentence })

const isEmpty = (value: unknown): boolean =>
  value === null || value === undefined || (typeof value === 'string' && value.trim() === '')

/** A sentence for each input that does not hold what is expected. */
function faultsIn(error: z.ZodError, locale: Locale): string {
  const { faults, handedOffBy } = formWords[locale].handOff
  const sentences: Record<string, string> = { ...faults, handed_off_by: handedOffBy }
  const wrong = new Set(error.issues.map(({ path }) => String(path[0])))
  return [...wrong].flatMap((field) => sentences[field] ?? []).join(' ')
}

/** The card comes a moment later: its address is known only where the lead had one before. */
async function outputsOf({ id, workspaceId, leadStatus }: Handoff, { world }: Desk) {
  const story = await world.handoffs.story(workspaceId, id)
  const url = story?.card ? await world.cards.urlOf(story.card) : undefined
  return { handoff_id: id, status: leadStatus, ...(url === undefined ? {} : { card_url: url }) }
}

/** Workflow Builder: "Hand off a lead". */
export const workflowStep: Feature = { steps: { hand_off_lead: handOff } }
