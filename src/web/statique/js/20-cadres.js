// A scrolling frame takes the focus only while there is something to scroll.
const cadres = document.querySelectorAll('.defile[tabindex]')
if (cadres.length > 0 && 'ResizeObserver' in window) {
  const ajuster = (cadre) => {
    const deborde = cadre.scrollWidth > cadre.clientWidth + 1
    if (deborde) cadre.setAttribute('tabindex', '0')
    else if (document.activeElement !== cadre) cadre.removeAttribute('tabindex')
  }
  const observateur = new ResizeObserver((entrees) => {
    for (const { target } of entrees) ajuster(target)
  })
  for (const cadre of cadres) observateur.observe(cadre)
}
