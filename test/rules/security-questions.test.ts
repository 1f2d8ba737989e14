import fc from 'fast-check'
import * as z from 'zod'
import { questionCodes } from '../../config/security-questions.ts'
import {
  answerKey,
  differentQuestions,
  questionFields,
  securityAnswer,
} from '../../src/people/fields/security-answers.ts'
import { refusedWith, schemaResult } from '../support/schema-result.ts'

/** Any readable character, and those with special rules of case mapping and NFKC. */
const character = fc.oneof(
  fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
  fc.constantFrom(...'ßẞİıſΣσςŉǰΐﬁﬅÅK㍿①Ａａｱ゛¨\u0345\u3000 李𠮷é\u0301'),
)
const readable = (text: string) => !/[\p{Cc}\p{Cs}\uFFFD]/u.test(text) && text.trim() !== ''
const answers = fc.string({ unit: character, minLength: 1, maxLength: 32 }).filter(readable)
const blanks = fc.string({ unit: fc.constantFrom(' ', '\u3000', '\u00a0'), maxLength: 3 })

test('case, normalisation form, width and spaces at the ends make no difference', () => {
  fc.assert(
    fc.property(answers, blanks, blanks, (answer, before, after) => {
      const key = answerKey(answer)
      // Without NFC, an iota subscript before an accent, which no keyboard sends, has other capitals.
      const ordered = answer.normalize('NFC')
      for (const same of [
        ordered.toUpperCase(),
        ordered.toLowerCase(),
        ordered,
        answer.normalize('NFD'),
        answer.normalize('NFKC'),
        before + answer + after,
        key,
      ])
        expect(answerKey(same)).toBe(key)
    }),
  )
})

test.each([
  ['ＳＴＲＡẞＥ', 'strasse'],
  ['Straße', 'strasse'],
  [' Ａｎｎａ １ ', 'anna 1'],
  ['王老师', '王老师'],
  ['\u3000豆豆', '豆豆'],
  ['ΟΔΥΣΣΕΥΣ', 'οδυσσευς'],
  ['豆\u200b豆\ufeff', '豆豆'],
  ['⽅⻩', '方黄'],
])('%j is stored as %j', (typed, key) => {
  expect(schemaResult(securityAnswer(1), typed)).toBe(key)
})

test('letters, accents, punctuation and inner spaces make a difference', () => {
  for (const [one, other] of [
    ['王老师', '王老師'],
    ['é', 'e'],
    ['豆 豆', '豆豆'],
    ['o-neill', 'oneill'],
  ] as const)
    expect(answerKey(one)).not.toBe(answerKey(other))
})

test('an accepted answer equals its own key and is not empty', () => {
  fc.assert(
    fc.property(answers, (answer) => {
      const key = schemaResult(securityAnswer(1), answer)
      expect(key).toBe(answerKey(answer))
      expect(key).not.toBe('')
    }),
  )
})

test('an answer may have 64 code points, and one more is refused', () => {
  expect(schemaResult(securityAnswer(1), '𠮷'.repeat(64))).toBe('𠮷'.repeat(64))
  expect(schemaResult(securityAnswer(1), ` ${'a'.repeat(64)} `)).toBe('a'.repeat(64))
  expect(schemaResult(securityAnswer(1), 'a'.repeat(65))).toEqual(refusedWith('answer.long'))
})

test.each([undefined, '', '  ', '\u3000', ['a'], { a: 'b' }])(
  '%j is refused as a missing answer',
  (typed) => {
    expect(schemaResult(securityAnswer(1), typed)).toEqual(refusedWith('answer1.missing'))
  },
)

test.each(['豆\0', '豆\ud800', '豆\ufffd'])(
  '%j is refused because of its unreadable characters',
  (typed) => {
    expect(schemaResult(securityAnswer(1), typed)).toEqual(refusedWith('text.unreadable'))
  },
)

describe('the three questions', () => {
  const form = z.object(questionFields).check(...differentQuestions)
  const filled = (codes: readonly string[]) => ({
    ...Object.fromEntries(codes.map((code, at) => [`question${at + 1}`, code])),
    answer1: '王老师',
    answer2: '豆豆',
    answer3: 'Rex',
  })

  test('are chosen out of ten or more', () => {
    expect(questionCodes.length).toBeGreaterThanOrEqual(10)
  })

  test('are accepted when all differ, and the later of two equal ones is refused', () => {
    const code = fc.constantFrom(...questionCodes)
    fc.assert(
      fc.property(code, code, code, (one, two, three) => {
        const refused = {
          ...(one === two && { question2: 'questions.same' }),
          ...((three === one || three === two) && { question3: 'questions.same' }),
        }
        const { answer3: _, ...rest } = filled([one, two, three])
        expect(schemaResult(form, { ...rest, answer3: 'Rex' })).toEqual(
          Object.keys(refused).length ? { refused } : { ...rest, answer3: 'rex' },
        )
      }),
    )
  })

  test('are refused with all problems at once', () => {
    const [one = ''] = questionCodes
    expect(schemaResult(form, { ...filled([one, 'unheard of', one]), answer2: ' ' })).toEqual({
      refused: {
        question2: 'question2.missing',
        question3: 'questions.same',
        answer2: 'answer2.missing',
      },
    })
  })
})
