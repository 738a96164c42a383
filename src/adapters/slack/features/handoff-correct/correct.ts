import { z } from 'zod'
import {
  attemptChannelName,
  attemptChannelNames,
  attemptOutcomeName,
  attemptOutcomeNames,
} from '../../../../content/words/attempts.ts'
import { type CorrectionField, correctionWords } from '../../../../content/words/corrections.ts'
import { formatInstant } from '../../../../content/words/format.ts'
import { formWords } from '../../../../content/words/forms.ts'
import { refusalWords } from '../../../../content/words/refusals.ts'
import {
  type Agreement,
  attemptChannels,
  attemptOutcomes,
  type Locale,
} from '../../../../domain/agreement.ts'
import { correctAttempt as decide } from '../../../../domain/decide/correct-attempt.ts'
import type { Attempt, Handoff } from '../../../../domain/handoff.ts'
import { correctAttempt } from '../../../../use-cases/correct-attempt.ts'
import { type Click, type Form, requestOf, type Submission } from '../../payloads.ts'
import {
  type Desk,
  done,
  type FormReply,
  type FormView,
  memberOf,
  memberSoon,
  type Reply,
} from '../feature.ts'
import { type Choice, choiceField, form, rememberedBy, sentenceView } from '../fields.ts'
import { openForm } from '../handoff-card/open-form.ts'
import { handoffId, standingAt } from '../handoff-card/standing.ts'
import { formReply, refusedForm } from '../outcome.ts'

const id = 'handoff.correct'

/** So many of the last attempts can be chosen. */
const mostChoices = 25

const happenings = ['yes', 'no'] as const

const answersSchema = z.object({
  channel: z.enum(attemptChannels),
  outcome: z.enum(attemptOutcomes),
  happened: z.enum(happenings),
})
type Answers = z.output<typeof answersSchema>

/** The attempt whose fields the form shows, and what they held. */
const rememberedSchema = answersSchema.extend({ handoff: handoffId, number: z.int() })

const answersOf = ({ channel, outcome, verdict }: Attempt): Answers => ({
  channel,
  outcome,
  happened: verdict.clause === 'void' ? 'no' : 'yes',
})

/**
 * The form that puts an attempt right: the last attempts, newest first, and what was said of the
 * chosen one. Slack keeps what is filled in by the name of a field, so each attempt has its own.
 */
export function buildCorrectionForm(
  handoff: Handoff,
  attempt: Attempt,
  agreement: Agreement,
  locale: Locale,
): FormView {
  const { cancel, choose } = formWords[locale]
  const { title, submit, labels, happened } = correctionWords[locale].form
  const shown = answersOf(attempt)
  const field = (name: keyof Answers, choices: Choice[]) =>
    choiceField({
      block: blockOf(name, attempt.number),
      label: labels[name],
      choices,
      chosen: shown[name],
      choose,
    })
  const remembers: z.input<typeof rememberedSchema> = {
    handoff: handoff.id,
    number: attempt.number,
    ...shown,
  }
  return form({
    id,
    remembers,
    title,
    submit,
    cancel,
    blocks: [
      choiceField({
        block: 'attempt',
        label: labels.attempt,
        choices: handoff.attempts
          .slice(-mostChoices)
          .reverse()
          .map((one) => ({ value: `${one.number}`, label: labelOf(one, agreement, locale) })),
        chosen: `${attempt.number}`,
        choose,
        reports: true,
      }),
      field('channel', choicesOf(attemptChannels, attemptChannelNames[locale])),
      field('outcome', choicesOf(attemptOutcomes, attemptOutcomeNames[locale])),
      field('happened', choicesOf(happenings, happened)),
    ],
  })
}

const blockOf = (name: CorrectionField, number: number): string => `${name}_${number}`

const choicesOf = <Value extends string>(
  values: readonly Value[],
  names: Record<Value, string>,
): Choice[] =>
  values.map((value) => {
    const name = names[value]
    return { value, label: name.charAt(0).toUpperCase() + name.slice(1) }
  })

function labelOf({ number, channel, outcome, at }: Attempt, agreement: Agreement, locale: Locale) {
  const made = `${attemptChannelName(channel, locale)}, ${attemptOutcomeName(outcome, locale)}`
  const when = formatInstant(at, locale, agreement.calendar.timezone)
  return correctionWords[locale].form.choice(number, made, when)
}

/** Nothing but whether this person may correct an attempt of this handoff now. */
const preview = { channel: undefined, outcome: undefined, at: undefined, note: undefined }

/** Correct: opens the form, unless there is nothing to correct or it is somebody else's lead. */
export const openCorrection = (click: Click, desk: Desk): Promise<Reply> =>
  openForm(click, desk, {
    rule: (handoff, actor, context) => {
      const last = handoff.attempts.at(-1)
      const gone = last?.verdict.clause === 'void'
      return decide(handoff, { ...preview, number: last?.number ?? 1, void: !gone }, actor, context)
    },
    build: ({ handoff, agreement }, locale) => {
      const last = handoff.attempts.at(-1)
      return last === undefined
        ? nothingLogged(locale)
        : buildCorrectionForm(handoff, last, agreement, locale)
    },
  })

function nothingLogged(locale: Locale): FormView {
  const { notDone: title, close } = formWords[locale]
  const text = refusalWords({ code: 'unknown-attempt', number: 1 }, locale)
  return sentenceView({ title, close, text })
}

/** Another attempt: the form shows what was said of that one. */
export async function changeAttempt({ form: open, asker }: Click, desk: Desk): Promise<Reply> {
  const remembered = open && rememberedBy(open, rememberedSchema)
  if (open === undefined || remembered === undefined) return done
  const member = await memberSoon(asker, desk)
  const view = await formOf(remembered.handoff, chosenIn(open), desk, member?.locale)
  return view === undefined ? done : { kind: 'update', view }
}

const chosenIn = ({ fields }: Form): number | undefined => {
  const number = z.coerce.number().int().safeParse(fields.get('attempt'))
  return number.data
}

/** The form of an attempt of the handoff; undefined where it has none of that number. */
async function formOf(
  handoff: string,
  number: number | undefined,
  desk: Desk,
  locale: Locale | undefined,
): Promise<FormView | undefined> {
  const standing = await standingAt(handoff, desk)
  const attempt = standing?.handoff.attempts.find((one) => one.number === number)
  if (standing === undefined || attempt === undefined) return undefined
  const { agreement } = standing
  return buildCorrectionForm(standing.handoff, attempt, agreement, locale ?? agreement.language)
}

/** The form was sent: what is different in it is put right, and the thread says what follows. */
export async function submitCorrection(submission: Submission, desk: Desk): Promise<FormReply> {
  const by = await memberOf(submission.asker, desk)
  const { locale } = by
  const { form: sent } = submission
  const remembered = rememberedBy(sent, rememberedSchema)
  if (remembered === undefined) return refusedForm({ kind: 'unknown-handoff' }, locale)
  const { handoff, number, ...shown } = remembered
  const chosen = chosenIn(sent) ?? number
  if (chosen !== number) {
    // Sent before the form could follow: its fields are still those of another attempt.
    const view = await formOf(handoff, chosen, desk, locale)
    return view === undefined
      ? { kind: 'errors', errors: { attempt: correctionWords[locale].form.faults.attempt } }
      : { kind: 'update', view }
  }
  const filled = Object.fromEntries(
    fieldNames.flatMap((name) => {
      const value = sent.fields.get(blockOf(name, number))
      return value === undefined ? [] : [[name, value]]
    }),
  )
  const answers = answersSchema.safeParse({ ...shown, ...filled })
  if (!answers.success) return faultsIn(answers.error, number, locale)
  const { channel, outcome, happened } = answers.data
  const result = await correctAttempt(
    desk.world,
    {
      workspaceId: desk.workspaceId,
      handoffId: handoff,
      by,
      request: requestOf(submission),
    },
    {
      ...preview,
      number,
      // Only what was changed here, so that what somebody else has put right meanwhile stays.
      channel: channel === shown.channel ? undefined : channel,
      outcome: outcome === shown.outcome ? undefined : outcome,
      void: happened === shown.happened ? undefined : happened === 'no',
    },
  )
  return result.kind === 'refused' && result.refusal.code === 'nothing-to-correct'
    ? { kind: 'errors', errors: { attempt: refusalWords(result.refusal, locale) } }
    : formReply(result, locale)
}

const fieldNames = ['channel', 'outcome', 'happened'] as const

function faultsIn(error: z.ZodError, number: number, locale: Locale): FormReply {
  const { faults } = correctionWords[locale].form
  const wrong = fieldNames.filter((name) => error.issues.some(({ path }) => path[0] === name))
  return {
    kind: 'errors',
    errors: Object.fromEntries(wrong.map((name) => [blockOf(name, number), faults[name]])),
  }
}
