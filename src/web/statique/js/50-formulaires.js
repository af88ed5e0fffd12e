// A long form: hides what does not apply, saves as one types, and shows what the server computes of it.
for (const formulaire of document.querySelectorAll('form[data-formulaire]')) {
  const adresse = formulaire.dataset.formulaire
  const dit = formulaire.querySelector('[data-enregistre]')

  const reponsesDe = (nom) =>
    [...formulaire.elements]
      .filter((un) => un.name === nom && !un.closest('[data-si][hidden]'))
      .flatMap((un) => ((un.type === 'radio' || un.type === 'checkbox') && !un.checked ? [] : [un.value]))
  const presente = (nom) => [...formulaire.elements].some((un) => un.name === nom)
  const conditionner = () => {
    for (const partie of formulaire.querySelectorAll('[data-si]')) {
      // A condition on another page of the form is the server's to judge.
      if (!presente(partie.dataset.si)) continue
      const { si, parmi, sauf } = partie.dataset
      const repond = (admises) => reponsesDe(si).some((reponse) => admises.split(' ').includes(reponse))
      partie.hidden = parmi === undefined ? repond(sauf) : !repond(parmi)
    }
  }

  const ecrire = (selecteur, texte) => {
    const cible = document.querySelector(selecteur)
    if (cible && cible.textContent !== texte) cible.textContent = texte
  }
  const montrer = (recu) => {
    dit.textContent = recu.enregistre
    ecrire('[data-remplis]', String(recu.remplis))
    ecrire('[data-total]', String(recu.total))
    for (const [code, texte] of Object.entries(recu.groupes)) ecrire(`[data-etat="${code}"]`, texte)
    for (const [code, [valeur, manque]] of Object.entries(recu.calculs)) {
      ecrire(`[data-calcul="${code}"]`, valeur)
      ecrire(`[data-manque="${code}"]`, manque)
    }
    const presents = document.querySelector('[data-presents]')
    if (presents && recu.presents !== '' && presents.textContent.trim() === '') {
      const phrase = document.createElement('p')
      phrase.className = 'message message--bientot'
      phrase.textContent = recu.presents
      presents.append(phrase)
    }
  }

  let attente
  let enCours = null
  let arrete = false
  const saisie = () => new URLSearchParams(new FormData(formulaire))
  let envoye = saisie().toString()
  const garder = async () => {
    clearTimeout(attente)
    if (arrete || enCours) return enCours
    const corps = saisie()
    const texte = corps.toString()
    if (texte === envoye) return null
    enCours = fetch(adresse, { method: 'POST', body: corps, credentials: 'same-origin', keepalive: true })
      .then(async (reponse) => {
        const recu = reponse.ok ? await reponse.json() : null
        if (recu === null) throw new Error('refused')
        if (recu.conflit) {
          arrete = true
          dit.textContent = `${recu.conflit} Enregistrer pour voir les deux versions.`
          return
        }
        // `vu` stays the version the page was shown with: what a colleague changed since was not seen.
        envoye = texte
        montrer(recu)
      })
      .catch(() => {
        dit.textContent =
          'Non enregistré pour l’instant : la saisie reste sur cette page. Utiliser le bouton Enregistrer.'
      })
      .finally(() => {
        enCours = null
      })
    await enCours
    return null
  }
  const bientot = () => {
    clearTimeout(attente)
    attente = setTimeout(garder, 1200)
  }

  formulaire.addEventListener('input', bientot)
  formulaire.addEventListener('change', () => {
    conditionner()
    bientot()
  })
  formulaire.addEventListener('submit', (evenement) => {
    clearTimeout(attente)
    if (enCours) {
      // Two savings of one person must not meet: the button waits for the one under way.
      evenement.preventDefault()
      const { submitter } = evenement
      enCours.finally(() => formulaire.requestSubmit(submitter))
      return
    }
    arrete = true
  })
  // What signs the form, and what re-reads it, waits for what was just typed.
  const finir = async () => {
    for (let fois = 0; fois < 3 && !arrete && saisie().toString() !== envoye; fois += 1) await garder()
  }
  const attend = () => !arrete && saisie().toString() !== envoye
  for (const autre of document.querySelectorAll('form')) {
    if (autre === formulaire || !autre.elements.marque) continue
    autre.addEventListener('submit', async (evenement) => {
      if (!attend()) return
      evenement.preventDefault()
      await finir()
      HTMLFormElement.prototype.submit.call(autre)
    })
  }
  for (const lien of document.querySelectorAll(`a[href^="${formulaire.getAttribute('action')}/"]`))
    lien.addEventListener('click', async (evenement) => {
      if (!attend() || evenement.ctrlKey || evenement.metaKey || evenement.shiftKey) return
      evenement.preventDefault()
      await finir()
      location.assign(lien.href)
    })
  // The network is back: what waited on the page goes.
  window.addEventListener('online', garder)
  // Leaving by another link: what was typed in the last second goes too.
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') garder()
  })
  conditionner()
}
