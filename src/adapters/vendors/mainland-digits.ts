/** Whether an E.164 phone is one that mainland services know. */
export const isMainland = (phone: string): boolean => phone.startsWith('+86')

/** What mainland services take for an E.164 phone: eleven digits for `+86`. Other numbers stay as they are. */
export const mainlandDigits = (phone: string): string => phone.replace(/^\+86(?=1\d{10}$)/, '')
