import type { HomeView as SlackHomeView } from '@slack/types'
import { formatDay } from '../../../../content/words/format.ts'
import { homeWords } from '../../../../content/words/home.ts'
import { promiseWords } from '../../../../content/words/promises.ts'
import { roleWords } from '../../../../content/words/roles.ts'
import { slaWords } from '../../../../content/words/sla.ts'
import { roles } from '../../../../domain/agreement.ts'
import { calendarDateIn } from '../../../../domain/business-time.ts'
import { answersReturns, manages, sells } from '../../../../domain/home.ts'
import type { HomeContents, HomeSettings } from '../../../../use-cases/ports/home.ts'
import {
  actions,
  button,
  context,
  header,
  limits,
  mrkdwn,
  plain,
  plainSection,
  section,
} from '../../blocks.ts'
import { asMrkdwn } from '../../text.ts'
import { changeLines, signButtons, stateLines, titleOf } from '../agreement/message.ts'
import { bullet, part } from '../agreement/parts.ts'
import type { Block } from '../feature.ts'
import { channelText, greetingBlocks } from '../first-run/message.ts'
import { calendarLines } from '../sla/messages.ts'
import { entryBlocks, type HomeView } from './entry.ts'

/** How much of it a home shows. */
const most = { promises: 10, changes: 3, channels: 30, text: 300 } as const

/** The home of a person: what they do first, then what they look at. */
export function buildHome(contents: HomeContents): SlackHomeView & { blocks: Block[] } {
  const { member, viewer, inForce } = contents
  const view: HomeView = {
    contents,
    locale: member.locale,
    zone: member.zone ?? inForce.agreement.calendar.timezone,
  }
  const blocks =
    viewer.role === null && !viewer.administers
      ? buildWelcome(view)
      : [
          ...buildSignatures(view),
          ...buildLists(view),
          ...buildPager(view),
          ...buildFigures(view),
          ...buildSettings(view),
        ]
  const asked = contents.isAskedToSetUp === true ? greetingBlocks(view.locale) : []
  return { type: 'home', blocks: [...asked, ...blocks].slice(0, limits.homeBlocks) }
}

/** For whoever has no part in it. */
function buildWelcome({ locale }: HomeView): Block[] {
  const { title, text, hint } = homeWords[locale].welcome
  return [header(title), plainSection(text), ...context([mrkdwn(hint)])]
}

/** The leads that concern somebody, what is due first. */
function buildLists(view: HomeView): Block[] {
  const { contents, locale } = view
  const words = homeWords[locale]
  const { lists, isWhole } = contents
  return [
    ...buildEmpty(view),
    ...lists.flatMap(({ name, total, entries }) => [
      header(words.heading(words.lists[name], total, !isWhole)),
      ...entries.flatMap((entry) => entryBlocks(name, entry, view)),
    ]),
  ]
}

/** What is said where a list that somebody works on is empty. */
function buildEmpty({ contents: { viewer, lists, pages }, locale }: HomeView): Block[] {
  const has = (...names: readonly string[]): boolean =>
    pages > 1 || lists.some(({ name }) => names.includes(name))
  const { empty } = homeWords[locale]
  const said = [
    ...(sells(viewer) && !manages(viewer) && !has('offered', 'working') ? [empty.rep] : []),
    ...(answersReturns(viewer) && viewer.role !== 'admin' && !has('toAnswer', 'ready')
      ? [empty.marketing]
      : []),
    ...(manages(viewer) && !has('rulings', 'late') ? [empty.manager] : []),
  ]
  return said.flatMap(({ text, hint }) => [plainSection(text), ...context([mrkdwn(hint)])])
}

function buildPager({ contents: { page, pages }, locale }: HomeView): Block[] {
  if (pages === 1) return []
  const { page: told, previous, next } = homeWords[locale]
  return [
    ...context([plain(told(page + 1, pages))]),
    ...actions([
      ...(page > 0 ? [button('home.page_back', previous, String(page - 1))] : []),
      ...(page < pages - 1 ? [button('home.page', next, String(page + 1))] : []),
    ]),
  ]
}

/** What became of the leads of the week, and how well the promises were kept in it. */
function buildFigures({ contents: { counts, promises }, locale }: HomeView): Block[] {
  if (counts === undefined) return []
  const { title, counts: told } = homeWords[locale].figures
  const kept = (promises ?? [])
    .slice(0, most.promises)
    .map(({ promise, figures }) => promiseWords(promise, figures, locale))
  const lines = [told(counts), ...kept]
  return [header(title), section(lines.map((line) => bullet(asMrkdwn(line, most.text))).join('\n'))]
}

/** The changes of the agreement that wait for a signature. */
function buildSignatures({ contents: { proposals = [] }, locale, zone }: HomeView): Block[] {
  if (proposals.length === 0) return []
  return [
    header(homeWords[locale].signatures.title),
    ...proposals.flatMap(({ proposal, base }): Block[] => {
      const state = stateLines(proposal, { locale, zone, dates: 'slack' })
      const changes = changeLines(base, proposal.agreement, locale)
      return [
        section([`*${titleOf(proposal, locale)}*`, ...changes.slice(0, most.changes)].join('\n')),
        ...context(state.map((line) => mrkdwn(line))),
        ...actions(signButtons(proposal, locale)),
      ]
    }),
  ]
}

/** How Baton is set up. */
function buildSettings({ contents, locale }: HomeView): Block[] {
  const { settings, inForce, now } = contents
  if (settings === undefined) return []
  const words = homeWords[locale].settings
  const { agreement, version, inForceFrom } = inForce
  const since = formatDay(calendarDateIn(inForceFrom, agreement.calendar.timezone), locale)
  return [
    header(words.title),
    ...part(words.channels, settings.channels.slice(0, most.channels).map(channelLine(locale))),
    ...part(words.roles, [roleLine(settings, locale)]),
    ...part(words.calendar, calendarLines(agreement.calendar, { locale, now }).map(bullet)),
    ...part(words.agreement, [
      bullet(slaWords[locale].version(version, inForceFrom.getTime() > 0 ? since : null)),
    ]),
    ...part(words.connections, connectionLines(settings, locale).map(bullet)),
    ...context([mrkdwn(words.hints)]),
  ]
}

const channelLine =
  (locale: HomeView['locale']) =>
  ({ name, isIn }: HomeSettings['channels'][number]): string => {
    const { isIn: inIt, isNotIn } = homeWords[locale].settings
    const told = channelText(name)
    if (isIn === null) return bullet(told)
    return bullet((isIn ? inIt : isNotIn)(told))
  }

function roleLine({ holders }: HomeSettings, locale: HomeView['locale']): string {
  const told = roles.flatMap((role) => {
    const count = holders.filter((holder) => holder.role === role).length
    return count === 0 ? [] : [homeWords[locale].settings.holders(count, role)]
  })
  return bullet(told.length === 0 ? roleWords[locale].nobody : told.join(' · '))
}

function connectionLines(settings: HomeSettings, locale: HomeView['locale']): string[] {
  const { crms, crm, webhooks } = settings
  const words = homeWords[locale].settings
  return [
    crms.length === 0 ? words.noCrm : words.crms(crms),
    ...(crms.length === 0 || crm.waiting === 0 ? [] : [words.waiting(crm.waiting)]),
    ...(crms.length === 0 || crm.refused === 0 ? [] : [words.refused(crm.refused)]),
    ...(webhooks.all === 0 ? [] : [words.webhooks(webhooks.all, webhooks.disabled)]),
  ]
}
