// `npm run claims` writes docs/claims.md.
import { writeFileSync } from 'node:fs'
import { claimsDocument } from './document.ts'

writeFileSync(new URL('../../docs/claims.md', import.meta.url), claimsDocument())
