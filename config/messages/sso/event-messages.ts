/** The reasons that events for clients name for the logs of their receivers (CAEP 1.0, 2). */
export const eventMessages = {
  'events.sessionRevoked': {
    'zh-CN': '用户在统一用户平台的登录已结束',
    en: 'The session at the platform has ended',
  },
  'events.credentialChange': {
    'zh-CN': '用户在统一用户平台更换了登录凭据',
    en: 'The person has changed a credential at the platform',
  },
  'events.assuranceLevelChange': {
    'zh-CN': '用户在统一用户平台重新核验了身份',
    en: 'The identity of the person was verified again',
  },
} as const
