import type { Sentence } from '../../sentences.ts'

/** The refusals of actions that the console, in Chinese, and the operators' API share. */
export const operatorRefusalMessages = {
  'lookup.by.missing': { 'zh-CN': '请选择查询方式', en: 'must be one of the documented ways' },
  'lookup.value.missing': { 'zh-CN': '请填写查询内容', en: 'is missing' },
  'lookup.reasonKind.missing': {
    'zh-CN': '请选择事由类别',
    en: 'must be one of the documented kinds',
  },
  'lookup.reason.missing': { 'zh-CN': '请填写查询事由', en: 'is missing' },
  'lookup.limit': {
    'zh-CN': '一小时内的查询次数已用完，请在{when}再查询',
    en: 'The look-ups of this hour are used up. Look up again {when}.',
  },
  'textZh.missing': { 'zh-CN': '请填写中文内容', en: 'is missing' },
  'textEn.missing': { 'zh-CN': '请填写英文内容', en: 'is missing' },
  'level.missing': { 'zh-CN': '请选择级别', en: 'must be info or important' },
  'to.missing': { 'zh-CN': '请填写结束时间', en: 'is missing' },
  'notices.long': { 'zh-CN': '内容请在 {most} 个字符以内', en: 'may have {most} characters' },
  'notices.gone': {
    'zh-CN': '该公告已经结束或已被撤下。',
    en: 'The notice is over or was withdrawn.',
  },
  'banks.state.missing': { 'zh-CN': '请选择正常或暂停', en: 'must be normal or suspended' },
  'banks.note.long': { 'zh-CN': '说明请在 {most} 个字以内', en: 'may have {most} characters' },
  'keys.rotatedBefore': {
    'zh-CN': '该算法刚刚由他人轮换，请查看列表',
    en: 'Somebody else has just rotated this algorithm. Look at the list.',
  },
  'clients.changedOnlyBy.file': {
    'zh-CN': '该系统由配置文件管理，请在文件中更改后重新启动平台。',
    en: 'The clients file owns this client: change it there, and restart the platform.',
  },
  'clients.changedOnlyBy.registration': {
    'zh-CN': '该系统自行注册，由它自己更改（RFC 7592）。',
    en: 'This client registered itself, and changes itself (RFC 7592).',
  },
  'clients.changedOnlyBy.command': {
    'zh-CN': '该系统有控制台不能给予的权限，资料和密钥只能用 npm run client 更改。',
    en: 'This client has scopes that only npm run client gives, which alone changes it.',
  },
  'clients.gone': {
    'zh-CN': '没有这个业务系统，可能刚刚被移除。',
    en: 'There is no such client; somebody may have just removed it.',
  },
  'clients.exists': {
    'zh-CN': '该编号已被使用，请换一个，或不填由平台生成',
    en: 'is used already; give another id, or none',
  },
  'clients.idStays': { 'zh-CN': '编号不能更改', en: 'cannot be changed' },
  'clients.secretIsMade': {
    'zh-CN': '密钥由平台生成，不能填写；请用“更换密钥”',
    en: 'is generated and cannot be given; rotate the secret instead',
  },
  'clients.reserved': {
    'zh-CN': '{values} 只能由配置文件或 npm run client 给予，请删除',
    en: 'may not have {values}, which only the clients file and npm run client give',
  },
  'clients.unchanged': { 'zh-CN': '没有任何更改。请更改后再保存。', en: 'Nothing was changed.' },
  'clients.overtaken': {
    'zh-CN': '其间他人更改了该系统，没有执行。请核对现在的资料，再重新办理。',
    en: 'Nothing was done: somebody else changed the client in the meantime. Look at it again.',
  },
  'clients.noSecret': {
    'zh-CN': '该系统没有密钥（认证方式是 {method}）。',
    en: 'The client has no secret, because its authentication method is {method}.',
  },
  'time.format': {
    'zh-CN': '请输入日期和时间，例如 2026-12-01 08:00',
    en: 'must be a date and a time, e.g. 2026-12-01 08:00',
  },
  'time.order': { 'zh-CN': '结束时间须晚于开始时间', en: 'must be later than the beginning' },
  'time.past': { 'zh-CN': '结束时间已过，请输入将来的时间', en: 'must be in the future' },
  'reason.missing': { 'zh-CN': '请填写事由', en: 'is missing' },
  'reason.long': { 'zh-CN': '事由请在 {most} 个字以内', en: 'may have {most} characters' },
  'auditLog.filter.missing': { 'zh-CN': '请填写筛选条件', en: 'is empty' },
  'auditLog.operator.unknown': {
    'zh-CN': '没有这个操作员，请核对用户名',
    en: 'There is no such operator.',
  },
  'auditLog.what.unknown': { 'zh-CN': '没有这种事件，请从列表中选择', en: 'is no kind of event' },
} as const satisfies Record<string, Sentence>
