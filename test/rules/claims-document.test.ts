import { readFileSync } from 'node:fs'
import { scopeClaims } from '../../config/oidc.ts'
import { verifiedClaimNames } from '../../config/verified-claims.ts'
import { claimsDocument } from '../../sandbox/claims/document.ts'

const written = readFileSync(new URL('../../docs/claims.md', import.meta.url), 'utf8')

test('docs/claims.md is as the code has it (npm run claims)', () => {
  expect(written).toBe(claimsDocument())
})

test('it explains every claim that there is, with an example', () => {
  for (const name of [...Object.values(scopeClaims).flat(), ...verifiedClaimNames])
    expect(written).toContain(`\`${name}\``)
  expect(written).not.toContain('undefined')
})
