import { fairQueue } from '../../src/adapters/crypto/fair-queue.ts'
import { groupsOf } from '../../src/adapters/crypto/hash-requester-groups.ts'
import { Overloaded } from '../../src/ports/passwords.ts'

/** A queue whose jobs end when the test says so. */
function queue(most: number, concurrency = 2) {
  const lengths: number[] = []
  const turns = fairQueue({ concurrency, most }, Overloaded, (length) => void lengths.push(length))
  const running: { readonly job: string; readonly end: () => void }[] = []
  const begun: string[] = []
  /** Ends the oldest running job, so that the next one begins. */
  async function endOne() {
    running.shift()?.end()
    await new Promise(setImmediate)
  }
  return {
    begun,
    lengths,
    expectedWait: turns.expectedWait,
    ask: (job: string, name: string, address: string) =>
      turns
        .run(
          groupsOf({ name, address }),
          () =>
            new Promise<void>((end) => {
              begun.push(job)
              running.push({ job, end })
            }),
        )
        .then(() => 'done')
        .catch((error: Error) => error.name),
    endOne,
    async endAll() {
      while (running.length) await endOne()
    },
  }
}

const times = (count: number) => Array.from({ length: count }, (_, n) => n)

test.each([
  ['name', (n: number) => ['owner', `203.0.${n % 250}.${Math.floor(n / 250)}`] as const],
  ['address', (n: number) => [`person ${n}`, '203.0.113.7'] as const],
  ['IPv6 site', (n: number) => [`person ${n}`, `2001:db8:1:${n.toString(16)}::/64`] as const],
])('a flood of 1,000 on one %s delays a person from elsewhere by one turn', async (_, flooder) => {
  const { ask, begun, endOne, endAll } = queue(200)
  const flood = times(1000).map((n) => {
    const [name, address] = flooder(n)
    return ask('flood', name, address)
  })
  for (const _ of times(20)) await endOne()
  const person = ask('person', 'somebody', '198.51.100.9')
  await endOne()
  expect(begun.at(-1)).toBe('person')
  await endAll()
  expect(await person).toBe('done')
  const outcomes = await Promise.all(flood)
  expect(outcomes.filter((outcome) => outcome === 'done').length).toBeGreaterThanOrEqual(201)
  expect(outcomes.filter((outcome) => outcome === 'Overloaded').length).toBeGreaterThanOrEqual(797)
})

test('the queue is bounded, and a full one refuses at once', async () => {
  const { ask, endAll, lengths } = queue(3)
  const asked = times(12).map((n) => ask('one', 'a name', `198.51.100.${n}`))
  expect(lengths.at(-1)).toBe(3)
  expect(await Promise.race(asked.slice(5))).toBe('Overloaded')
  await endAll()
  expect(Math.max(...lengths)).toBe(3)
  expect(lengths.at(-1)).toBe(0)
})

test('newcomers do not delay the second person of an address for ever', async () => {
  const { ask, begun, endOne, endAll } = queue(20, 1)
  const school = ['first', 'second'].map((pupil) => ask(pupil, pupil, '203.0.113.7'))
  let serial = 0
  const newcomer = () => {
    serial += 1
    void ask('newcomer', `person ${serial}`, `10.${serial}.0.1`)
  }
  times(10).forEach(newcomer)
  for (const _ of times(50)) {
    await endOne()
    newcomer()
  }
  expect(begun).toContain('second')
  await endAll()
  expect(await Promise.all(school)).toEqual(['done', 'done'])
})

test('jobs without contention run in the order of their arrival', async () => {
  const { ask, begun, endAll } = queue(20, 1)
  for (const n of times(5)) void ask(String(n), `person ${n}`, `10.${n}.0.1`)
  await endAll()
  expect(begun).toEqual(['0', '1', '2', '3', '4'])
})

test('the expected wait grows with the queue and is 0 without one', async () => {
  const { ask, endAll, endOne, expectedWait } = queue(20, 1)
  expect(expectedWait()).toBe(0)
  for (const n of times(5)) void ask(String(n), `person ${n}`, `10.${n}.0.1`)
  await endOne()
  const four = expectedWait()
  expect(four).toBeGreaterThan(0)
  await endAll()
  expect(expectedWait()).toBe(0)
})
