import * as z from 'zod'
import type { Policy } from '../../config/limits-and-lifetimes.ts'
import { answerFields } from '../people/fields/security-answers.ts'
import { refuse } from '../people/refusal.ts'
import type { Accounts } from '../ports/accounts.ts'
import type { Audit } from '../ports/audit.ts'
import type { Tries } from '../ports/limits.ts'
import { type Passwords, requesterOf } from '../ports/passwords.ts'
import { beginTry, clearTries, compareCounted, waitOf } from '../proofs/counted-tries.ts'
import { triesOfQuestions } from '../proofs/tries-counters.ts'
import { action, type Outcome, type Step, type Visit } from '../web/flow/flow-definition.ts'
import type { PasswordRecovery, RecoveryProof } from './password-recovery-answers.ts'
import { recoveryProofOf, staleProof } from './recovery-proof.ts'

export type QuestionsProofPorts = {
  readonly accounts: Accounts
  readonly audit: Audit
  readonly passwords: Passwords
  readonly tries: Tries
  readonly policy: Pick<Policy, 'questions'>
}

const answersForm = z.object(answerFields)

/** 验证身份 by 密保问题, which the account has set. */
export const questionsProofStep: Step<PasswordRecovery, QuestionsProofPorts, RecoveryProof> = {
  title: 'passwordRecovery.proof.title',
  keeps: [],
  dependsOn: ['username', 'method'],
  applies: ({ method }) => method?.way === 'questions',
  page: ({ answers: { method } }) => ({
    questions: method?.way === 'questions' ? method.questions : [],
  }),
  actions: { next: action(() => answersForm, proveAnswers) },
}

/**
 * Counts the attempt before it compares the answers, so that concurrent attempts cannot exceed the limit. Always
 * compares all three, so that neither the message nor the response time discloses which one is wrong.
 */
async function proveAnswers(
  { answer1, answer2, answer3 }: z.output<typeof answersForm>,
  { answers: { method }, visitor }: Visit<PasswordRecovery>,
  { accounts, audit, passwords, tries, policy }: QuestionsProofPorts,
): Promise<Outcome<PasswordRecovery, RecoveryProof>> {
  if (method?.way !== 'questions') throw new Error('the questions opened without being chosen')
  const account = await accounts.findById(method.account.id)
  if (account?.version !== method.account.version) return staleProof
  const subject = { accountId: account.id, address: visitor.address }
  const refuseUntil = (wait: number) =>
    refuse('form', 'passwordRecovery.questionsRest', { status: 429, retryAfter: wait })
  const counted = triesOfQuestions(account.id, visitor, policy.questions)
  const wait = await beginTry(counted, tries)
  if (wait) {
    await audit.record({ what: 'password-reset-refused', ...subject, detail: 'wait' })
    return { refused: refuseUntil(wait) }
  }
  const right = await compareCounted(counted, tries, () =>
    Promise.all(
      [answer1, answer2, answer3].map((answer, at) =>
        passwords.matches(answer, account.questions?.[at]?.answerHash, requesterOf(visitor)),
      ),
    ),
  )
  if (!right.every(Boolean)) {
    await audit.record({ what: 'password-reset-refused', ...subject, detail: 'answers' })
    const nextWait = await waitOf(counted, tries)
    return {
      refused: nextWait ? refuseUntil(nextWait) : refuse('form', 'passwordRecovery.wrongAnswers'),
    }
  }
  await clearTries(counted, tries)
  return { passed: recoveryProofOf(account) }
}
