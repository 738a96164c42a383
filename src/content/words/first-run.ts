import type { Locale } from '../../domain/agreement.ts'
import type { ChannelStanding, SetUpFault } from '../../domain/set-up.ts'

/** The fields of the form beside the channels of the lead types, by block id. */
export const setUpFields = [
  'managers_channel',
  'head_sales',
  'head_marketing',
  'marketing',
  'reps',
  'zone',
  'hours',
] as const
export type SetUpField = (typeof setUpFields)[number]

interface Words {
  /** In the conversation with whoever administers the workspace; and in their home. */
  greeting: { title: string; text: string; hint: string; button: string }
  /** Slack cuts titles and the buttons of a form at 24 characters. */
  form: {
    title: string
    submit: string
    intro: string
    /** Both heads sign what the form says. */
    introProposal: string
    channelOf(leadType: string): string
    /** What stands in the agreement now, under a field that may be left empty. */
    now(value: string): string
    labels: Record<SetUpField, string>
    hints: Partial<Record<SetUpField, string>>
    choose: string
  }
  faults: Record<Exclude<SetUpFault['code'], 'both-sides'> | 'channel' | 'zone', string> & {
    bothSides(email: string): string
    /** Somebody of outside, or who left. */
    external(name: string): string
    /** Slack tells no e-mail address of them. */
    noAddress(name: string): string
    person: string
  }
  onlyAdmins: string
  done: { title: string; text: string }
  proposed: { title: string; text: string }
  report: {
    title: string
    standings: Record<ChannelStanding, (channel: string) => string>
    next: string
    more: string
  }
}

/** What is said at the first run. Arguments come ready to be shown; `report` is mrkdwn. */
export const firstRunWords: Record<Locale, Words> = {
  en: {
    greeting: {
      title: 'Set up Baton',
      text: 'Baton passes leads from marketing to sales, and keeps the agreement of both teams. One form says in which channels, who belongs to which team, and when you work.',
      hint: 'You see this because you administer the workspace. The form is there later too: `/handoff setup`.',
      button: 'Set up Baton',
    },
    form: {
      title: 'Set up Baton',
      submit: 'Save',
      intro:
        'It counts as soon as you save. Times, reasons and the rest are those that ship: see them with /sla.',
      introProposal: 'What you change is proposed: it counts when both heads have signed.',
      channelOf: (leadType) => `Channel: ${leadType}`,
      now: (value) => `Left empty, it stays ${value}.`,
      labels: {
        managers_channel: 'Channel of the managers',
        head_sales: 'Head of sales',
        head_marketing: 'Head of marketing',
        marketing: 'Marketing',
        reps: 'Reps',
        zone: 'Time zone',
        hours: 'Working hours, Monday to Friday',
      },
      hints: {
        managers_channel: 'Escalations and changes of the agreement come here.',
        head_sales: 'Signs changes of the agreement for sales, and rules on contested returns.',
        head_marketing: 'Signs and rules for marketing.',
        marketing: 'They hand leads over, and answer returns.',
        reps: 'They accept or return leads, and log attempts.',
        hours: 'Such as 09:00-13:00 14:00-18:00. Clocks stand still outside of them.',
      },
      choose: 'Choose',
    },
    faults: {
      'same-head': 'One person can’t sign for both sides: choose somebody else.',
      hours: 'Write hours such as 09:00-13:00 14:00-18:00, the earlier ones first, none twice.',
      channel: 'Choose a channel of this workspace.',
      zone: 'Choose a time zone.',
      bothSides: (email) =>
        `${email} is named for marketing and for sales: leave them on one side.`,
      external: (name) => `${name} is not of this workspace: choose somebody who is.`,
      noAddress: (name) =>
        `Slack shows no e-mail address of ${name}, and the agreement names people by it: choose somebody else.`,
      person: 'Choose people of this workspace.',
    },
    onlyAdmins: 'Baton is set up by whoever administers this Slack workspace: ask one of them.',
    done: {
      title: 'Baton is set up',
      text: 'It counts from now on. Baton tells you in your conversation with it what is left to do.',
    },
    proposed: {
      title: 'Proposed',
      text: 'The change waits in the channel of the managers for both signatures.',
    },
    report: {
      title: 'Baton is set up',
      standings: {
        'is-in': (channel) => `${channel}: Baton is in it`,
        joined: (channel) => `${channel}: Baton has joined it`,
        invite: (channel) => `${channel}: Baton is not in it yet. Write \`/invite @Baton\` there`,
        'not-found': (channel) =>
          `${channel}: there is no such channel. Create it and write \`/invite @Baton\` there, or choose another with \`/handoff setup\``,
        unknown: (channel) =>
          `${channel}: Slack does not tell now whether Baton is in it. The Home tab of Baton does later`,
      },
      next: 'Hand a first lead over with `/handoff`: its card comes to the channel of its type.',
      more: 'More: `/handoff help`, `/sla` for the agreement, `/glossary` for its words.',
    },
  },
  it: {
    greeting: {
      title: 'Configura Baton',
      text: 'Baton passa i lead dal marketing alle vendite e fa rispettare l’accordo tra i due team. Un solo modulo dice in quali canali, chi fa parte di quale team e quando lavorate.',
      hint: 'Lo vedi perché amministri il workspace. Il modulo resta disponibile: `/handoff setup`.',
      button: 'Configura Baton',
    },
    form: {
      title: 'Configura Baton',
      submit: 'Salva',
      intro:
        'Vale appena salvi. Tempi, motivi e il resto sono quelli predefiniti: li vedi con /sla.',
      introProposal: 'Ciò che modifichi viene proposto: vale quando entrambi i capi hanno firmato.',
      channelOf: (leadType) => `Canale: ${leadType}`,
      now: (value) => `Se lo lasci vuoto, resta ${value}.`,
      labels: {
        managers_channel: 'Canale dei responsabili',
        head_sales: 'Capo delle vendite',
        head_marketing: 'Capo del marketing',
        marketing: 'Marketing',
        reps: 'Venditori',
        zone: 'Fuso orario',
        hours: 'Orario di lavoro, da lunedì a venerdì',
      },
      hints: {
        managers_channel: 'Qui arrivano le escalation e le modifiche dell’accordo.',
        head_sales:
          'Firma per le vendite le modifiche dell’accordo e decide sulle restituzioni contestate.',
        head_marketing: 'Firma e decide per il marketing.',
        marketing: 'Passano i lead e rispondono alle restituzioni.',
        reps: 'Accettano o restituiscono i lead e registrano i tentativi.',
        hours: 'Per esempio 09:00-13:00 14:00-18:00. Fuori orario il tempo non scorre.',
      },
      choose: 'Scegli',
    },
    faults: {
      'same-head': 'Una persona non può firmare per entrambe le parti: scegline un’altra.',
      hours: 'Scrivi orari come 09:00-13:00 14:00-18:00, in ordine e senza sovrapposizioni.',
      channel: 'Scegli un canale di questo workspace.',
      zone: 'Scegli un fuso orario.',
      bothSides: (email) =>
        `${email} compare sia nel marketing sia nelle vendite: lascialo da una parte sola.`,
      external: (name) => `${name} non fa parte di questo workspace: scegli qualcun altro.`,
      noAddress: (name) =>
        `Slack non mostra l’indirizzo e-mail di ${name}, con cui l’accordo indica le persone: scegli qualcun altro.`,
      person: 'Scegli persone di questo workspace.',
    },
    onlyAdmins:
      'Baton viene configurato da chi amministra questo workspace Slack: chiedi a uno di loro.',
    done: {
      title: 'Baton è configurato',
      text: 'Vale da subito. Nella vostra conversazione Baton ti dice che cosa resta da fare.',
    },
    proposed: {
      title: 'Proposta inviata',
      text: 'La modifica aspetta le due firme nel canale dei responsabili.',
    },
    report: {
      title: 'Baton è configurato',
      standings: {
        'is-in': (channel) => `${channel}: Baton c’è`,
        joined: (channel) => `${channel}: Baton è entrato`,
        invite: (channel) => `${channel}: Baton non c’è ancora. Scrivi lì \`/invite @Baton\``,
        'not-found': (channel) =>
          `${channel}: questo canale non esiste. Crealo e scrivi lì \`/invite @Baton\`, oppure scegline un altro con \`/handoff setup\``,
        unknown: (channel) =>
          `${channel}: per ora Slack non dice se Baton c’è. Più tardi lo vedi nella scheda Home di Baton`,
      },
      next: 'Passa un primo lead con `/handoff`: la sua scheda arriva nel canale del suo tipo.',
      more: 'Altro: `/handoff aiuto`, `/sla` per l’accordo, `/glossary` per i suoi termini.',
    },
  },
}
