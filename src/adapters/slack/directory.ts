import type { WebClient } from '@slack/web-api'
import type { Logger } from 'pino'
import type { UserGroup } from '../../domain/roles.ts'
import type { Directory, Profile } from '../../use-cases/ports/people.ts'
import { refusalOf, sortOut } from './slack-errors.ts'

export interface DirectoryParts {
  client: WebClient
  /** The team that installed Baton. */
  teamId: string
  log: Pick<Logger, 'warn'>
}

type SlackUser = NonNullable<Awaited<ReturnType<WebClient['users']['info']>>['user']>
type ListedUser = NonNullable<Awaited<ReturnType<WebClient['users']['list']>>['members']>[number]
type ListedGroup = NonNullable<
  Awaited<ReturnType<WebClient['usergroups']['list']>>['usergroups']
>[number]

/** A click waits for this answer, and Slack waits three seconds for ours. */
const patienceMs = 2_000
const pageSize = 200
const maxName = 200

const notThere: readonly string[] = ['user_not_found', 'users_not_found', 'user_not_visible']

/** An administrator has to do something before user groups can be read; a local Slack has none. */
const withoutGroups: readonly string[] = ['missing_scope', 'no_permission', 'unknown_method']

/** Slack's directory of people. What Slack can't tell within two seconds is unknown for now. */
export function createDirectory({ client, teamId, log }: DirectoryParts): Directory {
  /** null for what is not there; undefined where Slack can't be asked now. */
  const asked = async <T>(what: string, answer: Promise<T>): Promise<T | null | undefined> => {
    try {
      return await soon(answer)
    } catch (error) {
      if (notThere.includes(refusalOf(error) ?? '')) return null
      log.warn({ error: sortOut(error).error }, `Slack could not be asked ${what}`)
      return undefined
    }
  }

  const info = async (user: string): Promise<SlackUser | undefined> =>
    (await client.users.info({ user, include_locale: true })).user

  /** Looked up twice, since the first answer tells no language. */
  const lookUp = async (email: string): Promise<SlackUser | undefined> => {
    const { user } = await client.users.lookupByEmail({ email })
    return user?.id === undefined ? undefined : info(user.id)
  }

  const profileOf = (user: SlackUser | ListedUser | null | undefined): Profile[] =>
    user?.id === undefined ? [] : [toProfile({ ...user, id: user.id }, teamId)]

  let refused = false

  return {
    async bySlackId(slackId) {
      const user = await asked('about a person', info(slackId))
      return user === null ? null : profileOf(user)[0]
    },

    byEmail: async (email) => profileOf(await asked('about an address', lookUp(email)))[0],

    async all() {
      const profiles: Profile[] = []
      let cursor: string | undefined
      do {
        const page = await asked(
          'for its people',
          client.users.list({
            limit: pageSize,
            include_locale: true,
            ...(cursor === undefined ? {} : { cursor }),
          }),
        )
        profiles.push(...(page?.members ?? []).flatMap(profileOf))
        cursor = page?.response_metadata?.next_cursor
      } while (cursor !== undefined && cursor !== '')
      return profiles
    },

    async groups() {
      try {
        const { usergroups } = await client.usergroups.list({ include_users: true })
        refused = false
        return (usergroups ?? []).flatMap(toGroup)
      } catch (error) {
        // it stays like this until somebody mends it, so it is said once
        const lasting = withoutGroups.includes(refusalOf(error) ?? '')
        if (!refused) log.warn({ error: sortOut(error).error }, 'roles go on without user groups')
        refused = lasting
        return undefined
      }
    },
  }
}

const toGroup = ({ id, handle, users }: ListedGroup): UserGroup[] =>
  id === undefined ? [] : [{ id, handle: handle ?? '', people: users ?? [] }]

/** Gives up after two seconds, whatever becomes of the call. */
async function soon<T>(answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, fail) => {
    timer = setTimeout(
      () => fail(new DOMException('no answer in time', 'TimeoutError')),
      patienceMs,
    )
  })
  try {
    return await Promise.race([answer, late])
  } finally {
    clearTimeout(timer)
  }
}

function toProfile(user: (SlackUser | ListedUser) & { id: string }, teamId: string): Profile {
  const { profile } = user
  const name = profile?.real_name || user.real_name || profile?.display_name || user.name || user.id
  const external = isExternal(user, teamId)
  return {
    slackId: user.id,
    email: profile?.email ?? null,
    name: name.toWellFormed().replaceAll('\u0000', '').slice(0, maxName),
    locale: localeOf(user),
    zone: user.tz ?? null,
    external,
    slackAdmin: !external && (user.is_admin === true || user.is_owner === true),
  }
}

const localeOf = (user: object): 'en' | 'it' =>
  'locale' in user && typeof user.locale === 'string' && /^it\b/i.test(user.locale) ? 'it' : 'en'

/** Slack's own account, which Slack does not call a bot. */
const slackbot = 'USLACKBOT'

/** Guests, bots, those who left, and people of other organizations may look, not act. */
function isExternal(user: (SlackUser | ListedUser) & { id: string }, teamId: string): boolean {
  const marks = [
    user.is_restricted,
    user.is_ultra_restricted,
    'is_stranger' in user && user.is_stranger === true,
    user.deleted,
    user.is_bot,
    user.is_workflow_bot,
    'is_connector_bot' in user && user.is_connector_bot === true,
  ]
  const teams = teamsOf(user)
  const foreign = teams.length > 0 && !teams.includes(teamId)
  return user.id === slackbot || marks.includes(true) || foreign
}

/** In an enterprise organization a person belongs to several workspaces. */
const teamsOf = (user: SlackUser | ListedUser): unknown[] => [
  ...(user.team_id === undefined ? [] : [user.team_id]),
  ...('teams' in user && Array.isArray(user.teams) ? user.teams : []),
  ...(user.enterprise_user?.teams ?? []),
]
