import { fileURLToPath } from 'node:url'

/** What ships with Baton: its agreement, and its version. */

export const shippedAgreement = fileURLToPath(
  new URL('../src/content/agreement.yml', import.meta.url),
)

/** Of the app in Slack. */
export const manifest = fileURLToPath(new URL('../manifest.yml', import.meta.url))

export const version = '0.1.0'
