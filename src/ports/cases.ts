/** What support needs to see when a person asks why a bank refused; masked before it comes here. */
export type Case = {
  /** A bank outcome (`mismatch`, `no_record` …), or what else stood behind the one sentence that the person read. */
  readonly finding: string
  /** e.g. `欧**`. */
  readonly name: string
  readonly idType: string
  /** e.g. `440***********0014`. */
  readonly idNumber: string
  readonly bank: string
  /** e.g. `6217 **** **** 0007`. */
  readonly account: string
  /** e.g. `138****0000`. */
  readonly phone: string
}

/**
 * 受理编号: what a person reads out to support (guide, question 七). Promises:
 * - a number is short, has no characters that are mistaken for one another, and tells nothing;
 * - a case is sealed, and gone after `policy.cases.keep`.
 */
export interface Cases {
  /** Returns its number, e.g. `7K3M-9QXP`. */
  open(found: Case): Promise<string>
  /** By number, spaces, case and hyphen folded; `at`: ms since 1970. */
  find(number: string): Promise<(Case & { readonly at: number }) | undefined>
}
