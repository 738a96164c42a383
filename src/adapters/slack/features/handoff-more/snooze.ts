import { z } from 'zod'
import { formatInstant } from '../../../../content/words/format.ts'
import { formWords } from '../../../../content/words/forms.ts'
import { type DeadlineKind, deadlineKinds, deadlineOf } from '../../../../domain/handoff.ts'
import type { Result } from '../../../../use-cases/act.ts'
import { snoozeReminder } from '../../../../use-cases/snooze-reminder.ts'
import type { Click } from '../../payloads.ts'
import { type Desk, done, memberOf, type Reply, tell } from '../feature.ts'
import { handoffId } from '../handoff-card/standing.ts'
import { isDone, refusedClick, unknownHandoff } from '../outcome.ts'

/** What the button under a reminder is about: `<kind>:<handoff>`. */
const valueSchema = z
  .string()
  .transform((value) => value.split(':'))
  .pipe(z.tuple([z.enum(deadlineKinds), handoffId]))

/** Remind me later: once, and only the one who asked is told when. */
export async function snooze(click: Click, desk: Desk): Promise<Reply> {
  const by = await memberOf(click.asker, desk)
  const { locale } = by
  const value = valueSchema.safeParse(click.value)
  if (!value.success) return unknownHandoff(locale)
  const [kind, id] = value.data
  const { world, workspaceId } = desk
  const result = await snoozeReminder(world, { workspaceId, handoffId: id, by }, { kind })
  if (!isDone(result)) return refusedClick(result, locale)
  const at = remindedAt(result, kind)
  if (at === undefined) return done
  const zone = by.zone ?? (await world.agreements.inForce(workspaceId)).agreement.calendar.timezone
  return tell({ text: formWords[locale].snoozed(formatInstant(at, locale, zone, world.now())) })
}

function remindedAt(
  { handoff }: Extract<Result, { kind: 'done' | 'repeated' }>,
  kind: DeadlineKind,
): Date | undefined {
  return deadlineOf(handoff, kind)?.steps.find((step) => step.do === 'remind')?.at
}
