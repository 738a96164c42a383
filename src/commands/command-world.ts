import { randomUUID } from 'node:crypto'
import { completedAgreement, parseAgreement } from '../adapters/agreement-file.ts'
import { writeCsv } from '../adapters/csv/report.ts'
import { createActivities } from '../adapters/postgres/activities.ts'
import { createAgreements } from '../adapters/postgres/agreements.ts'
import type { Database } from '../adapters/postgres/client.ts'
import { createDrops } from '../adapters/postgres/dropped-files.ts'
import { createErasures } from '../adapters/postgres/erasures.ts'
import { createGlossary } from '../adapters/postgres/glossary.ts'
import { createHandoffs } from '../adapters/postgres/handoffs.ts'
import { createLeadExports } from '../adapters/postgres/lead-exports.ts'
import { createLeads } from '../adapters/postgres/leads.ts'
import { createMembers } from '../adapters/postgres/members.ts'
import { createPromiseRecords } from '../adapters/postgres/promises.ts'
import { createProposals } from '../adapters/postgres/proposals.ts'
import { createReports } from '../adapters/postgres/reports.ts'
import { createRotations } from '../adapters/postgres/rotations.ts'
import { createRulings } from '../adapters/postgres/rulings.ts'
import { createScores } from '../adapters/postgres/scores.ts'
import { createSetUps } from '../adapters/postgres/set-ups.ts'
import { createStories } from '../adapters/postgres/stories.ts'
import { createTermHealth } from '../adapters/postgres/term-health.ts'
import { createTermProposals } from '../adapters/postgres/term-proposals.ts'
import { createTestHandoffs } from '../adapters/postgres/test-handoffs.ts'
import { createWebhooks } from '../adapters/postgres/webhooks.ts'
import { createWebhookSender } from '../adapters/webhooks/sender.ts'
import type { World } from '../use-cases/ports/world.ts'

const noSlack = { kind: 'never', error: 'a command does not speak in Slack' } as const

/**
 * The world as a command sees it: it commits, and the Baton that runs finds what is to be told,
 * scored and woken by its sweeps. Slack is not asked.
 */
export function commandWorld(database: Database): World {
  const agreements = createAgreements(database, parseAgreement)
  const glossary = createGlossary(database)
  const parts = { agreements, parse: parseAgreement, complete: completedAgreement }
  return {
    handoffs: createHandoffs(database),
    rotations: createRotations(database),
    leads: createLeads(database),
    activities: createActivities(database),
    scores: createScores(database),
    stories: createStories(database),
    erasures: createErasures(database),
    leadExports: createLeadExports(database),
    members: createMembers(database, {
      bySlackId: async () => undefined,
      byEmail: async () => undefined,
      all: async () => [],
    }),
    agreements,
    proposals: createProposals(database, parts),
    glossary,
    termProposals: createTermProposals(database, { agreements, glossary }),
    termHealth: createTermHealth(database),
    rulings: createRulings(database),
    webhooks: createWebhooks(database),
    promiseRecords: createPromiseRecords(database),
    reports: createReports(database),
    setUps: createSetUps(database),
    setUpMessenger: {
      greet: async () => false,
      check: async () => [],
      report: async () => {},
    },
    testHandoffs: createTestHandoffs(database),
    testMessenger: {
      post: async () => noSlack,
      redraw: async () => noSlack,
      find: async () => ({ kind: 'absent' }),
      delete: async () => noSlack,
    },
    writeCsv,
    webhookSender: createWebhookSender({ allowPrivate: false, userAgent: 'Baton' }),
    directory: { groups: async () => undefined },
    drops: createDrops(database),
    cards: { urlOf: async () => undefined },
    board: { redraw: () => {} },
    scorer: { due: () => {} },
    queue: { wake: () => {}, deliver: () => {} },
    now: () => new Date(),
    newId: (prefix) => `${prefix}_${randomUUID().replaceAll('-', '')}`,
  }
}
