import type { Click } from '../../payloads.ts'
import { type Desk, type Feature, localeOf, type Reply } from '../feature.ts'
import { openCorrection } from '../handoff-correct/correct.ts'
import { openOwner } from '../handoff-owner/owner.ts'
import { openHistory } from '../lead-story/history.ts'
import { unknownHandoff } from '../outcome.ts'
import { openContest } from '../return-answer/contest.ts'
import { markReadyClick } from '../return-answer/ready.ts'
import { openPause, resume, submitPause } from './pause.ts'
import { snooze } from './snooze.ts'
import { showWhyDue } from './why-due.ts'

/** What can be chosen in the card's menu. Each handler gets a click whose value is the handoff. */
const choices = new Map<string, (click: Click, desk: Desk) => Promise<Reply>>([
  ['why_due', showWhyDue],
  ['pause', openPause],
  ['resume', resume],
  ['correct', openCorrection],
  ['owner', openOwner],
  ['history', openHistory],
  ['ready', markReadyClick],
  ['contest', openContest],
])

/** A choice in the menu of a card: `<what>:<handoff>`. */
async function choose(click: Click, desk: Desk): Promise<Reply> {
  const [what = '', handoff = ''] = click.value.split(':')
  const handle = choices.get(what)
  if (handle === undefined) return unknownHandoff(await localeOf(click.asker, desk))
  return handle({ ...click, value: handoff }, desk)
}

/** What is needed now and then: the menu of a card, and the buttons that lead to the same. */
export const handoffMore: Feature = {
  actions: {
    'handoff.more': choose,
    'handoff.why_due': showWhyDue,
    'handoff.snooze': snooze,
  },
  views: {
    'handoff.pause': submitPause,
  },
}
