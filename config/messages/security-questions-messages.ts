import { questionSentences } from '../security-questions.ts'
import type { Sentence } from '../sentences.ts'

/** 密保问题: the questions, their fields, and the errors of the fields. */
export const securityQuestionMessages = {
  ...questionSentences,
  'question1.label': { 'zh-CN': '问题1', en: 'Question 1' },
  'question2.label': { 'zh-CN': '问题2', en: 'Question 2' },
  'question3.label': { 'zh-CN': '问题3', en: 'Question 3' },
  'answer1.label': { 'zh-CN': '答案1', en: 'Answer 1' },
  'answer2.label': { 'zh-CN': '答案2', en: 'Answer 2' },
  'answer3.label': { 'zh-CN': '答案3', en: 'Answer 3' },
  'questions.choose': { 'zh-CN': '请选择', en: 'Please choose' },
  'question1.missing': { 'zh-CN': '请选择问题1', en: 'Choose question 1.' },
  'question2.missing': { 'zh-CN': '请选择问题2', en: 'Choose question 2.' },
  'question3.missing': { 'zh-CN': '请选择问题3', en: 'Choose question 3.' },
  'questions.same': {
    'zh-CN': '三个问题不能相同，请换一个问题',
    en: 'The three questions have to differ. Choose another one.',
  },
  'answer1.missing': {
    'zh-CN': '请输入第1个问题的答案',
    en: 'Enter the answer to the first question.',
  },
  'answer2.missing': {
    'zh-CN': '请输入第2个问题的答案',
    en: 'Enter the answer to the second question.',
  },
  'answer3.missing': {
    'zh-CN': '请输入第3个问题的答案',
    en: 'Enter the answer to the third question.',
  },
  'answer.long': {
    'zh-CN': '答案最多{most}个字，请缩短',
    en: 'Use {most} characters or fewer for the answer.',
  },
} as const satisfies Record<string, Sentence>
