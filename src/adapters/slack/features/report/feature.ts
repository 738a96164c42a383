import { reportTable, reportWords, understandReport } from '../../../../content/words/report.ts'
import type { Member } from '../../../../domain/person.ts'
import { askReport, type ReportAnswer, type ToldReport } from '../../../../use-cases/report.ts'
import { message, section } from '../../blocks.ts'
import type { Click, Command } from '../../payloads.ts'
import { type Desk, type Feature, memberOf, type Reply, tell } from '../feature.ts'
import { type Asked, readAsked } from './asked.ts'
import { buildReport } from './message.ts'

/** `/sla report [period] [by …]`: the figures, to the asker alone. */
export async function showReport({ asker }: Command, said: string, desk: Desk): Promise<Reply> {
  const by = await memberOf(asker, desk)
  const asked = understandReport(said)
  if (asked === undefined) return sentence(reportWords[by.locale].help)
  return reportTo(by, asked, desk, (told) => ({
    kind: 'draw',
    ...buildReport(told, { locale: by.locale, asked }),
  }))
}

/** Another period or group was chosen: the new report takes the place of the old one. */
const choose = (click: Click, desk: Desk): Promise<Reply> =>
  clicked(click, desk, (told, by, asked) => ({
    kind: 'draw',
    replaces: true,
    ...buildReport(told, { locale: by.locale, asked }),
  }))

const share = (click: Click, desk: Desk): Promise<Reply> =>
  clicked(click, desk, (told, by, asked) => ({
    kind: 'draw',
    inChannel: true,
    ...buildReport(told, { locale: by.locale, asked, shared: true }),
  }))

const takeAway = (click: Click, desk: Desk): Promise<Reply> =>
  clicked(click, desk, ({ report, inForce, names }, { locale }) => {
    const table = reportTable(report, { locale, agreement: inForce.agreement, names })
    const { firstDay, lastDay } = report.period
    return {
      kind: 'file',
      message: message(reportWords[locale].csvReady),
      file: { name: `sla-${firstDay}-${lastDay}.csv`, content: desk.world.writeCsv(table) },
    }
  })

async function clicked(
  { asker, value }: Click,
  desk: Desk,
  then: (told: ToldReport, by: Member, asked: Asked) => Reply,
): Promise<Reply> {
  const by = await memberOf(asker, desk)
  const asked = readAsked(value)
  if (asked === undefined) return sentence(reportWords[by.locale].help)
  return reportTo(by, asked, desk, (told) => then(told, by, asked))
}

/** The report as far as they may see it; else the sentence that says why not. */
async function reportTo(
  by: Member,
  asked: Asked,
  { world, workspaceId }: Desk,
  then: (told: ToldReport) => Reply,
): Promise<Reply> {
  const answer = await askReport(world, workspaceId, { ...asked, by })
  return answer.kind === 'report' ? then(answer) : sentence(refusalOf(answer, by))
}

function refusalOf(answer: Exclude<ReportAnswer, ToldReport>, { locale }: Member): string {
  const words = reportWords[locale]
  switch (answer.kind) {
    case 'role-required':
      return words.roleRequired
    case 'managers-only':
      return words.managersOnly
    case 'bad-period':
      return `${words.badPeriod[answer.refusal]} ${words.help}`
  }
}

const sentence = (text: string): Reply => tell(message(text, [section(text)]))

/** The figures of a period: who asks sees what their role lets them see. */
export const report: Feature = {
  actions: {
    'report.period': choose,
    'report.group': choose,
    'report.share': share,
    'report.csv': takeAway,
  },
}
