import { z } from 'zod'
import { formWords } from '../../../../content/words/forms.ts'
import { webhookRefusalWords, webhookWords } from '../../../../content/words/webhooks.ts'
import type { Locale } from '../../../../domain/agreement.ts'
import { eventTypes } from '../../../../domain/handoff.ts'
import { addEndpoint } from '../../../../use-cases/webhook-endpoints.ts'
import { limits, plain, section } from '../../blocks.ts'
import type { Submission } from '../../payloads.ts'
import { type Desk, type FormReply, type FormView, soon } from '../feature.ts'
import { choicesField, fieldFaults, form, textField } from '../fields.ts'
import { placeOf } from './messages.ts'

const longestUrl = 2_000

/** The form that adds an endpoint. */
export function buildWebhookForm(locale: Locale): FormView {
  const { cancel, choose } = formWords[locale]
  const { form: words, eventNames } = webhookWords[locale]
  const { labels, hints } = words
  return form({
    id: 'webhooks.add',
    title: words.title,
    submit: words.submit,
    cancel,
    blocks: [
      textField({ block: 'url', label: labels.url, hint: hints.url, most: longestUrl }),
      choicesField({
        block: 'events',
        label: labels.events,
        hint: hints.events,
        optional: true,
        choices: eventTypes.map((value) => ({ value, label: eventNames[value] })),
        choose,
      }),
    ],
  })
}

const answersSchema = z.object({
  url: z.string().trim().min(1).max(longestUrl),
  events: z
    .string()
    .transform((chosen) => chosen.split(','))
    .pipe(z.array(z.enum(eventTypes)))
    .default([]),
})

/**
 * The form was sent by who may: the endpoint gets events from now on, and the form shows its secret
 * this once. An address that can't be looked up in the time that Slack waits is not added, for its
 * secret would be shown to nobody.
 */
export async function addWebhook(
  { form: { fields } }: Submission,
  locale: Locale,
  { world, workspaceId }: Desk,
): Promise<FormReply> {
  const { form: words } = webhookWords[locale]
  const answers = answersSchema.safeParse(Object.fromEntries(fields))
  if (!answers.success) return fieldFaults(answers.error, words.faults)
  const { url } = answers.data
  const looked = await soon(world.webhookSender.check(url).then((code) => ({ code })))
  if (looked === undefined) return underUrl(words.slow)
  const added = await addEndpoint(world, workspaceId, answers.data)
  if (!added.ok) return underUrl(webhookRefusalWords(added.refusal, locale))
  return { kind: 'update', view: buildSecret(added.endpoint, locale) }
}

const underUrl = (sentence: string): FormReply => ({ kind: 'errors', errors: { url: sentence } })

/** The secret of an endpoint that was just added, for the one who added it alone. */
export function buildSecret(endpoint: { url: string; secret: string }, locale: Locale): FormView {
  const { added, secret } = webhookWords[locale].form
  return {
    type: 'modal',
    title: plain(added, limits.viewTitle),
    close: plain(formWords[locale].close, limits.viewTitle),
    blocks: [section(secret(placeOf(endpoint))), section(`\`${endpoint.secret}\``)],
  }
}
