import type { ReactElement, ReactNode } from 'react'
import type { Organisme, SaisieOrganisme } from '#acces'
import { LIBELLES_TYPES_ORGANISME, libelleTerritoire, type Territoires, TYPES_ORGANISME } from '#referentiel'
import { type Erreur, messageDe } from '../accompagner/saisie.ts'
import { Champ, type OptionChoix } from '../composants/index.ts'
import { Cases } from '../echanges/commun.tsx'
import { champ, type Requete } from '../route.ts'

export const typesChoix: readonly OptionChoix[] = TYPES_ORGANISME.map((valeur) => ({
  valeur,
  libelle: LIBELLES_TYPES_ORGANISME[valeur],
})).toSorted((a, b) => a.libelle.localeCompare(b.libelle, 'fr'))

export const nommerType = (type: string): string => typesChoix.find(({ valeur }) => valeur === type)?.libelle ?? type

/** Where an organisme acts, in words. */
export function direLieux(
  { territoires, communes }: Pick<Organisme, 'territoires' | 'communes'>,
  lieux: Territoires,
): string {
  const noms = [
    ...(communes ?? []).map((code) => nommerCommune(code, lieux)),
    ...(territoires ?? []).map((id) => libelleTerritoire(lieux, id)),
  ]
  return noms.length === 0 ? 'Tout le département' : noms.join(', ')
}

const nommerCommune = (code: string, { index }: Territoires): string => index.communesParCode.get(code)?.nom ?? code

/** The field a refusal is about, which its code names. */
export const champDe = (code: string): string => code.replace('organisme.', '')

export const lireSaisie = (requete: Requete): SaisieOrganisme => ({
  nom: champ(requete, 'nom'),
  type: champ(requete, 'type'),
  code: champ(requete, 'code'),
  territoires: requete.champs.territoire ?? [],
  communes: champ(requete, 'communes'),
})

/** The form of an organisme that exists, before anything is typed. */
export const saisieDe = (organisme: Organisme, lieux: Territoires): SaisieOrganisme => ({
  nom: organisme.nom,
  type: organisme.type,
  code: organisme.code,
  territoires: organisme.territoires ?? [],
  communes: (organisme.communes ?? []).map((code) => nommerCommune(code, lieux)).join(', '),
})

/** Fields both forms share. What was typed is kept. */
export function ChampsOrganisme({
  saisie,
  lieux,
  erreurs,
  entre,
}: {
  saisie: SaisieOrganisme
  lieux: Territoires
  erreurs: readonly Erreur[]
  /** Between the name and the places. */
  entre?: ReactNode
}): ReactElement {
  return (
    <>
      <Champ
        nom="nom"
        libelle="Nom"
        aide="Tel que ses partenaires le connaissent : il figure dans les tableaux et les courriers."
        valeur={saisie.nom}
        longueurMax={120}
        erreur={messageDe(erreurs, 'nom')}
      />
      {entre}
      <Champ
        nom="communes"
        libelle="Communes"
        facultatif
        lignes={2}
        aide="Pour un CCAS ou une mairie : celles pour lesquelles il agit, par leur nom ou leur code INSEE, séparées par des virgules."
        valeur={saisie.communes}
        erreur={messageDe(erreurs, 'communes')}
      />
      {lieux.territoires.length > 0 && (
        <Cases
          nom="territoire"
          legende="Territoires (rien de coché : tout le département)"
          options={lieux.territoires.map(({ id, libelle }) => ({ valeur: id, libelle }))}
          choisies={saisie.territoires}
          erreurs={erreurs}
        />
      )}
    </>
  )
}
