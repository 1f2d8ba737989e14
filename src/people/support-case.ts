import type { IdType } from '../../config/id-types.ts'

/** The facts that support needs when a person asks why they were refused. The caller masks personal data. */
export type Case = {
  /** A bank outcome (`mismatch`, `no_record` …), or the message code of a limit. */
  readonly finding: string
  /** e.g. `欧**`. */
  readonly name?: string
  readonly idType?: string
  /** ISO 3166-1 alpha-3. */
  readonly idCountry?: string
  /** e.g. `440***********0014`. */
  readonly idNumber?: string
  readonly bank?: string
  /** e.g. `6217 **** **** 0007`. */
  readonly account?: string
  /** e.g. `138****0000`. */
  readonly phone?: string
  /** The whole document, by which the account is found; never shown. */
  readonly document?: { readonly type: IdType; readonly number: string; readonly country?: string }
}
