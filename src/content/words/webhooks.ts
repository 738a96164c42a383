import type { Locale } from '../../domain/agreement.ts'
import type { WebhookRefusal } from '../../domain/webhook.ts'

type Words = {
  [Code in WebhookRefusal['code']]: (refusal: Extract<WebhookRefusal, { code: Code }>) => string
}

const en: Words = {
  'address-not-usable': () =>
    'This is no address to send to: give one such as https://example.com/hooks, without a user name.',
  'address-without-tls': () => 'The address must begin with https://.',
  'address-private': () =>
    'The address is in a private network: give a public one, or set BATON_WEBHOOKS_PRIVATE to allowed.',
  'address-unknown': () => 'The name in the address is not known: check how it is spelled.',
  'endpoint-known': () => 'There is a webhook for this address already: remove it first.',
  'too-many-endpoints': ({ most }) =>
    `There are ${most} webhooks already, which is the most: remove one first.`,
}

const it: Words = {
  'address-not-usable': () =>
    'Non è un indirizzo a cui inviare: indicane uno come https://example.com/hooks, senza nome utente.',
  'address-without-tls': () => 'L’indirizzo deve iniziare con https://.',
  'address-private': () =>
    'L’indirizzo è in una rete privata: indicane uno pubblico, o imposta BATON_WEBHOOKS_PRIVATE su allowed.',
  'address-unknown': () => 'Il nome nell’indirizzo non è noto: controlla come è scritto.',
  'endpoint-known': () => 'C’è già un webhook per questo indirizzo: prima rimuovilo.',
  'too-many-endpoints': ({ most }) =>
    `Ci sono già ${most} webhook, il massimo: prima rimuovine uno.`,
}

/** Why an endpoint was not taken, for the one who asked. */
export function webhookRefusalWords(refusal: WebhookRefusal, locale: Locale): string {
  return sentence(locale === 'it' ? it : en, refusal)
}

function sentence<Code extends WebhookRefusal['code']>(
  words: { [Key in Code]: (refusal: Extract<WebhookRefusal, { code: Key }>) => string },
  refusal: Extract<WebhookRefusal, { code: Code }>,
): string {
  return words[refusal.code](refusal)
}
