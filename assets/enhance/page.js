// Every page works without this script; it only makes some of them easier.
//
// Each file of this folder is one enhancement. src/web/page/assets.ts concatenates them into one script, this file first,
// the others by name. They share one scope, so every name at the top level of a file must be unique.
//
// An enhancement is a function that sets up what it finds below `root`:
//
//   enhance((root) => {
//     for (const input of root.querySelectorAll('input[data-group]')) { … }
//   })
//
// It runs once on the page, and again on content that is inserted later (`contentAdded`), whose fields then already
// have the typed values. Elements outside <main> (header, footer) are set up once only.

const setUps = []

function enhance(setUp) {
  setUps.push(setUp)
  setUp(document)
}

/** Runs every enhancement on content that was inserted into the page. */
function contentAdded(root) {
  for (const setUp of setUps) setUp(root)
}
