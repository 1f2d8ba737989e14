import type { Account } from './account.ts'
import { type Refusal, refuse } from './refusal.ts'

/** The end of every sign-in and recovery of an account that an operator has frozen, once the person has proved themself. */
export const frozenRefusal: Refusal = refuse('form', 'account.frozen', { status: 403 })

export const isFrozen = ({ frozenSince }: Account): boolean => frozenSince !== undefined
