/** 客服, 系统管理员, 安全管理员, 审计员: separate roles, as GB/T 22239-2019, 8.1.5 asks. */
export const roles = ['support', 'system', 'security', 'auditor'] as const
export type Role = (typeof roles)[number]

/** A passkey (WebAuthn Level 3, 4: public key credential). */
export type Passkey = {
  /** Base64url, as the authenticator named it. */
  readonly id: string
  /** The COSE key in base64url. */
  readonly publicKey: string
  /** The signature counter of the last use; 0 for authenticators that have none. */
  readonly counter: number
  readonly transports?: readonly string[]
}

/** A password and one second factor at least. */
export type OperatorCredentials = {
  readonly passwordHash: string
  readonly passkeys: readonly Passkey[]
  /** The secret of RFC 6238 in base32. */
  readonly totpSecret?: string
}

export type OperatorSession = {
  /** ms since 1970. */
  readonly startedAt: number
  readonly usedAt: number
  /** The network address of the sign-in. */
  readonly address: string
}

/** An operator works in the console, and is no citizen's account. */
export type Operator = {
  readonly id: string
  readonly username: string
  /** The name in the list of operators, e.g. `张工`. */
  readonly name: string
  readonly role: Role
  /**
   * The operators who invited this one, directly or through others: this one cannot decide what they ask for. Empty for an
   * operator whom the command invited.
   */
  readonly sponsors: readonly string[]
  readonly isDisabled: boolean
  /** How often the credentials were removed. What began before the last time must not put any in, nor use them. */
  readonly resets: number
  /** Absent after a reset, until the new link was used. */
  readonly credentials?: OperatorCredentials
  readonly recoveryCodesLeft: number
  /** ms since 1970. */
  readonly createdAt: number
  readonly lastSignInAt?: number
  readonly session?: OperatorSession
}

/** The invited person or, with `operator`, the operator whose credentials are set anew. */
export type Invitation = {
  readonly name: string
  readonly role: Role
  readonly sponsors: readonly string[]
  /** The operator who was reset; a later reset makes the invitation void. */
  readonly operator?: Pick<Operator, 'id' | 'username' | 'resets'>
}

export const isActive = ({ isDisabled, credentials }: Operator): boolean =>
  !isDisabled && credentials !== undefined
