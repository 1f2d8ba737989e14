/**
 * The costliest password hashes that an import accepts (specification, section 13): whoever signs in makes the platform
 * compute one. The numbers of passes and lanes are bounded too, since they multiply the time.
 */
export const importedHashBounds = {
  argon2: { kibibytes: 64 * 1024, passes: 16, lanes: 16 },
  bcrypt: { cost: 14 },
  scrypt: { ln: 17, blocksTimesLanes: 16 },
  pbkdf2: { rounds: 1_000_000 },
} as const
