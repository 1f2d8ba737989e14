/**
 * At the hardest level, the page proves work in place of the second captcha: it looks for the number below `data-most`
 * for which the SHA-256 of `SALT.NUMBER` is `data-work`. The browser hashes outside of the page's thread, in batches, so
 * that typing does not stop. Where it cannot hash (an insecure origin, an old browser), the second captcha stays.
 */
const works = new WeakMap()

enhance((root) => {
  for (const field of root.querySelectorAll('input[data-work]')) {
    if (!window.crypto?.subtle || field.value) continue
    const second = field.parentElement.querySelector('[data-without-work]')
    // The page asks for the second answer, because the work was not accepted.
    if (second.querySelector('[aria-invalid]')) continue
    second.hidden = true
    const work = numberOf(field.dataset)
      .then((number) => {
        field.value = number
      })
      .catch(() => {
        second.hidden = false
      })
      .finally(() => works.delete(field.form))
    works.set(field.form, work)
  }
})

async function numberOf({ work, most, salt }) {
  const bytes = new TextEncoder()
  const isIt = async (number) =>
    hex(await crypto.subtle.digest('SHA-256', bytes.encode(`${salt}.${number}`))) === work
  const batch = 100
  for (let from = 0; from < most; from += batch) {
    const found = await Promise.all(Array.from({ length: batch }, (_, at) => isIt(from + at)))
    if (found.includes(true)) return String(from + found.indexOf(true))
  }
  throw new Error('no number fits')
}

// A function declaration, since the work of the first page begins while this script is still being read.
function hex(digest) {
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** A form that is sent before its work is done waits for it. */
document.addEventListener('submit', (event) => {
  const { target: form, submitter } = event
  const work = works.get(form)
  if (!work || !form.requestSubmit || submitter?.formNoValidate) return
  event.preventDefault()
  event.stopImmediatePropagation()
  submitter?.setAttribute('aria-disabled', 'true')
  work.then(() => {
    submitter?.removeAttribute('aria-disabled')
    form.requestSubmit(submitter)
  })
})
