import { fileImportWords } from '../../../../content/words/file-import.ts'
import { formWords } from '../../../../content/words/forms.ts'
import type { Locale } from '../../../../domain/agreement.ts'
import type { MappingRefusal } from '../../../../domain/csv-mapping.ts'
import {
  changedColumns,
  chooseFile,
  dropFile,
  type FileRefused,
  fileOf,
} from '../../../../use-cases/dropped-file.ts'
import type { FileChoice } from '../../../../use-cases/ports/dropped-files.ts'
import type { Click, SlackEvent, Submission } from '../../payloads.ts'
import {
  type Desk,
  done,
  type Feature,
  type FormReply,
  memberOf,
  type Reply,
  tell,
} from '../feature.ts'
import { rememberedBy, sentenceView } from '../fields.ts'
import { blockOf, buildColumnsForm, formId, rememberedSchema } from './form.ts'

/** Files in channels are none of Baton's business. */
const isDirect = (channelId: string): boolean => channelId.startsWith('D')

async function shared({ userId, channelId, fileId }: SlackEvent, desk: Desk): Promise<void> {
  if (userId === undefined || channelId === undefined || fileId === undefined) return
  if (!isDirect(channelId)) return
  const by = await memberOf({ userId, name: userId }, desk)
  await dropFile(desk.world, { workspaceId: desk.workspaceId, fileId, channelId, by })
}

const chosen =
  (choice: FileChoice) =>
  async ({ asker, value: id }: Click, desk: Desk): Promise<Reply> => {
    const { world, workspaceId } = desk
    const by = await memberOf(asker, desk)
    const result = await chooseFile(world, { workspaceId, id, by, choice })
    return result.kind === 'done' ? done : tell({ text: refusalOf(result, by.locale) })
  }

const refusalOf = ({ why }: FileRefused, locale: Locale): string =>
  fileImportWords[locale].refusals[why]

async function openColumns({ asker, value: id }: Click, desk: Desk): Promise<Reply> {
  const { world, workspaceId } = desk
  const by = await memberOf(asker, desk)
  const found = await fileOf(world, { workspaceId, id, by })
  if (found.kind === 'refused') return tell({ text: refusalOf(found, by.locale) })
  const { file } = found
  if (file.state !== 'offered' || file.columns === null) {
    return tell({ text: fileImportWords[by.locale].refusals['chosen-already'] })
  }
  return { kind: 'open', view: buildColumnsForm(file, file.columns, by.locale) }
}

/** The form was sent: the file is read again like this, and its message shows what would come of it. */
async function submitColumns({ asker, form }: Submission, desk: Desk): Promise<FormReply> {
  const { world, workspaceId } = desk
  const by = await memberOf(asker, desk)
  const id = rememberedBy(form, rememberedSchema)?.id ?? ''
  const found = await fileOf(world, { workspaceId, id, by })
  if (found.kind === 'refused') return refused(found, by.locale)
  const { file } = found
  if (file.columns === null) {
    return refused({ kind: 'refused', why: 'chosen-already' }, by.locale)
  }
  const fields = file.columns.flatMap((_, place) => {
    const field = form.fields.get(blockOf(place))
    return field === undefined ? [] : [[place, field] as const]
  })
  const changed = changedColumns(file.columns, new Map(fields))
  if (!changed.ok) return faultOf(changed.refusal, fields, by.locale)
  const choice = { state: 'dropped', columns: changed.columns } as const
  const result = await chooseFile(world, { workspaceId, id, by, choice })
  return result.kind === 'done' ? done : refused(result, by.locale)
}

function refused(result: FileRefused, locale: Locale): FormReply {
  const { notDone: title, close } = formWords[locale]
  return { kind: 'update', view: sentenceView({ title, close, text: refusalOf(result, locale) }) }
}

/** Under the last column that fills the field, or else under the first of all. */
function faultOf(
  refusal: MappingRefusal,
  fields: readonly (readonly [number, string])[],
  locale: Locale,
): FormReply {
  const { twice, noEmail } = fileImportWords[locale].form
  const field = refusal.code === 'field-twice' ? refusal.field : undefined
  const [place = 0] = fields.findLast(([, chosenField]) => chosenField === field) ?? []
  return { kind: 'errors', errors: { [blockOf(place)]: field === undefined ? noEmail : twice } }
}

/** A CSV file that somebody drops into the direct conversation with Baton. */
export const fileImport: Feature = {
  events: { file_shared: shared },
  actions: {
    'file.import': chosen({ state: 'importing', handOver: false }),
    'file.hand_over': chosen({ state: 'importing', handOver: true }),
    'file.cancel': chosen({ state: 'cancelled' }),
    'file.columns': openColumns,
  },
  views: { [formId]: submitColumns },
}
