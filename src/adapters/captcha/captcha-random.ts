import { createCipheriv, createHash } from 'node:crypto'

/** Numbers that look random and are the same for the same seed, on every machine. */
export type SeededRandom = {
  /** At least `low`, less than `high`. */
  between(low: number, high: number): number
  /** -1 or 1. */
  sign(): number
  pick<T>(choices: readonly [T, ...T[]]): T
  /** So many bytes at once, for noise. */
  bytes(count: number): Buffer
}

/**
 * The key stream of AES-256-CTR under the seed: who sees much of a picture can't work back to the seed and so
 * draw the rest without the answer in it.
 */
export function seededRandom(seed: string): SeededRandom {
  const stream = createCipheriv(
    'aes-256-ctr',
    createHash('sha256').update(seed).digest(),
    Buffer.alloc(16),
  )
  const bytes = (count: number) => stream.update(Buffer.alloc(count))
  const unit = () => bytes(4).readUInt32LE() / 2 ** 32
  return {
    bytes,
    between: (low, high) => low + unit() * (high - low),
    sign: () => (unit() < 0.5 ? -1 : 1),
    pick: (choices) => choices[Math.floor(unit() * choices.length)] ?? choices[0],
  }
}
