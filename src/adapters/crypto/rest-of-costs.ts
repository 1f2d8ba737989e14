import type { HashCost } from '../../ports/passwords.ts'

/**
 * The costs that are left to compute after `spent`, so that every wrong password costs as much as the costliest hash of
 * each class together, whatever hash it was compared with (decision 0280).
 */
export function restOfCosts(
  costs: readonly HashCost[],
  spent: HashCost | undefined,
): readonly HashCost[] {
  const highest = new Map<string, number>()
  for (const { class: name, work } of costs)
    highest.set(name, Math.max(work, highest.get(name) ?? 0))
  return [...highest].flatMap(([name, work]) => {
    const rest = work - (spent?.class === name ? spent.work : 0)
    return rest > 0 ? [{ class: name, work: rest }] : []
  })
}
