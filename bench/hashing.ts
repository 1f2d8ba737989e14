import { availableParallelism } from 'node:os'
import { policy } from '../config/limits-and-lifetimes.ts'
import { passwordsArgon2 } from '../src/adapters/crypto/passwords-argon2.ts'

/**
 * `npx tsx bench/hashing.ts [seconds]` measures how many passwords this machine verifies per second, by the number of
 * concurrent verifications. More of them than cores, or than libuv's four threads, only wait for each other.
 */
const seconds = Number(process.argv[2] ?? 3)
const { argon2 } = policy()

for (const concurrency of [1, 2, 3, 4]) {
  const passwords = passwordsArgon2(argon2, concurrency)
  const hash = await passwords.hash('correct horse battery staple')
  const took: number[] = []
  const end = performance.now() + seconds * 1000
  const before = process.cpuUsage()
  const client = async () => {
    while (performance.now() < end) {
      const begin = performance.now()
      await passwords.matches('correct horse battery staple', hash)
      took.push(performance.now() - begin)
    }
  }
  await Promise.all(Array.from({ length: concurrency }, client))
  const work = process.cpuUsage(before)
  took.sort((a, b) => a - b)
  const at = (share: number) => (took[Math.floor(took.length * share)] ?? 0).toFixed(1)
  const rate = (took.length / seconds).toFixed(1)
  const each = ((work.user + work.system) / 1000 / took.length).toFixed(1)
  console.log(
    `${concurrency} at a time: ${rate}/s, median ${at(0.5)} ms, p99 ${at(0.99)} ms, processor ${each} ms each`,
  )
}
console.log(
  `${availableParallelism()} cores, m=${argon2.memoryCost} t=${argon2.timeCost} p=${argon2.parallelism}`,
)
