/** 签发国家或地区 is shown for a passport only. Without script it is always there, and its label says who fills it in. */
enhance((root) => {
  const country = root.querySelector('select[data-for-type]')
  const type = country?.form.elements.namedItem('idType')
  if (!type) return
  const field = country.closest('.field')
  field.querySelector('[data-without-script]').remove()
  const show = () => {
    field.hidden = type.value !== country.dataset.forType
  }
  type.addEventListener('change', show)
  show()
})
