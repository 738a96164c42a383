import type { Locale } from '../../domain/agreement.ts'
import type { HelpCommand, SubCommand } from '../../domain/help.ts'
import { handoffVerbs, verbNames } from './command.ts'

interface Words {
  /** Above the list; `said` comes ready to be shown, null where help was asked for. */
  intro(command: HelpCommand, said: string | null): string
  /** What each does, after an example of it; mrkdwn. */
  lines: { [Of in HelpCommand]: Record<SubCommand<Of>, string> }
  /** Under the list: what is done elsewhere. */
  more: Record<HelpCommand, string>
}

const lead = 'maria@example.com'

/** What may stand after the word of a sub-command. */
const said: { [Of in HelpCommand]: Partial<Record<SubCommand<Of>, Record<Locale, string>>> } = {
  '/handoff': {
    find: { en: lead, it: lead },
    attempt: { en: lead, it: lead },
    outcome: { en: lead, it: lead },
  },
  '/glossary': {
    '': { en: 'MQL', it: 'MQL' },
    history: { en: 'MQL', it: 'MQL' },
    suggest: { en: 'MQL', it: 'MQL' },
    add: { en: 'Hot lead', it: 'Lead caldo' },
    edit: { en: 'MQL', it: 'MQL' },
  },
  '/sla': {
    report: { en: 'last month by source', it: 'mese scorso per provenienza' },
    route: { en: lead, it: lead },
  },
}

/** An example that works as it is written. */
export function exampleOf<Of extends HelpCommand>(
  command: Of,
  sub: SubCommand<Of>,
  locale: Locale,
): string {
  const after: Partial<Record<SubCommand<Of>, Record<Locale, string>>> = said[command]
  const verb = handoffVerbs.find((one) => command === '/handoff' && one === sub)
  const word = verb === undefined ? sub : verbNames[locale][verb]
  return [command, word, after[sub]?.[locale] ?? ''].filter((part) => part !== '').join(' ')
}

/** What `/handoff help`, `/glossary help` and `/sla help` tell. */
export const helpWords: Record<Locale, Words> = {
  en: {
    intro: (command, said) =>
      said === null
        ? `What \`${command}\` can do:`
        : `“${said}” is not something that \`${command}\` can do. It can:`,
    lines: {
      '/handoff': {
        '': 'opens a form to hand a lead over to sales',
        find: 'shows the lead’s story; a company will do too',
        returns: 'lists the leads that sales has given back',
        attempt: 'logs a connect attempt',
        outcome: 'reports what became of the lead',
        roles: 'shows who has which role',
        setup: 'sets channels, people and hours',
        test: 'sends a test handoff, which goes away by itself',
        help: 'shows this list',
      },
      '/glossary': {
        '': 'tells what a term means: by name, abbreviation or a question; alone it lists all',
        history: 'shows how its definition came about',
        suggest: 'suggests another definition, or a new term, to whoever keeps it',
        add: 'proposes a new term for both heads to sign: for managers, heads and admins',
        edit: 'proposes another definition: for them, and for whoever keeps the term',
        help: 'shows this list',
      },
      '/sla': {
        '': 'shows the agreement',
        report: 'shows how the agreement was kept; alone, this month',
        route: 'says who would get that lead; `/sla route service` a lead of that type',
        propose: 'opens a form to propose a change of it',
        back: 'says that you are back and get leads again',
        webhooks: 'shows which programs are told of events, and whether they take them',
        setup: 'sets channels, people and hours',
        help: 'shows this list',
      },
    },
    more: {
      '/handoff':
        'Accept, return and log attempts with the buttons on the card of a lead. `/sla` shows the agreement, `/glossary` what its words mean.',
      '/glossary':
        '“Explain terms here”, among the shortcuts of any message, tells what its terms mean.',
      '/sla': 'On a deadline, “Why due then?” in the menu of the card shows how it came about.',
    },
  },
  it: {
    intro: (command, said) =>
      said === null
        ? `Che cosa sa fare \`${command}\`:`
        : `«${said}» non è tra le cose che \`${command}\` sa fare. Ecco quali sono:`,
    lines: {
      '/handoff': {
        '': 'apre un modulo per passare un lead alle vendite',
        find: 'mostra la storia del lead; va bene anche un’azienda',
        returns: 'elenca i lead che le vendite hanno restituito',
        attempt: 'registra un tentativo di contatto',
        outcome: 'comunica che cosa è stato del lead',
        roles: 'mostra chi ha quale ruolo',
        setup: 'imposta canali, persone e orari',
        test: 'invia un handoff di prova, che sparisce da solo',
        help: 'mostra questo elenco',
      },
      '/glossary': {
        '': 'dice che cosa significa un termine: per nome, per abbreviazione o con una domanda; da solo li elenca tutti',
        history: 'mostra come è nata la sua definizione',
        suggest: 'suggerisce un’altra definizione, o un termine nuovo, a chi lo cura',
        add: 'propone un termine nuovo alla firma dei due capi: per responsabili, capi e amministratori',
        edit: 'propone un’altra definizione: per loro, e per chi cura il termine',
        help: 'mostra questo elenco',
      },
      '/sla': {
        '': 'mostra l’accordo',
        report: 'mostra come è stato rispettato l’accordo; da solo, questo mese',
        route: 'dice a chi andrebbe quel lead; `/sla route service` un lead di quel tipo',
        propose: 'apre un modulo per proporne una modifica',
        back: 'dice che sei di nuovo qui e ricevi di nuovo i lead',
        webhooks: 'mostra quali programmi ricevono gli eventi, e se li accettano',
        setup: 'imposta canali, persone e orari',
        help: 'mostra questo elenco',
      },
    },
    more: {
      '/handoff':
        'Accetta, restituisci e registra i tentativi con i pulsanti sulla scheda del lead. `/sla` mostra l’accordo, `/glossary` il significato dei suoi termini.',
      '/glossary':
        '«Explain terms here», tra le scorciatoie di ogni messaggio, dice che cosa significano i suoi termini.',
      '/sla':
        '«Perché questa scadenza?», nel menu della scheda, mostra come si è arrivati a una scadenza.',
    },
  },
}
