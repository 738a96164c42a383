import { createInterface } from 'node:readline/promises'
import type { Command } from 'commander'
import { forgetWords } from '../content/words/erasure.ts'
import { emailAddress } from '../domain/lead.ts'
import { eraseLead } from '../use-cases/erase-lead.ts'
import { leadStory } from '../use-cases/lead-story.ts'
import type { World } from '../use-cases/ports/world.ts'
import { commandWorld } from './command-world.ts'
import { CommandError, print } from './output.ts'
import { withDatabase, workspaceOf } from './with-database.ts'

interface Options {
  lift?: boolean
  yes?: boolean
  json?: boolean
  workspace?: string
}

export function addForgetCommand(program: Command): void {
  program
    .command('forget')
    .description('erase a lead for good; for 30 days nothing brings it back')
    .argument('<email>', 'the address of the lead')
    .option('--lift', 'let a lead that was erased come in again')
    .option('--yes', 'erase without asking')
    .option('--workspace <id>', 'the workspace, where there are several')
    .option('--json', 'answer in JSON')
    .action(run)
}

/** An address on the command line, normalised. */
export function addressIn(text: string): string {
  const parsed = emailAddress.safeParse(text)
  if (parsed.success) return parsed.data
  throw new CommandError('expects an e-mail address')
}

async function run(email: string, options: Options): Promise<void> {
  const address = addressIn(email)
  await withDatabase(async (database) => {
    const workspaceId = await workspaceOf(database, options.workspace)
    const world = commandWorld(database)
    await (options.lift
      ? lift(world, workspaceId, address, options)
      : forget(world, workspaceId, address, options))
  })
}

async function lift(
  { erasures }: World,
  workspaceId: string,
  email: string,
  options: Options,
): Promise<void> {
  if (!(await erasures.lift(workspaceId, email))) throw new CommandError(forgetWords.nothingToLift)
  print(options, { lifted: true }, forgetWords.lifted)
}

async function forget(
  world: World,
  workspaceId: string,
  email: string,
  options: Options,
): Promise<void> {
  const story = await leadStory(world, workspaceId, email)
  if (story !== undefined) {
    if (!(await agreed(story.rounds.length + story.olderRounds, options))) return
  }
  const result = await eraseLead(world, workspaceId, email)
  switch (result.kind) {
    case 'unknown-lead':
      throw new CommandError(forgetWords.unknown)
    case 'erased-before': {
      const { at } = result
      return print(options, { erasedAt: at, handoffs: 0 }, forgetWords.erasedBefore(at))
    }
    case 'erased': {
      const { at, handoffs } = result.erased
      return print(options, { erasedAt: at, handoffs }, forgetWords.erased(handoffs))
    }
  }
}

/** Asks on a terminal; elsewhere nobody can answer, and calling the command was the answer. */
async function agreed(handoffs: number, { yes, json }: Options): Promise<boolean> {
  if (yes || json || !process.stdin.isTTY || !process.stderr.isTTY) return true
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  const answer = await terminal.question(forgetWords.ask(handoffs))
  terminal.close()
  return /^(y|yes|s|sì|si)$/i.test(answer.trim())
}
