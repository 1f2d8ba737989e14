import { availableParallelism, loadavg } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { logoutClients, signInEverywhere } from '../test/sso/logout-clients.ts'
import { hidden, relyingParty } from '../test/sso/platform.ts'
import { cookieBrowser } from '../test/support/cookie-browser.ts'
import { type LogoutListener, logoutListeners } from '../test/support/logout-listeners.ts'
import { externalServicesAt } from '../test/support/platform.ts'
import { signInFields } from '../test/support/registering.ts'
import { ownPrograms } from './own-programs.ts'
import { startAll } from './start-all.ts'
import { login, registration } from './visitors.ts'

/**
 * `npm run bench:logout [OTHERS]` measures how long a logout takes to reach a hundred clients while a thousand other
 * sessions exist, and to reach clients that were down. It asserts no time.
 */
const others = Number(process.argv[2] ?? 1000)
const count = 100
const away = 20
const workers = 4

const { dataDir, family } = ownPrograms()
const clients = await logoutListeners(count)
try {
  await measure(clients.listeners)
} finally {
  clients.close()
  await family.stop()
}

async function measure(listeners: readonly LogoutListener[]): Promise<void> {
  const { issuer, simulatorUrl } = await startAll(dataDir, family, logoutClients(listeners))
  const person = await registration({ issuer, ...externalServicesAt(simulatorUrl) }, 1)
  const party = await relyingParty(issuer)
  console.error(`${others} others sign in …`)
  let left = others
  const worker = async () => {
    while (left-- > 0) await login(party, cookieBrowser(), person)
  }
  await Promise.all(Array.from({ length: workers }, worker))

  const browser = cookieBrowser()
  await signInEverywhere(issuer, listeners, browser, signInFields(person))
  const [up, down] = [listeners.slice(away), listeners.slice(0, away)]
  await Promise.all(down.map((listener, at) => listener.become(at % 2 ? 'down' : 'hangs')))

  const page = await browser.visit(`${issuer}/session/end`)
  const body = new URLSearchParams({ xsrf: hidden(page.text, 'xsrf'), logout: 'yes' })
  const pressed = performance.now()
  await browser.visit(`${issuer}/session/end/confirm`, undefined, { method: 'POST', body })
  const answered = performance.now()
  const lastUp = await lastNotified(up)
  // By then the pauses between retries have reached their maximum.
  await sleep(45_000)
  const back = performance.now()
  await Promise.all(down.map((listener) => listener.become('up')))
  const lastBack = await lastNotified(down)

  const ms = (from: number, to: number) => `${Math.round(to - from)} ms`
  console.log(
    `${availableParallelism()} cores, load ${loadavg()[0]?.toFixed(1)}; one session at ${count} clients, ${others} other sessions\n` +
      `the page is answered after ${ms(pressed, answered)} (${away} clients are down, half of them hang)\n` +
      `the last of ${up.length} clients that are up is notified after ${ms(pressed, lastUp)}\n` +
      `the last of ${down.length} clients that were down is notified ${ms(back, lastBack)} after they are up again`,
  )
}

async function lastNotified(listeners: readonly LogoutListener[]): Promise<number> {
  while (listeners.some((listener) => listener.firstTokenAt() === undefined)) await sleep(10)
  return Math.max(...listeners.map((listener) => listener.firstTokenAt() ?? 0))
}
