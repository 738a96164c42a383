import { acknowledgeReturn } from '../../../../use-cases/acknowledge-return.ts'
import type { Click } from '../../payloads.ts'
import type { Desk, Feature, Reply } from '../feature.ts'
import { openContest, submitContest } from './contest.ts'
import { oneClick } from './one-click.ts'
import { markReadyClick } from './ready.ts'
import { openClarify, rule, submitClarify } from './rule.ts'

/** Acknowledge: one click. The thread says so to sales. */
const acknowledge = (click: Click, desk: Desk): Promise<Reply> =>
  oneClick(click, desk, (target) => acknowledgeReturn(desk.world, target))

/** What marketing does with a return, and what the managers do with one that is contested. */
export const returnAnswer: Feature = {
  actions: {
    'return.acknowledge': acknowledge,
    'return.contest': openContest,
    'return.ready': markReadyClick,
    'return.uphold': rule('uphold'),
    'return.overturn': rule('overturn'),
    'return.clarify': openClarify,
  },
  views: {
    'return.contest': submitContest,
    'return.clarify': submitClarify,
  },
}
