import { createHash } from 'node:crypto'
import { z } from 'zod'
import { proposalRefusalWords } from '../../../../content/words/agreement.ts'
import { firstRunWords, type SetUpField } from '../../../../content/words/first-run.ts'
import { formWords } from '../../../../content/words/forms.ts'
import type { Agreement, Locale } from '../../../../domain/agreement.ts'
import type { Member } from '../../../../domain/person.ts'
import {
  hoursOf,
  type SetUpAnswers,
  type SetUpFault,
  wayToSetUp,
  zonesFor,
} from '../../../../domain/set-up.ts'
import { channelsOf, type SetUpResult, setUp } from '../../../../use-cases/set-up.ts'
import { message } from '../../blocks.ts'
import { type Asker, type Fields, requestOf, type Submission } from '../../payloads.ts'
import {
  type Desk,
  type Feature,
  type FormReply,
  memberOf,
  memberSoon,
  type Reply,
  soon,
  tell,
} from '../feature.ts'
import { rememberedBy, sentenceView } from '../fields.ts'
import { buildSetUpForm, channelBlock, formId, rememberedSchema } from './form.ts'
import { isChannelId } from './message.ts'

/** Slack's limit for the options of a list. */
const mostListed = 100

/**
 * Opens the form of the set-up, for those who may send it. Who can't be known in time gets the form,
 * and the answer at its end.
 */
export async function openSetUp(asker: Asker, desk: Desk): Promise<Reply> {
  const { world, workspaceId } = desk
  const [newest, { agreement }, member, staff] = await Promise.all([
    world.proposals.newest(workspaceId),
    world.agreements.inForce(workspaceId),
    memberSoon(asker, desk),
    world.members.staff(workspaceId, mostListed + 1),
  ])
  const locale = member?.locale ?? agreement.language
  const refused = member && whyNot(agreement, member)
  if (refused !== undefined) return tell(message(refused))
  const isAll = staff.length <= mostListed
  const people = isAll ? staff : await namedIn(newest.agreement, desk)
  const parts = { ...newest, people, isAll: isAll && staff.length > 0, zone: member?.zone ?? null }
  return { kind: 'open', view: buildSetUpForm(parts, locale) }
}

function whyNot(agreement: Agreement, member: Member): string | undefined {
  const way = wayToSetUp(agreement, member)
  if (way === 'only-admins') return firstRunWords[member.locale].onlyAdmins
  return way === 'may-not-propose' ? proposalRefusalWords({ code: way }, member.locale) : undefined
}

/** Those whom the agreement names, as far as Baton has seen them. */
async function namedIn({ people }: Agreement, { world, workspaceId }: Desk) {
  const emails = people.map(({ email }) => email)
  const records = await world.members.roleRecords(workspaceId, emails)
  return records.map(({ member }) => member)
}

/** The form was sent: it counts at once, or is proposed. */
async function submit(submission: Submission, desk: Desk): Promise<FormReply> {
  const { world, workspaceId } = desk
  const by = await memberOf(submission.asker, desk)
  const { locale } = by
  const { agreement } = await world.proposals.newest(workspaceId)
  const read = await readAnswers(submission.form.fields, { agreement, by }, desk)
  if ('errors' in read) return { kind: 'errors', errors: read.errors }
  const result = await setUp(world, {
    workspaceId,
    answers: read.answers,
    base: rememberedBy(submission.form, rememberedSchema)?.version,
    by,
    id: idOf(submission),
  })
  if (result.kind === 'in-force') await reportTo(by, result.agreement, desk)
  return replyOf(result, locale)
}

function replyOf(result: SetUpResult, locale: Locale): FormReply {
  const words = firstRunWords[locale]
  const { notDone } = formWords[locale]
  switch (result.kind) {
    case 'in-force':
      return sentence(words.done, locale)
    case 'proposed':
      return sentence(words.proposed, locale)
    case 'only-admins':
      return sentence({ title: notDone, text: words.onlyAdmins }, locale)
    case 'fault':
      return {
        kind: 'errors',
        errors: { [result.fault.field]: faultWords(result.fault, locale) },
      }
    case 'refused':
      return sentence(
        { title: notDone, text: proposalRefusalWords(result.refusal, locale) },
        locale,
      )
  }
}

const sentence = (said: { title: string; text: string }, locale: Locale): FormReply => ({
  kind: 'update',
  view: sentenceView({ ...said, close: formWords[locale].close }),
})

function faultWords(fault: SetUpFault, locale: Locale): string {
  const { faults } = firstRunWords[locale]
  return fault.code === 'both-sides' ? faults.bothSides(fault.email) : faults[fault.code]
}

/** What is left to do comes in their conversation; Slack does not wait for all of it. */
async function reportTo(
  { slackId, locale }: Member,
  agreement: Agreement,
  { world: { setUpMessenger: messenger }, log }: Desk,
): Promise<void> {
  if (slackId === null) return
  const reported = messenger
    .check(channelsOf(agreement))
    .then((checks) => messenger.report(slackId, checks, locale))
    .catch((error: unknown) => log.warn({ err: error }, 'the set-up could not be reported'))
  await soon(reported)
}

/** The same form that comes twice is one change. */
function idOf(submission: Submission): string {
  const { key, fingerprint } = requestOf(submission)
  const hash = createHash('sha256').update(`${key} ${fingerprint}`).digest('hex')
  return `prop_${hash.slice(0, 32)}`
}

const personIds = z
  .string()
  .transform((text) => text.split(',').filter((id) => id !== ''))
  .pipe(z.array(z.string().regex(/^[\w-]{1,100}$/)).max(1_000))

type Errors = Record<string, string>

/** What was filled in, checked; or a sentence under each field that does not hold what is expected. */
async function readAnswers(
  fields: Fields,
  { agreement, by }: { agreement: Agreement; by: Member },
  desk: Desk,
): Promise<{ answers: SetUpAnswers } | { errors: Errors }> {
  const { faults } = firstRunWords[by.locale]
  const errors: Errors = {}

  const channel = (block: string): string | undefined => {
    const id = fields.get(block)
    if (id !== undefined && !isChannelId(id)) errors[block] = faults.channel
    return id
  }
  const people = async (block: SetUpField): Promise<string[]> => {
    const ids = personIds.safeParse(fields.get(block) ?? '')
    if (!ids.success) errors[block] = faults.person
    const found = await Promise.all((ids.data ?? []).map((id) => chosenPerson(id, desk)))
    return found.flatMap((person) => {
      const email = person?.email?.toLowerCase()
      if (person === undefined) errors[block] = faults.person
      else if (person.external) errors[block] = faults.external(person.name)
      else if (email === undefined) errors[block] = faults.noAddress(person.name)
      return email ?? []
    })
  }

  const zone = fields.get('zone')
  if (zone !== undefined && !zonesFor(agreement, by.zone).includes(zone)) errors.zone = faults.zone
  const said = fields.get('hours')
  const hours = said === undefined ? undefined : hoursOf(said)
  if (said !== undefined && hours === undefined) errors.hours = faults.hours
  const [[sales], [marketingHead], marketing, reps] = await Promise.all([
    people('head_sales'),
    people('head_marketing'),
    people('marketing'),
    people('reps'),
  ])
  const channels = new Map(
    agreement.lead_types.flatMap(({ id }) => {
      const chosen = channel(channelBlock(id))
      return chosen === undefined ? [] : [[id, chosen] as const]
    }),
  )
  const managersChannel = channel('managers_channel')
  if (Object.keys(errors).length > 0) return { errors }
  const heads = { sales, marketing: marketingHead }
  return { answers: { channels, managersChannel, heads, marketing, reps, zone, hours } }
}

/** The list names people by Baton's id, Slack's picker by Slack's. */
const chosenPerson = (chosen: string, { world, workspaceId }: Desk): Promise<Member | undefined> =>
  /^[UW][A-Z0-9]+$/.test(chosen)
    ? world.members.bySlackId(workspaceId, chosen)
    : world.members.byId(workspaceId, chosen)

/** The first run: the form that sets Baton up. */
export const firstRun: Feature = {
  actions: { 'setup.open': ({ asker }, desk) => openSetUp(asker, desk) },
  views: { [formId]: submit },
}
