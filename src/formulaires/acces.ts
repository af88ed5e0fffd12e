import { type Acteur, aLeDroit, masqueDe } from '#acces'
import { GROUPES_CHAMPS, type GroupeChamps } from '#referentiel'
import type { Champ, Groupe, Modele } from './modele.ts'
import type { Valeurs } from './valeurs.ts'

/** Who looks at a form: what the access matrix opens to them in this dossier, and whether all that is in it was written by their organisme. */
export interface Lecteur {
  readonly acteur: Acteur
  /** Groups of fields hidden in the dossier (`Dossier.masques`). */
  readonly masques: readonly GroupeChamps[]
  readonly auteur: boolean
}

type Reserve = Partial<Pick<Champ, 'droit' | 'lecture' | 'sante'>>

function ouvre({ acteur, masques, auteur }: Lecteur, { droit, lecture, sante }: Reserve): boolean {
  if (droit !== undefined && !aLeDroit(acteur, droit)) return false
  const groupe = sante ? 'sante' : lecture
  if (groupe === undefined || auteur) return true
  return GROUPES_CHAMPS[groupe].tu ? masqueDe(acteur).voit(groupe) : !masques.includes(groupe)
}

/** Whether it may be said that a field is hidden: not when its very existence is reserved. */
export function peutSeDire(...reserves: readonly Reserve[]): boolean {
  return reserves.every(({ droit, lecture, sante }) => {
    const groupe = sante ? 'sante' : lecture
    return droit === undefined && (groupe === undefined || !GROUPES_CHAMPS[groupe].tu)
  })
}

/** The form as it is frozen: what only some may even know of is there when it was answered, and not otherwise. */
export function sansReserveVide(modele: Modele, valeurs: Valeurs): Modele {
  const garder = (champ: Champ, groupe: Groupe) =>
    (champ.droit === undefined && groupe.droit === undefined) || valeurs[champ.code] !== undefined
  const groupes = modele.groupes
    .map((groupe) => ({ ...groupe, champs: groupe.champs.filter((champ) => garder(champ, groupe)) }))
    .filter(({ champs }) => champs.length > 0)
  return { ...modele, groupes }
}

/**
 * The form as somebody may read it: groups, fields and answers that are not theirs are not there. Nor is a total with a term that is not theirs, answered or not: what
 * is hidden would be had by subtraction, and a total missing only when it is answered would say that it is.
 */
export function restreindre(modele: Modele, lecteur: Lecteur): Modele {
  const garder = (champ: Champ): Champ => ({
    ...champ,
    ...(champ.options ? { options: champ.options.filter((option) => ouvre(lecteur, option)) } : {}),
    ...(champ.rangs ? { rangs: champ.rangs.filter(({ sante }) => ouvre(lecteur, { sante })) } : {}),
  })
  const lus = new Set<string>()
  const groupes = modele.groupes.flatMap((groupe): Groupe[] => {
    if (!ouvre(lecteur, groupe)) return []
    const champs = groupe.champs.filter((champ) => {
      // A total is made of fields that come before it.
      const lu = ouvre(lecteur, champ) && (champ.de ?? []).every((nom) => lus.has(nom.split('.')[0] ?? ''))
      if (lu) lus.add(champ.code)
      return lu
    })
    return champs.length === 0 ? [] : [{ ...groupe, champs: champs.map(garder) }]
  })
  return { ...modele, groupes }
}
