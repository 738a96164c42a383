import type { Locale } from '../../domain/agreement.ts'
import type { LeadField, RowProblem, Target } from '../../domain/csv-mapping.ts'
import type { Refusal } from '../../domain/decide/decision.ts'
import type { FileFault } from '../../domain/dropped-file.ts'
import { expectedWords } from './expected.ts'
import { formatNumber, formatPercent, plural } from './format.ts'
import { refusalWords } from './refusals.ts'

interface Counts {
  rows: number
  created: number
  changed: number
  unchanged: number
  bad: number
  handedOver: number
  handedBefore: number
}

interface Words {
  /** What would come of it, or what came of it; `name` is safe to be shown. */
  offered(name: string, counts: Counts): string
  reasons(count: number): string
  importing(name: string): string
  done(name: string, counts: Counts, handOver: boolean): string
  cancelled(name: string): string
  mapping: string
  moreColumns(count: number): string
  leftOut: string
  attribute(name: string): string
  ofCompany(name: string): string
  fields: Record<LeadField, string>
  badRows: string
  badRowsListed: string
  buttons: { start: string; handOver: string; columns: string; cancel: string }
  /** Slack cuts titles and the buttons of a form at 24 characters. */
  form: {
    title: string
    submit: string
    cancel: string
    choose: string
    /** A column that is kept under its own name. */
    keep: string
    example: (text: string) => string
    twice: string
    noEmail: string
  }
  refusals: { unknown: string; 'may-not-import': string; 'chosen-already': string }
  faults: Record<FileFault, string>
  problem(problem: RowProblem): string
  notHandedOver(why: string): string
}

const counted = (locale: Locale) => ({
  number: (count: number): string => formatNumber(count, locale),
  many: (count: number, one: string, other: string): string =>
    plural(count, locale, { one, other }),
})

const en = counted('en')
const it = counted('it')

const expected = 'a CSV file whose first row names the columns, one of them “E-mail”'
const attesi = 'un file CSV la cui prima riga dia un nome alle colonne, una delle quali “E-mail”'

/** What is said of a file that somebody dropped. */
export const fileImportWords: Record<Locale, Words> = {
  en: {
    offered: (name, { rows, created, changed, unchanged, bad }) =>
      [
        `*${name}*: ${en.many(rows, 'row', 'rows')}.`,
        `${en.many(created, 'lead is new', 'leads are new')},`,
        `${en.number(changed + unchanged)} known (${en.number(changed)} with something new),`,
        `${en.many(bad, 'row is bad', 'rows are bad')}.`,
      ].join(' '),
    reasons: (count) =>
      `${en.many(count, 'row says why its lead', 'rows say why their lead')} should go to sales.`,
    importing: (name) => `Importing *${name}*.`,
    done: (name, { created, changed, unchanged, bad, handedOver, handedBefore }, handOver) =>
      [
        `*${name}* is imported:`,
        `${en.many(created, 'new lead', 'new leads')},`,
        `${en.number(changed)} changed, ${en.number(unchanged)} as they were,`,
        ...(handOver ? [`${en.number(handedOver)} handed off,`] : []),
        ...(handOver && handedBefore > 0 ? [`${en.number(handedBefore)} handed off before,`] : []),
        `${en.many(bad, 'bad row', 'bad rows')}.`,
      ].join(' '),
    cancelled: (name) => `*${name}* was not imported.`,
    mapping: 'What its columns fill',
    moreColumns: (count) =>
      `and ${en.many(count, 'more column, kept as an attribute', 'more columns, kept as attributes')}`,
    leftOut: 'left out',
    attribute: (name) => `attribute “${name}”`,
    ofCompany: (name) => `company: ${name}`,
    fields: {
      email: 'e-mail address',
      name: 'name',
      firstName: 'first name',
      lastName: 'last name',
      title: 'job title',
      phone: 'phone',
      'company.name': 'company',
      'company.domain': 'company’s website',
      'company.industry': 'industry',
      'company.employees': 'employees',
      'company.country': 'country',
      type: 'lead type',
      journeyStage: 'journey stage',
      source: 'source',
      reason: 'reason to hand off',
      whatChanged: 'what changed',
      priority: 'priority',
    },
    badRows: 'Bad rows are left out. Afterwards you get them as a file, each with its problem.',
    badRowsListed: 'The bad rows are in the thread, each with its problem.',
    buttons: {
      start: 'Import',
      handOver: 'Import and hand over',
      columns: 'Change columns',
      cancel: 'Cancel',
    },
    form: {
      title: 'Columns',
      submit: 'Look again',
      cancel: 'Cancel',
      choose: 'Choose a field',
      keep: 'attribute of this name',
      example: (text) => `Such as ${text}`,
      twice: 'Another column fills this field already.',
      noEmail: 'One column has to hold the e-mail addresses.',
    },
    refusals: {
      unknown: 'This file is not yours to import. Drop it here yourself.',
      'may-not-import':
        'Only people with a role in the agreement can import leads. Ask an admin for one.',
      'chosen-already': 'That was chosen already: the message shows what is being done.',
    },
    faults: {
      'may-not-import':
        'Only people with a role in the agreement can import leads. Ask an admin for one.',
      'not-csv': `This is no CSV file. I can take in ${expected}: in a spreadsheet, save it as “CSV (UTF-8)”.`,
      'too-big': 'This file is larger than 50 MB. Split it, or import it on the command line.',
      empty: `There are no rows in this file. I can take in ${expected}, and a lead in each row below it.`,
      'no-headings': `The first row of this file is empty. I can take in ${expected}.`,
      'no-email-column': `No column of this file is known to hold e-mail addresses. I can take in ${expected}.`,
      'too-many-columns': 'This file has too many columns: 500 is the most. Leave some out.',
      gone: 'This file is gone from Slack. Drop it here again to import it.',
      'no-access':
        'Slack does not let me read this file. Ask an admin to install me again with the scopes of the manifest, then drop it again.',
      'gave-up': 'This file could not be read, however often I tried. Drop it here again.',
    },
    problem(problem) {
      switch (problem.code) {
        case 'unreadable':
          return 'this row and all below it can’t be read: a quote is not closed'
        case 'too-many-values':
          return `${problem.found} values under ${problem.expected} headings: one may hold a separator`
        case 'no-email':
          return 'no e-mail address'
        case 'bad-value':
          return `${problem.column}: ${expectedWords(problem.expected, 'en')}`
        case 'name-needed':
          return 'nothing is known of this lead yet: a new one needs a name'
      }
    },
    notHandedOver: (why) => `kept, but not handed off: ${why}`,
  },
  it: {
    offered: (name, { rows, created, changed, unchanged, bad }) =>
      [
        `*${name}*: ${it.many(rows, 'riga', 'righe')}.`,
        `${it.many(created, 'lead è nuovo', 'lead sono nuovi')},`,
        `${it.number(changed + unchanged)} già noti (${it.number(changed)} con novità),`,
        `${it.many(bad, 'riga è errata', 'righe sono errate')}.`,
      ].join(' '),
    reasons: (count) =>
      `${it.many(count, 'riga dice perché il suo lead', 'righe dicono perché il loro lead')} deve passare alle vendite.`,
    importing: (name) => `Importazione di *${name}* in corso.`,
    done: (name, { created, changed, unchanged, bad, handedOver, handedBefore }, handOver) =>
      [
        `*${name}* è importato:`,
        `${it.many(created, 'lead nuovo', 'lead nuovi')},`,
        `${it.number(changed)} modificati, ${it.number(unchanged)} invariati,`,
        ...(handOver ? [`${it.number(handedOver)} passati alle vendite,`] : []),
        ...(handOver && handedBefore > 0 ? [`${it.number(handedBefore)} già passati prima,`] : []),
        `${it.many(bad, 'riga errata', 'righe errate')}.`,
      ].join(' '),
    cancelled: (name) => `*${name}* non è stato importato.`,
    mapping: 'A cosa servono le colonne',
    moreColumns: (count) =>
      `e ${it.many(count, 'altra colonna, tenuta come attributo', 'altre colonne, tenute come attributi')}`,
    leftOut: 'tralasciata',
    attribute: (name) => `attributo “${name}”`,
    ofCompany: (name) => `azienda: ${name}`,
    fields: {
      email: 'indirizzo e-mail',
      name: 'nome e cognome',
      firstName: 'nome',
      lastName: 'cognome',
      title: 'qualifica',
      phone: 'telefono',
      'company.name': 'azienda',
      'company.domain': 'sito dell’azienda',
      'company.industry': 'settore',
      'company.employees': 'dipendenti',
      'company.country': 'paese',
      type: 'tipo di lead',
      journeyStage: 'fase del percorso',
      source: 'fonte',
      reason: 'motivo del passaggio',
      whatChanged: 'cosa è cambiato',
      priority: 'priorità',
    },
    badRows:
      'Le righe errate vengono tralasciate. Alla fine le ricevi in un file, ciascuna con il suo problema.',
    badRowsListed: 'Le righe errate sono nel thread, ciascuna con il suo problema.',
    buttons: {
      start: 'Importa',
      handOver: 'Importa e passa alle vendite',
      columns: 'Cambia colonne',
      cancel: 'Annulla',
    },
    form: {
      title: 'Colonne',
      submit: 'Rileggi',
      cancel: 'Annulla',
      choose: 'Scegli un campo',
      keep: 'attributo con questo nome',
      example: (text) => `Per esempio ${text}`,
      twice: 'Un’altra colonna riempie già questo campo.',
      noEmail: 'Una colonna deve contenere gli indirizzi e-mail.',
    },
    refusals: {
      unknown: 'Questo file non è tuo. Trascinalo qui tu per importarlo.',
      'may-not-import':
        'Solo chi ha un ruolo nell’accordo può importare lead. Chiedine uno a un amministratore.',
      'chosen-already': 'La scelta è già stata fatta: il messaggio mostra che cosa succede.',
    },
    faults: {
      'may-not-import':
        'Solo chi ha un ruolo nell’accordo può importare lead. Chiedine uno a un amministratore.',
      'not-csv': `Questo non è un file CSV. Posso importare ${attesi}: in un foglio di calcolo, salvalo come “CSV (UTF-8)”.`,
      'too-big': 'Questo file supera i 50 MB. Dividilo, oppure importalo da riga di comando.',
      empty: `Questo file non ha righe. Posso importare ${attesi}, con un lead in ogni riga sotto.`,
      'no-headings': `La prima riga di questo file è vuota. Posso importare ${attesi}.`,
      'no-email-column': `Nessuna colonna di questo file sembra contenere indirizzi e-mail. Posso importare ${attesi}.`,
      'too-many-columns': 'Questo file ha troppe colonne: al massimo sono 500. Togline qualcuna.',
      gone: 'Questo file non è più in Slack. Trascinalo di nuovo qui per importarlo.',
      'no-access':
        'Slack non mi lascia leggere questo file. Chiedi a un amministratore di reinstallarmi con gli scope del manifest, poi trascinalo di nuovo.',
      'gave-up':
        'Non è stato possibile leggere questo file, dopo molti tentativi. Trascinalo di nuovo qui.',
    },
    problem(problem) {
      switch (problem.code) {
        case 'unreadable':
          return 'questa riga e le successive non si leggono: manca una virgoletta di chiusura'
        case 'too-many-values':
          return `${problem.found} valori sotto ${problem.expected} intestazioni: uno può contenere un separatore`
        case 'no-email':
          return 'manca l’indirizzo e-mail'
        case 'bad-value':
          return `${problem.column}: ${expectedWords(problem.expected, 'it')}`
        case 'name-needed':
          return 'di questo lead non si sa ancora nulla: un lead nuovo ha bisogno di un nome'
      }
    },
    notHandedOver: (why) => `registrato, ma non passato alle vendite: ${why}`,
  },
}

/** What is wrong with a row; one whose lead can't be handed over is kept all the same. */
export function problemWords(
  problem: RowProblem | { code: 'not-handed-over'; refusal: Refusal },
  locale: Locale,
): string {
  const words = fileImportWords[locale]
  return problem.code === 'not-handed-over'
    ? words.notHandedOver(refusalWords(problem.refusal, locale))
    : words.problem(problem)
}

/** What a column fills, in words; null where it is left out. */
export function targetWords(target: Target | null, locale: Locale): string {
  const words = fileImportWords[locale]
  if (target === null) return words.leftOut
  const field = Object.entries(words.fields).find(([id]) => id === target)
  if (field !== undefined) return field[1]
  const [of = '', ...name] = target.split('.')
  return of === 'company' ? words.ofCompany(name.join('.')) : words.attribute(name.join('.'))
}

const barWidth = 20

/** A bar of signs, and how many per cent that is. */
export function barWords({ doneRows, rows }: { doneRows: number; rows: number }, locale: Locale) {
  const share = rows === 0 ? 1 : Math.min(1, doneRows / rows)
  const full = Math.floor(share * barWidth)
  const percent = formatPercent(Math.floor(share * 100) / 100, locale)
  return `${'▓'.repeat(full)}${'░'.repeat(barWidth - full)} ${percent}`
}
