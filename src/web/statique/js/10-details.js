// Escape closes what floats; so does a click elsewhere. Panels in the flow of the page stay open.
const FLOTTANTS = '.compte[open], .ech[open], .menu-plus[open]'
const flotte = (details) => {
  const panneau = details.querySelector('.compte-menu, .ech-src, .menu-plus > ul')
  return panneau !== null && getComputedStyle(panneau).position === 'absolute'
}

document.addEventListener('keydown', (evenement) => {
  if (evenement.key !== 'Escape') return
  const cible = evenement.target instanceof Element ? evenement.target.closest('details[open]') : null
  const ouvert = cible ?? [...document.querySelectorAll(FLOTTANTS)].filter(flotte).at(-1)
  if (!ouvert) return
  ouvert.open = false
  ouvert.querySelector('summary')?.focus()
})

document.addEventListener('click', (evenement) => {
  for (const details of document.querySelectorAll(FLOTTANTS)) {
    if (evenement.target instanceof Node && !details.contains(evenement.target) && flotte(details)) details.open = false
  }
})
