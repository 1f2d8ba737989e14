/**
 * Forms are sent by fetch, so that a form that is shown again keeps the scroll position and all typed values, passwords
 * included. The server names the target of a redirect in a header (src/web/http/script-redirects.ts), since fetch cannot
 * read it. The browser itself navigates there, because a redirect may lead to a client with a code that is valid once.
 */
const sending = new WeakSet()

document.addEventListener('submit', (event) => {
  const { target: form, submitter } = event
  // A form whose answer is a file leaves the page as it is, and can be sent again.
  if ('file' in form.dataset) return
  if (sending.has(form)) return event.preventDefault()
  sending.add(form)
  const stopBusy = showBusy(form, submitter)
  // Browsers before 2022 do not have `submitter`.
  if (!submitter || !window.fetch || !staysHere(form)) return
  event.preventDefault()
  const main = form.closest('main')
  main.setAttribute('aria-busy', 'true')
  sendForm(form, submitter).catch(({ message }) => {
    sending.delete(form)
    main.removeAttribute('aria-busy')
    stopBusy()
    const { offline, outage } = document.body.dataset
    showNoAnswer(form, submitter, message === anOutage ? outage : offline)
  })
})

/** Whether the form is sent by fetch: it must be the platform's own, and not one whose answer needs a navigation (`data-leaves`). */
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
    // The main button always navigates, even to a page with the same address.
    if (!button.formNoValidate || to.href !== location.href.split('#')[0])
      return location.assign(to)
    answer = await ask(to)
    const further = answer.headers.get('X-Redirect')
    if (further) return location.assign(new URL(further, to))
  }
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html')
  // An answer that is not a page of the platform comes from a proxy that could not reach it.
  if (!page.querySelector('main#main')) throw new Error(`no page: ${answer.status}`)
  // The page of an outage has no form. The form that is here keeps everything that was typed.
  if (answer.status === 503 && !page.querySelector('main form')) throw new Error(anOutage)
  // A reload of this address, or a return to it, then requests the page and does not send the form again.
  if (!target && action.pathname !== location.pathname) history.replaceState(null, '', action)
  insertAnswer(page, { form, button, sent: body })
}

const anOutage = 'an outage'

const ask = (address, options) =>
  fetch(address, { ...options, redirect: 'manual', headers: { 'X-Requested-With': 'fetch' } })

/** Returns the visible button with the same action, since Enter presses a hidden one. */
function visibleButton(form, button) {
  if (!button?.classList.contains('unseen')) return button
  const seen = [...form.querySelectorAll('button:not(.unseen)')]
  return seen.filter(({ value }) => value === button.value).at(-1) ?? button
}

/** Announces an answer that takes longer than a second. Returns a function that undoes it. */
function showBusy(form, button) {
  const shown = visibleButton(form, button)
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

/** Shows a sentence beside the button when there was no answer to the form. */
function showNoAnswer(form, button, sentence) {
  form.querySelector('.offline')?.remove()
  const said = document.createElement('p')
  said.className = 'fault offline'
  said.setAttribute('role', 'alert')
  const shown = visibleButton(form, button)
  const beside = shown.closest('.buttons, .send, .challenge') ?? shown
  beside.after(said)
  said.textContent = sentence
  intoView(said)
}
