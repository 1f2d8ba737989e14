import { say } from '../../config/messages.ts'

test.each([
  [1, 'in 1 second', ' 1 秒后'],
  [59, 'in 59 seconds', ' 59 秒后'],
])('%d seconds are phrased with the right singular or plural', (seconds, en, chinese) => {
  expect(say('en', 'when.seconds', { seconds })).toBe(en)
  expect(say('zh-CN', 'when.seconds', { seconds })).toBe(chinese)
})

test('a placeholder without a value stays visible', () => {
  expect(say('en', 'when.seconds')).toContain('{seconds} seconds')
})
