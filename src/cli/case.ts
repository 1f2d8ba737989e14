import { readSettings } from '../../config/env.ts'
import { policy as policyOf } from '../../config/policy.ts'
import { casesMongo } from '../adapters/cases-mongo.ts'
import { findCase, readNumber, usage } from './case-command.ts'
import { runCommand, withStored } from './command.ts'

/** `npm run case`: what support sees of a case number that a person reads out. Every look is on record. */
await runCommand(usage, async (typed) => {
  const number = readNumber(typed)
  const env = readSettings(process.env, ['MONGODB_URI', 'DATA_KEYS', 'DIGEST_KEY'])
  await withStored(env, async ({ inMongo, report }) => {
    const cases = await casesMongo({ ...inMongo, policy: policyOf().cases })
    const lines = await findCase(number, cases)
    // Nothing is shown that is not on record.
    await report([], { what: 'case-looked-up' })
    await report(lines)
  })
})
