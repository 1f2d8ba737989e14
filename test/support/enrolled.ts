import { randomUUID } from 'node:crypto'
import type { Connection } from 'mongoose'
import type { DurableEncryption } from '../../src/adapters/crypto/encryption.ts'
import { passwordsArgon2 } from '../../src/adapters/crypto/passwords-argon2.ts'
import { accountRecords } from '../../src/adapters/mongo/account-record.ts'
import type { AccountRecord } from '../../src/adapters/mongo/account-schema.ts'
import type { NewIndividual, NewOrganisation } from '../../src/people/account.ts'
import { answerKey } from '../../src/people/fields/security-answers.ts'
import type { NewCard } from '../../src/people/identity-proof.ts'
import { agreedAt } from './legal-texts.ts'
import { type SamplePerson, samplePerson } from './people.ts'
import type { TestPlatform } from './platform.ts'
import type { SampleUnit } from './units.ts'

/** Without a pepper, the accounts have hashes of the time before there were peppers. */
type Enrolling = Pick<TestPlatform, 'accounts'> & Partial<Pick<TestPlatform, 'pepper'>>

const cheap = passwordsArgon2({ memoryCost: 64, timeCost: 1, parallelism: 1, queue: 100 })

/** Stores a person's account directly, without the registration pages. Returns its id. */
export const enrol = async (
  platform: Enrolling,
  person: SamplePerson,
  different: Partial<Extract<NewIndividual, { card: NewCard }>> = {},
): Promise<string> => create(platform, { ...(await individual(platform, person)), ...different })

/** Stores many accounts: the records are those of `enrol`, a thousand at a time. */
export async function enrolMany(
  connection: Connection,
  encryption: DurableEncryption,
  persons: readonly SamplePerson[],
): Promise<void> {
  const { toRecord } = accountRecords(encryption)
  for (let first = 0; first < persons.length; first += 1000) {
    const records: AccountRecord[] = []
    for (const person of persons.slice(first, first + 1000))
      records.push(toRecord(await individual({}, person)))
    await connection.model<AccountRecord>('Account').insertMany(records)
  }
}

async function individual(platform: Partial<Enrolling>, person: SamplePerson) {
  const { gender, birthdate } = person
  return { ...(await common(platform, person)), kind: 'individual', gender, birthdate } as const
}

/** Stores a unit's account directly. Returns its handler with the account's username and password. */
export async function enrolUnit(platform: Enrolling, unit: SampleUnit): Promise<SamplePerson> {
  const { unitName: name, code, legalRepresentative, username, password } = unit
  const handler = { ...unit.handler, username, password }
  await create(platform, {
    ...(await common(platform, handler)),
    kind: 'organisation',
    unit: {
      name,
      code,
      legalRepresentative: legalRepresentative.name,
      legalRepresentativeIdNumber: legalRepresentative.idNumber,
    },
  })
  return handler
}

/** Invents a person and stores their account. */
export async function enrolled(
  platform: Enrolling,
  more: Partial<SamplePerson> = {},
  different: Partial<Extract<NewIndividual, { card: NewCard }>> = {},
): Promise<SamplePerson> {
  const person = samplePerson(more)
  await enrol(platform, person, different)
  return person
}

/** Answers to 密保问题, by the code of the question. */
export const threeAnswers = {
  primary_teacher: '王老师',
  childhood_street: 'Bao An Lu',
  first_pet: '阿黄',
} as const

/** Sets the security questions of an account, with these answers. */
export async function setQuestions(
  platform: Enrolling,
  person: SamplePerson,
  answers: Readonly<Record<string, string>> = threeAnswers,
): Promise<void> {
  const account = await platform.accounts.findByUsername(person.username)
  if (!account) throw new Error('nobody of that name is enrolled')
  const questions = await Promise.all(
    Object.entries(answers).map(async ([question, answer]) => ({
      question,
      answerHash: await hashed(platform, answerKey(answer)),
    })),
  )
  await platform.accounts.change(account, { questions }, randomUUID())
}

async function hashed({ pepper }: Partial<Enrolling>, secret: string) {
  const hash = await cheap.hash(secret)
  return pepper ? pepper.add(hash) : hash
}

async function common(platform: Partial<Enrolling>, person: SamplePerson) {
  const now = Date.now()
  return {
    id: randomUUID(),
    username: person.username,
    passwordHash: await hashed(platform, person.password),
    name: person.name,
    document: {
      type: person.idType,
      number: person.idNumber,
      ...(person.idCountry && { country: person.idCountry }),
    },
    phone: `+86${person.phone}`,
    card: { bank: '招商银行', account: person.account, provedAt: now },
    consent: { wording: '我同意将银行账号仅用于核验身份', at: now },
    agreement: agreedAt(now),
    registeredAt: now,
  } as const
}

async function create({ accounts }: Enrolling, account: NewIndividual | NewOrganisation) {
  const created = await accounts.create(account)
  if (created !== 'created') throw new Error(created)
  return account.id
}

/** Whether a password is that of a stored hash. */
export const verifies = (password: string, hash: string | undefined): Promise<boolean> =>
  cheap.matches(password, hash)
