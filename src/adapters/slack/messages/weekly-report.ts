import { bulletinWords, weeklyLines } from '../../../content/words/bulletins.ts'
import { formatDay } from '../../../content/words/format.ts'
import type { WeeklyReport } from '../../../use-cases/ports/bulletins.ts'
import { context, header, type Message, message, mrkdwn, section } from '../blocks.ts'
import { asMrkdwn } from '../text.ts'

const mostName = 80

/** How the week was, for the managers' channel in its language: at most eight lines. */
export function buildWeeklyReport(report: WeeklyReport): Message {
  const { agreement, period } = report
  const locale = agreement.language
  const words = bulletinWords[locale].weekly
  const days = [period.firstDay, period.lastDay].map((day) => formatDay(day, locale))
  const title = words.title(days.join(' – '))
  const lines = weeklyLines(report, locale, (text) => asMrkdwn(text, mostName))
  return message([title, ...lines, words.more].join('\n'), [
    header(title),
    section(lines.join('\n')),
    ...context([mrkdwn(words.more)]),
  ])
}
