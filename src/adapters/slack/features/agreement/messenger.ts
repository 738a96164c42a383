import type { WebClient } from '@slack/web-api'
import type { Logger } from 'pino'
import type { Dates } from '../../../../content/words/format.ts'
import type { Side } from '../../../../domain/agreement.ts'
import { headsOf } from '../../../../domain/proposal.ts'
import type {
  Agreements,
  ProposalMessenger,
  Redraw,
} from '../../../../use-cases/ports/agreements.ts'
import type { Said } from '../../../../use-cases/ports/delivery.ts'
import type { Members } from '../../../../use-cases/ports/people.ts'
import { asWritten, createSpeaker, withoutPreviews } from '../../speaker.ts'
import { buildProposal } from './message.ts'

export interface ProposalMessengerParts {
  client: WebClient
  members: Pick<Members, 'byEmail'>
  agreements: Pick<Agreements, 'inForce'>
  log: Pick<Logger, 'warn'>
  now?: () => Date
  /** `plain` for a Slack that does not draw dates. */
  dates?: Dates
}

const keyOf = ({ proposal }: Redraw): string => `proposal_${proposal.id}`

/** Shows proposals in the managers' channel of the agreement in force, in its language. */
export function createProposalMessenger(parts: ProposalMessengerParts): ProposalMessenger {
  const { client, members, agreements, log, now = () => new Date(), dates = 'slack' } = parts
  const speaker = createSpeaker(client, now)

  const channelFor = async ({ proposal }: Redraw): Promise<string> =>
    (await agreements.inForce(proposal.workspaceId)).agreement.managers_channel

  const messageOf = async (redraw: Redraw) => {
    const { proposal } = redraw
    const { workspaceId } = proposal
    const { agreement } = await agreements.inForce(workspaceId)
    const heads = (side: Side) =>
      Promise.all(
        headsOf(side, agreement, proposal.agreement).map((email) =>
          members.byEmail(workspaceId, email),
        ),
      )
    const view = {
      locale: agreement.language,
      zone: agreement.calendar.timezone,
      dates,
      heads: { sales: await heads('sales'), marketing: await heads('marketing') },
    }
    return buildProposal(redraw, view, keyOf(redraw))
  }

  const said = async ({ proposal }: Redraw, saying: Promise<Said>): Promise<Said> => {
    const answer = await saying
    if (answer.kind !== 'done') {
      const { kind, error } = answer
      log.warn({ proposal: proposal.id, said: kind, error }, 'Slack took no message')
    }
    return answer
  }

  return {
    async post(redraw) {
      const content = await messageOf(redraw)
      const saying = speaker.say(await channelFor(redraw), (channel) =>
        client.chat.postMessage({ channel, ...content, ...asWritten, ...withoutPreviews }),
      )
      return said(redraw, saying)
    },

    async update(redraw, { channelId, ts }) {
      const content = await messageOf(redraw)
      const saying = speaker.say(channelId, (channel) =>
        client.chat.update({ channel, ts, ...content, ...asWritten }),
      )
      return said(redraw, saying)
    },

    find: async (redraw) =>
      speaker.find(keyOf(redraw), { channel: await channelFor(redraw), threadTs: null }),
  }
}
