import { readLegalTexts } from '../../config/legal-texts.ts'
import { sampleLegalTexts } from '../../sandbox/settings.mjs'
import type { Agreement } from '../../src/people/agreement.ts'

const { terms, privacy } = readLegalTexts(sampleLegalTexts)

/** The agreement of a person who accepted the texts of the test platform. */
export const agreedAt = (at: number): Agreement => ({
  terms: terms.version,
  privacy: privacy.version,
  at,
})
