import { say } from '../../../config/messages.ts'
import type { ManagedKeys } from '../../ports/operators/managed-keys.ts'
import type { ReviewMatters } from './review-matters.ts'

/** 撤销 of a key, after a security operator has agreed. */
export const keyMatter = ({
  managedKeys,
}: {
  readonly managedKeys: Pick<ManagedKeys, 'withdraw'>
}): ReviewMatters => ({
  'key-withdraw': {
    describe(payload) {
      const { alg, kid } = payload as { readonly alg: string; readonly kid: string }
      return [
        { label: 'keys.alg', value: alg },
        { label: 'keys.kid', value: kid },
      ]
    },
    async execute({ payload }) {
      const { kid } = payload as { readonly kid: string }
      const outcome = await managedKeys.withdraw(kid)
      if (outcome !== 'in-use') return { deed: { what: 'key-withdrawn', target: kid } }
      // A key that waited when it was asked for may be in use by now.
      const said = say('zh-CN', 'keys.inUse')
      return { toAsker: said, toDecider: said }
    },
  },
})
