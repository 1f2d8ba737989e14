/** The exponents of the powers of two whose sum is the number, the smallest first. */
export const powersOfTwo = (sum: number): readonly number[] =>
  Array.from({ length: 31 }, (_, exponent) => exponent).filter(
    (exponent) => (sum & (2 ** exponent)) !== 0,
  )
