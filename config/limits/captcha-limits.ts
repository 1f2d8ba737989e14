/** The counts of an address's network (IPv4 /24, IPv6 /56) and site (IPv6 /48) are multiplied by these. */
export const networkTimes = { network: 10, site: 30 } as const

const minute = 60

/** The digits but 1, which looks like 7 and sounds like it in Chinese (yī, qī): 531,441 answers of six. */
export const captchaDigits = '023456789'

/**
 * Limits and levels of captchas, in seconds.
 * @param count multiplies a count by LIMITS_SCALE
 */
export function captchaLimits(count: (n: number) => number) {
  const { network, site } = networkTimes
  const wrong = (n: number) => ({
    failures: count(n),
    window: 10 * minute,
    waits: [2, 4, 8, 16, 32, 60],
  })
  /** The numbers of failures from which captchas are of the middle level, hard, and hardest: after all waits. */
  const wrongLevels = (times: number) => [4, 8, 16].map((n) => count(n * times))
  return {
    length: 6,
    lifetime: 5 * minute,
    /** The largest number of hashes that a page's script computes at the hardest level (decision 0223). */
    work: { most: 30_000 },
    /** Captchas that an address gets, answered or not: each one is stored for its lifetime. */
    issued: { failures: count(3000), window: 5 * minute, waits: [minute] },
    /** Wrong answers before the first wait. */
    wrong: {
      flow: wrong(10),
      address: wrong(10),
      network: wrong(10 * network),
      site: wrong(10 * site),
    },
    /** Wrong passwords and other secrets of an address are counted, and never make it wait. */
    refusedSecrets: { failures: Number.MAX_SAFE_INTEGER, window: 10 * minute, waits: [] },
    levels: {
      wrong: {
        address: wrongLevels(1),
        network: wrongLevels(network),
        site: wrongLevels(site),
      },
      refused: { name: [3, 10].map(count), address: [5, 20].map(count) },
    },
    /** The share of wrong answers on the platform from which every captcha is harder, from so many answers on. */
    share: { wrong: 0.4, answers: count(100) },
  } as const
}
