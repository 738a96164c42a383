import type { SlackEvent } from '../../payloads.ts'
import type { Desk, Feature } from '../feature.ts'

/** Nothing can be delivered from now on: whoever runs Baton has to know, and what to do. */
async function removed({ id }: SlackEvent, { log, workspaceId }: Desk): Promise<void> {
  log.error(
    { event: id, workspaceId },
    'Slack took Baton’s access away: install the app again and set its new token',
  )
}

/** The installation in the workspace. */
export const installation: Feature = {
  events: { app_uninstalled: removed, tokens_revoked: removed },
}
