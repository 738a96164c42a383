import type { Agreement } from './agreement.ts'
import { viewerOf } from './home.ts'
import { type Member, mayHandOver, maySell } from './person.ts'
import { mayPropose } from './proposal.ts'
import { wayToSetUp } from './set-up.ts'
import { maySendTest } from './test-handoff.ts'

/** What each command can be asked for; '' is the command alone. */
export const subCommands = {
  '/handoff': ['', 'find', 'returns', 'attempt', 'outcome', 'roles', 'setup', 'test', 'help'],
  '/glossary': ['', 'history', 'suggest', 'add', 'edit', 'help'],
  '/sla': ['', 'report', 'route', 'propose', 'back', 'webhooks', 'setup', 'help'],
} as const
export type HelpCommand = keyof typeof subCommands
export type SubCommand<Of extends HelpCommand> = (typeof subCommands)[Of][number]

type Need = (member: Member, agreement: Agreement) => boolean

const hasRole: Need = (member, agreement) => viewerOf(agreement, member).role !== null
const sells: Need = (member, agreement) => maySell(viewerOf(agreement, member).role)
const handsOver: Need = (member, agreement) => mayHandOver(viewerOf(agreement, member).role)
const proposes: Need = (member, agreement) => mayPropose(member, agreement)
const setsUp: Need = (member, agreement) =>
  ['at-once', 'proposal'].includes(wayToSetUp(agreement, member))
const sendsTests: Need = (member, agreement) => maySendTest(agreement, member)

/** What somebody needs for it; what is not here is for everybody. */
const needs: { [Of in HelpCommand]: Partial<Record<SubCommand<Of>, Need>> } = {
  '/handoff': {
    '': handsOver,
    returns: hasRole,
    attempt: sells,
    outcome: sells,
    setup: setsUp,
    test: sendsTests,
  },
  '/glossary': {},
  '/sla': {
    report: hasRole,
    propose: proposes,
    back: sells,
    webhooks: proposes,
    setup: setsUp,
  },
}

/** What a command can do for a member. What counts is the answer of each: this is what is told. */
export function helpFor<Of extends HelpCommand>(
  command: Of,
  member: Member,
  agreement: Agreement,
): SubCommand<Of>[] {
  const all: readonly SubCommand<Of>[] = subCommands[command]
  const of: Partial<Record<SubCommand<Of>, Need>> = needs[command]
  return all.filter((one) => of[one]?.(member, agreement) ?? true)
}
