import * as z from 'zod'
import { say } from '../../config/messages.ts'
import { questionCodes } from '../../config/security-questions.ts'
import type { SecurityQuestion } from '../people/account.ts'
import { presentPassword } from '../people/fields/password.ts'
import { differentQuestions, threeQuestions } from '../people/fields/security-questions.ts'
import { ownerOf } from '../people/signed-in.ts'
import type { Passwords } from '../ports/passwords.ts'
import { action, type FlowDefinition, type Visit } from '../web/flow/flow-definition.ts'
import type { FlowPorts } from '../web/flow/flow-ports.ts'
import { type Changed, type ChangePorts, changeAccount } from '../web/steps/change-account.ts'
import { type PresentPasswordPorts, provePresentPassword } from './present-password-proof.ts'

export type QuestionsPorts = FlowPorts & ChangePorts & PresentPasswordPorts
type Questions = { readonly questions: Changed }

const form = z.object({ presentPassword, ...threeQuestions }).check(...differentQuestions)
type QuestionsForm = z.output<typeof form>

/** 密保工具 (guide, section 二, part 二, 3): three questions with their answers, which are compared but never shown. */
export const questions: FlowDefinition<Questions, QuestionsPorts> = {
  path: 'account/questions',
  title: 'account.title',
  steps: {
    questions: {
      title: 'account.questions.title',
      keeps: ['question1', 'question2', 'question3'],
      page: questionsPage,
      actions: {
        next: action(
          () => form,
          async (typed, visit, ports) => {
            const changed = await changeAccount(
              visit,
              'questions-changed',
              async () => {
                const wrong = await provePresentPassword(typed.presentPassword, visit, ports)
                if (wrong) return wrong
                const chosen = await hashed(typed, ports.passwords)
                return { change: { questions: chosen }, notices: [], endsOthers: true }
              },
              ports,
            )
            return 'code' in changed ? { refused: changed } : { passed: changed }
          },
        ),
      },
    },
  },
  done: { title: 'account.questions.done.title' },
}

function questionsPage(visit: Visit<Questions>) {
  const { locale } = visit.visitor
  return {
    questions: questionCodes.map((code) => ({
      value: code,
      text: say(locale, `question.${code}`),
    })),
    present: ownerOf(visit).account.questions?.map(({ question }) => `question.${question}`),
  }
}

/** One after the other: three at once would take three places in the queue. */
async function hashed(typed: QuestionsForm, passwords: Passwords): Promise<SecurityQuestion[]> {
  const hashes: SecurityQuestion[] = []
  for (const at of [1, 2, 3] as const)
    hashes.push({
      question: typed[`question${at}`],
      answerHash: await passwords.hash(typed[`answer${at}`]),
    })
  return hashes
}
