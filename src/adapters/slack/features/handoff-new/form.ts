import { z } from 'zod'
import { formatDay } from '../../../../content/words/format.ts'
import { formWords } from '../../../../content/words/forms.ts'
import { type Agreement, type Locale, priorities } from '../../../../domain/agreement.ts'
import { calendarDateIn } from '../../../../domain/business-time.ts'
import { leadTypeOf } from '../../../../domain/clocks.ts'
import { type Handoff, isBack } from '../../../../domain/handoff.ts'
import { emailAddress, type Lead } from '../../../../domain/lead.ts'
import { context, plain, plainSection } from '../../blocks.ts'
import { factsOfReturn } from '../../messages/card-return.ts'
import type { Fields } from '../../payloads.ts'
import type { Block, FormView } from '../feature.ts'
import { choiceField, form, textField } from '../fields.ts'

export const id = 'handoff.new'

const mostEmail = 254
export const mostName = 200
export const mostReason = 2_000
export const mostPhone = 60

/** Of whom the form is, where that can't be changed in it. */
export const rememberedSchema = z.object({ email: emailAddress })

/** What the form shows beside what it asks of every lead. */
export interface HandOffForm {
  /** What is filled in. */
  fields?: Fields
  /** The lead is known: its address is shown and can't be changed. */
  email?: string
  /** How the round before ended: the form asks what has changed since. */
  before?: { handoff: Handoff; agreement: Agreement }
  /** What is still missing. */
  notice?: string
}

/** The form that hands a lead over, for the first time or for another round. */
export function buildHandOffForm(
  agreement: Agreement,
  locale: Locale,
  { fields = new Map(), email, before, notice }: HandOffForm = {},
): FormView {
  const words = formWords[locale]
  const { labels, hints, title, submit, again, priorities: priorityNames } = words.handOff
  const remembers: z.input<typeof rememberedSchema> | undefined =
    email === undefined ? undefined : { email }
  return form({
    id,
    remembers,
    title: email === undefined ? title : again,
    submit: email === undefined ? submit : again,
    cancel: words.cancel,
    blocks: [
      ...(notice === undefined ? [] : [plainSection(notice)]),
      email === undefined
        ? textField({
            block: 'email',
            label: labels.email,
            most: mostEmail,
            value: fields.get('email'),
          })
        : plainSection(`${labels.email}: ${email}`),
      ...(before === undefined ? [] : whatChanged(before, fields, locale)),
      textField({ block: 'name', label: labels.name, most: mostName, value: fields.get('name') }),
      textField({
        block: 'company',
        label: labels.company,
        most: mostName,
        optional: true,
        value: fields.get('company'),
      }),
      ...titleField(fields.get('title'), labels.title),
      textField({
        block: 'phone',
        label: labels.phone,
        most: mostPhone,
        optional: true,
        value: fields.get('phone'),
      }),
      choiceField({
        block: 'lead_type',
        label: labels.lead_type,
        choices: agreement.lead_types.map((type) => ({ value: type.id, label: type.name[locale] })),
        chosen: fields.get('lead_type') ?? leadTypeOf(agreement)?.id,
        choose: words.choose,
      }),
      choiceField({
        block: 'priority',
        label: labels.priority,
        choices: [...priorities].reverse().map((value) => ({ value, label: priorityNames[value] })),
        chosen: fields.get('priority') ?? 'standard',
        choose: words.choose,
      }),
      textField({
        block: 'reason',
        label: labels.reason,
        hint: hints.reason,
        lines: 'several',
        most: mostReason,
        value: fields.get('reason'),
      }),
    ],
  })
}

/** Few know a job title by heart: it is asked for only where one is known. */
const titleField = (value: string | undefined, label: string): Block[] =>
  value === undefined
    ? []
    : [textField({ block: 'title', label, most: mostName, optional: true, value })]

/** What the return said, and the field that answers it. */
function whatChanged(
  { handoff, agreement }: NonNullable<HandOffForm['before']>,
  fields: Fields,
  locale: Locale,
): Block[] {
  const { labels, hints } = formWords[locale].handOff
  return [
    ...quoteOf(handoff, agreement, locale),
    textField({
      block: 'what_changed',
      label: labels.what_changed,
      hint: hints.what_changed,
      lines: 'several',
      most: mostReason,
      value: fields.get('what_changed'),
    }),
  ]
}

function quoteOf({ returned, leadStatus }: Handoff, agreement: Agreement, locale: Locale): Block[] {
  if (returned === null) return []
  const day = formatDay(calendarDateIn(returned.at, agreement.calendar.timezone), locale)
  const { name } = returned.by
  const facts = factsOfReturn(returned, leadStatus, { agreement, locale })
  return [
    plainSection(formWords[locale].handOff.returned(leadStatus, name, day)),
    ...context(facts.map((fact) => plain(fact))),
  ]
}

/** The form of another round: of the lead as it is known, with what its last handoff said. */
export const againForm = (handoff: Handoff, agreement: Agreement): HandOffForm => ({
  email: handoff.lead.email,
  fields: fieldsOf(handoff),
  ...(isBack(handoff.status) ? { before: { handoff, agreement } } : {}),
})

function fieldsOf({ lead, leadType, priority, reason }: Handoff): Fields {
  const company = companyOf(lead)
  return new Map([
    ['name', lead.name],
    ...known('company', company),
    ...known('title', lead.title),
    ...known('phone', lead.phone),
    ['lead_type', leadType],
    ['priority', priority],
    ['reason', reason],
  ])
}

const known = (field: string, value: string | null | undefined): [string, string][] =>
  value === null || value === undefined ? [] : [[field, value]]

const companyOf = ({ company: { name } }: Lead): string | undefined =>
  typeof name === 'string' ? name : undefined
