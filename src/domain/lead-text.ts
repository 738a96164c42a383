import { emailAddress } from './lead.ts'

/** What a text tells of a lead: what is not told is left out. */
export interface LeadInText {
  email?: string
  name?: string
  company?: string
  title?: string
  phone?: string
  /** The lines that say something else; in whole, since who wrote them chose their words. */
  reason?: string
}

/** More of a message is not read; milliseconds are what it may take. */
const mostRead = 8_000
const mostOfField = 200

/** What lines are headed with, in English and Italian. */
const headings = {
  email: 'e-?mail(?: address)?|mail|indirizzo e-?mail|posta(?: elettronica)?',
  first: 'first name|given name',
  last: 'last name|surname|family name|cognome',
  name: 'name|full name|contact(?: name)?|lead|nome(?: e cognome)?|nominativo|contatto|referente',
  company: 'company(?: name)?|organi[sz]ation|azienda|nome azienda|società|ditta|impresa',
  title: 'title|job title|role|position|job|ruolo|qualifica|posizione|mansione',
  phone: 'phone(?: number)?|telephone|tel\\.?|mobile|cell(?:ulare|\\.)?|telefono',
} as const
type Heading = keyof typeof headings

const headed = Object.entries(headings).map(([heading, words]) => ({
  heading,
  // "*Name:* Maria", "- Nome: Maria", "> name = Maria"
  line: new RegExp(`^[\\s>*_~•·-]{0,8}(?:${words})[*_~ ]{0,4}[:=](.*)$`, 'iu'),
}))

const address = /[a-z0-9][a-z0-9._%+'-]{0,63}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,8}/gi
const particles = "da|de|dei|del|della|den|der|di|el|la|le|lo|van|von|y|d'"
const namePart = "\\p{Lu}[\\p{L}\\p{M}'’.-]{0,40}"
/** "Maria Verdi <" or "“Verdi, Maria” (", right before an address. */
const nameBefore = new RegExp(
  `(?:["“”«]([^"“”«»]{1,100})["“”»]|((?:${namePart} (?:(?:${particles}) )?){0,4}${namePart}))\\s{0,3}[<([]\\s{0,3}$`,
  'u',
)
/** A number that can be nothing else: with the sign of a country, or called a phone. */
const number = '\\(?\\d[\\d ().\\/-]{4,24}\\d'
const phoneNumber = new RegExp(
  `(?:(?<![\\w.@/+-])(?:\\+|00)${number}|(?<=\\b(?:tel|phone|mobile|cell|cellulare|telefono)[.:]?\\s)${number})(?![\\w@])`,
  'iu',
)

/**
 * What can be told of a lead by a message: e-mail address, phone, a name before the address, lines
 * such as "Company: …" in English and Italian, and the rest as the reason. Reads plain text and the
 * markup of Slack. A guess, for a person to look at; it refuses nothing.
 */
export function leadIn(text: string): LeadInText {
  const plain = unmarked(text.slice(0, mostRead).toWellFormed().replaceAll('\u0000', ''))
  const told = new Map<string, string>()
  const rest: string[] = []
  for (const line of plain.split(/\r?\n/)) {
    const found = headingOf(line)
    if (found === undefined) rest.push(line)
    else if (!told.has(found.heading)) told.set(found.heading, found.value)
  }
  const field = (heading: Heading): string | undefined => told.get(heading)
  const people = [field('first') ?? field('name'), field('last')].filter((part) => part)
  const email = firstAddress(field('email') ?? '') ?? firstAddress(plain)
  return present({
    email,
    name: people.length > 0 ? people.join(' ') : email && nameOf(email, plain),
    company: field('company'),
    title: field('title'),
    phone: field('phone') ?? phoneNumber.exec(rest.join('\n'))?.[0].trim(),
    reason: reasonIn(rest, email),
  })
}

function headingOf(line: string): { heading: string; value: string } | undefined {
  for (const { heading, line: pattern } of headed) {
    const value = pattern.exec(line)?.[1]?.replace(/^[\s*_~]+|[\s*_~]+$/g, '')
    if (value) return { heading, value: value.slice(0, mostOfField).trim() }
  }
  return undefined
}

/** The first address that could be one. */
function firstAddress(text: string): string | undefined {
  for (const [found] of text.matchAll(address)) {
    const parsed = emailAddress.safeParse(found)
    if (parsed.success) return parsed.data
  }
  return undefined
}

/** Who is named right before the address; its letters may have been capitals. */
function nameOf(email: string, text: string): string | undefined {
  const at = text.toLowerCase().indexOf(email)
  const found = nameBefore.exec(text.slice(Math.max(0, at - 120), Math.max(0, at)))
  return (found?.[1] ?? found?.[2])?.trim()
}

/** Without the lines that held nothing but who it is. */
function reasonIn(lines: readonly string[], email: string | undefined): string | undefined {
  const only = (line: string): boolean =>
    email !== undefined &&
    line.toLowerCase().includes(email) &&
    (line.trim().toLowerCase() === email || /^[^.,:;!?@]{0,120}[<([]\S+[>)\]]$/u.test(line.trim()))
  const told = lines.filter((line) => !only(line)).map((line) => line.trimEnd())
  const reason = told
    .join('\n')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim()
  return reason === '' ? undefined : reason
}

/** The markup of Slack as a person reads it: addresses, numbers, links; nobody is mentioned. */
function unmarked(text: string): string {
  return text
    .replace(/<([^<>\n]{1,2100})>/g, (whole, inside: string) => {
      const [target = '', label] = inside.split('|', 2)
      if (/^mailto:/i.test(target)) return target.slice('mailto:'.length)
      if (/^tel:/i.test(target)) return label ?? target.slice('tel:'.length)
      if (/^https?:/i.test(target)) return label === undefined ? target : `${label} (${target})`
      if (/^[@#!]/.test(target)) return label ?? ''
      return whole
    })
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
}

/** What is there; an empty field is none. */
const present = (told: Record<keyof LeadInText, string | undefined>): LeadInText =>
  Object.fromEntries(Object.entries(told).filter(([, text]) => text !== undefined && text !== ''))
