import { z } from 'zod'
import { formatList } from '../../../../content/words/format.ts'
import { formWords } from '../../../../content/words/forms.ts'
import { type RoleField, roleRefusalWords, roleWords } from '../../../../content/words/roles.ts'
import { type Agreement, type Locale, type Role, roles } from '../../../../domain/agreement.ts'
import { type Member, namedRoleOf, type Person } from '../../../../domain/person.ts'
import { type Holder, type RoleRefusal, rolesToGive } from '../../../../domain/roles.ts'
import { assignRole, roleHolders } from '../../../../use-cases/assign-role.ts'
import { message, section } from '../../blocks.ts'
import type { Command, Submission } from '../../payloads.ts'
import { asMrkdwn, oneLine } from '../../text.ts'
import {
  type Desk,
  done,
  type FormReply,
  type FormView,
  memberOf,
  memberSoon,
  type Reply,
  tell,
} from '../feature.ts'
import { type Choice, choiceField, fieldFaults, form, personField } from '../fields.ts'

const id = 'handoff.roles'

/** The choice that takes a role away. */
const none = 'none'

/** Slack's limit for the options of a list. */
const mostListed = 100

/** So many of a role are named in the list. */
const mostNamed = 20

/**
 * `/handoff roles`: who has which role and what gives it, with the form above which it stands for
 * those who may change one. Who can't be known in time gets the form, and the answer at its end.
 */
export async function openRoles({ asker }: Command, desk: Desk): Promise<Reply> {
  const { world, workspaceId } = desk
  const [{ agreement, holders }, member, staff] = await Promise.all([
    roleHolders(world, workspaceId),
    memberSoon(asker, desk),
    world.members.staff(workspaceId, mostListed + 1),
  ])
  const locale = member?.locale ?? agreement.language
  const words = roleWords[locale]
  const list = listOf(holders, locale)
  const may = member === undefined ? roles : rolesToGive(agreement, member)
  if (may.length === 0) return told([...list, words.whoMay])
  const people = staff.length > mostListed ? 'anybody' : choosable(staff, agreement)
  if (people.length === 0) return told([...list, words.nobodyElse])
  return { kind: 'open', view: buildRolesForm({ holders, may, people }, locale) }
}

const told = (lines: readonly string[]): Reply =>
  tell(message(lines.join('\n'), lines.map(section)))

const choosable = (staff: readonly Person[], agreement: Agreement): Person[] =>
  staff.filter(({ email }) => namedRoleOf(agreement, email) === undefined)

/** The roles as they are, and below them the form that gives one. */
export function buildRolesForm(
  {
    holders,
    may,
    people,
  }: {
    holders: readonly Holder[]
    /** The roles that may be given. */
    may: readonly Role[]
    /** To choose from; anybody where they are too many for a list. */
    people: readonly Person[] | 'anybody'
  },
  locale: Locale,
): FormView {
  const { cancel, choose } = formWords[locale]
  const words = roleWords[locale]
  const person = { block: 'person', label: words.labels.person, hint: words.namedElsewhere, choose }
  return form({
    id,
    title: words.title,
    submit: words.submit,
    cancel,
    blocks: [
      ...listOf(holders, locale).map(section),
      people === 'anybody'
        ? personField(person)
        : choiceField({ ...person, choices: choicesOf(people) }),
      choiceField({
        block: 'role',
        label: words.labels.role,
        choices: [
          ...may.map((value) => ({ value, label: words.roles[value] })),
          { value: none, label: words.none },
        ],
        choose,
      }),
    ],
  })
}

/** People by name; those who share one are told apart by their address. */
function choicesOf(people: readonly Person[]): Choice[] {
  const names = people.map(({ name }) => oneLine(name))
  return people.map(({ id: value, email }, index) => {
    const name = names[index] ?? ''
    const shared = names.filter((one) => one === name).length > 1
    return { value, label: shared && email !== null ? `${name} (${email})` : name }
  })
}

/** A line for each role that somebody has, ready to be shown. */
function listOf(holders: readonly Holder[], locale: Locale): string[] {
  const words = roleWords[locale]
  const lines = [...roles].reverse().flatMap((role) => {
    const own = holders.filter((holder) => holder.role === role)
    return own.length === 0 ? [] : [`*${words.roles[role]}*: ${namesOf(own, locale)}`]
  })
  return lines.length === 0 ? [words.nobody] : lines
}

function namesOf(holders: readonly Holder[], locale: Locale): string {
  const { sources, others } = roleWords[locale]
  const named = holders
    .slice(0, mostNamed)
    .map(({ person, source }) => `${asMrkdwn(person.name, 80)} (${sources[source]})`)
  const more = holders.length - named.length
  return formatList(more === 0 ? named : [...named, others(more)], locale)
}

const answersSchema = z.object({
  person: z.string().regex(/^[\w-]{1,100}$/),
  role: z.union([z.enum(roles), z.literal(none).transform(() => null)]),
})

/** The form was sent: the person has the role from now on. Nobody is told, the next look shows it. */
export async function submitRole(submission: Submission, desk: Desk): Promise<FormReply> {
  const by = await memberOf(submission.asker, desk)
  const { locale } = by
  const { faults } = roleWords[locale]
  const answers = answersSchema.safeParse(Object.fromEntries(submission.form.fields))
  if (!answers.success) return fieldFaults(answers.error, faults)
  const { person, role } = answers.data
  const { world, workspaceId } = desk
  const chosen = await chosenPerson(person, desk)
  if (chosen === undefined) return { kind: 'errors', errors: { person: faults.person } }
  const result = await assignRole(world, { workspaceId, personId: chosen.id, role, by })
  if (result.kind === 'done') return done
  if (result.kind === 'unknown-person') return { kind: 'errors', errors: { person: faults.person } }
  const sentence = roleRefusalWords(result.refusal, locale)
  return { kind: 'errors', errors: { [fieldOf(result.refusal)]: sentence } }
}

/** The list names people by Baton's id, Slack's picker by Slack's. */
const chosenPerson = (chosen: string, { world, workspaceId }: Desk): Promise<Member | undefined> =>
  /^[UW][A-Z0-9]+$/.test(chosen)
    ? world.members.bySlackId(workspaceId, chosen)
    : world.members.byId(workspaceId, chosen)

const fieldOf = ({ code }: RoleRefusal): RoleField =>
  code === 'role-required' || code === 'last-admin' ? 'role' : 'person'
