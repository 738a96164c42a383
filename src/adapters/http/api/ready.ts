import type { ApiOptions } from './environment.ts'

type Ready = ApiOptions['ready']

const none = { database: false, queue: false }
const withinMs = 3_000

/** Asks what answers; what fails, or has not said so within 3 s, does not answer. */
export function inTime(ready: Ready): Ready {
  return async () => {
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<typeof none>((resolve) => {
      timer = setTimeout(resolve, withinMs, none)
    })
    const answers = await Promise.race([ready().catch(() => none), late])
    clearTimeout(timer)
    return answers
  }
}
