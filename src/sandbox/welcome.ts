import { people } from './workspace.ts'

export interface Welcome {
  /** Where the local Slack is. */
  slackUrl: string
  /** Baton's own address, such as `http://127.0.0.1:3000`. */
  batonUrl: string
  apiKey: string
  /** How many chapters of the story are still to come. */
  chaptersLeft: number
  isFirstStart: boolean
}

/** What the terminal says when the sandbox is up. */
export function welcome({ slackUrl, batonUrl, apiKey, ...story }: Welcome): string {
  const [you, , marketer, manager] = people
  const lead = '{"lead":{"email":"rosa@example.com","name":"Rosa Blu"},"reason":"Asked for a demo"}'
  return `
  Open  ${slackUrl}

  Baton is in this Slack, which only this machine can see. You are ${you.realName}, a rep; "Act as"
  at the top makes you anybody else, each with an App Home (Apps, baton). Luca reads Italian.

  Try
    Accept, Log attempt, Return on a card   here the agreement runs in seconds and minutes
    ${`Contest a return, as ${marketer.realName}`.padEnd(40)}in its thread; both managers then rule on it
    /glossary MQL                           what a word means, for both teams; /glossary edit MQL
    /sla, /sla report                       the agreement in plain words, and how it is kept
    /handoff                                hand a lead over; /handoff find <name> tells its story
    ${`baton in the sidebar, as ${manager.realName}`.padEnd(40)}the week in figures, what is late, what to rule on

  From another program (${batonUrl}/docs shows the rest)
    curl ${batonUrl}/api/v1/handoffs \\
      -H 'Authorization: Bearer ${apiKey}' \\
      -H 'Content-Type: application/json' \\
      -d '${lead}'

  Ctrl-C stops everything. The next start remembers it.

  ${beginning(story)}
`
}

function beginning({
  chaptersLeft,
  isFirstStart,
}: Pick<Welcome, 'chaptersLeft' | 'isFirstStart'>): string {
  if (isFirstStart) return 'Some weeks are behind the two teams. Now the leads of today arrive:'
  return chaptersLeft > 0
    ? 'Everything is as you left it, and the story goes on:'
    : 'Everything is as you left it.'
}

/** A chapter of the story, as the terminal tells it. */
export const chapterLine = (line: string): string => `  · ${line}\n`
