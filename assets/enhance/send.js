/**
 * A form is sent by fetch, so that a page which comes again keeps its place and all that was typed, passwords included.
 * The server names the target of a redirect in a header (src/web/http/script-redirects.ts), since fetch may not read it; the
 * browser goes there itself, because a redirect may lead to a client with a code that is good once.
 */
const sending = new WeakSet()

document.addEventListener('submit', (event) => {
  const { target: form, submitter } = event
  // Where the answer is a file the page stays, and may be sent again.
  if ('file' in form.dataset) return
  if (sending.has(form)) return event.preventDefault()
  sending.add(form)
  const calm = saysBusy(form, submitter)
  // Browsers before 2022 do not tell which button was pressed.
  if (!submitter || !window.fetch || !staysHere(form)) return
  event.preventDefault()
  const main = form.closest('main')
  main.setAttribute('aria-busy', 'true')
  sendForm(form, submitter).catch(() => {
    sending.delete(form)
    main.removeAttribute('aria-busy')
    calm()
    saysOffline(form, submitter)
  })
})

/** A form of ours, but for one whose answer only a navigation can obey (`data-leaves`). */
const staysHere = (form) =>
  form.getAttribute('method') === 'post' &&
  form.closest('main') &&
  new URL(form.getAttribute('action'), location.href).origin === location.origin &&
  !('leaves' in form.dataset)

async function sendForm(form, button) {
  const body = new URLSearchParams([...new FormData(form)])
  if (button.name) body.set(button.name, button.value)
  const action = new URL(form.getAttribute('action'), location.href)
  let answer = await ask(action, { method: 'POST', body })
  const target = answer.headers.get('X-Redirect')
  if (target) {
    const to = new URL(target, location.href)
    // A page that is left by its main button is left, though the next one has the same address.
    if (!button.formNoValidate || to.href !== location.href.split('#')[0])
      return location.assign(to)
    answer = await ask(to)
    const further = answer.headers.get('X-Redirect')
    if (further) return location.assign(new URL(further, to))
  }
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html')
  // What is no page of ours comes from something in between that could not reach us.
  if (!page.querySelector('main#main')) throw new Error(`no page: ${answer.status}`)
  // A reload, or a return to it, asks for the page and sends nothing anew.
  if (!target && action.pathname !== location.pathname) history.replaceState(null, '', action)
  putIn(page, { form, button, sent: body })
}

const ask = (address, options) =>
  fetch(address, { ...options, redirect: 'manual', headers: { 'X-Requested-With': 'fetch' } })

/** The button that the person sees: Enter presses another one, out of sight. */
function shownOf(form, button) {
  if (!button?.classList.contains('unseen')) return button
  const seen = [...form.querySelectorAll('button:not(.unseen)')]
  return seen.filter(({ value }) => value === button.value).at(-1) ?? button
}

/** An answer that takes longer than a second is announced; gives what takes that back. */
function saysBusy(form, button) {
  const shown = shownOf(form, button)
  if (!shown || !form.dataset.busy || button.formNoValidate) return () => {}
  const words = shown.textContent
  const timer = setTimeout(() => {
    shown.textContent = form.dataset.busy
    shown.setAttribute('aria-disabled', 'true')
    shown.setAttribute('role', 'status')
  }, 1000)
  return () => {
    clearTimeout(timer)
    shown.textContent = words
    shown.removeAttribute('aria-disabled')
    shown.removeAttribute('role')
  }
}

/** No answer: everything stays as it is, and a sentence beside the button says so. */
function saysOffline(form, button) {
  form.querySelector('.offline')?.remove()
  const said = document.createElement('p')
  said.className = 'fault offline'
  said.setAttribute('role', 'alert')
  const shown = shownOf(form, button)
  const beside = shown.closest('.buttons, .send, .challenge') ?? shown
  beside.after(said)
  said.textContent = document.body.dataset.offline
  intoView(said)
}
