import * as oidc from 'openid-client'
import { relyingPartyWith, type SsoPlatform } from '../sso/platform.ts'
import type { operatorsOf, TestOperator } from './console.ts'

type Desk = Awaited<ReturnType<typeof operatorsOf>>
type Fields = Readonly<Record<string, string>>
type Answer = Awaited<ReturnType<Awaited<ReturnType<Desk['signedIn']>>['post']>>

export const callback = 'https://rp.test/callback'
const usual = {
  redirect_uris: callback,
  scope: 'openid profile offline_access',
  grant_types: 'authorization_code\nrefresh_token',
  token_endpoint_auth_method: 'client_secret_basic',
  reason: '新系统上线',
}

export const secretIn = ({ $ }: Pick<Answer, '$'>) => ({
  id: $('[data-client-id]').attr('data-client-id') ?? '',
  secret: $('[data-client-secret]').attr('data-client-secret') ?? '',
})
export const addressOf = (id: string) => `/clients/${encodeURIComponent(id)}`

/** Whether both processes know a client. */
export const [known, unknown] = [
  [true, true],
  [false, false],
]

/** The pages of 业务系统 in the hands of `admin`. */
export function clientPages(platform: SsoPlatform, desk: Desk, admin: TestOperator) {
  const create = async (fields: Fields, by = admin) =>
    (await desk.signedIn(by)).submit('/clients/new', '/clients', { ...usual, ...fields })

  /** The form of a client as its page has it. */
  async function formOf(id: string, by = admin) {
    const browser = await desk.signedIn(by)
    const { $ } = await browser.get(addressOf(id))
    const form = $(`form[action="${addressOf(id)}"]`)
    const fields = form
      .find('input, textarea, select')
      .toArray()
      .map((field) => [String($(field).attr('name')), String($(field).val() ?? '')])
    return { browser, fields: Object.fromEntries(fields) as Fields }
  }

  async function change(id: string, fields: Fields) {
    const form = await formOf(id)
    return form.browser.post(addressOf(id), { ...form.fields, reason: '系统升级', ...fields })
  }

  /** Presses a button of 密钥、停用和移除. */
  async function press(id: string, action: string, reason = '按申请办理', by = admin) {
    const browser = await desk.signedIn(by)
    const form = `${addressOf(id)}/remove`
    const { $ } = await browser.get(addressOf(id))
    const hidden = (name: string) => String($(`form[action="${form}"] [name=${name}]`).val())
    const fields = { token: hidden('token'), version: hidden('version'), reason }
    return browser.post(`${addressOf(id)}/${action}`, fields)
  }

  /** Decides the only review about a client that waits for an operator. */
  async function decide(decider: TestOperator, about: string, action: 'approve' | 'refuse') {
    const browser = await desk.signedIn(decider)
    const { $ } = await browser.get('/reviews')
    const item = $('#waiting ~ .entries > li').filter((_, li) => $(li).text().includes(about))
    const asked = item.text()
    const address = String(item.find('form').attr('action'))
    return { ...(await browser.submit('/reviews', address, { reason: '已核对', action })), asked }
  }

  const partyOf = async (id: string, secret: string) =>
    relyingPartyWith(
      await oidc.discovery(new URL(platform.issuer), id, secret, oidc.ClientSecretBasic(secret), {
        execute: [oidc.allowInsecureRequests],
      }),
    )

  /** Whether each process knows the client by this secret; the refresh token is only checked for a known client. */
  async function isKnown(id: string, secret: string): Promise<readonly boolean[]> {
    const ask = async () => {
      const response = await fetch(`${platform.issuer}/token`, {
        method: 'POST',
        headers: { authorization: `Basic ${btoa(`${id}:${secret}`)}` },
        body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: 'none' }),
      })
      return ((await response.json()) as { error: string }).error === 'invalid_grant'
    }
    return [await ask(), await ask()]
  }

  const eventsOf = async (clientId: string) => {
    const events = platform.stores.mongodb.collection('audit')
    const found = await events
      .find({ clientId, operator: { $exists: true } })
      .sort({ at: 1 })
      .toArray()
    return found.map(({ what, detail, operator }) => [what, detail, operator])
  }

  return { create, formOf, change, press, decide, partyOf, isKnown, eventsOf }
}
