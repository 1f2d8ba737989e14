/** Returns the present time in ms since 1970. Everything that expires uses it, so that a test can set the time. */
export type Clock = () => number
