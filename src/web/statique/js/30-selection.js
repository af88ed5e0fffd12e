// Selection of rows: everything at once, a range with Shift, and a count that follows.
const casesDe = (formulaire) => [...formulaire.querySelectorAll('tbody .coche input[type="checkbox"]')]

const compter = (formulaire) => {
  const cases = casesDe(formulaire)
  const nombre = cases.filter((une) => une.checked).length
  const tout = formulaire.querySelector('input[data-tout]')
  if (tout) {
    tout.checked = nombre > 0 && nombre === cases.length
    tout.indeterminate = nombre > 0 && nombre < cases.length
  }
  for (const lieu of formulaire.querySelectorAll('[data-choisis]')) {
    lieu.textContent =
      nombre === 0 ? lieu.dataset.aucun : `${nombre}\u00a0${nombre < 2 ? lieu.dataset.un : lieu.dataset.plusieurs}`
  }
}

for (const formulaire of document.querySelectorAll('form:has(.coche), .cadre:has(.coche)')) {
  compter(formulaire)
  let derniere = null
  formulaire.addEventListener('click', (evenement) => {
    // A click on the label of a box comes back as a click on the box, without its keys: only the first carries Shift.
    const etiquette = evenement.target instanceof Element ? evenement.target.closest('.coche label') : null
    if (!etiquette) return
    const une = etiquette.querySelector('input[type="checkbox"]')
    if (!une || une.dataset.tout !== undefined) return
    if (evenement.shiftKey && evenement.target !== une) {
      evenement.preventDefault()
      une.checked = !une.checked
    }
    const cases = casesDe(formulaire)
    if (evenement.shiftKey && derniere && cases.includes(derniere)) {
      const [debut, fin] = [cases.indexOf(derniere), cases.indexOf(une)].sort((a, b) => a - b)
      for (const autre of cases.slice(debut, fin + 1)) autre.checked = une.checked
    }
    if (evenement.target === une || evenement.shiftKey) derniere = une
    compter(formulaire)
  })
  // Shift on a label would also select the text of the page.
  formulaire.addEventListener('mousedown', (evenement) => {
    if (evenement.shiftKey && evenement.target instanceof Element && evenement.target.closest('.coche'))
      evenement.preventDefault()
  })
  formulaire.addEventListener('change', (evenement) => {
    const cible = evenement.target
    if (!(cible instanceof HTMLInputElement) || !cible.closest('.coche')) return
    if (cible.dataset.tout !== undefined) for (const une of casesDe(formulaire)) une.checked = cible.checked
    compter(formulaire)
  })
}
window.addEventListener('pageshow', () => {
  for (const formulaire of document.querySelectorAll('form:has(.coche), .cadre:has(.coche)')) compter(formulaire)
})
