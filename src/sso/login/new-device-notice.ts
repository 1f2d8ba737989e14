import { smsNotice } from '../../notices/sms-notice.ts'
import type { Account } from '../../people/account.ts'
import type { Visitor } from '../../people/visitor.ts'
import type { Tasks } from '../../ports/tasks.ts'
import {
  type RegistrationBrowserPorts,
  registeredInBrowser,
} from '../../proofs/registration-browser.ts'

export type NewDevicePorts = RegistrationBrowserPorts & { readonly tasks: Tasks }

/**
 * Notifies the registered phone of a sign-in by a browser that is new to the account (decision 0096).
 * @param by the request, so that a repeated one sends no second notice
 */
export async function notifyNewDevice(
  { id, phone }: Account,
  visitor: Visitor,
  by: string,
  ports: NewDevicePorts,
): Promise<void> {
  if (await registeredInBrowser(id, visitor, ports)) return
  const { perAccount } = ports.policy.newDevice
  const taken = await ports.limits.take([{ name: 'new-device', subject: id, ...perAccount }])
  if (!taken.ok) return
  const { locale } = visitor
  await ports.tasks.add([{ id: `new device ${by}`, ...smsNotice('new-device', phone, locale, id) }])
}
