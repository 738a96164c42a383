import type { LifecycleStage, Locale } from '../../domain/agreement.ts'

export const stageNames: Record<Locale, Record<LifecycleStage, string>> = {
  en: {
    subscriber: 'subscriber',
    lead: 'lead',
    mql: 'MQL',
    sql: 'SQL',
    opportunity: 'opportunity',
    customer: 'customer',
  },
  it: {
    subscriber: 'abbonato',
    lead: 'lead',
    mql: 'MQL',
    sql: 'SQL',
    opportunity: 'opportunità',
    customer: 'cliente',
  },
}

/** A lifecycle stage as people call it. */
export const stageName = (stage: LifecycleStage, locale: Locale): string =>
  stageNames[locale][stage]
