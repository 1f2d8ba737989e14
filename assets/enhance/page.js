// Every page works without this script; it only makes some of them easier.
//
// Each file of this folder is one enhancement. src/web/page/assets.ts puts them together into one script, this file first,
// the others by name; they share one scope, so whatever a file declares at its top level needs a name of its own.
//
// An enhancement is a function that sets up what it finds below `root`:
//
//   enhance((root) => {
//     for (const input of root.querySelectorAll('input[data-group]')) { … }
//   })
//
// It runs once on the page, and again on content that is put into the page later (`contentAdded`). By then the values
// that a person typed stand in the fields. What stands outside of <main> (header, footer) is set up once only.

const setUps = []

function enhance(setUp) {
  setUps.push(setUp)
  setUp(document)
}

/** Runs every enhancement on content that was put into the page. */
function contentAdded(root) {
  for (const setUp of setUps) setUp(root)
}
