import { acr, amr, type Level } from '../../config/acr.ts'
import { type MessageCode, messages } from '../../config/messages.ts'
import { optionalScopes, scopeClaims } from '../../config/oidc.ts'
import {
  partOf,
  type VerifiedClaimName,
  verifiedClaimNames,
  verifiedScopeClaims,
} from '../../config/verified-claims.ts'
import { claimsOf } from '../../src/sso/consent/claims.ts'
import { verifiedClaims } from '../../src/sso/consent/verified-claims/answer.ts'
import {
  readVerifiedRequest,
  requestByScope,
} from '../../src/sso/consent/verified-claims/request.ts'
import { now, person, unit } from './sample.ts'

/** docs/claims.md, made from what the platform itself goes by (`npm run claims`). */
export function claimsDocument(): string {
  return `# Claims and scopes · 声明与权限范围

Made by \`npm run claims\` from the code; do not edit. 本文由代码生成，请勿手工修改。

Ask for what you need and no more: people see every line below on the page 授权. A system gets only what its metadata names.
只申请需要的信息：以下每一项都会在“授权”页面逐项显示给本人，且不超出系统登记的范围。

## Scopes · 权限范围

${table(
  ['scope', 'claims', '本人可不提供 may be withheld'],
  Object.entries(scopeClaims).map(([scope, claims]) => [
    code(scope),
    claims.map(code).join(' '),
    isOptional(scope) ? '✓' : '',
  ]),
)}

\`offline_access\` brings a refresh token (\`grant_types\` with \`refresh_token\`, \`prompt=consent\`) and may be withheld as well.
带来刷新令牌，本人可不提供。

Claims of a scope come from userinfo (OpenID Connect Core 1.0, 5.4), and in the ID token where the \`claims\` parameter asks. It may ask for any claim
that the scopes of the metadata allow, one by one; those not marked \`essential\` can be withheld.
按 scope 申请的声明由 userinfo 返回；\`claims\` 参数可逐项申请并写入 ID Token，未标 \`essential\` 的，本人可不提供。

## Claims · 声明

${table(['claim', '含义', 'meaning', 'scope', 'example 示例'], plainRows())}

A unit (\`user_type\` \`organisation\`) has \`name\` = its own name, and no claim of its handler. 单位用户的 \`name\` 是单位名称，不提供经办人的身份信息。

## About the sign-in · 登录本身

Every ID token has \`acr\`, \`amr\` (RFC 8176, and \`bank_card\`) and \`auth_time\`. 每个 ID Token 都有这三项。

${table(
  ['acr', 'amr', '含义', 'meaning'],
  (Object.keys(acr) as Level[]).map((level) => [
    code(acr[level]),
    amr[level].map(code).join(' '),
    ...levelWords[level],
  ]),
)}

\`acr_values\`, or \`acr\` in the \`claims\` parameter, lifts a sign-in that has not reached it: the person is asked for an SMS code or a bank proof. Each level holds
those before it; the answer names the one that you asked for. A wish that can't be met is passed over; a demand (\`essential\`) is answered with
\`interaction_required\` (with \`prompt=none\`) or \`unmet_authentication_requirements\` (an unknown value). What was reached lasts as long as the sign-in, or until
your \`max_age\` has passed.
未达到所要求级别时，平台会要求本人输入短信验证码或重新由银行核验；高级别包含低级别。

## Verified claims · 经银行核验的声明

[OpenID Connect for Identity Assurance 1.0](https://openid.net/specs/openid-connect-4-identity-assurance-1_0.html): a bank confirmed name, document, account and reserved
phone together. By the scope \`verified_identity\`, or by \`claims\` (object or array; \`value\`, \`values\`, \`max_age\`, \`essential\` and \`purpose\` act); in ID token, userinfo and introspection.
由银行一并核验姓名、证件、银行账号和预留手机号。可用 scope \`verified_identity\` 或 \`claims\` 参数申请。

${table(['claim', '含义', 'meaning', 'example 示例', 'scope', 'allowed with 随之允许'], verifiedRows())}

- Metadata \`verified_claims\`: the names that a system may see. Without it: what its scopes allow, and none without \`verified_identity\`; who may see the whole may see its part.
- \`gender\`, \`birthdate\` and \`over_18\` are verified where the document number contains them (居民身份证, 港澳台居民居住证, 外国人永久居留身份证 of 18 characters) and absent otherwise: a bank never
  confirms them. 银行不核验性别和出生日期，只有证件号本身包含时才提供。
- Never the account. Units have no verified claims. 从不提供银行账号；单位用户没有此类声明。
- A constraint in \`verification\` that is not met leaves the whole element out, one of a claim that claim. Nothing is an error but a malformed request.
- \`txn\`, \`verification_process\` and \`check_id\` name the proof as your system knows it; another system gets another name.

Asked, in the \`claims\` parameter · 请求:

${json({ userinfo: { verified_claims: request } })}

Answered · 应答:

${json({ sub: person.id, verified_claims: answered(request) })}

By the scopes \`openid verified_identity\` · 按 scope:

${json({ sub: person.id, verified_claims: byScope() })}
`
}

const levelWords: Readonly<Record<Level, readonly [string, string]>> = {
  password: ['密码', 'password'],
  sms: ['密码和短信验证码', 'password, and a code by SMS to the registered phone'],
  bank: [
    '以上，并在本次登录中由银行重新核验',
    'those, and a bank proof in this sign-in: `verified_claims` are fresh',
  ],
}

const request = {
  verification: {
    trust_framework: { value: 'cn_bank_card' },
    time: { max_age: 365 * 24 * 3600 },
    evidence: [
      { type: { value: 'electronic_record' }, record: { type: null, source: { name: null } } },
    ],
  },
  claims: { name_masked: null, over_18: { purpose: '只向成年人售票' } },
}

const everything = { clientId: 'my-system', names: verifiedClaimNames }

function answered(asked: object) {
  const read = readVerifiedRequest(asked)
  return read && verifiedClaims(person, read, everything, now)
}

const byScope = () =>
  verifiedClaims(person, requestByScope(verifiedScopeClaims.verified_identity), everything, now)

function plainRows(): readonly string[][] {
  const known = new Set(Object.values(scopeClaims).flat())
  known.delete('verified_claims')
  const examples = { ...claimsOf(unit), ...claimsOf(person) } as Readonly<Record<string, unknown>>
  return [...known].map((name) => [
    code(name),
    ...words(`consent.${name}`),
    scopesWith(name, scopeClaims).map(code).join(' '),
    code(JSON.stringify(examples[name])),
  ])
}

function verifiedRows(): readonly string[][] {
  const all = verifiedClaims(person, requestByScope(verifiedClaimNames), everything, now)
  const examples = all && 'claims' in all ? all.claims : {}
  const wholeOf = (name: VerifiedClaimName) =>
    verifiedClaimNames.filter((whole) => partOf[whole] === name)
  return verifiedClaimNames.map((name) => [
    code(name),
    ...words(`consent.verified_claims.${name}`),
    code(JSON.stringify(examples[name])),
    scopesWith(name, verifiedScopeClaims).map(code).join(' '),
    wholeOf(name).map(code).join(' '),
  ])
}

const scopesWith = (name: string, scopes: Readonly<Record<string, readonly string[]>>) =>
  Object.keys(scopes).filter((scope) => scopes[scope]?.includes(name))

const isOptional = (scope: string) => optionalScopes.some((optional) => optional === scope)

const words = (of: MessageCode): string[] => [messages[of]['zh-CN'], messages[of].en]
const code = (text: string) => `\`${text}\``
const json = (value: unknown) => `\`\`\`json\n${JSON.stringify(value, null, 2)}\n\`\`\``

const table = (head: readonly string[], rows: readonly (readonly string[])[]) =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n')
