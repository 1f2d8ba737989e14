import * as oidc from 'openid-client'
import type { Locale } from '../../config/sentences.ts'
import { reasonOf } from '../relying-party/relying-party.ts'

/** The reason of a failed trial: the error code of the standards, if the platform sent one. */
export type Refused = {
  readonly error: string
  /** `error_description`. */
  readonly description?: string | undefined
  /** The names of the errors in this program, for the log. */
  readonly reason: string
}

type Words = { readonly means: string; readonly todo: string }
type Explanation = Readonly<Record<Locale, Words>>

export function refusedBy(problem: unknown): Refused {
  const reason = reasonOf(problem)
  if (
    problem instanceof oidc.AuthorizationResponseError ||
    problem instanceof oidc.ResponseBodyError
  )
    return { error: problem.error, description: problem.error_description, reason }
  if (problem instanceof oidc.WWWAuthenticateChallengeError) {
    const { error = 'invalid_token', error_description: description } =
      problem.cause[0]?.parameters ?? {}
    return { error, description, reason }
  }
  // Errors of openid-client's checks have a code; a failed fetch has none.
  const { code } = problem as { readonly code?: unknown }
  return { error: code === undefined ? 'unreachable' : 'unfit', reason }
}

/** Explains what the error means and what to do. */
export const explained = ({ error }: Refused, locale: Locale): Words =>
  (explanations[error] ?? other)[locale]

const explain = (
  means: readonly [zhCN: string, en: string],
  todo: readonly [zhCN: string, en: string],
): Explanation => ({
  'zh-CN': { means: means[0], todo: todo[0] },
  en: { means: means[1], todo: todo[1] },
})

const showPages = [
  '去掉 prompt=none 再发一次，让平台显示页面。',
  'Send the request again without prompt=none, so that the platform may show a page.',
] as const
const askAnew = ['从头再发一次请求。', 'Send a new request from the start.'] as const
const seeDescription = [
  '按下面的说明改正参数后再发一次。',
  'Correct the parameters as the description below says, and send it again.',
] as const

const other = explain(
  ['平台没有接受这个请求。', 'The platform did not accept this request.'],
  seeDescription,
)

/** RFC 6749, 4.1.2.1 and 5.2; RFC 6750, 3.1; OpenID Connect Core 1.0, 3.1.2.6; RFC 8707, 2. */
const explanations: Readonly<Record<string, Explanation>> = {
  access_denied: explain(
    [
      '用户取消了登录，或没有同意授权、用户协议。平台没有提供任何信息。',
      'The person cancelled, or did not agree to give the information or to the user agreement. Nothing was given.',
    ],
    [
      '这不是错误：您的系统应返回原页面，并让用户可以重新登录。',
      'This is no fault. Your system should return to where the person was, and let them sign in again.',
    ],
  ),
  login_required: explain(
    [
      '需要用户登录，但请求不允许显示页面（prompt=none）。',
      'The person has to sign in, but the request allows no page (prompt=none).',
    ],
    showPages,
  ),
  consent_required: explain(
    [
      '需要用户同意授权，但请求不允许显示页面（prompt=none）。',
      'The person has to agree to what is given, but the request allows no page (prompt=none).',
    ],
    showPages,
  ),
  interaction_required: explain(
    [
      '平台还要用户完成一步（例如再次验证身份、确认用户协议），但请求不允许显示页面（prompt=none）。',
      'The platform needs one more step from the person (such as another proof, or the user agreement), but the request allows no page (prompt=none).',
    ],
    showPages,
  ),
  account_selection_required: explain(
    [
      '需要用户选择账户，但请求不允许显示页面（prompt=none）。',
      'The person has to choose an account, but the request allows no page (prompt=none).',
    ],
    showPages,
  ),
  unmet_authentication_requirements: explain(
    [
      '请求要求的认证强度（acr）平台不支持，或用户没有达到。',
      'The platform does not support the requested strength (acr), or the person did not reach it.',
    ],
    [
      '从列表中选择认证强度，或不把它设为必需（essential）。',
      'Choose one from the list, or do not make it essential.',
    ],
  ),
  invalid_request: explain(
    [
      '请求缺少参数、参数重复或取值不对。',
      'A parameter is missing, stands twice, or has a wrong value.',
    ],
    seeDescription,
  ),
  invalid_scope: explain(
    [
      '申请了这个客户端无权使用、或平台没有的信息（scope）。',
      'It asks for a scope that this client may not use or that the platform does not have.',
    ],
    [
      '只选择客户端元数据 scope 中登记的项目，并且包含 openid。',
      'Ask for scopes in the client’s metadata only, openid among them.',
    ],
  ),
  unauthorized_client: explain(
    ['这个客户端不能使用这种流程。', 'This client may not use this flow.'],
    [
      '检查客户端元数据中的 grant_types 和 response_types。',
      'Look at grant_types and response_types in the client’s metadata.',
    ],
  ),
  unsupported_response_type: explain(
    ['平台不支持这种 response_type。', 'The platform does not support this response_type.'],
    ['使用 response_type=code。', 'Use response_type=code.'],
  ),
  request_not_supported: explain(
    ['平台不接受这里的请求对象。', 'The platform takes no request object here.'],
    [
      '把参数直接放在请求中，或先推送请求（PAR）。',
      'Put the parameters into the request itself, or push it first (PAR).',
    ],
  ),
  request_uri_not_supported: explain(
    ['平台不读取外部的 request_uri。', 'The platform reads no request_uri of another host.'],
    [
      '先推送请求（PAR），使用返回的 request_uri。',
      'Push the request first (PAR), and use the request_uri of the answer.',
    ],
  ),
  invalid_request_uri: explain(
    ['推送的请求已过期或已使用。', 'The pushed request has expired or was used.'],
    askAnew,
  ),
  invalid_request_object: explain(
    ['请求对象的签名或内容不正确。', 'The request object’s signature or content is not right.'],
    seeDescription,
  ),
  invalid_client: explain(
    [
      '客户端没有通过认证：编号、密钥或认证方式不对。',
      'The client was not authenticated: its id, its secret or the method is wrong.',
    ],
    [
      '核对 client_id、client_secret 和 token_endpoint_auth_method。',
      'Compare client_id, client_secret and token_endpoint_auth_method with the registration.',
    ],
  ),
  invalid_grant: explain(
    [
      '授权码或刷新令牌已过期、已使用、已撤销，或属于别的客户端。',
      'The code or refresh token has expired, was used or withdrawn, or belongs to another client.',
    ],
    ['让用户重新登录，换取新的令牌。', 'Have the person sign in again, to get new tokens.'],
  ),
  unsupported_grant_type: explain(
    ['平台不支持这种 grant_type。', 'The platform does not support this grant_type.'],
    ['使用 authorization_code 或 refresh_token。', 'Use authorization_code or refresh_token.'],
  ),
  invalid_target: explain(
    ['请求的资源服务器没有登记。', 'The requested resource server is not registered.'],
    ['检查客户端元数据中的 resources。', 'Look at resources in the client’s metadata.'],
  ),
  invalid_token: explain(
    [
      '访问令牌已过期、已撤销或不正确，例如用户已退出登录。',
      'The access token has expired, was withdrawn or is not right; perhaps the person has signed out.',
    ],
    [
      '用刷新令牌换新，或让用户重新登录。',
      'Use the refresh token, or have the person sign in again.',
    ],
  ),
  insufficient_scope: explain(
    ['访问令牌没有所需的 scope。', 'The access token lacks the scope that this needs.'],
    ['重新申请，选择所需的信息。', 'Ask again, with what is needed.'],
  ),
  server_error: explain(
    ['平台出了问题，与请求无关。', 'Something went wrong at the platform; it is not the request.'],
    [
      '稍后再试；仍不行，请把时间告诉平台的运维人员。',
      'Try again later. If it stays so, tell the platform’s operators the time.',
    ],
  ),
  temporarily_unavailable: explain(
    ['平台暂时无法办理。', 'The platform cannot do it just now.'],
    ['几分钟后再试。', 'Try again in a few minutes.'],
  ),
  unreachable: explain(
    [
      '没有连上平台，或它没有及时回答。',
      'The platform was not reached, or did not answer in time.',
    ],
    [
      '检查平台是否已启动、地址是否正确，然后再试。',
      'See whether it runs and the address is right, then try again.',
    ],
  ),
  unfit: explain(
    [
      '平台的回答没有通过安全检查（state、nonce、签名或有效期），结果没有采用。',
      'The answer did not pass a security check (state, nonce, signature or time), so it was not used.',
    ],
    askAnew,
  ),
}
