import { randomBytes } from 'node:crypto'
import * as oidc from 'openid-client'
import { clients, relyingParty, relyingPartyWith, signIn } from '../sso/platform.ts'
import { signedInAt } from '../support/account-pages.ts'
import { consoleBrowser, operatorsOf, totpCode } from '../support/console.ts'
import { enrolled } from '../support/enrolled.ts'
import { recordFetches } from '../support/fetch-recorder.ts'
import { leaksIn, mongoDump, redisDump } from '../support/leak-search.ts'
import { samplePerson } from '../support/people.ts'
import { personAtForms } from '../support/person-at-forms.ts'
import { testPlatform } from '../support/platform.ts'
import { newPassword, toResetStep, waitingForUsername } from '../support/recovering.ts'
import { register, signInFields } from '../support/registering.ts'

const television = {
  client_id: 'television',
  client_name: '客厅电视',
  token_endpoint_auth_method: 'none',
  grant_types: ['urn:ietf:params:oauth:grant-type:device_code', 'refresh_token'],
  scope: 'openid offline_access profile',
}

const everyKind = [
  ...['username', 'password', 'name', 'idNumber', 'account', 'phone', 'smsCode', 'totpCode'],
  ...['code', 'access_token', 'id_token', 'refresh_token', 'request_uri'],
  ...['device_code', 'user_code', 'client_secret', 'registration_access_token'],
  ...['uup_session', 'uup_interaction.sig', 'flow', 'known', 'browser'].map(
    (name) => `cookie ${name}`,
  ),
  ...['operator', 'operator-login', 'operator-visit'].map((name) => `cookie ${name}`),
]

/** `personal-data-leaks.test.ts` searches the log, addresses and error pages as well, and tests the search itself. */
test.each(['aes', 'sm'])(
  'with CRYPTO=%s the stores contain no typed value, code, session id or token in clear after every kind of journey',
  async (CRYPTO) => {
    const token = randomBytes(24).toString('base64url')
    const platform = await testPlatform({
      clients: [clients.exam, television],
      env: { CRYPTO, INITIAL_ACCESS_TOKEN: token },
    })
    try {
      const { issuer, exam, adminUrl, stores } = platform
      const { stop, secrets } = recordFetches(issuer, exam.url, adminUrl)
      const owner = samplePerson({ name: '欧阳𠮷' })
      await register(platform, personAtForms(), owner)

      const { at, page } = await signedInAt(platform, owner, '/account/password')
      const changed = { ...owner, password: 'another staple 4711' }
      const fields = { presentPassword: owner.password, ...newPassword(changed.password) }
      expect((await at.send(page, fields)).heading).toBe('密码已修改')

      const forgetful = await enrolled(platform, { name: '司马懿之' })
      const recovering = personAtForms()
      const reset = await toResetStep(platform, recovering, forgetful)
      const recovered = { ...forgetful, password: 'a brand new passphrase' }
      const done = await recovering.send(reset, newPassword(recovered.password))
      expect(done.heading).toBe('重置成功')
      const nameless = await enrolled(platform)
      const { at: asking, page: waiting, code } = await waitingForUsername(platform, nameless)
      expect((await asking.send(waiting, { smsCode: code })).status).toBe(200)

      const form = (path: string, body: Readonly<Record<string, string>>) =>
        fetch(issuer + path, { method: 'POST', body: new URLSearchParams(body) })
      const device = await form('/device/auth', { client_id: 'television', scope: 'openid' })
      expect(device.status).toBe(200)
      const registration = await fetch(`${issuer}/reg`, {
        ...{
          method: 'POST',
          body: JSON.stringify({ redirect_uris: ['https://rp.test/callback'] }),
        },
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      })
      expect(registration.status).toBe(201)
      const { config } = await relyingParty(issuer, 'exam')
      const { ask } = relyingPartyWith(config, (params) =>
        oidc.buildAuthorizationUrlWithPAR(config, params),
      )
      const asked = await ask({ scope: 'openid offline_access profile', prompt: 'consent' })
      await asked.tokens(await signIn(recovering.browser, asked.url, signInFields(recovered)))

      const desk = await operatorsOf(platform)
      const operator = await desk.newOperator('support')
      const console = consoleBrowser(adminUrl)
      await console.typePassword(operator)
      const factor = { totpCode: totpCode(operator.totpSecret), action: 'code' }
      expect((await console.submit('/login/factor', '/login/factor', factor)).path).toBe('/')

      stop()
      const all = { ...Object.fromEntries(secrets), 'initial access token': token }
      const kinds = new Set([...secrets.keys()].map((key) => key.replace(/ \d+$/, '')))
      // A value that was not recorded would not be searched for.
      expect([...kinds]).toEqual(expect.arrayContaining(everyKind))
      expect({
        MongoDB: leaksIn(await mongoDump(stores), all),
        Redis: leaksIn(await redisDump(stores), all),
      }).toEqual({ MongoDB: [], Redis: [] })
    } finally {
      await platform.close()
    }
  },
)
