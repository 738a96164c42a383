import { z } from 'zod'
import { formWords } from '../../../../content/words/forms.ts'
import { refusalWithHint } from '../../../../content/words/refusals.ts'
import { returnsWords } from '../../../../content/words/returns.ts'
import type { Locale } from '../../../../domain/agreement.ts'
import { ruleOnReturn as decide } from '../../../../domain/decide/rule-on-return.ts'
import type { Handoff } from '../../../../domain/handoff.ts'
import { boundedText } from '../../../../domain/lead.ts'
import { ruleOnReturn } from '../../../../use-cases/rule-on-return.ts'
import { plainSection } from '../../blocks.ts'
import { type Asker, requestOf, type Submission } from '../../payloads.ts'
import { type Desk, type FormReply, type FormView, memberOf, type Reply } from '../feature.ts'
import { fieldFaults, form, rememberedBy, textField } from '../fields.ts'
import { type OnHandoff, openForm } from '../handoff-card/open-form.ts'
import { handoffId } from '../handoff-card/standing.ts'
import { formReply, refusedForm } from '../outcome.ts'
import { oneClick } from './one-click.ts'

/** Uphold, or overturn: one click. The thread tells how it was ruled. */
export const rule =
  (ruling: 'uphold' | 'overturn') =>
  (asked: OnHandoff, desk: Desk): Promise<Reply> =>
    oneClick(asked, desk, (target) =>
      ruleOnReturn(desk.world, target, { ruling, words: undefined }),
    )

const id = 'return.clarify'

const rememberedSchema = z.object({ handoff: handoffId })

const mostWords = 2_000

interface ClarifyForm {
  handoff: Handoff
  /** The term as people call it. */
  term: string
  /** What is filled in. */
  words: string | undefined
}

/** The form that puts a term more clearly, with what the dispute is about. */
export function buildClarifyForm({ handoff, ...shown }: ClarifyForm, locale: Locale): FormView {
  const words = returnsWords[locale]
  const { title, submit, label, hint } = words.clarify
  const contest = handoff.returned?.contest
  const remembers: z.input<typeof rememberedSchema> = { handoff: handoff.id }
  return form({
    id,
    remembers,
    title,
    submit,
    cancel: formWords[locale].cancel,
    blocks: [
      ...(contest ? [plainSection(words.contested(contest.by.name, contest.why))] : []),
      textField({
        block: 'words',
        label: label(shown.term),
        hint,
        lines: 'several',
        most: mostWords,
        value: shown.words,
      }),
    ],
  })
}

/** Clarify: opens the form, unless there is nothing to rule on or it is for somebody else. */
export async function openClarify({ asker, value }: OnHandoff, desk: Desk): Promise<Reply> {
  const { world, workspaceId } = desk
  const terms = await world.glossary.terms(workspaceId)
  return openForm({ asker, value }, desk, {
    rule: (handoff, actor, context) =>
      // words that differ from any that were given before
      decide(handoff, { ruling: 'clarify', words: '' }, actor, context),
    build: ({ handoff }, locale) => {
      const about = handoff.returned?.contest?.term ?? ''
      const term = terms.find((known) => known.id === about)?.[locale].name ?? about
      return buildClarifyForm({ handoff, term, words: wordsFor(asker, handoff) }, locale)
    },
  })
}

/** How the other manager puts it, so that it takes a click to agree; else what this one wrote. */
function wordsFor({ userId }: Asker, { returned }: Handoff): string | undefined {
  const votes = (returned?.contest?.votes ?? []).filter(({ ruling }) => ruling === 'clarify')
  const others = votes.find(({ by }) => by.slackId !== userId)
  return (others ?? votes[0])?.words ?? undefined
}

const answersSchema = z.object({ words: boundedText(mostWords).optional() })

/** The form was sent: the manager rules that the term is to be understood like this. */
export async function submitClarify(submission: Submission, desk: Desk): Promise<FormReply> {
  const by = await memberOf(submission.asker, desk)
  const { locale } = by
  const remembered = rememberedBy(submission.form, rememberedSchema)
  if (remembered === undefined) return refusedForm({ kind: 'unknown-handoff' }, locale)
  const answers = answersSchema.safeParse(Object.fromEntries(submission.form.fields))
  if (!answers.success) {
    return fieldFaults(answers.error, { words: returnsWords[locale].clarify.fault })
  }
  const { workspaceId, world } = desk
  const target = { workspaceId, handoffId: remembered.handoff, by, request: requestOf(submission) }
  const result = await ruleOnReturn(world, target, {
    ruling: 'clarify',
    words: answers.data.words,
  })
  const mendable = result.kind === 'refused' && ofWords.includes(result.refusal.code)
  return mendable
    ? { kind: 'errors', errors: { words: refusalWithHint(result.refusal, locale) } }
    : formReply(result, locale)
}

/** Refusals that other words can mend. */
const ofWords: readonly string[] = ['needed', 'ruled-so-already']
