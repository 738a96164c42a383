/** Baton can't start; the message says why in a line. */
export class StartError extends Error {
  override readonly name = 'StartError'
}
