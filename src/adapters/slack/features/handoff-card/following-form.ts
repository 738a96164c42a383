import type { Locale } from '../../../../domain/agreement.ts'
import type { Standing } from '../../../../use-cases/standing.ts'
import type { Asker, Form } from '../../payloads.ts'
import {
  type Desk,
  done,
  type FormReply,
  type FormView,
  memberSoon,
  type Reply,
} from '../feature.ts'
import { refusedForm } from '../outcome.ts'
import { standingAt } from './standing.ts'

/**
 * Forms whose fields follow what is chosen in them. A client that tells no changes sends the form as
 * it was opened; then it is asked again with the fields that are missing.
 */

/** The open form after a choice; it stays as it is where its handoff is gone. */
export async function following(
  { handoff, asker }: { handoff: string; asker: Asker },
  desk: Desk,
  build: (standing: Standing, locale: Locale) => FormView,
): Promise<Reply> {
  const [standing, member] = await Promise.all([standingAt(handoff, desk), memberSoon(asker, desk)])
  if (standing === undefined) return done
  return { kind: 'update', view: build(standing, member?.locale ?? standing.agreement.language) }
}

/** The form that was sent, once more, with what it did not show. */
export async function askedAgain(
  { handoff, locale }: { handoff: string; locale: Locale },
  desk: Desk,
  build: (standing: Standing) => FormView,
): Promise<FormReply> {
  const standing = await standingAt(handoff, desk)
  return standing === undefined
    ? refusedForm({ kind: 'unknown-handoff' }, locale)
    : { kind: 'update', view: build(standing) }
}

/** Slack can put a sentence under a field only if the form shows that field. */
export const shows = ({ shown }: Form, field: string): boolean =>
  shown.length === 0 || shown.includes(field)
