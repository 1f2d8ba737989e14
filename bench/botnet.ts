import { availableParallelism, loadavg } from 'node:os'
import { externalServicesAt } from '../test/support/platform.ts'
import { addressOf, askBank, owner, ownersCode, requestAnyCode } from './botnet-visits.ts'
import { ownPrograms } from './own-programs.ts'
import { startAll } from './start-all.ts'

/**
 * `npm run bench:botnet [ADDRESSES] [NETWORKS]`: each address requests an SMS code, every ninth also a bank check, with
 * the default limits and budgets. Then people who have an account request their codes. Prints what was sent.
 */
const addresses = Number(process.argv[2] ?? 10_000)
const networks = Number(process.argv[3] ?? 200)
const owners = 20
const workers = 16

const { dataDir, family } = ownPrograms()
try {
  await measure()
} finally {
  await family.stop()
}

async function measure(): Promise<void> {
  const settings = { TRUST_PROXY: '1', LIMITS_SCALE: '1' }
  const { issuer, simulatorUrl } = await startAll(dataDir, family, [], settings)
  const platform = { issuer, ...externalServicesAt(simulatorUrl) }
  const calls = async (): Promise<{ sms: number; bank: number }> =>
    platform.simulator('GET', '/calls')
  const people = []
  for (let n = 0; n < owners; n += 1) people.push(await owner(platform, `198.19.${n}.1`))
  const before = await calls()

  const begun = performance.now()
  let next = 0
  let failed = 0
  const worker = async () => {
    while (next < addresses) {
      const n = next++
      const address = addressOf(n, networks)
      const visit = n % 9 ? requestAnyCode : askWithin
      await visit(platform, address).catch(() => {
        failed += 1
      })
      if (n % 250 === 0) console.error(`${n} addresses, ${JSON.stringify(await calls())}`)
    }
  }
  await Promise.all(Array.from({ length: workers }, worker))
  const seconds = Math.round((performance.now() - begun) / 1000)
  const attacked = await calls()

  const reached = await Promise.all(
    people.map((person, n) => ownersCode(platform, person, `198.19.${n}.2`)),
  )
  const after = await calls()
  console.log(
    `${availableParallelism()} cores, load ${loadavg()[0]?.toFixed(1)}; ${addresses} addresses in ${networks} networks, ${seconds} s, ${failed} visits ended early\n` +
      `before: ${before.sms} SMS, ${before.bank} bank checks (registrations of ${owners} owners)\n` +
      `attack: ${attacked.sms - before.sms} SMS, ${attacked.bank - before.bank} bank checks\n` +
      `after: ${reached.filter(Boolean).length} of ${owners} owners got their code; ${after.sms} SMS in all`,
  )
}

/** A bank check needs the code that was sent. Once the budget is spent, none arrives, and the bot gives up. */
async function askWithin(...[platform, address]: Parameters<typeof askBank>): Promise<string> {
  const { sms } = await platform.simulator('GET', '/calls')
  return sms < 1400 ? askBank(platform, address) : String(await requestAnyCode(platform, address))
}
