import type { WebClient } from '@slack/web-api'
import type { Logger } from 'pino'
import type { Dates } from '../../../../content/words/format.ts'
import type { Agreements } from '../../../../use-cases/ports/agreements.ts'
import type { Said } from '../../../../use-cases/ports/delivery.ts'
import type { TermMessenger, TermRedraw } from '../../../../use-cases/ports/glossary.ts'
import type { Members } from '../../../../use-cases/ports/people.ts'
import { sortOut } from '../../slack-errors.ts'
import { asWritten, createSpeaker, withoutPreviews } from '../../speaker.ts'
import { headsIn } from './heads.ts'
import { buildTermProposal } from './proposal-message.ts'

export interface TermMessengerParts {
  client: WebClient
  members: Pick<Members, 'byEmail' | 'byId'>
  agreements: Pick<Agreements, 'inForce'>
  log: Pick<Logger, 'warn'>
  now?: () => Date
  /** `plain` for a Slack that does not draw dates. */
  dates?: Dates
}

const keyOf = ({ proposal }: TermRedraw): string => `term_${proposal.id}`

/**
 * Shows proposed terms in the managers' channel, in its language. What is suggested goes to whoever
 * keeps the term, in theirs; where nobody does, to the managers' channel, for both heads.
 */
export function createTermMessenger(parts: TermMessengerParts): TermMessenger {
  const { client, members, agreements, log, now = () => new Date(), dates = 'slack' } = parts
  const speaker = createSpeaker(client, now)

  /** Who keeps the term, where a suggestion is for them alone. */
  const keeperOf = async ({ proposal, owner }: TermRedraw) => {
    const isSuggestion = ['suggested', 'taken-up', 'declined'].includes(proposal.state)
    if (owner === null || !isSuggestion) return undefined
    const keeper = await members.byId(proposal.workspaceId, owner.id)
    return keeper?.external === false && keeper.slackId !== null ? keeper : undefined
  }

  /** The channel to speak in: that of the managers, or the conversation with who keeps the term. */
  const placeFor = async (redraw: TermRedraw): Promise<string | Said> => {
    const keeper = await keeperOf(redraw)
    const { agreement } = await agreements.inForce(redraw.proposal.workspaceId)
    if (keeper === undefined || keeper.slackId === null) return agreement.managers_channel
    try {
      const { channel } = await client.conversations.open({ users: keeper.slackId })
      return channel?.id ?? agreement.managers_channel
    } catch (error) {
      const said = sortOut(error)
      // whom Slack does not let Baton write to: both heads see it instead
      return said.kind === 'never' ? agreement.managers_channel : said
    }
  }

  const messageOf = async (redraw: TermRedraw) => {
    const { workspaceId } = redraw.proposal
    const { agreement } = await agreements.inForce(workspaceId)
    const keeper = await keeperOf(redraw)
    const view = {
      locale: keeper?.locale ?? agreement.language,
      zone: agreement.calendar.timezone,
      dates,
      heads: await headsIn(agreement, members, workspaceId),
      owner: redraw.owner,
    }
    return buildTermProposal(redraw, view, keyOf(redraw))
  }

  const noted = ({ proposal }: TermRedraw, answer: Said): Said => {
    if (answer.kind !== 'done') {
      const { kind, error } = answer
      log.warn({ proposal: proposal.id, said: kind, error }, 'Slack took no message')
    }
    return answer
  }

  return {
    async post(redraw) {
      const content = await messageOf(redraw)
      const place = await placeFor(redraw)
      if (typeof place !== 'string') return noted(redraw, place)
      const said = await speaker.say(place, (channel) =>
        client.chat.postMessage({ channel, ...content, ...asWritten, ...withoutPreviews }),
      )
      return noted(redraw, said)
    },

    async update(redraw, { channelId, ts }) {
      const content = await messageOf(redraw)
      const said = await speaker.say(channelId, (channel) =>
        client.chat.update({ channel, ts, ...content, ...asWritten }),
      )
      return noted(redraw, said)
    },

    async find(redraw) {
      const place = await placeFor(redraw)
      if (typeof place === 'string') {
        return speaker.find(keyOf(redraw), { channel: place, threadTs: null })
      }
      return place.kind === 'never' ? { kind: 'absent' } : place
    },
  }
}
