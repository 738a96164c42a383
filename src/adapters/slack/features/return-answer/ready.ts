import { markReady } from '../../../../use-cases/mark-ready.ts'
import type { Desk, Reply } from '../feature.ts'
import type { OnHandoff } from '../handoff-card/open-form.ts'
import { oneClick } from './one-click.ts'

/** Mark as ready: one click. Nothing is said to the one who clicked, since the thread tells it. */
export const markReadyClick = (asked: OnHandoff, desk: Desk): Promise<Reply> =>
  oneClick(asked, desk, (target) => markReady(desk.world, target))
