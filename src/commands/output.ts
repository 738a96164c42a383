/** A command that can't do what it was asked; the message says why in a line. */
export class CommandError extends Error {
  override readonly name = 'CommandError'
}

/** Prints the answer of a command: as JSON for programs, else as the text for people. */
export function print(options: { json?: boolean | undefined }, value: unknown, text: string): void {
  process.stdout.write(`${options.json ? JSON.stringify(value) : text}\n`)
}
