// `/` goes to the search box. Letters press the buttons that carry them (`data-touche`), never while typing, and can be turned off.
const CLE = 'amont.raccourcis'
const lire = () => {
  try {
    return localStorage.getItem(CLE) !== 'non'
  } catch {
    return true
  }
}
const ecrire = (actifs) => {
  try {
    localStorage.setItem(CLE, actifs ? 'oui' : 'non')
  } catch {
    // Without storage the choice lasts as long as the page.
  }
}

let actifs = lire()
const bascules = document.querySelectorAll('[data-raccourcis]')
const montrer = () => {
  for (const bascule of bascules) bascule.textContent = actifs ? bascule.dataset.desactiver : bascule.dataset.activer
  document.documentElement.classList.toggle('sans-raccourcis', !actifs)
}
montrer()
for (const bascule of bascules) {
  bascule.addEventListener('click', () => {
    actifs = !actifs
    ecrire(actifs)
    montrer()
  })
}

const SAISIE =
  'input:not([type="checkbox"], [type="radio"], [type="button"], [type="submit"]), textarea, select, [contenteditable]'
document.addEventListener('keydown', (evenement) => {
  if (
    !actifs ||
    evenement.ctrlKey ||
    evenement.metaKey ||
    evenement.altKey ||
    evenement.repeat ||
    evenement.isComposing
  )
    return
  if (evenement.target instanceof Element && evenement.target.closest(SAISIE)) return
  if (evenement.key === '/') {
    const recherche = document.querySelector('.cherche input')
    if (!recherche) return
    evenement.preventDefault()
    recherche.focus()
    recherche.select()
    return
  }
  if (evenement.key.length !== 1 || evenement.shiftKey) return
  const bouton = [...document.querySelectorAll('[data-touche]')].find(
    (un) => un.dataset.touche === evenement.key.toLowerCase(),
  )
  if (!bouton || bouton.closest('details:not([open])')) return
  evenement.preventDefault()
  bouton.click()
})
