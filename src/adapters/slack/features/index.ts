import { agreement } from './agreement/feature.ts'
import type { Feature } from './feature.ts'
import { fileImport } from './file-import/feature.ts'
import { firstRun } from './first-run/feature.ts'
import { glossary } from './glossary/feature.ts'
import { handoffCard } from './handoff-card/feature.ts'
import { handoffCommand } from './handoff-command/feature.ts'
import { handoffCorrect } from './handoff-correct/feature.ts'
import { handoffMore } from './handoff-more/feature.ts'
import { handoffNew } from './handoff-new/feature.ts'
import { handoffOutcome } from './handoff-outcome/feature.ts'
import { handoffOwner } from './handoff-owner/feature.ts'
import { home } from './home/feature.ts'
import { installation } from './installation/feature.ts'
import { leadStory } from './lead-story/feature.ts'
import { report } from './report/feature.ts'
import { returnAnswer } from './return-answer/feature.ts'
import { roles } from './roles/feature.ts'
import { sla } from './sla/feature.ts'
import { testHandoff } from './test-handoff/feature.ts'
import { webhooks } from './webhooks/feature.ts'
import { workflowStep } from './workflow-step/feature.ts'

/** Everything that Baton does in Slack. A new feature is one line here. */
export const features: readonly Feature[] = [
  handoffCard,
  handoffCommand,
  handoffCorrect,
  handoffMore,
  handoffNew,
  handoffOutcome,
  handoffOwner,
  leadStory,
  returnAnswer,
  roles,
  glossary,
  sla,
  report,
  agreement,
  home,
  fileImport,
  firstRun,
  testHandoff,
  installation,
  webhooks,
  workflowStep,
]

type Kind = 'actions' | 'views' | 'commands' | 'shortcuts' | 'events' | 'steps'

/** The handlers of all features, by kind and by id. */
export type Tables = { [Of in Kind]: Map<string, NonNullable<Feature[Of]>[string]> }

/** Puts the features together. Refuses two handlers for the same id. */
export function tablesOf(all: readonly Feature[]): Tables {
  return {
    actions: merged(all.map(({ actions }) => actions)),
    views: merged(all.map(({ views }) => views)),
    commands: merged(all.map(({ commands }) => commands)),
    shortcuts: merged(all.map(({ shortcuts }) => shortcuts)),
    events: merged(all.map(({ events }) => events)),
    steps: merged(all.map(({ steps }) => steps)),
  }
}

function merged<Handler>(
  tables: readonly (Record<string, Handler> | undefined)[],
): Map<string, Handler> {
  const handlers = new Map<string, Handler>()
  for (const [id, handler] of tables.flatMap((table) => Object.entries(table ?? {}))) {
    if (handlers.has(id)) throw new Error(`two features answer to ${id}`)
    handlers.set(id, handler)
  }
  return handlers
}
