/** The first digits of a card choose the bank, unless the person has chosen one. */
enhance((root) => {
  const told = root.querySelector('[data-bank-told]')
  const form = told?.closest('form')
  if (!form) return
  const { bank, account } = form.elements
  const cards = [...bank.options].flatMap((option) =>
    (option.dataset.cards ?? '')
      .split(' ')
      .filter(Boolean)
      .map((prefix) => ({ prefix, option })),
  )
  const optionOf = (number) =>
    cards
      .filter(({ prefix }) => number.startsWith(prefix))
      .sort((one, other) => other.prefix.length - one.prefix.length)[0]?.option
  const digits = () => account.value.normalize('NFKC').replace(/\D/g, '')
  // Nobody chose the one that stands there from before, or that the number chooses.
  const free = ['', bank.dataset.preset, optionOf(digits())?.value]
  bank.addEventListener('change', () => {
    free.length = 0
    told.textContent = ''
  })
  account.addEventListener('input', () => {
    const option = optionOf(digits())
    if (!option || option.selected || !free.includes(bank.value)) return
    option.selected = true
    free.push(option.value)
    told.textContent = told.dataset.bankTold.replace('{bank}', option.textContent)
  })
})
