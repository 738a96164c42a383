import { clara, type SampleHandoff } from './workspace.ts'

/** What became of leads of the last weeks. The clocks of the sandbox run in seconds, here too. */

export interface PastHandoff {
  /** So many times twenty-four hours ago. */
  daysAgo: number
  handedOff: SampleHandoff
  /** What the lead had done on the website before: types of activities. */
  visits: readonly string[]
  /** Whose lead it was, and after how many seconds they accepted; 90 are agreed. */
  rep: 'anna@acme.example' | 'luca@acme.example'
  acceptedAfterS: number
  became: Became
}

export type Became =
  | { kind: 'deal'; stages: readonly string[]; lostReason?: string }
  | {
      kind: 'returned'
      reason: string
      criterion?: string
      field?: 'phone'
      /** The day on which the lead is ready, so many days ago. */
      readyDaysAgo?: number
    }

type Who = [name: string, title: string, company: string, industry: string, employees: number]

const anna = 'anna@acme.example'
const luca = 'luca@acme.example'

const won: Became = { kind: 'deal', stages: ['exploration', 'quote-presented', 'closed-won'] }
const lost = (lostReason: string): Became => ({
  kind: 'deal',
  stages: ['exploration', 'closed-lost'],
  lostReason,
})

/** A lead of the past, by what differs between them. */
function lead(
  [name, title, company, industry, employees]: Who,
  type: 'new-equipment' | 'existing-service',
  source: string,
  reason: string,
): SampleHandoff {
  const domain = `${company.toLowerCase().replace(/[^a-z]/g, '')}.example`
  const mailbox = name.toLowerCase().replace(/[^a-z]/g, '.')
  return {
    lead: {
      email: `${mailbox}@${domain}`,
      name,
      title,
      phone: '+39 02 5550123',
      company: { name: company, domain, industry, employees, country: 'IT' },
      type,
      source,
    },
    reason,
    priority: 'standard',
    handedOffBy: 'ben@acme.example',
  }
}

/** The oldest first. */
export const past: readonly PastHandoff[] = [
  {
    daysAgo: 27,
    handedOff: lead(
      ['Rita Sala', 'Plant manager', 'Sala Stampi', 'metal working', 160],
      'new-equipment',
      'webinar',
      'Asked for a quote after the webinar on retrofits',
    ),
    visits: ['webinar', 'page-view', 'quote-request'],
    rep: anna,
    acceptedAfterS: 35,
    became: won,
  },
  {
    daysAgo: 25,
    handedOff: lead(
      ['Tom Baker', 'Maintenance lead', 'Baker Cans', 'packaging', 90],
      'existing-service',
      'service page',
      'Wants a yearly inspection for three presses',
    ),
    visits: ['page-view'],
    rep: luca,
    acceptedAfterS: 50,
    became: won,
  },
  {
    daysAgo: 22,
    handedOff: lead(
      ['Ugo Riva', 'Owner', 'Riva Design', 'consulting', 6],
      'new-equipment',
      'e-book',
      'Downloaded the price list twice',
    ),
    visits: ['guide-download', 'page-view'],
    rep: anna,
    acceptedAfterS: 70,
    became: { kind: 'returned', reason: 'not-a-fit', criterion: 'employees' },
  },
  {
    daysAgo: 20,
    handedOff: clara,
    visits: ['webinar', 'page-view'],
    rep: luca,
    acceptedAfterS: 40,
    became: { kind: 'returned', reason: 'not-ready', readyDaysAgo: 0 },
  },
  {
    daysAgo: 17,
    handedOff: lead(
      ['Nina Costa', 'Head of purchasing', 'Costa Metalli', 'metal working', 75],
      'existing-service',
      'service page',
      'Compares service contracts',
    ),
    visits: [],
    rep: anna,
    acceptedAfterS: 60,
    became: lost('price'),
  },
  {
    daysAgo: 14,
    handedOff: lead(
      ['Karl Busch', 'Technical director', 'Busch Pressen', 'machinery', 410],
      'existing-service',
      'trade fair',
      'Two presses out of warranty since spring',
    ),
    visits: ['page-view', 'demo-request'],
    rep: luca,
    acceptedAfterS: 200,
    became: lost('competitor'),
  },
  {
    daysAgo: 12,
    handedOff: lead(
      ['Sofia Marin', 'Plant engineer', 'Marin Vetro', 'glass', 130],
      'existing-service',
      'service page',
      'Asked to be called about spare parts',
    ),
    visits: [],
    rep: luca,
    acceptedAfterS: 45,
    became: { kind: 'returned', reason: 'wrong-data', field: 'phone' },
  },
  {
    daysAgo: 9,
    handedOff: lead(
      ['Elena Ricci', 'Production manager', 'Ricci Automotive', 'automotive supplier', 520],
      'new-equipment',
      'website',
      'Asked for a quote for a press of 400 tons',
    ),
    visits: ['page-view', 'guide-download', 'quote-request'],
    rep: anna,
    acceptedAfterS: 20,
    became: won,
  },
  {
    daysAgo: 6,
    handedOff: lead(
      ['Piero Longo', 'Head of production', 'Longo Macchine', 'machinery', 210],
      'new-equipment',
      'trade fair',
      'Plans a second line',
    ),
    visits: ['webinar'],
    rep: luca,
    acceptedAfterS: 65,
    became: { kind: 'returned', reason: 'not-ready', readyDaysAgo: 1 },
  },
  {
    daysAgo: 4,
    handedOff: lead(
      ['Amy Cole', 'Maintenance lead', 'Cole Foods', 'food', 300],
      'existing-service',
      'service page',
      'Wants the contract of the sister plant',
    ),
    visits: ['page-view'],
    rep: anna,
    acceptedAfterS: 30,
    became: won,
  },
  {
    daysAgo: 2,
    handedOff: lead(
      ['Dario Conte', 'Operations manager', 'Conte Profili', 'metal working', 95],
      'existing-service',
      'webinar',
      'Asked for a visit in spring',
    ),
    visits: ['webinar'],
    rep: luca,
    acceptedAfterS: 140,
    became: { kind: 'deal', stages: ['exploration', 'quote-presented'] },
  },
  {
    daysAgo: 0.1,
    handedOff: lead(
      ['Lena Vogt', 'Plant manager', 'Vogt Blech', 'metal working', 180],
      'new-equipment',
      'website',
      'Asked for a demo of the new press',
    ),
    visits: ['page-view', 'demo-request'],
    rep: anna,
    acceptedAfterS: 25,
    became: { kind: 'deal', stages: ['exploration'] },
  },
]
