import { randomBytes } from 'node:crypto'
import { pepperOf } from '../src/adapters/crypto/peppered-passwords.ts'
import { earlierEncryption } from '../test/support/earlier-encryption.ts'
import { testEncryption } from '../test/support/test-encryption.ts'

/** `npx tsx bench/encryption.ts` measures the functions of encryption, before data keys and now (decision 0243). */
const earlier = earlierEncryption({ version: '1', key: randomBytes(32) }, randomBytes(32))
const encryptions = {
  'before data keys': earlier,
  'CRYPTO=aes': testEncryption(randomBytes(32), 'aes'),
  'CRYPTO=sm': testEncryption(randomBytes(32), 'sm'),
}
const context = { collection: 'oidc.Session', record: 'an id of 22 characters', field: 'payload' }

/** Microseconds of the fastest of many short series, which other work of the machine disturbs least. */
function fastest(work: () => unknown): string {
  let least = Number.POSITIVE_INFINITY
  for (let series = 0; series < 400; series += 1) {
    const began = performance.now()
    for (let call = 0; call < 200; call += 1) work()
    least = Math.min(least, (performance.now() - began) / 200)
  }
  return (least * 1000).toFixed(1).padStart(6)
}

console.log('µs                 encrypt 30, 700 bytes   decrypt 30, 700 bytes   digest')
for (const [name, encryption] of Object.entries(encryptions)) {
  const values = ['x'.repeat(30), 'x'.repeat(700)]
  const encrypted = values.map((value) => encryption.encrypt(value, context))
  const columns = [
    ...values.map((value) => fastest(() => encryption.encrypt(value, context))),
    ...encrypted.map((value) => fastest(() => encryption.decrypt(value, context))),
    fastest(() => encryption.blindIndex('sms.phone', '+8613800000000')),
  ]
  console.log(`${name.padEnd(18)} ${columns.join('      ')}`)
}
const pepper = pepperOf(undefined, randomBytes(32), 'aes')
const hash = `$argon2id$v=19$m=19456,t=2,p=1$${'x'.repeat(66)}`
const peppered = pepper.add(hash)
console.log(
  `pepper of a hash: add ${fastest(() => pepper.add(hash))}, remove ${fastest(() => pepper.remove(peppered))}`,
)
