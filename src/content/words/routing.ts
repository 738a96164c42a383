import type { Locale } from '../../domain/agreement.ts'
import type { OwnerReason, PassedOver, RouteReason, TypeReason } from '../../domain/routing.ts'
import { formatDay, plural } from './format.ts'

/** How an `outside-hours` is told: `when` is a moment in words. */
type PassedWords =
  | Exclude<PassedOver, { why: 'outside-hours' }>
  | { why: 'outside-hours'; when: string }

interface Words {
  title: string
  /** `name` is the agreement's own word for the type. */
  type(name: string, why: TypeReason): string
  channel(channel: string): string
  owner(name: string, why: OwnerReason): string
  /** It is offered to everyone. */
  everyone(why: OwnerReason): string
  passedOver: string
  passed(name: string, why: PassedWords): string
  /** What `/sla route` needs to be told. */
  whichLead: string
  unknownType(type: string, known: string): string
  back: string
  backFor(name: string): string
  wasThere: string
  wasThereFor(name: string): string
  managerRequired: string
  unknownPerson(said: string): string
}

/** Texts out of leads and of people come escaped; what is here is mrkdwn. */
export const routingWords: Record<Locale, Words> = {
  en: {
    title: 'Who would get this?',
    type: (name, why) => `*Lead type*: ${name}, ${typeReason.en[why]}`,
    channel: (channel) => `*Channel*: ${channel}`,
    owner: (name, why) => `*Owner*: ${name}, ${ownerReason.en(why)}`,
    everyone: (why) => `*Owner*: ${firstToAccept.en}, ${ownerReason.en(why)}`,
    passedOver: 'Passed over',
    passed(name, passed) {
      switch (passed.why) {
        case 'away':
          return `${name}: did not respond to a lead and is off duty until \`/sla back\``
        case 'off':
          return `${name}: off until ${formatDay(passed.until, 'en')}`
        case 'full':
          return `${name}: has ${plural(passed.cap, 'en', { one: 'open lead', other: 'open leads' })}, the most that is agreed`
        case 'outside-hours':
          return `${name}: outside working time, which begins ${passed.when}`
        case 'cannot-sell':
          return `${name}: not in sales, or not in the workspace any more`
      }
    },
    whichLead:
      'Which lead? Name it by its e-mail address, such as `/sla route maria@example.com`, or name a lead type.',
    unknownType: (type, known) =>
      `“${type}” is neither an e-mail address nor a lead type: use one of ${known}.`,
    back: 'Welcome back: you get leads again.',
    backFor: (name) => `${name} gets leads again.`,
    wasThere: 'You get leads as it is: nobody took you off duty.',
    wasThereFor: (name) => `${name} gets leads as it is: nobody took them off duty.`,
    managerRequired:
      'Only a manager of sales can do this for somebody else: ask yours, or have them write `/sla back` themselves.',
    unknownPerson: (said) =>
      `“${said}” is not an e-mail address: name the person by theirs, such as \`/sla back anna@example.com\`.`,
  },
  it: {
    title: 'A chi andrebbe?',
    type: (name, why) => `*Tipo di lead*: ${name}, ${typeReason.it[why]}`,
    channel: (channel) => `*Canale*: ${channel}`,
    owner: (name, why) => `*Responsabile*: ${name}, ${ownerReason.it(why)}`,
    everyone: (why) => `*Responsabile*: ${firstToAccept.it}, ${ownerReason.it(why)}`,
    passedOver: 'Saltati',
    passed(name, passed) {
      switch (passed.why) {
        case 'away':
          return `${name}: non ha risposto a un lead ed è fuori turno fino a \`/sla back\``
        case 'off':
          return `${name}: assenza fino al ${formatDay(passed.until, 'it')}`
        case 'full':
          return `${name}: ha ${plural(passed.cap, 'it', { one: 'lead aperto', other: 'lead aperti' })}, il massimo concordato`
        case 'outside-hours':
          return `${name}: fuori dall’orario di lavoro, che ricomincia: ${passed.when}`
        case 'cannot-sell':
          return `${name}: non è nelle vendite, o non è più nello spazio di lavoro`
      }
    },
    whichLead:
      'Quale lead? Indica il suo indirizzo e-mail, per esempio `/sla route maria@example.com`, o un tipo di lead.',
    unknownType: (type, known) =>
      `«${type}» non è né un indirizzo e-mail né un tipo di lead: scegli tra ${known}.`,
    back: 'Bentornato: ricevi di nuovo i lead.',
    backFor: (name) => `${name} riceve di nuovo i lead.`,
    wasThere: 'Ricevi già i lead: nessuno ti ha messo fuori turno.',
    wasThereFor: (name) => `${name} riceve già i lead: nessuno l’ha messo fuori turno.`,
    managerRequired:
      'Per altri può farlo solo un responsabile delle vendite: chiedi al tuo, o fai scrivere `/sla back` alla persona stessa.',
    unknownPerson: (said) =>
      `«${said}» non è un indirizzo e-mail: indica quello della persona, per esempio \`/sla back anna@example.com\`.`,
  },
}

export const firstToAccept: Record<Locale, string> = {
  en: 'the first to accept',
  it: 'chi accetta per primo',
}

export const typeReason: Record<Locale, Record<TypeReason, string>> = {
  en: {
    'type-sent': 'as you named it',
    'type-known': 'as it was sent with the lead',
    'type-by-conditions': 'since what the agreement asks of this type holds for the lead',
    'type-by-default': 'since no other type fits',
  },
  it: {
    'type-sent': 'come hai indicato',
    'type-known': 'come è stato inviato con il lead',
    'type-by-conditions': 'perché il lead soddisfa ciò che l’accordo chiede per questo tipo',
    'type-by-default': 'perché nessun altro tipo corrisponde',
  },
}

export const ownerReason: Record<Locale, (why: OwnerReason) => string> = {
  en: (why) =>
    why.code === 'same-company'
      ? `who had the last lead of ${why.domain}`
      : {
          'asked-for': 'as asked for',
          fixed: 'who owns all leads of this type',
          turn: 'whose turn it is',
          open: 'as agreed for this type',
          'nobody-there': 'since nobody who could get it is there',
        }[why.code],
  it: (why) =>
    why.code === 'same-company'
      ? `che ha avuto l’ultimo lead di ${why.domain}`
      : {
          'asked-for': 'come richiesto',
          fixed: 'a cui vanno tutti i lead di questo tipo',
          turn: 'a cui tocca ora',
          open: 'come concordato per questo tipo',
          'nobody-there': 'perché non c’è nessuno a cui darlo',
        }[why.code],
}

/**
 * A reason as plain text: "New prospect, since no other type fits", "Anna Rossi, whose turn it is".
 * `owner` is null where the first to accept owns the lead.
 */
export function routeReasonWords(
  reason: RouteReason,
  { type, owner }: { type: string; owner: string | null },
  locale: Locale,
): string {
  return isOfType(reason)
    ? `${type}, ${typeReason[locale][reason.code]}`
    : `${owner ?? firstToAccept[locale]}, ${ownerReason[locale](reason)}`
}

const isOfType = (reason: RouteReason): reason is { code: TypeReason } =>
  Object.hasOwn(typeReason.en, reason.code)
