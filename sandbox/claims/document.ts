import { acr, amr, type Level } from '../../config/acr.ts'
import { scopeClaims } from '../../config/claims/scope-claims.ts'
import {
  partOf,
  type VerifiedClaimName,
  verifiedClaimNames,
  verifiedScopeClaims,
} from '../../config/claims/verified-claims.ts'
import { type MessageCode, messages } from '../../config/messages.ts'
import { optionalScopes } from '../../config/oidc.ts'
import type { Individual } from '../../src/people/account.ts'
import { claimsOf } from '../../src/sso/consent/claim-values.ts'
import { verifiedClaims } from '../../src/sso/consent/verified-claims/verified-answer.ts'
import {
  readVerifiedRequest,
  requestByScope,
} from '../../src/sso/consent/verified-claims/verified-request.ts'
import { foreigner, now, person, provedAtCounter, unit } from './sample.ts'

/** Generates docs/claims.md from the platform's own definitions (`npm run claims`). */
export function claimsDocument(): string {
  return `# Claims and scopes · 声明与权限范围

Generated from the code by \`npm run claims\`; do not edit. 本文由代码生成，请勿手工修改。

Request only what you need: the page 授权 shows the person every claim below that you request. A client gets only what its metadata contain.
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

\`offline_access\` gives a refresh token (\`grant_types\` with \`refresh_token\`, \`prompt=consent\`) and may be withheld too.
带来刷新令牌，本人可不提供。

Claims of a scope come from userinfo (OpenID Connect Core 1.0, 5.4), and are in the ID token where the \`claims\` parameter asks. That parameter may request each
claim that the scopes of the metadata allow; claims without \`essential\` can be withheld.
按 scope 申请的声明由 userinfo 返回；\`claims\` 参数可逐项申请并写入 ID Token，未标 \`essential\` 的，本人可不提供。

## Claims · 声明

${table(['claim', '含义', 'meaning', 'scope', 'example 示例'], plainRows())}

For an organisation (\`user_type\` \`organisation\`) \`name\` is its own name; no claim is about its handler. 单位用户的 \`name\` 是单位名称，不提供经办人的身份信息。

\`id_country\` (ISO 3166-1 alpha-3) is given for a 护照 whose issuing country is known; all other documents are issued in China. A person is the same where
\`id_type\`, \`id_country\` and \`id_number\` are. 只有护照提供 \`id_country\`；判断是否同一人须同时比较这三项。

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

\`acr_values\`, or \`acr\` in the \`claims\` parameter, raises a sign-in of a lower level: the person is asked for an SMS code or a bank proof. Each level includes the ones before it;
the answer names the level that you requested. A voluntary request that cannot be met is ignored; an \`essential\` one is answered with \`interaction_required\` (with \`prompt=none\`) or
\`unmet_authentication_requirements\` (an unknown value). A level lasts as long as the session, or until your \`max_age\` has passed.
未达到所要求级别时，平台会要求本人输入短信验证码或重新由银行核验；高级别包含低级别。

## Verified claims · 经银行核验的声明

[OpenID Connect for Identity Assurance 1.0](https://openid.net/specs/openid-connect-4-identity-assurance-1_0.html): a bank confirmed name, document, account and reserved
phone together. Request them by the scope \`verified_identity\` or by \`claims\` (an object or an array, with \`value\`, \`values\`, \`max_age\`, \`essential\` and \`purpose\`). They are in the ID token,
userinfo and introspection.
由银行一并核验姓名、证件、银行账号和预留手机号。可用 scope \`verified_identity\` 或 \`claims\` 参数申请。

${table(['claim', '含义', 'meaning', 'example 示例', 'scope', 'allowed with 随之允许'], verifiedRows())}

- The metadata field \`verified_claims\` lists the claims that a client may see. Without it a client sees what its scopes allow, and nothing without \`verified_identity\`. A client that may see a whole value may see its part.
- \`gender\`, \`birthdate\` and \`over_18\` are given where the document number contains them (居民身份证, 港澳台居民居住证, 外国人永久居留身份证 of 18 characters) and absent otherwise: a bank does
  not confirm them. 银行不核验性别和出生日期，只有证件号本身包含时才提供。
- The bank account is never given. Organisations have no verified claims. 从不提供银行账号；单位用户没有此类声明。
- A person whom the bank could not confirm can be verified at a counter, by two members of staff (人工核验): \`trust_framework\` \`cn_counter\`, \`assurance_level\` \`in_person\`, evidence of type \`document\` with \`check_method\` \`vpip\`. A client that accepts
  bank proofs only asks for \`"trust_framework": {"value": "cn_bank_card"}\`. 银行无法核验的人可由两名工作人员当面核验证件；只接受银行核验的系统请在请求中指定 \`cn_bank_card\`。
- A constraint in \`verification\` that is not met leaves out the whole element; a constraint of a claim leaves out that claim. Only a malformed request is an error.
- \`txn\`, \`verification_process\` and \`check_id\` identify the proof for your client only; another client gets another value.

Request, in the \`claims\` parameter · 请求:

${json({ userinfo: { verified_claims: request } })}

Answer · 应答:

${json({ sub: person.id, verified_claims: answered(request) })}

Answer to the scopes \`openid verified_identity\` · 按 scope:

${json({ sub: person.id, verified_claims: byScope(person) })}

The same for a person who was verified at a counter · 经人工核验的人:

${json({ sub: provedAtCounter.id, verified_claims: byScope(provedAtCounter) })}
`
}

const levelWords: Readonly<Record<Level, readonly [string, string]>> = {
  password: ['密码', 'password'],
  sms: ['密码和短信验证码', 'password, and an SMS code to the registered phone'],
  bank: [
    '以上，并在本次登录中由银行重新核验',
    'both, and a bank proof in this sign-in: `verified_claims` are new',
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

const byScope = (of: Individual) =>
  verifiedClaims(of, requestByScope(verifiedScopeClaims.verified_identity), everything, now)

function plainRows(): readonly string[][] {
  const known = new Set(Object.values(scopeClaims).flat())
  known.delete('verified_claims')
  const examples = {
    ...claimsOf(unit),
    ...claimsOf(foreigner),
    ...claimsOf(person),
  } as Readonly<Record<string, unknown>>
  return [...known].map((name) => [
    code(name),
    ...words(`consent.${name}`),
    scopesWith(name, scopeClaims).map(code).join(' '),
    code(JSON.stringify(examples[name])),
  ])
}

function verifiedRows(): readonly string[][] {
  const examples = { ...everyVerifiedClaim(foreigner), ...everyVerifiedClaim(person) }
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

function everyVerifiedClaim(of: Individual): Readonly<Record<string, unknown>> {
  const all = verifiedClaims(of, requestByScope(verifiedClaimNames), everything, now)
  return all && 'claims' in all ? all.claims : {}
}

const scopesWith = (name: string, scopes: Readonly<Record<string, readonly string[]>>) =>
  Object.keys(scopes).filter((scope) => scopes[scope]?.includes(name))

const isOptional = (scope: string) => optionalScopes.some((optional) => optional === scope)

const words = (of: MessageCode): string[] => [messages[of]['zh-CN'], messages[of].en]
const code = (text: string) => `\`${text}\``
const json = (value: unknown) => `\`\`\`json\n${JSON.stringify(value, null, 2)}\n\`\`\``

const table = (head: readonly string[], rows: readonly (readonly string[])[]) =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n')
