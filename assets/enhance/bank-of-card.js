/** The first digits of a card select the bank, unless the person has selected one. */
enhance((root) => {
  const notice = root.querySelector('[data-bank-told]')
  const form = notice?.closest('form')
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
  // The preset bank and the one that the number selects were not selected by the person, so they can be replaced.
  const replaceable = ['', bank.dataset.preset, optionOf(digits())?.value]
  bank.addEventListener('change', () => {
    replaceable.length = 0
    notice.textContent = ''
  })
  account.addEventListener('input', () => {
    const option = optionOf(digits())
    if (!option || option.selected || !replaceable.includes(bank.value)) return
    option.selected = true
    replaceable.push(option.value)
    notice.textContent = notice.dataset.bankTold.replace('{bank}', option.textContent)
  })
})
