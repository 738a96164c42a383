import type { OpenAPIHono } from '@hono/zod-openapi'
import { acceptHandoff } from '../../../use-cases/accept-handoff.ts'
import { acknowledgeReturn } from '../../../use-cases/acknowledge-return.ts'
import { contestReturn } from '../../../use-cases/contest-return.ts'
import { markReady } from '../../../use-cases/mark-ready.ts'
import type { World } from '../../../use-cases/ports/world.ts'
import { giveBack, reassignHandoff } from '../../../use-cases/reassign-handoff.ts'
import { reportDeal } from '../../../use-cases/report-deal.ts'
import { returnHandoff } from '../../../use-cases/return-handoff.ts'
import { ruleOnReturn } from '../../../use-cases/rule-on-return.ts'
import { move } from './answers.ts'
import type { Environment } from './environment.ts'
import {
  acceptRoute,
  acknowledgeRoute,
  contestRoute,
  outcomeRoute,
  readyRoute,
  reassignRoute,
  returnRoute,
  ruleRoute,
} from './routes.ts'

/** What sales and marketing do to a handoff; each is answered with the handoff as it then is. */
export function addMoves(api: OpenAPIHono<Environment>, world: World): void {
  addMovesOfSales(api, world)
  addAnswersToReturns(api, world)
}

function addMovesOfSales(api: OpenAPIHono<Environment>, world: World): void {
  api.openapi(acceptRoute, (context) =>
    move(world, context, (target) => acceptHandoff(world, target)),
  )

  api.openapi(outcomeRoute, (context) =>
    move(world, context, (target, { dealStage: stage, lostReason, note }) =>
      reportDeal(world, target, { stage, lostReason, note, fromProgram: true }),
    ),
  )

  api.openapi(reassignRoute, (context) =>
    move(world, context, async (target, { to }) => {
      if (to === null) return giveBack(world, target)
      const member = await world.members.byEmail(target.workspaceId, to)
      return reassignHandoff(world, target, { to: member })
    }),
  )

  api.openapi(returnRoute, (context) =>
    move(world, context, (target, said) => {
      const { reason, criterion, readyOn, readyWhen, field, duplicateOf, note } = said
      const returned = { reason, criterion, readyOn, readyWhen, field, duplicateOf, note }
      return returnHandoff(world, target, returned)
    }),
  )
}

function addAnswersToReturns(api: OpenAPIHono<Environment>, world: World): void {
  api.openapi(acknowledgeRoute, (context) =>
    move(world, context, (target) => acknowledgeReturn(world, target)),
  )

  api.openapi(contestRoute, (context) =>
    move(world, context, (target, { why }) => contestReturn(world, target, { why })),
  )

  api.openapi(ruleRoute, (context) =>
    move(world, context, (target, { ruling, words }) =>
      ruleOnReturn(world, target, { ruling, words }),
    ),
  )

  api.openapi(readyRoute, (context) => move(world, context, (target) => markReady(world, target)))
}
