import type { MessageMetadata } from '@slack/types'
import { agreementWords, changeWords } from '../../../../content/words/agreement.ts'
import { type DateStyle, type Dates, sayInstant } from '../../../../content/words/format.ts'
import type { Agreement, Locale } from '../../../../domain/agreement.ts'
import { type Side, sides } from '../../../../domain/agreement.ts'
import { agreementDiff } from '../../../../domain/agreement-diff.ts'
import type { Person } from '../../../../domain/person.ts'
import type { Proposal, ProposalRecord } from '../../../../domain/proposal.ts'
import { actions, button, context, header, type Message, message, mrkdwn } from '../../blocks.ts'
import { asMrkdwn, mention } from '../../text.ts'
import { bullet, part } from './parts.ts'

/** Somebody who may sign, unless they have left. */
export type Head = Person & { external?: boolean }

export interface ProposalView {
  locale: Locale
  /** The zone of plain dates. */
  zone: string
  dates: Dates
  /** Who may sign for each side. */
  heads: Record<Side, Head[]>
}

/** How much of a proposal a message shows; the whole of it is in the command line. */
const most = { changes: 30, change: 300 } as const

/** What a proposal changes, a line each in mrkdwn. */
export function changeLines(before: Agreement, after: Agreement, locale: Locale): string[] {
  const lines = agreementDiff(before, after).map((change) =>
    bullet(asMrkdwn(changeWords(change, locale), most.change)),
  )
  const more = lines.length - most.changes
  return more > 0
    ? [...lines.slice(0, most.changes), bullet(agreementWords[locale].more(more))]
    : lines
}

const styleOf = (at: Date, { locale, zone, dates }: Omit<ProposalView, 'heads'>): DateStyle => ({
  locale,
  zone,
  dates,
  near: at,
})

/** Who has signed and when, a line each in mrkdwn; and whom it waits for while it is open. */
export function signatureLines(
  { state, signatures, proposedAt }: ProposalRecord,
  view: Omit<ProposalView, 'heads'> & { heads?: ProposalView['heads'] },
): string[] {
  const words = agreementWords[view.locale]
  return sides.flatMap((side) => {
    const signature = signatures.find((each) => each.side === side)
    if (signature !== undefined) {
      const at = sayInstant(signature.at, styleOf(proposedAt, view))
      return [words.signed(words.sides[side], mention(signature.by), at)]
    }
    return state === 'open' ? waitsLine(side, view.heads?.[side] ?? [], view.locale) : []
  })
}

/** Whom a side waits for; a head who has left is told only where there is no other. */
export function waitsLine(side: Side, heads: readonly Head[], locale: Locale): string[] {
  const { waits, headLeft, sides: names } = agreementWords[locale]
  const here = heads.filter(({ external }) => external !== true)
  if (here.length > 0) return [waits(names[side], here.map(mention).join(', '))]
  // whoever has left is not mentioned: nobody would read it
  const gone = heads.map(({ name }) => asMrkdwn(name, 80))
  return gone.length > 0 ? [headLeft(names[side], gone.join(', '))] : []
}

/** What became of a proposal, or what is to become of it, in mrkdwn. */
export function stateLines(proposal: ProposalRecord, view: Omit<ProposalView, 'heads'>): string[] {
  const { state, baseVersion, version, inForceFrom, withdrawnBy, withdrawnAt } = proposal
  const words = agreementWords[view.locale]
  const say = (at: Date): string => sayInstant(at, styleOf(proposal.proposedAt, view))
  const by = proposal.proposedBy === null ? null : asMrkdwn(proposal.proposedBy.name, 80)
  const proposed = words.proposed(by, say(proposal.proposedAt))
  switch (state) {
    case 'open':
      return [proposed, words.takesEffect(baseVersion, inForceFrom && say(inForceFrom))]
    case 'signed':
      return [proposed, words.tookEffect(version ?? 0, say(inForceFrom ?? proposal.proposedAt))]
    case 'withdrawn':
      return [
        proposed,
        words.withdrawn(
          withdrawnBy && asMrkdwn(withdrawnBy.name, 80),
          say(withdrawnAt ?? proposal.proposedAt),
        ),
      ]
    case 'overtaken':
      return [proposed, words.overtaken]
  }
}

export const titleOf = ({ state }: ProposalRecord, locale: Locale): string => {
  const { title, titles } = agreementWords[locale]
  return state === 'open' ? title : titles[state]
}

export const signButtons = ({ id, state }: ProposalRecord, locale: Locale) => {
  const { sign, withdraw } = agreementWords[locale]
  return state === 'open'
    ? [button('agreement.sign', sign, id, 'primary'), button('agreement.withdraw', withdraw, id)]
    : []
}

/** A proposal in its present state, as the managers' channel shows it. */
export function buildProposal(
  { proposal, base, revision }: { proposal: Proposal; base: Agreement; revision: number },
  view: ProposalView,
  key: string,
): Required<Message> & { metadata: MessageMetadata } {
  const { locale } = view
  const title = titleOf(proposal, locale)
  const state = stateLines(proposal, view)
  const changes = changeLines(base, proposal.agreement, locale)
  const { text, blocks = [] } = message([`${title}.`, ...state, ...changes].join('\n'), [
    header(title),
    ...context(state.map((line) => mrkdwn(line))),
    ...part(agreementWords[locale].changes, changes),
    ...context(signatureLines(proposal, view).map((line) => mrkdwn(line))),
    ...actions(signButtons(proposal, locale)),
  ])
  return {
    text,
    blocks,
    metadata: {
      event_type: 'baton_proposal',
      event_payload: { proposal: proposal.id, revision, key },
    },
  }
}
