import { interactionPolicy } from 'oidc-provider'
import { type Agreement, type AgreementVersions, isAgreedTo } from '../../people/agreement.ts'

const { Check, Prompt } = interactionPolicy

/** Requires agreement to the present versions of 用户协议 and 隐私政策 once (decision 0171). */
export const agreementPrompt = (versions: AgreementVersions) =>
  new Prompt(
    { name: 'agreement' },
    new Check(
      'agreement_missing',
      'the End-User has not agreed to the present terms of the OpenID Provider',
      'interaction_required',
      ({ oidc: { account } }) =>
        account !== undefined &&
        !isAgreedTo(versions, account['agreement'] as Agreement | undefined),
    ),
  )
