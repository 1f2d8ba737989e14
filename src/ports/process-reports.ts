/** Whether a store takes writes, as a process found it: `up`, or in a few words why not. */
export type StoreState = string

export type StoreName = 'mongodb' | 'redis'

export type ProcessReport = {
  /** Names the process for as long as it runs. */
  readonly process: string
  readonly found: Readonly<Record<StoreName, StoreState>>
}

/** The place in one store where processes tell each other how they find both stores. */
export type ProcessReports = {
  /** Replaces the process's last report. Each is a write as durable as any other, and shows that the store takes writes. */
  write(report: ProcessReport): Promise<void>
  /** The reports of the last 15 seconds, of all processes. */
  latest(): Promise<readonly ProcessReport[]>
  /** Says why the store took no write; without an error, it answered too late. */
  describe(error?: unknown): StoreState
}

/** How long a report counts, in ms. */
export const reportLifetime = 15_000
