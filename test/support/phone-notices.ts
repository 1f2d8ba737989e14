import { until } from '../../sandbox/ports.mjs'
import type { TestPlatform } from './platform.ts'

type Phones = Pick<TestPlatform, 'messages'>

/** The template names of the messages that a phone received, newest first. */
export const noticesOn = async (platform: Phones, phone: string): Promise<string[]> =>
  (await platform.messages(phone)).map(({ template }: { template: string }) => template)

/** Waits for a notice, since the task queue sends it after the response. */
export const untilNoticeOn = (
  platform: Phones,
  phone: string,
  template: string,
): Promise<boolean> =>
  until(async () => (await noticesOn(platform, phone)).includes(template), {
    seconds: 60,
    what: `the notice ${template}`,
  })
