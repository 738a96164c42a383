import { formWords } from '../../../content/words/forms.ts'
import { refusalWithHint } from '../../../content/words/refusals.ts'
import type { Locale } from '../../../domain/agreement.ts'
import type { Refusal } from '../../../domain/decide/decision.ts'
import type { Result } from '../../../use-cases/act.ts'
import { limits } from '../blocks.ts'
import { asMrkdwn } from '../text.ts'
import { done, type FormReply, type Reply, tell } from './feature.ts'
import { sentenceView } from './fields.ts'

/** A command that had no effect. */
export type NotDone = Exclude<Result, { kind: 'done' | 'repeated' }>

/** Whether the command had its effect, now or when the same request came before. */
export const isDone = (result: Result): result is Exclude<Result, NotDone> =>
  result.kind === 'done' || result.kind === 'repeated'

/** Why nothing was done and what to do, as plain text. */
export function whyNot(result: NotDone, locale: Locale): string {
  switch (result.kind) {
    case 'refused':
      return refusalWithHint(result.refusal, locale)
    case 'unknown-handoff':
      return formWords[locale].unknownHandoff
    case 'key-reused':
      return formWords[locale].alreadySent
  }
}

/** Refusals that a card which shows the present state would not have led to. */
const ofStaleCards: readonly Refusal['code'][] = [
  'accepted-by',
  'accepted-by-you',
  'not-accepted-yet',
  'moved-on',
  'offered-to',
  'owned-by',
  'paused-already',
  'not-paused',
  'nothing-to-pause',
  'answered-already',
  'contest-too-late',
  'not-contested',
  'ruled-already',
  'ready-already',
  'nobody-has-it',
  'yours-already',
]

const staleCard = (result: NotDone): string | undefined =>
  result.kind === 'refused' && ofStaleCards.includes(result.refusal.code)
    ? result.handoff?.id
    : undefined

/** The reason why a click had no effect, to the one who clicked; their stale card is refreshed. */
export const refusedClick = (result: NotDone, locale: Locale): Reply => ({
  kind: 'tell',
  message: { text: asMrkdwn(whyNot(result, locale), limits.message) },
  refresh: staleCard(result),
})

/** The reason why a form had no effect, in place of the form. */
export const refusedForm = (result: NotDone, locale: Locale): FormReply => {
  const { notDone: title, close } = formWords[locale]
  return {
    kind: 'update',
    view: sentenceView({ title, close, text: whyNot(result, locale) }),
    refresh: staleCard(result),
  }
}

/** What becomes of a form whose command had this result. */
export const formReply = (result: Result, locale: Locale): FormReply =>
  isDone(result) ? done : refusedForm(result, locale)

/** A card whose handoff is not there. */
export const unknownHandoff = (locale: Locale): Reply =>
  tell({ text: formWords[locale].unknownHandoff })
