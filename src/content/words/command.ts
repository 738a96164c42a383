import type { Locale } from '../../domain/agreement.ts'

/** What `/handoff` can be asked for; without any of them it opens the form. */
export const handoffVerbs = [
  'find',
  'returns',
  'outcome',
  'attempt',
  'roles',
  'setup',
  'test',
  'help',
] as const
export type HandoffVerb = (typeof handoffVerbs)[number]

/** The word that each language has for it; either is understood. */
export const verbNames: Record<Locale, Record<HandoffVerb, string>> = {
  en: {
    find: 'find',
    returns: 'returns',
    outcome: 'outcome',
    attempt: 'attempt',
    roles: 'roles',
    setup: 'setup',
    test: 'test',
    help: 'help',
  },
  it: {
    find: 'trova',
    returns: 'restituzioni',
    outcome: 'esito',
    attempt: 'tentativo',
    roles: 'ruoli',
    setup: 'configura',
    test: 'prova',
    help: 'aiuto',
  },
}

/** Texts of people come ready to be shown. */
interface Words {
  /** A sub-command that needs to know which lead is meant. */
  whichLead(verb: HandoffVerb): string
  noAddress(said: string): string
  unknownLead(email: string): string
  neverHandedOver(email: string): string
}

const named = (verb: HandoffVerb, locale: Locale): string =>
  `\`/handoff ${verbNames[locale][verb]}\``

/** What is said in answer to `/handoff`. */
export const commandWords: Record<Locale, Words> = {
  en: {
    whichLead: (verb) =>
      verb === 'find'
        ? `Say whom to look for, such as \`/handoff find maria@example.com\`, or a company.`
        : `Say which lead, such as \`/handoff ${verbNames.en[verb]} maria@example.com\`.`,
    noAddress: (said) =>
      `“${said}” is not an e-mail address: ${named('find', 'en')} looks for a company and shows the addresses.`,
    unknownLead: (email) =>
      `Baton knows no lead with the address ${email}: check it, or look for the company with ${named('find', 'en')}.`,
    neverHandedOver: (email) =>
      `${email} has not been handed over to sales yet: \`/handoff\` opens the form for it.`,
  },
  it: {
    whichLead: (verb) =>
      verb === 'find'
        ? `Indica chi cercare, per esempio \`/handoff trova maria@example.com\`, oppure un’azienda.`
        : `Indica quale lead, per esempio \`/handoff ${verbNames.it[verb]} maria@example.com\`.`,
    noAddress: (said) =>
      `«${said}» non è un indirizzo e-mail: ${named('find', 'it')} cerca un’azienda e mostra gli indirizzi.`,
    unknownLead: (email) =>
      `Baton non conosce nessun lead con l’indirizzo ${email}: controllalo, o cerca l’azienda con ${named('find', 'it')}.`,
    neverHandedOver: (email) =>
      `${email} non è ancora stato passato alle vendite: \`/handoff\` apre il modulo per farlo.`,
  },
}
