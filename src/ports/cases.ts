import type { Case } from '../people/support-case.ts'

/** A case as support finds it; `tries`: how often the person was refused under this number. */
export type FiledCase = Case & { readonly at: number; readonly tries: number }

/**
 * The cases behind 受理编号, the number that a person reads out to support (guide, question 七). Promises:
 * - a number is short, random, and without characters that are mistaken for one another;
 * - a case is encrypted, and removed after `policy.cases.keep`.
 */
export interface Cases {
  /**
   * Files a case and returns its number, e.g. `7K3M-9QXP`. With the number of an earlier case, that case is updated:
   * the new facts replace the earlier ones, and `tries` is counted up.
   */
  file(found: Case, number?: string): Promise<string>
  /** Finds a case by its number, which may be typed in any case, with or without hyphen and spaces. */
  find(number: string): Promise<FiledCase | undefined>
}
