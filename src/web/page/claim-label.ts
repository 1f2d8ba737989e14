import { type MessageCode, messages } from '../../../config/messages.ts'
import type { Account } from '../../people/account.ts'

/** The name of a claim, or of `group.NAME`, as a page shows it to this person: a bank verified them, or operators did. */
export function claimLabel(name: string, { counter }: Account): MessageCode {
  const atCounter = `consent.counter.${name}`
  return counter && isMessage(atCounter) ? atCounter : (`consent.${name}` as MessageCode)
}

const isMessage = (code: string): code is MessageCode => code in messages
