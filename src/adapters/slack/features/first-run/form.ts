import type { InputBlock } from '@slack/types'
import { z } from 'zod'
import { firstRunWords, type SetUpField } from '../../../../content/words/first-run.ts'
import { formWords } from '../../../../content/words/forms.ts'
import type { Agreement, Locale, Side } from '../../../../domain/agreement.ts'
import type { Person } from '../../../../domain/person.ts'
import { namesNobodyYet, usualHours, zonesFor } from '../../../../domain/set-up.ts'
import { context, plain, plainSection } from '../../blocks.ts'
import { oneLine } from '../../text.ts'
import type { FormView } from '../feature.ts'
import {
  type Choice,
  channelField,
  choiceField,
  choicesField,
  form,
  peopleField,
  personField,
  textField,
} from '../fields.ts'
import { isChannelId } from './message.ts'

export const formId = 'setup'

/** What the form remembers: a newer version makes its answers stale. */
export const rememberedSchema = z.object({ version: z.int() })

/** Slack's limit for a form, less the fields that are always there. */
const mostTypes = 40
const mostHours = 200

/** The block of the field of a lead type's channel. */
export const channelBlock = (leadType: string): string => `channel_${leadType}`

export interface SetUpFormParts {
  version: number
  agreement: Agreement
  /** The people whom Slack knows; `isAll` where a list has room for them. */
  people: readonly Person[]
  isAll: boolean
  /** The zone of the one who fills it in. */
  zone: string | null
}

/** Channels, people, zone and hours, filled in as the agreement has them. */
export function buildSetUpForm(parts: SetUpFormParts, locale: Locale): FormView {
  const { agreement, version } = parts
  const words = firstRunWords[locale].form
  return form({
    id: formId,
    remembers: { version },
    title: words.title,
    submit: words.submit,
    cancel: formWords[locale].cancel,
    blocks: [
      plainSection(namesNobodyYet(agreement) ? words.intro : words.introProposal),
      ...agreement.lead_types
        .slice(0, mostTypes)
        .map(({ id, name, channel }) =>
          channelInput(channelBlock(id), words.channelOf(name[locale]), { channel, locale }),
        ),
      channelInput('managers_channel', words.labels.managers_channel, {
        channel: agreement.managers_channel,
        locale,
      }),
      ...context([plain(words.hints.managers_channel ?? '')]),
      ...peopleInputs(parts, locale),
      zoneInput(parts, locale),
      textField({
        block: 'hours',
        label: words.labels.hours,
        hint: words.hints.hours,
        optional: true,
        value: usualHours(agreement),
        most: mostHours,
      }),
    ],
  })
}

function channelInput(
  block: string,
  label: string,
  { channel, locale }: { channel: string; locale: Locale },
): InputBlock {
  const { choose, now } = firstRunWords[locale].form
  const isKnown = isChannelId(channel)
  return channelField({
    block,
    label,
    choose,
    optional: true,
    ...(isKnown ? { chosen: channel } : { hint: now(`#${channel}`) }),
  })
}

/** Slack's own pickers where the people are too many for a list. */
function peopleInputs({ agreement, people, isAll }: SetUpFormParts, locale: Locale): InputBlock[] {
  const words = firstRunWords[locale].form
  const field = (block: SetUpField) => ({
    block,
    label: words.labels[block],
    hint: words.hints[block],
    choose: words.choose,
    optional: true,
  })
  const choiceOf = ({ id, slackId }: Person): string | undefined =>
    isAll ? id : (slackId ?? undefined)
  const valuesOf = (is: (person: Agreement['people'][number]) => boolean): string[] =>
    agreement.people.filter(is).flatMap(({ email }) => {
      const found = people.find((person) => person.email?.toLowerCase() === email)
      return (found && choiceOf(found)) ?? []
    })
  const choices = choicesOf(people)
  const one = (block: SetUpField, side: Side): InputBlock => {
    const [chosen] = valuesOf((person) => person.head_of === side)
    return isAll
      ? choiceField({ ...field(block), choices, chosen })
      : personField({ ...field(block), chosen })
  }
  const several = (block: SetUpField, role: 'marketing' | 'rep'): InputBlock => {
    const chosen = valuesOf((person) => person.role === role && person.head_of === undefined)
    return isAll
      ? choicesField({ ...field(block), choices, chosen })
      : peopleField({ ...field(block), chosen })
  }
  return [
    one('head_sales', 'sales'),
    several('reps', 'rep'),
    one('head_marketing', 'marketing'),
    several('marketing', 'marketing'),
  ]
}

/** People by name, with their address where Slack shows it: two may share a name. */
const choicesOf = (people: readonly Person[]): Choice[] =>
  people.map(({ id: value, name, email }) => ({
    value,
    label: email === null ? oneLine(name) : `${oneLine(name)} (${email})`,
  }))

function zoneInput({ agreement, zone }: SetUpFormParts, locale: Locale): InputBlock {
  const { labels, choose } = firstRunWords[locale].form
  const { timezone } = agreement.calendar
  return choiceField({
    block: 'zone',
    label: labels.zone,
    choices: zonesFor(agreement, zone).map((value) => ({ value, label: value })),
    // while nothing was agreed, the zone of whoever sets it up is the likeliest
    chosen: namesNobodyYet(agreement) && zone !== null ? zone : timezone,
    choose,
  })
}
