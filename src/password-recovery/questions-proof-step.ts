import * as z from 'zod'
import type { Policy } from '../../config/policy.ts'
import { answerFields } from '../people/fields/security-questions.ts'
import { refuse } from '../people/refusal.ts'
import type { Accounts } from '../ports/accounts.ts'
import type { Audit } from '../ports/audit.ts'
import type { Tries } from '../ports/limits.ts'
import type { Passwords } from '../ports/passwords.ts'
import { action, type Outcome, type Step, type Visit } from '../web/flow/definition.ts'
import type { PasswordRecovery, Proved } from './password-recovery-answers.ts'
import { provedBy, stale } from './recovery-proof.ts'

export type QuestionsPorts = {
  readonly accounts: Accounts
  readonly audit: Audit
  readonly passwords: Passwords
  readonly tries: Tries
  readonly policy: Pick<Policy, 'questions'>
}

const form = z.object(answerFields)

/** 验证身份 by 密保问题; only accounts that set them come here. */
export const questionsStep: Step<PasswordRecovery, QuestionsPorts, Proved> = {
  title: 'passwordRecovery.proof.title',
  keeps: [],
  dependsOn: ['username', 'method'],
  applies: ({ method }) => method?.way === 'questions',
  page: ({ answers: { method } }) => ({
    questions: method?.way === 'questions' ? method.questions : [],
  }),
  actions: { next: action(() => form, prove) },
}

/** A try is counted before the answers are looked at; which of them was wrong nobody learns, nor by the time it took. */
async function prove(
  { answer1, answer2, answer3 }: z.output<typeof form>,
  { answers: { method }, visitor }: Visit<PasswordRecovery>,
  { accounts, audit, passwords, tries, policy }: QuestionsPorts,
): Promise<Outcome<PasswordRecovery, Proved>> {
  if (method?.way !== 'questions') throw new Error('the questions opened without being chosen')
  const account = await accounts.findById(method.account.id)
  if (account?.version !== method.account.version) return stale
  const whose = { accountId: account.id, address: visitor.address }
  const rest = (wait: number) =>
    refuse('form', 'passwordRecovery.questionsRest', { status: 429, retryAfter: wait })
  const wait = await tries.begin('questions', account.id, policy.questions)
  if (wait) {
    await audit.record({ what: 'password-reset-refused', ...whose, detail: 'wait' })
    return { refused: rest(wait) }
  }
  const right = await Promise.all(
    [answer1, answer2, answer3].map((answer, at) =>
      passwords.matches(answer, account.questions?.[at]?.answerHash),
    ),
  )
  if (!right.every(Boolean)) {
    await audit.record({ what: 'password-reset-refused', ...whose, detail: 'answers' })
    const next = await tries.wait('questions', account.id)
    return { refused: next ? rest(next) : refuse('form', 'passwordRecovery.wrongAnswers') }
  }
  await tries.clear('questions', account.id)
  return { passed: provedBy(account) }
}
