import { chineseOnly } from './chinese-only.ts'

/** The metadata of a client, each with its name in RFC 7591, OpenID Connect Registration or our own. */
export const clientFieldMessages = chineseOnly({
  'clientGroup.about': '名称和网址',
  'clientGroup.addresses': '回调和退出',
  'clientGroup.powers': '权限',
  'clientGroup.authentication': '认证方式和公钥',
  'clientGroup.protocol': '登录请求的要求',
  'clientGroup.certificates': '证书和令牌绑定',
  'clientGroup.signatures': '签名和加密算法',
  'clientField.client_id': '编号（client_id）',
  'clientField.client_name': '名称（client_name）',
  'clientField.client_name.hint': '用户在登录和授权页面看到',
  'clientField.client_uri': '首页网址（client_uri）',
  'clientField.initiate_login_uri': '发起登录的网址（initiate_login_uri）',
  'clientField.logo_uri': '标志网址（logo_uri）',
  'clientField.policy_uri': '隐私政策网址（policy_uri）',
  'clientField.tos_uri': '服务条款网址（tos_uri）',
  'clientField.contacts': '管理人员邮箱（contacts）',
  'clientField.contacts.hint': '每行一个',
  'clientField.redirect_uris': '回调地址（redirect_uris）',
  'clientField.redirect_uris.hint': '每行一个，须与请求中的完全相同',
  'clientField.post_logout_redirect_uris': '退出后返回地址（post_logout_redirect_uris）',
  'clientField.post_logout_redirect_uris.hint': '每行一个',
  'clientField.backchannel_logout_uri': '退出通知地址（backchannel_logout_uri）',
  'clientField.backchannel_logout_session_required':
    '退出通知须含会话编号（backchannel_logout_session_required）',
  'clientField.scope': '权限（scope）',
  'clientField.scope.hint':
    '以空格分隔：openid 登录（必填），profile 姓名等，phone 手机号码，identity 证件号，organisation 单位，verified_identity 已核验的身份，offline_access 刷新令牌',
  'clientField.first_party': '主管单位自己的系统，不需要用户授权（first_party）',
  'clientField.verified_claims': '可取得的已核验信息（verified_claims）',
  'clientField.resources': '可申请令牌的资源服务器（resources）',
  'clientField.resources.hint': '每行一个网址',
  'clientField.token_endpoint_auth_method': '认证方式（token_endpoint_auth_method）',
  'clientField.jwks': '公钥集（jwks）',
  'clientField.jwks.hint': 'JSON 格式；只能是公钥',
  'clientField.jwks_uri': '公钥集网址（jwks_uri）',
  'clientField.application_type': '类型（application_type）',
  'clientField.grant_types': '授权类型（grant_types）',
  'clientField.response_types': '响应类型（response_types）',
  'clientField.response_modes': '响应方式（response_modes）',
  'clientField.require_pkce': '须用 PKCE（require_pkce）',
  'clientField.require_nonce': '须有 nonce（require_nonce）',
  'clientField.require_pushed_authorization_requests':
    '须先推送请求（require_pushed_authorization_requests）',
  'clientField.require_auth_time': 'ID 令牌须含登录时间（require_auth_time）',
  'clientField.default_max_age': '登录最长有效秒数（default_max_age）',
  'clientField.default_acr_values': '默认核验级别（default_acr_values）',
  'clientField.subject_type': '用户标识的类型（subject_type）',
  'clientField.sector_identifier_uri': '同组系统网址（sector_identifier_uri）',
  'clientField.profile': '安全规范（profile）',
  'clientField.tls_client_auth_subject_dn': '证书主体（tls_client_auth_subject_dn）',
  'clientField.tls_client_auth_san_dns': '证书域名（tls_client_auth_san_dns）',
  'clientField.tls_client_auth_san_uri': '证书网址（tls_client_auth_san_uri）',
  'clientField.tls_client_auth_san_ip': '证书网络地址（tls_client_auth_san_ip）',
  'clientField.tls_client_auth_san_email': '证书邮箱（tls_client_auth_san_email）',
  'clientField.tls_client_certificate_bound_access_tokens':
    '令牌绑定证书（tls_client_certificate_bound_access_tokens）',
  'clientField.use_mtls_endpoint_aliases': '使用双向 TLS 的地址（use_mtls_endpoint_aliases）',
  'clientField.dpop_bound_access_tokens': '令牌绑定 DPoP（dpop_bound_access_tokens）',
  'clientField.require_signed_request_object': '请求须签名（require_signed_request_object）',
  'clientField.request_object_signing_alg': '请求的签名算法（request_object_signing_alg）',
  'clientField.token_endpoint_auth_signing_alg':
    '认证的签名算法（token_endpoint_auth_signing_alg）',
  'clientField.id_token_signed_response_alg': 'ID 令牌的签名算法（id_token_signed_response_alg）',
  'clientField.userinfo_signed_response_alg': '用户信息的签名算法（userinfo_signed_response_alg）',
  'clientField.introspection_signed_response_alg':
    '令牌查询的签名算法（introspection_signed_response_alg）',
  'clientField.authorization_signed_response_alg':
    '登录响应的签名算法（authorization_signed_response_alg）',
  'clientField.id_token_encrypted_response_alg':
    'ID 令牌的密钥加密算法（id_token_encrypted_response_alg）',
  'clientField.id_token_encrypted_response_enc':
    'ID 令牌的内容加密算法（id_token_encrypted_response_enc）',
  'clientField.userinfo_encrypted_response_alg':
    '用户信息的密钥加密算法（userinfo_encrypted_response_alg）',
  'clientField.userinfo_encrypted_response_enc':
    '用户信息的内容加密算法（userinfo_encrypted_response_enc）',
  'clientField.introspection_encrypted_response_alg':
    '令牌查询的密钥加密算法（introspection_encrypted_response_alg）',
  'clientField.introspection_encrypted_response_enc':
    '令牌查询的内容加密算法（introspection_encrypted_response_enc）',
  'clientField.authorization_encrypted_response_alg':
    '登录响应的密钥加密算法（authorization_encrypted_response_alg）',
  'clientField.authorization_encrypted_response_enc':
    '登录响应的内容加密算法（authorization_encrypted_response_enc）',
  'clientField.request_object_encryption_alg':
    '请求的密钥加密算法（request_object_encryption_alg）',
  'clientField.request_object_encryption_enc':
    '请求的内容加密算法（request_object_encryption_enc）',
  'clientField.software_id': '软件编号（software_id）',
  'clientField.software_version': '软件版本（software_version）',
})
