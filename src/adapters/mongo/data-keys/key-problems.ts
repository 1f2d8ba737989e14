/** The key is not the one of its name (`DATA_KEYS.VERSION`, `PEPPER_KEYS.VERSION` or `DIGEST_KEY`). */
export function otherKey(name: string): string {
  const [setting, version] = name.split('.')
  return version
    ? `${setting}: version ${version} is not the key of that version in this MongoDB database: give that key back, or give a new key another version`
    : `${setting}: is not the key of this MongoDB database: give that key back, since no account is found with another one`
}

export function missingKey(name: string): string {
  const [setting, version] = name.split('.')
  return version
    ? `${setting}: version ${version} is missing, and data of this MongoDB database may be encrypted with it: give its key back, behind the first one`
    : `${setting}: is missing, and no account of this MongoDB database is found without it: give it until data-keys rotate has ended`
}
