/**
 * Finds the region of a network address in a local table: a province (`广东省`), or a country abroad, in Chinese.
 * Undefined for an address that is not in the table or not on the internet.
 */
export type LocateAddress = (address: string) => string | undefined
