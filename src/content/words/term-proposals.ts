import type { Locale } from '../../domain/agreement.ts'
import type { TermRefusal } from '../../domain/term-proposal.ts'
import { formatNumber } from './format.ts'

/** The words of terms that are proposed or suggested. Plain text: nothing is escaped here. */

type Refusals = {
  [Code in TermRefusal['code']]: (
    refusal: Extract<TermRefusal, { code: Code }>,
    locale: Locale,
  ) => string
}

const by = (person: { name: string } | null, preposition: string): string =>
  person === null ? '' : ` ${preposition} ${person.name}`

export const refusals: Record<Locale, Refusals> = {
  en: {
    'may-not-edit': () =>
      'Managers, heads and admins add and edit terms: suggest it instead with /glossary suggest.',
    external: () => 'Only people of this workspace can suggest terms: ask somebody of it.',
    'no-changes': () => 'This changes nothing of the term: change a text first.',
    'word-taken': ({ word, meaning }) =>
      `“${word}” already means ${meaning.en.name}: choose another word, or edit that term.`,
    'not-a-chapter': () => 'There is no such chapter any more: choose another one.',
    'decide-missing': () => 'Write what both teams decide, in every language that the term has.',
    'unknown-related': ({ id }) =>
      `The glossary has no term ${id} to refer to: leave it out or add it first.`,
    stale: () =>
      'The term was changed meanwhile: look at its history, and propose it anew if it is still wanted.',
    'not-a-head': () => 'Only the heads of sales and of marketing sign: ask one of them.',
    'may-not-withdraw': () =>
      'Only who proposed it or a head can withdraw a proposal: ask one of them.',
    'may-not-answer': () =>
      'Only who keeps the term, a manager, a head or an admin can answer this: ask one of them.',
    'signed-already': () => 'You have signed this already: the other head has to sign next.',
    settled: ({ state, by: person }) =>
      ({
        signed: 'This was signed, and holds now: propose a change of it instead.',
        withdrawn: `This was withdrawn${by(person, 'by')}: propose it anew if it is still wanted.`,
        'taken-up': `This was taken up${by(person, 'by')}: it is a proposal for both heads now.`,
        declined: `This was declined${by(person, 'by')}: suggest it anew with more reasons.`,
        overtaken:
          'Another definition was agreed on meanwhile: propose this one anew if it is still wanted.',
      })[state],
  },
  it: {
    'may-not-edit': () =>
      'I termini li aggiungono e li modificano responsabili, capi e amministratori: suggeriscilo con /glossary suggest.',
    external: () =>
      'Solo chi fa parte di questo workspace può suggerire termini: chiedi a un collega.',
    'no-changes': () => 'Così il termine non cambia: modifica prima un testo.',
    'word-taken': ({ word, meaning }) =>
      `«${word}» significa già ${meaning.it.name}: scegli un’altra parola o modifica quel termine.`,
    'not-a-chapter': () => 'Questo capitolo non esiste più: scegline un altro.',
    'decide-missing': () =>
      'Scrivi che cosa decidono i due team, in ogni lingua in cui c’è il termine.',
    'unknown-related': ({ id }) =>
      `Nel glossario non c’è il termine ${id} a cui rimandare: toglilo o aggiungilo prima.`,
    stale: () =>
      'Nel frattempo il termine è cambiato: guarda la sua storia e proponilo di nuovo se serve ancora.',
    'not-a-head': () =>
      'Firmano solo il capo delle vendite e il capo del marketing: chiedi a uno di loro.',
    'may-not-withdraw': () =>
      'Solo chi l’ha fatta o un capo può ritirare una proposta: chiedi a uno di loro.',
    'may-not-answer': () =>
      'Può rispondere solo chi cura il termine, un responsabile, un capo o un amministratore: chiedi a uno di loro.',
    'signed-already': () => 'Hai già firmato: ora tocca all’altro capo.',
    settled: ({ state, by: person }) =>
      ({
        signed: 'È stata firmata ed è già valida: proponi piuttosto una modifica.',
        withdrawn: `È stata ritirata${by(person, 'da')}: proponila di nuovo se serve ancora.`,
        'taken-up': `È stata accolta${by(person, 'da')}: ora è una proposta per i due capi.`,
        declined: `È stata respinta${by(person, 'da')}: suggeriscila di nuovo con altri motivi.`,
        overtaken:
          'Nel frattempo è stata concordata un’altra definizione: proponila di nuovo se serve ancora.',
      })[state],
  },
}

/** Why a command on a term had no effect, and what to do. */
export const termRefusalWords = (refusal: TermRefusal, locale: Locale): string =>
  sentence(refusals[locale], refusal, locale)

function sentence<Code extends TermRefusal['code']>(
  words: { [Key in Code]: (of: Extract<TermRefusal, { code: Key }>, locale: Locale) => string },
  refusal: Extract<TermRefusal, { code: Code }>,
  locale: Locale,
): string {
  return words[refusal.code](refusal, locale)
}

/** The fields of the form, by block id; those of the other language begin with `other_`. */
export const termFields = [
  'name',
  'abbreviations',
  'aliases',
  'definition',
  'decide',
  'example',
  'chapter',
  'owner',
  'note',
  'other_name',
  'other_abbreviations',
  'other_aliases',
  'other_definition',
  'other_decide',
  'other_example',
] as const
export type TermField = (typeof termFields)[number]

type OwnField = Exclude<TermField, `other_${string}`>

interface Words {
  titles: Record<
    'new' | 'changed' | 'signed' | 'withdrawn' | 'overtaken' | 'taken-up' | 'declined',
    string
  >
  suggestedTitle: string
  /** People and times come as they are to be shown. */
  proposed: (by: string | null, at: string) => string
  suggested: (by: string | null, at: string) => string
  takesEffect: string
  tookEffect: (version: number) => string
  settled: Record<'withdrawn' | 'taken-up' | 'declined', (by: string | null, at: string) => string>
  overtaken: string
  /** To whom a suggestion goes. */
  answers: (people: string) => string
  fields: Record<'name' | 'abbreviations' | 'aliases' | 'definition' | 'decide' | 'example', string>
  before: string
  after: string
  owner: (person: string) => string
  note: string
  languages: Record<Locale, string>
  takeUp: string
  decline: string
  history: (term: string) => string
  version: (version: number, day: string, by: string | null) => string
  whichTerm: (verb: string) => string
  nameTooLong: string
  form: {
    titles: { add: string; edit: string; suggest: string }
    propose: string
    putInForce: string
    suggest: string
    labels: Record<OwnField, string>
    list: string
    ownerHint: string
    other: string
    otherHint: string
    unsigned: string
    faults: {
      empty: string
      label: string
      text: string
      labels: string
      chapter: string
      owner: string
      whole: string
    }
    sent: Record<'open' | 'signed' | 'suggested', string>
  }
}

export const termWords: Record<Locale, Words> = {
  en: {
    titles: {
      new: 'A new term is proposed',
      changed: 'Another definition is proposed',
      signed: 'The glossary was changed',
      withdrawn: 'A proposal was withdrawn',
      overtaken: 'A proposal was overtaken',
      'taken-up': 'A suggestion was taken up',
      declined: 'A suggestion was declined',
    },
    suggestedTitle: 'A definition is suggested',
    proposed: (person, at) => `Proposed ${person === null ? '' : `by ${person}, `}${at}`,
    suggested: (person, at) => `Suggested ${person === null ? '' : `by ${person}, `}${at}`,
    takesEffect: 'Holds as soon as both heads have signed',
    tookEffect: (version) => `Version ${version} of the term holds now`,
    settled: {
      withdrawn: (person, at) => `Withdrawn ${person === null ? '' : `by ${person}, `}${at}`,
      'taken-up': (person, at) =>
        `Taken up ${person === null ? '' : `by ${person}, `}${at}: both heads sign it in the managers’ channel`,
      declined: (person, at) => `Declined ${person === null ? '' : `by ${person}, `}${at}`,
    },
    overtaken:
      'Another definition was agreed on meanwhile: propose this one anew if it is still wanted.',
    answers: (people) => `For ${people} to answer`,
    fields: {
      name: 'Name',
      abbreviations: 'Abbreviations',
      aliases: 'Other words for it',
      definition: 'Definition',
      decide: 'Both teams decide',
      example: 'Example',
    },
    before: 'Before',
    after: 'After',
    owner: (person) => `To be kept by ${person}`,
    note: 'Why',
    languages: { en: 'English', it: 'Italian' },
    takeUp: 'Take up',
    decline: 'Decline',
    history: (term) => `History of ${term}`,
    version: (version, day, person) =>
      `Version ${formatNumber(version, 'en')}, since ${day}${person === null ? '' : `, proposed by ${person}`}`,
    whichTerm: (verb) => `Name the term too, such as \`/glossary ${verb} MQL\`.`,
    nameTooLong: 'A name has at most 80 characters: choose a shorter one.',
    form: {
      titles: { add: 'Add a term', edit: 'Edit a term', suggest: 'Suggest a term' },
      propose: 'Propose',
      putInForce: 'Save',
      suggest: 'Suggest',
      labels: {
        name: 'Name',
        abbreviations: 'Abbreviations',
        aliases: 'Other words for it',
        definition: 'Definition',
        decide: 'What both teams decide',
        example: 'Example',
        chapter: 'Chapter',
        owner: 'Who keeps it',
        note: 'Why',
      },
      list: 'With commas between them.',
      ownerHint: 'Gets what is suggested. Empty: as before, or both heads.',
      other: 'In Italian',
      otherHint: 'May be left empty: then the English text is shown and marked as not translated.',
      unsigned:
        'The agreement names no heads yet, so nobody has to sign: what you save holds at once.',
      faults: {
        empty: 'Write it, or leave all fields of this language empty.',
        label: 'Write a name with at least one letter or digit, and at most 80 characters.',
        text: 'Write it in at most {most} characters.',
        labels: 'At most 20 words with commas between them, each with a letter or digit.',
        chapter: 'Choose a chapter.',
        owner: 'Choose somebody of this workspace.',
        whole: 'This can’t be kept as it is: look at every field once more.',
      },
      sent: {
        open: 'Your proposal comes to the managers’ channel, where both heads sign it. Until then nothing changes.',
        signed: 'It holds from now on: the agreement names no heads who would have to sign.',
        suggested: 'Your suggestion goes to whoever keeps the term, or to both heads.',
      },
    },
  },
  it: {
    titles: {
      new: 'Proposta di un nuovo termine',
      changed: 'Proposta di un’altra definizione',
      signed: 'Il glossario è stato modificato',
      withdrawn: 'Una proposta è stata ritirata',
      overtaken: 'Una proposta è stata superata',
      'taken-up': 'Un suggerimento è stato accolto',
      declined: 'Un suggerimento è stato respinto',
    },
    suggestedTitle: 'Suggerimento di una definizione',
    proposed: (person, at) => `Proposta ${person === null ? '' : `da ${person}, `}${at}`,
    suggested: (person, at) => `Suggerita ${person === null ? '' : `da ${person}, `}${at}`,
    takesEffect: 'Vale appena entrambi i capi hanno firmato',
    tookEffect: (version) => `Ora vale la versione ${version} del termine`,
    settled: {
      withdrawn: (person, at) => `Ritirata ${person === null ? '' : `da ${person}, `}${at}`,
      'taken-up': (person, at) =>
        `Accolta ${person === null ? '' : `da ${person}, `}${at}: la firmano i due capi nel canale dei responsabili`,
      declined: (person, at) => `Respinta ${person === null ? '' : `da ${person}, `}${at}`,
    },
    overtaken:
      'Nel frattempo è stata concordata un’altra definizione: proponila di nuovo se serve ancora.',
    answers: (people) => `Risponde ${people}`,
    fields: {
      name: 'Nome',
      abbreviations: 'Abbreviazioni',
      aliases: 'Altre parole',
      definition: 'Definizione',
      decide: 'I due team decidono',
      example: 'Esempio',
    },
    before: 'Prima',
    after: 'Dopo',
    owner: (person) => `Sarà a cura di ${person}`,
    note: 'Perché',
    languages: { en: 'Inglese', it: 'Italiano' },
    takeUp: 'Accogli',
    decline: 'Respingi',
    history: (term) => `Storia di ${term}`,
    version: (version, day, person) =>
      `Versione ${formatNumber(version, 'it')}, dal ${day}${person === null ? '' : `, proposta da ${person}`}`,
    whichTerm: (verb) => `Indica anche il termine, per esempio \`/glossary ${verb} MQL\`.`,
    nameTooLong: 'Un nome ha al massimo 80 caratteri: scegline uno più corto.',
    form: {
      titles: { add: 'Aggiungi un termine', edit: 'Modifica un termine', suggest: 'Suggerisci' },
      propose: 'Proponi',
      putInForce: 'Salva',
      suggest: 'Suggerisci',
      labels: {
        name: 'Nome',
        abbreviations: 'Abbreviazioni',
        aliases: 'Altre parole',
        definition: 'Definizione',
        decide: 'Che cosa decidono i due team',
        example: 'Esempio',
        chapter: 'Capitolo',
        owner: 'Chi lo cura',
        note: 'Perché',
      },
      list: 'Separate da virgole.',
      ownerHint: 'Riceve i suggerimenti. Vuoto: come prima, oppure i due capi.',
      other: 'In inglese',
      otherHint:
        'Si può lasciare vuoto: allora si mostra il testo italiano, segnato come non tradotto.',
      unsigned:
        'L’accordo non indica ancora i capi, quindi non serve una firma: ciò che salvi vale subito.',
      faults: {
        empty: 'Scrivilo, oppure lascia vuoti tutti i campi di questa lingua.',
        label: 'Scrivi un nome con almeno una lettera o una cifra e al massimo 80 caratteri.',
        text: 'Scrivilo in al massimo {most} caratteri.',
        labels: 'Al massimo 20 parole separate da virgole, ognuna con una lettera o una cifra.',
        chapter: 'Scegli un capitolo.',
        owner: 'Scegli una persona di questo workspace.',
        whole: 'Così non si può salvare: ricontrolla ogni campo.',
      },
      sent: {
        open: 'La tua proposta arriva nel canale dei responsabili, dove la firmano entrambi i capi. Fino ad allora non cambia nulla.',
        signed: 'Vale da subito: l’accordo non indica capi che debbano firmare.',
        suggested: 'Il tuo suggerimento arriva a chi cura il termine, oppure ai due capi.',
      },
    },
  },
}
