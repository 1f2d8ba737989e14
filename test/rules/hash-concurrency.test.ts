import { availableParallelism } from 'node:os'
import { hashConcurrency, threadsForHashing } from '../../src/compose/settings/hash-concurrency.ts'

const cores = Math.min(availableParallelism(), 16)

test('one process with enough threads hashes on every core', () => {
  const { UV_THREADPOOL_SIZE: size } = threadsForHashing(1)
  expect(Number(size)).toBeGreaterThan(cores)
  expect(hashConcurrency(1, Number(size))).toBe(cores)
})

test('several processes share the cores, and each hashes', () => {
  expect(hashConcurrency(cores, 64)).toBe(1)
  expect(hashConcurrency(1000, 64)).toBe(1)
})

test('one thread stays free', () => {
  expect(hashConcurrency(1, 2)).toBe(1)
  expect(hashConcurrency(1, 1)).toBe(1)
})
