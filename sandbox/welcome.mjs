import { samplePerson, sampleUnit } from './sample-person.mjs'

/** The text that is printed when everything runs: the addresses and the sample people. */
export function welcome(addresses, logs) {
  const { issuer, adminOrigin, examUrl, socialUrl, playgroundUrl, simulatorUrl, links } = addresses
  const { name, idType, idNumber, sex, birthdate, bank, account, phone } = samplePerson
  const { legalRepresentative } = sampleUnit
  return `
统一用户平台已启动 · The platform is running

  从这里开始 · Start here
    考生服务系统（业务系统） Exam service, a business system   ${examUrl}/
    社保服务（同一账号）      Social service, same account     ${socialUrl}/
    开发者演练场              Playground for developers        ${playgroundUrl}/
    注册 Register                                              ${issuer}/register
    单位用户注册 Register an organisation                      ${issuer}/register/organisation
    用户信息维护 Account                                       ${issuer}/account
    收到的短信（模拟） Text messages, simulated                ${simulatorUrl}/sms
    示例人员，各种核验结果 Sample people for every outcome     ${simulatorUrl}/people

  示例人员（虚构，模拟银行已登记） · Sample person (invented; the simulated bank knows the card)
    姓名 Name            ${name}
    证件 ID              ${idType} ${idNumber}
    性别、出生日期 Sex, birth date   ${sex} ${birthdate}
    银行、账号 Bank, card            ${bank} ${account}
    手机号码 Phone       ${phone}

    深圳金融社保卡，可在自助终端换手机号 · A social-security card: to act as a 自助终端 with it, once registered,
                         npm run terminal -- --new-phone 13900000000 --bank-first

  示例单位（虚构，经办人可用示例人员） · Sample organisation (invented; the person above may be its handler)
    单位名称、证件号 Name, code      ${sampleUnit.name} ${sampleUnit.code}
    法定代表人 Legal representative  ${legalRepresentative.name} ${legalRepresentative.idNumber}
    其银行、账号、手机号码 Their card, phone   ${legalRepresentative.bank} ${legalRepresentative.account} ${legalRepresentative.phone}

  操作员控制台 · Console of the operators   ${adminOrigin}/
    设置操作员的链接，各用一次，30 分钟内有效 · One-time links that set up an operator, good for 30 minutes:
${links.map((line) => `    ${line.replace(' ', '\t')}`).join('\n')}

  按 Ctrl+C 全部停止 · Ctrl+C stops everything     日志 Logs: ${logs}
`
}
