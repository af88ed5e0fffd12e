// Session mode. A key turns an answer to the next one (`data-cycle`), Escape gives the keyboard back to the shortcuts, Enter in a zone presses its button, and the time
// spent on a dossier runs (`data-minuteur`).
for (const bouton of document.querySelectorAll('[data-cycle]')) {
  bouton.addEventListener('click', () => {
    const choix = [...document.querySelectorAll('input[type="radio"]')].filter((un) => un.name === bouton.dataset.cycle)
    const suivant = choix[(choix.findIndex((un) => un.checked) + 1) % choix.length]
    if (!suivant) return
    suivant.checked = true
    suivant.dispatchEvent(new Event('input', { bubbles: true }))
    suivant.dispatchEvent(new Event('change', { bubbles: true }))
    const annonces = document.querySelector('#annonces')
    if (annonces) annonces.textContent = suivant.closest('label')?.textContent ?? ''
  })
}

const poste = document.querySelector('.s-poste')
poste?.addEventListener('keydown', (evenement) => {
  const { target, key } = evenement
  if (!(target instanceof HTMLElement)) return
  if (key === 'Escape' && target.matches('input, select, textarea')) target.blur()
  if (key !== 'Enter' || evenement.isComposing) return
  const zone = target.closest('[data-zone]')
  if (!zone || target.matches('button, a')) return
  if (target.matches('textarea') && !evenement.ctrlKey) return
  evenement.preventDefault()
  zone.querySelector('button[type="submit"]')?.click()
})

const minuteur = document.querySelector('[data-minuteur]')
if (minuteur) {
  const dit = Number(minuteur.dataset.minuteur)
  // The clock of the browser may differ from the server's: count from the loading when it is absurd.
  const depuis = Math.abs(Date.now() / 1000 - dit) > 7200 ? Date.now() / 1000 : dit
  const prevu = Number(minuteur.dataset.prevu) || 0
  const dire = () => {
    const secondes = Math.max(0, Math.floor(Date.now() / 1000 - depuis))
    const texte = `${Math.floor(secondes / 60)} min ${String(secondes % 60).padStart(2, '0')}`
    minuteur.textContent = prevu > 0 ? `${texte} sur ${prevu} min` : texte
  }
  dire()
  setInterval(dire, 1000)
}
