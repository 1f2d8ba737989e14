import { choice } from './fields/field.ts'

/** The versions of 用户协议 and 隐私政策. */
export type AgreementVersions = { readonly terms: string; readonly privacy: string }

/** The versions that a person agreed to, and the time in ms since 1970. */
export type Agreement = AgreementVersions & { readonly at: number }

/** The checkbox of 填写登录信息. */
export const agreement = choice(['yes'], 'agreement.missing')

/** Whether the person agreed to exactly these versions. An account that is older than the texts agreed to none. */
export const isAgreedTo = (
  { terms, privacy }: AgreementVersions,
  agreed: AgreementVersions | undefined,
): boolean => agreed?.terms === terms && agreed.privacy === privacy
