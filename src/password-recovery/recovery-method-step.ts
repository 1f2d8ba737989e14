import * as z from 'zod'
import { refuse } from '../people/refusal.ts'
import type { Accounts } from '../ports/accounts.ts'
import { type ExistencePorts, tellIfKnown } from '../proofs/existence.ts'
import { action, type Outcome, type Step, type Visit } from '../web/flow/definition.ts'
import type { Method, PasswordRecovery } from './password-recovery-answers.ts'

export type MethodPorts = ExistencePorts & { readonly accounts: Accounts }

/** 选择找回方式: each button is a way. */
export const methodStep: Step<PasswordRecovery, MethodPorts, Method> = {
  title: 'passwordRecovery.method.title',
  keeps: [],
  dependsOn: ['username'],
  actions: {
    next: action(
      () => z.object({}),
      async () => ({ passed: { way: 'phone' } }),
    ),
    questions: action(() => z.object({}), byQuestions),
  },
}

/** That there are questions tells that there is an account: counted, as the guide's other tell-tales are. */
async function byQuestions(
  _: object,
  { answers, existenceHits, visitor }: Visit<PasswordRecovery>,
  ports: MethodPorts,
): Promise<Outcome<PasswordRecovery, Method>> {
  const find = async () => {
    const account = await ports.accounts.findByUsername(answers.username?.username ?? '')
    return account?.questions?.length ? { account, questions: account.questions } : undefined
  }
  const told = await tellIfKnown(find, existenceHits, visitor, ports)
  if (!told) return { refused: refuse('form', 'passwordRecovery.noQuestions') }
  if ('refused' in told) return told
  const { account, questions } = told.known
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
