import { background } from '../../src/adapters/background.ts'

const soon = { least: 0.01, most: 0.02 } as never

/** A log that keeps its lines. */
function keeping() {
  const lines: string[] = []
  return { lines, log: { error: (...said: unknown[]) => void lines.push(JSON.stringify(said)) } }
}

test('work begins after the answer, and whoever stops waits for it', async () => {
  const { later, settled } = background(keeping().log as never, soon)
  const done: string[] = []
  later('a message', async () => {
    later('another', async () => void done.push('another'))
    done.push('a message')
  })
  await new Promise((turn) => setImmediate(turn))
  expect(done).toEqual([])
  await settled()
  expect(done).toEqual(['a message', 'another'])
})

test('a failure is logged by its name alone, and the next work goes on', async () => {
  const { lines, log } = keeping()
  const { later, settled } = background(log as never, soon)
  const done: string[] = []
  later('a message', () => Promise.reject(new TypeError('138 0000 0000 is dead')))
  later('a message', () => Promise.reject('a word'))
  later('a message', async () => void done.push('sent'))
  await settled()
  expect(done).toEqual(['sent'])
  expect(lines.sort()).toEqual([
    '[{"what":"a message","error":"TypeError"},"failed"]',
    '[{"what":"a message","error":"string"},"failed"]',
  ])
})
