import { say } from '../../config/messages.ts'

test.each([
  [1, 'in 1 second', ' 1 秒后'],
  [59, 'in 59 seconds', ' 59 秒后'],
])('%d seconds are told as one would say it', (seconds, en, chinese) => {
  expect(say('en', 'when.seconds', { seconds })).toBe(en)
  expect(say('zh-CN', 'when.seconds', { seconds })).toBe(chinese)
})

test('a placeholder that nobody filled in stays, so that it is seen', () => {
  expect(say('en', 'when.seconds')).toContain('{seconds} seconds')
})
