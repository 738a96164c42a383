import { formWords } from '../../../../content/words/forms.ts'
import { deadlineNames, pauseReasonName } from '../../../../content/words/notices.ts'
import {
  type Reader,
  whyDueLines,
  whyDueWords,
  zoneWords,
} from '../../../../content/words/why-due.ts'
import type { Agreement } from '../../../../domain/agreement.ts'
import { type Explanation, explainDeadline } from '../../../../domain/explain.ts'
import { type Deadline, type Handoff, isPending } from '../../../../domain/handoff.ts'
import { context, limits, plain, plainSection, section } from '../../blocks.ts'
import type { Click } from '../../payloads.ts'
import { asMrkdwn } from '../../text.ts'
import { type Block, type Desk, type FormView, memberSoon, type Reply } from '../feature.ts'
import { standingAt } from '../handoff-card/standing.ts'
import { unknownHandoff } from '../outcome.ts'

/** "Why due then?": the sum behind what presses, and behind the other clocks that run. */
export async function showWhyDue(click: Click, desk: Desk): Promise<Reply> {
  const [standing, member] = await Promise.all([
    standingAt(click.value, desk),
    memberSoon(click.asker, desk),
  ])
  if (standing === undefined) return unknownHandoff(member?.locale ?? 'en')
  const { handoff, agreement } = standing
  const reader = {
    locale: member?.locale ?? agreement.language,
    zone: member?.zone ?? agreement.calendar.timezone,
    now: desk.world.now(),
  }
  return { kind: 'open', view: buildWhyDue(handoff, agreement, reader) }
}

/** What is shown: a part for each deadline that is still to be met, the most urgent first. */
export function buildWhyDue(
  handoff: Handoff,
  agreement: Agreement,
  { locale, zone, now }: Pick<Reader, 'locale' | 'zone'> & { now: Date },
): FormView {
  const words = whyDueWords[locale]
  const reasonName = (reason: string): string =>
    asMrkdwn(pauseReasonName(agreement, reason, locale), nameAtMost)
  const explanations = toBeMet(handoff).flatMap(
    ({ kind }) => explainDeadline(handoff, kind, agreement) ?? [],
  )
  const parts = explanations.flatMap((one) => partOf(one, { locale, zone, now, reasonName }))
  const zones = new Set(explanations.flatMap((one) => zoneWords(one, { locale, zone })))
  const blocks = [...parts, ...context([...zones].map((text) => plain(text)))]
  return {
    type: 'modal',
    title: plain(words.title, limits.viewTitle),
    close: plain(formWords[locale].close, limits.viewTitle),
    blocks: blocks.length === 0 ? [plainSection(words.nothing)] : blocks.slice(0, limits.blocks),
  }
}

/** What presses first, then what else runs; clocks that stand still come last. */
function toBeMet({ deadlines }: Handoff): Deadline[] {
  const byDue = deadlines.toSorted((a, b) => a.dueAt.getTime() - b.dueAt.getTime())
  return [...byDue.filter(isPending), ...byDue.filter(({ state }) => state === 'paused')]
}

const nameAtMost = 200

function partOf(explanation: Explanation, reader: Reader & { now: Date }): Block[] {
  const name = deadlineNames[reader.locale][explanation.deadline.kind]
  const heading = `*${name.charAt(0).toUpperCase()}${name.slice(1)}*`
  return inSections([heading, ...whyDueLines(explanation, reader)])
}

/** As few sections as Slack's limit allows. */
function inSections(lines: readonly string[]): Block[] {
  const texts: string[] = []
  for (const line of lines) {
    const longer = [...texts.slice(-1), line].join('\n')
    if (longer.length > limits.section) texts.push(line)
    else texts.splice(-1, 1, longer)
  }
  return texts.map(section)
}
