import { slaWords } from '../../../../content/words/sla.ts'
import { measurePromises } from '../../../../use-cases/measure-promises.ts'
import { message, section } from '../../blocks.ts'
import type { Command } from '../../payloads.ts'
import { asMrkdwn } from '../../text.ts'
import { openProposalForm } from '../agreement/feature.ts'
import { type Desk, type Feature, localeOf, type Reply, soon, tell } from '../feature.ts'
import { showReport } from '../report/feature.ts'
import { showWebhooks } from '../webhooks/feature.ts'
import { sayBack } from './back.ts'
import { buildAgreement } from './messages.ts'
import { showRoute } from './route.ts'

/** How many versions and proposals `/sla` looks back on. */
const mostHistory = 10

/** The promises are measured over the last thirty days. */
const measuredOverMs = 30 * 24 * 3_600_000

/** The agreement in force, how it came about and what is proposed now. */
async function show({ asker }: Command, desk: Desk): Promise<Reply> {
  const { world, workspaceId } = desk
  const now = world.now()
  const lately = { from: new Date(now.getTime() - measuredOverMs), to: now }
  const [locale, inForce, open, history, measured] = await Promise.all([
    localeOf(asker, desk),
    world.agreements.inForce(workspaceId),
    world.proposals.open(workspaceId),
    world.proposals.history(workspaceId, mostHistory),
    soon(measurePromises(world, workspaceId, lately)),
  ])
  const proposals = { open, history }
  return tell(buildAgreement(inForce, { locale, now, proposals, measured }))
}

/** What a sub-command does; `said` is what stands after its word. */
type Handler = (command: Command, said: string, desk: Desk) => Promise<Reply>

const propose: Handler = ({ asker }, _, desk) => openProposalForm(asker, desk)

async function help({ asker, text }: Command, desk: Desk): Promise<Reply> {
  const words = slaWords[await localeOf(asker, desk)].help(asMrkdwn(text, 60))
  return tell(message(words, [section(words)]))
}

/** What `/sla` does, by the word after it. */
const verbs = new Map<string, Handler>([
  ['', (command, _, desk) => show(command, desk)],
  ['propose', propose],
  ['route', showRoute],
  ['back', sayBack],
  ['report', showReport],
  ['webhooks', ({ asker }, _, desk) => showWebhooks(asker, desk)],
])

function command(asked: Command, desk: Desk): Promise<Reply> {
  const [word = '', ...rest] = asked.text.split(/\s+/)
  const handler = verbs.get(word.toLowerCase())
  return handler === undefined ? help(asked, desk) : handler(asked, rest.join(' '), desk)
}

/** The agreement, where both teams already are: seen by the asker alone. */
export const sla: Feature = {
  commands: { '/sla': command },
}
