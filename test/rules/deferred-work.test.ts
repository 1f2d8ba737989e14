import { deferInProcess } from '../../src/adapters/tasks/defer-in-process.ts'

const soon = { least: 0.01, most: 0.02 } as never

function logThatKeepsLines() {
  const lines: string[] = []
  return { lines, log: { error: (...said: unknown[]) => void lines.push(JSON.stringify(said)) } }
}

test('deferred work starts after the current turn, and settled() waits for it and for the work that it defers', async () => {
  const { defer, settled } = deferInProcess(logThatKeepsLines().log as never, soon)
  const done: string[] = []
  defer('a message', async () => {
    defer('another', async () => void done.push('another'))
    done.push('a message')
  })
  await new Promise((turn) => setImmediate(turn))
  expect(done).toEqual([])
  await settled()
  expect(done).toEqual(['a message', 'another'])
})

test('deferred work that fails logs only the name of the error and does not stop the next work', async () => {
  const { lines, log } = logThatKeepsLines()
  const { defer, settled } = deferInProcess(log as never, soon)
  const done: string[] = []
  defer('a message', () => Promise.reject(new TypeError('138 0000 0000 is dead')))
  defer('a message', () => Promise.reject('a word'))
  defer('a message', async () => void done.push('sent'))
  await settled()
  expect(done).toEqual(['sent'])
  expect(lines.sort()).toEqual([
    '[{"what":"a message","error":"TypeError"},"failed"]',
    '[{"what":"a message","error":"string"},"failed"]',
  ])
})
