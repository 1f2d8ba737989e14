import { questionCodes } from '../../../config/security-questions.ts'
import { choice, codePoints, crossFieldRule, field } from './field.ts'
import { unifyHan } from './han.ts'
import { withoutInvisible } from './typed-text.ts'

const most = 64

/**
 * The form of an answer that is hashed and compared: trimmed, without invisible marks, in NFKC, in lower case. Folding
 * more would make guessing easier. NFKC makes an ideographic space a plain one; spaces between Han characters stay.
 */
export function answerKey(typed: string): string {
  const seen = unifyHan(withoutInvisible(typed))
  return withoutCase(seen.normalize('NFKC')).normalize('NFKC').trim()
}

/** Unicode case folding: `ẞ`, `ß`, `SS` and `ss` become equal. */
const withoutCase = (text: string) => text.toLowerCase().toUpperCase().toLowerCase()

/** One answer, 1–64 characters. Its value is the `answerKey`, so that nothing else can be hashed by mistake. */
export const securityAnswer = (at: 1 | 2 | 3) =>
  field(`answer${at}.missing`, (typed, reject) => {
    if (codePoints(typed.trim()) > most) return reject('answer.long', { most })
    return answerKey(typed) || reject(`answer${at}.missing`)
  })

/** 答案1, 答案2, 答案3, to be spread into a form. */
export const answerFields = {
  answer1: securityAnswer(1),
  answer2: securityAnswer(2),
  answer3: securityAnswer(3),
}

const question = (at: 1 | 2 | 3) => choice(questionCodes, `question${at}.missing`)

/** 问题1, 答案1 … in the page's order, to be spread into a form that checks `differentQuestions`. */
export const questionFields = {
  question1: question(1),
  answer1: answerFields.answer1,
  question2: question(2),
  answer2: answerFields.answer2,
  question3: question(3),
  answer3: answerFields.answer3,
}

type Questions = Readonly<Record<'question1' | 'question2' | 'question3', string>>

const differs = (earlier: keyof Questions, later: keyof Questions) =>
  crossFieldRule<Questions>([earlier, later], (form, reject) => {
    if (form[earlier] === form[later]) reject(later, 'questions.same')
  })

/** Reject equal questions, beside the later one; for `.check(...)`. */
export const differentQuestions = [
  differs('question1', 'question2'),
  differs('question1', 'question3'),
  differs('question2', 'question3'),
] as const
