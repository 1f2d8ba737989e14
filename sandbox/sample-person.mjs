/** Invented; their card is a 深圳金融社保卡 of the bank (facts: prefix 621483) and all check digits are right. */
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

/** A unit that doesn't exist either; its legal representative has a card, and the sample person may be its handler. */
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

/** Tells the simulators, which forget when they end, of the cards and of the unit. */
export async function introduce(simulatorUrl) {
  const { code, name, legalRepresentative } = sampleUnit
  for (const holder of [samplePerson, legalRepresentative]) await putCard(simulatorUrl, holder)
  await put(`${simulatorUrl}/registry/organisations/${code}`, {
    name,
    legalRepresentative: legalRepresentative.name,
    legalRepresentativeIdNumber: legalRepresentative.idNumber,
  })
}

/** What the simulated bank holds of a card from now on. */
export const putCard = (simulatorUrl, { account, bank, name, idType, idNumber, phone, kind }) =>
  put(`${simulatorUrl}/bank/cards/${account}`, { bank, name, idType, idNumber, phone, kind })

async function put(address, body) {
  const answer = await fetch(address, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (!answer.ok) throw new Error(`The simulators refused a sample (${answer.status})`)
}
