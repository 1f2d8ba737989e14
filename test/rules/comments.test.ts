import { projectFiles } from '../support/project-files.ts'

const folders = ['src', 'config', 'sandbox', 'test', 'bench']

test('a comment begins with its subject, not with a question word or an unnamed person', () => {
  const comments = folders
    .flatMap((folder) => projectFiles(folder, /\.m?ts$|\.mjs$/))
    .flatMap(({ path, text }) => text.split('\n').map((line) => `${path}: ${line.trim()}`))
    .filter((line) => /: (\/\*\*|\*|\/\/) /.test(line))
  expect(comments.length).toBeGreaterThan(1000)
  const question = /: (\/\*\*|\*|\/\/) (What|Who|Whom|Whoever|Whatever|Whose|Of|Somebody) /
  expect(comments.filter((line) => question.test(line))).toEqual([])
})
