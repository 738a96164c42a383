import type { Agreements, ProposalBoard, Proposals } from './agreements.ts'
import type { Cards, Queue } from './delivery.ts'
import type { Drops } from './dropped-files.ts'
import type { Erasures, LeadExports } from './erasures.ts'
import type { Glossary, Rulings, TermHealth, TermProposals } from './glossary.ts'
import type { Handoffs, PromiseRecords, Rotations } from './handoffs.ts'
import type { Activities, Leads, Scorer, Scores, Stories } from './leads.ts'
import type { Directory, Members } from './people.ts'
import type { CsvWriter, Reports } from './reports.ts'
import type { SetUpMessenger, SetUps } from './set-up.ts'
import type { TestHandoffs, TestMessenger } from './test-handoffs.ts'
import type { WebhookSender, Webhooks } from './webhooks.ts'

/** Everything that use-cases need of the world. */
export interface World {
  webhooks: Webhooks
  webhookSender: WebhookSender
  handoffs: Handoffs
  rotations: Rotations
  leads: Leads
  activities: Activities
  scores: Scores
  scorer: Scorer
  stories: Stories
  erasures: Erasures
  leadExports: LeadExports
  members: Members
  directory: Pick<Directory, 'groups'>
  agreements: Agreements
  proposals: Proposals
  board: ProposalBoard
  glossary: Glossary
  termProposals: TermProposals
  termHealth: TermHealth
  rulings: Rulings
  cards: Cards
  drops: Drops
  promiseRecords: PromiseRecords
  reports: Reports
  setUps: SetUps
  setUpMessenger: SetUpMessenger
  testHandoffs: TestHandoffs
  testMessenger: TestMessenger
  writeCsv: CsvWriter
  queue: Queue
  now(): Date
  /** A new id such as `hof_…`. */
  newId(prefix: 'hof' | 'lead' | 'att' | 'prop' | 'hook' | 'evt' | 'drop'): string
}
