import { randomBytes, randomUUID } from 'node:crypto'
import { hash } from '@node-rs/argon2'
import { load } from 'cheerio'
import { TOTP } from 'otpauth'
import { policy as policyOf } from '../../config/limits-and-lifetimes.ts'
import { invitationsMongo } from '../../src/adapters/operators/invitations-mongo.ts'
import { operatorsMongo } from '../../src/adapters/operators/operators-mongo.ts'
import { newTotpSecret } from '../../src/operators/factors/one-time-password.ts'
import { newRecoveryCodes } from '../../src/operators/factors/recovery-codes.ts'
import type { Role } from '../../src/people/operator.ts'
import { cookieBrowser } from './cookie-browser.ts'
import { fixedAnswer, type TestPlatform } from './platform.ts'

export type TestOperator = Awaited<
  ReturnType<Awaited<ReturnType<typeof operatorsOf>>['newOperator']>
>

type AtConsole = Pick<TestPlatform, 'adminUrl'> & {
  readonly stores: Pick<TestPlatform['stores'], 'mongodb'>
  readonly encryption: Pick<TestPlatform['encryption'], 'inMongo'>
}

/** The operators of a platform: adds them without the pages. */
export async function operatorsOf({ stores, encryption, adminUrl }: AtConsole) {
  const inMongo = { connection: stores.mongodb, encryption: encryption.inMongo, clock: Date.now }
  const policy = policyOf().operators
  const operators = await operatorsMongo({ ...inMongo, policy })
  const invitations = await invitationsMongo({ ...inMongo, policy })

  async function newOperator(role: Role, sponsors: readonly string[] = []) {
    const id = randomUUID()
    const username = `op-${randomBytes(5).toString('hex')}`
    const password = randomBytes(12).toString('base64url')
    const totpSecret = newTotpSecret()
    const recoveryCodes = newRecoveryCodes()
    const passwordHash = await hash(password, { memoryCost: 64, timeCost: 1, parallelism: 1 })
    const name = `王${role}`
    await operators.create({
      ...{ id, username, name, role, sponsors, recoveryCodes },
      credentials: { passwordHash, passkeys: [], totpSecret },
      invitation: randomUUID(),
    })
    return { id, username, password, name, role, totpSecret, recoveryCodes }
  }

  return {
    operators,
    invitations,
    newOperator,
    /** A browser in which the operator is signed in, without the pages. */
    async signedIn({ id }: { readonly id: string }) {
      const operator = await operators.findById(id)
      const token = operator && (await operators.startSession(operator, '127.0.0.1'))
      if (!token) throw new Error('this operator cannot sign in')
      const browser = consoleBrowser(adminUrl)
      browser.setCookie('operator', token)
      return { ...browser, token }
    },
  }
}

/** The one-time password of a time; `ahead` steps later, for one that was not used yet. */
export const totpCode = (secret: string, ahead = 0, now = Date.now()): string =>
  new TOTP({ secret }).generate({ timestamp: now + ahead * 30_000 })

/** A browser at the console that keeps cookies and fills in forms. */
export function consoleBrowser(adminUrl: string) {
  const browser = cookieBrowser()

  async function get(path: string) {
    const { response, text, path: visited } = await browser.visit(adminUrl + path)
    return { status: response.status, text, $: load(text), path: visited.at(-1)?.pathname ?? '' }
  }

  /** Sends the form of a page with its token, and follows the redirect. */
  async function submit(page: string, action: string, fields: Readonly<Record<string, string>>) {
    const { $ } = await get(page)
    return post(action, { ...hiddenFields($, action), ...fields })
  }

  async function post(path: string, fields: Readonly<Record<string, string>>) {
    const init = { method: 'POST', body: new URLSearchParams(fields) }
    const { response, text, path: visited } = await browser.visit(adminUrl + path, undefined, init)
    const { status, headers } = response
    return { status, headers, text, $: load(text), path: visited.at(-1)?.pathname ?? '' }
  }

  return {
    ...browser,
    get,
    submit,
    post,
    /** 操作员登录 up to the second factor. */
    typePassword: ({
      username,
      password,
    }: {
      readonly username: string
      readonly password: string
    }) => submit('/login', '/login', { username, password, captcha: fixedAnswer, action: 'next' }),
  }
}

/** Presses 查询 on 用户查询. */
export const lookUp = (
  browser: Pick<ReturnType<typeof consoleBrowser>, 'submit'>,
  fields: Readonly<Record<string, string>>,
) =>
  browser.submit('/lookup', '/lookup', {
    ...{ reasonKind: 'complaint', reason: '来电核对' },
    ...fields,
  })

function hiddenFields(
  $: ReturnType<typeof load>,
  action: string,
): Readonly<Record<string, string>> {
  const inputs = $(`form[action="${action}"]`).first().find('input[type=hidden]').toArray()
  return Object.fromEntries(
    inputs.map((input) => [String($(input).attr('name')), String($(input).attr('value') ?? '')]),
  )
}
