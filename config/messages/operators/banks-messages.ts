import { chineseOnly } from './chinese-only.ts'

/** 银行维护: one form for each bank. */
export const banksPageMessages = chineseOnly({
  'banks.title': '银行维护',
  'banks.lead':
    '暂停期间，用户在“银行”中看到“维护中”和预计恢复时间；选择该银行的不向银行核验，不消耗短信验证码，并提示更换其他银行的借记卡。到结束时间自动恢复。保存后 3 秒内在所有页面生效。',
  'banks.saved': '已保存：{bank}，{state}。',
  'banks.now.normal': '现在正常',
  'banks.now.suspended': '现在暂停，预计 {to} 恢复',
  'banks.now.planned': '现在正常，{from} 至 {to} 暂停',
  'banks.state.label': '状态',
  'banks.state.normal': '正常',
  'banks.state.suspended': '暂停',
  'banks.note.label': '说明',
  'banks.note.hint': '只在本页显示',
  'banks.save': '保存',
})
