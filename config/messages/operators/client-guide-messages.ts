import { chineseOnly } from './chinese-only.ts'

/** 接入说明. */
export const clientGuideMessages = chineseOnly({
  'clientGuide.title': '接入说明',
  'clientGuide.lead': '交给“{name}”的开发人员。本页没有密钥，可以复制和发送。',
  'clientGuide.values': '该系统的参数',
  'clientGuide.secret': '新增或更换密钥时显示过一次，本页不能显示',
  'clientGuide.issuer': '平台地址（issuer）',
  'clientGuide.discovery': '发现文档（discovery）',
  'clientGuide.endpoints': '各接口地址',
  'clientGuide.endpointsWhat': '开发库一般只要发现文档，自己读取以下地址。',
  'clientGuide.authorization_endpoint': '登录（authorization_endpoint）',
  'clientGuide.token_endpoint': '换取令牌（token_endpoint）',
  'clientGuide.userinfo_endpoint': '用户信息（userinfo_endpoint）',
  'clientGuide.jwks_uri': '平台公钥（jwks_uri）',
  'clientGuide.end_session_endpoint': '退出登录（end_session_endpoint）',
  'clientGuide.pushed_authorization_request_endpoint':
    '推送登录请求（pushed_authorization_request_endpoint）',
  'clientGuide.introspection_endpoint': '查询令牌（introspection_endpoint）',
  'clientGuide.revocation_endpoint': '撤销令牌（revocation_endpoint）',
  'clientGuide.device_authorization_endpoint': '设备登录（device_authorization_endpoint）',
  'clientGuide.examples': '示例代码',
  'clientGuide.examplesWhat':
    '每个示例是一个完整的系统，已填好该系统的参数。密钥从环境变量 CLIENT_SECRET 读取，不要写在代码里；端口从 PORT 读取，默认 8080。',
  'clientGuide.example': '{name}：{file}',
  'clientGuide.callback': '该示例的回调地址以 {path} 结尾，请登记这样的 redirect_uris。',
  'clientGuide.link': '接入说明',
})
