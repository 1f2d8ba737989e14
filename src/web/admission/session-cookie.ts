/** A signer of cookies, e.g. Keygrip. */
type Keys = { verify(data: string, signature: string): boolean }

/**
 * Tells from the header `Cookie` whether a request has the cookie of a session that we signed, without asking a store: the
 * session may have ended since. A browser gets the cookie when somebody signs in.
 */
export const sessionCookie = (name: string, keys: Keys) => (header: string) => {
  const cookieNamed = (of: string) =>
    header
      .split('; ')
      .find((pair) => pair.startsWith(`${of}=`))
      ?.slice(of.length + 1)
  const [value, signature] = [cookieNamed(name), cookieNamed(`${name}.sig`)]
  return !!value && !!signature && keys.verify(`${name}=${value}`, signature)
}
