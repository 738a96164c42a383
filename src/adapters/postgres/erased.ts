import { DatabaseError } from 'pg'
import { LeadErased } from '../../use-cases/ports/erasures.ts'

/** Whether the database refused a row since its lead was erased. */
export const isErased = (error: unknown): boolean =>
  error instanceof DatabaseError && error.constraint === 'leads_not_erased'

/** Throws what a statement failed with, in the words of the ports. */
export function asErased(error: unknown): never {
  throw isErased(error) ? new LeadErased() : error
}
