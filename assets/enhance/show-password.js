/** Adds a button that shows or hides the password. */
enhance((root) => {
  for (const input of root.querySelectorAll('input[data-show]')) {
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
})
