import type { MessageCode } from '../../config/messages.ts'
import type { Account } from '../people/account.ts'
import { type AgreementVersions, isAgreedTo } from '../people/agreement.ts'
import { maskedIdNumber } from '../people/fields/id-document.ts'
import { maskedName } from '../people/fields/person-name.ts'
import { maskedPhone } from '../people/fields/phone.ts'
import { provedAtOf } from '../people/identity-proof.ts'
import { signedInOf } from '../people/signed-in-account.ts'
import type { AccountSessions } from '../ports/sso/account-sessions.ts'
import type { Visit } from '../web/flow/flow-definition.ts'

export type OverviewPorts = {
  readonly accountSessions: Pick<AccountSessions, 'list'>
  readonly agreementVersions: AgreementVersions
}

/** The overview at the top of 用户信息: the person, the proof by bank card, the device, and matters that need attention. */
export async function overviewOf(
  visit: Pick<Visit<unknown>, 'signedIn'>,
  { accountSessions, agreementVersions }: OverviewPorts,
) {
  const { account, signIn: here } = signedInOf(visit)
  const { username, name, phone, card } = account
  const listed = await accountSessions.list(account.id)
  return {
    username,
    name: maskedName(name),
    phone: maskedPhone(phone),
    bank: card?.bank,
    provedAt: provedAtOf(account),
    device: listed.find(({ id }) => id === here)?.device,
    others: listed.filter(({ id }) => id !== here).length,
    attention: accountMatters.filter(({ isDue }) => isDue(account, agreementVersions)),
  }
}

/** The unit's name is shown in full, so that a handler of several units can tell them apart. */
export const unitSummaryOf = (account: Account) =>
  account.kind === 'organisation'
    ? {
        name: account.unit.name,
        code: maskedIdNumber(account.unit.code),
        confirmed: account.confirmedAt !== undefined,
      }
    : undefined

type AccountMatter = {
  readonly isDue: (account: Account, present: AgreementVersions) => boolean
  readonly text: MessageCode
  readonly link: MessageCode
  readonly path: string
}

/** The most important first. */
const accountMatters: readonly AccountMatter[] = [
  {
    isDue: (account) => account.kind === 'organisation' && account.confirmedAt === undefined,
    text: 'account.overview.unconfirmed',
    link: 'account.overview.confirm',
    path: '/organisation/legal-representative',
  },
  {
    isDue: ({ agreement }, present) => !isAgreedTo(present, agreement),
    text: 'account.overview.newAgreement',
    link: 'account.overview.readAgreement',
    path: '/terms',
  },
  {
    isDue: ({ questions = [] }) => questions.length === 0,
    text: 'account.overview.noQuestions',
    link: 'account.overview.setQuestions',
    path: '/account/questions',
  },
]
