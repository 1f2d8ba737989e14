import { verifiedClaimNames } from '../../config/claims/verified-claims.ts'
import { messages } from '../../config/messages.ts'
import { foreigner, now, person, unit } from '../../sandbox/claims/sample.ts'
import { claimsOf } from '../../src/sso/consent/claim-values.ts'
import { consentValues } from '../../src/sso/consent/consent-values.ts'

test.each([
  ['a person', person],
  ['the holder of a passport', foreigner],
  ['an organisation', unit],
])('the consent page shows every claim that is given of %s', (_whose, account) => {
  const shownFor = consentValues(account, 'en', now)
  const given = Object.keys(claimsOf(account))
  expect(given.length).toBeGreaterThan(5)
  // A claim with the value null is left out of the page.
  expect(given.filter((name) => shownFor(name) === null)).toEqual([])
  expect(given.filter((name) => !(`consent.${name}` in messages))).toEqual([])
})

test('the consent page shows every verified claim', () => {
  const values = [person, foreigner].map((account) => consentValues(account, 'en', now))
  const shownFor = (name: string) =>
    values.map((value) => value(name)).find((each) => each !== null) ?? null
  const names = verifiedClaimNames.map((name) => `verified_claims.${name}`)
  expect(names.filter((name) => shownFor(name) === null)).toEqual([])
  expect(names.filter((name) => !(`consent.${name}` in messages))).toEqual([])
})
