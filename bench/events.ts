import { availableParallelism, loadavg } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { logoutClients, signInEverywhere } from '../test/sso/logout-clients.ts'
import { clients, hidden } from '../test/sso/platform.ts'
import { cookieBrowser } from '../test/support/cookie-browser.ts'
import { eventReceiver, push, pushEndpoint } from '../test/support/event-receiver.ts'
import { logoutListeners } from '../test/support/logout-listeners.ts'
import { externalServicesAt } from '../test/support/platform.ts'
import { signInFields } from '../test/support/registering.ts'
import { ownPrograms } from './own-programs.ts'
import { startAll } from './start-all.ts'
import { registration } from './visitors.ts'

/**
 * `npm run bench:events [SECONDS]` measures how long the event of a logout takes to reach ninety receivers while ten others
 * have been down for so long. It asserts no time.
 */
const seconds = Number(process.argv[2] ?? 60)
const count = 100
const away = 10

const { dataDir, family } = ownPrograms()
const logouts = await logoutListeners(count)
const endpoints = await Promise.all(Array.from({ length: count }, pushEndpoint))
try {
  await measure()
} finally {
  logouts.close()
  for (const endpoint of endpoints) endpoint.close()
  await family.stop()
}

async function measure(): Promise<void> {
  const receiving = logoutClients(logouts.listeners).map((client) => ({
    ...client,
    grant_types: ['authorization_code', 'client_credentials'],
    scope: 'openid profile ssf.manage',
  }))
  const { issuer, simulatorUrl } = await startAll(dataDir, family, receiving)
  const person = await registration({ issuer, ...externalServicesAt(simulatorUrl) }, 1)
  const secret = clients.exam.client_secret
  for (const [at, { url }] of endpoints.entries()) {
    const receiver = await eventReceiver(issuer, `system-${at}`, 'ssf.manage', secret)
    await receiver.create({ method: push, endpoint_url: url })
  }
  const [down, up] = [endpoints.slice(0, away), endpoints.slice(away)]
  for (const endpoint of down) endpoint.close()

  const first = await logOut(issuer, person)
  const lastOfFirst = await heardBy(up, 1)
  await sleep(seconds * 1000)
  const second = await logOut(issuer, person)
  const lastOfSecond = await heardBy(up, 2)
  const back = performance.now()
  await Promise.all(down.map((endpoint) => endpoint.open()))
  const lastBack = await heardBy(down, 2)

  const ms = (from: number, to: number) => `${Math.round(to - from)} ms`
  console.log(
    `${availableParallelism()} cores, load ${loadavg()[0]?.toFixed(1)}; one session at ${count} receivers, ${away} of them are down\n` +
      `the last of the others hears after ${ms(first, lastOfFirst)}, and ${seconds} s later after ${ms(second, lastOfSecond)}\n` +
      `the last of those that were down has heard all ${ms(back, lastBack)} after they are up again`,
  )
}

/** Signs in everywhere and out again; returns the time of the answer. */
async function logOut(issuer: string, person: Parameters<typeof signInFields>[0]) {
  const browser = cookieBrowser()
  await signInEverywhere(issuer, logouts.listeners, browser, signInFields(person))
  const page = await browser.visit(`${issuer}/session/end`)
  const body = new URLSearchParams({ xsrf: hidden(page.text, 'xsrf'), logout: 'yes' })
  const pressed = performance.now()
  await browser.visit(`${issuer}/session/end/confirm`, undefined, { method: 'POST', body })
  return pressed
}

/** The time at which each of them has so many events. */
async function heardBy(some: typeof endpoints, events: number): Promise<number> {
  while (some.some(({ received }) => received.length < events)) await sleep(10)
  return performance.now()
}
