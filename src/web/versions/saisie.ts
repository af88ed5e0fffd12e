import {
  ecrireReglages,
  ecrireSaisie,
  lireReglages,
  lireSaisie,
  type ReglageSaisi,
  type Saisie,
  type VersionLocale,
} from '#charte'
import { CLES_PARAMETRES, type CleParametre, type DepartementCharge, lireJour, lireVersion } from '#referentiel'
import { champ, type Requete } from '../route.ts'

/** Something wrong in the form, and the field it is about. */
export interface ErreurSaisie {
  readonly nom: string
  readonly message: string
}

/** What was typed, as typed: shown again when something is wrong. */
export interface Brut {
  readonly du: string
  readonly jusqu_au: string
  readonly motif: string
  readonly reference: string
  readonly reference_le: string
  readonly texte: string
  readonly titre: string
  readonly reglages: ReadonlyMap<CleParametre, ReglageBrut>
}

export interface ReglageBrut {
  readonly valeur: string
  readonly reference: string
  readonly remarque: string
  readonly reconduire: boolean
}

/** The setting a version would replace: the one that has begun by its date of effect, ended or not. */
export function reglageAvant(sans: DepartementCharge, cle: CleParametre, du: Temporal.PlainDate) {
  return sans.parametres[cle]?.versions.findLast((une) => Temporal.PlainDate.compare(une.du, du) <= 0) ?? null
}

function reglagesEcrits(version: VersionLocale): ReglageSaisi[] {
  try {
    const lue = lireVersion('parametres', version.texte, 'brouillon')
    return lue.genre === 'parametres' ? lireReglages(lue) : []
  } catch {
    // A draft that changes nothing yet.
    return []
  }
}

/** The form of a draft as it is saved. */
export function brutDe(version: VersionLocale, sans: DepartementCharge): Brut {
  const ecrits = version.genre === 'parametres' ? reglagesEcrits(version) : []
  return {
    du: version.du.toString(),
    jusqu_au: version.jusqu_au?.toString() ?? '',
    motif: version.motif,
    reference: version.reference,
    reference_le: version.reference_le?.toString() ?? '',
    texte: version.texte,
    titre: ecrits[0]?.titre ?? '',
    reglages: new Map(
      CLES_PARAMETRES.map((cle) => {
        const ecrit = ecrits.find((un) => un.cle === cle)
        const actuel = reglageAvant(sans, cle, version.du)
        return [
          cle,
          {
            valeur: ecrireSaisie(cle, ecrit ? ecrit.valeur : (actuel?.valeur ?? null)),
            reference: ecrit?.reference ?? '',
            remarque: ecrit?.remarque ?? '',
            reconduire: ecrit !== undefined && actuel !== null && ecrit.valeur === actuel.valeur,
          },
        ]
      }),
    ),
  }
}

const lireTexteRecu = (requete: Requete): string | null => {
  const fichier = requete.fichiers.find(({ octets }) => octets.length > 0)
  if (!fichier) return (requete.champs.texte?.[0] ?? '').replaceAll('\r\n', '\n')
  try {
    return new TextDecoder('utf-8', { fatal: true })
      .decode(fichier.octets)
      .replace(/^\ufeff/, '')
      .replaceAll('\r\n', '\n')
  } catch {
    return null
  }
}

/** What a form sent: what to save, or what to mend; what was typed in both cases. */
export function lireFormulaire(
  requete: Requete,
  version: VersionLocale,
  sans: DepartementCharge,
): { brut: Brut; erreurs: readonly ErreurSaisie[]; saisie: Saisie | null } {
  const erreurs: ErreurSaisie[] = []
  const texteRecu = version.genre === 'parametres' ? '' : lireTexteRecu(requete)
  if (texteRecu === null) erreurs.push({ nom: 'texte', message: 'Ce fichier n’est pas un texte écrit en UTF-8.' })
  const brut: Brut = {
    du: champ(requete, 'du'),
    jusqu_au: champ(requete, 'jusqu_au'),
    motif: champ(requete, 'motif'),
    reference: champ(requete, 'reference'),
    reference_le: champ(requete, 'reference_le'),
    texte: texteRecu ?? (requete.champs.texte?.[0] ?? '').replaceAll('\r\n', '\n'),
    titre: champ(requete, 'titre'),
    reglages: new Map(
      CLES_PARAMETRES.map((cle) => [
        cle,
        {
          valeur: champ(requete, `valeur-${cle}`),
          reference: champ(requete, `reference-${cle}`),
          remarque: champ(requete, `remarque-${cle}`),
          reconduire: champ(requete, `reconduire-${cle}`) === 'oui' || champ(requete, 'reconduire') === 'oui',
        },
      ]),
    ),
  }
  const du = lireJour(brut.du)
  if (!du) erreurs.push({ nom: 'du', message: 'Donner la date d’effet.' })
  const fin = brut.jusqu_au === '' ? null : lireJour(brut.jusqu_au)
  if (fin === undefined) erreurs.push({ nom: 'jusqu_au', message: 'Cette date n’existe pas.' })
  if (du && fin && Temporal.PlainDate.compare(fin, du) < 0)
    erreurs.push({ nom: 'jusqu_au', message: 'La date de fin précède la date d’effet.' })
  const referenceLe = brut.reference_le === '' ? null : lireJour(brut.reference_le)
  if (referenceLe === undefined) erreurs.push({ nom: 'reference_le', message: 'Cette date n’existe pas.' })
  if (version.genre !== 'parametres' && brut.texte.trim() === '' && texteRecu !== null)
    erreurs.push({ nom: 'texte', message: 'Écrire les règles, ou choisir un fichier.' })
  const reglages = version.genre === 'parametres' && du ? lireReglagesSaisis(brut, sans, du, erreurs) : []
  if (erreurs.length > 0 || !du || fin === undefined || referenceLe === undefined)
    return { brut, erreurs, saisie: null }
  return {
    brut,
    erreurs,
    saisie: {
      revision: Number(champ(requete, 'revision')) || 0,
      texte: version.genre === 'parametres' ? ecrireReglages(reglages, du, fin) : brut.texte,
      du,
      jusqu_au: fin,
      motif: brut.motif,
      reference: brut.reference,
      reference_le: referenceLe,
    },
  }
}

/** The settings that change: those whose value is another, and those carried on as they are. */
function lireReglagesSaisis(
  brut: Brut,
  sans: DepartementCharge,
  du: Temporal.PlainDate,
  erreurs: ErreurSaisie[],
): ReglageSaisi[] {
  const reglages = CLES_PARAMETRES.flatMap((cle): ReglageSaisi[] => {
    const saisi = brut.reglages.get(cle)
    if (!saisi) return []
    const lu = lireSaisie(cle, saisi.valeur)
    if ('erreur' in lu) {
      erreurs.push({ nom: `valeur-${cle}`, message: lu.erreur })
      return []
    }
    const actuel = reglageAvant(sans, cle, du)
    if (lu.valeur === (actuel?.valeur ?? null) && !(saisi.reconduire && actuel)) return []
    return [{ cle, valeur: lu.valeur, titre: brut.titre, reference: saisi.reference, remarque: saisi.remarque }]
  })
  if (reglages.length > 0 && brut.titre === '')
    erreurs.push({ nom: 'titre', message: 'Nommer le document qui fixe ces valeurs.' })
  return reglages
}
