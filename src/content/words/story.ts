import { type Agreement, type Locale, lifecycleStages } from '../../domain/agreement.ts'
import { calendarDateIn } from '../../domain/business-time.ts'
import { leadTypeOf } from '../../domain/clocks.ts'
import type { AttemptVerdict, ReturnFacts } from '../../domain/handoff.ts'
import type { Person } from '../../domain/person.ts'
import type { AttemptTold, Chapter, Entry, FoundLead, RecordedChange } from '../../domain/story.ts'
import { attemptChannelName, attemptOutcomeName, attemptWhy } from './attempts.ts'
import { cardWords, leadFieldNames } from './card.ts'
import { verbNames } from './command.ts'
import { formatDay, formatDuration, formatNumber, plural, sayInstant } from './format.ts'
import { stageName } from './lifecycle.ts'
import {
  addressed,
  dealStageName,
  lostReasonName,
  noticeWords,
  pauseReasonName,
  rulingNames,
} from './notices.ts'

/** The story of a lead in words: plain text, a line an entry. */

type Of<Kind extends Entry['kind']> = Extract<Entry, { kind: Kind }>
type Name = string | null

/** People come as names; null where nobody is on record. */
interface Words {
  title: string
  first: string
  beforeTheFirst: string
  handedOver(said: { hot: boolean; by: Name; offeredTo: Name; reason: string }): string
  accepted(by: Name, took: string): string
  attempt(number: number, by: Name, connected: boolean): string
  corrected(number: number, by: Name): string
  /** Another attempt that is judged anew. */
  other(number: number, why: string): string
  madeAt(when: string): string
  takenOver(by: Name, from: Name): string
  passedOn(by: Name, from: Name, to: Name): string
  givenBack(by: Name, from: Name): string
  overdue(from: Name, to: Name): string
  returned(reason: string, by: Name): string
  acknowledged(by: Name): string
  contested(by: Name, why: string | null): string
  handedOverAgain(by: Name): string
  paused(by: Name, reason: string, until: string): string
  resumed(by: Name): string
  ready(by: Name): string
  news(by: Name, reason: string): string
  ruledAlike: string
  goesOn: string
  moved(by: Name): string
  quoted(text: string): string
  status(status: string): string
  stage(move: string, clause: string | null): string
  owner(name: string): string
  rounds(count: number): string
  olderRounds(count: number): string
  /** Lines of a handoff are left out. */
  earlier: string
  /** Several leads were found. */
  found(sought: string): string
  moreFound: string
  notFound(sought: string): string
  howToFind: string
  /** Whoever has no role in the agreement, and whoever is a guest here. */
  noRole: string
  guest: string
}

export const storyWords: Record<Locale, Words> = {
  en: {
    title: 'History',
    first: 'First handoff',
    beforeTheFirst: 'Before the first handoff',
    handedOver: ({ hot, by, offeredTo, reason }) =>
      `Handed over${hot ? ' as hot' : ''}${told(by, ' by ')}${told(offeredTo, ', offered to ')}: “${reason}”`,
    accepted: (by, took) => `Accepted${told(by, ' by ')} in ${took}`,
    attempt: (number, by, connected) =>
      `${connected ? 'Connected with attempt' : 'Attempt'} ${formatNumber(number, 'en')}${told(by, ' by ')}`,
    corrected: (number, by) => `Attempt ${formatNumber(number, 'en')} corrected${told(by, ' by ')}`,
    other: (number, why) => `Attempt ${formatNumber(number, 'en')} since then: ${why}`,
    madeAt: (when) => `made ${when}`,
    takenOver: (by, from) => `Taken over${told(by, ' by ')}${told(from, ' from ')}`,
    passedOn: (by, from, to) =>
      `Passed on${told(from, ' from ')}${told(to, ' to ')}${told(by, ' by ')}`,
    givenBack: (by, from) =>
      `Given back${told(from, ' for ')}${told(by, ' by ')}: offered to everyone again`,
    overdue: (from, to) => `Passed on${told(from, ' from ')}${told(to, ' to ')}, since it was late`,
    returned: (reason, by) => `Returned as “${reason}”${told(by, ' by ')}`,
    acknowledged: (by) => `Return acknowledged${told(by, ' by ')}`,
    contested: (by, why) =>
      `Return contested${told(by, ' by ')}${why === null ? '' : `: “${why}”`}`,
    handedOverAgain: (by) => `Handed over again${told(by, ' by ')}`,
    paused: (by, reason, until) => `Paused${told(by, ' by ')}: ${reason}, at most until ${until}`,
    resumed: (by) =>
      by === null
        ? 'The agreed time for the pause was over: the clocks went on'
        : `Resumed by ${by}`,
    news: (by, reason) => `News${by === null ? '' : ` from ${by}`}: “${reason}”`,
    ready: (by) =>
      by === null ? 'The day had come: ready to be handed over again' : `Marked as ready by ${by}`,
    ruledAlike: 'Both managers have ruled alike',
    goesOn: 'Sales goes on with the lead',
    moved: (by) => `Changed${told(by, ' by ')}`,
    quoted: (text) => `“${text}”`,
    status: (status) => `Status: ${status}`,
    stage: (move, clause) => `Stage: ${move}${told(clause, ' (clause ', ')')}`,
    owner: (name) => `Owner: ${name}`,
    rounds: (count) => plural(count, 'en', { one: 'handoff', other: 'handoffs' }),
    olderRounds: (count) =>
      `${plural(count, 'en', { one: 'older handoff is', other: 'older handoffs are' })} not shown.`,
    earlier: 'What came before this is not shown.',
    found: (sought) => `Several leads go with “${sought}”:`,
    moreFound: 'There are more: ask with the e-mail address, or with more of the name.',
    notFound: (sought) => `No lead goes with “${sought}”.`,
    howToFind: `Ask with an e-mail address or the beginning of one, or with a part of the name or of the company, such as /handoff ${verbNames.en.find} maria@example.com.`,
    noRole:
      'The history of a lead is for those who work with leads: ask a manager to name you in the agreement.',
    guest:
      'Guests and people of other organizations can look at the cards, but not at the history of a lead: ask a colleague of this workspace.',
  },
  it: {
    title: 'Cronologia',
    first: 'Primo passaggio',
    beforeTheFirst: 'Prima del primo passaggio',
    handedOver: ({ hot, by, offeredTo, reason }) =>
      `Passato alle vendite${hot ? ' come caldo' : ''}${told(by, ' da ')}${told(offeredTo, ', proposto a ')}: «${reason}»`,
    accepted: (by, took) => `Accettato${told(by, ' da ')} in ${took}`,
    attempt: (number, by, connected) =>
      `${connected ? 'Contatto riuscito al tentativo' : 'Tentativo'} ${formatNumber(number, 'it')}${told(by, ' (', ')')}`,
    corrected: (number, by) =>
      `Tentativo ${formatNumber(number, 'it')} corretto${told(by, ' da ')}`,
    other: (number, why) => `Tentativo ${formatNumber(number, 'it')} da allora: ${why}`,
    madeAt: (when) => `fatto: ${when}`,
    takenOver: (by, from) => `Preso in carico${told(by, ' da ')}${told(from, ' al posto di ')}`,
    passedOn: (by, from, to) =>
      `Ceduto${told(by, ' da ')}${told(to, ' a ')}${told(from, ' (prima di ', ')')}`,
    givenBack: (by, from) =>
      `Rimesso a disposizione${told(by, ' da ')}${told(from, ' (prima di ', ')')}: di nuovo proposto a tutti`,
    overdue: (from, to) => `Passato${told(from, ' da ')}${told(to, ' a ')}, perché in ritardo`,
    returned: (reason, by) => `Restituito come «${reason}»${told(by, ' da ')}`,
    acknowledged: (by) => `Presa visione della restituzione${told(by, ' (', ')')}`,
    contested: (by, why) =>
      `Restituzione contestata${told(by, ' da ')}${why === null ? '' : `: «${why}»`}`,
    handedOverAgain: (by) => `Passato di nuovo alle vendite${told(by, ' da ')}`,
    paused: (by, reason, until) =>
      `Messo in pausa${told(by, ' da ')}: ${reason}, al più tardi fino a: ${until}`,
    resumed: (by) =>
      by === null
        ? 'Il tempo concordato per la pausa era finito: i tempi sono ripartiti'
        : `Ripreso da ${by}`,
    news: (by, reason) => `Novità${by === null ? '' : ` da ${by}`}: «${reason}»`,
    ready: (by) =>
      by === null
        ? 'Il giorno era arrivato: pronto per essere passato di nuovo'
        : `Segnato come pronto da ${by}`,
    ruledAlike: 'I due responsabili hanno deciso allo stesso modo',
    goesOn: 'Le vendite proseguono con il lead',
    moved: (by) => `Modificato${told(by, ' da ')}`,
    quoted: (text) => `«${text}»`,
    status: (status) => `Stato: ${status}`,
    stage: (move, clause) => `Fase: ${move}${told(clause, ' (clausola ', ')')}`,
    owner: (name) => `Responsabile: ${name}`,
    rounds: (count) => plural(count, 'it', { one: 'passaggio', other: 'passaggi' }),
    olderRounds: (count) =>
      `${plural(count, 'it', {
        one: 'passaggio precedente non è mostrato',
        other: 'passaggi precedenti non sono mostrati',
      })}.`,
    earlier: 'Quello che è successo prima non è mostrato.',
    found: (sought) => `Più lead corrispondono a «${sought}»:`,
    moreFound: 'Ce ne sono altri: indica l’indirizzo e-mail, o una parte più lunga del nome.',
    notFound: (sought) => `Nessun lead corrisponde a «${sought}».`,
    howToFind: `Indica un indirizzo e-mail o il suo inizio, oppure una parte del nome o dell’azienda, per esempio /handoff ${verbNames.it.find} maria@example.com.`,
    noRole:
      'La cronologia di un lead è per chi lavora con i lead: chiedi a un responsabile di inserirti nell’accordo.',
    guest:
      'Gli ospiti e le persone di altre organizzazioni possono vedere le schede, ma non la cronologia di un lead: chiedi a chi fa parte di questo spazio di lavoro.',
  },
}

/** Nothing at all where there is nothing to tell. */
function told(what: string | null, before: string, after = ''): string {
  return what === null ? '' : `${before}${what}${after}`
}

/** Whom a story is told to, and in what terms. */
export interface StoryReader {
  locale: Locale
  zone: string
  /** Makes what people wrote fit into a line. */
  short(text: string): string
}

interface LineReader extends StoryReader {
  /** The agreement of the round's version. */
  agreement: Agreement
  /** The day that the reader has in mind: that of the round. */
  near: Date
}

/** "Second handoff, 3 March 2027 · New prospect, equipment": plain text. */
export function chapterHeading(
  { round }: Chapter,
  agreement: Agreement,
  { locale, zone, short }: StoryReader,
): string {
  const words = storyWords[locale]
  if (round === null) return words.beforeTheFirst
  const { round: number, createdAt, leadType } = round.handoff
  const day = formatDay(calendarDateIn(createdAt, zone), locale)
  const type = leadTypeOf(agreement, leadType)?.name[locale] ?? leadType
  const handoff = number === 1 ? words.first : withoutStop(cardWords[locale].round(number))
  return `${handoff}, ${day} · ${short(type)}`
}

/** An entry as a line: when, what, and what became of the lead's status and stage by it. */
export function storyLine(entry: Entry, reader: LineReader): string {
  const said = sentences(entry, reader).map(withoutStop).join('. ')
  const moves = entry.moves.flatMap((move) => moveWords(move, { said, entry, reader }))
  return [when(entry.at, reader.near, reader), said, ...moves].join(' · ')
}

const withoutStop = (sentence: string): string => sentence.replace(/\.$/, '')

/** A moment, with its day where the reader has another one in mind. */
const when = (at: Date, near: Date, { locale, zone }: LineReader): string =>
  sayInstant(at, { dates: 'plain', locale, zone, near })

const nameOf = (person: Person | null, { short }: LineReader): Name =>
  person === null ? null : short(person.name)

function sentences(entry: Entry, reader: LineReader): string[] {
  const { locale, agreement, short } = reader
  const words = storyWords[locale]
  const by = nameOf(entry.by, reader)
  switch (entry.kind) {
    case 'handed-over': {
      const { priority, whatChanged } = entry
      const offeredTo = nameOf(entry.offeredTo, reader)
      return [
        words.handedOver({ hot: priority === 'hot', by, offeredTo, reason: short(entry.reason) }),
        ...(whatChanged === null ? [] : [cardWords[locale].whatChanged(short(whatChanged))]),
      ]
    }
    case 'accepted':
      return [words.accepted(by, formatDuration(entry.afterMs, locale))]
    case 'attempt': {
      const { number, made, connected } = entry
      const head = words.attempt(number, by, connected)
      const timely = Math.abs(entry.at.getTime() - made.madeAt.getTime()) < atOnceMs
      return [
        `${head}: ${madeWords(made, timely ? null : entry.at, reader)}`,
        ...verdictWords(made, reader),
      ]
    }
    case 'corrected':
      return correctedWords(entry, reader)
    case 'owner':
      return [ownerWords(entry, reader)]
    case 'news':
      return [words.news(by, short(entry.reason))]
    case 'returned':
      return [
        words.returned(short(reasonName(entry, reader)), by),
        ...factWords(entry.facts, reader),
      ]
    case 'answered':
      return [answerWords(entry, reader)]
    case 'ruling':
      return rulingWords(entry, reader)
    case 'deal': {
      const stage = short(dealStageName(agreement, entry.stage, locale))
      const lost =
        entry.lostReason === null
          ? null
          : short(lostReasonName(agreement, entry.lostReason, locale))
      return [
        addressed([], noticeWords[locale].deal(stage, lost, by)),
        ...noteWords(entry.note, reader),
      ]
    }
    case 'breach':
      return [
        addressed([], noticeWords[locale].missed(entry.clock, when(entry.dueAt, entry.at, reader))),
      ]
    case 'paused': {
      const reason = short(pauseReasonName(agreement, entry.reason, locale))
      return [words.paused(by, reason, when(entry.until, entry.at, reader))]
    }
    case 'noted':
      return [notedWords(entry, reader)]
    case 'moved':
      return [words.moved(by)]
  }
}

const noteWords = (note: string | null, { locale, short }: LineReader): string[] =>
  note === null ? [] : [cardWords[locale].note(short(note))]

/** Below this an attempt was logged when it was made. */
const atOnceMs = 60_000

/** "call, no answer", and when where that is no matter of course: ", made Mon 23 Nov, 09:30". */
function madeWords(made: AttemptTold, toldAt: Date | null, reader: LineReader): string {
  const { locale, short } = reader
  return [
    short(attemptChannelName(made.channel, locale)),
    short(attemptOutcomeName(made.outcome, locale)),
    ...(toldAt === null ? [] : [storyWords[locale].madeAt(when(made.madeAt, toldAt, reader))]),
  ].join(', ')
}

const verdictWords = (
  { verdict, note }: { verdict: AttemptVerdict; note: string | null },
  reader: LineReader,
): string[] => [attemptWhy(verdict, reader.locale), ...noteWords(note, reader)]

function correctedWords(entry: Of<'corrected'>, reader: LineReader): string[] {
  const { number, was, is, others, connected } = entry
  const { locale } = reader
  const words = storyWords[locale]
  const toldAt = was.madeAt.getTime() === is.madeAt.getTime() ? null : entry.at
  const before = madeWords(was, toldAt, reader)
  const after = madeWords(is, toldAt, reader)
  const made = before === after ? after : `${before} → ${after}`
  return [
    `${words.corrected(number, nameOf(entry.by, reader))}: ${made}`,
    ...(connected ? [cardWords[locale].connected] : []),
    ...verdictWords(is, reader),
    ...others.map((other) => words.other(other.number, attemptWhy(other.verdict, locale))),
  ]
}

/** Whoever passes on or gives back what is theirs is not named twice. */
function ownerWords({ by, from, to, how }: Of<'owner'>, reader: LineReader): string {
  const words = storyWords[reader.locale]
  const name = nameOf(by, reader)
  const before = from?.id === by?.id ? null : nameOf(from, reader)
  switch (how) {
    case 'taken-over':
      return words.takenOver(name, before)
    case 'passed-on':
      return words.passedOn(name, before, nameOf(to, reader))
    case 'given-back':
      return words.givenBack(name, before)
    case 'overdue':
      return words.overdue(nameOf(from, reader), nameOf(to, reader))
  }
}

const reasonName = ({ facts }: Of<'returned'>, { agreement, locale }: LineReader): string =>
  agreement.return_reasons.find(({ id }) => id === facts.reason)?.name[locale] ?? facts.reason

function factWords(facts: ReturnFacts, { agreement, locale, short }: LineReader): string[] {
  const words = cardWords[locale]
  const criterion = agreement.icp.find(({ id }) => id === facts.criterion)?.name[locale]
  const each = (text: string | null, say: (text: string) => string): string[] =>
    text === null ? [] : [say(short(text))]
  return [
    ...each(facts.readyOn && formatDay(facts.readyOn, locale), words.readyOn),
    ...each(facts.readyWhen, words.readyWhen),
    ...each(criterion ?? facts.criterion, (name) => words.criterion(name, null)),
    ...each(facts.field && leadFieldNames[locale][facts.field], words.field),
    ...each(facts.duplicateOf, words.duplicateOf),
    ...each(facts.note, words.note),
  ]
}

function answerWords(entry: Of<'answered'>, reader: LineReader): string {
  const words = storyWords[reader.locale]
  const by = nameOf(entry.by, reader)
  switch (entry.answer) {
    case 'acknowledged':
      return words.acknowledged(by)
    case 'contested':
      return words.contested(by, entry.why === null ? null : reader.short(entry.why))
    case 'handed-over-again':
      return words.handedOverAgain(by)
  }
}

/** How one side rules, and how the two stand to each other. */
function rulingWords(entry: Of<'ruling'>, reader: LineReader): string[] {
  const { side, ruling, words: text, outcome } = entry
  const { locale, short } = reader
  const words = storyWords[locale]
  const by = nameOf(entry.by, reader)
  const head =
    side === null ? rulingNames[locale][ruling] : noticeWords[locale].ruling(side, ruling, by)
  return [
    addressed([], head),
    ...(text === null ? [] : [words.quoted(short(text))]),
    ...(outcome === 'ruled' ? [words.ruledAlike] : []),
    ...(outcome === 'ruled' && ruling === 'overturn' ? [words.goesOn] : []),
    ...(outcome === 'disagreed' ? [cardWords[locale].disagreed] : []),
  ]
}

function notedWords({ what, by }: Of<'noted'>, reader: LineReader): string {
  const words = storyWords[reader.locale]
  const name = nameOf(by, reader)
  switch (what) {
    case 'resumed':
      return words.resumed(name)
    case 'ready':
      return words.ready(name)
    case 'connected':
      return cardWords[reader.locale].connected
    case 'reopened':
      return words.goesOn
  }
}

/** A status that the line says already is not said again. */
function moveWords(
  { what, from, to, rule }: RecordedChange,
  { said, entry, reader }: { said: string; entry: Entry; reader: LineReader },
): string[] {
  const { locale, short } = reader
  const words = storyWords[locale]
  if (what === 'status') {
    return saysStatus(to, said, entry, reader) ? [] : [words.status(short(to))]
  }
  const move = [...(from === null ? [] : [from]), to].map((stage) =>
    stageWords(short(stage), locale),
  )
  return [words.stage(move.join(' → '), isClause(rule) ? short(rule) : null)]
}

/** Whether a line says by itself what the status is. */
function saysStatus(status: string, said: string, entry: Entry, reader: LineReader): boolean {
  switch (entry.kind) {
    case 'returned':
      return status.toLowerCase().includes(reasonName(entry, reader).toLowerCase())
    case 'deal':
      return dealStageName(reader.agreement, entry.stage, reader.locale) === status
    default:
      return said.toLowerCase().startsWith(status.toLowerCase())
  }
}

/** A handoff makes an SQL of a lead by what it is. */
const isClause = (rule: string): boolean => rule !== '' && rule !== 'handoff'

function stageWords(id: string, locale: Locale): string {
  const stage = lifecycleStages.find((known) => known === id)
  return stage === undefined ? id : stageName(stage, locale)
}

/** How a lead stands now: status, stage and owner, as far as they are known. */
export function standingWords(
  { stage, status, last }: Pick<FoundLead, 'stage' | 'status' | 'last'>,
  { locale, short }: Pick<StoryReader, 'locale' | 'short'>,
): string {
  return [
    ...(status === null ? [] : [short(status)]),
    ...(stage === null ? [] : [stageName(stage, locale)]),
    ...(last?.owner ? [storyWords[locale].owner(short(last.owner.name))] : []),
  ].join(' · ')
}
