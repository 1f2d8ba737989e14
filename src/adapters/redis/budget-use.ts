import type { BudgetUse } from '../../ports/services/budgets.ts'

const hourLength = 3_600_000

/** The uses within the sliding windows of an hour and of a day that are not over. `stored`: the lists of `budgets-redis.ts`. */
export function budgetUse(
  [inHour, inDay]: readonly (string | null)[],
  amounts: { readonly hour: number; readonly day: number },
  { parts, now }: { readonly parts: number; readonly now: number },
): BudgetUse {
  const sum = (stored: string | null | undefined, length: number) => {
    const present = Math.floor(now / (length / parts))
    const list = JSON.parse(stored ?? '[]') as readonly [part: number, spent: number][]
    const open = list.filter(([part]) => part >= present - parts)
    return open.reduce((all, [, spent]) => all + spent, 0)
  }
  return {
    hour: { used: sum(inHour, hourLength), amount: amounts.hour },
    day: { used: sum(inDay, 24 * hourLength), amount: amounts.day },
  }
}
