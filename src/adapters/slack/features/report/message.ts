import type { ActionsBlock, DataTableBlock, StaticSelect } from '@slack/types'
import { formatNumber } from '../../../../content/words/format.ts'
import {
  groupName,
  headlines,
  lengthWords,
  periodWords,
  reportWords,
  shareWords,
} from '../../../../content/words/report.ts'
import type { Locale } from '../../../../domain/agreement.ts'
import {
  type Figures,
  type Grouping,
  groupings,
  periodNames,
  shareOf,
} from '../../../../domain/report.ts'
import type { PeriodAsked, ToldReport } from '../../../../use-cases/report.ts'
import {
  button,
  context,
  header,
  limits,
  type Message,
  message,
  option,
  plain,
  section,
} from '../../blocks.ts'
import { chart } from '../../charts.ts'
import type { Drawn } from '../../drawings.ts'
import { asMrkdwn, asPlain } from '../../text.ts'
import { type Asked, written } from './asked.ts'

/** How many groups a message shows; the CSV has all. */
const mostGroups = 15
const mostName = 60

export interface ReportView {
  locale: Locale
  asked: Asked
  /** Without buttons: for everybody in the channel. */
  shared?: boolean
}

/** How groups are drawn; of the others the table tells enough. */
const chartOf: Partial<Record<Grouping, 'bar' | 'line'>> = {
  ...{ rep: 'bar', type: 'bar', source: 'bar' },
  ...{ week: 'line', month: 'line' },
}

/**
 * A report as a message with a chart and a table that Slack draws, and as one that says the same in
 * text.
 */
export function buildReport(
  told: ToldReport,
  { locale, asked, shared = false }: ReportView,
): { message: Message; drawn: Drawn } {
  const words = reportWords[locale]
  const { report, inForce, names, sight } = told
  const { total, groups, groupBy } = report
  const reader = { locale, agreement: inForce.agreement, names }
  const title = `${words.title}: ${periodWords(report, locale)}`
  const lines =
    total.handoffs === 0
      ? [words.nothing]
      : headlines(total, reader, (text) => asMrkdwn(text, mostName))
  const shown = groups.slice(0, mostGroups).map(({ key, figures }) => ({
    name: groupName(key, groupBy, reader),
    figures,
    cells: cellsOf(figures, locale),
  }))
  const left = groups.length - shown.length
  const heading = groupBy === null ? '' : words.groupings[groupBy]
  const before = [header(title), section(lines.join('\n'))]
  const after = [
    ...context([
      ...(left > 0 ? [plain(words.more(formatNumber(left, locale)))] : []),
      ...(sight === 'own' ? [plain(words.ownOnly)] : []),
    ]),
    ...(shared ? [] : [choices(asked, locale)]),
  ]
  const { columns } = words
  const named = [columns.accepted, columns.returned, columns.inTime, columns.median]
  const rows = shown.map(({ name, cells }) => {
    const [handoffs = '', ...others] = cells
    const told = others.map((cell, place) => `${named[place] ?? ''} ${cell}`)
    return `*${asMrkdwn(name, mostName)}*: ${handoffs} · ${told.join(' · ')}`
  })
  const text = [title, ...lines, ...rows].join('\n')
  const list = rows.length === 0 ? [] : [section([`*${heading}*`, ...rows].join('\n'))]
  const table: DataTableBlock[] =
    shown.length === 0
      ? []
      : [
          {
            type: 'data_table',
            caption: heading,
            page_size: mostGroups,
            rows: [
              [heading, columns.handoffs, ...named],
              ...shown.map(({ name, cells }) => [asPlain(name, mostName) || '–', ...cells]),
            ].map((row) => row.map((cell) => ({ type: 'raw_text' as const, text: cell }))),
          },
        ]
  const kind = groupBy === null ? undefined : chartOf[groupBy]
  const counted = shown.map(({ figures }) => figures)
  const charts =
    kind === undefined
      ? []
      : chart({
          ...{ kind, title: heading, categories: shown.map(({ name }) => name) },
          series: [
            { name: columns.handoffs, values: counted.map(({ handoffs }) => handoffs) },
            { name: columns.accepted, values: counted.map(({ accepted }) => accepted) },
            { name: columns.returned, values: counted.map(backOf) },
          ],
        })
  return {
    message: message(text, [...before, ...list, ...after]),
    drawn: { ...message(text), blocks: [...before, ...charts, ...table, ...after] },
  }
}

const backOf = ({ returned, unresponsive }: Figures): number => returned + unresponsive

/** Of a group: how many, accepted, returned, accepted in time, and the median of acceptance. */
function cellsOf(figures: Figures, locale: Locale): string[] {
  const { handoffs, accepted, clocks, toAccept } = figures
  return [
    formatNumber(handoffs, locale),
    shareWords(shareOf(accepted, handoffs), locale),
    shareWords(shareOf(backOf(figures), handoffs), locale),
    shareWords(clocks.find(({ kind }) => kind === 'accept')?.share ?? null, locale),
    lengthWords(toAccept.working.median, locale),
  ]
}

/** Another period, another group, everybody, or the file. */
function choices(asked: Asked, locale: Locale): ActionsBlock {
  const { choose, periods, groupings: groups } = reportWords[locale]
  const value = written(asked)
  return {
    type: 'actions',
    elements: [
      menu(
        'report.period',
        choose.period,
        [...periodNames.map((period) => option(written({ ...asked, period }), periods[period]))],
        isNamed(asked.period) ? value : undefined,
      ),
      menu(
        'report.group',
        choose.group,
        [
          option(written({ ...asked, groupBy: null }), choose.noGroup),
          ...groupings.map((groupBy) => option(written({ ...asked, groupBy }), groups[groupBy])),
        ],
        value,
      ),
      button('report.share', choose.share, value),
      button('report.csv', choose.csv, value),
    ],
  }
}

const isNamed = (period: PeriodAsked): boolean => typeof period === 'string'

function menu(
  id: string,
  label: string,
  options: ReturnType<typeof option>[],
  chosen: string | undefined,
): StaticSelect {
  const initial = options.find(({ value }) => value === chosen)
  return {
    type: 'static_select',
    action_id: id,
    placeholder: plain(label, limits.placeholder),
    options,
    ...(initial === undefined ? {} : { initial_option: initial }),
  }
}
