import {
  claraAgain,
  eva,
  greta,
  james,
  maria,
  paolo,
  type SampleHandoff,
  type SampleVisitor,
} from './workspace.ts'

/** What happens in the sandbox. Each answers whether it came about. */
export interface Stage {
  /** Marketing hands a lead over, as `POST /api/v1/handoffs` does. */
  handOff(sample: SampleHandoff): Promise<boolean>
  /** A lead that marketing knows does its nth activity, as `POST /api/v1/activities` tells it. */
  visit(visitor: SampleVisitor, nth: number): Promise<boolean>
  /** A rep takes a lead; people are named by their addresses. */
  accept(lead: string, by: string): Promise<boolean>
  call(lead: string, by: string): Promise<boolean>
  /** How often a lead was handed over. */
  rounds(lead: string): Promise<number>
}

interface Beat {
  /** After the beginning of the story. */
  afterMs: number
  happens(stage: Stage): Promise<boolean>
  /** What to look at, said when it came about: one line a chapter. */
  line?: string
}

export interface Chapter {
  /** The lead it is about, and with which handoff of theirs it is over. */
  lead: string
  round: number
  beats: readonly Beat[]
}

const luca = 'luca@acme.example'

const handedOff = (sample: SampleHandoff, at: Omit<Beat, 'happens'>): Chapter => ({
  lead: sample.lead.email,
  round: sample.whatChanged === undefined ? 1 : 2,
  beats: [{ ...at, happens: (stage) => stage.handOff(sample) }],
})

const visits = (visitor: SampleVisitor, moments: readonly Omit<Beat, 'happens'>[]): Chapter => ({
  lead: visitor.lead.email,
  round: 1,
  beats: moments.map((at, nth) => ({ ...at, happens: (stage) => stage.visit(visitor, nth) })),
})

const then = (chapter: Chapter, ...beats: readonly Beat[]): Chapter => ({
  ...chapter,
  beats: [...chapter.beats, ...beats],
})

/** In the order in which they begin. */
export const chapters: readonly Chapter[] = [
  handedOff(maria, {
    afterMs: 1_000,
    line: 'Maria Verdi is hot, she wants a quote: #sql-handoffs, press Accept',
  }),
  then(
    handedOff(james, {
      afterMs: 9_000,
      line: 'James Holt is for the service team: #service-handoffs; Luca takes him and calls',
    }),
    { afterMs: 17_000, happens: (stage) => stage.accept(james.lead.email, luca) },
    { afterMs: 29_000, happens: (stage) => stage.call(james.lead.email, luca) },
  ),
  handedOff(eva, {
    afterMs: 20_000,
    line: 'Eva Lindqvist, leave her: reminders in her thread, then late, then #sales-managers',
  }),
  visits(greta, [
    { afterMs: 14_000 },
    { afterMs: 23_000 },
    { afterMs: 31_000 },
    {
      afterMs: 38_000,
      line: 'Greta Lind hands herself over: a quote asked for, more than 70 points; her card adds up',
    },
  ]),
  handedOff(claraAgain, {
    afterMs: 50_000,
    line: 'Clara Weiss was not ready, now she is: her card says what has changed since',
  }),
  handedOff(paolo, {
    afterMs: 120_000,
    line: 'Paolo Greco is a student: Return, not a fit, and the card asks which criterion',
  }),
]

export interface Telling {
  stage: Stage
  /** Says one line in the terminal. */
  tell(line: string): void
  log: { warn(message: string): void }
}

/** The chapters that have not happened yet, however Baton was ended. */
export async function chaptersLeft({ rounds }: Pick<Stage, 'rounds'>): Promise<Chapter[]> {
  const known = await Promise.all(chapters.map(({ lead }) => rounds(lead)))
  return chapters.filter(({ round }, index) => (known[index] ?? 0) === round - 1)
}

/**
 * Tells these chapters, the first of them at once. What is refused is passed over, since people act
 * in between. The answer stops it.
 */
export function tellStory(left: readonly Chapter[], { stage, tell, log }: Telling): () => void {
  const beats = left.flatMap((chapter) => chapter.beats)
  const first = Math.min(...beats.map(({ afterMs }) => afterMs))
  const begin = chapters[0]?.beats[0]?.afterMs ?? 0
  const happen = async ({ happens, line }: Beat): Promise<void> => {
    try {
      if ((await happens(stage)) && line !== undefined) tell(line)
    } catch (error) {
      log.warn(`the story of the sandbox goes on without one of its leads: ${error}`)
    }
  }
  const timers = beats.map((beat) =>
    setTimeout(() => void happen(beat), beat.afterMs - first + begin),
  )
  return () => {
    for (const timer of timers) clearTimeout(timer)
  }
}
