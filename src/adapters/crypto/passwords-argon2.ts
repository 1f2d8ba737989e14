import { randomBytes } from 'node:crypto'
import { hash, hashSync } from '@node-rs/argon2'
import type { Policy } from '../../../config/limits-and-lifetimes.ts'
import { type HashCost, type HashCosts, Overloaded, type Passwords } from '../../ports/passwords.ts'
import { fairQueue } from './fair-queue.ts'
import { groupsOf } from './hash-requester-groups.ts'
import { readHash } from './read-hash.ts'
import { restOfCosts } from './rest-of-costs.ts'

/**
 * argon2id (RFC 9106; the binding's default algorithm) on libuv's threads, `concurrency` at a time, in turns of names and
 * networks (decision 0248). A stored hash contains its own cost, so older and imported
 * hashes still verify (decisions 0064 and 0280).
 * @param imported the costs of the imported hashes
 */
export function passwordsArgon2(
  { queue, ...cost }: Readonly<Record<keyof Policy['argon2'], number>>,
  concurrency = 2,
  imported: HashCosts = { current: () => [] },
  reportWaiting: (waiting: number) => void = () => {},
): Passwords {
  const turns = fairQueue({ concurrency, most: queue }, Overloaded, reportWaiting)
  // The hash of a random secret: it matches no password, and comparing takes as long as with an account's hash.
  const unmatchableHash = hashSync(randomBytes(32), cost)
  const ownCost = stored(unmatchableHash).cost

  /** Computes what comparing with the costliest hash of each class takes, less what was computed already. */
  async function spendRest(spent: HashCost | undefined): Promise<void> {
    const costs = [...imported.current(), ...(ownCost ? [ownCost] : [])]
    for (const { class: name, work } of restOfCosts(costs, spent)) await stored(name).spend(work)
  }

  return {
    hash: (secret, by) => turns.run(groupsOf(by), () => hash(secret.normalize('NFC'), cost)),
    isOutdated(storedHash) {
      const [memoryCost = 0, timeCost = 0] = costOf(storedHash)
      return memoryCost < cost.memoryCost || timeCost < cost.timeCost
    },
    expectedWait: turns.expectedWait,
    matches: (secret, storedHash, by, evenly) =>
      turns.run(groupsOf(by), async () => {
        const compared = stored(storedHash ?? unmatchableHash)
        const isRight = await compared.matches(secret.normalize('NFC'))
        if (evenly && (evenly === 'always' || !isRight)) await spendRest(compared.cost)
        return isRight
      }),
  }
}

function stored(text: string) {
  const read = readHash(text)
  if (!read) throw new Error('a stored password hash is of no known kind')
  return read
}

/** Memory in KiB and passes, from `$argon2id$v=19$m=19456,t=2,p=1$…`; nothing for a hash of another kind. */
const costOf = (storedHash: string) =>
  (/^\$argon2id\$v=19\$m=(\d+),t=(\d+),/.exec(storedHash) ?? [])
    .slice(1)
    .map((number) => Number(number))
