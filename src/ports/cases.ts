import type { Case } from '../people/support-case.ts'

/** A case as support finds it; `tries`: how often the person was refused under this number. */
export type FiledCase = Case & { readonly at: number; readonly tries: number }

/**
 * 受理编号: what a person reads out to support (guide, question 七). Promises:
 * - a number is short, has no characters that are mistaken for one another, and tells nothing;
 * - a case is sealed, and gone after `policy.cases.keep`.
 */
export interface Cases {
  /**
   * Opens a case and returns its number, e.g. `7K3M-9QXP`. With the number of an earlier one, the newest facts replace
   * the earlier ones, the try is counted, and the number stays.
   */
  file(found: Case, number?: string): Promise<string>
  /** By number, spaces, case and hyphen folded; `at`: ms since 1970, of the newest facts. */
  find(number: string): Promise<FiledCase | undefined>
}
