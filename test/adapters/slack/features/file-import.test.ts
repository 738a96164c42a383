import { describe, expect, test } from 'vitest'
import { buildFileMessage } from '../../../../src/adapters/slack/features/file-import/message.ts'
import { locales } from '../../../../src/domain/agreement.ts'
import { type Column, leadFields } from '../../../../src/domain/csv-mapping.ts'
import { fileFaults, fileStates } from '../../../../src/domain/dropped-file.ts'
import type { DroppedFile } from '../../../../src/use-cases/ports/dropped-files.ts'
import { faultsOf, messageBlocksSchema } from '../../../support/slack-limits.ts'

const columns: Column[] = [
  { heading: 'E-mail', target: 'email' },
  { heading: 'Motivo', target: 'reason' },
  { heading: 'Colore', target: 'attributes.Colore' },
  { heading: 'Note', target: null },
]

const file: DroppedFile = {
  ...{ id: 'drop_1', workspaceId: 'T1', fileId: 'F1', channelId: 'D1', ts: '1.1', byId: 'per_1' },
  ...{ state: 'offered', name: 'leads.csv', columns, handOver: true, fault: null },
  progress: {
    ...{ rows: 1_204, doneRows: 542, created: 37, changed: 12, unchanged: 1_148, bad: 7 },
    ...{ handedOver: 5, handedBefore: 1 },
  },
  ...{ badFileId: 'F2', tries: 0 },
}

describe('the message about a dropped file', () => {
  test.each(locales)('says in %s how it stands, in every state', (locale) => {
    const said = fileStates
      .filter((state) => state !== 'dropped')
      .map((state) => {
        const fault = state === 'failed' ? 'not-csv' : null
        const { text, blocks } = buildFileMessage({ ...file, state, fault }, locale, [
          'a@b.example',
        ])
        return [state, text, JSON.stringify(blocks.slice(1))].join('\n')
      })
    expect(said.join('\n\n')).toMatchSnapshot()
  })

  test('stays inside Slack’s limits, whatever a file holds', () => {
    const hostile = '<!channel> *_~`>&'.repeat(30)
    for (const locale of locales) {
      for (const state of fileStates) {
        for (const fault of fileFaults) {
          const many = Array.from({ length: 300 }, (_, n): Column => {
            const target = leadFields[n] ?? `attributes.${hostile.slice(0, 90)}`
            return { heading: `${n} ${hostile}`, target }
          })
          const wild = { ...file, state, fault, name: hostile, columns: many }
          const { blocks, text } = buildFileMessage(
            wild,
            locale,
            many.map(() => hostile),
          )
          expect(faultsOf(messageBlocksSchema, blocks)).toEqual([])
          expect(text.length).toBeLessThanOrEqual(3_000)
          expect(JSON.stringify(blocks) + text).not.toContain('<!channel>')
        }
      }
    }
  })

  test('can’t have its columns changed where a form could not hold them', () => {
    const many = Array.from({ length: 21 }, (_, n): Column => {
      return { heading: `${n}`, target: n === 0 ? 'email' : null }
    })
    const { blocks } = buildFileMessage({ ...file, columns: many }, 'en')
    expect(JSON.stringify(blocks)).not.toContain('file.columns')
    expect(JSON.stringify(blocks)).toContain('and 1 more column')
  })
})
