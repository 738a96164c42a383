import type { SubCommand } from '../../../../domain/help.ts'
import { mayPropose } from '../../../../domain/proposal.ts'
import { measurePromises } from '../../../../use-cases/measure-promises.ts'
import type { Command } from '../../payloads.ts'
import { openProposalForm } from '../agreement/feature.ts'
import { type Desk, type Feature, memberOf, type Reply, soon, tell } from '../feature.ts'
import { openSetUp } from '../first-run/feature.ts'
import { help } from '../help/help.ts'
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
  const [member, inForce, open, history, measured] = await Promise.all([
    memberOf(asker, desk),
    world.agreements.inForce(workspaceId),
    world.proposals.open(workspaceId),
    world.proposals.history(workspaceId, mostHistory),
    soon(measurePromises(world, workspaceId, lately)),
  ])
  const proposals = { open, history }
  const { locale } = member
  const proposes = mayPropose(member, inForce.agreement)
  return tell(buildAgreement(inForce, { locale, now, proposals, measured, proposes }))
}

/** What a sub-command does; `said` is what stands after its word. */
type Handler = (command: Command, said: string, desk: Desk) => Promise<Reply>

const propose: Handler = ({ asker }, _, desk) => openProposalForm(asker, desk)

/** What `/sla` does, by the word after it. */
const handlers: Record<SubCommand<'/sla'>, Handler> = {
  '': (command, _, desk) => show(command, desk),
  propose,
  route: showRoute,
  back: sayBack,
  report: showReport,
  webhooks: ({ asker }, _, desk) => showWebhooks(asker, desk),
  setup: ({ asker }, _, desk) => openSetUp(asker, desk),
  help: ({ asker }, _, desk) => help('/sla', asker, null, desk),
}
export const slaVerbs: ReadonlyMap<string, Handler> = new Map(Object.entries(handlers))

function command(asked: Command, desk: Desk): Promise<Reply> {
  const [word = '', ...rest] = asked.text.split(/\s+/)
  const handler = slaVerbs.get(word.toLowerCase())
  return handler === undefined
    ? help('/sla', asked.asker, asked.text, desk)
    : handler(asked, rest.join(' '), desk)
}

/** The agreement, where both teams already are: seen by the asker alone. */
export const sla: Feature = {
  commands: { '/sla': command },
}
