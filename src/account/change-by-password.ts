import type { Outcome, Visit } from '../web/flow/flow-definition.ts'
import {
  type AccountChangePorts,
  type ChangeResult,
  changeAccount,
  type DecidedChange,
} from '../web/steps/change-account.ts'
import { type PresentPasswordPorts, provePresentPassword } from './present-password-proof.ts'

export type ChangeByPasswordPorts = AccountChangePorts & PresentPasswordPorts

/** Changes the account once 原密码 is proved, and ends the account's other sign-ins. */
export async function changeByPassword<A>(
  what: 'password-changed' | 'questions-changed',
  { presentPassword }: { readonly presentPassword: string },
  visit: Visit<A>,
  change: () => Promise<Pick<DecidedChange, 'change' | 'notices'>>,
  ports: ChangeByPasswordPorts,
): Promise<Outcome<A, ChangeResult>> {
  const decide = async () =>
    (await provePresentPassword(presentPassword, visit, ports)) ?? {
      ...(await change()),
      endsOthers: true,
    }
  const changed = await changeAccount(visit, what, decide, ports)
  return 'code' in changed ? { refused: changed } : { passed: changed }
}
