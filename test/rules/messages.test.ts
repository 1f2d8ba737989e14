import { say } from '../../config/messages.ts'

test.each([
  [1, 'Too many tries. Please come back in 1 second', '操作过于频繁，请在 1 秒后再试'],
  [59, 'Too many tries. Please come back in 59 seconds', '操作过于频繁，请在 59 秒后再试'],
])('%d seconds are told as one would say it', (seconds, en, chinese) => {
  expect(say('en', 'limit.seconds', { seconds })).toBe(en)
  expect(say('zh-CN', 'limit.seconds', { seconds })).toBe(chinese)
})

test('a placeholder that nobody filled in stays, so that it is seen', () => {
  expect(say('en', 'limit.seconds')).toContain('{seconds} seconds')
})
