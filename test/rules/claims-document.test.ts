import { readFileSync } from 'node:fs'
import { scopeClaims } from '../../config/claims/scope-claims.ts'
import { verifiedClaimNames } from '../../config/claims/verified-claims.ts'
import { claimsDocument } from '../../sandbox/claims/document.ts'

const written = readFileSync(new URL('../../docs/claims.md', import.meta.url), 'utf8')

test('docs/claims.md equals what npm run claims generates', () => {
  expect(written).toBe(claimsDocument())
})

test('docs/claims.md explains every claim with an example', () => {
  for (const name of [...Object.values(scopeClaims).flat(), ...verifiedClaimNames])
    expect(written).toContain(`\`${name}\``)
  expect(written).not.toContain('undefined')
})
