import { CrmFault } from '../../use-cases/ports/crm.ts'

/** What else the edge has to say about an answer. */
export interface Answered {
  status: number
  /** How long it asks to be left alone. */
  afterMs?: number | null
  /** A word of its own for what is wrong, never data. */
  code?: string | undefined
}

/**
 * What the answer of a CRM means. A key that was revoked comes back one day, so that waits as well;
 * only what concerns the one record is final. Nothing of the body goes along: it may quote a lead.
 */
export function faultOf(system: string, { status, afterMs = null, code }: Answered): CrmFault {
  const said = `${system} answered ${status}${code === undefined ? '' : ` ${code}`}`
  if (status === 404 || status === 410) return new CrmFault('gone', said)
  const waits = status >= 500 || [401, 403, 408, 423, 429, 477].includes(status)
  return new CrmFault(waits ? 'later' : 'never', said, afterMs)
}

export const unreachable = (system: string): CrmFault =>
  new CrmFault('later', `${system} can't be reached`)

/** Takes what is not there any more for an answer; any other fault stays one. */
export const ifGone =
  <T>(gone: T) =>
  (error: unknown): T => {
    if (error instanceof CrmFault && error.kind === 'gone') return gone
    throw error
  }

/** Waits for an answer, for a while: one that hangs is one that can't be reached. */
export async function inTime<T>(answer: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('no answer in time')), ms)
  })
  try {
    return await Promise.race([answer, tooLate])
  } finally {
    clearTimeout(timer)
  }
}

/** The seconds of a Retry-After, as milliseconds. */
export function retryAfterMs(value: string | null | undefined): number | null {
  return value != null && /^\d{1,5}$/.test(value) ? Number(value) * 1_000 : null
}
