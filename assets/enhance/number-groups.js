/** Card and ID numbers are shown in groups while they are typed, and are sent without spaces. */
enhance((root) => {
  for (const input of root.querySelectorAll('input[data-group]')) {
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
    // Regrouping would move the cursor if it is inside the number.
    const atEnd = () => input.selectionEnd === input.value.length
    input.addEventListener('input', () => atEnd() && group())
    group()
    input.form.addEventListener('formdata', ({ formData }) =>
      formData.set(input.name, input.value.replace(/\s/g, '')),
    )
  }
})
