import type { Policy } from '../../config/limits-and-lifetimes.ts'
import type { Visitor } from '../people/visitor.ts'
import type { Allowance, Limits } from '../ports/limits.ts'

export type RegistrationBrowserPorts = {
  readonly limits: Limits
  readonly policy: Pick<Policy, 'newDevice'>
}

/** Remembers for a while which browser registered an account, so that its first sign-in is not a new device. */
export const rememberRegistration = async (
  accountId: string,
  visitor: Visitor,
  { limits, policy }: RegistrationBrowserPorts,
): Promise<void> => void (await limits.take([mark(accountId, visitor, policy)]))

export const registeredInBrowser = async (
  accountId: string,
  visitor: Visitor,
  { limits, policy }: RegistrationBrowserPorts,
): Promise<boolean> => (await limits.counted(mark(accountId, visitor, policy))) > 0

const mark = (
  accountId: string,
  { browser }: Visitor,
  { newDevice }: RegistrationBrowserPorts['policy'],
): Allowance => ({
  name: 'registered',
  subject: `${browser} ${accountId}`,
  ...newDevice.afterRegistration,
})
