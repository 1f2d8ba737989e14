/**
 * Where a network address is used, as far as a table at hand knows it: a province (`广东省`), abroad a country; in
 * Chinese. Asks nobody. Undefined for what is not in the table, or not on the internet.
 */
export type LocateAddress = (address: string) => string | undefined
