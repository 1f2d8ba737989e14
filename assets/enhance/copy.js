/** A button copies the case number, where the clipboard is available (secure contexts only). */
enhance((root) => {
  for (const button of root.querySelectorAll('button[data-copies]')) {
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
})
