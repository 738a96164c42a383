import type { Agreements, ProposalBoard, Proposals } from './agreements.ts'
import type { Cards, Queue } from './delivery.ts'
import type { Glossary, Rulings } from './glossary.ts'
import type { Handoffs, PromiseRecords, Rotations } from './handoffs.ts'
import type { Activities, Leads, Scorer, Scores, Stories } from './leads.ts'
import type { Directory, Members } from './people.ts'
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
  members: Members
  directory: Pick<Directory, 'groups'>
  agreements: Agreements
  proposals: Proposals
  board: ProposalBoard
  glossary: Glossary
  rulings: Rulings
  cards: Cards
  promiseRecords: PromiseRecords
  queue: Queue
  now(): Date
  /** A new id such as `hof_…`. */
  newId(prefix: 'hof' | 'lead' | 'att' | 'prop' | 'hook' | 'evt'): string
}
