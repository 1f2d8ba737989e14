/** 国家/地区 of mobile phones by country code. Patterns match the number without it. `machine` numbers receive no SMS. */
export const phoneRegions = {
  '+86': { digits: 11, mobile: /^1[3-9]\d{9}$/, machine: /^14[01468]/ },
  '+852': { digits: 8, mobile: /^[4-9]\d{7}$/ },
  '+853': { digits: 8, mobile: /^6\d{7}$/ },
  '+886': { digits: 9, mobile: /^9\d{8}$/, trunk: '0' },
} as const satisfies Record<string, PhoneNumbering>

/** `trunk` is the prefix that is dialled only inside the region. */
export type PhoneNumbering = {
  readonly digits: number
  readonly mobile: RegExp
  readonly machine?: RegExp
  readonly trunk?: string
}

export type PhoneRegion = keyof typeof phoneRegions
