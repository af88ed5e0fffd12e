import { normaliserAdresse, normaliserLieu, normaliserNom, normaliserPrenom, normaliserTelephone, noyauDuNom, phonetiser } from './texte.ts'

/** One person as comparable text. Empty strings are unknown. */
export interface PersonneFiche {
  readonly noms: readonly string[]
  readonly phons: readonly string[]
  readonly prenom: string
  readonly phonPrenom: string
  readonly naissance: string
}

/** What one signalement says of a household, ready to be compared. Plain JSON: it is stored as such. */
export interface Fiche {
  readonly principal: PersonneFiche
  readonly conjoint: PersonneFiche | null
  readonly numero: string
  readonly voie: string
  readonly complement: string
  readonly commune: string
  readonly telephone: string
  readonly courriel: string
  readonly allocataire: string
  readonly bailleur: string
  readonly parc: string
}

type Contenu = Readonly<Record<string, unknown>>
const texte = (contenu: Contenu, cle: string): string => (typeof contenu[cle] === 'string' ? (contenu[cle] as string) : '')

function personne(noms: readonly string[], prenomBrut: string, naissance: string): PersonneFiche {
  const connus = [...new Set(noms.map(normaliserNom).filter((nom) => nom !== ''))]
  const prenom = normaliserPrenom(prenomBrut)
  return {
    noms: connus,
    phons: [...new Set(noms.filter((nom) => nom !== '').map((nom) => phonetiser(noyauDuNom(nom))))],
    prenom,
    phonPrenom: phonetiser(prenom.replaceAll(' ', '')),
    naissance,
  }
}

/** Reads the content of a signalement, keyed by the columns of the exchange format. */
export function ficheDepuisContenu(contenu: Contenu): Fiche {
  const adresse = normaliserAdresse(texte(contenu, 'adresse'))
  const conjoint = personne([texte(contenu, 'conjoint_nom')], texte(contenu, 'conjoint_prenom'), texte(contenu, 'conjoint_date_naissance'))
  return {
    principal: personne([texte(contenu, 'nom_usage'), texte(contenu, 'nom_naissance')], texte(contenu, 'prenom'), texte(contenu, 'date_naissance')),
    conjoint: conjoint.noms.length === 0 && conjoint.prenom === '' ? null : conjoint,
    numero: adresse.numero,
    voie: adresse.voie,
    complement: texte(contenu, 'complement_adresse').toUpperCase().replace(/[^A-Z0-9]/g, ''),
    commune: normaliserLieu(texte(contenu, 'commune')),
    telephone: normaliserTelephone(texte(contenu, 'telephone')),
    courriel: texte(contenu, 'courriel').toLowerCase(),
    allocataire: texte(contenu, 'numero_allocataire'),
    bailleur: texte(contenu, 'bailleur_siret') || normaliserNom(texte(contenu, 'bailleur_nom')),
    parc: texte(contenu, 'parc'),
  }
}

/**
 * Keys under which a fiche is looked for: candidates share at least one. Each key joins two independent facts, so that a common name alone, or a big building
 * alone, does not call up half the département. A slip in one fact leaves the others.
 */
export function clesDeBlocage(fiche: Fiche): string[] {
  const cles = new Set<string>()
  const debut = (mot: string) => mot.slice(0, 3)
  for (const qui of [fiche.principal, fiche.conjoint]) {
    if (!qui) continue
    const prenoms = qui.phonPrenom === '' ? [] : [qui.phonPrenom]
    for (const phon of qui.phons) {
      for (const prenom of prenoms) {
        // Given and family names are swapped often enough: both orders meet under one key.
        cles.add(`n:${[phon, prenom].sort().join('|')}`)
      }
      if (fiche.commune !== '') {
        cles.add(`c:${phon}|${fiche.commune}`)
        if (qui.phonPrenom !== '') cles.add(`c:${qui.phonPrenom}|${fiche.commune}|${debut(fiche.voie)}`)
      }
    }
    if (qui.naissance !== '') cles.add(`d:${qui.naissance}`)
  }
  if (fiche.numero !== '' && fiche.voie !== '') cles.add(`a:${fiche.numero}|${debut(fiche.voie.split(' ').at(-1) ?? '')}|${fiche.commune}`)
  if (fiche.telephone.length === 10) cles.add(`t:${fiche.telephone}`)
  if (fiche.courriel !== '') cles.add(`m:${fiche.courriel}`)
  if (/^\d{7}$/.test(fiche.allocataire)) cles.add(`f:${fiche.allocataire}`)
  return [...cles]
}
