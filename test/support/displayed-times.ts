/** The text with which pages say when a wait ends: `今天 15:20 以后`, in China's time, rounded up to the minute. */
export function waitEndText(now: number, seconds: number): string {
  const end = Math.ceil((now + seconds * 1000) / 60_000) * 60_000
  const days = Math.round((Date.parse(dayOf(end)) - Date.parse(dayOf(now))) / 86_400_000)
  if (days > 1) throw new Error('no limit lasts longer than a day')
  return `${days ? '明天' : '今天'} ${timeOf(end)} 以后`
}

/** Formats a time in China's time zone: `15:20`. */
export const timeOf = (at: number): string =>
  new Intl.DateTimeFormat('en-GB', { timeStyle: 'short', timeZone: 'Asia/Shanghai' }).format(at)

/** Formats a date in China's time zone: `2026-11-29`. */
const dayOf = (at: number) =>
  new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai' }).format(at)
