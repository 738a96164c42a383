import type { MessageMetadata } from '@slack/types'
import { barWords, fileImportWords, targetWords } from '../../../../content/words/file-import.ts'
import type { Locale } from '../../../../domain/agreement.ts'
import { tellsReasons } from '../../../../domain/dropped-file.ts'
import type { DroppedFile } from '../../../../use-cases/ports/dropped-files.ts'
import { actions, button, context, type Message, message, plain, section } from '../../blocks.ts'
import { asMrkdwn } from '../../text.ts'
import type { Block } from '../feature.ts'

/** What a message shows of a file; a form can hold so many columns, too. */
export const mostColumns = 20

/** Far below what Slack takes in a section, with twenty columns. */
const most = { name: 100, heading: 40, target: 60, example: 30 } as const

type Examples = readonly (string | null)[]

/** A dropped file as it stands, with what can be done about it. */
export function buildFileMessage(
  file: DroppedFile,
  locale: Locale,
  examples: Examples = [],
): Required<Message> & { metadata: MessageMetadata } {
  const { text, blocks = [] } = shownAs(file, locale, examples)
  return {
    text,
    blocks,
    metadata: { event_type: 'baton_file', event_payload: { key: keyOf(file) } },
  }
}

/** By which its message is found again. */
export const keyOf = ({ id }: DroppedFile): string => id

function shownAs(file: DroppedFile, locale: Locale, examples: Examples): Message {
  const words = fileImportWords[locale]
  const { state, progress, handOver, fault } = file
  const name = asMrkdwn(file.name ?? 'CSV', most.name)
  switch (state) {
    case 'dropped':
    case 'offered':
      return offer(file, locale, examples)
    case 'importing':
      return said(words.importing(name), [section(barWords(progress, locale))])
    case 'done':
      return said(
        words.done(name, progress, handOver),
        context(progress.bad === 0 || file.badFileId === null ? [] : [plain(words.badRowsListed)]),
      )
    case 'cancelled':
      return said(words.cancelled(name))
    case 'failed':
      return said(words.faults[fault ?? 'gave-up'])
  }
}

const said = (text: string, more: readonly Block[] = []): Message =>
  message(text, [section(text), ...more])

function offer(file: DroppedFile, locale: Locale, examples: Examples): Message {
  const words = fileImportWords[locale]
  const { id, progress } = file
  const columns = file.columns ?? []
  const name = asMrkdwn(file.name ?? 'CSV', most.name)
  const reasons = progress.handedOver
  const canHandOver = tellsReasons(columns)
  const text = [
    words.offered(name, progress),
    ...(canHandOver && reasons > 0 ? [words.reasons(reasons)] : []),
  ].join(' ')
  const { buttons } = words
  return said(text, [
    section([`*${words.mapping}*`, ...mappingLines(columns, locale, examples)].join('\n')),
    ...context(progress.bad === 0 ? [] : [plain(words.badRows)]),
    ...actions([
      button('file.import', buttons.start, id, canHandOver ? undefined : 'primary'),
      ...(canHandOver ? [button('file.hand_over', buttons.handOver, id, 'primary')] : []),
      ...(columns.length > mostColumns ? [] : [button('file.columns', buttons.columns, id)]),
      button('file.cancel', buttons.cancel, id),
    ]),
  ])
}

function mappingLines(
  columns: NonNullable<DroppedFile['columns']>,
  locale: Locale,
  examples: Examples,
): string[] {
  const words = fileImportWords[locale]
  const lines = columns.slice(0, mostColumns).map(({ heading, target }, place) => {
    const example = examples[place] ?? null
    const shown = example === null ? '' : ` (${asMrkdwn(example, most.example)})`
    const field = asMrkdwn(targetWords(target, locale), most.target)
    return `• ${asMrkdwn(heading, most.heading)} → ${field}${shown}`
  })
  const more = columns.length - mostColumns
  return more > 0 ? [...lines, `• ${words.moreColumns(more)}`] : lines
}
