import { aUneFaute, ecarts, jaroWinkler } from './distance.ts'
import type { Fiche, PersonneFiche } from './fiche.ts'

export const CHAMPS = ['nom', 'prenom', 'naissance', 'adresse', 'commune', 'telephone', 'courriel', 'allocataire', 'conjoint', 'bailleur'] as const
export type Champ = (typeof CHAMPS)[number]

/** Levels of agreement of each field, from furthest to closest; -1 is unknown. */
export const NIVEAUX = {
  nom: ['différent', 'proche', 'proche', 'identique'],
  prenom: ['différent', 'proche', 'identique'],
  naissance: ['différente', 'même année', 'proche', 'identique'],
  adresse: ['différente', 'même voie', 'proche', 'identique'],
  commune: ['différente', 'identique'],
  telephone: ['différent', 'identique'],
  courriel: ['différent', 'identique'],
  allocataire: ['différent', 'proche', 'identique'],
  conjoint: ['différent', 'proche', 'identique'],
  bailleur: ['différent', 'identique'],
} as const satisfies Record<Champ, readonly string[]>

/** How two fiches compare, field by field, with what was noticed on the way. */
export interface Comparaison {
  readonly niveaux: Readonly<Record<Champ, number>>
  readonly notes: Partial<Readonly<Record<Champ, string>>>
  /** Years between the two birth dates, when both are known. */
  readonly ecartAges: number | null
  /** The shared surname, to weigh how common it is. */
  readonly nomPartage: string | null
  /** The main person of one fiche is the spouse of the other. */
  readonly croise: boolean
  readonly complementDifferent: boolean
}

interface Rencontre {
  readonly nom: number
  readonly prenom: number
  readonly naissance: number
  readonly noteNom: string | undefined
  readonly notePrenom: string | undefined
  readonly noteNaissance: string | undefined
  readonly partage: string | null
  readonly ecartAges: number | null
}

function niveauNom(a: readonly string[], b: readonly string[], phonsA: readonly string[], phonsB: readonly string[]): { niveau: number; partage: string | null } {
  if (a.length === 0 || b.length === 0) return { niveau: -1, partage: null }
  let meilleur = 0
  for (const x of a) {
    for (const y of b) {
      if (x === y) return { niveau: 3, partage: x }
      const ressemblance = jaroWinkler(x, y)
      const niveau = ressemblance >= 0.93 || aUneFaute(x, y) ? 2 : ressemblance >= 0.86 ? 1 : 0
      if (niveau > meilleur) meilleur = niveau
      // Double names: « Durand » and « Durand-Leroy ».
      if (meilleur < 2 && x.length >= 4 && y.length >= 4 && (x.startsWith(y) || y.startsWith(x) || x.endsWith(y) || y.endsWith(x))) meilleur = 2
    }
  }
  if (meilleur < 2 && phonsA.some((phon) => phon.length >= 3 && phonsB.includes(phon))) meilleur = 2
  return { niveau: meilleur, partage: null }
}

function niveauPrenom(a: string, b: string, phonA: string, phonB: string): number {
  if (a === '' || b === '') return -1
  const [x, y] = [a.replaceAll(' ', ''), b.replaceAll(' ', '')]
  if (x === y) return 2
  if (x.length >= 4 && y.length >= 4 && aUneFaute(x, y)) return 1
  if (jaroWinkler(x, y) >= 0.92) return 1
  const [court, long] = a.length <= b.length ? [a, b] : [b, a]
  // « Marie » for « Marie-Laure », « J. » for « Jean ».
  if (long.startsWith(`${court} `) || (court.length === 1 && long.startsWith(court))) return 1
  if (phonA.length >= 3 && phonA === phonB) return 1
  return 0
}

function niveauNaissance(a: string, b: string): { niveau: number; note: string | undefined; ecart: number | null } {
  if (a === '' || b === '') return { niveau: -1, note: undefined, ecart: null }
  const ecart = Math.abs(Number(a.slice(0, 4)) - Number(b.slice(0, 4)))
  if (a === b) return { niveau: 3, note: undefined, ecart }
  if (a.slice(0, 4) === b.slice(0, 4) && a.slice(5, 7) === b.slice(8, 10) && a.slice(8, 10) === b.slice(5, 7)) return { niveau: 2, note: 'jour et mois inversés', ecart }
  if (ecarts(a, b) === 1 || aUneFaute(a, b)) return { niveau: 2, note: 'un chiffre change', ecart }
  if (a.slice(5) === b.slice(5) && ecart <= 10) return { niveau: 2, note: 'même jour, année différente', ecart }
  if (ecart === 0) return { niveau: 1, note: 'même année', ecart }
  return { niveau: 0, note: undefined, ecart }
}

function rencontrer(a: PersonneFiche, b: PersonneFiche): Rencontre {
  const nom = niveauNom(a.noms, b.noms, a.phons, b.phons)
  const prenom = niveauPrenom(a.prenom, b.prenom, a.phonPrenom, b.phonPrenom)
  const naissance = niveauNaissance(a.naissance, b.naissance)
  const droit = { nom: nom.niveau, prenom, noteNom: nom.niveau > 0 && nom.niveau < 3 ? 'orthographe proche' : undefined, partage: nom.partage, notePrenom: prenom === 1 ? 'orthographe proche' : undefined }
  // Given name written in the place of the surname and the other way round.
  if ((nom.niveau < 2 || prenom < 1) && a.prenom !== '' && b.prenom !== '') {
    const prenomA = a.prenom.replaceAll(' ', '')
    const prenomB = b.prenom.replaceAll(' ', '')
    const croiseNom = niveauNom(a.noms, [prenomB], a.phons, [b.phonPrenom])
    const croisePrenom = b.noms.reduce((meilleur, autre) => Math.max(meilleur, niveauPrenom(prenomA, autre, a.phonPrenom, '')), -1)
    if (croiseNom.niveau >= 2 && croisePrenom >= 1) {
      return {
        nom: croiseNom.niveau,
        prenom: croisePrenom,
        noteNom: 'nom et prénom inversés',
        notePrenom: 'nom et prénom inversés',
        naissance: naissance.niveau,
        noteNaissance: naissance.note,
        partage: croiseNom.partage,
        ecartAges: naissance.ecart,
      }
    }
  }
  return { ...droit, naissance: naissance.niveau, noteNaissance: naissance.note, ecartAges: naissance.ecart }
}

const force = (rencontre: Rencontre) => Math.max(rencontre.nom, 0) * 2 + Math.max(rencontre.prenom, 0) * 3 + Math.max(rencontre.naissance, 0) * 2 - (rencontre.prenom === 0 ? 3 : 0) - (rencontre.naissance === 0 ? 2 : 0)

function niveauAdresse(a: Fiche, b: Fiche): { niveau: number; note: string | undefined } {
  if (a.voie === '' || b.voie === '') return { niveau: -1, note: undefined }
  const memeVoie = a.voie === b.voie
  const voieProche = memeVoie || jaroWinkler(a.voie, b.voie) >= 0.9 || finCommune(a.voie, b.voie)
  const memeNumero = a.numero === b.numero
  const numeroProche = memeNumero || (a.numero !== '' && b.numero !== '' && (a.numero.replace(/\D/g, '') === b.numero.replace(/\D/g, '') || aUneFaute(a.numero, b.numero)))
  if (memeVoie && memeNumero) return { niveau: 3, note: undefined }
  if (voieProche && memeNumero && a.numero !== '') return { niveau: 3, note: memeVoie ? undefined : 'voie abrégée ou mal écrite' }
  if (voieProche && (numeroProche || a.numero === '' || b.numero === '')) return { niveau: 2, note: 'numéro proche ou absent' }
  if (voieProche) return { niveau: 1, note: 'même voie, autre numéro' }
  return { niveau: 0, note: undefined }
}

/** « JAURES » and « JEAN JAURES »: the last word is what people remember of a way. */
function finCommune(a: string, b: string): boolean {
  const [x, y] = [a.split(' ').at(-1) ?? '', b.split(' ').at(-1) ?? '']
  return x.length >= 5 && x === y
}

/** Compares two fiches. Symmetric: the order of the two does not matter. */
export function comparer(a: Fiche, b: Fiche): Comparaison {
  const droit = rencontrer(a.principal, b.principal)
  let choisi = droit
  let croise = false
  let autre: Rencontre | null = a.conjoint && b.conjoint ? rencontrer(a.conjoint, b.conjoint) : null
  for (const [x, y, resteX, resteY] of [
    [a.principal, b.conjoint, a.conjoint, b.principal],
    [a.conjoint, b.principal, a.principal, b.conjoint],
  ] as const) {
    if (!x || !y) continue
    const rencontre = rencontrer(x, y)
    if (force(rencontre) > force(choisi)) {
      choisi = rencontre
      croise = true
      autre = resteX && resteY ? rencontrer(resteX, resteY) : null
    }
  }
  const adresse = niveauAdresse(a, b)
  const egal = (x: string, y: string) => (x === '' || y === '' ? -1 : x === y ? 1 : 0)
  const allocataire =
    a.allocataire === '' || b.allocataire === '' ? -1 : a.allocataire === b.allocataire ? 2 : aUneFaute(a.allocataire, b.allocataire) ? 1 : 0
  const conjoint = autre === null || autre.prenom === -1 ? -1 : autre.prenom === 2 ? 2 : autre.prenom === 1 ? 1 : autre.nom >= 2 && autre.naissance === 3 ? 1 : 0
  const bailleur = a.bailleur === '' || b.bailleur === '' ? -1 : a.bailleur === b.bailleur || jaroWinkler(a.bailleur, b.bailleur) > 0.92 ? 1 : 0
  // A SIRET never equals a name: two ways of naming the landlord say nothing.
  const bailleurComparable = /^\d{14}$/.test(a.bailleur) === /^\d{14}$/.test(b.bailleur)
  const notes: Partial<Record<Champ, string>> = {}
  if (croise) notes.nom = 'titulaire d’un côté, conjoint de l’autre'
  else if (choisi.noteNom) notes.nom = choisi.noteNom
  if (choisi.notePrenom) notes.prenom = choisi.notePrenom
  if (choisi.noteNaissance) notes.naissance = choisi.noteNaissance
  if (adresse.note) notes.adresse = adresse.note
  return {
    niveaux: {
      nom: choisi.nom,
      prenom: choisi.prenom,
      naissance: choisi.naissance,
      adresse: adresse.niveau,
      commune: egal(a.commune, b.commune),
      telephone: egal(a.telephone, b.telephone),
      courriel: egal(a.courriel, b.courriel),
      allocataire,
      conjoint,
      bailleur: bailleurComparable ? bailleur : -1,
    },
    notes,
    ecartAges: choisi.ecartAges,
    nomPartage: choisi.partage,
    croise,
    complementDifferent: a.complement !== '' && b.complement !== '' && a.complement !== b.complement,
  }
}
