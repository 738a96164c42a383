/**
 * The sample workspace: who is in it, which channels it has, and the leads that arrive. All of it
 * is invented, and lives on loopback only, so its secrets are no secrets.
 */

export const team = { id: 'T0ACME', name: 'Acme', domain: 'acme' } as const

export const app = {
  id: 'A0BATON',
  botUserId: 'U0BATON',
  botName: 'baton',
  botToken: 'xoxb-sandbox-baton',
  signingSecret: 'sandbox-signing-secret',
} as const

export type SamplePerson = {
  id: string
  name: string
  realName: string
  email: string
  /** Shown beside the name, so that whoever switches person sees as what. */
  job: string
  locale: 'en-GB' | 'it-IT'
}

/** In the order of the local Slack's list of people: the first one is who the browser acts as. */
export const people = [
  {
    id: 'U0ANNA',
    name: 'anna',
    realName: 'Anna Rossi',
    email: 'anna@acme.example',
    job: 'rep',
    locale: 'en-GB',
  },
  {
    id: 'U0LUCA',
    name: 'luca',
    realName: 'Luca Bianchi',
    email: 'luca@acme.example',
    job: 'rep, Italian',
    locale: 'it-IT',
  },
  {
    id: 'U0BEN',
    name: 'ben',
    realName: 'Ben Marsh',
    email: 'ben@acme.example',
    job: 'marketing',
    locale: 'en-GB',
  },
  {
    id: 'U0SARA',
    name: 'sara',
    realName: 'Sara Conti',
    email: 'sara@acme.example',
    job: 'sales manager',
    locale: 'en-GB',
  },
  {
    id: 'U0MARIO',
    name: 'mario',
    realName: 'Mario Neri',
    email: 'mario@acme.example',
    job: 'marketing manager',
    locale: 'en-GB',
  },
  {
    id: 'U0ADA',
    name: 'ada',
    realName: 'Ada Ferri',
    email: 'ada@acme.example',
    job: 'admin',
    locale: 'en-GB',
  },
] as const satisfies readonly SamplePerson[]

export type SampleChannel = { id: string; name: string; purpose: string }

/** The first one is the channel that the browser opens. Everyone is in each, Baton too. */
export const channels = [
  { id: 'C0SQL', name: 'sql-handoffs', purpose: 'Leads for equipment, handed over to sales' },
  { id: 'C0SERVICE', name: 'service-handoffs', purpose: 'Leads for maintenance and service' },
  { id: 'C0MANAGERS', name: 'sales-managers', purpose: 'Escalations and reports' },
  { id: 'C0GENERAL', name: 'general', purpose: 'Everything else' },
] as const satisfies readonly SampleChannel[]

/** As the local Slack shows somebody: "Anna Rossi · rep". Baton knows them by the name alone. */
export const shownName = ({ realName, job }: SamplePerson): string => `${realName} · ${job}`

/** What `POST /api/v1/handoffs` takes, as far as the samples use it. */
export interface SampleHandoff {
  lead: {
    email: string
    name: string
    title: string
    phone?: string
    company: {
      name: string
      domain: string
      industry: string
      employees: number
      country: string
    }
    type?: string
    journeyStage?: 'awareness' | 'consideration' | 'decision'
    source: string
    attributes?: Record<string, string | number | boolean>
  }
  reason: string
  priority: 'hot' | 'standard'
  whatChanged?: string
  handedOffBy: string
}

/** A lead that marketing knows, and what it does, one after the other. */
export interface SampleVisitor {
  lead: Omit<SampleHandoff['lead'], 'journeyStage'>
  activities: readonly { type: string; properties: Record<string, string> }[]
}

const ben = 'ben@acme.example'

export const maria: SampleHandoff = {
  lead: {
    email: 'maria@officineverdi.example',
    name: 'Maria Verdi',
    title: 'Plant manager',
    phone: '+39 02 5550100',
    company: {
      name: 'Officine Verdi',
      domain: 'officineverdi.example',
      industry: 'manufacturing',
      employees: 120,
      country: 'IT',
    },
    type: 'new-equipment',
    journeyStage: 'decision',
    source: 'webinar',
  },
  reason: 'Asked for a quote for two presses, wants them running before the summer stop',
  priority: 'hot',
  handedOffBy: ben,
}

export const james: SampleHandoff = {
  lead: {
    email: 'j.holt@holtandsons.example',
    name: 'James Holt',
    title: 'Maintenance lead',
    phone: '+44 161 555 0142',
    company: {
      name: 'Holt & Sons',
      domain: 'holtandsons.example',
      industry: 'packaging',
      employees: 45,
      country: 'GB',
    },
    type: 'existing-service',
    journeyStage: 'consideration',
    source: 'service page',
    attributes: { machine: 'Press 250, bought in 2019' },
  },
  reason: 'Existing customer, asked what a yearly service contract would cost',
  priority: 'standard',
  handedOffBy: ben,
}

/** Nobody takes her. */
export const eva: SampleHandoff = {
  lead: {
    email: 'eva.lindqvist@norrteknik.example',
    name: 'Eva Lindqvist',
    title: 'Head of purchasing',
    company: {
      name: 'Norrteknik',
      domain: 'norrteknik.example',
      industry: 'automotive supplier',
      employees: 310,
      country: 'SE',
    },
    type: 'new-equipment',
    journeyStage: 'consideration',
    source: 'trade fair',
    attributes: { stand: 'Hannover, hall 13' },
  },
  reason: 'Compared our press with two others at the stand and asked for references',
  priority: 'standard',
  handedOffBy: ben,
}

/** Nobody hands her over: what she does on the website is enough. */
export const greta: SampleVisitor = {
  lead: {
    email: 'greta.lind@nordlicht.example',
    name: 'Greta Lind',
    title: 'Production manager',
    company: {
      name: 'Nordlicht Maschinen',
      domain: 'nordlicht.example',
      industry: 'manufacturing',
      employees: 300,
      country: 'DE',
    },
    source: 'website',
  },
  activities: [
    { type: 'webinar', properties: { title: 'Retrofit in a week' } },
    { type: 'page-view', properties: { page: '/pricing' } },
    { type: 'page-view', properties: { page: '/pricing/presses' } },
    { type: 'quote-request', properties: {} },
  ],
}

/** Returned three weeks ago: see the history. */
export const clara: SampleHandoff = {
  lead: {
    email: 'clara.weiss@weisswerke.example',
    name: 'Clara Weiss',
    title: 'Head of production',
    phone: '+49 89 5550177',
    company: {
      name: 'Weiss Werke',
      domain: 'weisswerke.example',
      industry: 'metal working',
      employees: 240,
      country: 'DE',
    },
    type: 'new-equipment',
    source: 'trade fair',
  },
  reason: 'Wants to replace two presses, asked for a visit',
  priority: 'standard',
  handedOffBy: ben,
}

export const claraAgain: SampleHandoff = {
  ...clara,
  reason: 'Her board has approved the budget, she asks for a visit next week',
  whatChanged: 'The board has approved the budget for two presses',
}

/** Does not fit: too small, and a student. */
export const paolo: SampleHandoff = {
  lead: {
    email: 'p.greco@studiogreco.example',
    name: 'Paolo Greco',
    title: 'Student',
    company: {
      name: 'Studio Greco',
      domain: 'studiogreco.example',
      industry: 'consulting',
      employees: 2,
      country: 'IT',
    },
    type: 'new-equipment',
    journeyStage: 'awareness',
    source: 'e-book',
  },
  reason: 'Downloaded three guides in a week',
  priority: 'standard',
  handedOffBy: 'mario@acme.example',
}

/** Those that come for the first time. */
export const sampleHandoffs: readonly SampleHandoff[] = [maria, james, eva, paolo]
