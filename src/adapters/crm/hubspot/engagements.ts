import { AssociationTypes } from '@hubspot/api-client'
import type { AttemptChannel } from '../../../domain/agreement.ts'
import type { CrmAttempt } from '../../../use-cases/ports/crm.ts'
import { attemptText, attemptTitle } from '../write-back.ts'

/** A connect attempt as an engagement of a HubSpot contact. */
export interface Engagement {
  /** HubSpot's name for objects of that kind. */
  type: 'calls' | 'emails' | 'meetings' | 'communications'
  /** The property that holds the text. */
  text: string
  properties: Record<string, string>
  /** HubSpot's id for the association of such an object with a contact. */
  association: number
}

type Kind = Exclude<AttemptChannel, 'voicemail'>

const kinds: Record<Kind, Omit<Engagement, 'properties'>> = {
  call: { type: 'calls', text: 'hs_call_body', association: AssociationTypes.callToContact },
  email: { type: 'emails', text: 'hs_email_text', association: AssociationTypes.emailToContact },
  meeting: {
    type: 'meetings',
    text: 'hs_meeting_body',
    association: AssociationTypes.meetingToContact,
  },
  linkedin: {
    type: 'communications',
    text: 'hs_communication_body',
    association: AssociationTypes.communicationToContact,
  },
}

/** Every kind of engagement that an attempt may be, with the property that holds its text. */
export const engagementKinds: readonly Pick<Engagement, 'type' | 'text'>[] = Object.values(kinds)

/** What HubSpot is to keep of an attempt. */
export function engagementOf(attempt: CrmAttempt): Engagement {
  const kind = attempt.channel === 'voicemail' ? 'call' : attempt.channel
  const { text } = kinds[kind]
  const at = attempt.at.toISOString()
  return {
    ...kinds[kind],
    properties: {
      hs_timestamp: at,
      // an e-mail has a text without markup; the others are shown as HTML
      [text]: kind === 'email' ? attemptText(attempt) : asHtml(attemptText(attempt)),
      ...particulars(kind, attempt, at),
    },
  }
}

function particulars(kind: Kind, attempt: CrmAttempt, at: string): Record<string, string> {
  const title = attemptTitle(attempt)
  switch (kind) {
    case 'call':
      return {
        hs_call_title: title,
        hs_call_direction: 'OUTBOUND',
        hs_call_status: attempt.outcome === 'connected' ? 'COMPLETED' : 'NO_ANSWER',
      }
    case 'email':
      return { hs_email_subject: title, hs_email_direction: 'EMAIL', hs_email_status: 'SENT' }
    case 'meeting':
      return { hs_meeting_title: title, hs_meeting_start_time: at, hs_meeting_end_time: at }
    case 'linkedin':
      return {
        hs_communication_channel_type: 'LINKEDIN_MESSAGE',
        hs_communication_logged_from: 'CRM',
      }
  }
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

const asHtml = (text: string): string =>
  text.replace(/[&<>"]/g, (sign) => entities[sign] ?? sign).replaceAll('\n', '<br>')
