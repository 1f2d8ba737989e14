/** Seconds. A clock that NTP sets differs by milliseconds; codes and tokens of the platform bear some seconds. */
const tolerance = 5

/**
 * Compares the clock of a store with ours, in ms.
 * @param asked our clock before the question
 * @param answered our clock after the answer
 */
export function clockProblems(store: number, asked: number, answered: number): readonly string[] {
  const difference = store < asked ? store - asked : Math.max(store - answered, 0)
  const seconds = Math.round(difference / 1000)
  return Math.abs(seconds) > tolerance
    ? [
        `the clock of this server is ${Math.abs(seconds)} s ${seconds > 0 ? 'ahead of' : 'behind'} ours: let NTP set both`,
      ]
    : []
}
