import { chineseOnly } from './chinese-only.ts'

/** 人工核验. */
export const counterProofsMessages = chineseOnly({
  'counterProofs.title': '人工核验',
  'counterProofs.lead':
    '银行核验无法通过的用户，可在柜台出示证件办理。须由安全管理员在“待复核”中同意；同意后系统向用户手机发送核验码，72 小时内使用一次。已注册的用户，原手机号会收到提醒，核验码 24 小时后可用。',
  'counterProofs.phoneHint': '核验码发送到此号码，用户只能用此号码办理',
  'counterProofs.materials': '核验材料',
  'counterProofs.materialsHint': '勾选已当面查验的材料，证件原件必须查验',
  'materialOriginal.label': '证件原件',
  'materialOriginal.missing': '请当面查验证件原件后勾选',
  'materialBank.label': '银行证明',
  'materialOther.label': '其他材料',
  'caseNumber.label': '受理编号',
  'caseNumber.missing': '请填写受理编号',
  'caseNumber.otherDocument':
    '没有该编号的受理单，或者受理单的证件与填写的不一致。请核对受理编号、证件类型和证件号。',
  'counterProofs.reasonHint': '供复核人和审计查看，请勿填写证件号等完整信息',
  'counterProofs.ask': '提交复核',
  'cases.counterProof': '人工核验',
})
