import { type Agreement, agreementSchema, type Side, sides } from './agreement.ts'
import { agreementDiff } from './agreement-diff.ts'
import { isWrittenFields, type Written, writtenAgreement } from './agreement-written.ts'
import { type Member, personOf } from './person.ts'
import {
  mayPropose,
  type Proposal,
  type ProposalContext,
  type ProposalRefusal,
  type Proposing,
} from './proposal.ts'

/** The first run: who sets Baton up in a workspace, and what the agreement says afterwards. */

/** Nobody is named yet, so there is nobody whose signature could be asked for. */
export const namesNobodyYet = ({ people }: Agreement): boolean => people.length === 0

/** The form of the first run was sent, or the agreement named its people from the start. */
export const isSetUp = (agreement: Agreement, setUpAt: Date | null): boolean =>
  setUpAt !== null || !namesNobodyYet(agreement)

/** Whoever administers the Slack workspace is asked to set Baton up, and nobody else is bothered. */
export const isAskedToSetUp = (
  agreement: Agreement,
  setUpAt: Date | null,
  { slackAdmin, external }: Pick<Member, 'slackAdmin' | 'external'>,
): boolean => slackAdmin && !external && !isSetUp(agreement, setUpAt)

/**
 * How the form of a member takes effect: at once while nobody is named, which is for admins; later
 * it is a proposal, which both heads sign. Refuses everybody else.
 */
export function wayToSetUp(
  inForce: Agreement,
  member: Member,
): 'at-once' | 'proposal' | 'only-admins' | 'may-not-propose' {
  if (!namesNobodyYet(inForce)) {
    return mayPropose(member, inForce) ? 'proposal' : 'may-not-propose'
  }
  const administers = member.slackAdmin || member.assigned === 'admin'
  return administers && !member.external ? 'at-once' : 'only-admins'
}

/** How Baton stands to a channel of the agreement; `unknown` where Slack can't tell now. */
export type ChannelStanding = 'is-in' | 'joined' | 'invite' | 'not-found' | 'unknown'

/** What was filled in, checked; what is left empty stays as it is. */
export interface SetUpAnswers {
  /** The id of a channel by lead type. */
  channels: ReadonlyMap<string, string>
  managersChannel: string | undefined
  heads: Record<Side, string | undefined>
  marketing: readonly string[]
  reps: readonly string[]
  zone: string | undefined
  /** Spans such as 09:00-13:00, for Monday to Friday. */
  hours: readonly string[] | undefined
}

/** Hours as people write them, such as "09:00-13:00 14:00-18:00"; undefined for what are none. */
export function hoursOf(text: string): string[] | undefined {
  const spans = text
    .replaceAll(/\s*[–—-]\s*/g, '-')
    .split(/[\s,;]+/)
    .filter((span) => span !== '')
    .map((span) => span.split('-').map(timeOf).join('-'))
  return spans.length > 0 && spans.every((span) => /^\d\d:\d\d-\d\d:\d\d$/.test(span))
    ? spans
    : undefined
}

const timeOf = (time: string): string => {
  const [, hour, minute = '00'] = /^(\d{1,2})(?:[:.](\d\d))?$/.exec(time) ?? []
  return hour === undefined ? time : `${hour.padStart(2, '0')}:${minute}`
}

/** The hours of the agreement, where they are those of all working days and there are no others. */
export function usualHours({ calendar }: Agreement): string | undefined {
  const [first = '', ...others] = calendar.spans.map((day) =>
    day.map(({ fromMinute, toMinute }) => `${time(fromMinute)}-${time(toMinute)}`).join(' '),
  )
  const usual = others.every((day, index) => day === (index < 4 ? first : ''))
  return usual && first !== '' ? first : undefined
}

const time = (minute: number): string =>
  [Math.floor(minute / 60), minute % 60].map((part) => String(part).padStart(2, '0')).join(':')

/** What can't be meant, by the field that says it. */
export type SetUpFault =
  | { field: 'head_marketing'; code: 'same-head' }
  | { field: 'reps'; code: 'both-sides'; email: string }
  | { field: 'hours'; code: 'hours' }

/** The agreement as filled in. `shown` are the addresses that the form could have shown. */
export function agreementAfter(
  agreement: Agreement,
  answers: SetUpAnswers,
  shown: ReadonlySet<string>,
): { ok: true; agreement: Agreement } | { ok: false; fault: SetUpFault } {
  const { heads, marketing, reps, channels, zone, hours, managersChannel } = answers
  if (heads.sales !== undefined && heads.sales === heads.marketing) {
    return { ok: false, fault: { field: 'head_marketing', code: 'same-head' } }
  }
  const ofSales = [heads.sales, ...reps]
  const email = [heads.marketing, ...marketing].find(
    (one) => one !== undefined && ofSales.includes(one),
  )
  if (email !== undefined) return { ok: false, fault: { field: 'reps', code: 'both-sides', email } }
  const written = {
    ...writtenAgreement({
      ...agreement,
      managers_channel: managersChannel ?? agreement.managers_channel,
      lead_types: agreement.lead_types.map((type) => ({
        ...type,
        channel: channels.get(type.id) ?? type.channel,
      })),
      people: peopleAfter(agreement, answers, shown),
    }),
    calendar: writtenCalendarAfter(agreement, zone, hours),
  }
  const checked = agreementSchema.safeParse(written)
  if (checked.success) return { ok: true, agreement: checked.data }
  const [issue] = checked.error.issues
  // whatever else it holds was read before
  if (issue?.path[0] !== 'calendar') throw new Error(`${issue?.path.join('.')}: ${issue?.message}`)
  return { ok: false, fault: { field: 'hours', code: 'hours' } }
}

function writtenCalendarAfter(
  agreement: Agreement,
  zone: string | undefined,
  hours: readonly string[] | undefined,
): Written {
  const { calendar } = writtenAgreement(agreement)
  return {
    ...(calendar !== undefined && isWrittenFields(calendar) ? calendar : {}),
    ...(zone === undefined ? {} : { timezone: zone }),
    ...(hours === undefined ? {} : { hours: { 'mon-fri': [...hours] } }),
  }
}

/** The sections that the form is about. */
const sections = ['calendar', 'managers_channel', 'lead_types', 'people'] as const

/** Those sections, as a file of the agreement would write them. */
export function setUpSections(agreement: Agreement): Record<string, Written> {
  const written = writtenAgreement(agreement)
  return Object.fromEntries(
    sections.flatMap((name) => {
      const section = written[name]
      return section === undefined ? [] : [[name, section] as const]
    }),
  )
}

type AgreedPerson = Agreement['people'][number]

/**
 * The people of the agreement: those who were chosen, with what was agreed about them besides; and
 * whom the form could not show, or is not about. A head whom another follows stays a manager.
 */
function peopleAfter(
  { people }: Agreement,
  { heads, marketing, reps }: SetUpAnswers,
  shown: ReadonlySet<string>,
): AgreedPerson[] {
  const chosen = new Map<string, Pick<AgreedPerson, 'role' | 'head_of'>>([
    ...marketing.map((email) => [email, { role: 'marketing' }] as const),
    ...reps.map((email) => [email, { role: 'rep' }] as const),
    ...sides.flatMap((side) => {
      const email = heads[side]
      const role = side === 'sales' ? 'sales_manager' : 'marketing_manager'
      return email === undefined ? [] : [[email, { role, head_of: side }] as const]
    }),
  ])
  const before = people.flatMap((person): AgreedPerson[] => {
    const { head_of: headOf, ...known } = person
    const now = chosen.get(person.email)
    if (now !== undefined) {
      const stays = now.head_of === undefined && headOf !== undefined && heads[headOf] === undefined
      return [stays ? person : { ...known, ...now }]
    }
    // an empty list says nothing: not every client of Slack draws it
    const others = person.role === 'rep' ? reps : person.role === 'marketing' ? marketing : []
    if (others.length > 0 && shown.has(person.email) && headOf === undefined) return []
    return [headOf !== undefined && heads[headOf] !== undefined ? known : person]
  })
  const added = [...chosen]
    .filter(([email]) => !people.some((person) => person.email === email))
    .map(([email, now]) => ({ email, ...now }))
  return [...before, ...added]
}

const stale = (base: number, newest: number): { ok: false; refusal: ProposalRefusal } => ({
  ok: false,
  refusal: { code: 'stale', base, newest },
})

/**
 * What the first run says, written down as a proposal that nobody has to sign. Refuses where
 * somebody was named meanwhile, and what changes nothing.
 */
export function beginSetUp(
  { id, workspaceId, agreement, base, by }: Proposing & { by: Member },
  { inForce, newest, now }: ProposalContext,
): { ok: true; proposal: Proposal } | { ok: false; refusal: ProposalRefusal } {
  if (wayToSetUp(inForce, by) !== 'at-once' || base.version < newest.version) {
    return stale(base.version, newest.version)
  }
  if (agreementDiff(base.agreement, agreement).length === 0) {
    return { ok: false, refusal: { code: 'no-changes' } }
  }
  const nothing = { version: null, inForceFrom: null, withdrawnBy: null, withdrawnAt: null }
  return {
    ok: true,
    proposal: {
      ...{ id, workspaceId, baseVersion: base.version, state: 'open', ...nothing },
      ...{ proposedBy: personOf(by), proposedAt: now, signatures: [], agreement },
    },
  }
}

/** It takes effect at once. Refuses where another version was agreed on meanwhile. */
export function completeSetUp(
  proposal: Proposal,
  { newest, now }: ProposalContext,
): { ok: true; proposal: Proposal } | { ok: false; refusal: ProposalRefusal } {
  if (proposal.state !== 'open' || proposal.baseVersion < newest.version) {
    return stale(proposal.baseVersion, newest.version)
  }
  const from = Math.max(now.getTime(), newest.inForceFrom.getTime())
  return {
    ok: true,
    proposal: {
      ...proposal,
      state: 'signed',
      version: newest.version + 1,
      inForceFrom: new Date(from),
    },
  }
}

/** Zones that are offered, besides the one that counts now and the reader's own. */
export const commonZones: readonly string[] = [
  'Europe/London',
  'Europe/Dublin',
  'Europe/Lisbon',
  'Europe/Madrid',
  'Europe/Paris',
  'Europe/Brussels',
  'Europe/Amsterdam',
  'Europe/Berlin',
  'Europe/Zurich',
  'Europe/Vienna',
  'Europe/Rome',
  'Europe/Prague',
  'Europe/Warsaw',
  'Europe/Budapest',
  'Europe/Copenhagen',
  'Europe/Oslo',
  'Europe/Stockholm',
  'Europe/Helsinki',
  'Europe/Athens',
  'Europe/Bucharest',
  'Europe/Sofia',
  'Europe/Kyiv',
  'Europe/Istanbul',
  'Africa/Casablanca',
  'Africa/Lagos',
  'Africa/Cairo',
  'Africa/Johannesburg',
  'Africa/Nairobi',
  'Asia/Jerusalem',
  'Asia/Riyadh',
  'Asia/Dubai',
  'Asia/Karachi',
  'Asia/Kolkata',
  'Asia/Dhaka',
  'Asia/Bangkok',
  'Asia/Jakarta',
  'Asia/Singapore',
  'Asia/Kuala_Lumpur',
  'Asia/Manila',
  'Asia/Hong_Kong',
  'Asia/Shanghai',
  'Asia/Taipei',
  'Asia/Seoul',
  'Asia/Tokyo',
  'Australia/Perth',
  'Australia/Adelaide',
  'Australia/Brisbane',
  'Australia/Sydney',
  'Pacific/Auckland',
  'America/Sao_Paulo',
  'America/Argentina/Buenos_Aires',
  'America/Santiago',
  'America/Bogota',
  'America/Mexico_City',
  'America/New_York',
  'America/Toronto',
  'America/Chicago',
  'America/Denver',
  'America/Phoenix',
  'America/Los_Angeles',
  'America/Vancouver',
  'America/Anchorage',
  'Pacific/Honolulu',
  'UTC',
]

/** The zones to choose from: the one that counts now, the reader's own, and the usual ones. */
export const zonesFor = ({ calendar }: Agreement, own: string | null): string[] => [
  ...new Set([calendar.timezone, ...(own === null ? [] : [own]), ...commonZones]),
]
