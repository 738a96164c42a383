import { z } from 'zod'
import { formWords } from '../../../../content/words/forms.ts'
import { ownerWords } from '../../../../content/words/owner.ts'
import { refusalWithHint } from '../../../../content/words/refusals.ts'
import type { Locale } from '../../../../domain/agreement.ts'
import type { Refusal } from '../../../../domain/decide/decision.ts'
import type { Member } from '../../../../domain/person.ts'
import type { Result } from '../../../../use-cases/act.ts'
import { giveBack, reassignHandoff } from '../../../../use-cases/reassign-handoff.ts'
import { actorOf, objection } from '../../../../use-cases/standing.ts'
import { limits } from '../../blocks.ts'
import { requestOf, type Submission } from '../../payloads.ts'
import { asPlain, oneLine } from '../../text.ts'
import {
  type Desk,
  type FormReply,
  type FormView,
  memberOf,
  memberSoon,
  type Reply,
  tell,
} from '../feature.ts'
import { type Choice, choiceField, form, personField, rememberedBy } from '../fields.ts'
import type { OnHandoff } from '../handoff-card/open-form.ts'
import { handoffId, standingAt } from '../handoff-card/standing.ts'
import { formReply, refusedClick, refusedForm, unknownHandoff } from '../outcome.ts'
import { anyOwner, type Candidate, type Offer, offerOf } from './offer.ts'

const id = 'handoff.reassign'

/** The choice that gives a lead back; people are chosen by their id. */
const everyone = 'everyone'

const chosenSchema = z.string().regex(/^[\w-]{1,100}$/)

/** `usual` is what the field stands for as long as nobody touches it. */
const rememberedSchema = z.object({ handoff: handoffId, usual: chosenSchema.optional() })

/**
 * The form of another owner: a list of those who may get the lead, or Slack's own list of people
 * where that is anybody. Who is off or full is said; the choice is left to the one who asks.
 */
export function buildOwnerForm(handoff: string, offer: Offer, locale: Locale): FormView {
  const { cancel, choose } = formWords[locale]
  const { title, submit, label, emptyForEveryone } = ownerWords[locale]
  const parts = { id, title, submit, cancel }
  const field = { block: 'to', label, choose }
  const remembering = (usual: string | undefined): z.input<typeof rememberedSchema> => ({
    handoff,
    usual,
  })
  if (offer.others === 'anybody') {
    const back = offer.everyone
    const hint = back ? emptyForEveryone : undefined
    const remembers = remembering(back ? everyone : undefined)
    return form({ ...parts, remembers, blocks: [personField({ ...field, optional: back, hint })] })
  }
  const choices = choicesOf(offer, offer.others, locale)
  const usual = choices.length === 1 ? choices[0]?.value : undefined
  const hint = hintOf(offer.others.length, offer.allOthers, locale)
  return form({
    ...parts,
    remembers: remembering(usual),
    blocks: [choiceField({ ...field, choices, chosen: usual, hint })],
  })
}

function choicesOf(
  offer: Pick<Offer, 'me' | 'everyone'>,
  others: readonly Candidate[],
  locale: Locale,
): Choice[] {
  const { me, everyone: label } = ownerWords[locale]
  const named = others.map(({ person }) => oneLine(person.name))
  const nameOf = ({ person }: Candidate): string => {
    const name = oneLine(person.name)
    const shared = named.filter((one) => one === name).length > 1
    return shared && person.email !== null ? `${name} (${person.email})` : name
  }
  return [
    ...(offer.me === undefined
      ? []
      : [{ value: offer.me.person.id, label: asLabel(me, ownDuty(offer.me), locale) }]),
    ...(offer.everyone ? [{ value: everyone, label }] : []),
    ...others.map((one) => ({
      value: one.person.id,
      label: asLabel(nameOf(one), one.duty, locale),
    })),
  ]
}

/** Whoever takes a lead over is there. */
const ownDuty = ({ duty }: Candidate): Candidate['duty'] =>
  !duty.free && duty.why !== 'full' ? { free: true } : duty

/** A name, and what keeps that person from taking a lead; it is the name that is cut. */
function asLabel(name: string, duty: Candidate['duty'], locale: Locale): string {
  if (duty.free) return name
  const words = ownerWords[locale]
  const say = (shown: string): string => {
    if (duty.why === 'away') return words.away(shown)
    return duty.why === 'off' ? words.off(shown, duty.until) : words.full(shown, duty.cap)
  }
  return say(asPlain(name, limits.optionText - say('').length))
}

const hintOf = (shown: number, all: number, locale: Locale): string | undefined =>
  shown < all ? ownerWords[locale].first(shown, all) : undefined

const isEmpty = ({ me, everyone: back, others }: Offer): boolean =>
  me === undefined && !back && others !== 'anybody' && others.length === 0

/** Owner: opens the form, unless this person may neither pass on, nor take over, nor give back. */
export async function openOwner({ asker, value }: OnHandoff, desk: Desk): Promise<Reply> {
  const [standing, member] = await Promise.all([standingAt(value, desk), memberSoon(asker, desk)])
  if (standing === undefined) return unknownHandoff(member?.locale ?? 'en')
  const { handoff, agreement, inForce } = standing
  const locale = member?.locale ?? agreement.language
  const refusal =
    member &&
    objection(standing, member, desk.world.now(), (actor, context) =>
      anyOwner(handoff, actor, context),
    )
  if (refusal !== undefined) return refusedClick({ kind: 'refused', refusal, handoff }, locale)
  const actor = member && actorOf(member, inForce, handoff.leadType)
  const offer = await offerOf(standing, actor, desk, locale)
  return isEmpty(offer)
    ? tell({ text: ownerWords[locale].nobodyElse })
    : { kind: 'open', view: buildOwnerForm(handoff.id, offer, locale) }
}

/** The form was sent: the lead has another owner, or is offered to everyone again. */
export async function submitOwner(submission: Submission, desk: Desk): Promise<FormReply> {
  const by = await memberOf(submission.asker, desk)
  const { locale } = by
  const remembered = rememberedBy(submission.form, rememberedSchema)
  if (remembered === undefined) return refusedForm({ kind: 'unknown-handoff' }, locale)
  const { workspaceId, world } = desk
  const target = {
    workspaceId,
    handoffId: remembered.handoff,
    by,
    request: requestOf(submission),
  }
  const chosen = chosenSchema.safeParse(submission.form.fields.get('to') ?? remembered.usual)
  if (chosen.data === everyone) return formReply(await giveBack(world, target), locale)
  const to = chosen.success ? await personOf(chosen.data, desk) : undefined
  if (to === undefined) return inForm(ownerWords[locale].nobodyChosen)
  return ownerReply(await reassignHandoff(world, target, { to }), locale)
}

/** The list names people by Baton's id, Slack's picker by Slack's. */
const personOf = (chosen: string, { world, workspaceId }: Desk): Promise<Member | undefined> =>
  /^[UW][A-Z0-9]+$/.test(chosen)
    ? world.members.bySlackId(workspaceId, chosen)
    : world.members.byId(workspaceId, chosen)

const inForm = (sentence: string): FormReply => ({ kind: 'errors', errors: { to: sentence } })

/** Refusals that another choice would mend. */
const ofChoice: readonly Refusal['code'][] = ['theirs-already', 'cannot-sell', 'off-duty', 'full']

const ownerReply = (result: Result, locale: Locale): FormReply =>
  result.kind === 'refused' && ofChoice.includes(result.refusal.code)
    ? inForm(refusalWithHint(result.refusal, locale))
    : formReply(result, locale)
