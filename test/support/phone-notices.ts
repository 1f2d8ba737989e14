import { until } from '../../sandbox/ports.mjs'
import type { TestPlatform } from './platform.ts'

type Phones = Pick<TestPlatform, 'messages'>

/** What a phone was told, by the names of the templates, newest first. */
export const noticesOn = async (platform: Phones, phone: string): Promise<string[]> =>
  (await platform.messages(phone)).map(({ template }: { template: string }) => template)

/** Notices go out by the queue: until they are there. */
export const untilNoticeOn = (
  platform: Phones,
  phone: string,
  template: string,
): Promise<boolean> =>
  until(async () => (await noticesOn(platform, phone)).includes(template), {
    seconds: 60,
    what: `the notice ${template}`,
  })
