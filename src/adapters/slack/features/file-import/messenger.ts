import type { WebClient } from '@slack/web-api'
import type { Logger } from 'pino'
import type { Said } from '../../../../use-cases/ports/delivery.ts'
import type { DroppedFile, FileMessenger } from '../../../../use-cases/ports/dropped-files.ts'
import type { Members } from '../../../../use-cases/ports/people.ts'
import { asWritten, createSpeaker, withoutPreviews } from '../../speaker.ts'
import { buildFileMessage, keyOf } from './message.ts'

export interface FileMessengerParts {
  client: WebClient
  members: Pick<Members, 'byId'>
  log: Pick<Logger, 'warn'>
  now: () => Date
}

/** Shows dropped files to those who dropped them, in their language and where they did. */
export function createFileMessenger({
  client,
  members,
  log,
  now,
}: FileMessengerParts): FileMessenger {
  const speaker = createSpeaker(client, now)

  const update = (file: DroppedFile, ts: string, content: ReturnType<typeof buildFileMessage>) =>
    speaker.say(file.channelId, (channel) =>
      client.chat.update({ channel, ts, ...content, ...asWritten }),
    )

  async function said(
    file: DroppedFile,
    content: ReturnType<typeof buildFileMessage>,
  ): Promise<Said> {
    if (file.ts !== null) return update(file, file.ts, content)
    // it may have been posted by a process that did not live to note that down
    const found = await speaker.find(keyOf(file), { channel: file.channelId, threadTs: null })
    if (found.kind === 'later') return found
    if (found.kind === 'done') return update(file, found.ts, content)
    return speaker.say(file.channelId, (channel) =>
      client.chat.postMessage({ channel, ...content, ...asWritten, ...withoutPreviews }),
    )
  }

  return {
    async show(file, examples) {
      const by = await members.byId(file.workspaceId, file.byId)
      const answer = await said(file, buildFileMessage(file, by?.locale ?? 'en', examples))
      if (answer.kind !== 'done') {
        const { kind, error } = answer
        log.warn({ file: file.id, said: kind, error }, 'Slack took no message')
      }
      return answer
    },
  }
}
