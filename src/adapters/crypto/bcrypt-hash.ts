import { hash, verify } from '@node-rs/bcrypt'
import { importedHashBounds as most } from '../../../config/limits/imported-hash-bounds.ts'
import { powersOfTwo } from './powers-of-two.ts'
import type { StoredHash } from './stored-hash.ts'

const leastCost = 4

/** `$2b$cost$…`, with the prefixes `2a` and `2y` of other implementations. One more of cost is twice the work. */
export function bcryptHash(text: string): StoredHash | undefined {
  const cost = Number(/^\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53}$/.exec(text)?.[1])
  if (!(cost >= leastCost && cost <= 31)) return undefined
  return {
    cost: { class: `$2b$04$${'.'.repeat(53)}`, work: 2 ** cost },
    isTooCostly: cost > most.bcrypt.cost,
    matches: (secret) => verify(secret, text),
    async spend(work) {
      for (const power of powersOfTwo(work)) await hash('', { cost: power })
    },
  }
}
