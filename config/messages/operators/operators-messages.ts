import { chineseOnly } from './chinese-only.ts'

/** 操作员: the list and the forms. */
export const operatorsPageMessages = chineseOnly({
  'operators.title': '操作员',
  'operators.lead': '邀请、停用和重置须由另一名安全管理员在“待复核”中同意。',
  'operators.list': '操作员名单',
  'operators.username': '用户名',
  'operators.name': '姓名',
  'operators.role': '角色',
  'operators.state': '状态',
  'operators.operator': '操作员',
  'operators.lastSignIn': '最近登录',
  'operators.never': '从未登录',
  'operators.session': '当前会话',
  'operators.sessionSince': '{since} 起，来自 {address}',
  'operators.noSession': '无',
  'operators.change': '办理',
  'operators.state.active': '在用',
  'operators.state.disabled': '已停用',
  'operators.state.reset': '等待重新设置',
  'operators.invite': '邀请',
  'operators.inviteTitle': '邀请操作员',
  'operators.inviteWhat':
    '提交后由另一名安全管理员复核。同意后，您在“待复核”中看到链接，复核人看到激活码；受邀人两样都需要，30 分钟内有效。',
  'operators.tooFew':
    '至少有两名在用的安全管理员时，才能在控制台邀请操作员。请在服务器上使用 npm run operator。',
  'operators.name.label': '姓名',
  'operators.name.missing': '请填写姓名',
  'operators.name.long': '姓名请在 {most} 个字以内',
  'operators.role.label': '角色',
  'operators.role.missing': '请选择角色',
  'operators.change.title': '停用或重置操作员',
  'operators.changeOf': '停用或重置 {username}',
  'operators.disableOrReset': '停用或重置',
  'operators.disable': '停用',
  'operators.reset': '重置',
  'operators.disableWhat':
    '停用：会话立即结束，不能再登录。重置：会话立即结束，原密码和第二因素作废，凭新链接重新设置。',
})
