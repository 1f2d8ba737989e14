const vocabulary = [
  'config',
  'config/characters',
  'config/claims',
  'config/environment',
  'config/limits',
  'src/people/*',
  'src/ports/*',
]
const pages = [...vocabulary, 'src/web', 'src/web/http', 'src/web/page']
const flows = [...pages, 'src/proofs', 'src/notices', 'src/web/flow', 'src/web/steps']
const adapters = [...vocabulary, 'src/adapters/crypto']
const mongo = [
  'src/adapters/mongo',
  'src/adapters/mongo/data-keys',
  'src/adapters/mongo/migrations',
  'src/adapters/mongo/reservations',
]
const vendors = [...vocabulary, 'src/adapters/vendors']

/**
 * The folders from which the files of a folder may import, beside their own; `/*` covers the folder and everything below it.
 * The direction is config ← people ← ports ← proofs, notices ← web ← capabilities ← compose ← app, cli. Capabilities
 * never import each other: they meet by URL. Only compose and cli know adapters.
 */
export const mayImport: Readonly<Record<string, readonly string[]>> = {
  config: ['config/claims', 'config/environment', 'config/limits', 'config/messages/*'],
  'config/characters': [],
  'config/claims': ['config'],
  'config/environment': ['config'],
  'config/limits': [],
  'config/messages': ['config'],
  'config/messages/account': ['config'],
  'config/messages/operators': ['config'],
  'config/messages/sso': ['config'],

  'src/people': ['config', 'config/claims', 'src/people/fields'],
  'src/people/fields': ['config', 'config/characters', 'src/people'],
  'src/ports': ['config', 'src/people/*', 'src/ports/services'],
  'src/ports/operators': ['config', 'src/people', 'src/ports/services'],
  'src/ports/services': ['config', 'src/people'],
  'src/ports/sso': ['config', 'src/people'],
  'src/proofs': vocabulary,
  'src/notices': vocabulary,

  'src/web': vocabulary,
  'src/web/health': vocabulary,
  'src/web/http': pages,
  'src/web/page': [...pages, 'src/proofs'],
  'src/web/flow': [...pages, 'src/proofs'],
  'src/web/steps': flows,

  'src/account': flows,
  'src/audit': vocabulary,
  'src/home': pages,
  'src/operators': [...pages, 'src/operators/*'],
  'src/operators/access': pages,
  'src/operators/accounts': [...flows, 'src/operators/access'],
  'src/operators/audit-log': [...flows, 'src/audit', 'src/operators/*'],
  'src/operators/cases': [...flows, 'src/operators/access'],
  'src/operators/enrolment': [...flows, 'src/operators/*'],
  'src/operators/factors': vocabulary,
  'src/operators/pages': [...flows, 'src/operators/*'],
  'src/operators/reviews': [...flows, 'src/operators/*'],
  'src/operators/sign-in': [...flows, 'src/operators/*'],
  'src/organisations': flows,
  'src/password-recovery': flows,
  'src/phone-change': flows,
  'src/registration': flows,
  'src/terminals': flows,
  'src/username-recovery': flows,

  'src/sso/clients': [...flows, 'src/sso/*'],
  'src/sso/clients/metadata': ['config', 'config/characters', 'config/claims'],
  'src/sso/consent': [...flows, 'src/sso/*'],
  'src/sso/consent/verified-claims': [...vocabulary, 'src/sso/consent'],
  'src/sso/devices': [...flows, 'src/sso/*'],
  'src/sso/keys': vocabulary,
  'src/sso/login': [...flows, 'src/sso/*'],
  'src/sso/provider': [...flows, 'src/sso/*'],
  'src/sso/provider/bounds': [...flows, 'src/sso/*'],
  'src/sso/provider/features': [...vocabulary, 'src/sso/*'],
  'src/sso/provider/patches': [...pages, 'src/sso/provider'],
  'src/sso/sessions': [...flows, 'src/sso/*'],
  'src/sso/step-up': [...flows, 'src/sso/*'],

  'src/adapters': vocabulary,
  'src/adapters/audit': [...adapters, 'src/adapters/mongo'],
  'src/adapters/captcha': [...adapters, 'src/adapters/redis'],
  'src/adapters/counters': [...vocabulary, 'src/adapters/mongo'],
  'src/adapters/crypto': vocabulary,
  'src/adapters/mongo': [...adapters, 'src/adapters/mongo/reservations'],
  'src/adapters/mongo/data-keys': [...adapters, 'src/adapters/audit', ...mongo],
  'src/adapters/mongo/migrations': [...adapters, ...mongo],
  'src/adapters/mongo/reservations': [...adapters, ...mongo],
  'src/adapters/redis': [...adapters, 'src/adapters/mongo', 'src/adapters/redis/connection'],
  'src/adapters/operators': [
    ...adapters,
    'src/adapters/mongo',
    'src/adapters/redis',
    'src/adapters/redis/connection',
  ],
  'src/adapters/redis/connection': ['config/environment'],
  'src/adapters/syslog': vocabulary,
  'src/adapters/tasks': [...adapters, 'src/adapters/mongo'],
  'src/adapters/vendors': vocabulary,
  'src/adapters/vendors/aliyun': vendors,
  'src/adapters/vendors/http': vendors,
  'src/adapters/vendors/tencent': vendors,

  'src/compose': ['config', 'config/environment', 'src/*'],
  'src/compose/settings': ['config', 'config/environment', 'src/sso/clients'],
  'src/cli': [
    ...adapters,
    'src/audit',
    'src/adapters/*',
    'src/compose/*',
    'src/sso/*',
    'src/web/page',
    'src/cli/*',
  ],
  'src/cli/restore': [...adapters, 'src/adapters/*', 'src/cli'],
  src: ['config', 'config/environment', 'src/*'],
}
