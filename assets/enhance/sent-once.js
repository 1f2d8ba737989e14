/** A form is sent once, and says so when the answer takes longer than a second; not where the answer is a file. */
enhance((root) => {
  for (const form of root.querySelectorAll('form:not([data-file])')) {
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
})
