import type { Feature } from '../feature.ts'
import { accept } from './accept.ts'
import { openAttempt, submitAttempt } from './attempt.ts'
import { changeReturn, openReturn, submitReturn } from './return.ts'

/** The buttons on the card of a lead, and the forms behind them. */
export const handoffCard: Feature = {
  actions: {
    'handoff.accept': accept,
    'handoff.return': openReturn,
    'handoff.return/reason': changeReturn,
    'handoff.return/criterion': changeReturn,
    'handoff.attempt': openAttempt,
  },
  views: {
    'handoff.return': submitReturn,
    'handoff.attempt': submitAttempt,
  },
}
