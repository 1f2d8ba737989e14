import type { Sentence } from '../sentences.ts'

/** The problem titles and details that the interfaces for programs share: the terminals' and the operators' API. */
export const apiMessages = {
  'api.token.title': { 'zh-CN': '需要有效的访问令牌', en: 'A valid access token is needed' },
  'api.keyReused.title': {
    'zh-CN': '该 Idempotency-Key 已用于其他内容',
    en: 'This Idempotency-Key was used for another body',
  },
  'api.values.title': { 'zh-CN': '请求内容有误', en: 'Some values are not right' },
  'api.limit.title': { 'zh-CN': '次数已达上限', en: 'Over a limit' },
  'api.outage.title': { 'zh-CN': '暂时无法处理', en: 'Not possible at the moment' },
  'api.outage.detail': {
    'zh-CN': '请以同一 Idempotency-Key 重试',
    en: 'Try again with the same Idempotency-Key.',
  },
  'api.shape': {
    'zh-CN': '类型不对，或有多余、缺少的成员',
    en: 'Of a wrong type, or a member too many or too few.',
  },
  'api.request.title': { 'zh-CN': '请求无法读取', en: 'The request can’t be read' },
  'api.request.json': {
    'zh-CN': '请求体应为 UTF-8 的 JSON 对象',
    en: 'The body has to be a JSON object in UTF-8.',
  },
  'api.request.key': {
    'zh-CN': '请求头 Idempotency-Key 应为 1 至 255 个可见 ASCII 字符',
    en: 'The header Idempotency-Key has to hold 1 to 255 visible ASCII characters.',
  },
  'api.request.size': { 'zh-CN': '请求体过大', en: 'The body is too large.' },
  'api.request.type': {
    'zh-CN': '请求体应为未压缩的 application/json',
    en: 'The body has to be application/json, not compressed.',
  },
  'api.unknown.title': { 'zh-CN': '没有这个接口', en: 'There is no such interface' },
  'api.method.title': { 'zh-CN': '该接口不支持此方法', en: 'Another method is needed here' },
  'api.fault.title': { 'zh-CN': '平台出现问题', en: 'Something went wrong on our side' },
} as const satisfies Record<string, Sentence>
