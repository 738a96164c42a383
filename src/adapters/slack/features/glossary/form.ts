import { z } from 'zod'
import { formWords } from '../../../../content/words/forms.ts'
import { type TermField, termWords } from '../../../../content/words/term-proposals.ts'
import { type Locale, locales } from '../../../../domain/agreement.ts'
import {
  headsChapter,
  longest,
  newTermId,
  type Term,
  termSchema,
  type Wording,
  wordingSchema,
} from '../../../../domain/glossary.ts'
import { section } from '../../blocks.ts'
import type { Fields } from '../../payloads.ts'
import { cut, escapeText } from '../../text.ts'
import type { Block, FormView } from '../feature.ts'
import { choiceField, form, personField, textField } from '../fields.ts'

/** `edit` proposes, `suggest` asks whoever keeps the term. */
export const formIds = { edit: 'glossary.edit', suggest: 'glossary.suggest' } as const
type Kind = keyof typeof formIds

/** What a form remembers: the term as it was when the form was opened, in whose language. */
export const rememberedSchema = z.object({
  /** null for a new term */
  id: z.string().max(40).nullable(),
  version: z.int().min(0),
  locale: z.enum(locales),
})

/** Slack's limit for the options of a list. */
const mostChapters = 100
const mostList = 1_000
const mostNote = 300

const otherOf = (locale: Locale): Locale => (locale === 'en' ? 'it' : 'en')

export interface TermForm {
  kind: Kind
  /** The term that is to change; undefined for a new one. */
  term: Term | undefined
  version: number
  /** What a new one is to be called. */
  name: string
  terms: readonly Term[]
  /** Whether what is saved holds at once. */
  unsigned: boolean
}

/** The form that proposes or suggests a term, filled in as it is now. */
export function buildTermForm(
  { kind, term, version, name, terms, unsigned }: TermForm,
  locale: Locale,
): FormView {
  const words = termWords[locale].form
  const other = otherOf(locale)
  const own = term?.[locale]
  const translated = term?.untranslated === undefined ? term?.[other] : undefined
  const suggests = kind === 'suggest'
  const verb = term === undefined ? 'add' : 'edit'
  const send = unsigned ? words.putInForce : words.propose
  return form({
    id: formIds[kind],
    remembers: { id: term?.id ?? null, version, locale },
    title: words.titles[suggests ? 'suggest' : verb],
    submit: suggests ? words.suggest : send,
    cancel: formWords[locale].cancel,
    blocks: [
      ...(unsigned && !suggests ? [section(words.unsigned)] : []),
      ...wordingFields(locale, { wording: own, name, prefix: '', optional: false }),
      ...chapterField(term, terms, locale),
      ...(suggests
        ? [
            textField({
              block: 'note',
              label: words.labels.note,
              optional: true,
              lines: 'several',
              most: mostNote,
            }),
          ]
        : [
            personField({
              block: 'owner',
              label: words.labels.owner,
              hint: words.ownerHint,
              optional: true,
              choose: formWords[locale].choose,
            }),
            section(`*${words.other}*\n${escapeText(words.otherHint)}`),
            ...wordingFields(locale, {
              wording: translated,
              name: '',
              prefix: 'other_',
              optional: true,
            }),
          ]),
    ],
  })
}

function wordingFields(
  locale: Locale,
  {
    wording,
    name,
    prefix,
    optional,
  }: { wording: Wording | undefined; name: string; prefix: '' | 'other_'; optional: boolean },
): Block[] {
  const { labels, list } = termWords[locale].form
  const text = (
    block: 'name' | 'definition' | 'decide' | 'example',
    value: string | undefined,
    { most, may = optional }: { most: number; may?: boolean },
  ) =>
    textField({
      block: `${prefix}${block}`,
      label: labels[block],
      optional: may,
      ...(block === 'name' ? {} : { lines: 'several' as const }),
      value,
      most,
    })
  const several = (block: 'abbreviations' | 'aliases', value: string[] | undefined) =>
    textField({
      block: `${prefix}${block}`,
      label: labels[block],
      hint: list,
      optional: true,
      value: value?.map(quoted).join(', '),
      most: mostList,
    })
  return [
    text('name', wording?.name ?? (name || undefined), { most: longest.label }),
    several('abbreviations', wording?.abbreviations),
    several('aliases', wording?.aliases),
    text('definition', wording?.definition, { most: longest.definition }),
    text('decide', wording?.decide, { most: longest.decide, may: true }),
    text('example', wording?.example, { most: longest.example }),
  ]
}

/** One of the ten keeps its chapter. */
function chapterField(term: Term | undefined, terms: readonly Term[], locale: Locale): Block[] {
  if (term !== undefined && headsChapter(term)) return []
  const heads = terms.filter(headsChapter).slice(0, mostChapters)
  return [
    choiceField({
      block: 'chapter',
      label: termWords[locale].form.labels.chapter,
      choices: heads.map((head) => ({ value: head.id, label: head[locale].name })),
      chosen: term?.chapter,
      choose: formWords[locale].choose,
    }),
  ]
}

/** A word with a comma in it is held together by quotes. */
const quoted = (word: string): string => (word.includes(',') ? `"${word}"` : word)

const listed = (text: string | undefined): string[] =>
  [...(text ?? '').matchAll(/\s*(?:"([^"]*)"|([^,]+))\s*(?:,|$)/g)]
    .map(([, inQuotes, plain]) => (inQuotes ?? plain ?? '').trim())
    .filter((word) => word !== '')

/** A text of several lines becomes one. */
const oneLine = (text: string | undefined): string | undefined =>
  text?.replace(/[\s\p{Cc}]+/gu, ' ').trim() || undefined

const wordingParts = [
  'name',
  'abbreviations',
  'aliases',
  'definition',
  'decide',
  'example',
] as const

function writtenIn(fields: Fields, prefix: '' | 'other_') {
  const text = (part: string): string | undefined => oneLine(fields.get(`${prefix}${part}`))
  return {
    name: text('name'),
    abbreviations: listed(text('abbreviations')),
    aliases: listed(text('aliases')),
    definition: text('definition'),
    decide: text('decide'),
    example: text('example'),
  }
}

export type FormAnswers =
  | { ok: true; term: Term; ownerSlackId: string | undefined; note: string | null }
  | { ok: false; errors: Record<string, string> }

/**
 * The term that was filled in. `before` is what it changes. The other language may be left empty:
 * then it has the same words, and says so.
 */
export function answersOf(
  fields: Fields,
  {
    before,
    kind,
    locale,
    terms,
  }: { before: Term | undefined; kind: Kind; locale: Locale; terms: readonly Term[] },
): FormAnswers {
  const other = otherOf(locale)
  const own = wordingSchema.safeParse(writtenIn(fields, ''))
  const errors: Record<string, string> = {}
  if (!own.success) Object.assign(errors, faultsOf(own.error, '', locale))
  const chapter = before !== undefined && headsChapter(before) ? before.id : fields.get('chapter')
  if (chapter === undefined) errors.chapter = termWords[locale].form.faults.chapter

  const written = wordingParts.some((part) => oneLine(fields.get(`other_${part}`)) !== undefined)
  const translated = written ? wordingSchema.safeParse(writtenIn(fields, 'other_')) : undefined
  if (translated?.success === false) {
    Object.assign(errors, faultsOf(translated.error, 'other_', locale))
  }
  if (own.data === undefined || chapter === undefined || Object.keys(errors).length > 0) {
    return { ok: false, errors }
  }
  // a suggestion is in one language; the other one stays as it is
  const asBefore = kind === 'suggest' && before?.untranslated === undefined && before?.[other]
  const kept = asBefore
    ? { ...asBefore, decide: asBefore.decide ?? own.data.decide }
    : translated?.data
  const uneven = unevenDecide(own.data, kept, before)
  if (uneven !== undefined) {
    return { ok: false, errors: { [uneven]: termWords[locale].form.faults.empty } }
  }
  const term = termSchema.safeParse({
    id: before?.id ?? newTermId(own.data.name, terms),
    chapter,
    related: before?.related ?? [],
    [locale]: own.data,
    [other]: kept ?? own.data,
    ...(kept === undefined ? { untranslated: other } : {}),
  })
  if (!term.success) return { ok: false, errors: { name: termWords[locale].form.faults.whole } }
  const ownerSlackId = fields.get('owner')
  const note = oneLine(fields.get('note'))
  return { ok: true, term: term.data, ownerSlackId, note: note ? cut(note, mostNote) : null }
}

/** The field of what both teams decide that is missing beside the other language's. */
function unevenDecide(
  own: Wording,
  other: Wording | undefined,
  before: Term | undefined,
): TermField | undefined {
  const needed = before !== undefined && headsChapter(before)
  if (own.decide === undefined && (needed || other?.decide !== undefined)) return 'decide'
  const uneven = other !== undefined && own.decide !== undefined && other.decide === undefined
  return uneven ? 'other_decide' : undefined
}

/** A sentence under each field of a language that does not hold what is expected. */
function faultsOf(
  error: z.ZodError,
  prefix: '' | 'other_',
  locale: Locale,
): Record<string, string> {
  const { faults } = termWords[locale].form
  const sentence = (part: string, missing: boolean): string => {
    if (missing && prefix !== '') return faults.empty
    if (part === 'name') return faults.label
    if (part === 'abbreviations' || part === 'aliases') return faults.labels
    const most = part === 'definition' ? longest.definition : longest.example
    return faults.text.replace('{most}', String(most))
  }
  return Object.fromEntries(
    error.issues.map(({ path, code }) => {
      const part = String(path[0])
      return [`${prefix}${part}`, sentence(part, code === 'invalid_type')]
    }),
  )
}
