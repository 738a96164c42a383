import type { OpenAPIHono } from '@hono/zod-openapi'
import { reportDocument, reportTable, reportWords } from '../../../content/words/report.ts'
import type { World } from '../../../use-cases/ports/world.ts'
import { askReport } from '../../../use-cases/report.ts'
import type { Environment } from './environment.ts'
import { fail } from './errors.ts'
import { reportRoute } from './routes.ts'

/** The figures of a period, as JSON or, where CSV is what is accepted, as a table. */
export function addReports(api: OpenAPIHono<Environment>, world: World): void {
  api.openapi(reportRoute, async (context) => {
    const { workspaceId } = context.get('apiKey')
    const { from, to, groupBy = null } = context.req.valid('query')
    if ((from === undefined) !== (to === undefined)) {
      return fail(badPeriod(from === undefined ? 'from' : 'to', 'Both dates or none.'))
    }
    const period = from === undefined || to === undefined ? 'month' : { first: from, last: to }
    const told = await askReport(world, workspaceId, { period, groupBy, by: null })
    if (told.kind === 'bad-period') {
      return fail(badPeriod('to', reportWords.en.badPeriod[told.refusal]))
    }
    if (told.kind !== 'report') throw new Error('a key sees every report')
    const { report, inForce, names } = told
    const reader = { locale: 'en', agreement: inForce.agreement, names } as const
    if (wantsCsv(context.req.header('accept') ?? '')) {
      return context.body(world.writeCsv(reportTable(report, reader)), 200, {
        'content-type': 'text/csv; charset=utf-8',
        'content-disposition': `attachment; filename="sla-${report.period.firstDay}-${report.period.lastDay}.csv"`,
      })
    }
    return context.json(reportDocument(report, reader), 200)
  })
}

const badPeriod = (parameter: 'from' | 'to', detail: string) => ({
  status: 400 as const,
  detail: 'The query does not fit: see errors.',
  errors: [{ parameter, detail }],
})

/** CSV is given where it is named before JSON. */
function wantsCsv(accept: string): boolean {
  const csv = accept.indexOf('text/csv')
  const json = accept.indexOf('application/json')
  return csv !== -1 && (json === -1 || csv < json)
}
