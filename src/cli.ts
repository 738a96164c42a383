import { Command } from 'commander'
import { AgreementFileError } from './adapters/agreement-file.ts'
import { addAgreementCommands } from './commands/agreement.ts'
import { addApiKeyCommands } from './commands/api-key.ts'
import { addDoctorCommand } from './commands/doctor.ts'
import { addExportCommand } from './commands/export.ts'
import { addForgetCommand } from './commands/forget.ts'
import { addGlossaryCommands } from './commands/glossary.ts'
import { addImportCommand } from './commands/import.ts'
import { addMigrateCommand } from './commands/migrate.ts'
import { CommandError } from './commands/output.ts'
import { addReportCommand } from './commands/report.ts'
import { addWebhookCommands } from './commands/webhook.ts'
import { ConfigError } from './config.ts'
import { version } from './shipped.ts'
import { StartError } from './start-error.ts'

/** The operator's command line: `npm run baton -- <command>`. */
const program = new Command('baton')
  .description('Baton, the Slack bot for the handoff from marketing to sales')
  .version(version)
  .showHelpAfterError()

addMigrateCommand(program)
addApiKeyCommands(program)
addAgreementCommands(program)
addImportCommand(program)
addExportCommand(program)
addForgetCommand(program)
addDoctorCommand(program)
addWebhookCommands(program)
addGlossaryCommands(program)
addReportCommand(program)

// whoever reads the answer may have had enough of it
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(process.exitCode)
  throw error
})

const isOurs = (error: unknown): error is Error =>
  error instanceof CommandError || error instanceof StartError || isSystemError(error)
const isSystemError = (error: unknown): error is Error => error instanceof Error && 'code' in error

try {
  await program.parseAsync()
} catch (error) {
  if (error instanceof ConfigError || error instanceof AgreementFileError) {
    process.stderr.write(`baton: ${error.message}\n`)
    process.exitCode = 2
  } else if (isOurs(error)) {
    process.stderr.write(`baton: ${error.message}\n`)
    process.exitCode = 1
  } else throw error
}
