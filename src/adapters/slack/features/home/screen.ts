import { createHash } from 'node:crypto'
import type { WebClient } from '@slack/web-api'
import type { HomeScreen } from '../../../../use-cases/ports/home.ts'
import { limits } from '../../blocks.ts'
import { firstTaken, plainest } from '../../plainest.ts'
import { sortOut } from '../../slack-errors.ts'
import { buildHome } from './view.ts'

/** Draws homes; one that shows the same already is let be. */
export const createHomeScreen = (client: WebClient): HomeScreen => ({
  async show(userId, contents, before) {
    const view = buildHome(contents)
    const shown = createHash('sha256').update(JSON.stringify(view)).digest('base64url')
    if (shown === before) return { kind: 'done', shown, isNew: false }
    try {
      const plainView = { ...view, blocks: plainest(view.blocks).slice(0, limits.homeBlocks) }
      await firstTaken([view, plainView], (drawn) =>
        client.views.publish({ user_id: userId, view: drawn }),
      )
      return { kind: 'done', shown, isNew: true }
    } catch (fault) {
      const { kind, error, ...said } = sortOut(fault)
      return kind === 'never'
        ? { kind, error }
        : { kind, error, afterMs: 'afterMs' in said ? said.afterMs : null }
    }
  },
})
