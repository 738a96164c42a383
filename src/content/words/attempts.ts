import type { AttemptChannel, AttemptOutcome, Locale } from '../../domain/agreement.ts'
import { type Allowance, durationSchema } from '../../domain/duration.ts'
import type { AttemptVerdict } from '../../domain/handoff.ts'
import { formatAllowed, formatDuration } from './format.ts'

type Names<Key extends string> = Record<Locale, Record<Key, string>>

/** What a connect attempt went through, as a word inside a sentence. */
export const attemptChannelNames: Names<AttemptChannel> = {
  en: {
    call: 'call',
    email: 'e-mail',
    linkedin: 'LinkedIn',
    meeting: 'meeting',
    voicemail: 'voicemail',
  },
  it: {
    call: 'telefonata',
    email: 'e-mail',
    linkedin: 'LinkedIn',
    meeting: 'incontro',
    voicemail: 'segreteria telefonica',
  },
}

/** What came of it, as words inside a sentence. */
export const attemptOutcomeNames: Names<AttemptOutcome> = {
  en: {
    'no-answer': 'no answer',
    'left-message': 'left a message',
    sent: 'sent',
    'auto-reply': 'automatic reply',
    bounced: 'bounced',
    'wrong-person': 'wrong person',
    connected: 'reached',
    'meeting-booked': 'meeting booked',
  },
  it: {
    'no-answer': 'nessuna risposta',
    'left-message': 'lasciato un messaggio',
    sent: 'inviato',
    'auto-reply': 'risposta automatica',
    bounced: 'tornato indietro',
    'wrong-person': 'persona sbagliata',
    connected: 'contatto riuscito',
    'meeting-booked': 'riunione fissata',
  },
}

/** The name out of a table; what it does not know goes by its own id. */
export function nameIn(names: Record<string, string>, id: string): string {
  return Object.hasOwn(names, id) ? (names[id] ?? id) : id
}

export const attemptChannelName = (id: string, locale: Locale): string =>
  nameIn(attemptChannelNames[locale], id)

export const attemptOutcomeName = (id: string, locale: Locale): string =>
  nameIn(attemptOutcomeNames[locale], id)

/** The gap as the agreement writes it ("4h", "2d"), in words. */
function gapWords(gap: string, locale: Locale): string {
  const duration = durationSchema.safeParse(gap)
  if (!duration.success) return gap
  const allowance: Allowance = { clock: 'working', duration: duration.data }
  return formatAllowed(allowance, locale)
}

interface WhyWords {
  counted: string
  channel(channel: string): string
  outcome(outcome: string): string
  gap(since: string, asked: string): string
  window: string
  beforeAcceptance: string
  void: string
}

export const whyWords: Record<Locale, WhyWords> = {
  en: {
    counted: 'Counted.',
    channel: (channel) => `Not counted: in the agreement ${channel} is not a channel that counts.`,
    outcome: (outcome) =>
      `Not counted: in the agreement the outcome “${outcome}” is not an attempt that counts.`,
    gap: (since, asked) =>
      `Not counted: only ${since} from another attempt on the same channel, the agreement asks for ${asked}.`,
    window: 'Not counted: the time that the agreement gives for the attempts is over.',
    beforeAcceptance: 'Not counted: it was made before the lead was accepted.',
    void: 'Not counted: it did not happen.',
  },
  it: {
    counted: 'Conteggiato.',
    channel: (channel) =>
      `Non conteggiato: per l’accordo il canale “${channel}” non vale come tentativo.`,
    outcome: (outcome) =>
      `Non conteggiato: per l’accordo l’esito “${outcome}” non vale come tentativo.`,
    gap: (since, asked) =>
      `Non conteggiato: a soli ${since} da un altro tentativo sullo stesso canale, l’accordo ne chiede almeno ${asked}.`,
    window: 'Non conteggiato: il tempo che l’accordo dà per i tentativi è finito.',
    beforeAcceptance: 'Non conteggiato: è stato fatto prima che il lead fosse accettato.',
    void: 'Non conteggiato: non è avvenuto.',
  },
}

/** Whether an attempt counted, and the clause of the agreement if not: one sentence, plain text. */
export function attemptWhy(verdict: AttemptVerdict, locale: Locale): string {
  const say = whyWords[locale]
  switch (verdict.clause) {
    case 'counted':
      return say.counted
    case 'channel':
      return say.channel(attemptChannelName(verdict.channel, locale))
    case 'outcome':
      return say.outcome(attemptOutcomeName(verdict.outcome, locale))
    case 'gap':
      return say.gap(formatDuration(verdict.sinceMs, locale), gapWords(verdict.gap, locale))
    case 'window':
      return say.window
    case 'before-acceptance':
      return say.beforeAcceptance
    case 'void':
      return say.void
  }
}
