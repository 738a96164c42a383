import { people, type SampleHandoff, sampleHandoffs, sampleVisitor } from './workspace.ts'

const firstAfterMs = 4_000
const everyMs = 2 * 60_000

export type SampleLeads = {
  /** Hands one lead over, as `POST /api/v1/handoffs` does. */
  handOff(body: SampleHandoff): Promise<unknown>
  /** Tells what a lead is known for and has done, as `POST /api/v1/activities` does. */
  visit(visitor: typeof sampleVisitor): Promise<unknown>
  /** Whether there are handoffs already: then no sample arrives. */
  hasHandoffs(): Promise<boolean>
  log: { warn(message: string): void }
}

/**
 * Lets the sample leads arrive, the first after some seconds and the second by its score alone. The
 * answer stops it.
 */
export async function startSampleLeads({ handOff, visit, hasHandoffs, log }: SampleLeads) {
  const [first, ...others] = sampleHandoffs.map((body) => () => handOff(body))
  const arrivals = [...(first === undefined ? [] : [first]), () => visit(sampleVisitor), ...others]
  let timer: NodeJS.Timeout | undefined
  const arrive = async ([lead, ...later]: readonly (() => Promise<unknown>)[]) => {
    if (lead === undefined) return
    timer = setTimeout(() => void arrive(later), everyMs)
    await lead().catch((error) => log.warn(`a sample lead did not arrive: ${error}`))
  }
  if (!(await hasHandoffs())) timer = setTimeout(() => void arrive(arrivals), firstAfterMs)
  return () => clearTimeout(timer)
}

export type Welcome = {
  /** Where the local Slack is. */
  slackUrl: string
  /** Baton's own address, such as `http://127.0.0.1:3000`. */
  batonUrl: string
  apiKey: string
  /** Whether this start is the first, so that sample leads are on their way. */
  isFirstStart: boolean
}

/** What the terminal says when the sandbox is up. */
export function welcome({ slackUrl, batonUrl, apiKey, isFirstStart }: Welcome): string {
  const [you, italian, marketer, manager, marketingManager] = people
  const lead = '{"lead":{"email":"rosa@example.com","name":"Rosa Blu"},"reason":"Asked for a demo"}'
  return `
Baton is up, in a Slack of its own that only this machine can see.

  Open  ${slackUrl}

  ${
    isFirstStart
      ? 'The first lead arrives in #sql-handoffs in a few seconds, the next by its score in two minutes.'
      : 'Everything is as you left it; the leads are in #sql-handoffs.'
  }
  You are ${you.realName}, a sales rep. "Act as" at the top makes you someone else:
  ${italian.realName} reads Italian, ${marketer.realName} is in marketing, ${manager.realName} and ${marketingManager.realName} are the managers.

  Try
    Accept, Return or Log attempt on a card; or wait: here the agreement runs in
    seconds and minutes, so a reminder and a breach come soon
    Return a lead, then act as ${marketer.realName}: contest the return in its thread, and let the two
    managers rule; or hand the lead over again
    /glossary MQL    what the word means for both teams
    /handoff         hand a lead over yourself; find <name> tells a lead's whole story
    /sla             the agreement, in plain words

  From another program
    curl ${batonUrl}/api/v1/handoffs \\
      -H 'Authorization: Bearer ${apiKey}' \\
      -H 'Content-Type: application/json' \\
      -d '${lead}'
    ${batonUrl}/docs shows the rest

  Ctrl-C stops everything. The next start remembers it.
`
}
