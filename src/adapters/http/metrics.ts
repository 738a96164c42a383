import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { Decision } from '../../domain/decide/decision.ts'
import type { CommitOutcome, Handoffs } from '../../use-cases/ports/handoffs.ts'

/** How many messages wait to be said in Slack, and how many Slack will never take. */
export interface DeliveryBacklog {
  pending: number
  parked: number
}

/** How many break one of the checks of an audit. */
export interface AuditedCheck {
  check: string
  count: number
}

export interface MetricsOptions {
  /** Asked at a scrape, and not again for a while: an audit costs more than a figure. */
  audit?: () => Promise<AuditedCheck[]>
  /** Asked at each scrape; without it, or where it fails, the gauge is left out. */
  backlog?: () => Promise<DeliveryBacklog>
  /** Memory, processor and event loop of the process. */
  processMetrics?: boolean
}

export type Metrics = ReturnType<typeof createMetrics>

/** What is measured, in a registry of its own that others may add to. Labels hold no personal data. */
export function createMetrics({ audit, backlog, processMetrics = true }: MetricsOptions = {}) {
  const registry = new Registry()
  const registers = [registry]
  if (processMetrics) collectDefaultMetrics({ register: registry })
  if (backlog !== undefined) measureBacklog(registry, backlog)
  if (audit !== undefined) measureAudit(registry, audit)
  return {
    registry,
    requests: new Counter({
      name: 'baton_http_requests_total',
      help: 'HTTP requests answered, by route and status',
      labelNames: ['method', 'route', 'status'],
      registers,
    }),
    requestSeconds: new Histogram({
      name: 'baton_http_request_duration_seconds',
      help: 'Time to answer an HTTP request, by route',
      labelNames: ['route'],
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 3, 10],
      registers,
    }),
    handoffEvents: new Counter({
      name: 'baton_handoff_events_total',
      help: 'What became of handoffs: HandedOff, Accepted, Returned, DeadlineMissed and so on',
      labelNames: ['type'],
      registers,
    }),
    timerLateness: new Histogram({
      name: 'baton_timer_lateness_seconds',
      help: 'How late a timer was acted on after its moment',
      buckets: [0.05, 0.1, 0.25, 0.5, 1, 5, 30, 60, 600, 3600],
      registers,
    }),
  }
}

/** The same handoffs, with every event that is committed counted, wherever it came from. */
export function counted(handoffs: Handoffs, { handoffEvents }: Metrics): Handoffs {
  const count = (outcome: CommitOutcome, decisions: readonly Decision[]): CommitOutcome => {
    if (outcome === 'committed') {
      for (const { type } of decisions.flatMap(({ events }) => events)) handoffEvents.inc({ type })
    }
    return outcome
  }
  return {
    ...handoffs,
    commit: async (before, decision, request) =>
      count(await handoffs.commit(before, decision, request), [decision]),
    commitAll: async (changes, request) =>
      count(
        await handoffs.commitAll(changes, request),
        changes.map(({ decision }) => decision),
      ),
  }
}

function measureBacklog(registry: Registry, backlog: () => Promise<DeliveryBacklog>): void {
  new Gauge({
    name: 'baton_deliveries',
    help: 'Messages for Slack that are not delivered: pending, or parked because Slack refused them',
    labelNames: ['state'],
    registers: [registry],
    async collect() {
      // A database that is down must not take the other figures along.
      const now = await backlog().catch(() => undefined)
      if (now === undefined) return this.reset()
      this.set({ state: 'pending' }, now.pending)
      this.set({ state: 'parked' }, now.parked)
    },
  })
}

const auditEveryMs = 5 * 60_000

function measureAudit(registry: Registry, audit: () => Promise<AuditedCheck[]>): void {
  let last: { at: number; findings: AuditedCheck[] } | undefined
  new Gauge({
    name: 'baton_audit_findings',
    help: 'Handoffs that break what has to hold, by check; `baton doctor` names them',
    labelNames: ['check'],
    registers: [registry],
    async collect() {
      const now = performance.now()
      if (last === undefined || now - last.at > auditEveryMs) {
        const findings = await audit().catch(() => undefined)
        if (findings !== undefined) last = { at: now, findings }
      }
      this.reset()
      for (const { check, count } of last?.findings ?? []) this.set({ check }, count)
    },
  })
}
