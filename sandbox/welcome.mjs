import { samplePerson } from './sample-person.mjs'

/** What stands on the screen when everything runs: where to click, and as whom. */
export function welcome({ issuer, examUrl, socialUrl, simulatorUrl }, logs) {
  const { name, idType, idNumber, sex, birthdate, bank, account, phone } = samplePerson
  return `
统一用户平台已启动 · The platform is running

  从这里开始 · Start here
    考生服务系统（业务系统） Exam service, a business system   ${examUrl}/
    社保服务（同一账号）      Social service, same account     ${socialUrl}/
    注册 Register                                              ${issuer}/register
    用户信息维护 Account                                       ${issuer}/account
    收到的短信（模拟） Text messages, simulated                ${simulatorUrl}/sms

  示例人员（虚构，模拟银行已登记） · Sample person (invented; the simulated bank knows the card)
    姓名 Name            ${name}
    证件 ID              ${idType} ${idNumber}
    性别、出生日期 Sex, birth date   ${sex} ${birthdate}
    银行、账号 Bank, card            ${bank} ${account}
    手机号码 Phone       ${phone}

  按 Ctrl+C 全部停止 · Ctrl+C stops everything     日志 Logs: ${logs}
`
}
