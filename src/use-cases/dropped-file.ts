import { type Column, type MappingRefusal, mappingOf } from '../domain/csv-mapping.ts'
import { mayImport } from '../domain/dropped-file.ts'
import type { Member } from '../domain/person.ts'
import type { DroppedFile, FileChoice } from './ports/dropped-files.ts'
import type { World } from './ports/world.ts'

type FileWorld = Pick<World, 'drops' | 'agreements' | 'now' | 'newId'>

/** Takes in that somebody dropped a file; what it is, is found out afterwards. */
export async function dropFile(
  { drops, now, newId }: FileWorld,
  drop: { workspaceId: string; fileId: string; channelId: string; by: Member },
): Promise<void> {
  const { workspaceId, fileId, channelId, by } = drop
  await drops.add({ id: newId('drop'), workspaceId, fileId, channelId, byId: by.id }, now())
}

export interface FileRefused {
  kind: 'refused'
  why: 'unknown' | 'may-not-import' | 'chosen-already'
}
export type ChoiceResult = { kind: 'done' } | FileRefused

interface Choosing {
  workspaceId: string
  id: string
  by: Member
}

/** Chooses what becomes of an offered file. Only who dropped it may, and only once. */
export async function chooseFile(
  world: FileWorld,
  { workspaceId, id, by, choice }: Choosing & { choice: FileChoice },
): Promise<ChoiceResult> {
  const found = await fileOf(world, { workspaceId, id, by })
  if (found.kind === 'refused') return found
  const chosen = await world.drops.choose(workspaceId, id, choice, world.now())
  return chosen ? { kind: 'done' } : { kind: 'refused', why: 'chosen-already' }
}

/** The file, where it is theirs and they may import it. */
export async function fileOf(
  { drops, agreements }: Pick<World, 'drops' | 'agreements'>,
  { workspaceId, id, by }: Choosing,
): Promise<{ kind: 'found'; file: DroppedFile } | FileRefused> {
  const [file, { agreement }] = await Promise.all([
    drops.byId(workspaceId, id),
    agreements.inForce(workspaceId),
  ])
  if (file?.byId !== by.id) return { kind: 'refused', why: 'unknown' }
  return mayImport(agreement, by)
    ? { kind: 'found', file }
    : { kind: 'refused', why: 'may-not-import' }
}

/** The columns of a file with other fields for some of them, by their place. */
export function changedColumns(
  columns: readonly Column[],
  fields: ReadonlyMap<number, string>,
): { ok: true; columns: Column[] } | { ok: false; refusal: MappingRefusal } {
  const said = columns.map(({ heading, target }, place) => {
    const field = fields.get(place) ?? target ?? '-'
    return [heading, field === attribute ? `attributes.${heading}` : field] as const
  })
  return mappingOf(
    columns.map(({ heading }) => heading),
    new Map(said),
  )
}

/** In a form: a column is kept under its own name. */
export const attribute = 'attributes'
