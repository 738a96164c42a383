import { asPlain, cut } from './text.ts'

/** Slack's limits on charts: characters, and how many of a thing. */
export const chartLimits = { title: 50, label: 20, series: 6, points: 20 } as const

/** A chart over categories, as Slack draws it. */
export interface ChartBlock {
  type: 'data_visualization'
  title: string
  chart: {
    type: 'bar' | 'line'
    series: { name: string; data: { label: string; value: number }[] }[]
    axis_config: { categories: string[] }
  }
}

export interface Charted {
  kind: 'bar' | 'line'
  title: string
  /** In the order in which they are drawn; what others wrote is as they wrote it. */
  categories: readonly string[]
  /** A value for each category. */
  series: readonly { name: string; values: readonly number[] }[]
}

/** A chart within Slack's limits; nothing where there is nothing to compare. */
export function chart({ kind, title, categories, series }: Charted): ChartBlock[] {
  if (categories.length < 2 || series.length === 0) return []
  const labels = labelsOf(categories.slice(0, chartLimits.points))
  const names = labelsOf(series.slice(0, chartLimits.series).map(({ name }) => name))
  return [
    {
      type: 'data_visualization',
      title: asPlain(title, chartLimits.title) || '–',
      chart: {
        type: kind,
        series: names.map((name, which) => ({
          name,
          data: labels.map((label, place) => ({
            label,
            value: series[which]?.values[place] ?? 0,
          })),
        })),
        axis_config: { categories: labels },
      },
    },
  ]
}

/** Short enough, and none twice: Slack knows a value by its label. */
function labelsOf(names: readonly string[]): string[] {
  const taken = new Set<string>()
  for (const name of names) {
    const short = asPlain(name, chartLimits.label) || '–'
    let label = short
    for (let count = 2; taken.has(label); count++) {
      const mark = ` ${count}`
      label = `${cut(short, chartLimits.label - mark.length)}${mark}`
    }
    taken.add(label)
  }
  return [...taken]
}
