import { z } from 'zod'
import { greetInstaller } from '../../../../use-cases/set-up.ts'
import type { Click, SlackEvent } from '../../payloads.ts'
import { type Desk, done, type Feature, memberOf, type Reply } from '../feature.ts'

const pageSchema = z.coerce.number().int().min(0).max(10_000)

/** Somebody looks at the home of Baton; they have other tabs too. */
async function opened({ userId, tab }: SlackEvent, desk: Desk): Promise<void> {
  if (userId === undefined || tab !== 'home') return
  const { world, workspaceId, homes } = desk
  await homes?.opened(userId)
  await greetInstaller(world, workspaceId, await memberOf({ userId, name: userId }, desk))
}

async function turn({ asker, value }: Click, { homes }: Desk): Promise<Reply> {
  const page = pageSchema.safeParse(value)
  if (page.success) await homes?.turned(asker.userId, page.data)
  return done
}

/** The home of Baton, where each sees what concerns them. */
export const home: Feature = {
  actions: { 'home.page': turn, 'home.page_back': turn },
  events: { app_home_opened: opened },
}
