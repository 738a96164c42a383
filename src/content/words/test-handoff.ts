import type { Locale } from '../../domain/agreement.ts'
import type { TestAnswer, TestWords } from '../../domain/test-handoff.ts'

/** Names of people and channels come ready to be shown. */
interface Words {
  /** On the button that sends one. */
  send: string
  lead: TestWords
  title(name: string): string
  buttons: { accept: string; return: string }
  howTo: string
  /** On the card, once somebody has answered. */
  answered: Record<TestAnswer, (name: string) => string>
  /** Under all of it, in small print. */
  small: string
  sent(channel: string): string
  onItsWay: string
  mayNot: string
  oneIsThere: string
  notTaken(channel: string, error: string): string
  outsider: string
  gone: string
  answeredBefore: string
}

/** What is said with a handoff to try Baton with; all of it is mrkdwn but titles and buttons. */
export const testHandoffWords: Record<Locale, Words> = {
  en: {
    send: 'Send a test handoff',
    lead: {
      name: 'Test lead',
      reason: 'This is a test: nobody is waiting for a call. Here stands why marketing hands over.',
    },
    title: (name) => `Test: ${name}`,
    buttons: { accept: 'Accept', return: 'Return' },
    howTo: 'Accept or return it to see how it works; it goes away by itself in 10 minutes.',
    answered: {
      accepted: (name) => `${name} accepted the test. It works, and it goes away in a minute.`,
      returned: (name) =>
        `${name} returned the test. It works, and it goes away in a minute. With a real lead Baton asks why, and marketing answers.`,
    },
    small: 'It counts in no report, and nobody outside Slack hears of it.',
    sent: (channel) =>
      `The test handoff is in ${channel}. It goes away a minute after an answer, or in 10 minutes.`,
    onItsWay: 'The test handoff is on its way to the channel of the first lead type.',
    mayNot: 'Test handoffs are sent by managers and admins: ask one of them.',
    oneIsThere: 'A test handoff is there already: answer it, or wait until it has gone away.',
    notTaken: (channel, error) =>
      `Slack did not take the test handoff in ${channel} (${error}). Put that right and send it again.`,
    outsider: 'Only people of this workspace answer a test handoff.',
    gone: 'This test is over: its card goes away.',
    answeredBefore: 'Somebody was faster: this test has been answered.',
  },
  it: {
    send: 'Invia un handoff di prova',
    lead: {
      name: 'Lead di prova',
      reason:
        'È una prova: nessuno aspetta una telefonata. Qui si legge perché il marketing passa il lead.',
    },
    title: (name) => `Prova: ${name}`,
    buttons: { accept: 'Accetta', return: 'Restituisci' },
    howTo: 'Accettalo o restituiscilo per vedere come funziona; sparisce da solo dopo 10 minuti.',
    answered: {
      accepted: (name) =>
        `${name} ha accettato la prova. Funziona, e la scheda sparisce tra un minuto.`,
      returned: (name) =>
        `${name} ha restituito la prova. Funziona, e la scheda sparisce tra un minuto. Con un lead vero Baton chiede il perché, e il marketing risponde.`,
    },
    small: 'Non conta in nessun report, e fuori da Slack nessuno ne viene a sapere.',
    sent: (channel) =>
      `L’handoff di prova è in ${channel}. Sparisce un minuto dopo la risposta, o dopo 10 minuti.`,
    onItsWay: 'L’handoff di prova sta arrivando nel canale del primo tipo di lead.',
    mayNot: 'Gli handoff di prova li inviano responsabili e amministratori: chiedi a uno di loro.',
    oneIsThere: 'C’è già un handoff di prova: rispondi a quello, o aspetta che sparisca.',
    notTaken: (channel, error) =>
      `Slack non ha accettato l’handoff di prova in ${channel} (${error}). Correggi e invialo di nuovo.`,
    outsider: 'A un handoff di prova risponde solo chi fa parte di questo workspace.',
    gone: 'Questa prova è finita: la scheda sparisce.',
    answeredBefore: 'Qualcuno è stato più veloce: a questa prova è già stato risposto.',
  },
}
