/** The present, in milliseconds since 1970. Everything that expires asks it, so that a test can turn it. */
export type Clock = () => number
