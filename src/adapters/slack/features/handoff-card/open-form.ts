import type { Locale } from '../../../../domain/agreement.ts'
import type { Actor, Context, Decided } from '../../../../domain/decide/decision.ts'
import type { Handoff } from '../../../../domain/handoff.ts'
import { objection, type Standing } from '../../../../use-cases/standing.ts'
import type { Click } from '../../payloads.ts'
import { type Desk, type FormView, memberSoon, type Reply } from '../feature.ts'
import { refusedClick, unknownHandoff } from '../outcome.ts'
import { standingAt } from './standing.ts'

/** Who asks, and the id of the handoff that it is about: a click on a card, or a command. */
export type OnHandoff = Pick<Click, 'asker' | 'value'>

/** The form of a command on the handoff of a button. */
interface HandoffForm {
  /** The command as it would be decided before anything is filled in. */
  rule(handoff: Handoff, actor: Actor, context: Context): Decided
  build(standing: Standing, locale: Locale): FormView
}

/**
 * Opens a form from a card; where the handoff has moved on, or the command is not for this person
 * to give, it says so instead. Who can't be known in time gets the form, and the answer at its end.
 */
export async function openForm(
  { asker, value }: OnHandoff,
  desk: Desk,
  { rule, build }: HandoffForm,
): Promise<Reply> {
  const [standing, member] = await Promise.all([standingAt(value, desk), memberSoon(asker, desk)])
  if (standing === undefined) return unknownHandoff(member?.locale ?? 'en')
  const { handoff, agreement } = standing
  const locale = member?.locale ?? agreement.language
  if (member !== undefined) {
    const refusal = objection(standing, member, desk.world.now(), (actor, context) =>
      rule(handoff, actor, context),
    )
    if (refusal !== undefined) return refusedClick({ kind: 'refused', refusal, handoff }, locale)
  }
  return { kind: 'open', view: build(standing, locale) }
}
