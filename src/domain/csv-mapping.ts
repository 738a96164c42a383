import { z } from 'zod'
import { type Agreement, journeyStages, type Priority, priorities } from './agreement.ts'
import type { LeadNews } from './decide/keep-lead.ts'
import { boundedText, leadInputSchema } from './lead.ts'

/** The fields of a lead, and of its handover, that a column of a CSV file can fill. */
export const leadFields = [
  'email',
  'name',
  'firstName',
  'lastName',
  'title',
  'phone',
  'company.name',
  'company.domain',
  'company.industry',
  'company.employees',
  'company.country',
  'type',
  'journeyStage',
  'source',
  'reason',
  'whatChanged',
  'priority',
] as const
export type LeadField = (typeof leadFields)[number]

/** What a column fills; null where it is left out. */
export type Target = LeadField | `company.${string}` | `attributes.${string}`

export interface Column {
  heading: string
  target: Target | null
}

export type MappingRefusal =
  | { code: 'no-email-column' }
  | { code: 'unknown-column'; column: string }
  | { code: 'unknown-field'; field: string }
  | { code: 'field-twice'; field: string }
  | { code: 'too-many-columns'; most: number }

/** Headings that say what a column holds, as `folded` leaves them; all of a field are equal. */
const names: Record<LeadField, readonly string[]> = {
  email: [
    ...['email', 'emailaddress', 'mail', 'workemail', 'businessemail', 'emailaziendale'],
    ...['indirizzoemail', 'indirizzomail', 'postaelettronica', 'indirizzodipostaelettronica'],
  ],
  name: [
    ...['name', 'fullname', 'contactname', 'leadname', 'nome', 'nomecompleto', 'nomeecognome'],
    ...['cognomeenome', 'nominativo', 'contact', 'contatto', 'nomecontatto', 'referente'],
  ],
  firstName: ['firstname', 'givenname', 'forename', 'nomedibattesimo', 'primonome'],
  lastName: ['lastname', 'surname', 'familyname', 'cognome'],
  title: [
    ...['title', 'jobtitle', 'position', 'jobrole', 'qualifica', 'ruolo', 'ruoloprofessionale'],
    ...['posizione', 'mansione', 'posizionelavorativa', 'titoloprofessionale'],
  ],
  phone: [
    ...['phone', 'phonenumber', 'telephone', 'tel', 'businessphone', 'workphone', 'telefono'],
    ...['numeroditelefono', 'telefonoaziendale', 'recapitotelefonico'],
  ],
  'company.name': [
    ...['company', 'companyname', 'account', 'accountname', 'organization', 'organisation'],
    ...['azienda', 'nomeazienda', 'nomedellazienda', 'societa', 'ragionesociale', 'impresa'],
    'associatedcompany',
  ],
  'company.domain': [
    ...['companydomain', 'companydomainname', 'domain', 'website', 'websiteurl', 'web', 'dominio'],
    ...['dominioazienda', 'dominioaziendale', 'sitoweb', 'sito', 'urldelsitoweb'],
  ],
  'company.industry': ['industry', 'sector', 'settore', 'industria', 'settoreindustriale'],
  'company.employees': [
    ...['employees', 'numberofemployees', 'noofemployees', 'employeecount', 'companysize'],
    ...['headcount', 'dipendenti', 'numerodipendenti', 'numerodidipendenti', 'ndipendenti'],
    'addetti',
  ],
  'company.country': ['country', 'countryregion', 'countrycode', 'paese', 'nazione', 'paesearea'],
  type: ['leadtype', 'tipolead', 'tipodilead', 'tipologialead'],
  journeyStage: ['journeystage', 'buyersjourney', 'fasedelpercorso', 'fasedacquisto'],
  source: [
    ...['source', 'leadsource', 'originalsource', 'originalsourcetype', 'fonte', 'origine'],
    ...['fontelead', 'fonteoriginale', 'originelead', 'provenienza'],
  ],
  reason: [
    ...['reason', 'handoffreason', 'handoverreason', 'motivo', 'motivazione', 'motivopassaggio'],
    'whyqualified',
  ],
  whatChanged: ['whatchanged', 'cosaecambiato', 'checosaecambiato'],
  priority: ['priority', 'leadpriority', 'priorita', 'rating', 'valutazione'],
}

const fieldByName = new Map(
  leadFields.flatMap((field) => names[field].map((name) => [name, field] as const)),
)

/** Letters and digits only, without case and accents: "E-mail" and "Indirizzo email" become one word. */
const folded = (text: string): string =>
  text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '')

const mostColumns = 500
const mostHeading = 90

/** Headings as they can be kept: none is empty, and none is there twice. */
export function headingsOf(cells: readonly string[]): string[] {
  const taken = new Set<string>()
  return cells.map((cell, index) => {
    const text = cell.replaceAll('\u0000', '').toWellFormed().trim().slice(0, mostHeading).trim()
    const heading = text.toWellFormed() || `Column ${index + 1}`
    let free = heading
    for (let n = 2; taken.has(free); n++) free = `${heading} ${n}`
    taken.add(free)
    return free
  })
}

/**
 * What each column fills: as it is said, else by its heading, else an attribute of that name. Of two
 * columns for the same field the first fills it. Refuses a file without e-mail addresses.
 */
export function mappingOf(
  headings: readonly string[],
  said: ReadonlyMap<string, string> = new Map(),
): { ok: true; columns: Column[] } | { ok: false; refusal: MappingRefusal } {
  if (headings.length > mostColumns) {
    return { ok: false, refusal: { code: 'too-many-columns', most: mostColumns } }
  }
  const told = targetsSaid(headings, said)
  if (!told.ok) return told
  const taken = new Set<string>([...told.targets.values()].filter((target) => target !== null))
  const columns = headings.map((heading): Column => {
    const target = told.targets.get(heading)
    if (target !== undefined) return { heading, target }
    const guess = guessed(heading, headings)
    if (guess === undefined || taken.has(guess)) {
      return { heading, target: `attributes.${heading}` }
    }
    taken.add(guess)
    return { heading, target: guess }
  })
  return taken.has('email')
    ? { ok: true, columns }
    : { ok: false, refusal: { code: 'no-email-column' } }
}

/** "Name" beside a surname is the first name. */
function guessed(heading: string, headings: readonly string[]): LeadField | undefined {
  const name = folded(heading)
  const isHalf = (name === 'name' || name === 'nome') && headings.some(isLastName)
  return isHalf ? 'firstName' : fieldByName.get(name)
}

const isLastName = (heading: string): boolean => fieldByName.get(folded(heading)) === 'lastName'

function targetsSaid(
  headings: readonly string[],
  said: ReadonlyMap<string, string>,
): { ok: true; targets: Map<string, Target | null> } | { ok: false; refusal: MappingRefusal } {
  const targets = new Map<string, Target | null>()
  for (const [column, field] of said) {
    const heading =
      headings.find((one) => one === column.trim()) ??
      headings.find((one) => one.toLowerCase() === column.trim().toLowerCase())
    if (heading === undefined) return { ok: false, refusal: { code: 'unknown-column', column } }
    const target = targetNamed(field.trim())
    if (target === undefined) return { ok: false, refusal: { code: 'unknown-field', field } }
    if (target !== null && [...targets.values()].includes(target)) {
      return { ok: false, refusal: { code: 'field-twice', field } }
    }
    targets.set(heading, target)
  }
  return { ok: true, targets }
}

/** A field as it is written in a mapping; `-` leaves a column out. */
export function targetNamed(field: string): Target | null | undefined {
  if (field === '-') return null
  const known = leadFields.find((one) => one === field)
  if (known !== undefined) return known
  const [, of, key = ''] = /^(company|attributes)\.(.+)$/.exec(field) ?? []
  if (!boundedText(100).safeParse(key).success) return undefined
  return of === 'company' ? `company.${key}` : `attributes.${key}`
}

/** What a cell has to hold. */
export type Expected =
  | { code: 'email' }
  | { code: 'whole-number' }
  | { code: 'one-of'; values: readonly string[] }
  | { code: 'shorter'; most: number }
  /** Nothing but characters that can be kept, and no more than can be. */
  | { code: 'storable' }

/** Why a row of a file is not imported. */
export type RowProblem =
  | { code: 'unreadable' }
  | { code: 'too-many-values'; expected: number; found: number }
  | { code: 'no-email' }
  | { code: 'bad-value'; column: string; expected: Expected }
  | { code: 'name-needed' }

/** Why a lead is to be handed over, where its row says so. */
export interface RowHandOver {
  reason: string
  priority: Priority
  whatChanged: string | undefined
}

export type RowRead =
  | { ok: true; news: LeadNews; handOver: RowHandOver | null }
  | { ok: false; problem: RowProblem }

const newsSchema = leadInputSchema.extend({ name: boundedText(200).optional() })
const longText = boundedText(2_000).optional()
const whySchema = z.object({ reason: longText, whatChanged: longText })

export type RowReader = (cells: readonly string[]) => RowRead

/** Reads the rows of a file with those columns. */
export const rowReader =
  (columns: readonly Column[], agreement: Pick<Agreement, 'lead_types'>): RowReader =>
  (cells) =>
    readRow(columns, cells, agreement)

/** What a row tells of a lead. Empty cells tell nothing: what is known stays. */
export function readRow(
  columns: readonly Column[],
  cells: readonly string[],
  { lead_types: types }: Pick<Agreement, 'lead_types'>,
): RowRead {
  if (cells.slice(columns.length).some((cell) => cell.trim() !== '')) {
    const counts = { expected: columns.length, found: cells.length }
    return { ok: false, problem: { code: 'too-many-values', ...counts } }
  }
  const filled = new Map<string, string>()
  const company = new Map<string, unknown>()
  const attributes = new Map<string, unknown>()
  for (const [index, { target }] of columns.entries()) {
    const value = textOf(cells[index] ?? '')
    if (target === null || value === '') continue
    if (target.startsWith('attributes.')) attributes.set(target.slice(11), value)
    else if (target.startsWith('company.')) company.set(target.slice(8), value)
    else filled.set(target, value)
  }
  if (!filled.has('email')) return { ok: false, problem: { code: 'no-email' } }

  const bad = (target: string, expected: Expected): RowRead => {
    const column = columns.find((one) => one.target === target)?.heading ?? target
    return { ok: false, problem: { code: 'bad-value', column, expected } }
  }
  const employees = company.get('employees')
  if (typeof employees === 'string') {
    const number = wholeNumber(employees)
    if (number === undefined) return bad('company.employees', { code: 'whole-number' })
    company.set('employees', number)
  }
  const type = filled.get('type')
  const typeId = type && typeNamed(type, types)
  if (type !== undefined && typeId === undefined) {
    return bad('type', { code: 'one-of', values: types.map(({ id }) => id) })
  }
  const stage = filled.get('journeyStage')?.toLowerCase()
  const priority = priorityNamed(filled.get('priority'))
  if (priority === undefined) return bad('priority', { code: 'one-of', values: priorities })

  const news = newsSchema.safeParse({
    email: filled.get('email'),
    name: nameIn(filled),
    title: filled.get('title'),
    phone: filled.get('phone'),
    company: objectOf(company),
    type: typeId,
    journeyStage: stage,
    source: filled.get('source'),
    attributes: objectOf(attributes),
  })
  if (!news.success) return firstFault(news.error, bad)
  const why = whySchema.safeParse({
    reason: filled.get('reason'),
    whatChanged: filled.get('whatChanged'),
  })
  if (!why.success) return firstFault(why.error, bad)
  const { reason, whatChanged } = why.data
  const handOver = reason === undefined ? null : { reason, whatChanged, priority }
  return { ok: true, news: news.data, handOver }
}

function firstFault(
  { issues: [issue] }: z.ZodError,
  bad: (target: string, expected: Expected) => RowRead,
): RowRead {
  const path = issue?.path.join('.') ?? ''
  return bad(path, expectedAt(path, issue))
}

function expectedAt(path: string, issue: z.core.$ZodIssue | undefined): Expected {
  if (path === 'journeyStage') return { code: 'one-of', values: journeyStages }
  if (path === 'company.employees') return { code: 'whole-number' }
  if (issue?.code === 'too_big') return { code: 'shorter', most: Number(issue.maximum) }
  return { code: path === 'email' ? 'email' : 'storable' }
}

/** Spreadsheets keep a quote that made a formula inert: without it the text is what it was. */
const textOf = (cell: string): string => cell.trim().replace(/^'(?=[=+\-@])/, '')

const objectOf = (entries: ReadonlyMap<string, unknown>) =>
  entries.size === 0 ? undefined : Object.fromEntries(entries)

function nameIn(filled: ReadonlyMap<string, string>): string | undefined {
  const halves = [filled.get('firstName'), filled.get('lastName')]
  const joined = halves.filter((half) => half !== undefined).join(' ')
  return filled.get('name') ?? (joined === '' ? undefined : joined)
}

/** `1,200`, `1.200` and `1 200` are written by people; `120.0` is written by programs. */
function wholeNumber(text: string): number | undefined {
  const plain = /^\d{1,3}([.,'\s]\d{3})+$/.test(text)
    ? text.replace(/\D/g, '')
    : text.replace(/[.,]0+$/, '')
  return /^\d{1,9}$/.test(plain) ? Number(plain) : undefined
}

/** By id, or by its name in either language. */
function typeNamed(text: string, types: Agreement['lead_types']): string | undefined {
  const sought = text.toLowerCase()
  return types.find(({ id, name }) =>
    [id, name.en, name.it].some((one) => one.toLowerCase() === sought),
  )?.id
}

const hot = ['hot', 'high', 'urgent', 'alta', 'calda', 'caldo', 'urgente']
const standard = [
  'standard',
  'normal',
  'medium',
  'low',
  'warm',
  'cold',
  'normale',
  'media',
  'bassa',
]

function priorityNamed(text = 'standard'): Priority | undefined {
  const sought = text.toLowerCase()
  if (hot.includes(sought)) return 'hot'
  return standard.includes(sought) ? 'standard' : undefined
}
