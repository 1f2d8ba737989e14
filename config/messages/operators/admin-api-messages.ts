import type { Sentence } from '../../sentences.ts'

/** The problems of the operators' API beside those that all interfaces share. */
export const adminApiMessages = {
  'adminApi.scope.title': {
    'zh-CN': '访问令牌没有这项权限',
    en: 'The token does not have this scope',
  },
  'adminApi.twoPersons.title': { 'zh-CN': '须两人办理', en: 'This takes two persons' },
  'adminApi.twoPersons.detail': {
    'zh-CN': '接口不办理须两人复核的事项，请在控制台申请',
    en: 'The API does nothing that takes two persons. Ask for it in the console.',
  },
  'adminApi.twoPersons.export': {
    'zh-CN': '24小时内读取的事件将超过 {most} 条，须在控制台由两名审计员办理导出',
    en: 'More than {most} events in 24 hours are exported in the console, by two auditors.',
  },
  'adminApi.notFound.title': { 'zh-CN': '没有这个对象', en: 'Not found' },
  'adminApi.conflict.title': {
    'zh-CN': '与现在的状态不符，没有执行',
    en: 'Nothing was done: the present state does not allow it',
  },
  'adminApi.cursor': {
    'zh-CN': 'cursor 不是本接口给出的 next',
    en: 'The cursor is no `next` of this call.',
  },
  'adminApi.underWay': {
    'zh-CN': '同一 Idempotency-Key 的请求正在执行，请稍后重试',
    en: 'A request with this Idempotency-Key is being carried out. Try again later.',
  },
  'adminApi.unknownName': { 'zh-CN': '没有这个名称', en: 'no such name' },
  'adminApi.time': {
    'zh-CN': '须为 RFC 3339 的时间，例如 2026-12-01T08:00:00+08:00',
    en: 'must be a time of RFC 3339, e.g. 2026-12-01T08:00:00+08:00',
  },
  'adminApi.limit': {
    'zh-CN': '须为整数，不小于 1，不大于文档所列的上限',
    en: 'must be a whole number from 1 to the documented maximum',
  },
  'adminApi.order': { 'zh-CN': '须晚于 from', en: 'must be later than from' },
  'adminApi.range': {
    'zh-CN': '时间段最长 {days} 天',
    en: 'the time from `from` to `to` may have {days} days',
  },
} as const satisfies Record<string, Sentence>
