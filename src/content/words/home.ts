import type { Locale, Role } from '../../domain/agreement.ts'
import type { HomeList } from '../../domain/home.ts'
import { formatList, formatNumber, plural } from './format.ts'
import { roleWords } from './roles.ts'

/** The words of the home of Baton. Arguments are ready to be shown. */
interface Words {
  /** Whoever has no role yet, or is of outside. */
  welcome: { title: string; text: string; hint: string }
  lists: Record<HomeList, string>
  /** A list with how many are in it; `more` where there are so many that not all were counted. */
  heading(name: string, count: number, more: boolean): string
  /** Said where the lists that somebody works on are empty. */
  empty: Record<'rep' | 'marketing' | 'manager', { text: string; hint: string }>
  figures: {
    title: string
    counts(counts: {
      handedOver: number
      accepted: number
      returned: number
      missed: number
    }): string
  }
  signatures: { title: string }
  settings: {
    title: string
    channels: string
    isIn(channel: string): string
    isNotIn(channel: string): string
    roles: string
    holders(count: number, role: Role): string
    calendar: string
    agreement: string
    connections: string
    crms(names: readonly string[]): string
    noCrm: string
    waiting(count: number): string
    refused(count: number): string
    webhooks(count: number, disabled: number): string
    hints: string
  }
  page(page: number, of: number): string
  previous: string
  next: string
  /** The title of a small window that answers a click. */
  answer: string
}

export const homeWords: Record<Locale, Words> = {
  en: {
    welcome: {
      title: 'Baton passes the baton from marketing to sales',
      text: 'Marketing hands a lead over, sales accepts or returns it with one click, and every attempt counts against the agreement of both teams.',
      hint: 'You have no role in it yet: an admin gives roles with `/handoff roles`. `/glossary` tells what each word means, and `/sla` what was agreed.',
    },
    lists: {
      rulings: 'Contested returns to rule on',
      offered: 'To accept or return',
      working: 'Your leads',
      toAnswer: 'Returns to answer',
      ready: 'Ready again',
      late: 'Late with the team',
    },
    heading: (name, count, more) => `${name} (${more ? 'over ' : ''}${formatNumber(count, 'en')})`,
    empty: {
      rep: {
        text: 'Nothing is due.',
        hint: 'What is handed over to you, or to everyone in your channels, appears here. `/handoff find` finds a lead.',
      },
      marketing: {
        text: 'No return waits for an answer.',
        hint: '`/handoff` hands a lead over to sales.',
      },
      manager: {
        text: 'Nothing is late, and nothing waits for a ruling.',
        hint: '`/sla` shows the agreement, `/sla propose` proposes a change.',
      },
    },
    figures: {
      title: 'The last seven days',
      counts: ({ handedOver, accepted, returned, missed }) =>
        `${plural(handedOver, 'en', { one: 'lead', other: 'leads' })} handed over, ${formatNumber(accepted, 'en')} accepted, ${formatNumber(returned, 'en')} returned, ${plural(missed, 'en', { one: 'deadline', other: 'deadlines' })} missed.`,
    },
    signatures: { title: 'Waiting for a signature' },
    settings: {
      title: 'Settings',
      channels: 'Channels',
      isIn: (channel) => `${channel}: Baton is in it`,
      isNotIn: (channel) => `${channel}: Baton is not in it, \`/invite @Baton\` there`,
      roles: 'Roles',
      holders: (count, role) => `${roleWords.en.roles[role]}: ${formatNumber(count, 'en')}`,
      calendar: 'Calendar',
      agreement: 'Agreement',
      connections: 'Connections',
      crms: (names) => `Connected with ${formatList(names, 'en')}`,
      noCrm: 'No CRM is connected',
      waiting: (count) =>
        `${plural(count, 'en', { one: 'lead', other: 'leads' })} to be written to the CRM`,
      refused: (count) =>
        `${plural(count, 'en', { one: 'lead', other: 'leads' })} that the CRM does not take: \`npm run baton -- doctor\` says why`,
      webhooks: (count, disabled) =>
        `${plural(count, 'en', { one: 'webhook', other: 'webhooks' })}${disabled === 0 ? '' : `, ${formatNumber(disabled, 'en')} disabled`}`,
      hints:
        '`/handoff roles` gives roles, `/sla` shows the agreement, `npm run baton -- doctor` looks at everything that Baton needs.',
    },
    page: (page, of) => `Page ${formatNumber(page, 'en')} of ${formatNumber(of, 'en')}`,
    previous: 'Previous',
    next: 'Next',
    answer: 'Baton',
  },
  it: {
    welcome: {
      title: 'Baton passa il testimone dal marketing alle vendite',
      text: 'Il marketing passa un lead, le vendite lo accettano o lo restituiscono con un clic, e ogni tentativo conta per l’accordo tra i due team.',
      hint: 'Non hai ancora un ruolo: un amministratore assegna i ruoli con `/handoff roles`. `/glossary` dice che cosa significa ogni parola, `/sla` che cosa si è concordato.',
    },
    lists: {
      rulings: 'Restituzioni contestate su cui decidere',
      offered: 'Da accettare o restituire',
      working: 'I tuoi lead',
      toAnswer: 'Restituzioni a cui rispondere',
      ready: 'Di nuovo pronti',
      late: 'In ritardo nel team',
    },
    heading: (name, count, more) =>
      `${name} (${more ? 'più di ' : ''}${formatNumber(count, 'it')})`,
    empty: {
      rep: {
        text: 'Niente in scadenza.',
        hint: 'Qui compare ciò che viene passato a te, o a tutti nei tuoi canali. `/handoff find` cerca un lead.',
      },
      marketing: {
        text: 'Nessuna restituzione aspetta una risposta.',
        hint: '`/handoff` passa un lead alle vendite.',
      },
      manager: {
        text: 'Niente è in ritardo, e niente aspetta una decisione.',
        hint: '`/sla` mostra l’accordo, `/sla propose` propone una modifica.',
      },
    },
    figures: {
      title: 'Gli ultimi sette giorni',
      counts: ({ handedOver, accepted, returned, missed }) =>
        `Lead passati: ${formatNumber(handedOver, 'it')}; accettati: ${formatNumber(accepted, 'it')}; restituiti: ${formatNumber(returned, 'it')}; scadenze mancate: ${formatNumber(missed, 'it')}.`,
    },
    signatures: { title: 'In attesa di firma' },
    settings: {
      title: 'Impostazioni',
      channels: 'Canali',
      isIn: (channel) => `${channel}: Baton c’è`,
      isNotIn: (channel) => `${channel}: Baton non c’è, lì serve \`/invite @Baton\``,
      roles: 'Ruoli',
      holders: (count, role) => `${roleWords.it.roles[role]}: ${formatNumber(count, 'it')}`,
      calendar: 'Calendario',
      agreement: 'Accordo',
      connections: 'Collegamenti',
      crms: (names) => `Collegato con ${formatList(names, 'it')}`,
      noCrm: 'Nessun CRM collegato',
      waiting: (count) => `${plural(count, 'it', leads)} da scrivere nel CRM`,
      refused: (count) =>
        `${plural(count, 'it', leads)} che il CRM non accetta: \`npm run baton -- doctor\` dice perché`,
      webhooks: (count, disabled) =>
        `${formatNumber(count, 'it')} webhook${disabled === 0 ? '' : `, ${plural(disabled, 'it', { one: 'disattivato', other: 'disattivati' })}`}`,
      hints:
        '`/handoff roles` assegna i ruoli, `/sla` mostra l’accordo, `npm run baton -- doctor` controlla tutto ciò che serve a Baton.',
    },
    page: (page, of) => `Pagina ${formatNumber(page, 'it')} di ${formatNumber(of, 'it')}`,
    previous: 'Precedente',
    next: 'Successiva',
    answer: 'Baton',
  },
}

const leads = { one: 'lead', other: 'lead' }
