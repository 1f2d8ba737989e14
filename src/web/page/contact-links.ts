/**
 * Converts sentences to HTML with links for e-mail addresses and telephone numbers. Only numbers of offices become
 * links (12333, numbers with an area code or 400, and those of CONTACT_PHONE): a mobile number in a sentence is a
 * person's.
 */
export function contactLinks(officePhones: string): (sentence: string) => string {
  const own = officePhones.split(/[,，、;；]/).map((phone) => phone.trim())
  const phones = [...own.filter(Boolean).map(literally), ...officeNumbers]
  const contact = new RegExp(
    `(?<email>${email})|(?<![\\d*])(?:${phones.join('|')})(?![\\d*])`,
    'gi',
  )
  return (sentence) => {
    let html = ''
    let at = 0
    for (const found of sentence.matchAll(contact)) {
      const [text] = found
      const href = found.groups?.['email'] ? `mailto:${text}` : `tel:${dialled(text)}`
      const before = escapeHtml(sentence.slice(at, found.index))
      html += `${before}<a class="contact" href="${escapeHtml(href)}">${escapeHtml(text)}</a>`
      at = found.index + text.length
    }
    return html + escapeHtml(sentence.slice(at))
  }
}

const email = String.raw`[\w.+-]+@[a-z\d-]+(?:\.[a-z\d-]+)+`
const officeNumbers = [
  String.raw`[(（]0\d{2,3}[)）] ?\d{5,8}`,
  String.raw`0\d{2,3}-\d{5,8}`,
  String.raw`400-?\d{3}-?\d{4}`,
  '12333',
]

/** The number as it is dialled in China. */
const dialled = (phone: string) => phone.replace(/[^\d+]/g, '')

const literally = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
