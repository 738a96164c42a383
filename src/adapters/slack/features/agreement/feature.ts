import { createHash } from 'node:crypto'
import { agreementWords, proposalRefusalWords } from '../../../../content/words/agreement.ts'
import { formWords } from '../../../../content/words/forms.ts'
import type { Locale } from '../../../../domain/agreement.ts'
import { writtenAgreement } from '../../../../domain/agreement-written.ts'
import type { Member } from '../../../../domain/person.ts'
import { mayPropose, type ProposalRefusal } from '../../../../domain/proposal.ts'
import type { ProposalTarget } from '../../../../use-cases/change-proposal.ts'
import type { World } from '../../../../use-cases/ports/world.ts'
import { type ProposalResult, proposeAgreement } from '../../../../use-cases/propose-agreement.ts'
import { signAgreement } from '../../../../use-cases/sign-agreement.ts'
import { withdrawProposal } from '../../../../use-cases/withdraw-proposal.ts'
import { limits } from '../../blocks.ts'
import { type Asker, type Click, requestOf, type Submission } from '../../payloads.ts'
import { asMrkdwn } from '../../text.ts'
import {
  type Desk,
  done,
  type Feature,
  type FormReply,
  memberOf,
  memberSoon,
  type Reply,
  tell,
} from '../feature.ts'
import { fieldFaults, rememberedBy, sentenceView } from '../fields.ts'
import {
  answersSchema,
  buildProposalForm,
  faultsOf,
  faultsOfWhole,
  formId,
  proposedClocks,
  rememberedSchema,
} from './form.ts'

type Act = (world: World, target: ProposalTarget & { by: Member }) => Promise<ProposalResult>

/** A click on a proposal: who may is decided by the rule, not by the button. */
const clicked =
  (act: Act) =>
  async ({ asker, value: proposalId }: Click, desk: Desk): Promise<Reply> => {
    const by = await memberOf(asker, desk)
    const result = await act(desk.world, { workspaceId: desk.workspaceId, proposalId, by })
    switch (result.kind) {
      case 'done':
        return done
      case 'refused':
        return told(result.refusal, by.locale)
      case 'unknown-proposal':
        return tell({ text: agreementWords[by.locale].unknown })
    }
  }

const told = (refusal: ProposalRefusal, locale: Locale): Reply =>
  tell({ text: asMrkdwn(proposalRefusalWords(refusal, locale), limits.message) })

/** Opens the form with the usual numbers, for those who may propose. */
export async function openProposalForm(asker: Asker, desk: Desk): Promise<Reply> {
  const { world, workspaceId } = desk
  const [newest, { agreement }, member] = await Promise.all([
    world.proposals.newest(workspaceId),
    world.agreements.inForce(workspaceId),
    memberSoon(asker, desk),
  ])
  const locale = member?.locale ?? agreement.language
  if (member !== undefined && !mayPropose(member, agreement)) {
    return told({ code: 'may-not-propose' }, locale)
  }
  return { kind: 'open', view: buildProposalForm(newest, locale) }
}

/** The form was sent: what it changes is proposed, and comes to the managers' channel. */
async function submit(submission: Submission, desk: Desk): Promise<FormReply> {
  const { world, workspaceId } = desk
  const by = await memberOf(submission.asker, desk)
  const { locale } = by
  const answers = answersSchema.safeParse(Object.fromEntries(submission.form.fields))
  if (!answers.success) return fieldFaults(answers.error, faultsOf(locale))
  const remembered = rememberedBy(submission.form, rememberedSchema)
  const { agreement } = await world.proposals.newest(workspaceId)
  const proposed = { ...agreement, clocks: proposedClocks(agreement, answers.data) }
  const errors = faultsOfWhole(proposed)
  if (Object.keys(errors).length > 0) return { kind: 'errors', errors }
  const { clocks } = writtenAgreement(proposed)
  const result = await proposeAgreement(world, {
    workspaceId,
    // JSON is YAML
    text: JSON.stringify({ clocks }),
    file: 'form',
    from: answers.data.from,
    base: remembered?.version,
    by,
    id: idOf(submission),
  })
  if (result.kind === 'refused') return refusedForm(result.refusal, locale)
  const words = agreementWords[locale].form
  return view(words.title, words.sent, locale)
}

/** The same form that comes twice is one proposal. */
function idOf(submission: Submission): string {
  const { key, fingerprint } = requestOf(submission)
  const hash = createHash('sha256').update(`${key} ${fingerprint}`).digest('hex')
  return `prop_${hash.slice(0, 32)}`
}

function refusedForm(refusal: ProposalRefusal, locale: Locale): FormReply {
  const sentence = proposalRefusalWords(refusal, locale)
  switch (refusal.code) {
    case 'from-in-past':
      return { kind: 'errors', errors: { from: sentence } }
    case 'no-changes':
      return { kind: 'errors', errors: { accept_within: sentence } }
    default:
      return view(formWords[locale].notDone, sentence, locale)
  }
}

const view = (title: string, text: string, locale: Locale): FormReply => ({
  kind: 'update',
  view: sentenceView({ title, close: formWords[locale].close, text }),
})

/** Proposing a change of the agreement, and signing it. */
export const agreement: Feature = {
  actions: {
    'agreement.sign': clicked(signAgreement),
    'agreement.withdraw': clicked(withdrawProposal),
  },
  views: { [formId]: submit },
}
