import type { Role } from './operator.ts'

/** The roles that ask for each matter of two persons, and those that decide (specification of the operators' side, section 10). */
export const reviewRoles = {
  'counter-proof': { asks: ['support'], decides: ['security'] },
  'operator-invite': { asks: ['security'], decides: ['security'] },
  'operator-disable': { asks: ['security'], decides: ['security'] },
  'operator-reset': { asks: ['security'], decides: ['security'] },
  'key-withdraw': { asks: ['system'], decides: ['security'] },
  'client-power': { asks: ['system'], decides: ['security'] },
  'client-remove': { asks: ['system'], decides: ['system'] },
  'audit-export': { asks: ['auditor'], decides: ['auditor'] },
} as const satisfies Readonly<
  Record<string, { readonly asks: readonly Role[]; readonly decides: readonly Role[] }>
>

export type ReviewKind = keyof typeof reviewRoles

export type ReviewDecision = {
  /** The id of the operator. */
  readonly by: string
  readonly at: number
  readonly reason: string
}

/** Something that takes two persons. Times are in ms since 1970. */
export type Review = {
  readonly id: string
  readonly kind: ReviewKind
  /** The id of the operator who asked. */
  readonly asker: string
  /** 事由. */
  readonly reason: string
  /** The data of the matter; its kind knows the shape. */
  readonly payload: unknown
  readonly askedAt: number
  /** The time from which it is void unless it was decided. */
  readonly expiresAt: number
  readonly state: 'waiting' | 'approved' | 'refused'
  readonly decision?: ReviewDecision
}

/** Whether a role decides reviews of this kind. */
export const decides = (role: Role, kind: ReviewKind): boolean =>
  (reviewRoles[kind].decides as readonly Role[]).includes(role)

export const asks = (role: Role, kind: ReviewKind): boolean =>
  (reviewRoles[kind].asks as readonly Role[]).includes(role)
