import type { Locale } from '../../domain/agreement.ts'
import type { Refusal } from '../../domain/decide/decision.ts'
import { formatList, plural } from './format.ts'

type Words = {
  [Code in Refusal['code']]: (refusal: Extract<Refusal, { code: Code }>) => string
}

const en: Words = {
  'role-required': ({ needed }) =>
    ({
      sales: 'Only sales can do this: ask a manager to name you as a rep in the agreement.',
      marketing:
        'Only marketing can answer a return: ask a manager to name you there in the agreement.',
      'hand-over':
        'Only people named in the agreement can hand a lead over: ask a manager to name you there.',
    })[needed],
  'offered-to': ({ owner }) =>
    `This lead is offered to ${owner.name}: ask them, or a manager, to pass it on.`,
  'accepted-by-you': () => 'You have accepted this lead already: log your first attempt next.',
  'accepted-by': ({ owner }) =>
    `${owner.name} was faster and has accepted this lead: nothing is left to do for you.`,
  'owned-by': ({ owner }) => `This lead is ${owner.name}’s: ask them, or a manager, to do this.`,
  'not-accepted-yet': () => 'Nobody has accepted this lead yet: accept it first.',
  'moved-on': ({ leadStatus }) =>
    `This handoff has moved on: it is now “${leadStatus}”. The card shows what is possible now.`,
  'unknown-lead-type': ({ leadType, known }) =>
    `The agreement has no lead type “${leadType}”: use one of ${formatList(known, 'en')}.`,
  'unknown-reason': ({ reason, known }) =>
    `The agreement has no reason “${reason}”: use one of ${formatList(known, 'en')}.`,
  needed: ({ field }) =>
    ({
      ready_on: 'This reason needs to know when the lead is ready: give a date or a condition.',
      criterion: 'This reason needs the criterion that is not met: choose one.',
      note: 'This reason needs a note: say in a sentence what is wrong.',
    })[field],
  'unknown-criterion': ({ criterion, known }) =>
    known.length === 0
      ? `The agreement has no criterion “${criterion}”: it names none yet, so choose another reason.`
      : `The agreement has no criterion “${criterion}”: use one of ${formatList(known, 'en')}.`,
  'date-in-past': () => 'That date is in the past: choose today or a later day.',
  'attempt-in-future': () => 'That attempt is in the future: log it once it is made.',
  'unknown-attempt': ({ number }) =>
    `This lead has no attempt number ${number}: choose one of those that are logged.`,
  'nothing-to-correct': () =>
    'The attempt is logged like this already: change what was wrong about it.',
  'no-pause-agreed': () =>
    'The agreement allows no pause: keep to the deadlines, or ask a manager to propose one.',
  'paused-already': () => 'This lead is paused already: resume it when it can go on.',
  'paused-too-often': ({ times }) =>
    `The agreement allows no more than ${plural(times, 'en', { one: 'pause', other: 'pauses' })} a lead: work on it, or return it.`,
  'nothing-to-pause': () =>
    'No clock is running that the agreement lets stand still: there is nothing to pause.',
  'answered-already': () => 'Marketing has answered this return already: nothing is left to do.',
  'not-paused': () => 'This lead is not paused: its clocks are going on already.',
  'nothing-to-snooze': () =>
    'This reminder can’t be put off: that goes once, while there is time left before the deadline.',
  'already-open': () =>
    'This lead has been handed over already and is still open: see its card, or wait until it is returned.',
}

const it: Words = {
  'role-required': ({ needed }) =>
    ({
      sales:
        'Può farlo solo il team vendite: chiedi a un responsabile di inserirti nell’accordo come venditore.',
      marketing:
        'Può rispondere a una restituzione solo il marketing: chiedi a un responsabile di inserirti nell’accordo.',
      'hand-over':
        'Può passare un lead solo chi è indicato nell’accordo: chiedi a un responsabile di inserirti.',
    })[needed],
  'offered-to': ({ owner }) =>
    `Questo lead è proposto a ${owner.name}: chiedi a questa persona, o a un responsabile, di cederlo.`,
  'accepted-by-you': () => 'Hai già accettato questo lead: ora registra il primo tentativo.',
  'accepted-by': ({ owner }) =>
    `${owner.name} ha fatto prima e ha accettato questo lead: non devi fare altro.`,
  'owned-by': ({ owner }) =>
    `Questo lead è di ${owner.name}: chiedi a questa persona, o a un responsabile, di farlo.`,
  'not-accepted-yet': () => 'Nessuno ha ancora accettato questo lead: accettalo prima.',
  'moved-on': ({ leadStatus }) =>
    `Questo lead è andato avanti: ora è “${leadStatus}”. La scheda mostra che cosa si può fare adesso.`,
  'unknown-lead-type': ({ leadType, known }) =>
    `L’accordo non prevede il tipo di lead “${leadType}”: scegli tra ${formatList(known, 'it')}.`,
  'unknown-reason': ({ reason, known }) =>
    `L’accordo non prevede il motivo “${reason}”: scegli tra ${formatList(known, 'it')}.`,
  needed: ({ field }) =>
    ({
      ready_on:
        'Questo motivo chiede quando il lead sarà pronto: indica una data o una condizione.',
      criterion: 'Questo motivo chiede il criterio non soddisfatto: scegline uno.',
      note: 'Questo motivo chiede una nota: spiega in una frase che cosa non va.',
    })[field],
  'unknown-criterion': ({ criterion, known }) =>
    known.length === 0
      ? `L’accordo non prevede il criterio “${criterion}” né altri: scegli un altro motivo.`
      : `L’accordo non prevede il criterio “${criterion}”: scegli tra ${formatList(known, 'it')}.`,
  'date-in-past': () => 'La data è già passata: scegli oggi o un giorno successivo.',
  'attempt-in-future': () => 'Il tentativo è nel futuro: registralo quando è stato fatto.',
  'unknown-attempt': ({ number }) =>
    `Questo lead non ha un tentativo numero ${number}: scegline uno tra quelli registrati.`,
  'nothing-to-correct': () => 'Il tentativo è già registrato così: cambia ciò che era sbagliato.',
  'no-pause-agreed': () =>
    'L’accordo non prevede pause: rispetta le scadenze, o chiedi a un responsabile di proporne una.',
  'paused-already': () => 'Questo lead è già in pausa: riprendilo quando si può andare avanti.',
  'paused-too-often': ({ times }) =>
    `L’accordo prevede al massimo ${plural(times, 'it', { one: 'pausa', other: 'pause' })} per lead: lavoralo, o restituiscilo.`,
  'nothing-to-pause': () =>
    'Nessuno dei tempi che l’accordo permette di fermare è in corso: non c’è niente da mettere in pausa.',
  'answered-already': () =>
    'Il marketing ha già risposto a questa restituzione: non resta nulla da fare.',
  'not-paused': () => 'Questo lead non è in pausa: i suoi tempi stanno già correndo.',
  'nothing-to-snooze': () =>
    'Questo promemoria non si può rimandare: si può fare una volta sola, finché resta tempo prima della scadenza.',
  'already-open': () =>
    'Questo lead è già stato passato ed è ancora aperto: guarda la sua scheda, o aspetta che venga restituito.',
}

/**
 * A refusal as a sentence for the one who asked: what is wrong and what to do. Plain text: people
 * by name, nothing escaped.
 */
export function refusalWords(refusal: Refusal, locale: Locale): string {
  return sentence(locale === 'it' ? it : en, refusal)
}

function sentence<Code extends Refusal['code']>(
  words: { [Key in Code]: (refusal: Extract<Refusal, { code: Key }>) => string },
  refusal: Extract<Refusal, { code: Code }>,
): string {
  return words[refusal.code](refusal)
}
