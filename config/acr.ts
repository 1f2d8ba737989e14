/** The levels of authentication (specification, section 6). Each level includes those before it. */
export const acr = {
  password: 'urn:uup:acr:password',
  /** Password, and a code by SMS to the registered phone. */
  sms: 'urn:uup:acr:sms',
  /** In addition, a bank confirmed name, document, account and reserved phone during this sign-in. */
  bank: 'urn:uup:acr:bank',
} as const

export type Level = keyof typeof acr
const levels = Object.keys(acr) as readonly Level[]

/** Authentication methods (RFC 8176, 2); `bank_card` is our own. */
export const amr = {
  password: ['pwd'],
  sms: ['pwd', 'sms', 'mfa'],
  bank: ['pwd', 'sms', 'mfa', 'bank_card'],
} as const satisfies Record<Level, readonly string[]>

export const levelOf = (value: unknown): Level | undefined =>
  levels.find((level) => acr[level] === value)

/** Whether a sign-in of the level `reached` satisfies the level `wanted`. */
export const meetsLevel = (reached: Level, wanted: Level): boolean =>
  levels.indexOf(reached) >= levels.indexOf(wanted)
