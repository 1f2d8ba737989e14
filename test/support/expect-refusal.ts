import { type MessageCode, say } from '../../config/messages.ts'
import type { MessageParams } from '../../src/people/refusal.ts'
import type { FilledPage } from './person-at-forms.ts'

/** Expects the refusal in the title, in the summary and beside the field. `form` stands for the whole page. */
export function expectRefusal(page: FilledPage, field: string, sentence: string, status = 422) {
  expect({ status: page.status, faults: page.faults }).toEqual({
    status,
    faults: expect.arrayContaining([sentence]),
  })
  expect(page.title).toMatch(/^错误：/)
  if (field !== 'form') expect(page.faultAt(field)).toBe(`错误：${sentence}`)
}

/** The Chinese text of a message code. */
export const chinese = (code: MessageCode, params?: MessageParams) => say('zh-CN', code, params)
