import type { Locale } from '../../domain/agreement.ts'
import type { Refusal } from '../../domain/decide/decision.ts'
import { formatList } from './format.ts'

type Words = {
  [Code in Refusal['code']]: (refusal: Extract<Refusal, { code: Code }>) => string
}

const en: Words = {
  'role-required': ({ needed }) =>
    needed === 'sales'
      ? 'Only sales can do this: ask a manager to name you as a rep in the agreement.'
      : 'Only people named in the agreement can hand a lead over: ask a manager to name you there.',
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
    `The agreement has no return reason “${reason}”: use one of ${formatList(known, 'en')}.`,
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
  'already-open': () =>
    'This lead has been handed over already and is still open: see its card, or wait until it is returned.',
}

const it: Words = {
  'role-required': ({ needed }) =>
    needed === 'sales'
      ? 'Può farlo solo il team vendite: chiedi a un responsabile di inserirti nell’accordo come venditore.'
      : 'Può passare un lead solo chi è indicato nell’accordo: chiedi a un responsabile di inserirti.',
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
    `L’accordo non prevede il motivo di restituzione “${reason}”: scegli tra ${formatList(known, 'it')}.`,
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
