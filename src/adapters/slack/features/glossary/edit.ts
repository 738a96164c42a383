import { createHash } from 'node:crypto'
import { agreementWords } from '../../../../content/words/agreement.ts'
import { formWords } from '../../../../content/words/forms.ts'
import { termRefusalWords, termWords } from '../../../../content/words/term-proposals.ts'
import type { Locale } from '../../../../domain/agreement.ts'
import { longest, type Term } from '../../../../domain/glossary.ts'
import { mayEditTerm, signingSides, type TermRefusal } from '../../../../domain/term-proposal.ts'
import type { TermTarget } from '../../../../use-cases/answer-term.ts'
import type { World } from '../../../../use-cases/ports/world.ts'
import { bringUpTerm, type TermResult } from '../../../../use-cases/propose-term.ts'
import { limits, message, section } from '../../blocks.ts'
import { type Asker, type Click, requestOf, type Submission } from '../../payloads.ts'
import { asMrkdwn } from '../../text.ts'
import {
  type Desk,
  done,
  type FormReply,
  memberOf,
  memberSoon,
  type Reply,
  soon,
  tell,
} from '../feature.ts'
import { rememberedBy, sentenceView } from '../fields.ts'
import { answersOf, buildTermForm, type formIds, rememberedSchema } from './form.ts'
import { headsIn } from './heads.ts'
import { buildTermHistory } from './proposal-message.ts'

type Kind = keyof typeof formIds

const told = (refusal: TermRefusal, locale: Locale): Reply =>
  tell({ text: asMrkdwn(termRefusalWords(refusal, locale), limits.message) })

const said = (text: string): Reply => tell(message(text, [section(text)]))

/** Which term the form is for: one that is there, or a new one of that name. */
export interface Edited {
  kind: Kind
  term: Term | undefined
  name: string
}

/** Opens the form, for those who may; who can't be known in time is answered at its end. */
export async function openTermForm(
  asker: Asker,
  { kind, term, name }: Edited,
  desk: Desk,
): Promise<Reply> {
  const { world, workspaceId } = desk
  const [{ agreement }, terms, standing, member] = await Promise.all([
    world.agreements.inForce(workspaceId),
    world.glossary.terms(workspaceId),
    term && world.glossary.standing(workspaceId, term.id),
    memberSoon(asker, desk),
  ])
  const locale = member?.locale ?? agreement.language
  if (member !== undefined) {
    const owner = standing?.owner ?? null
    if (kind === 'edit' && !mayEditTerm(member, agreement, owner)) {
      return told({ code: 'may-not-edit' }, locale)
    }
    if (kind === 'suggest' && member.external) return told({ code: 'external' }, locale)
  }
  if (name.length > longest.label) return said(termWords[locale].nameTooLong)
  const unsigned = signingSides(agreement).length === 0
  const newest = standing?.term ?? term
  const asked = { kind, term: newest, version: standing?.version ?? 0, name, terms, unsigned }
  return { kind: 'open', view: buildTermForm(asked, locale) }
}

/** Which term an edit or its history is about has to be said. */
export async function askWhichTerm(asker: Asker, verb: string, desk: Desk): Promise<Reply> {
  const { locale } = await memberOf(asker, desk)
  return said(termWords[locale].whichTerm(verb))
}

/** The form was sent: the term is proposed to both heads, or suggested to whoever keeps it. */
export const submitTerm =
  (kind: Kind) =>
  async (submission: Submission, desk: Desk): Promise<FormReply> => {
    const { world, workspaceId } = desk
    const by = await memberOf(submission.asker, desk)
    const { form } = submission
    const remembered = rememberedBy(form, rememberedSchema)
    const locale = remembered?.locale ?? by.locale
    const id = remembered?.id ?? null
    const [terms, standing] = await Promise.all([
      world.glossary.terms(workspaceId),
      id === null ? undefined : world.glossary.standing(workspaceId, id),
    ])
    const before = standing?.term ?? undefined
    const answers = answersOf(form.fields, { before, kind, locale, terms })
    if (!answers.ok) return { kind: 'errors', errors: answers.errors }
    const owner = await ownerOf(answers.ownerSlackId, desk)
    if (owner === 'nobody') {
      return { kind: 'errors', errors: { owner: termWords[locale].form.faults.owner } }
    }
    const result = await bringUpTerm(world, {
      as: kind === 'edit' ? 'proposal' : 'suggestion',
      id: idOf(submission),
      workspaceId,
      term: answers.term,
      owner,
      note: answers.note,
      baseVersion: remembered?.version ?? 0,
      by,
    })
    return formReply(result, kind, locale)
  }

/** Somebody of the workspace; null where nobody was chosen. */
async function ownerOf(slackId: string | undefined, { world, workspaceId }: Desk) {
  if (slackId === undefined) return null
  if (!/^[UW][A-Z0-9]{1,48}$/.test(slackId)) return 'nobody'
  const member = await world.members.bySlackId(workspaceId, slackId)
  const { id, email, name } = member
  return member.external ? 'nobody' : { id, slackId: member.slackId, email, name }
}

/** The same form that comes twice is one proposal. */
function idOf(submission: Submission): string {
  const { key, fingerprint } = requestOf(submission)
  const hash = createHash('sha256').update(`${key} ${fingerprint}`).digest('hex')
  return `prop_${hash.slice(0, 32)}`
}

function formReply(result: TermResult, kind: Kind, locale: Locale): FormReply {
  const words = termWords[locale]
  if (result.kind === 'done') {
    const { state } = result.proposal
    const sent = state === 'signed' ? 'signed' : kind === 'edit' ? 'open' : 'suggested'
    const title = words.form.titles[kind]
    return view(title, words.form.sent[sent], locale)
  }
  if (result.kind === 'unknown-proposal') {
    return view(formWords[locale].notDone, agreementWords[locale].unknown, locale)
  }
  const sentence = termRefusalWords(result.refusal, locale)
  const field = fieldOf(result.refusal)
  return field === undefined
    ? view(formWords[locale].notDone, sentence, locale)
    : { kind: 'errors', errors: { [field]: sentence } }
}

/** Where what is wrong can be put right; undefined where it can't. */
function fieldOf({ code }: TermRefusal): string | undefined {
  switch (code) {
    case 'word-taken':
      return 'name'
    case 'no-changes':
      return 'definition'
    case 'not-a-chapter':
      return 'chapter'
    case 'decide-missing':
      return 'decide'
    default:
      return undefined
  }
}

const view = (title: string, text: string, locale: Locale): FormReply => ({
  kind: 'update',
  view: sentenceView({ title, close: formWords[locale].close, text }),
})

type Act = (world: World, target: TermTarget) => Promise<TermResult>

/** A click on a proposal or a suggestion: who may is decided by the rule, not by the button. */
export const clicked =
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

const mostHistory = 30

/** `/glossary history MQL`: the versions of a term and what waits for an answer. */
export async function tellHistory(asker: Asker, term: Term, desk: Desk): Promise<Reply> {
  const { world, workspaceId } = desk
  const [{ agreement }, history, standing, { locale }] = await Promise.all([
    world.agreements.inForce(workspaceId),
    world.termProposals.history(workspaceId, term.id, mostHistory),
    world.glossary.standing(workspaceId, term.id),
    memberOf(asker, desk),
  ])
  const heads = await soon(headsIn(agreement, world.members, workspaceId))
  return tell(
    buildTermHistory(term, history, {
      locale,
      zone: agreement.calendar.timezone,
      dates: 'slack',
      heads: heads ?? { sales: [], marketing: [] },
      owner: standing?.owner ?? null,
    }),
  )
}
