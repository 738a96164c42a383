import {
  attemptChannelName,
  attemptOutcomeName,
  attemptWhy,
} from '../../../content/words/attempts.ts'
import { cardWords } from '../../../content/words/card.ts'
import { correctionWords } from '../../../content/words/corrections.ts'
import { sayInstant } from '../../../content/words/format.ts'
import { addressed, noticeWords } from '../../../content/words/notices.ts'
import { type Message, message, plainSection, section } from '../blocks.ts'
import { asMrkdwn } from '../text.ts'
import { type NoticeView, type Of, spoken } from './notice-telling.ts'

type Correction = Of<'attempt-corrected'>

/** An attempt that was put right: what is different, whether it counts now, and what follows. */
export function buildCorrection(
  notice: Correction,
  view: NoticeView,
  /** Who did it, where that is not the owner. */
  by: string | null,
): Message {
  const { locale } = view
  const words = correctionWords[locale]
  const { number, counted, of, verdict } = notice
  const begin = words.corrected(number, by)
  const changes = changesOf(notice, view)
  const counts = verdict.clause === 'counted'
  const said = [...changes, ...(counts ? [words.counted(counted, of)] : [])].join(', ')
  const line = [
    addressed([], said === '' ? `${begin}.` : `${begin}: ${said}.`),
    ...(counts ? [] : [asMrkdwn(attemptWhy(verdict, locale), spoken), words.standing(counted, of)]),
    ...notice.others.slice(0, mostOthers).map((other) => words.other(other.number, other.counted)),
    ...(notice.connected ? [words.connected] : []),
    ...(notice.finished ? [noticeWords[locale].finished(of)] : []),
  ].join(' ')
  const { note } = notice.is
  if (note === null || note === notice.was.note) return message(line)
  const shown = cardWords[locale].note(note)
  return message(`${line} ${asMrkdwn(shown, spoken)}`, [section(line), plainSection(shown)])
}

const mostOthers = 10

function changesOf({ was, is }: Correction, view: NoticeView): string[] {
  const { locale } = view
  const words = correctionWords[locale]
  const channel = (id: string): string => asMrkdwn(attemptChannelName(id, locale), spoken)
  const outcome = (id: string): string => asMrkdwn(attemptOutcomeName(id, locale), spoken)
  const at = (moment: Date): string => sayInstant(moment, { ...view, near: view.now })
  return [
    ...(was.void && !is.void ? [words.happenedAfterAll] : []),
    ...(is.channel === was.channel
      ? []
      : [words.instead(channel(is.channel), channel(was.channel))]),
    ...(is.outcome === was.outcome
      ? []
      : [words.instead(outcome(is.outcome), outcome(was.outcome))]),
    ...(is.at.getTime() === was.at.getTime() ? [] : [words.madeAt(at(is.at), at(was.at))]),
    ...(is.note === was.note ? [] : [words.newNote]),
  ]
}
