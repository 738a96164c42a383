import type { Reporter, TestModule, Vitest } from 'vitest/node'

/** Says why each skipped test was skipped, and closes with `N passed, N failed, N skipped`. */
export function summaryReporter(): Reporter {
  let vitest: Vitest | undefined
  return {
    onInit: (context) => {
      vitest = context
    },
    onTestRunEnd: (modules, unhandledErrors) => {
      const lines = summary(modules, unhandledErrors.length)
      // After the default reporter's own last words.
      vitest?.onClose(() => void process.stdout.write(`${lines.join('\n')}\n`))
    },
  }
}

function summary(modules: ReadonlyArray<TestModule>, unhandled: number): string[] {
  const tests = modules.flatMap((module) => [...module.children.allTests()])
  const results = tests.map((test) => ({ name: test.fullName, result: test.result() }))
  const count = (state: string) => results.filter(({ result }) => result.state === state).length
  // A file that could not be loaded, or an error outside any test, is a failure without a test.
  const broken = modules.filter((module) => module.errors().length > 0).length
  const skips = results.flatMap(({ name, result }) =>
    result.state === 'skipped' ? `skipped: ${name}: ${result.note ?? 'no reason given'}` : [],
  )
  const failed = count('failed') + broken + unhandled
  return [...skips, `${count('passed')} passed, ${failed} failed, ${count('skipped')} skipped`]
}
