import { createHash, randomBytes } from 'node:crypto'
import { acr } from '../../config/acr.ts'
import { bankStepUp } from '../../src/sso/step-up/bank-step-up.ts'
import { smsStepUp } from '../../src/sso/step-up/sms-step-up.ts'
import { signedInAt } from './account-pages.ts'
import { enrolled } from './enrolled.ts'
import type { Begun, Journey, Way } from './every-flow.ts'
import type { SamplePerson } from './people.ts'
import type { TestPlatform } from './platform.ts'
import { bankFields } from './registering.ts'

/** An authorization request of the exam service with `acr_values`. */
export function asking({ issuer, exam }: TestPlatform, level: string): string {
  const random = () => randomBytes(32).toString('base64url')
  const url = new URL('/auth', issuer)
  url.search = String(
    new URLSearchParams({
      client_id: exam.clientId,
      redirect_uri: `${exam.url}/callback`,
      ...{ response_type: 'code', scope: 'openid', state: random(), nonce: random() },
      code_challenge: createHash('sha256').update(random()).digest('base64url'),
      code_challenge_method: 'S256',
      acr_values: level,
    }),
  )
  return url.href
}

/** The flows 验证身份 of a signed-in person: by an SMS code, or by the bank card. */
export function stepUpJourneys(platform: TestPlatform): readonly Journey[] {
  const begin = async (level: string, wayOf: (owner: SamplePerson) => Way): Promise<Begun> => {
    const owner = await enrolled(platform)
    await platform.issueCard(owner)
    const { at } = await signedInAt(platform, owner)
    const page = await at.open(asking(platform, level))
    return { at, page, way: [wayOf(owner)], owner, goesOn: platform.exam.url }
  }
  return [
    {
      flow: smsStepUp,
      name: '验证身份, by SMS',
      begin: () => begin(acr.sms, ({ phone }) => ({ step: 'sms', fields: {}, code: phone })),
    },
    {
      flow: bankStepUp,
      name: '验证身份, by the bank',
      begin: () =>
        begin(acr.bank, (owner) => ({
          ...{ step: 'bank', fields: bankFields(owner), code: owner.phone },
        })),
    },
  ]
}
