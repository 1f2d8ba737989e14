/**
 * An ID number of 18 characters fills in the birth date (GB 11643, digits 7–14) and the sex (digit 17). A value that the
 * person has entered themself is not replaced.
 */
enhance((root) => {
  const notice = root.querySelector('[data-id-told]')
  const form = notice?.closest('form')
  if (!form) return
  const { idType, idNumber, birthdate } = form.elements
  const sexes = [...form.querySelectorAll('input[name="gender"]')]
  const sexNow = () => sexes.find(({ checked }) => checked)?.value ?? ''
  // On a page that is shown again, values that agree with the number count as filled in by it.
  const first = detailsIn(idType.value, idNumber.value)
  let ownDate = !['', first?.birthdate].includes(birthdate.value)
  let ownSex = !['', first?.gender].includes(sexNow())
  birthdate.addEventListener('input', () => {
    ownDate = birthdate.value.trim() !== ''
  })
  for (const sex of sexes)
    sex.addEventListener('change', () => {
      ownSex = true
    })
  const fill = () => {
    const details = detailsIn(idType.value, idNumber.value)
    if (!details) return
    if (!ownDate) birthdate.value = details.birthdate
    if (!ownSex) for (const sex of sexes) sex.checked = sex.value === details.gender
    if (!ownDate || !ownSex) notice.textContent = notice.dataset.idTold
  }
  idNumber.addEventListener('input', fill)
  idType.addEventListener('change', fill)
})

/** Returns the birth date (ISO 8601) and sex of a number with a right check character, for the document types that have them. */
function detailsIn(type, typed) {
  if (!/^(resident_id|hmt_residence_permit|foreigner_residence_id)$/.test(type)) return undefined
  const number = typed
    .normalize('NFKC')
    .replace(/[\s\p{Cf}]/gu, '')
    .toUpperCase()
  if (!/^\d{17}[\dX]$/.test(number)) return undefined
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
  const sum = weights.reduce((all, weight, at) => all + weight * Number(number[at]), 0)
  if ('10X98765432'[sum % 11] !== number[17]) return undefined
  const birthdate = number.slice(6, 14).replace(/^(....)(..)(..)$/, '$1-$2-$3')
  const date = new Date(`${birthdate}T00:00:00Z`)
  if (Number.isNaN(+date) || date.toISOString().slice(0, 10) !== birthdate) return undefined
  return { birthdate, gender: Number(number[16]) % 2 ? 'male' : 'female' }
}
