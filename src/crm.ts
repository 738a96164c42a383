import type { Logger } from 'pino'
import { createHubspot } from './adapters/crm/hubspot/hubspot.ts'
import { CrmMappingError, readCrmMapping } from './adapters/crm/mapping.ts'
import { createSalesforce } from './adapters/crm/salesforce/salesforce.ts'
import { type CrmSweep, sweepCrms } from './adapters/crm/sweep.ts'
import type { CrmWebhooks } from './adapters/http/webhooks/webhooks.ts'
import type { Database } from './adapters/postgres/client.ts'
import { createCrmContacts } from './adapters/postgres/crm-contacts.ts'
import { createCrmWrites } from './adapters/postgres/crm-writes.ts'
import { ConfigError, type CrmConfig } from './config.ts'
import type { Crm } from './use-cases/ports/crm.ts'
import type { World } from './use-cases/ports/world.ts'
import { takeInContacts, tellOfContacts } from './use-cases/take-in-contact.ts'
import { writeBack } from './use-cases/write-back.ts'

/**
 * How often the CRMs are looked after: with one query, where there is nothing to do. What a CRM
 * tells this process is read at once. What people do waits for the next look, on purpose: the
 * clicks of a moment are one change to write back.
 */
const lookEveryMs = 2_000

/** The CRMs that are configured. Refuses a mapping that is not right, with each fault on a line. */
export function createCrms({ hubspot, salesforce, mappingFile }: CrmConfig): Crm[] {
  if (hubspot === null && salesforce === null && mappingFile === undefined) return []
  const mapping = readMapping(mappingFile)
  return [
    ...(hubspot === null ? [] : [createHubspot({ ...hubspot, mapping: mapping.hubspot.contact })]),
    ...(salesforce === null
      ? []
      : [createSalesforce({ ...salesforce, mapping: mapping.salesforce })]),
  ]
}

function readMapping(file: string | undefined) {
  try {
    return readCrmMapping(file)
  } catch (error) {
    if (!(error instanceof CrmMappingError)) throw error
    throw new ConfigError(error.message, { cause: error })
  }
}

export interface CrmsAtWork {
  /** What the CRMs tell comes in here; undefined where none may. */
  webhooks: CrmWebhooks | undefined
  /** Reads what they have told of, and writes back, until it is stopped. */
  work(): () => Promise<void>
}

/** Has the CRMs heard and looked after. */
export function connectCrms(
  crms: readonly Crm[],
  config: CrmConfig,
  {
    world,
    workspaceId,
    database,
    log,
  }: {
    world: World
    workspaceId: string
    database: Database
    log: Logger
  },
): CrmsAtWork {
  const contacts = createCrmContacts(database, workspaceId)
  const writes = createCrmWrites(database, workspaceId)
  const hubspot = config.hubspot?.webhook ?? null
  const salesforce = config.salesforce?.webhook ?? null
  let sweep: CrmSweep | undefined
  return {
    webhooks:
      hubspot === null && salesforce === null
        ? undefined
        : {
            hubspot,
            salesforce,
            now: world.now,
            async tell(system, news) {
              const crm = crms.find((known) => known.system === system)
              if (crm === undefined) return
              await tellOfContacts({ world, workspaceId, contacts, crm }, news)
              sweep?.nudge()
              for (const { id, erase } of news) {
                if (erase === true) log.info({ system, contact: id }, 'a contact was erased')
              }
            },
          },
    work() {
      if (crms.length === 0) return async () => {}
      for (const crm of crms) nameUnknownFields(crm, log)
      const started = sweepCrms({
        crms,
        anythingDue: writes.anythingDue,
        takeIn: (crm) => takeInContacts({ world, workspaceId, contacts, crm }),
        writeBack: (speaking) => writeBack({ world, writes, contacts, crms: speaking }),
        everyMs: lookEveryMs,
        now: world.now,
        log,
      })
      sweep = started
      return () => started.stop()
    },
  }
}

/** Says of a CRM whether it answers, and has every field of the mapping. Refuses where not. */
export async function examineCrm(crm: Crm): Promise<string> {
  const fields = await crm.unknownFields()
  if (fields.length === 0) return 'answers, and has every field of the mapping'
  throw new Error(`it has no ${fields.join(', ')}, which the mapping names: those are let be`)
}

/** Nothing waits for it: a CRM that is away says so when it is asked for something. */
function nameUnknownFields(crm: Crm, log: Logger): void {
  const { system } = crm
  crm
    .unknownFields()
    .then((fields) => {
      if (fields.length === 0) return
      log.warn({ system, fields }, 'the mapping names fields that the CRM does not have')
    })
    .catch((error: unknown) =>
      log.warn({ system, err: error }, 'the fields of the mapping could not be checked'),
    )
}
