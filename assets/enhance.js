// Every page works without this script. It only makes some of them easier.

/** A form is sent once, and says so when the answer takes longer than a second; not where the answer is a file. */
for (const form of document.querySelectorAll('form:not([data-file])')) {
  form.addEventListener('submit', (event) => {
    if (form.dataset.sent) return event.preventDefault()
    form.dataset.sent = 'yes'
    const button = event.submitter
    if (!button || !form.dataset.busy || button.value !== 'next') return
    const shown = [...form.querySelectorAll('button[value="next"]')].at(-1)
    setTimeout(() => {
      shown.textContent = form.dataset.busy
      shown.setAttribute('aria-disabled', 'true')
      shown.setAttribute('role', 'status')
    }, 1000)
  })
}
addEventListener('pageshow', (event) => event.persisted && location.reload())

/** The answer to a form is that page again: whoever reloads it or comes back to it asks for it, and sends nothing anew. */
if (document.querySelector('.summary')) history.replaceState(null, '', location.href)

/** What the person has decided already goes on by itself. */
document.querySelector('button[data-go]')?.click()

/** A switch beside each password. */
for (const input of document.querySelectorAll('input[data-show]')) {
  const button = document.createElement('button')
  button.type = 'button'
  button.className = 'plain reveal'
  button.textContent = input.dataset.show
  button.setAttribute('aria-controls', input.id)
  button.addEventListener('click', () => {
    const hidden = input.type === 'password'
    input.type = hidden ? 'text' : 'password'
    button.textContent = hidden ? input.dataset.hide : input.dataset.show
  })
  input.after(button)
}

/**
 * The SMS button counts down to the moment when another message may be asked for; another phone needs not wait. Its
 * name stays, for those who look for it by that, and pressed early it is told when.
 */
for (const button of document.querySelectorAll('button[data-again]')) {
  const countdown = document.createElement('span')
  countdown.setAttribute('aria-hidden', 'true')
  button.append(countdown)
  const until = Date.now() + Number(button.dataset.again) * 1000
  const phone = button.form.elements.namedItem('phone')
  const asked = phone?.value
  const tick = () => {
    const seconds = Math.ceil((until - Date.now()) / 1000)
    const waiting = seconds > 0 && phone?.value === asked
    countdown.textContent = waiting ? button.dataset.countdown.replace('{seconds}', seconds) : ''
    if (seconds <= 0) clearInterval(timer)
  }
  const timer = setInterval(tick, 1000)
  tick()
  phone?.addEventListener('input', tick)
}

/** Card and ID numbers in groups while they are typed; sent plain. */
for (const input of document.querySelectorAll('input[data-group]')) {
  const sizes = input.dataset.group.split(' ').map(Number)
  const group = () => {
    const plain = input.value.replace(/\s/g, '')
    if (!/^[0-9Xx]*$/.test(plain)) return
    const groups = []
    let rest = plain
    for (const size of sizes) {
      groups.push(rest.slice(0, size))
      rest = rest.slice(size)
    }
    const shown = [...groups, rest].filter(Boolean).join(' ')
    if (shown !== input.value) input.value = shown
  }
  // In the middle of a number the cursor would jump.
  const atEnd = () => input.selectionEnd === input.value.length
  input.addEventListener('input', () => atEnd() && group())
  group()
  input.form.addEventListener('formdata', ({ formData }) =>
    formData.set(input.name, input.value.replace(/\s/g, '')),
  )
}

/** What the server answers when this button of a form is pressed; the page stays. */
function pressed(form, action) {
  const body = new URLSearchParams([...new FormData(form)].filter(([, v]) => typeof v === 'string'))
  body.set('action', action)
  return fetch(form.getAttribute('action'), { method: 'POST', body }).catch(() => undefined)
}

/** Larger text and another language leave what was typed where it is, as 换一张 does, which is pressed for it. */
const keeping = document.querySelector('form[data-keeps]')
for (const link of keeping ? document.querySelectorAll('footer nav a') : [])
  link.addEventListener('click', async (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || !window.fetch) return
    event.preventDefault()
    await pressed(keeping, 'captcha')
    location.assign(link.href)
  })

/** 换一张 and 听验证码 change the captcha only, so that a typed password stays. */
document.addEventListener('click', async (event) => {
  const button = event.target.closest('[data-captcha] button')
  if (!button || !window.fetch) return
  event.preventDefault()
  const { form } = button
  const answer = await pressed(form, button.value)
  const page = new DOMParser().parseFromString((await answer?.text()) ?? '', 'text/html')
  const fresh = page.querySelector('[data-captcha]')
  if (!fresh) return location.reload()
  form.querySelector('[data-captcha]').replaceWith(fresh)
  for (const hidden of page.querySelectorAll('form input[type="hidden"]')) {
    const mine = form.elements.namedItem(hidden.name)
    if (mine) mine.value = hidden.value
  }
  fresh
    .querySelector('audio')
    ?.play()
    .catch(() => {})
  fresh.querySelector(`button[value="${button.value}"]`)?.focus()
})

/** The case number is copied by one press, where the page may use the clipboard. */
for (const button of document.querySelectorAll('button[data-copies]')) {
  if (!navigator.clipboard) continue
  button.hidden = false
  button.addEventListener('click', async () => {
    const number = document.getElementById(button.dataset.copies)
    try {
      await navigator.clipboard.writeText(number.textContent)
      button.nextElementSibling.textContent = button.dataset.copied
    } catch {
      getSelection().selectAllChildren(number)
    }
  })
}

/** What is wrong is read first. */
document.querySelector('.summary')?.focus()

/** 长者模式: the page read aloud, where the browser can. */
for (const button of document.querySelectorAll('button[data-read-aloud]')) {
  if (!window.speechSynthesis) continue
  button.hidden = false
  const label = button.textContent
  button.addEventListener('click', () => {
    if (speechSynthesis.speaking) {
      speechSynthesis.cancel()
      button.textContent = label
      return
    }
    // biome-ignore lint/performance/useDomNodeTextContent: only what can be seen is to be read
    const speech = new SpeechSynthesisUtterance(document.querySelector('main').innerText)
    speech.lang = document.documentElement.lang
    speech.onend = () => {
      button.textContent = label
    }
    speechSynthesis.speak(speech)
    button.textContent = button.dataset.readAloud
  })
}
