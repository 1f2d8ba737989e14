// Writes docs/claims.md: npm run claims
import { writeFileSync } from 'node:fs'
import { claimsDocument } from './document.ts'

writeFileSync(new URL('../../docs/claims.md', import.meta.url), claimsDocument())
