import type { Reporter } from 'vitest/node'

/** Prints what the fault tests came to, a line a row. */
export function tableReporter(): Reporter {
  return {
    onTestRunEnd(modules) {
      const rows = modules
        .flatMap((module) => [...module.children.allTests()])
        .flatMap((test) => {
          const { faults } = test.meta()
          return faults === undefined ? [] : [{ ...faults, held: test.result().state === 'passed' }]
        })
        .sort((a, b) => a.row - b.row)
      if (rows.length === 0) return
      const lines = [
        heads,
        ...rows.map(({ row, fault, rounds, faults, lost, doubled, early, worstLateMs, held }) =>
          [
            row,
            fault,
            rounds,
            faults,
            lost,
            doubled,
            early,
            worstLateMs ?? '–',
            held ? 'yes' : 'NO',
          ].map(String),
        ),
      ]
      const widths = heads.map((_, at) => Math.max(...lines.map((line) => line[at]?.length ?? 0)))
      const text = lines.map((line) =>
        line
          .map((cell, at) =>
            at === 1 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0),
          )
          .join('  '),
      )
      process.stdout.write(`\n${text.join('\n')}\n`)
    },
  }
}

const heads = ['row', 'fault', 'rounds', 'faults', 'lost', 'doubled', 'early', 'late ms', 'held']
