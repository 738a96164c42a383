import type { Locale } from '../../domain/agreement.ts'

/** The fields of the form, by block. */
export type OutcomeField = 'deal_stage' | 'lost_reason' | 'note'

interface Words {
  /** Slack cuts titles and the buttons of a form at 24 characters. */
  title: string
  submit: string
  labels: Record<OutcomeField, string>
  /** Said under a field that does not hold what is expected. */
  faults: Record<OutcomeField, string>
  /** Under the note, where the agreement names no reasons for lost deals. */
  whyLost: string
}

/** What is said where the outcome of a lead is reported. */
export const outcomeWords: Record<Locale, Words> = {
  en: {
    title: 'Report the outcome',
    submit: 'Report',
    labels: {
      deal_stage: 'Deal stage',
      lost_reason: 'Why was it lost?',
      note: 'Note for marketing',
    },
    faults: {
      deal_stage: 'Choose a deal stage of the agreement.',
      lost_reason: 'Choose a reason of the agreement.',
      note: 'Write at most 2,000 characters.',
    },
    whyLost: 'Say in a sentence why the deal was lost: marketing learns from it.',
  },
  it: {
    title: 'Comunica l’esito',
    submit: 'Comunica',
    labels: {
      deal_stage: 'Fase della trattativa',
      lost_reason: 'Perché è persa?',
      note: 'Nota per il marketing',
    },
    faults: {
      deal_stage: 'Scegli una fase della trattativa prevista dall’accordo.',
      lost_reason: 'Scegli un motivo previsto dall’accordo.',
      note: 'Scrivi al massimo 2.000 caratteri.',
    },
    whyLost: 'Spiega in una frase perché la trattativa è persa: il marketing ne impara.',
  },
}
