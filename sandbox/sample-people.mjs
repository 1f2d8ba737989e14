import { samplePerson, sampleUnit } from './sample-person.mjs'

const resident = (name, idNumber, sex, card) => ({
  name,
  idType: '居民身份证',
  idNumber,
  sex,
  birthdate: idNumber.replace(/^.{6}(\d{4})(\d\d)(\d\d).*$/, '$1-$2-$3'),
  ...card,
})
const card = (bank, account, phone) => ({ bank, account, phone, kind: 'debit' })

const mismatch = '提示“人员姓名或证件名或证件号与银行登记不匹配”。'

/**
 * A person for each answer of the bank and each kind of name and document. All are invented, with right check digits.
 * `person` is the input; `bank` overrides values of the simulated bank's record, and `null` stands for no record.
 */
export const samplePeople = [
  {
    purpose: ['核验一致，借记卡', 'Match, a debit card'],
    result: ['注册成功。', 'Registers.'],
    person: resident(
      '陈一诺',
      '440300199205163022',
      '女',
      card('建设银行', '6217007550000011016', '13800000011'),
    ),
  },
  {
    purpose: ['核验一致，深圳金融社保卡', 'Match, a social-security card'],
    result: [
      '注册成功；以后可在自助终端更换手机号。',
      'Registers; a terminal can change the phone later.',
    ],
    person: samplePerson,
  },
  {
    purpose: ['不匹配：银行预留的是另一个手机号码', 'Mismatch: the bank has another phone'],
    result: [mismatch, 'Refused: not what the bank has on record.'],
    person: resident(
      '高山水',
      '440300198509234112',
      '男',
      card('工商银行', '6222027550000011020', '13800000012'),
    ),
    bank: { phone: '13900000012' },
  },
  {
    purpose: ['银行没有这张卡', 'No record of the card'],
    result: [mismatch, 'Refused in the same words as a mismatch.'],
    person: resident(
      '罗知夏',
      '440300198807112068',
      '女',
      card('农业银行', '6228487550000011038', '13800000013'),
    ),
    bank: null,
  },
  {
    purpose: ['卡已挂失', 'A lost card'],
    result: [mismatch, 'Refused in the same words as a mismatch.'],
    person: resident(
      '何以安',
      '44030019760304517X',
      '男',
      card('中国银行', '6216617550000011044', '13800000014'),
    ),
    bank: { outcome: 'card_unusable' },
  },
  {
    purpose: ['信用卡', 'A credit card'],
    result: ['提示“不支持信用卡”。', 'Refused: no credit cards.'],
    person: resident(
      '苏小乔',
      '44030019951130628X',
      '女',
      card('招商银行', '6214837550011054', '13800000015'),
    ),
    bank: { kind: 'credit' },
  },
  {
    purpose: ['银行故障（仅此卡）', 'The bank is down, for this card only'],
    result: [
      '提示“银行核验服务暂不可用”，不计入次数。',
      'Told that the bank cannot be asked; nothing is counted.',
    ],
    person: resident(
      '唐一鸣',
      '440300199001017330',
      '男',
      card('交通银行', '6222607550000011069', '13800000017'),
    ),
    bank: { outcome: 'unavailable' },
  },
  {
    purpose: ['姓名中有间隔号', 'A name with a dot'],
    result: ['注册成功；输入 • 或 ・ 也可以。', 'Registers, also with • or ・ typed.'],
    person: resident(
      '阿依古丽·买买提',
      '44030019930815804X',
      '女',
      card('邮储银行', '6210967550000011076', '13800000018'),
    ),
  },
  {
    purpose: ['姓名中有扩展区汉字', 'A character beyond the BMP'],
    result: ['注册成功。', 'Registers.'],
    person: resident(
      '王𠮷',
      '440300199804209117',
      '男',
      card('中信银行', '6226907550011085', '13800000019'),
    ),
  },
  {
    purpose: ['外国护照', 'A foreign passport'],
    result: ['注册成功。', 'Registers.'],
    person: {
      name: 'Maria da Silva',
      idType: '护照',
      idCountry: 'BRA',
      idNumber: 'FB123456',
      sex: '女',
      birthdate: '1988-04-12',
      ...card('光大银行', '6226607550011099', '13800000020'),
    },
  },
  {
    purpose: ['未成年人', 'A minor'],
    result: ['注册成功；出生于 2012 年。', 'Registers; born in 2012.'],
    person: resident(
      '周小禾',
      '440300201206015013',
      '男',
      card('民生银行', '6226157550011103', '13800000021'),
    ),
  },
]

const representative = resident(
  '郑示范',
  '440300198008083221',
  '女',
  card('平安银行', '6216267550000011112', '13800000022'),
)

/** An organisation for each kind of handler (经办人). */
export const sampleUnits = [
  {
    purpose: [
      '单位：法定代表人本人经办',
      'An organisation whose legal representative registers it',
    ],
    result: ['注册成功，法定代表人已确认。', 'Registers, confirmed by its legal representative.'],
    unit: {
      name: '深圳市示范服务中心',
      code: '12440300MB2XC00010',
      legalRepresentative: representative,
    },
    handler: representative,
  },
  {
    purpose: ['单位：由其他经办人办理', 'An organisation that another handler registers'],
    result: [
      `注册成功，法定代表人尚未确认；${sampleUnit.legalRepresentative.name}可在“法定代表人确认”中用本人的卡（${sampleUnit.legalRepresentative.bank} ${sampleUnit.legalRepresentative.account}，${sampleUnit.legalRepresentative.phone}）确认。`,
      'Registers, not yet confirmed; its legal representative can do that with the card named here.',
    ],
    unit: sampleUnit,
    handler: resident(
      '方经办',
      '440300198702196461',
      '女',
      card('深圳农村商业银行', '6221287550000011126', '13800000023'),
    ),
  },
]
