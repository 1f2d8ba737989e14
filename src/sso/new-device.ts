import type { Account } from '../people/account.ts'
import type { Tasks } from '../ports/tasks.ts'
import { notice } from '../proofs/notice.ts'
import { type RegisteredHerePorts, registeredHere } from '../proofs/registered-here.ts'
import type { Visitor } from '../proofs/visitor.ts'

export type NewDevicePorts = RegisteredHerePorts & { readonly tasks: Tasks }

/** Tells the registered phone of a sign-in by a browser that is new to the account (decision 0096). `by`: the act. */
export async function tellNewDevice(
  { id, phone }: Account,
  visitor: Visitor,
  by: string,
  ports: NewDevicePorts,
): Promise<void> {
  if (await registeredHere(id, visitor, ports)) return
  const { perAccount } = ports.policy.newDevice
  const taken = await ports.limits.take([{ name: 'new-device', subject: id, ...perAccount }])
  if (!taken.ok) return
  const { locale } = visitor
  await ports.tasks.add([{ id: `new device ${by}`, ...notice('new-device', phone, locale) }])
}
