import type { Locale } from '../../domain/agreement.ts'

/** The fields of the forms, by block id. */
export type HandOffField = 'email' | 'name' | 'company' | 'lead_type' | 'priority' | 'reason'
export type ReturnField = 'reason' | 'criterion' | 'ready_on' | 'ready_when' | 'note'
export type PauseField = 'reason'
export type AttemptField = 'channel' | 'outcome' | 'note'

/** Slack cuts titles and the buttons of a form at 24 characters. */
interface FormWords<Field extends string> {
  title: string
  submit: string
  labels: Record<Field, string>
  hints: Partial<Record<Field, string>>
  /** Said under a field that does not hold what is expected. */
  faults: Record<Field, string>
}

interface Words {
  cancel: string
  close: string
  choose: string
  /** Title of what is shown in place of a form that can't be taken any more. */
  notDone: string
  handOff: FormWords<HandOffField> & { priorities: Record<'hot' | 'standard', string> }
  return: FormWords<ReturnField> & { readyOnOrWhen: string }
  attempt: FormWords<AttemptField>
  /** `limit` is how long a pause may last. */
  pause: FormWords<PauseField> & { limit: (allowed: string) => string }
  snoozed: (when: string) => string
  /** The handoff of a card is not there: erased, or of another installation. */
  unknownHandoff: string
  /** The same form was sent twice with different answers. */
  alreadySent: string
  /** Slack did not open the form, since the click was too long ago. */
  notOpened: string
  /** Something unexpected; the reference is in the log. */
  wentWrong: (reference: string) => string
  handOffHelp: (unknown: string | null) => string
}

const en: Words = {
  cancel: 'Cancel',
  close: 'Close',
  choose: 'Choose',
  notDone: 'Nothing was changed',
  handOff: {
    title: 'Hand off to sales',
    submit: 'Hand off',
    labels: {
      email: 'E-mail address',
      name: 'Name',
      company: 'Company',
      lead_type: 'Lead type',
      priority: 'Priority',
      reason: 'Why is this lead qualified?',
    },
    hints: { reason: 'In your own words: sales reads it on the card.' },
    faults: {
      email: 'Write an e-mail address, such as maria@example.com.',
      name: 'Write a name of at most 200 characters.',
      company: 'Write a company name of at most 200 characters.',
      lead_type: 'Choose a lead type of the agreement.',
      priority: 'Choose hot or standard.',
      reason: 'Say why in at most 2,000 characters.',
    },
    priorities: { standard: 'Standard', hot: 'Hot: wants to talk now' },
  },
  return: {
    title: 'Return to marketing',
    submit: 'Return',
    labels: {
      reason: 'Reason',
      criterion: 'Which criterion is not met?',
      ready_on: 'Ready on',
      ready_when: 'Ready when',
      note: 'Note for marketing',
    },
    hints: {
      ready_when: 'The condition, such as: the budget for next year is approved.',
    },
    faults: {
      reason: 'Choose a reason of the agreement.',
      criterion: 'Choose a criterion of the ideal customer profile.',
      ready_on: 'Choose a date from today on.',
      ready_when: 'Write at most 500 characters.',
      note: 'Write at most 2,000 characters.',
    },
    readyOnOrWhen: 'Name a date, a condition, or both.',
  },
  attempt: {
    title: 'Log a connect attempt',
    submit: 'Log attempt',
    labels: { channel: 'Channel', outcome: 'Outcome', note: 'Note' },
    hints: {},
    faults: {
      channel: 'Choose a channel.',
      outcome: 'Choose an outcome.',
      note: 'Write at most 2,000 characters.',
    },
  },
  pause: {
    title: 'Pause the clocks',
    submit: 'Pause',
    labels: { reason: 'Why?' },
    hints: {},
    faults: { reason: 'Choose a reason of the agreement.' },
    limit: (allowed) => `The clocks go on when you resume, and by themselves after ${allowed}.`,
  },
  snoozed: (when) => `You’ll be reminded again ${/^\d/.test(when) ? 'at' : 'on'} ${when}.`,
  unknownHandoff: 'This handoff is not there any more, so nothing can be done with its card.',
  alreadySent: 'This form was sent before with other answers. Open it again from the card.',
  notOpened: 'The form took too long to open. Please click again.',
  wentWrong: (reference) => `Something went wrong. Reference: ${reference}`,
  handOffHelp: (unknown) =>
    [
      ...(unknown === null ? [] : [`“${unknown}” is not something that \`/handoff\` can do.`]),
      '`/handoff` opens a form to hand a lead over to sales.',
      'Accept, return and log attempts with the buttons on the card of a lead.',
      '`/sla` shows the agreement, `/glossary` what its words mean.',
    ].join('\n'),
}

const it: Words = {
  cancel: 'Annulla',
  close: 'Chiudi',
  choose: 'Scegli',
  notDone: 'Nulla è cambiato',
  handOff: {
    title: 'Passa alle vendite',
    submit: 'Passa',
    labels: {
      email: 'Indirizzo e-mail',
      name: 'Nome',
      company: 'Azienda',
      lead_type: 'Tipo di lead',
      priority: 'Priorità',
      reason: 'Perché questo lead è qualificato?',
    },
    hints: { reason: 'Con parole tue: le vendite lo leggono sulla scheda.' },
    faults: {
      email: 'Scrivi un indirizzo e-mail, per esempio maria@example.com.',
      name: 'Scrivi un nome di al massimo 200 caratteri.',
      company: 'Scrivi il nome dell’azienda in al massimo 200 caratteri.',
      lead_type: 'Scegli un tipo di lead previsto dall’accordo.',
      priority: 'Scegli caldo o standard.',
      reason: 'Spiega perché in al massimo 2.000 caratteri.',
    },
    priorities: { standard: 'Standard', hot: 'Caldo: vuole parlare ora' },
  },
  return: {
    title: 'Restituisci al marketing',
    submit: 'Restituisci',
    labels: {
      reason: 'Motivo',
      criterion: 'Quale criterio non è soddisfatto?',
      ready_on: 'Pronto dal',
      ready_when: 'Pronto quando',
      note: 'Nota per il marketing',
    },
    hints: {
      ready_when: 'La condizione, per esempio: è approvato il budget del prossimo anno.',
    },
    faults: {
      reason: 'Scegli un motivo previsto dall’accordo.',
      criterion: 'Scegli un criterio del profilo cliente ideale.',
      ready_on: 'Scegli una data da oggi in poi.',
      ready_when: 'Scrivi al massimo 500 caratteri.',
      note: 'Scrivi al massimo 2.000 caratteri.',
    },
    readyOnOrWhen: 'Indica una data, una condizione o entrambe.',
  },
  attempt: {
    title: 'Registra un tentativo',
    submit: 'Registra',
    labels: { channel: 'Canale', outcome: 'Esito', note: 'Nota' },
    hints: {},
    faults: {
      channel: 'Scegli un canale.',
      outcome: 'Scegli un esito.',
      note: 'Scrivi al massimo 2.000 caratteri.',
    },
  },
  pause: {
    title: 'Metti in pausa',
    submit: 'Metti in pausa',
    labels: { reason: 'Perché?' },
    hints: {},
    faults: { reason: 'Scegli un motivo previsto dall’accordo.' },
    limit: (allowed) => `I tempi ripartono quando riprendi, e da soli dopo ${allowed}.`,
  },
  snoozed: (when) => `Prossimo promemoria: ${when}.`,
  unknownHandoff: 'Questo passaggio non esiste più: con la sua scheda non si può fare nulla.',
  alreadySent:
    'Questo modulo è già stato inviato con altre risposte. Riaprilo dalla scheda del lead.',
  notOpened: 'Il modulo ha impiegato troppo ad aprirsi. Fai clic di nuovo.',
  wentWrong: (reference) => `Qualcosa non ha funzionato. Riferimento: ${reference}`,
  handOffHelp: (unknown) =>
    [
      ...(unknown === null ? [] : [`«${unknown}» non è tra le cose che \`/handoff\` sa fare.`]),
      '`/handoff` apre un modulo per passare un lead alle vendite.',
      'Accetta, restituisci e registra i tentativi con i pulsanti sulla scheda del lead.',
      '`/sla` mostra l’accordo, `/glossary` il significato dei suoi termini.',
    ].join('\n'),
}

export const formWords: Record<Locale, Words> = { en, it }
