import type { Locale } from '../../domain/agreement.ts'

/** The fields of the forms, by block id. */
export type HandOffField =
  | 'email'
  | 'name'
  | 'company'
  | 'title'
  | 'phone'
  | 'lead_type'
  | 'priority'
  | 'reason'
  | 'what_changed'
export type ReturnField =
  | 'reason'
  | 'criterion'
  | 'ready_on'
  | 'ready_when'
  | 'field'
  | 'duplicate_of'
  | 'note'
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
  handOff: FormWords<HandOffField> & {
    /** Said of a step of a workflow that names nobody of the workspace. */
    handedOffBy: string
    priorities: Record<'hot' | 'standard', string>
    /** Title and button where a lead that sales gave back is handed over again. */
    again: string
    /** How the round before ended; `status` is the agreement's own word for it. */
    returned(status: string, by: string, day: string): string
  }
  return: FormWords<ReturnField> & {
    readyOnOrWhen: string
    /** Of the fields that can be wrong: one that the list does not have. */
    otherField: string
    /** The words that both sides agreed on for a criterion. */
    agreed(words: string): string
  }
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
      title: 'Job title',
      phone: 'Phone',
      lead_type: 'Lead type',
      priority: 'Priority',
      reason: 'Why is this lead qualified?',
      what_changed: 'What has changed since?',
    },
    hints: {
      reason: 'In your own words: sales reads it on the card.',
      what_changed: 'Sales reads it on the new card, beside why it was returned.',
    },
    faults: {
      email: 'Write an e-mail address, such as maria@example.com.',
      name: 'Write a name of at most 200 characters.',
      company: 'Write a company name of at most 200 characters.',
      title: 'Write a job title of at most 200 characters.',
      phone: 'Write a phone number of at most 60 characters.',
      lead_type: 'Choose a lead type of the agreement.',
      priority: 'Choose hot or standard.',
      reason: 'Say why in at most 2,000 characters.',
      what_changed: 'Say what has changed in at most 2,000 characters.',
    },
    handedOffBy: 'Choose who hands the lead off.',
    priorities: { standard: 'Standard', hot: 'Hot: wants to talk now' },
    again: 'Hand over again',
    returned: (status, by, day) => `${status}, by ${by} (${day})`,
  },
  return: {
    title: 'Return to marketing',
    submit: 'Return',
    labels: {
      reason: 'Reason',
      criterion: 'Which criterion is not met?',
      ready_on: 'Ready on',
      ready_when: 'Ready when',
      field: 'Which field is wrong?',
      duplicate_of: 'E-mail address of the other lead',
      note: 'Note for marketing',
    },
    hints: {
      ready_when: 'The condition, such as: the budget for next year is approved.',
      duplicate_of: 'One that Baton knows; any other lead goes in the note.',
    },
    faults: {
      reason: 'Choose a reason of the agreement.',
      criterion: 'Choose a criterion of the ideal customer profile.',
      ready_on: 'Choose a date from today on.',
      ready_when: 'Write at most 500 characters.',
      field: 'Choose one of the fields.',
      duplicate_of: 'Write an e-mail address, or name the other lead in the note.',
      note: 'Write at most 2,000 characters.',
    },
    readyOnOrWhen: 'Name a date, a condition, or both.',
    otherField: 'Something else (say it in the note)',
    agreed: (words) => `Agreed: ${words}`,
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
      title: 'Ruolo',
      phone: 'Telefono',
      lead_type: 'Tipo di lead',
      priority: 'Priorità',
      reason: 'Perché questo lead è qualificato?',
      what_changed: 'Che cosa è cambiato da allora?',
    },
    hints: {
      reason: 'Con parole tue: le vendite lo leggono sulla scheda.',
      what_changed:
        'Le vendite lo leggono sulla nuova scheda, accanto al motivo della restituzione.',
    },
    faults: {
      email: 'Scrivi un indirizzo e-mail, per esempio maria@example.com.',
      name: 'Scrivi un nome di al massimo 200 caratteri.',
      company: 'Scrivi il nome dell’azienda in al massimo 200 caratteri.',
      title: 'Scrivi il ruolo in al massimo 200 caratteri.',
      phone: 'Scrivi un numero di telefono di al massimo 60 caratteri.',
      lead_type: 'Scegli un tipo di lead previsto dall’accordo.',
      priority: 'Scegli caldo o standard.',
      reason: 'Spiega perché in al massimo 2.000 caratteri.',
      what_changed: 'Spiega che cosa è cambiato in al massimo 2.000 caratteri.',
    },
    handedOffBy: 'Scegli chi passa il lead.',
    priorities: { standard: 'Standard', hot: 'Caldo: vuole parlare ora' },
    again: 'Passa di nuovo',
    returned: (status, by, day) => `${status}, da ${by} (${day})`,
  },
  return: {
    title: 'Restituisci al marketing',
    submit: 'Restituisci',
    labels: {
      reason: 'Motivo',
      criterion: 'Quale criterio non è soddisfatto?',
      ready_on: 'Pronto dal',
      ready_when: 'Pronto quando',
      field: 'Quale campo è errato?',
      duplicate_of: 'Indirizzo e-mail dell’altro lead',
      note: 'Nota per il marketing',
    },
    hints: {
      ready_when: 'La condizione, per esempio: è approvato il budget del prossimo anno.',
      duplicate_of: 'Uno che Baton conosce; ogni altro lead va indicato nella nota.',
    },
    faults: {
      reason: 'Scegli un motivo previsto dall’accordo.',
      criterion: 'Scegli un criterio del profilo cliente ideale.',
      ready_on: 'Scegli una data da oggi in poi.',
      ready_when: 'Scrivi al massimo 500 caratteri.',
      field: 'Scegli uno dei campi.',
      duplicate_of: 'Scrivi un indirizzo e-mail, o nomina l’altro lead nella nota.',
      note: 'Scrivi al massimo 2.000 caratteri.',
    },
    readyOnOrWhen: 'Indica una data, una condizione o entrambe.',
    otherField: 'Altro (indicalo nella nota)',
    agreed: (words) => `Da accordo: ${words}`,
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
}

export const formWords: Record<Locale, Words> = { en, it }
