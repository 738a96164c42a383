import fc from 'fast-check'
import { expect, test } from 'vitest'
import { chart } from '../../../src/adapters/slack/charts.ts'
import { faultsOf, messageBlocksSchema } from '../../support/slack-limits.ts'

const labelsOf = (...categories: string[]) =>
  chart({ kind: 'bar', title: 'By rep', categories, series: [{ name: 'All', values: [1, 2, 3] }] })

test('a chart has a value for each category, in their order', () => {
  const [drawn] = labelsOf('Anna', 'Luca')
  expect(drawn).toEqual({
    type: 'data_visualization',
    title: 'By rep',
    chart: {
      type: 'bar',
      series: [
        {
          name: 'All',
          data: [
            { label: 'Anna', value: 1 },
            { label: 'Luca', value: 2 },
          ],
        },
      ],
      axis_config: { categories: ['Anna', 'Luca'] },
    },
  })
})

test('names that are the same, or begin alike, are told apart', () => {
  const long = 'A source with a very long name'
  expect(labelsOf(long, `${long} too`, 'Fair')[0]?.chart.axis_config.categories).toEqual([
    'A source with a ver…',
    'A source with a v… 2',
    'Fair',
  ])
})

test('a chart of anything is within the limits of Slack', () => {
  const series = fc.record({
    name: fc.string({ unit: 'grapheme' }),
    values: fc.array(fc.nat(), { maxLength: 40 }),
  })
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme', maxLength: 80 }),
      fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 40 }),
      fc.array(series, { maxLength: 9 }),
      (title, categories, all) => {
        const drawn = chart({ kind: 'line', title, categories, series: all })
        expect(faultsOf(messageBlocksSchema, drawn)).toEqual([])
      },
    ),
    { numRuns: 60 },
  )
})
