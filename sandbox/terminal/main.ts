// `npm run terminal` acts as a 自助终端 beside a running `npm start`.
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { terminalClientId } from '../clients.mjs'
import { samplePerson } from '../sample-person.mjs'
import { addressesOf, secretsOf } from '../settings.mjs'
import { putCard } from '../simulator-samples.mjs'
import { terminal } from './terminal.ts'

const usage = `npm run terminal -- --new-phone 13900000000 [--bank-first]
  Changes the phone of a social-security card's holder, who has an account, as a 自助终端 does; of the sample person
  unless told otherwise: --name --id-type --id-country --id-number --bank --account
  --bank-first  the simulated bank gets the new phone first, as at its counter; else it has to have it already`

const { name, idType, idNumber, bank, account } = samplePerson
const text = { type: 'string' } as const

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      name: { ...text, default: name },
      'id-type': { ...text, default: idType },
      'id-country': text,
      'id-number': { ...text, default: idNumber },
      bank: { ...text, default: bank },
      account: { ...text, default: account },
      'new-phone': text,
      'bank-first': { type: 'boolean' },
      help: { type: 'boolean' },
    },
  })
  if (values.help) {
    console.log(usage)
    return 0
  }
  const newPhone = values['new-phone']
  if (!newPhone) throw new Error(usage)
  const root = fileURLToPath(new URL('../..', import.meta.url))
  const key = secretsOf(resolve(process.env['UUP_DATA_DIR'] || join(root, '.data')))?.TERMINAL_KEY
  if (!key) throw new Error('There is no key of a terminal yet: npm start makes one')
  const { issuer, simulatorUrl } = addressesOf(process.env)
  const holder = {
    name: values.name,
    idType: values['id-type'],
    ...(values['id-country'] && { idCountry: values['id-country'] }),
    idNumber: values['id-number'],
    bank: values.bank,
    account: values.account,
  }
  if (values['bank-first'])
    await putCard(simulatorUrl, { ...holder, phone: newPhone, kind: 'social-security' })
  const own = await terminal(issuer, terminalClientId, JSON.parse(key))
  const { status, body } = await own.changePhone({ ...holder, newPhone })
  console.log(`${status} ${JSON.stringify(body, null, 2)}`)
  return status === 200 ? 0 : 1
}

process.exitCode = await main().catch((error: Error) => {
  console.error(
    error.message === 'fetch failed' ? `${error.cause}: does npm start run?` : error.message,
  )
  return 1
})
