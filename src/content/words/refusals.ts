import type { Locale } from '../../domain/agreement.ts'
import type { Refusal } from '../../domain/decide/decision.ts'
import { erasedWords } from './erasure.ts'
import { formatDay, formatList, plural } from './format.ts'
import { stageName } from './lifecycle.ts'

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
      manager: 'Only a manager can do this: ask yours.',
      admin: 'Only an admin can do this: ask one of the workspace.',
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
      field: 'This reason needs the field that is wrong: choose it, or name it in the note.',
      duplicate_of:
        'This reason needs the other lead: give its e-mail address, or name it in the note.',
      note: 'This reason needs a note: say in a sentence what is wrong.',
      what_changed: 'Sales returned this lead before: say what has changed since.',
      why: 'Say in a sentence how you read it: the managers rule on that.',
      words: 'Say in a sentence how the term is to be understood.',
      lost_reason: 'Choose why the deal was lost: marketing learns from it.',
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
  'unknown-lead': ({ email }) =>
    `Baton knows no lead with the address ${email}: check it, or name the other lead in the note.`,
  'same-lead': () => 'That is this lead itself: give the address of the other one.',
  'attempts-first': ({ counted, of }) =>
    `The agreement asks for ${plural(of, 'en', { one: 'counted attempt', other: 'counted attempts' })} first, and ${counted} are made: go on, or choose another reason.`,
  'stage-not-allowed': ({ from, to }) =>
    `The agreement does not let a lead move from ${stageName(from, 'en')} to ${stageName(to, 'en')}: ask both heads to change it.`,
  'contest-too-late': () =>
    'The agreed time to answer this return is over: acknowledge it, or supply what was missing and hand the lead over again.',
  'nobody-to-rule': ({ side }) =>
    `Nobody of ${side} could rule on this who has no part in it: let somebody else contest it, or ask for a manager to be named in the agreement.`,
  'not-contested': () => 'Nobody contests this return: there is nothing to rule on.',
  'ruled-already': () => 'This return is ruled on already: the card shows how.',
  'ruled-so-already': () => 'You have ruled so already: the other manager’s ruling is awaited.',
  'party-to-it': () =>
    'You have a part in this yourself, so somebody else rules: ask another manager or an admin.',
  'ready-already': () => 'This lead is marked as ready already: hand it over again.',
  'unknown-deal-stage': ({ stage, known }) =>
    `The agreement has no deal stage “${stage}”: use one of ${formatList(known, 'en')}.`,
  'unknown-lost-reason': ({ reason, known }) =>
    known.length === 0
      ? 'The agreement names no reasons for lost deals: say it in the note.'
      : `The agreement has no reason “${reason}” for lost deals: use one of ${formatList(known, 'en')}.`,
  'deal-stage-already': () =>
    'The deal is at this stage already: choose the one that it has reached.',
  'nobody-has-it': () => 'Nobody has this lead yet: accept it.',
  'yours-already': () => 'This lead is yours already.',
  'theirs-already': ({ person }) => `This lead is ${person.name}’s already: choose somebody else.`,
  'cannot-sell': ({ person }) =>
    `${person.name} is not in sales: choose a rep, or name this person as one in the agreement.`,
  'off-duty': ({ person, until }) =>
    until === null
      ? `${person.name} did not respond and gets no more leads until they say “/sla back”: choose somebody else.`
      : `${person.name} is off until ${formatDay(until, 'en')}: choose somebody else.`,
  full: ({ person, cap }) =>
    `${person.name} has ${plural(cap, 'en', { one: 'open lead', other: 'open leads' })}, the most that is agreed: choose somebody else.`,
  'named-in-agreement': ({ person }) =>
    `The agreement itself names the role of ${person.name}: propose a change of the agreement.`,
  erased: ({ at }) => erasedWords(at, 'en'),
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
      manager: 'Può farlo solo un responsabile: chiedi al tuo.',
      admin: 'Può farlo solo un amministratore: chiedi a chi gestisce lo spazio di lavoro.',
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
      field: 'Questo motivo chiede il campo errato: sceglilo, o indicalo nella nota.',
      duplicate_of:
        'Questo motivo chiede l’altro lead: indica il suo indirizzo e-mail, o nominalo nella nota.',
      note: 'Questo motivo chiede una nota: spiega in una frase che cosa non va.',
      what_changed:
        'Le vendite hanno già restituito questo lead: spiega che cosa è cambiato da allora.',
      why: 'Spiega in una frase come la vedi: i responsabili decidono su questo.',
      words: 'Spiega in una frase come va inteso il termine.',
      lost_reason: 'Scegli perché la trattativa è persa: il marketing ne impara.',
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
  'unknown-lead': ({ email }) =>
    `Baton non conosce nessun lead con l’indirizzo ${email}: controllalo, o nomina l’altro lead nella nota.`,
  'same-lead': () => 'Questo è lo stesso lead: indica l’indirizzo dell’altro.',
  'attempts-first': ({ counted, of }) =>
    `L’accordo chiede prima ${plural(of, 'it', { one: 'tentativo conteggiato', other: 'tentativi conteggiati' })}, e finora sono ${counted}: continua, o scegli un altro motivo.`,
  'stage-not-allowed': ({ from, to }) =>
    `L’accordo non permette a un lead di passare da ${stageName(from, 'it')} a ${stageName(to, 'it')}: chiedi ai due responsabili di cambiarlo.`,
  'contest-too-late': () =>
    'Il tempo concordato per rispondere a questa restituzione è scaduto: prendine visione, o fornisci ciò che mancava e passa di nuovo il lead.',
  'nobody-to-rule': ({ side }) =>
    `Nessuno ${side === 'sales' ? 'delle vendite' : 'del marketing'} potrebbe decidere senza essere parte in causa: fai contestare a qualcun altro, o chiedi di nominare un responsabile nell’accordo.`,
  'not-contested': () => 'Nessuno contesta questa restituzione: non c’è nulla da decidere.',
  'ruled-already': () => 'Su questa restituzione si è già deciso: la scheda mostra come.',
  'ruled-so-already': () => 'Hai già deciso così: si attende la decisione dell’altro responsabile.',
  'party-to-it': () =>
    'Sei parte in causa, quindi decide qualcun altro: chiedi a un altro responsabile o a un amministratore.',
  'ready-already': () => 'Questo lead è già segnato come pronto: passalo di nuovo.',
  'unknown-deal-stage': ({ stage, known }) =>
    `L’accordo non prevede la fase “${stage}” della trattativa: scegli tra ${formatList(known, 'it')}.`,
  'unknown-lost-reason': ({ reason, known }) =>
    known.length === 0
      ? 'L’accordo non prevede motivi per le trattative perse: spiegalo nella nota.'
      : `L’accordo non prevede il motivo “${reason}” per le trattative perse: scegli tra ${formatList(known, 'it')}.`,
  'deal-stage-already': () => 'La trattativa è già in questa fase: scegli quella che ha raggiunto.',
  'nobody-has-it': () => 'Nessuno ha ancora questo lead: accettalo.',
  'yours-already': () => 'Questo lead è già tuo.',
  'theirs-already': ({ person }) => `Questo lead è già di ${person.name}: scegli qualcun altro.`,
  'cannot-sell': ({ person }) =>
    `${person.name} non è del team vendite: scegli un venditore, o fai inserire questa persona nell’accordo.`,
  'off-duty': ({ person, until }) =>
    until === null
      ? `${person.name} non ha risposto e non riceve altri lead finché non scrive “/sla back”: scegli qualcun altro.`
      : `${person.name} è assente, ultimo giorno: ${formatDay(until, 'it')}. Scegli qualcun altro.`,
  full: ({ person, cap }) =>
    `${person.name} ha ${plural(cap, 'it', { one: 'lead aperto', other: 'lead aperti' })}, il massimo concordato: scegli qualcun altro.`,
  'named-in-agreement': ({ person }) =>
    `Il ruolo di ${person.name} è scritto nell’accordo stesso: proponi una modifica dell’accordo.`,
  erased: ({ at }) => erasedWords(at, 'it'),
}

export const refusalTable: Record<Locale, Words> = { en, it }

type Hints = { [Code in Refusal['code']]?: string }

/** Where in Slack more help is; refusals that say all by themselves have none. Plain text. */
export const refusalHints: Record<Locale, Hints> = {
  en: {
    'role-required': 'Who has which role, and who gives them: /handoff roles',
    'unknown-lead': 'Look for a lead by its company: /handoff find',
    'already-open': 'Look for the lead: /handoff find',
    'no-pause-agreed': 'Managers propose a change: /sla propose',
    'stage-not-allowed': 'Managers propose a change: /sla propose',
    'nobody-to-rule': 'Who has which role, and who gives them: /handoff roles',
    'party-to-it': 'Who the others are: /handoff roles',
    'cannot-sell': 'Who is in sales: /handoff roles',
    'named-in-agreement': 'Open the form for it: /sla propose',
  },
  it: {
    'role-required': 'Chi ha quale ruolo, e chi li assegna: /handoff ruoli',
    'unknown-lead': 'Cerca un lead dalla sua azienda: /handoff trova',
    'already-open': 'Cerca il lead: /handoff trova',
    'no-pause-agreed': 'I responsabili propongono una modifica: /sla propose',
    'stage-not-allowed': 'I responsabili propongono una modifica: /sla propose',
    'nobody-to-rule': 'Chi ha quale ruolo, e chi li assegna: /handoff ruoli',
    'party-to-it': 'Chi sono gli altri: /handoff ruoli',
    'cannot-sell': 'Chi è nelle vendite: /handoff ruoli',
    'named-in-agreement': 'Apri il modulo per farlo: /sla propose',
  },
}

/**
 * A refusal as a sentence for the one who asked: what is wrong and what to do. Plain text: people
 * by name, nothing escaped.
 */
export function refusalWords(refusal: Refusal, locale: Locale): string {
  return sentence(refusalTable[locale], refusal)
}

/** The same for somebody in Slack, with where more help is. Plain text. */
export function refusalWithHint(refusal: Refusal, locale: Locale): string {
  const hint = refusalHints[locale][refusal.code]
  const told = refusalWords(refusal, locale)
  return hint === undefined ? told : `${told} ${hint}`
}

function sentence<Code extends Refusal['code']>(
  words: { [Key in Code]: (refusal: Extract<Refusal, { code: Key }>) => string },
  refusal: Extract<Refusal, { code: Code }>,
): string {
  return words[refusal.code](refusal)
}
