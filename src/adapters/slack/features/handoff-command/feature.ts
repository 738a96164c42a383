import type { Feature } from '../feature.ts'
import { handoffCommand as command } from './command.ts'

/** Everything about leads that can be asked for in words. */
export const handoffCommand: Feature = {
  commands: { '/handoff': command },
}
