import { say } from '../../../config/messages.ts'
import type { Invitation, Role } from '../../people/operator.ts'
import type { Invitations } from '../../ports/operators/invitations.ts'
import type { Operators } from '../../ports/operators/operators.ts'
import type { ReviewMatter, ReviewMatters } from './review-matters.ts'

export type OperatorMattersPorts = {
  readonly invitations: Invitations
  readonly operators: Operators
  /** ADMIN_ORIGIN. */
  readonly adminOrigin: string
}

/** 邀请, 停用 and 重置 of operators, after another security operator has agreed. */
export function operatorMatters({
  invitations,
  operators,
  adminOrigin,
}: OperatorMattersPorts): ReviewMatters {
  const invited: ReviewMatter = {
    describe(payload) {
      const { name, role } = payload as { readonly name: string; readonly role: Role }
      return [
        { label: 'operators.name', value: name },
        { label: 'operators.role', value: say('zh-CN', `role.${role}`) },
      ]
    },
    async execute({ asker, payload }) {
      const { name, role } = payload as { readonly name: string; readonly role: Role }
      return issue({ name, role, sponsors: await sponsorsOf(asker) })
    },
  }

  const reset: ReviewMatter = {
    describe: describeOperator,
    async execute({ asker, payload }) {
      const { id, username, name, role } = await operatorOf(payload)
      const resets = (await operators.removeCredentials(id)) ?? 0
      const sponsors = (await sponsorsOf(asker)).filter((sponsor) => sponsor !== id)
      const shown = await issue({ name, role, sponsors, operator: { id, username, resets } })
      return { ...shown, deed: { what: 'operator-reset', target: id } }
    },
  }

  const disabled: ReviewMatter = {
    describe: describeOperator,
    async execute({ payload }) {
      const { id } = await operatorOf(payload)
      await operators.disable(id)
      return { deed: { what: 'operator-disabled', target: id } }
    },
  }

  return { 'operator-invite': invited, 'operator-reset': reset, 'operator-disable': disabled }

  /** The asker gets the link and the decider the activation code: the invited person needs both. */
  async function issue(invitation: Invitation) {
    const { token, activationCode = '' } = await invitations.issue(invitation, {
      withActivationCode: true,
    })
    const deed = { what: 'operator-invited', target: invitation.role } as const
    return { toAsker: `${adminOrigin}/invitation/${token}`, toDecider: activationCode, deed }
  }

  async function sponsorsOf(asker: string): Promise<readonly string[]> {
    const { sponsors = [] } = (await operators.findById(asker)) ?? {}
    return [asker, ...sponsors]
  }

  async function operatorOf(payload: unknown) {
    const found = await operators.findById(idOf(payload))
    if (!found) throw new Error('the operator of a review is gone')
    return found
  }

  async function describeOperator(payload: unknown) {
    const found = await operators.findById(idOf(payload))
    const value = found ? `${found.name}（${found.username}）` : idOf(payload)
    return [{ label: 'operators.operator' as const, value }]
  }
}

const idOf = (payload: unknown): string => String((payload as { readonly id?: unknown }).id ?? '')
