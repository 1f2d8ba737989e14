import * as z from 'zod'
import { refuse } from '../people/refusal.ts'
import type { Accounts } from '../ports/accounts.ts'
import { discloseIfExists, type ExistencePorts } from '../proofs/existence-disclosure.ts'
import { action, type Outcome, type Step, type Visit } from '../web/flow/flow-definition.ts'
import type { PasswordRecovery, RecoveryMethod } from './password-recovery-answers.ts'

export type RecoveryMethodPorts = ExistencePorts & { readonly accounts: Accounts }

/** 选择找回方式: one button for each method. */
export const recoveryMethodStep: Step<PasswordRecovery, RecoveryMethodPorts, RecoveryMethod> = {
  title: 'passwordRecovery.method.title',
  keeps: [],
  dependsOn: ['username'],
  actions: {
    next: action(
      () => z.object({}),
      async () => ({ passed: { way: 'phone' } }),
    ),
    questions: action(() => z.object({}), chooseQuestions),
  },
}

/** The questions disclose that the account exists, so this choice counts against the limits of such disclosures. */
async function chooseQuestions(
  _: object,
  { answers, existenceHits, visitor }: Visit<PasswordRecovery>,
  ports: RecoveryMethodPorts,
): Promise<Outcome<PasswordRecovery, RecoveryMethod>> {
  const find = async () => {
    const account = await ports.accounts.findByUsername(answers.username?.username ?? '')
    return account?.questions?.length ? { account, questions: account.questions } : undefined
  }
  const disclosed = await discloseIfExists(find, existenceHits, visitor, ports)
  if (!disclosed) return { refused: refuse('form', 'passwordRecovery.noQuestions') }
  if ('refused' in disclosed) return disclosed
  const { account, questions } = disclosed.known
  const { id, version } = account
  return {
    passed: {
      way: 'questions',
      account: { id, version },
      questions: questions.map(({ question }) => question),
    },
    existenceHit: true,
  }
}
