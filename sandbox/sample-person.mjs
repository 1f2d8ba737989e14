/** Invented; their card is a debit card of the bank (facts: prefix 621483) and all check digits are right. */
export const samplePerson = {
  name: '林小满',
  idType: '居民身份证',
  idNumber: '440300199003078479',
  sex: '男',
  birthdate: '1990-03-07',
  bank: '招商银行',
  account: '6214837550123453',
  phone: '13800000000',
}

/** Tells the simulated bank, which forgets when it ends, of the card. */
export async function issueCard(simulatorUrl) {
  const { account, bank, name, idType, idNumber, phone } = samplePerson
  const answer = await fetch(`${simulatorUrl}/bank/cards/${account}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ bank, name, idType, idNumber, phone, kind: 'debit' }),
  })
  if (!answer.ok) throw new Error(`The simulated bank refused the sample card (${answer.status})`)
}
