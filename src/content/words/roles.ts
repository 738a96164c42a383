import type { Locale, Role } from '../../domain/agreement.ts'
import type { RoleRefusal, RoleSource } from '../../domain/roles.ts'
import { plural } from './format.ts'
import { refusalWords } from './refusals.ts'

/** The fields of the form, by block. */
export type RoleField = 'person' | 'role'

interface Words {
  /** Slack cuts titles and the buttons of a form at 24 characters. */
  title: string
  submit: string
  labels: Record<RoleField, string>
  /** Under the field of the person. */
  namedElsewhere: string
  /** Said under a field that does not hold what is expected. */
  faults: Record<RoleField, string>
  roles: Record<Role, string>
  /** Taking away what was given in the form. */
  none: string
  sources: Record<RoleSource, string>
  nobody: string
  others(count: number): string
  /** To those who may not change anything. */
  whoMay: string
  /** The agreement names everyone who is there. */
  nobodyElse: string
}

/** What is said of roles. */
export const roleWords: Record<Locale, Words> = {
  en: {
    title: 'Roles',
    submit: 'Give role',
    labels: { person: 'Person', role: 'Role' },
    namedElsewhere: 'The roles of those whom the agreement names are changed in the agreement.',
    faults: { person: 'Choose a person.', role: 'Choose a role.' },
    roles: {
      rep: 'Rep',
      marketing: 'Marketing',
      sales_manager: 'Sales manager',
      marketing_manager: 'Marketing manager',
      admin: 'Admin',
    },
    none: 'None: take the role away',
    sources: { agreement: 'agreement', form: 'by hand', group: 'user group' },
    nobody:
      'Nobody has a role yet. As long as the agreement names nobody, everyone of the workspace counts as a rep.',
    others: (count) => plural(count, 'en', { one: 'other', other: 'others' }),
    whoMay:
      'Admins, and whoever administers this Slack workspace, can change any role; a sales manager those of sales, a marketing manager those of marketing.',
    nobodyElse:
      'The agreement names the role of everyone in the workspace: propose a change of the agreement.',
  },
  it: {
    title: 'Ruoli',
    submit: 'Assegna ruolo',
    labels: { person: 'Persona', role: 'Ruolo' },
    namedElsewhere:
      'I ruoli delle persone indicate nell’accordo si cambiano modificando l’accordo.',
    faults: { person: 'Scegli una persona.', role: 'Scegli un ruolo.' },
    roles: {
      rep: 'Venditore',
      marketing: 'Marketing',
      sales_manager: 'Responsabile vendite',
      marketing_manager: 'Responsabile marketing',
      admin: 'Amministratore',
    },
    none: 'Nessuno: togli il ruolo',
    sources: { agreement: 'accordo', form: 'a mano', group: 'gruppo utenti' },
    nobody:
      'Nessuno ha ancora un ruolo. Finché l’accordo non indica nessuno, tutti nello spazio di lavoro valgono come venditori.',
    others: (count) => (count === 1 ? 'un’altra persona' : `altre ${plural(count, 'it', people)}`),
    whoMay:
      'Gli amministratori, e chi amministra questo spazio di lavoro Slack, possono cambiare ogni ruolo; un responsabile vendite quelli delle vendite, un responsabile marketing quelli del marketing.',
    nobodyElse:
      'L’accordo indica il ruolo di tutte le persone dello spazio di lavoro: proponi una modifica dell’accordo.',
  },
}

const people = { one: 'persona', other: 'persone' }

/** Why a role was not given and what to do, as plain text. */
export function roleRefusalWords(refusal: RoleRefusal, locale: Locale): string {
  const italian = locale === 'it'
  switch (refusal.code) {
    case 'external-person':
      return italian
        ? `${refusal.person.name} è un ospite, un bot, un account disattivato o una persona di un’altra organizzazione: può guardare, ma non avere un ruolo.`
        : `${refusal.person.name} is a guest, a bot, a deactivated account or of another organization: they may look, and can’t have a role.`
    case 'role-by-group':
      return italian
        ? `${refusal.person.name} ha il ruolo “${roleWords.it.roles[refusal.role]}” da un gruppo utenti di Slack: fai togliere la persona dal gruppo, o scegli un altro ruolo.`
        : `${refusal.person.name} has the role “${roleWords.en.roles[refusal.role]}” by a user group of Slack: have them taken out of the group, or choose another role.`
    case 'last-admin':
      return italian
        ? 'Nessun altro è amministratore: assegna prima questo ruolo a un’altra persona.'
        : 'Nobody else is an admin: give this role to somebody else first.'
    default:
      return refusalWords(refusal, locale)
  }
}
