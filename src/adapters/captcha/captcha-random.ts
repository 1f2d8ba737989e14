import { createCipheriv, createHash } from 'node:crypto'

/** Pseudo-random numbers that depend only on the seed, on every machine. */
export type SeededRandom = {
  /** Returns at least `low` and less than `high`. */
  between(low: number, high: number): number
  /** Returns -1 or 1. */
  sign(): number
  pick<T>(choices: readonly [T, ...T[]]): T
  /** Returns `count` bytes, for noise. */
  bytes(count: number): Buffer
}

/**
 * Uses the key stream of AES-256-CTR with the seed as its key. A program that knows a part of the noise can compute
 * neither the seed nor the rest of the noise, so it cannot subtract the noise from the picture.
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
