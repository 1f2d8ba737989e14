import type { Case } from '../people/support-case.ts'

/** 待处理, 处理中, 已办结. */
export const caseStates = ['waiting', 'working', 'done'] as const
export type CaseState = (typeof caseStates)[number]

/** 处理情况: what an operator did about a case. */
export type CaseNote = {
  /** ms since 1970. */
  readonly at: number
  /** The operator's id. */
  readonly author: string
  readonly text: string
}

/** A case as support finds it; `tries`: how often the person was refused under this number. */
export type FiledCase = Case & {
  /** The number as people read it, e.g. `7K3M-9QXP`. */
  readonly number: string
  /** The last refusal, ms since 1970. */
  readonly at: number
  readonly tries: number
  readonly state: CaseState
  /** The oldest first. */
  readonly notes: readonly CaseNote[]
}

export type CasePage = {
  readonly cases: readonly FiledCase[]
  /** Absent on the last page. */
  readonly next?: string
}

/**
 * The cases behind 受理编号, the number that a person reads out to support (guide, question 七). Promises:
 * - a number is short, random, and without characters that are mistaken for one another;
 * - a case and its notes are encrypted, and removed after `policy.cases.keep`;
 * - concurrent notes are all kept.
 */
export interface Cases {
  /**
   * Files a case and returns its number, e.g. `7K3M-9QXP`. With the number of an earlier case, that case is updated:
   * the new facts replace the earlier ones, `tries` is counted up, and one that was done waits again.
   */
  file(found: Case, number?: string): Promise<string>
  /** Finds a case by its number, which may be typed in any case, with or without hyphen and spaces. */
  find(number: string): Promise<FiledCase | undefined>
  /** The cases of a state, or all, the latest first. An unknown cursor begins at the latest. */
  list(query: {
    readonly state?: CaseState | undefined
    readonly cursor?: string | undefined
    readonly limit: number
  }): Promise<CasePage>
  /** Adds a note, if there is one, and sets the state; false if there is no such case. */
  handle(
    number: string,
    handled: { readonly state: CaseState; readonly note?: Omit<CaseNote, 'at'> | undefined },
  ): Promise<boolean>
}
