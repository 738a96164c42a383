import type { Locale } from '../../domain/agreement.ts'
import type { WebhookRefusal, WebhookType } from '../../domain/webhook.ts'

type Refusals = {
  [Code in WebhookRefusal['code']]: (refusal: Extract<WebhookRefusal, { code: Code }>) => string
}

/** The fields of the form, by block. */
export type WebhookField = 'url' | 'events'

/** Why something that was sent was not taken, where no status says so. */
type NoAnswer = 'timeout' | 'unreachable' | 'certificate' | 'disabled'

interface Words {
  title: string
  none: string
  /** To those who may not look. */
  whoMayLook: string
  /** To those who may look, and not change anything. */
  whoMayChange: string
  /** It was removed meanwhile. */
  gone: string
  allEvents: string
  events(names: string): string
  eventNames: Record<WebhookType, string>
  working: string
  disabled(since: string): string
  failing(since: string): string
  /** Heading of a log. */
  log(place: string): string
  nothingSent: string
  /** A line of the log. */
  line(when: string, event: string, came: string): string
  waits: string
  taken(answer: string): string
  notTaken(why: string): string
  /** `when` it is tried again. */
  again(why: string, when: string): string
  givenUp(why: string): string
  answered(status: string): string
  noAnswer: Record<NoAnswer | WebhookRefusal['code'], string>
  buttons: Record<'test' | 'log' | 'older' | 'add' | 'remove', string>
  remove: { title: string; text(place: string): string; confirm: string; deny: string }
  removed(place: string): string
  testTaken(place: string, answer: string): string
  testNotTaken(place: string, why: string): string
  testSlow(place: string): string
  /** Slack cuts titles and the buttons of a form at 24 characters. */
  form: {
    title: string
    submit: string
    labels: Record<WebhookField, string>
    hints: Record<WebhookField, string>
    faults: Record<WebhookField, string>
    slow: string
    added: string
    secret(place: string): string
  }
  refusals: Refusals
}

/** What is said of webhooks. Addresses come escaped; what is here is mrkdwn. */
export const webhookWords: Record<Locale, Words> = {
  en: {
    title: 'Webhooks',
    none: 'There is no webhook yet: no other program is told of what becomes of leads.',
    whoMayLook: 'Webhooks are for managers and admins: ask one of them.',
    whoMayChange: 'Only an admin can add or remove webhooks: ask one of them.',
    gone: 'This webhook is not there any more: somebody removed it.',
    allEvents: 'All events',
    events: (names) => `Events: ${names}`,
    eventNames: {
      HandedOff: 'handed over',
      Accepted: 'accepted',
      Returned: 'returned',
      Reassigned: 'given to somebody else',
      AttemptLogged: 'attempt logged',
      Connected: 'connected',
      DealStageReported: 'deal stage reported',
      ReminderSent: 'reminder sent',
      DeadlineMissed: 'deadline missed',
      Escalated: 'escalated',
      ReturnAnswered: 'return answered',
      ReturnContested: 'return contested',
      ReturnRuled: 'return ruled on',
      Reopened: 'reopened',
      Paused: 'paused',
      Resumed: 'resumed',
      ReminderSnoozed: 'reminder snoozed',
      AttemptCorrected: 'attempt corrected',
      RulingGiven: 'ruling given',
      ReadyAgain: 'ready again',
      NewsAdded: 'news added',
      Erased: 'erased',
      Test: 'test',
    },
    working: 'Working',
    disabled: (since) =>
      `Disabled since ${since}: nothing is sent until a test is taken. Put the program right, then send one.`,
    failing: (since) => `Waiting: nothing was delivered since ${since}. What waits is sent again.`,
    log: (place) => `Sent to ${place}, newest first`,
    nothingSent: 'Nothing was sent yet.',
    line: (when, event, came) => `${when}, ${event}: ${came}`,
    waits: 'waits to be sent',
    taken: (answer) => `delivered, ${answer}`,
    notTaken: (why) => `not delivered, ${why}`,
    again: (why, when) => `not delivered, ${why}; sent again ${when}`,
    givenUp: (why) => `given up, ${why}`,
    answered: (status) => `it answered ${status}`,
    noAnswer: {
      timeout: 'it did not answer in time',
      unreachable: 'it could not be reached',
      certificate: 'its certificate is not valid',
      disabled: 'the webhook was disabled',
      'address-not-usable': 'its address can’t be used',
      'address-without-tls': 'its address is without TLS',
      'address-private': 'its address is in a private network',
      'address-unknown': 'the name in its address is not known',
      'endpoint-known': 'its address is that of another webhook',
      'too-many-endpoints': 'there are too many webhooks',
    },
    buttons: {
      test: 'Send a test',
      log: 'Log',
      older: 'Older',
      add: 'Add a webhook',
      remove: 'Remove',
    },
    remove: {
      title: 'Remove this webhook?',
      text: (place) => `Nothing is sent to ${place} any more, and its log is gone.`,
      confirm: 'Remove',
      deny: 'Keep',
    },
    removed: (place) => `The webhook is removed: nothing is sent to ${place} any more.`,
    testTaken: (place, answer) => `${place} took the test: ${answer}.`,
    testNotTaken: (place, why) => `${place} did not take the test: ${why}.`,
    testSlow: (place) => `${place} has not answered yet: its log will show what came of the test.`,
    form: {
      title: 'Add a webhook',
      submit: 'Add',
      labels: { url: 'Address', events: 'Events' },
      hints: {
        url: 'Events are sent to it by HTTPS, signed, and in the order of each handoff.',
        events: 'Leave it empty for all of them.',
      },
      faults: {
        url: 'Give an address such as https://example.com/hooks, of 2,000 characters at most.',
        events: 'Choose from the list.',
      },
      slow: 'Looking up the name in the address takes too long: try again.',
      added: 'Webhook added',
      secret: (place) =>
        `Events go to ${place} from now on, signed with this secret. It is shown this once: keep it where that program finds it.`,
    },
    refusals: {
      'address-not-usable': () =>
        'This is no address to send to: give one such as https://example.com/hooks, without a user name.',
      'address-without-tls': () => 'The address must begin with https://.',
      'address-private': () =>
        'The address is in a private network: give a public one, or set BATON_WEBHOOKS_PRIVATE to allowed.',
      'address-unknown': () => 'The name in the address is not known: check how it is spelled.',
      'endpoint-known': () => 'There is a webhook for this address already: remove it first.',
      'too-many-endpoints': ({ most }) =>
        `There are ${most} webhooks already, which is the most: remove one first.`,
    },
  },
  it: {
    title: 'Webhook',
    none: 'Non c’è ancora nessun webhook: nessun altro programma viene a sapere dei lead.',
    whoMayLook: 'I webhook sono per responsabili e amministratori: chiedi a uno di loro.',
    whoMayChange:
      'Solo un amministratore può aggiungere o rimuovere webhook: chiedi a uno di loro.',
    gone: 'Questo webhook non c’è più: qualcuno l’ha rimosso.',
    allEvents: 'Tutti gli eventi',
    events: (names) => `Eventi: ${names}`,
    eventNames: {
      HandedOff: 'passato alle vendite',
      Accepted: 'accettato',
      Returned: 'restituito',
      Reassigned: 'assegnato ad altri',
      AttemptLogged: 'tentativo registrato',
      Connected: 'contatto riuscito',
      DealStageReported: 'fase della trattativa',
      ReminderSent: 'promemoria inviato',
      DeadlineMissed: 'scadenza mancata',
      Escalated: 'segnalato più in alto',
      ReturnAnswered: 'risposta alla restituzione',
      ReturnContested: 'restituzione contestata',
      ReturnRuled: 'decisione sulla restituzione',
      Reopened: 'riaperto',
      Paused: 'in pausa',
      Resumed: 'ripreso',
      ReminderSnoozed: 'promemoria rimandato',
      AttemptCorrected: 'tentativo corretto',
      RulingGiven: 'voto sulla restituzione',
      ReadyAgain: 'di nuovo pronto',
      NewsAdded: 'novità aggiunta',
      Erased: 'cancellato',
      Test: 'prova',
    },
    working: 'Funziona',
    disabled: (since) =>
      `Disattivato da ${since}: non si invia nulla finché una prova non viene accettata. Sistema il programma, poi inviane una.`,
    failing: (since) =>
      `In attesa: nulla viene consegnato da ${since}. Ciò che è in attesa viene inviato di nuovo.`,
    log: (place) => `Inviato a ${place}, dal più recente`,
    nothingSent: 'Non è stato ancora inviato nulla.',
    line: (when, event, came) => `${when}, ${event}: ${came}`,
    waits: 'in attesa di invio',
    taken: (answer) => `consegnato, ${answer}`,
    notTaken: (why) => `non consegnato, ${why}`,
    again: (why, when) => `non consegnato, ${why}; nuovo invio: ${when}`,
    givenUp: (why) => `invio abbandonato, ${why}`,
    answered: (status) => `ha risposto ${status}`,
    noAnswer: {
      timeout: 'non ha risposto in tempo',
      unreachable: 'non è raggiungibile',
      certificate: 'il suo certificato non è valido',
      disabled: 'il webhook è stato disattivato',
      'address-not-usable': 'il suo indirizzo non è utilizzabile',
      'address-without-tls': 'il suo indirizzo è senza TLS',
      'address-private': 'il suo indirizzo è in una rete privata',
      'address-unknown': 'il nome nel suo indirizzo non è noto',
      'endpoint-known': 'il suo indirizzo è di un altro webhook',
      'too-many-endpoints': 'ci sono troppi webhook',
    },
    buttons: {
      test: 'Invia una prova',
      log: 'Registro',
      older: 'Precedenti',
      add: 'Aggiungi un webhook',
      remove: 'Rimuovi',
    },
    remove: {
      title: 'Rimuovere questo webhook?',
      text: (place) => `A ${place} non si invia più nulla, e il suo registro viene cancellato.`,
      confirm: 'Rimuovi',
      deny: 'Tieni',
    },
    removed: (place) => `Il webhook è rimosso: a ${place} non si invia più nulla.`,
    testTaken: (place, answer) => `${place} ha accettato la prova: ${answer}.`,
    testNotTaken: (place, why) => `${place} non ha accettato la prova: ${why}.`,
    testSlow: (place) => `${place} non ha ancora risposto: l’esito della prova sarà nel registro.`,
    form: {
      title: 'Aggiungi un webhook',
      submit: 'Aggiungi',
      labels: { url: 'Indirizzo', events: 'Eventi' },
      hints: {
        url: 'Gli eventi vi sono inviati via HTTPS, firmati, nell’ordine di ogni passaggio.',
        events: 'Lascia vuoto per riceverli tutti.',
      },
      faults: {
        url: 'Indica un indirizzo come https://example.com/hooks, di 2.000 caratteri al massimo.',
        events: 'Scegli dall’elenco.',
      },
      slow: 'La ricerca del nome nell’indirizzo richiede troppo tempo: riprova.',
      added: 'Webhook aggiunto',
      secret: (place) =>
        `Da ora gli eventi vanno a ${place}, firmati con questo segreto. È mostrato solo questa volta: conservalo dove quel programma lo trova.`,
    },
    refusals: {
      'address-not-usable': () =>
        'Non è un indirizzo a cui inviare: indicane uno come https://example.com/hooks, senza nome utente.',
      'address-without-tls': () => 'L’indirizzo deve iniziare con https://.',
      'address-private': () =>
        'L’indirizzo è in una rete privata: indicane uno pubblico, o imposta BATON_WEBHOOKS_PRIVATE su allowed.',
      'address-unknown': () => 'Il nome nell’indirizzo non è noto: controlla come è scritto.',
      'endpoint-known': () => 'C’è già un webhook per questo indirizzo: prima rimuovilo.',
      'too-many-endpoints': ({ most }) =>
        `Ci sono già ${most} webhook, il massimo: prima rimuovine uno.`,
    },
  },
}

/** Why an endpoint was not taken, for the one who asked. */
export const webhookRefusalWords = (refusal: WebhookRefusal, locale: Locale): string =>
  sentence(webhookWords[locale].refusals, refusal)

function sentence<Code extends WebhookRefusal['code']>(
  words: { [Key in Code]: (refusal: Extract<WebhookRefusal, { code: Key }>) => string },
  refusal: Extract<WebhookRefusal, { code: Code }>,
): string {
  return words[refusal.code](refusal)
}

/** What was answered, of the word that the log keeps. */
export function webhookAnswerWords(answer: string, locale: Locale): string {
  const { answered, noAnswer } = webhookWords[locale]
  const said = new Map(Object.entries(noAnswer)).get(answer)
  return said ?? answered(answer)
}
