import { randomUUID } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import { z } from 'zod'
import { locales, roles } from '../../domain/agreement.ts'
import { type Colleague, type Member, personOf } from '../../domain/person.ts'
import type { RoleRecord } from '../../domain/roles.ts'
import { Prisma } from '../../generated/prisma/client.ts'
import type { Directory, Members, Profile } from '../../use-cases/ports/people.ts'
import type { Database } from './client.ts'

const role = z.enum(roles).nullable()

const recordRow = z
  .object({
    id: z.string(),
    slackId: z.string().nullable(),
    email: z.string().nullable(),
    name: z.string(),
    locale: z.enum(locales),
    zone: z.string().nullable(),
    external: z.boolean(),
    slackAdmin: z.boolean(),
    role,
    groupRole: role,
  })
  .transform(
    ({ role: given, groupRole: byGroup, ...member }): RoleRecord => ({
      member: { ...member, assigned: given ?? byGroup },
      given,
      byGroup,
    }),
  )

const memberRow = recordRow.transform(({ member }) => member)

export interface Freshness {
  /** People change their language, or leave: so long may Baton be behind what Slack tells. */
  toldForMs: number
  /** Where Slack could not tell, it is asked again after this. */
  askAgainMs: number
  /** Another process may have given somebody a role: so long may this one be behind its row. */
  rowForMs: number
}

const usual: Freshness = { toldForMs: 10 * 60_000, askAgainMs: 60_000, rowForMs: 15_000 }

const most = 10_000

/** Roles are read for each handoff that is to be told to somebody: this long they are kept. */
const assignedForMs = 5_000

const newId = (): string => `usr_${randomUUID().replaceAll('-', '')}`

export interface MembersStore extends Members {
  /** Takes over what Slack knows of everybody in the workspace; returns how many that are. */
  sync(workspaceId: string): Promise<number>
}

/**
 * The people of a workspace. Slack's directory is asked about each person once in ten minutes at
 * most, while a role that was given shows after seconds. Where Slack can't be asked, a person is who
 * the row says; about somebody without a row it is asked again soon.
 */
export function createMembers(
  { prisma }: Pick<Database, 'prisma'>,
  directory: Pick<Directory, 'bySlackId' | 'byEmail' | 'all'>,
  { toldForMs, askAgainMs, rowForMs }: Freshness = usual,
): MembersStore {
  const rows = new LRUCache<string, Member>({ max: 2 * most, ttl: rowForMs })
  /** About whom Slack was asked not long ago. */
  const asked = new LRUCache<string, true>({ max: 2 * most, ttl: toldForMs })
  const assigned = new LRUCache<string, Colleague[]>({ max: 1_000, ttl: assignedForMs })

  /**
   * Writes what Slack tells. A row known by its e-mail address only (named in the agreement or by
   * the API) becomes that of the account with this address; an account that lost its address to
   * another one is left without.
   */
  const write = async (workspaceId: string, profile: Profile): Promise<Member> => {
    const { slackId } = profile
    const email = profile.email?.toLowerCase() ?? null
    const values = { ...profile, email }
    const where = { workspaceId_slackId: { workspaceId, slackId } }
    const known = await prisma.user.findUnique({ where })
    if (known !== null && isSame(known, values)) return memberRow.parse(known)

    const holders = { workspaceId, email: email ?? '' }
    const [, , row] = await prisma.$transaction([
      prisma.user.updateMany({
        where: { ...holders, AND: [{ slackId: { not: null } }, { slackId: { not: slackId } }] },
        data: { email: null },
      }),
      prisma.user.updateMany({
        where: { ...holders, slackId: null },
        data: known === null ? { slackId } : { email: null },
      }),
      prisma.user.upsert({
        where,
        create: { id: newId(), workspaceId, ...values },
        update: values,
      }),
    ])
    return memberRow.parse(row)
  }

  /** The first clicks of somebody new may come at once: whoever lost the race finds the row. */
  const save = async (workspaceId: string, profile: Profile): Promise<Member> => {
    for (let tries = 1; ; tries += 1) {
      try {
        return await write(workspaceId, profile)
      } catch (error) {
        if (!isLostRace(error) || tries === maxTries) throw error
      }
    }
  }

  /** What Slack tells under a key, noting that it was asked. */
  const ask = async <Told>(
    key: string,
    answer: Promise<Told | undefined>,
  ): Promise<Told | undefined> => {
    const profile = await answer
    asked.set(key, true, { ttl: profile === undefined ? askAgainMs : toldForMs })
    return profile
  }

  /** The member of a key: as read seconds ago, else from the row, else from Slack. */
  const kept = async (
    key: string,
    read: () => Promise<Member | undefined>,
    look: () => Promise<Member>,
  ): Promise<Member> => {
    const known = rows.get(key)
    if (known !== undefined) return known
    const member = (asked.has(key) ? await read() : undefined) ?? (await look())
    rows.set(key, member)
    return member
  }

  const forget = (): void => {
    rows.clear()
    assigned.clear()
  }

  const memberBySlackId: Members['bySlackId'] = (workspaceId, slackId, hint) => {
    const key = `${workspaceId} slack ${slackId}`
    const where = { workspaceId_slackId: { workspaceId, slackId } }
    const read = async () => readMember(await prisma.user.findUnique({ where }))
    return kept(key, read, async () => {
      const profile = await ask(key, directory.bySlackId(slackId))
      if (profile !== undefined && profile !== null) return save(workspaceId, profile)
      // The first clicks of somebody new may come at once: one of them makes the row.
      await prisma.user.createMany({
        data: [{ id: newId(), workspaceId, slackId, name: hint?.name ?? slackId }],
        skipDuplicates: true,
      })
      const row =
        profile === null
          ? await prisma.user.update({ where, data: { external: true } })
          : await prisma.user.findUnique({ where })
      return memberRow.parse(row)
    })
  }

  return {
    bySlackId: memberBySlackId,

    byEmail: (workspaceId, address) => {
      const email = address.toLowerCase()
      const key = `${workspaceId} email ${email}`
      const where = { workspaceId_email: { workspaceId, email } }
      const read = async () => readMember(await prisma.user.findUnique({ where }))
      return kept(key, read, async () => {
        const known = await read()
        if (known !== undefined && known.slackId !== null) return known
        const profile = await ask(key, directory.byEmail(email))
        if (profile !== undefined) return save(workspaceId, { ...profile, email })
        // Many leads at once may name the same new person: one of them makes the row.
        await prisma.user.createMany({
          data: [{ id: newId(), workspaceId, email, name: email }],
          skipDuplicates: true,
        })
        return memberRow.parse(await prisma.user.findUnique({ where }))
      })
    },

    async byId(workspaceId, id) {
      const row = await prisma.user.findFirst({ where: { workspaceId, id } })
      return readMember(row)
    },

    async left(workspaceId, slackId) {
      const where = { workspaceId, slackId, external: false }
      const { count } = await prisma.user.updateMany({ where, data: { external: true } })
      if (count === 0) return undefined
      forget()
      const row = await prisma.user.findFirst({ where: { workspaceId, slackId } })
      return readMember(row)
    },

    async assigned(workspaceId) {
      const known = assigned.get(workspaceId)
      if (known !== undefined) return known
      const rows = await prisma.user.findMany({
        where: { workspaceId, OR: [{ role: { not: null } }, { groupRole: { not: null } }] },
        orderBy: { id: 'asc' },
      })
      const colleagues = rows.flatMap((row): Colleague[] => {
        const member = memberRow.parse(row)
        const { assigned: role, external } = member
        return role === null || external ? [] : [{ person: personOf(member), role }]
      })
      assigned.set(workspaceId, colleagues)
      return colleagues
    },

    roleRecords: (workspaceId, emails) => recordsOf(prisma, workspaceId, { emails, ids: [] }),

    async offDuty(workspaceId) {
      const found = await prisma.user.findMany({
        where: { workspaceId, offDutyAt: { not: null } },
        select: { id: true },
      })
      return new Set(found.map(({ id }) => id))
    },

    async setOffDuty(workspaceId, personId, at) {
      await prisma.user.updateMany({
        where: { workspaceId, id: personId },
        data: { offDutyAt: at },
      })
    },

    async staff(workspaceId, limit) {
      const found = await prisma.user.findMany({
        where: { workspaceId, slackId: { not: null }, external: false },
        orderBy: [{ name: 'asc' }, { id: 'asc' }],
        take: limit,
      })
      return found.map((row) => personOf(memberRow.parse(row)))
    },

    async changeRole(workspaceId, { personId, byId, emails }, decide) {
      const decided = await prisma.$transaction(async (transaction) => {
        const lock = `roles of ${workspaceId}`
        await transaction.$executeRaw`select pg_advisory_xact_lock(hashtextextended(${lock}, 0))`
        const ids = [personId, byId]
        const records = await recordsOf(transaction, workspaceId, { emails, ids })
        const person = records.find(({ member }) => member.id === personId)
        const by = records.find(({ member }) => member.id === byId)
        if (person === undefined || by === undefined) return undefined
        const decision = decide({ person, by: by.member, records })
        if (!decision.ok) return decision
        const { role, at } = decision.assignment
        await transaction.user.update({
          where: { id: personId },
          data: { role, roleSetById: byId, roleSetAt: at },
        })
        return decision
      })
      forget()
      return decided
    },

    async setGroupRoles(workspaceId, roles) {
      const slackIds = [...roles.keys()]
      const seen = await prisma.user.findMany({
        where: { workspaceId, slackId: { in: slackIds } },
        select: { slackId: true },
      })
      const known = new Set(seen.map(({ slackId }) => slackId))
      // one after the other, since Slack is asked about each
      for (const slackId of slackIds.filter((id) => !known.has(id))) {
        await memberBySlackId(workspaceId, slackId)
      }
      const changed = await prisma.$executeRaw`
        update users u set group_role = wanted.role
        from (
          select known.id, given.role
          from users known
          left join unnest(${slackIds}::text[], ${[...roles.values()]}::text[])
            as given (slack_id, role) on given.slack_id = known.slack_id
          where known.workspace_id = ${workspaceId}
        ) wanted
        where u.id = wanted.id and u.group_role is distinct from wanted.role`
      if (changed > 0) forget()
    },

    async sync(workspaceId) {
      const profiles = await directory.all()
      for (const profile of profiles) await save(workspaceId, profile)
      return profiles.length
    },
  }
}

const readMember = (row: unknown): Member | undefined =>
  row === null ? undefined : memberRow.parse(row)

/** Those with a role, and those who are named by address or by id. */
async function recordsOf(
  { user }: Pick<Database['prisma'], 'user'>,
  workspaceId: string,
  { emails, ids }: { emails: readonly string[]; ids: readonly string[] },
): Promise<RoleRecord[]> {
  const found = await user.findMany({
    where: {
      workspaceId,
      OR: [
        { role: { not: null } },
        { groupRole: { not: null } },
        { email: { in: [...emails] } },
        { id: { in: [...ids] } },
      ],
    },
    orderBy: { id: 'asc' },
  })
  return found.map((row) => recordRow.parse(row))
}

const isSame = (known: object, told: object): boolean => {
  const row = new Map(Object.entries(known))
  return Object.entries(told).every(([field, value]) => row.get(field) === value)
}

/** More lost races than this in a row are none any more. */
const maxTries = 5

/** Somebody else wrote the same person at the same moment: a unique row, or a deadlock. */
const isLostRace = (error: unknown): boolean =>
  error instanceof Prisma.PrismaClientKnownRequestError &&
  (error.code === 'P2002' || error.code === 'P2034')
