import config from '../../jest.config.mjs'
import { projectFiles } from '../support/project-files.ts'

/** `}, 60_000)` after a test or a hook, and `jest.setTimeout(60_000)`. */
const timeOut = /^ *(?:\}, |jest\.setTimeout\()([\d_]{4,})\)$/gm

test('no test has a shorter time-out than the configured one, which allows for a loaded machine', () => {
  const found = projectFiles('test', /\.ts$/).flatMap(({ path, text }) =>
    [...text.matchAll(timeOut)].map(([, digits = '']) => ({
      path,
      milliseconds: Number(digits.replaceAll('_', '')),
    })),
  )
  expect(found.length).toBeGreaterThan(0)
  expect(found.filter(({ milliseconds }) => milliseconds <= config.testTimeout)).toEqual([])
})
