import type { Sentence } from './sentences.ts'

/**
 * 密保问题 to choose from, as messages `question.<code>`. They are about the distant past, and have short, stable answers
 * that are not in registers or forms and not known to friends. A code is stored in accounts and must stay; its text may
 * change.
 */
export const questionSentences = {
  'question.primary_teacher': {
    'zh-CN': '您小学一年级的班主任叫什么？',
    en: 'What was the name of your teacher in the first year of school?',
  },
  'question.deskmate': {
    'zh-CN': '您小学时印象最深的同桌叫什么？',
    en: 'Who sat beside you at primary school, the one you remember best?',
  },
  'question.childhood_friend': {
    'zh-CN': '您童年最好的朋友的小名是什么？',
    en: 'What was the nickname of your best friend as a child?',
  },
  'question.childhood_street': {
    'zh-CN': '您小时候住的街道或村庄叫什么？',
    en: 'In which street or village did you live as a child?',
  },
  'question.nickname': {
    'zh-CN': '小时候家里人怎么叫您？',
    en: 'What did your family call you as a child?',
  },
  'question.first_job': {
    'zh-CN': '您的第一份工作在哪个城市？',
    en: 'In which town was your first job?',
  },
  'question.first_manager': {
    'zh-CN': '您第一份工作的领导姓什么、叫什么？',
    en: 'What was the full name of the head of your first workplace?',
  },
  'question.first_pet': {
    'zh-CN': '您养的第一只宠物叫什么？',
    en: 'What was the name of your first pet?',
  },
  'question.first_journey': {
    'zh-CN': '您第一次坐火车或飞机去了哪里？',
    en: 'Where did your first journey by train or aeroplane go?',
  },
  'question.first_concert': {
    'zh-CN': '您第一次看的演出或电影是什么？',
    en: 'Which was the first show or film that you went to?',
  },
  'question.childhood_dish': {
    'zh-CN': '您小时候最爱吃的家常菜是什么？',
    en: 'Which home-made dish did you like best as a child?',
  },
  'question.childhood_book': {
    'zh-CN': '您小时候最喜欢的书或连环画是什么？',
    en: 'Which book or comic did you like best as a child?',
  },
} as const satisfies Readonly<Record<`question.${string}`, Sentence>>

type CodeOf<Message> = Message extends `question.${infer Code}` ? Code : never
export type QuestionCode = CodeOf<keyof typeof questionSentences>

export const questionCodes = Object.keys(questionSentences).map((message) =>
  message.slice('question.'.length),
) as QuestionCode[]
