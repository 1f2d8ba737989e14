/**
 * The problems of a client's metadata: in Chinese in the console, in English in commands, clients files, registration and
 * the API. Each stands after the name of its field.
 */
export const clientMetadataMessages = {
  'metadata.missing': { 'zh-CN': '请填写', en: 'is missing' },
  'metadata.unknown': { 'zh-CN': '没有这个元数据', en: 'no such metadata' },
  'metadata.empty': { 'zh-CN': '不能为空', en: 'must not be empty' },
  'metadata.tooLong': {
    'zh-CN': '请在 {most} 个字符以内',
    en: 'must have at most {most} characters',
  },
  'metadata.text': { 'zh-CN': '须为文字', en: 'must be text' },
  'metadata.ascii': {
    'zh-CN': '只能使用可见的 ASCII 字符',
    en: 'must be visible ASCII characters',
  },
  'metadata.trueOrFalse': { 'zh-CN': '须为 true 或 false', en: 'must be true or false' },
  'metadata.webAddress': {
    'zh-CN': '须为 http 或 https 网址',
    en: 'must be an http(s) address',
  },
  'metadata.httpsAddress': { 'zh-CN': '须为 https 网址', en: 'must be an https address' },
  'metadata.address': { 'zh-CN': '须为完整的网址', en: 'must be an address' },
  'metadata.fragment': { 'zh-CN': '网址不能带 # 及其后内容', en: 'must have no fragment' },
  'metadata.email': { 'zh-CN': '须为电子邮箱', en: 'must be an e-mail address' },
  'metadata.oneOf': { 'zh-CN': '须为以下之一：{values}', en: 'must be one of {values}' },
  'metadata.list': { 'zh-CN': '须为列表', en: 'must be a list' },
  'metadata.scopes': {
    'zh-CN': '须为以空格分隔的权限名',
    en: 'must be scopes with a space between',
  },
  'metadata.scopesOf': { 'zh-CN': '只能使用：{values}', en: 'must be of {values}' },
  'metadata.someMode': { 'zh-CN': '至少要有一种', en: 'must hold one mode or more' },
  'metadata.someGrant': { 'zh-CN': '至少要有一种', en: 'must hold one grant type or more' },
  'metadata.seconds': { 'zh-CN': '须为秒数', en: 'must be seconds' },
  'metadata.keySet': {
    'zh-CN': '须为 JSON 公钥集，格式为 {"keys": [{"kty": …}]}',
    en: 'must be a JSON Web Key Set with one key or more',
  },
  'metadata.other': { 'zh-CN': '不符合要求：{text}', en: '{text}' },
  'metadata.provider': { 'zh-CN': '登录协议不接受：{text}', en: '{text}' },

  'metadata.secretNeeded': { 'zh-CN': '{method} 需要密钥', en: 'is missing ({method} needs it)' },
  'metadata.secretWeak': {
    'zh-CN': '须为至少 {length} 个随机字符（openssl rand -base64 32）',
    en: 'must be {length} characters or more, drawn by chance (openssl rand -base64 32)',
  },
  'metadata.eitherKeys': {
    'zh-CN': '使用 {method} 时，jwks 和 jwks_uri 须填写且只填一个',
    en: 'needs either jwks or jwks_uri ({method})',
  },
  'metadata.keysForRequests': {
    'zh-CN': '请求须签名时，请填写 jwks 或 jwks_uri',
    en: 'needs jwks or jwks_uri (signed request objects)',
  },
  'metadata.publicPkce': {
    'zh-CN': '没有密钥的公开客户端必须使用 PKCE',
    en: 'a public client can not do without PKCE',
  },
  'metadata.nonceAlone': {
    'zh-CN': '只有 require_pkce 为 false 时才起作用',
    en: 'only acts beside require_pkce: false',
  },
  'metadata.refreshGrant': {
    'zh-CN': '须含 refresh_token（权限 offline_access 需要）',
    en: 'must hold refresh_token (offline_access needs it)',
  },
  'metadata.someAddress': { 'zh-CN': '请至少填写一个网址', en: 'must hold one address or more' },
  'metadata.noAddress': {
    'zh-CN': '须为空（没有 authorization_code，不会有人由此跳转）',
    en: 'must hold none (without authorization_code nobody is sent here by it)',
  },
  'metadata.openid': { 'zh-CN': '须含 openid', en: 'must hold openid' },
  'metadata.provableClient': {
    'zh-CN': 'client_credentials 只能给能证明自己身份的系统（认证方式不能是 none）',
    en: 'client_credentials are for a client that can prove who it is',
  },
  'metadata.streamGrant': {
    'zh-CN': '使用 {scope} 时须包含 client_credentials',
    en: 'must hold client_credentials ({scope} needs it)',
  },
  'metadata.terminalGrant': {
    'zh-CN': '只能是 client_credentials（权限 {scope} 的要求）',
    en: 'must be client_credentials alone ({scope} needs it)',
  },
  'metadata.terminalMethod': {
    'zh-CN': '须为 private_key_jwt（权限 {scope} 的要求）',
    en: 'must be private_key_jwt ({scope} needs it)',
  },
  'metadata.adminMethod': {
    'zh-CN': '须为 private_key_jwt 或证书（权限 {scope} 的要求）',
    en: 'must be private_key_jwt or a certificate ({scope} needs it)',
  },
  'metadata.terminalKeys': {
    'zh-CN': '须填写（权限 {scope} 的要求）',
    en: 'must stand here ({scope} needs it)',
  },
  'metadata.oneSubject': {
    'zh-CN': '以下须填写且只填一个：{values}',
    en: 'needs one of {values}',
  },
  'metadata.oneBinding': {
    'zh-CN': '不能与 dpop_bound_access_tokens 同时使用',
    en: 'can not act beside dpop_bound_access_tokens',
  },
  'metadata.contentEncryption': {
    'zh-CN': '填写了 {alg}，此项须为以下之一：{values}',
    en: 'is missing ({alg} needs it), must be one of {values}',
  },
  'metadata.neededBy': {
    'zh-CN': '填写了 {other}，请填写此项',
    en: 'is missing ({other} needs it)',
  },
  'metadata.noKeyFor': {
    'zh-CN': '没有 {alg} 可用来加密的公钥（或改用 jwks_uri）',
    en: 'has no key that {alg} can encrypt to (or use jwks_uri)',
  },
  'metadata.fapi2Encrypted': {
    'zh-CN': '请填写（fapi2 且可取得证件号时须加密）',
    en: 'is missing (fapi2 with ID numbers needs it)',
  },
  'metadata.fapi2OneOf': {
    'zh-CN': '须为以下之一：{values}（fapi2 的要求）',
    en: 'must be one of {values} (fapi2)',
  },
  'metadata.fapi2Https': {
    'zh-CN': '须为 https 网址（fapi2 的要求）',
    en: 'must be https addresses (fapi2)',
  },
  'metadata.fapi2ShortKey': {
    'zh-CN': 'RSA 公钥须至少 2048 位（fapi2 的要求）',
    en: 'RSA keys must have 2048 bits or more (fapi2)',
  },
  'metadata.fapi2Off': {
    'zh-CN': '不能为 false（fapi2 的要求）',
    en: 'must not be false (fapi2)',
  },
  'metadata.sector': {
    'zh-CN': '请填写（redirect_uris 在多个主机上）',
    en: 'is missing (redirect_uris lie on several hosts)',
  },
  'metadata.registeredScopes': {
    'zh-CN': '只能使用：{values}（自行注册的系统没有其他权限）',
    en: 'must be of {values} (who registers itself gets no others)',
  },
  'metadata.operatorOnly': { 'zh-CN': '须由主管单位决定', en: 'is for the operator to say' },
  'metadata.hiddenCharacters': {
    'zh-CN': '不能含不可见或改变文字方向的字符',
    en: 'must hold no invisible or bidirectional characters',
  },
  'metadata.registeredGrant': {
    'zh-CN': '不能含 client_credentials（自行注册的系统只能代表个人）',
    en: 'must not hold client_credentials (who registers itself acts for people alone)',
  },
  'metadata.https': { 'zh-CN': '须为 https', en: 'must be https' },
  'metadata.ownId': {
    'zh-CN': '是平台自己的编号',
    en: 'is what the platform calls itself',
  },
} as const
