import { externalServicesAt } from '../test/support/platform.ts'
import { median } from './median.ts'
import { ownPrograms } from './own-programs.ts'
import { type Kind, recoveryWalks } from './recovery-walks.ts'
import { startAll } from './start-all.ts'
import { print } from './table.ts'
import { candidate, registration } from './visitors.ts'

/**
 * `npm run bench:discovery [ROUNDS]` checks whether the response time of any recovery request discloses that an account
 * exists (without 密保, whose questions disclose it anyway). Each round walks through the recoveries for a known and for
 * an unknown person, in alternating order.
 */
const rounds = Number(process.argv[2] ?? 200)
const different = 20
const warmUp = 20
/** The requirement: both medians differ by at most 5 % or 2 ms. */
const bound = { share: 0.05, ms: 2 }

const { dataDir, family } = ownPrograms()
try {
  await compare()
} finally {
  await family.stop()
}

async function compare(): Promise<void> {
  const { issuer, simulatorUrl } = await startAll(dataDir, family)
  const platform = { issuer, ...externalServicesAt(simulatorUrl) }
  console.error('Registering …')
  const people = { somebody: [candidate(0)], nobody: [candidate(different)] }
  for (let n = 1; n <= different; n += 1) {
    people.somebody[n - 1] = await registration(platform, n)
    people.nobody[n - 1] = candidate(different + n)
  }
  const took = new Map<string, Record<Kind, number[]>>()
  const walk = recoveryWalks(platform)
  console.error('Comparing …')
  for (let round = -warmUp; round < rounds; round += 1) {
    const kinds: Kind[] = round % 2 ? ['nobody', 'somebody'] : ['somebody', 'nobody']
    for (const kind of kinds) {
      const person = people[kind][Math.abs(round) % different] ?? candidate(0)
      await walk(person, (what, ms) => {
        const times = took.get(what) ?? { somebody: [], nobody: [] }
        took.set(what, times)
        if (round >= 0) times[kind].push(ms)
      })
    }
  }
  const rows = [...took].map(([what, times]) => compared(what, times))
  print([['', 'somebody ms', 'nobody ms', 'difference', 'ratio', ''], ...rows])
}

function compared(what: string, { somebody, nobody }: Record<Kind, readonly number[]>) {
  const [one, other] = [median(somebody), median(nobody)]
  const apart = Math.abs(one - other)
  const within = apart <= bound.ms || apart <= bound.share * Math.max(one, other)
  const numbers = [one.toFixed(2), other.toFixed(2), (one - other).toFixed(2)]
  return [what, ...numbers, (one / other).toFixed(3), within ? 'alike' : 'TELLS']
}
