/** An invented person with right check digits. The card is a 深圳金融社保卡 of the bank (prefix 621483). */
export const samplePerson = {
  name: '林小满',
  idType: '居民身份证',
  idNumber: '440300199003078479',
  sex: '男',
  birthdate: '1990-03-07',
  bank: '招商银行',
  account: '6214837550123453',
  phone: '13800000000',
  kind: 'social-security',
}

/** An invented unit. Its legal representative has a card, and the sample person can be its handler. */
export const sampleUnit = {
  name: '深圳市样例科技有限公司',
  code: '91440300MA5HAMPL32',
  legalRepresentative: {
    name: '欧阳样例',
    idType: '居民身份证',
    idNumber: '440300197511123628',
    bank: '招商银行',
    account: '6214837550123461',
    phone: '13800000001',
    kind: 'debit',
  },
}
