import * as z from 'zod'
import { say } from '../../config/messages.ts'
import { questionCodes } from '../../config/security-questions.ts'
import type { SecurityQuestion } from '../people/account.ts'
import { presentPassword } from '../people/fields/password.ts'
import { differentQuestions, questionFields } from '../people/fields/security-answers.ts'
import { signedInOf } from '../people/signed-in-account.ts'
import { type HashRequester, type Passwords, requesterOf } from '../ports/passwords.ts'
import { action, type FlowDefinition, type Visit } from '../web/flow/flow-definition.ts'
import type { FlowPorts } from '../web/flow/flow-ports.ts'
import type { ChangeResult } from '../web/steps/change-account.ts'
import { type ChangeByPasswordPorts, changeByPassword } from './change-by-password.ts'

export type SecurityQuestionsPorts = FlowPorts & ChangeByPasswordPorts
type SecurityQuestions = { readonly questions: ChangeResult }

const questionsForm = z.object({ presentPassword, ...questionFields }).check(...differentQuestions)
type QuestionsForm = z.output<typeof questionsForm>

/** 密保工具 (guide, section 二, part 二, 3): three questions with answers, which are stored as hashes and never shown. */
export const securityQuestionsFlow: FlowDefinition<SecurityQuestions, SecurityQuestionsPorts> = {
  path: 'account/questions',
  title: 'account.title',
  steps: {
    questions: {
      title: 'account.questions.title',
      keeps: ['question1', 'question2', 'question3'],
      page: questionsPage,
      actions: {
        next: action(
          () => questionsForm,
          (typed, visit, ports) => {
            const newQuestions = async () => ({
              change: {
                questions: await withHashedAnswers(
                  typed,
                  ports.passwords,
                  requesterOf(visit.visitor),
                ),
              },
              notices: [],
            })
            return changeByPassword('questions-changed', typed, visit, newQuestions, ports)
          },
        ),
      },
    },
  },
  done: { title: 'account.questions.done.title' },
}

function questionsPage(visit: Visit<SecurityQuestions>) {
  const { locale } = visit.visitor
  return {
    questions: questionCodes.map((code) => ({
      value: code,
      text: say(locale, `question.${code}`),
    })),
    present: signedInOf(visit).account.questions?.map(({ question }) => `question.${question}`),
  }
}

/** Hashes one answer after the other: three at once would take three places in the queue of hashing. */
async function withHashedAnswers(
  typed: QuestionsForm,
  passwords: Passwords,
  by: HashRequester,
): Promise<SecurityQuestion[]> {
  const hashes: SecurityQuestion[] = []
  for (const at of [1, 2, 3] as const)
    hashes.push({
      question: typed[`question${at}`],
      answerHash: await passwords.hash(typed[`answer${at}`], by),
    })
  return hashes
}
