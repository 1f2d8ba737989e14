import diagnostics from 'node:diagnostics_channel'
import type { OutsideService } from '../../../src/adapters/vendors/json-call.ts'
import { ownPort } from '../own-port.ts'
import {
  type Fault,
  faults,
  type LocalServer,
  localServer,
  type Received,
  type Reply,
} from './local-server.ts'
import { personalValues } from './samples.ts'

export type Line = {
  /** Asks for the sample person, and says the outcome. */
  ask(): Promise<string>
  readonly server: LocalServer
  /** What was reported to the operator, in order. */
  readonly reports: readonly string[]
}

export type Adapter = {
  /** Sends the sample through a new adapter. */
  readonly ask: (service: OutsideService) => Promise<string>
  /** The vendor's best answer. */
  readonly well: (request: Received) => Reply
}

/**
 * An adapter connected to a server of our own, for half a second a call. Fails when a personal word was reported or
 * logged meanwhile.
 */
export async function onLine({ ask, well }: Adapter, test: (line: Line) => Promise<void>) {
  const server = await localServer(await ownPort())
  server.answer(well)
  const reports: string[] = []
  const report = (word: string) => void reports.push(word)
  const service = { baseUrl: server.baseUrl, timeout: 0.5, report }
  const logged = listenIn()
  let heard: string[] = []
  try {
    await test({ ask: () => ask(service), server, reports })
  } finally {
    heard = logged()
    await server.close()
  }
  for (const word of personalValues) expect([...heard, ...reports].join('\n')).not.toContain(word)
}

/** What every adapter does when the network or the service fails. `harmless` faults leave the best answer standing. */
export function describeNetwork(
  adapter: Adapter,
  best: string,
  harmless: readonly Fault[] = [],
): void {
  const problem: Record<Fault, RegExp> = {
    closes: /^(UND_ERR_SOCKET|ECONNRESET)$/,
    'closes half-way': /^(UND_ERR_SOCKET|ECONNRESET)$/,
    hangs: /^timeout$/,
    'hangs half-way': /^timeout$/,
    fails: /^status-500$/,
    redirects: /^connection$/,
    'says nothing': /^unreadable$/,
    'breaks the JSON': /^unreadable$/,
    'calls it HTML': /^unreadable$/,
  }

  test.each(faults)('a service that %s is asked once', (fault) =>
    onLine(adapter, async ({ ask, server, reports }) => {
      server.answer(adapter.well, fault)
      const isHarmless = harmless.includes(fault)
      expect(await ask()).toBe(isHarmless ? best : 'unavailable')
      expect(server.received).toHaveLength(1)
      expect(reports).toEqual(isHarmless ? [] : [expect.stringMatching(problem[fault])])
    }),
  )

  test('nobody there: asked twice, since the first was certainly not carried out', () =>
    onLine(adapter, async ({ ask, server, reports }) => {
      await server.close()
      const tries = refusedConnections()
      expect(await ask()).toBe('unavailable')
      expect(tries.stop()).toBe(2)
      expect(reports).toEqual(['ECONNREFUSED'])
    }))

  test('a service that comes back after a refused connection is asked, once', async () => {
    const port = await ownPort()
    let back: Promise<LocalServer> | undefined
    const tries = refusedConnections(() => {
      back ??= localServer(port).then((server) => {
        server.answer(adapter.well)
        return server
      })
    })
    const outcome = await adapter.ask({ baseUrl: `http://127.0.0.1:${port}`, timeout: 5 })
    expect(tries.stop()).toBe(1)
    expect(outcome).toBe(best)
    const server = await back
    expect(server?.received).toHaveLength(1)
    await server?.close()
  })

  test('an address that nobody knows: asked twice', async () => {
    const reports: string[] = []
    const report = (word: string) => void reports.push(word)
    // Too long a label for a name server: refused on this machine.
    const service = { baseUrl: `http://${'x'.repeat(64)}.invalid`, timeout: 5, report }
    const tries = refusedConnections()
    expect(await adapter.ask(service)).toBe('unavailable')
    expect(tries.stop()).toBe(2)
    expect(reports).toEqual([expect.stringMatching(/^(ENOTFOUND|EAI_AGAIN)$/)])
  })
}

/** Counts the connections that `fetch` tried in vain, and tells of each before the caller learns of it. */
function refusedConnections(refused: () => void = () => {}) {
  const channel = 'undici:client:connectError'
  let count = 0
  const listener = () => {
    count += 1
    refused()
  }
  diagnostics.subscribe(channel, listener)
  return {
    stop: () => {
      diagnostics.unsubscribe(channel, listener)
      return count
    },
  }
}

/** Overhears what this process writes; the function it returns stops that and says what it was. */
function listenIn(): () => string[] {
  const heard: string[] = []
  const overhear = <Holder extends object>(holder: Holder, method: keyof Holder) => {
    const original = holder[method]
    if (typeof original !== 'function') throw new TypeError(`${String(method)} is no method`)
    const recording = (...said: unknown[]) => {
      heard.push(said.map(String).join())
      return original.apply(holder, said)
    }
    Object.assign(holder, { [method]: recording })
    return () => void Object.assign(holder, { [method]: original })
  }
  const stops = [
    ...(['debug', 'log', 'info', 'warn', 'error'] as const).map((to) => overhear(console, to)),
    ...[process.stdout, process.stderr].map((stream) => overhear(stream, 'write')),
  ]
  return () => {
    for (const stop of stops) stop()
    return heard
  }
}
