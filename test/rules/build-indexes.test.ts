import { projectFiles } from '../support/project-files.ts'

test('every adapter waits until its indexes are built, also for longer than the driver waits', () => {
  const calls = projectFiles('src', /\.ts$/).flatMap(({ path, text }) =>
    text
      .split('\n')
      .filter((line) => /\.createIndex(es)?\(/.test(line))
      .map((line) => ({ path, line })),
  )
  expect(calls.length).toBeGreaterThan(1)
  expect(calls.filter(({ line }) => !line.includes('untilBuilt('))).toEqual([])
})
