import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { load } from 'cheerio'
import * as oidc from 'openid-client'
import { maskedAccount } from '../../src/people/fields/bank-card.ts'
import { detailsWithCode, isSignedIn, signedInAt } from '../support/account-pages.ts'
import { cardNumber, digits, type SamplePerson, samplePerson } from '../support/people.ts'
import { type FilledPage, personAtForms } from '../support/person-at-forms.ts'
import { bankFields, signInFields, toBankStep } from '../support/registering.ts'
import type { KillableCluster } from './killable-cluster.ts'

const callback = 'https://rp.test/callback'
/** Not first-party, so that people are asked for consent. */
export const app = {
  client_id: 'app',
  client_name: '社区商店',
  token_endpoint_auth_method: 'none',
  redirect_uris: [callback],
  grant_types: ['authorization_code', 'refresh_token'],
  scope: 'openid offline_access profile',
}

/** Something that is so for good once it was acknowledged. Resolves to whether it is still so. */
type Fact = () => Promise<boolean>

export type Life = {
  readonly person: SamplePerson
  /** By name; a fact that a change in progress may end is replaced before the change begins. */
  readonly facts: Map<string, Fact>
  /** The acknowledged facts, in order. */
  readonly done: string[]
}

type AtForms = ReturnType<typeof personAtForms>
type Cluster = Pick<KillableCluster, 'issuer' | 'issueCard' | 'codeFor' | 'accounts' | 'mongodb'>

/** Thrown where an answer is not the acknowledgement: whether the change was made is not known. */
class Unacknowledged extends Error {}
const acknowledged = (page: FilledPage, heading: string) => {
  if (page.heading !== heading) throw new Unacknowledged(`${page.status} ${page.heading}`)
}
function sent(page: FilledPage): FilledPage {
  if (page.status !== 200) throw new Unacknowledged(`${page.status} instead of a code`)
  return page
}

/** A person who sends the form of a page only if it has one: an error page has no form, and no token to send with it. */
function atForms() {
  const at = personAtForms()
  const send: typeof at.send = async (page, ...typed) => {
    if (page.status !== 200) throw new Unacknowledged(`${page.status} ${page.heading}`)
    return at.send(page, ...typed)
  }
  return { ...at, send }
}

/** People who register, change what they have and end it, with a ledger of what was acknowledged to them. */
export function livesOn(all: Cluster, config: oidc.Configuration) {
  // A message that was lost with its request does not come.
  const late = () =>
    sleep(15_000).then(() => {
      throw new Unacknowledged('no code came')
    })
  const cluster = { ...all, codeFor: (phone: string) => Promise.race([all.codeFor(phone), late()]) }
  const { issuer, accounts, mongodb } = cluster
  const canSignIn = async (person: SamplePerson, password: string) =>
    (await signedInAt(cluster, { ...person, password }, '/account', atForms())).page.heading ===
    '用户信息'
  const storedOf = async ({ username }: SamplePerson) => {
    const account = await accounts.findByUsername(username)
    return account && { phone: account.phone, card: account.card?.masked }
  }
  const proofOf = ({ phone, account }: SamplePerson) => ({
    ...{ phone: `+86${phone}`, card: maskedAccount(account) },
  })
  const isProof = async (person: SamplePerson, ...proofs: readonly SamplePerson[]) => {
    const stored = JSON.stringify(await storedOf(person))
    return proofs.some((proof) => JSON.stringify(proofOf(proof)) === stored)
  }
  const isRefused = (used: Promise<unknown>) =>
    used.then(
      () => false,
      (error) => {
        if (error?.error === 'invalid_grant') return true
        throw error
      },
    )

  async function register({ person, facts, done }: Life): Promise<void> {
    await cluster.issueCard(person)
    const at = atForms()
    const bank = await toBankStep(cluster, at, person)
    const page = sent(await at.send(bank, bankFields(person), 'send'))
    const fields = { ...bankFields(person), smsCode: await cluster.codeFor(person.phone) }
    facts.set('registered', async () => {
      const stored = await accounts.findByUsername(person.username)
      return !stored || isProof(person, person)
    })
    acknowledged(await at.send(page, fields), '注册成功')
    facts.set('registered', () => isProof(person, person))
    facts.set('one event of the registration', async () => {
      const accountId = (await accounts.findByUsername(person.username))?.id
      return (
        (await mongodb.collection('audit').countDocuments({ what: 'registered', accountId })) === 1
      )
    })
    done.push('registered')
  }

  async function changePassword({ person, facts, done }: Life): Promise<SamplePerson> {
    const password = `another staple ${digits(8)}`
    const elsewhere = (await signedInAt(cluster, person, '/account', atForms())).at
    const { at, page } = await signedInAt(cluster, person, '/account/password', atForms())
    const typed = { presentPassword: person.password, password, passwordAgain: password }
    facts.set('password', async () => {
      const old = await canSignIn(person, person.password)
      return old !== (await canSignIn(person, password))
    })
    acknowledged(await at.send(page, typed), '密码已修改')
    facts.set('password', async () => canSignIn(person, password))
    facts.set('old password', async () => !(await canSignIn(person, person.password)))
    facts.set(
      'session before the new password',
      async () => !(await isSignedIn(cluster, elsewhere)),
    )
    done.push('password')
    return { ...person, password }
  }

  async function changePhone({ facts, done }: Life, person: SamplePerson) {
    const wanted = { ...person, phone: `13${digits(9)}`, account: cardNumber('621483') }
    await cluster.issueCard(wanted)
    const { at } = await signedInAt(cluster, person, '/account', atForms())
    const { save } = await detailsWithCode(cluster, at, wanted)
    facts.set('registered', () => isProof(person, person, wanted))
    acknowledged(await save(), '用户信息已保存')
    facts.set('registered', () => isProof(person, wanted))
    done.push('phone')
  }

  /** Signs in at the client in a browser and agrees. Returns the address with the code. */
  async function authorize(at: AtForms, person: SamplePerson, more: Record<string, string>) {
    const verifier = oidc.randomPKCECodeVerifier()
    const request = oidc.buildAuthorizationUrl(config, {
      ...{ redirect_uri: callback, scope: app.scope, ...more },
      code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    })
    let visit = await at.browser.visit(request.href, callback)
    for (let page = 0; page < 3 && !visit.path.at(-1)?.href.startsWith(callback); page += 1) {
      if (visit.response.status !== 200) break
      const $ = load(visit.text)
      const fields = $('form')
        .first()
        .serializeArray()
        .map(({ name, value }) => [name, value])
      const body = new URLSearchParams({ ...Object.fromEntries(fields), action: 'next' })
      if ($('[name=password]').length)
        for (const [name, value] of Object.entries(signInFields(person))) body.set(name, value)
      const target = new URL(String($('form').first().attr('action')), visit.path.at(-1)).href
      visit = await at.browser.visit(target, callback, { method: 'POST', body })
    }
    const answer = visit.path.at(-1)
    if (!answer?.searchParams.has('code'))
      throw new Unacknowledged(`${visit.response.status} instead of an authorization`)
    return {
      answer,
      exchange: () => oidc.authorizationCodeGrant(config, answer, { pkceCodeVerifier: verifier }),
    }
  }

  async function useTokens({ facts, done }: Life, person: SamplePerson) {
    const at = atForms()
    const prompt = { prompt: 'login consent' }
    const { exchange } = await authorize(at, person, prompt)
    const tokens = await exchange()
    done.push('consent')
    const refresh = (token: unknown) => oidc.refreshTokenGrant(config, String(token))
    let current = tokens.refresh_token
    const works = (token: unknown) => async () => {
      current = (await refresh(token)).refresh_token
      facts.set('refresh token', works(current))
      return true
    }
    facts.set('refresh token', works(current))
    current = (await refresh(current)).refresh_token
    facts.set('refresh token', works(current))
    done.push('refresh token')
    facts.set('consent', async () => {
      const fresh = atForms()
      const { page } = await signedInAt(cluster, person, '/account/permissions', fresh)
      return page.text.includes(app.client_name)
    })

    // In another browser: a code is used twice, which ends what it gave; then a sign-out.
    const other = atForms()
    const used = await authorize(other, person, {})
    const { id_token: hint = '' } = await used.exchange()
    const isUsed = () => isRefused(used.exchange())
    facts.set('used code', isUsed)
    done.push('used code')
    const end = `${issuer}/session/end?${new URLSearchParams({ id_token_hint: hint })}`
    const asked = await other.open(end)
    const out = asked.action ? await other.send(asked, { logout: 'yes' }) : asked
    if (await isSignedIn(cluster, other)) throw new Unacknowledged(`${out.status} ${out.heading}`)
    facts.set('ended session', async () => !(await isSignedIn(cluster, other)))
    done.push('ended session')

    if (Math.random() < 0.5) return
    const page = await at.open(`${issuer}/account/permissions`)
    const token = String(load(page.html)('[name=token]').first().val())
    facts.delete('refresh token')
    facts.delete('consent')
    const body = new URLSearchParams({ token, system: app.client_id })
    const after = await at.open(page.url.href, { method: 'POST', body })
    if (!after.text.includes('授权已撤销')) throw new Unacknowledged('withdrawal')
    facts.set('withdrawn grant', () => isRefused(refresh(current)))
    done.push('withdrawn grant')
  }

  return {
    canSignIn,
    /** Lives until an answer is missing. Resolves to why it ended, or undefined. */
    async live(life: Life): Promise<string | undefined> {
      try {
        await register(life)
        const person = await changePassword(life)
        await changePhone(life, person)
        await useTokens(life, person)
        return undefined
      } catch (error) {
        return error instanceof Error ? error.message : String(error)
      }
    },
  }
}

export const newLife = (): Life => ({
  person: samplePerson({ username: `u${randomUUID().replaceAll('-', '').slice(0, 14)}` }),
  facts: new Map(),
  done: [],
})
