import { shippedGlossary } from '../../../src/adapters/glossary-file.ts'
import { buildClosure } from '../../../src/adapters/slack/closure-messenger.ts'
import { buildProposalForm } from '../../../src/adapters/slack/features/agreement/form.ts'
import { buildProposal } from '../../../src/adapters/slack/features/agreement/message.ts'
import { buildColumnsForm } from '../../../src/adapters/slack/features/file-import/form.ts'
import { buildFileMessage } from '../../../src/adapters/slack/features/file-import/message.ts'
import { buildSetUpForm } from '../../../src/adapters/slack/features/first-run/form.ts'
import {
  buildGreeting,
  buildSetUpReport,
} from '../../../src/adapters/slack/features/first-run/message.ts'
import { buildTermForm } from '../../../src/adapters/slack/features/glossary/form.ts'
import {
  buildChapter,
  buildExplanation,
  buildGlossaryList,
  buildNearest,
  buildTerm,
  buildUnknownTerm,
} from '../../../src/adapters/slack/features/glossary/messages.ts'
import {
  buildTermHistory,
  buildTermProposal,
} from '../../../src/adapters/slack/features/glossary/proposal-message.ts'
import { buildAttemptForm } from '../../../src/adapters/slack/features/handoff-card/attempt.ts'
import { buildReturnForm } from '../../../src/adapters/slack/features/handoff-card/return.ts'
import { buildCorrectionForm } from '../../../src/adapters/slack/features/handoff-correct/correct.ts'
import { buildPauseForm } from '../../../src/adapters/slack/features/handoff-more/pause.ts'
import { buildWhyDue } from '../../../src/adapters/slack/features/handoff-more/why-due.ts'
import { buildHandOffForm } from '../../../src/adapters/slack/features/handoff-new/form.ts'
import { buildOutcomeForm } from '../../../src/adapters/slack/features/handoff-outcome/outcome-form.ts'
import { buildOwnerForm } from '../../../src/adapters/slack/features/handoff-owner/owner.ts'
import { buildHelp } from '../../../src/adapters/slack/features/help/help.ts'
import { buildHome } from '../../../src/adapters/slack/features/home/view.ts'
import {
  buildFound,
  buildNotFound,
  buildStoryMessage,
  buildStoryWindow,
} from '../../../src/adapters/slack/features/lead-story/message.ts'
import { buildReport } from '../../../src/adapters/slack/features/report/message.ts'
import { buildContestForm } from '../../../src/adapters/slack/features/return-answer/contest.ts'
import { buildReturnsList } from '../../../src/adapters/slack/features/return-answer/returns-message.ts'
import { buildClarifyForm } from '../../../src/adapters/slack/features/return-answer/rule.ts'
import { buildRolesForm } from '../../../src/adapters/slack/features/roles/roles.ts'
import { buildAgreement } from '../../../src/adapters/slack/features/sla/messages.ts'
import { buildRoute } from '../../../src/adapters/slack/features/sla/route.ts'
import { buildTestCard } from '../../../src/adapters/slack/features/test-handoff/message.ts'
import {
  buildSecret,
  buildWebhookForm,
} from '../../../src/adapters/slack/features/webhooks/form.ts'
import { buildLog, buildWebhooks } from '../../../src/adapters/slack/features/webhooks/messages.ts'
import { buildHandoffCard } from '../../../src/adapters/slack/messages/card.ts'
import { buildCorrection } from '../../../src/adapters/slack/messages/correction.ts'
import { buildDigest } from '../../../src/adapters/slack/messages/digest.ts'
import { buildNotice } from '../../../src/adapters/slack/messages/notice.ts'
import type { Of } from '../../../src/adapters/slack/messages/notice-telling.ts'
import { buildWeeklyReport } from '../../../src/adapters/slack/messages/weekly-report.ts'
import type { Agreement, Locale } from '../../../src/domain/agreement.ts'
import { closings } from '../../../src/domain/closed-channel.ts'
import { acknowledgeReturn } from '../../../src/domain/decide/acknowledge-return.ts'
import { addNews } from '../../../src/domain/decide/add-news.ts'
import { wake } from '../../../src/domain/decide/wake.ts'
import { fileStates } from '../../../src/domain/dropped-file.ts'
import type { DeadlineKind, Handoff } from '../../../src/domain/handoff.ts'
import { helpFor } from '../../../src/domain/help.ts'
import type { Notice } from '../../../src/domain/notice.ts'
import type { Proposal } from '../../../src/domain/proposal.ts'
import { periodNamed, reportOf } from '../../../src/domain/report.ts'
import type { TermProposal } from '../../../src/domain/term-proposal.ts'
import { newTest, type TestAnswer } from '../../../src/domain/test-handoff.ts'
import type { ToldStory } from '../../../src/use-cases/lead-story.ts'
import type { DroppedFile } from '../../../src/use-cases/ports/dropped-files.ts'
import type { HomeContents } from '../../../src/use-cases/ports/home.ts'
import type { EndpointSeen } from '../../../src/use-cases/webhook-endpoints.ts'
import {
  accepted,
  aHandoff,
  aLead,
  aMember,
  anActor,
  anAgreement,
  aPause,
  aPerson,
  ben,
  contested,
  fixedNow,
  handoffOf,
  mario,
  minutesAfter,
  paused,
  returned,
  ruled,
  sara,
  withAttempt,
  withDeal,
} from '../../support/builders.ts'
import { term } from '../../support/terms.ts'

/** Everything that Baton says in Slack, an example or more by each of its builders. */

/** What is shown: a message has blocks and says the same as a text, a view has blocks alone. */
export interface Shown {
  text?: string | undefined
  blocks?: readonly { type: string }[] | undefined
  type?: string
}

/** By what it is an example of. */
export type Examples = Record<string, Shown>

const agreement = anAgreement({
  pause: aPause(),
  icp: [
    {
      id: 'industry',
      name: { en: 'Works metal', it: 'Lavora metalli' },
      when: [{ field: 'company.industry', is: 'manufacturing' }],
    },
    {
      id: 'size',
      name: { en: 'At least 200 employees', it: 'Almeno 200 dipendenti' },
      when: [{ field: 'company.employees', from: 200 }],
    },
  ],
  personas: [
    {
      id: 'plant-manager',
      name: { en: 'Plant manager', it: 'Direttore di stabilimento' },
      when: [{ field: 'title', contains: 'plant manager' }],
      talking_points: [{ en: 'Fewer stops of the line', it: 'Meno fermi di linea' }],
    },
  ],
  scoring: {
    threshold: 70,
    again: 'never',
    rules: [
      {
        id: 'quote',
        name: { en: 'Asked for a quote', it: 'Ha chiesto un preventivo' },
        points: 40,
        when: [{ field: 'email', known: true }],
        times: 'each',
      },
    ],
  },
})
const terms = shippedGlossary()
const zone = 'Europe/Rome'
const marketing = { person: ben, role: 'marketing' } as const
const at = (minutes: number) => ({ agreement, now: minutesAfter(minutes) })
const nobody = { managers: [], marketingLead: null, nextOwner: null }
const people = new Map([aPerson(), ben, sara, mario].map((person) => [person.id, person]))

const late = (handoff: Handoff, kind: DeadlineKind, minutes: number): Handoff =>
  wake(handoff, kind, nobody, at(minutes))?.handoff ?? handoff

const attempts = (count: number): Handoff =>
  Array.from({ length: count }, (_, index) => index).reduce(
    (handoff, index) => withAttempt(handoff, { at: minutesAfter(20 + index * 24 * 60) }, agreement),
    accepted(),
  )

const back = (reason: string, said: object = {}): Handoff =>
  returned(accepted(), { reason, readyWhen: undefined, ...said })

const again = aHandoff({
  round: 2,
  previous: {
    handoffId: 'hof_0',
    leadStatus: 'Returned – not ready',
    at: new Date('2026-03-03T09:00:00Z'),
    reason: 'not-ready',
    criterion: null,
    readyOn: null,
    readyWhen: 'budget next year',
    field: null,
    duplicateOf: null,
    note: null,
  },
  whatChanged: 'The budget is approved',
})

const long = 'Asked for a quote for two presses and for the service of the five that stand there. '

/** Each state of a card, and when it is looked at. */
export const cardStates: Record<string, Handoff> = {
  'offered, standard': aHandoff({ priority: 'standard' }),
  'offered, hot': aHandoff(),
  'offered to somebody': aHandoff({ owner: aPerson() }),
  'offered, with a long reason': aHandoff({ reason: long.repeat(20) }),
  'offered, late': late(aHandoff(), 'accept', 301),
  'offered, by its score': aHandoff({
    score: { total: 82, threshold: 70, lines: [{ rule: 'quote', points: 40, times: 1 }] },
  }),
  'offered, with news': handoffOf(
    addNews(
      aHandoff(),
      { lead: aLead(), score: null, reason: 'Wants it by June', priority: 'hot' },
      marketing,
      at(20),
    ),
  ),
  'a second round': again,
  'accepted, first attempt due': accepted(),
  'accepted, first attempt late': late(accepted(), 'first-attempt', 30),
  'attempting, 3 of 6': attempts(3),
  paused: paused(withAttempt()),
  connected: withAttempt(withAttempt(), { channel: 'email', outcome: 'connected' }),
  'qualified, with a deal': withDeal('quote'),
  'returned, not ready': returned(),
  'returned, not a fit': back('not-a-fit', { criterion: 'size', note: 'Five people' }),
  'returned, wrong data': back('wrong-data', { field: 'phone', note: 'That of a bakery' }),
  'returned, a duplicate': back('duplicate', {
    duplicateOf: { email: 'm.verdi@verdi.example', lead: aLead() },
    note: 'Maria Verdi',
  }),
  unresponsive: {
    ...back('wrong-data', { note: 'Maria Verdi' }),
    status: 'unresponsive',
    leadStatus: 'Unresponsive',
  },
  'returned, acknowledged': handoffOf(acknowledgeReturn(returned(), marketing, at(60))),
  contested: contested(),
  ruled: ruled('uphold', contested()),
  'closed, won': withDeal('closed-won', withDeal('quote')),
  'closed, lost': withDeal('closed-lost', withDeal('quote')),
  erased: aHandoff({ lead: aLead({ erasedAt: minutesAfter(30) }) }),
}

export const cardNow: Record<string, Date> = {
  'offered, late': minutesAfter(310),
  'attempting, 3 of 6': minutesAfter(2 * 24 * 60 + 60),
}

export const cardIn = (state: string, locale: Locale, dates: 'slack' | 'plain' = 'slack') => {
  const handoff = cardStates[state] ?? aHandoff()
  const leadTypeName = agreement.lead_types[0]?.name[locale] ?? ''
  const now = cardNow[state] ?? minutesAfter(45)
  return buildHandoffCard(handoff, { locale, leadTypeName, dates, agreement, zone, now })
}

function testCard(kind: TestAnswer | null, locale: Locale) {
  const test = newTest(
    agreement,
    { id: 'hof_test1', workspaceId: 'T0ACME', agreementVersion: 1 },
    minutesAfter(0),
  )
  if (test === undefined) throw new Error('the agreement has lead types')
  const by = aPerson()
  const answer = kind && { kind, byId: by.id, at: minutesAfter(1) }
  const leadTypeName = agreement.lead_types[0]?.name[locale] ?? ''
  const view = {
    locale,
    leadTypeName,
    dates: 'slack' as const,
    agreement,
    zone,
    now: minutesAfter(2),
  }
  return buildTestCard({ ...test, answer }, answer && by, view)
}

const other = aHandoff({
  id: 'hof_2',
  lead: aLead({ name: 'Paolo Neri', email: 'p@neri.example' }),
})

const deadline = { kind: 'accept', dueAt: minutesAfter(300) } as const
const attempt: Of<'attempt'> = {
  ...{ type: 'attempt', by: 'per_anna', channel: 'call', outcome: 'no-answer', note: null },
  ...{ verdict: { clause: 'counted' }, counted: 3, of: 6, finished: false, connected: false },
}
const made = {
  channel: 'call',
  outcome: 'no-answer',
  at: fixedNow,
  note: null,
  void: false,
} as const
const correction: Of<'attempt-corrected'> = {
  ...{ type: 'attempt-corrected', by: 'per_sara', number: 1, was: made },
  ...{ is: { ...made, channel: 'email', outcome: 'sent' }, verdict: { clause: 'counted' } },
  ...{ counted: 1, of: 6, others: [], finished: false, connected: false },
}
const said = { criterion: null, readyOn: null, field: null, duplicateOf: null, note: null } as const

/** A notice of every type, about a handoff in whose thread it stands. */
const notices: Record<string, [Notice, Handoff]> = {
  reminder: [{ type: 'reminder', deadline, fraction: 0.5, to: 'per_anna' }, aHandoff()],
  missed: [{ type: 'missed', deadline, to: 'per_anna', offDuty: 'per_anna' }, aHandoff()],
  escalated: [{ type: 'escalated', deadline, to: ['per_sara'] }, aHandoff()],
  'escalated to the channel': [{ type: 'escalated-to-channel', deadline }, aHandoff()],
  news: [
    { type: 'news', by: 'per_ben', to: 'per_anna', reason: 'Wants it by June', hot: true },
    accepted(),
  ],
  paused: [
    { type: 'paused', by: 'per_sara', reason: 'on-hold', until: minutesAfter(900) },
    accepted(),
  ],
  resumed: [{ type: 'resumed', to: 'per_anna' }, accepted()],
  'passed on': [
    { type: 'reassigned', by: 'per_sara', from: 'per_anna', to: 'per_ben', deadline: null },
    accepted(),
  ],
  'passed on by a breach': [
    { type: 'reassigned', by: null, from: 'per_anna', to: 'per_ben', deadline },
    accepted(),
  ],
  'given back': [
    { type: 'reassigned', by: 'per_sara', from: 'per_anna', to: null, deadline: null },
    accepted(),
  ],
  returned: [
    {
      ...{ type: 'returned', by: 'per_anna', to: 'per_ben', status: 'Returned – not ready' },
      ...{ ...said, reason: 'not-ready', readyWhen: 'the budget is approved' },
    },
    returned(),
  ],
  acknowledged: [{ type: 'return-acknowledged', by: 'per_ben' }, returned()],
  contested: [
    {
      ...{ type: 'return-contested', by: 'per_ben', to: ['per_sara', 'per_mario'] },
      why: 'It was approved',
    },
    contested(),
  ],
  'one ruling': [
    {
      ...{ type: 'ruling', by: 'per_sara', side: 'sales', ruling: 'uphold', words: null },
      ...{ outcome: 'awaited', to: ['per_mario'] },
    },
    contested(),
  ],
  'the ruling': [
    {
      ...{ type: 'ruling', by: 'per_sara', side: 'sales', ruling: 'clarify' },
      ...{ words: 'A budget counts once it is approved', outcome: 'ruled', to: ['per_anna'] },
    },
    ruled('clarify', contested()),
  ],
  ready: [{ type: 'ready', by: null, to: 'per_ben' }, returned()],
  'handed over again': [{ type: 'handed-over-again', by: 'per_ben' }, returned()],
  deal: [
    {
      ...{ type: 'deal', by: 'per_anna', stage: 'closed-lost', means: 'lost' },
      ...{ lostReason: 'price', note: 'They chose a used press' },
    },
    accepted(),
  ],
  'an attempt that counts': [attempt, accepted()],
  'an attempt that does not count': [
    { ...attempt, verdict: { clause: 'gap', sinceMs: 20 * 60_000, gap: '4h' } },
    accepted(),
  ],
  'the last attempt': [{ ...attempt, counted: 6, finished: true }, accepted()],
  'a corrected attempt': [correction, accepted()],
}

const noticeView = (locale: Locale, handoff: Handoff) => {
  const cardUrl = 'https://acme.example/archives/C0SQL/p1'
  const now = minutesAfter(60)
  return { locale, dates: 'slack', zone, now, handoff, agreement, people, cardUrl } as const
}

const file: DroppedFile = {
  ...{ id: 'drop_1', workspaceId: 'T1', fileId: 'F1', channelId: 'D1', ts: '1.1', byId: 'per_1' },
  ...{ state: 'offered', name: 'leads.csv', handOver: true, fault: null },
  columns: [
    { heading: 'E-mail', target: 'email' },
    { heading: 'Colore', target: 'attributes.Colore' },
    { heading: 'Note', target: null },
  ],
  progress: {
    ...{ rows: 1_204, doneRows: 542, created: 37, changed: 12, unchanged: 1_148, bad: 7 },
    ...{ handedOver: 5, handedBefore: 1 },
  },
  ...{ badFileId: 'F2', tries: 0 },
}

const faster: Agreement = {
  ...agreement,
  clocks: { ...agreement.clocks, accept: { ...agreement.clocks.accept, hard: undefined } },
}
const proposal: Proposal = {
  ...{ id: 'prop_1', workspaceId: 'T1', baseVersion: 3, state: 'open', version: null },
  ...{ inForceFrom: null, proposedBy: sara, proposedAt: fixedNow, withdrawnBy: null },
  ...{ withdrawnAt: null, signatures: [{ side: 'sales', by: sara, at: fixedNow }] },
  agreement: faster,
}
const heads = { sales: [sara], marketing: [mario] }

const termProposal: TermProposal = {
  ...{ id: 'prop_1', workspaceId: 'T1', term: term(), owner: sara, note: 'Easier to read' },
  ...{ baseVersion: 1, state: 'open', version: null, proposedBy: sara, proposedAt: fixedNow },
  ...{ settledBy: null, settledAt: null, signatures: [] },
}

const endpoint: EndpointSeen = {
  endpoint: {
    ...{ id: 'hook_1', url: 'https://crm.example/hooks/baton', events: ['Accepted'] },
    ...{ createdAt: fixedNow, disabledAt: null, failingSince: null },
  },
  log: [
    {
      ...{ id: '1', type: 'Accepted', state: 'sent', tries: 1, answer: '200' },
      ...{ createdAt: fixedNow, sentAt: fixedNow, nextTryAt: null },
    },
  ],
}

const inForce = { agreement, version: 3, inForceFrom: fixedNow }

const home = (locale: Locale, overrides: Partial<HomeContents>): HomeContents => {
  const member = aMember({ locale })
  return {
    ...{ member, viewer: { personId: member.id, role: 'rep', sells: 'all', administers: false } },
    ...{ inForce, now: minutesAfter(20), page: 0, pages: 1, lists: [], isWhole: true },
    ...{ counts: undefined, promises: undefined, proposals: undefined, settings: undefined },
    ...overrides,
  }
}
const listed = (name: HomeContents['lists'][number]['name'], ...handoffs: Handoff[]) => ({
  name,
  total: handoffs.length,
  entries: handoffs.map((handoff) => ({ handoff, agreement })),
})

const emptyReport = reportOf(
  { handoffs: [], paces: [], clocks: [], attempts: [] },
  { period: periodNamed('month', fixedNow, zone), groupBy: null, meaningOf: () => undefined },
)

const story = (handoff: Handoff): ToldStory => ({
  story: {
    known: { lead: handoff.lead, stage: 'sql', status: handoff.leadStatus, score: null },
    rounds: [{ handoff, events: [], olderEvents: 0 }],
    changes: [],
    olderRounds: 0,
    people: new Map(),
  },
  chapters: [],
  agreements: new Map([[1, agreement]]),
})

const first = terms[0] ?? term()
const named = (id: string) => terms.find((one) => one.id === id) ?? first
const missing = (locale: Locale) => ({ query: 'servise', locale, keepers: [sara, mario] })
const part = (...handoffs: Handoff[]) => ({
  entries: handoffs.map((handoff) => ({ handoff, agreement, url: 'https://acme.example/p1' })),
  more: 0,
})

/** By the name of its builder. */
export const gallery: Record<string, (locale: Locale) => Examples> = {
  buildTestCard: (locale) =>
    Object.fromEntries(
      ([null, 'accepted', 'returned'] as const).map((kind) => [
        kind ?? 'offered',
        testCard(kind, locale),
      ]),
    ),
  buildHandoffCard: (locale) =>
    Object.fromEntries(Object.keys(cardStates).map((state) => [state, cardIn(state, locale)])),
  buildNotice: (locale) =>
    Object.fromEntries(
      Object.entries(notices).map(([name, [notice, handoff]]) => [
        name,
        buildNotice(notice, noticeView(locale, handoff)),
      ]),
    ),
  buildCorrection: (locale) => ({
    corrected: buildCorrection(correction, noticeView(locale, accepted()), 'Sara Conti'),
  }),
  buildAttemptForm: (locale) => ({ form: buildAttemptForm('hof_1', locale) }),
  buildReturnForm: (locale) =>
    Object.fromEntries(
      agreement.return_reasons.map(({ id: reason }) => [
        reason,
        buildReturnForm({ handoff: 'hof_1', reason, fields: new Map() }, agreement, locale),
      ]),
    ),
  buildCorrectionForm: (locale) => {
    const handoff = withAttempt()
    const [one] = handoff.attempts
    return one === undefined ? {} : { form: buildCorrectionForm(handoff, one, agreement, locale) }
  },
  buildPauseForm: (locale) => ({ form: buildPauseForm(accepted(), agreement, locale) }),
  buildWhyDue: (locale) => ({
    offered: buildWhyDue(aHandoff(), agreement, { locale, zone, now: minutesAfter(5) }),
    late: buildWhyDue(late(accepted(), 'first-attempt', 30), agreement, {
      ...{ locale, zone, now: minutesAfter(45) },
    }),
  }),
  buildHandOffForm: (locale) => ({
    'the first time': buildHandOffForm(agreement, locale),
    again: buildHandOffForm(agreement, locale, {
      email: 'maria@officineverdi.example',
      before: { handoff: returned(), agreement },
    }),
  }),
  buildOutcomeForm: (locale) => ({
    open: outcome('quote', locale),
    lost: outcome('closed-lost', locale),
  }),
  buildOwnerForm: (locale) => ({
    anybody: buildOwnerForm(
      'hof_1',
      { me: undefined, everyone: true, others: 'anybody', allOthers: 0 },
      locale,
    ),
    listed: buildOwnerForm(
      'hof_1',
      {
        me: { person: aPerson(), duty: { free: true } },
        everyone: true,
        others: [{ person: sara, duty: { free: false, why: 'away' } }],
        allOthers: 1,
      },
      locale,
    ),
  }),
  buildContestForm: (locale) => ({ form: buildContestForm('hof_1', locale) }),
  buildClarifyForm: (locale) => ({
    form: buildClarifyForm({ handoff: contested(), term: 'SQL', words: undefined }, locale),
  }),
  buildReturnsList: (locale) => {
    const view = { actor: anActor({}, 'admin'), locale, zone, now: minutesAfter(60), isWhole: true }
    const none = { toAnswer: part(), contested: part(), ready: part(), waiting: 0 }
    const all = { toAnswer: part(returned()), contested: part(contested()), ready: part() }
    return {
      full: buildReturnsList({ ...all, waiting: 2 }, view),
      empty: buildReturnsList(none, view),
    }
  },
  buildStoryMessage: (locale) => ({
    story: buildStoryMessage(story(accepted()), storyView(locale)),
  }),
  buildStoryWindow: (locale) => ({
    story: buildStoryWindow(story(accepted()), storyView(locale)),
  }),
  buildFound: (locale) => {
    const { known } = story(accepted()).story
    const last = { handoffId: 'hof_1', owner: aPerson() }
    return { found: buildFound({ leads: [{ ...known, last }], more: true }, 'verdi', locale) }
  },
  buildNotFound: (locale) => ({
    nothing: buildNotFound('verdi', locale),
    unasked: buildNotFound(null, locale),
  }),
  buildHome: (locale) => ({
    rep: buildHome(
      home(locale, {
        lists: [
          listed('offered', aHandoff()),
          listed('working', accepted(other), withAttempt()),
          listed('toAnswer', returned(), returned({ ...other, id: 'hof_3' })),
        ],
      }),
    ),
    empty: buildHome(home(locale, {})),
  }),
  buildReport: (locale) => {
    const told = { kind: 'report', report: emptyReport, inForce, names: new Map() } as const
    const asked = { period: 'month', groupBy: null } as const
    const { message, drawn } = buildReport({ ...told, sight: 'everything' }, { locale, asked })
    return { 'in text': message, drawn }
  },
  buildRolesForm: (locale) => ({
    form: buildRolesForm(
      {
        holders: [{ person: sara, role: 'sales_manager', source: 'agreement' }],
        may: ['rep', 'marketing'],
        people: 'anybody',
      },
      locale,
    ),
  }),
  buildAgreement: (locale) => ({ agreement: buildAgreement(inForce, { locale, now: fixedNow }) }),
  buildRoute: (locale) => {
    const [leadType] = agreement.lead_types
    if (leadType === undefined) return {}
    const route = { leadType, channel: leadType.channel, owner: null, turn: null }
    const passedOver = [{ person: sara, why: { free: false, why: 'away' } as const }]
    return {
      route: buildRoute(
        { ...route, why: [{ code: 'type-sent' }], passedOver },
        { locale, now: fixedNow, agreement },
      ),
    }
  },
  buildProposal: (locale) => ({
    open: buildProposal(
      { proposal, base: agreement, revision: 1 },
      { locale, zone, dates: 'slack', heads },
      'key',
    ),
  }),
  buildProposalForm: (locale) => ({ form: buildProposalForm(inForce, locale) }),
  buildFileMessage: (locale) =>
    Object.fromEntries(
      fileStates.map((state) => {
        const fault = state === 'failed' ? 'not-csv' : null
        return [state, buildFileMessage({ ...file, state, fault }, locale)]
      }),
    ),
  buildColumnsForm: (locale) => ({ form: buildColumnsForm(file, file.columns ?? [], locale) }),
  buildGlossaryList: (locale) => ({ list: buildGlossaryList(terms, locale) }),
  buildChapter: (locale) => ({
    chapter: buildChapter(named('lifecycle-stage'), terms, locale),
  }),
  buildExplanation: (locale) => ({
    terms: buildExplanation({ terms: terms.slice(0, 2), more: 3 }, locale),
    none: buildExplanation({ terms: [], more: 0 }, locale),
  }),
  buildTerm: (locale) => ({ term: buildTerm(named('mql'), { terms, locale }) }),
  buildNearest: (locale) => ({ nearest: buildNearest(terms.slice(0, 2), missing(locale)) }),
  buildUnknownTerm: (locale) => ({ unknown: buildUnknownTerm(missing(locale)) }),
  buildTermForm: (locale) => ({
    edit: buildTermForm(
      { kind: 'edit', term: named('mql'), version: 1, name: '', terms, unsigned: false },
      locale,
    ),
    add: buildTermForm(
      { kind: 'edit', term: undefined, version: 0, name: 'Churn', terms, unsigned: true },
      locale,
    ),
  }),
  buildTermProposal: (locale) => ({
    open: buildTermProposal(
      { proposal: termProposal, base: term(), revision: 1 },
      termView(locale),
      'key',
    ),
  }),
  buildTermHistory: (locale) => ({
    history: buildTermHistory(
      term(),
      {
        versions: [{ version: 1, term: term(), by: null, at: fixedNow }],
        proposals: [termProposal],
      },
      termView(locale),
    ),
  }),
  buildHelp: (locale) => {
    const usable = helpFor('/handoff', aMember(), agreement)
    return {
      help: buildHelp('/handoff', usable, { said: null, locale }),
      unknown: buildHelp('/handoff', usable, { said: 'fnid', locale }),
    }
  },
  buildDigest: (locale) => ({
    due: buildDigest({
      ...{ kind: 'daily', reader: aMember({ locale }), zone, now: minutesAfter(310) },
      entries: [
        { list: 'offered', handoff: late(aHandoff(), 'accept', 301), agreement, url: undefined },
        { list: 'working', handoff: accepted(other), agreement, url: 'https://acme.example/p1' },
      ],
      ...{ total: 3, late: 1 },
    }),
  }),
  buildWeeklyReport: (locale) => {
    const { period, total } = emptyReport
    const inLanguage = { ...agreement, language: locale }
    const remark = { what: 'idle', count: 2 } as const
    return {
      week: buildWeeklyReport({
        ...{ kind: 'weekly', period, week: total, before: total, agreement: inLanguage, remark },
      }),
    }
  },
  buildClosure: (locale) =>
    Object.fromEntries(
      closings.map((closing) => [
        closing,
        buildClosure({ channel: 'sql-handoffs', closing, waiting: 3, since: fixedNow }, locale),
      ]),
    ),
  buildGreeting: (locale) => ({ greeting: buildGreeting(locale) }),
  buildSetUpForm: (locale) => ({
    form: buildSetUpForm({ version: 1, agreement, people: [sara], isAll: true, zone }, locale),
  }),
  buildSetUpReport: (locale) => ({
    report: buildSetUpReport(
      [
        { channel: 'sql-handoffs', standing: 'is-in' },
        { channel: 'sales-managers', standing: 'invite' },
        { channel: 'gone', standing: 'not-found' },
      ],
      locale,
    ),
  }),
  buildWebhooks: (locale) => ({
    some: buildWebhooks([endpoint], { locale, zone, mayChange: true }),
    none: buildWebhooks([], { locale, zone, mayChange: true }),
  }),
  buildLog: (locale) => ({ log: buildLog(endpoint, '7', { locale, zone, mayChange: true }) }),
  buildWebhookForm: (locale) => ({ form: buildWebhookForm(locale) }),
  buildSecret: (locale) => ({
    secret: buildSecret({ url: endpoint.endpoint.url, secret: 'whsec_c2VjcmV0' }, locale),
  }),
}

const outcome = (stage: string, locale: Locale) =>
  buildOutcomeForm({ handoff: 'hof_1', stage, fields: new Map() }, agreement, locale)
const storyView = (locale: Locale) => ({
  ...{ locale, zone, now: minutesAfter(60), inForce: agreement },
})
const termView = (locale: Locale) => ({ locale, zone, dates: 'slack', heads, owner: sara }) as const
