import { say } from '../../../config/messages.ts'
import { smsNotice } from '../../notices/sms-notice.ts'
import type { Account } from '../../people/account.ts'
import { maskedName } from '../../people/fields/person-name.ts'
import { maskedPhone } from '../../people/fields/phone.ts'
import type { Accounts } from '../../ports/accounts.ts'
import type { CounterProofs } from '../../ports/counter-proofs.ts'
import type { NewTask } from '../../ports/tasks.ts'
import { maskedDocument } from '../../web/steps/document-options.ts'
import type { ReviewMatters } from '../reviews/review-matters.ts'
import type { CounterProofRequest } from './counter-proof-form.ts'

export type CounterProofMatterPorts = {
  readonly accounts: Pick<Accounts, 'findByDocument'>
  readonly counterProofs: Pick<CounterProofs, 'issue'>
}

/** 人工核验, after a security operator has agreed: the 核验码 goes to the phone, and to nobody else. */
export const counterProofMatter = ({
  accounts,
  counterProofs,
}: CounterProofMatterPorts): ReviewMatters => ({
  'counter-proof': {
    describe(payload) {
      const { holder, materials, caseNumber } = payload as CounterProofRequest
      const shown = materials.map((material) => say('zh-CN', `${material}.label`))
      return [
        { label: 'name.label', value: maskedName(holder.name) },
        { label: 'lookup.document', value: maskedDocument(holder.document, 'zh-CN') },
        { label: 'phone.label', value: maskedPhone(holder.phone) },
        { label: 'counterProofs.materials', value: shown.join('、') },
        { label: 'caseNumber.label', value: caseNumber },
      ]
    },
    async execute({ id, payload }) {
      const { holder, caseNumber } = payload as CounterProofRequest
      const account = await accounts.findByDocument(holder.document)
      await counterProofs.issue(id, holder, account?.id, messagesTo(holder.phone, account))
      return {
        deed: {
          ...{ what: 'counter-proof-approved', target: caseNumber },
          ...(account && { accountId: account.id }),
        },
      }
    },
  },
})

/** The code to the confirmed phone, and a notice to the registered one, which may be the owner's only alarm. */
const messagesTo =
  (phone: string, account: Account | undefined) =>
  (code: string): readonly NewTask[] => [
    smsNotice('counter-proof', phone, 'zh-CN', account?.id, { code }),
    ...(account ? [smsNotice('counter-proof-old', account.phone, 'zh-CN', account.id)] : []),
  ]
