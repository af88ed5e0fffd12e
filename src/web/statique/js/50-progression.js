// Live progress: asks for the same page again and replaces its live zones (`data-vif`), without moving the focus nor the scroll.
// Without scripts the page reloads itself; the link « Arrêter » works either way.
const debut = document.querySelector('[data-rafraichir]')
const annonce = document.querySelector('#annonces')
const ECHECS_ADMIS = 4

if (debut) {
  const delai = Math.max(1, Number(debut.dataset.rafraichir)) * 1000
  let echecs = 0
  let dizaine = Math.floor(Number(document.querySelector('[data-pour-cent]')?.dataset.pourCent ?? 0) / 10)

  const reperer = (element) => {
    const zone = element?.closest?.('[data-vif]')
    if (!zone) return null
    const focalisables = 'a[href], button, input, select, summary, [tabindex]'
    return { cle: zone.dataset.vif, rang: [...zone.querySelectorAll(focalisables)].indexOf(element), focalisables }
  }

  const remplacer = (page) => {
    const repere = reperer(document.activeElement)
    const ouverts = new Set([...document.querySelectorAll('[data-vif] details[open][id]')].map((details) => details.id))
    for (const ancienne of document.querySelectorAll('[data-vif]')) {
      const nouvelle = page.querySelector(`[data-vif="${CSS.escape(ancienne.dataset.vif)}"]`)
      if (!nouvelle) continue
      // Same content: leave it, so that a selection or a reading in progress is not disturbed.
      if (nouvelle.innerHTML !== ancienne.innerHTML)
        ancienne.replaceChildren(...document.adoptNode(nouvelle).childNodes)
    }
    const sprite = page.querySelector('.sprite')
    const actuel = document.querySelector('.sprite')
    for (const symbole of sprite?.querySelectorAll('symbol') ?? []) {
      if (actuel && !document.getElementById(symbole.id)) actuel.append(document.adoptNode(symbole))
    }
    for (const id of ouverts) document.getElementById(id)?.setAttribute('open', '')
    if (repere && !document.activeElement?.closest('[data-vif]')) {
      const zone = document.querySelector(`[data-vif="${CSS.escape(repere.cle)}"]`)
      zone?.querySelectorAll(repere.focalisables)[repere.rang]?.focus({ preventScroll: true })
    }
    if (page.title) document.title = page.title
  }

  const annoncer = (fini) => {
    const mesure = document.querySelector('[data-pour-cent]')
    const rang = Math.floor(Number(mesure?.dataset.pourCent ?? 0) / 10)
    if (!annonce || !mesure || (rang <= dizaine && !fini)) return
    dizaine = rang
    annonce.textContent = mesure.dataset.annonce ?? ''
  }

  const suivre = async () => {
    if (document.visibilityState === 'hidden') return planifier()
    try {
      const reponse = await fetch(location.href, { headers: { accept: 'text/html' }, cache: 'no-store' })
      if (reponse.redirected && new URL(reponse.url).pathname !== location.pathname) return
      if (!reponse.ok) throw new Error(String(reponse.status))
      const page = new DOMParser().parseFromString(await reponse.text(), 'text/html')
      const continuer = page.querySelector('[data-rafraichir]') !== null
      remplacer(page)
      annoncer(!continuer)
      echecs = 0
      if (continuer) planifier()
    } catch {
      echecs += 1
      if (echecs < ECHECS_ADMIS) planifier()
      else if (annonce && debut.dataset.interrompu) annonce.textContent = debut.dataset.interrompu
    }
  }
  const planifier = () => {
    setTimeout(suivre, delai * (1 + echecs))
  }
  planifier()
}
