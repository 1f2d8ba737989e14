/** A cursor that contains the id of the last entry. */
export const encodedCursor = (id: string): string =>
  Buffer.from(`after ${id}`).toString('base64url')

/** The id in a cursor; undefined for a text that is none. */
export function decodedCursor(cursor: string): string | undefined {
  const [, id] = /^after (.+)$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? []
  return id !== undefined && encodedCursor(id) === cursor ? id : undefined
}
