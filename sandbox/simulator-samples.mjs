import { samplePeople, sampleUnits } from './sample-people.mjs'

/** Puts the sample people's cards and the sample units into the simulators, which store them in memory only. */
export async function putSamples(simulatorUrl) {
  for (const { person, bank } of samplePeople)
    if (bank !== null) await putCard(simulatorUrl, { ...person, ...bank })
  for (const { unit, handler } of sampleUnits) {
    const { code, name, legalRepresentative } = unit
    for (const holder of [legalRepresentative, handler]) await putCard(simulatorUrl, holder)
    await put(`${simulatorUrl}/registry/organisations/${code}`, {
      name,
      legalRepresentative: legalRepresentative.name,
      legalRepresentativeIdNumber: legalRepresentative.idNumber,
    })
  }
}

/**
 * Puts a card's record into the simulated bank. Its `outcome`, if any, overrides the bank's answer.
 * @param {string} simulatorUrl
 * @param {{ account: string } & Record<string, unknown>} card
 */
export const putCard = (simulatorUrl, { account, ...card }) =>
  put(`${simulatorUrl}/bank/cards/${account}`, card)

async function put(address, body) {
  const answer = await fetch(address, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (!answer.ok) throw new Error(`The simulators refused a sample (${answer.status})`)
}
