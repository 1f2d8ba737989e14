import { readLegalTexts } from '../../config/legal-texts.ts'
import { sampleLegalTexts } from '../../sandbox/settings.mjs'
import type { Agreement } from '../../src/people/agreement.ts'

const { terms, privacy } = readLegalTexts(sampleLegalTexts)

/** What somebody agreed to who registered under the texts that a test's platform has. */
export const agreedAt = (at: number): Agreement => ({
  terms: terms.version,
  privacy: privacy.version,
  at,
})
