import type { ReactElement, ReactNode } from 'react'
import {
  type Champ as ChampDeFormulaire,
  type Colonne,
  direErreur,
  ecrireCalcul,
  enControle,
  type Formulaire,
  type Ligne,
  lignesMax,
  longueurDe,
  nomControle,
  type Simple,
} from '#formulaires'
import {
  BoutonsRadio,
  CadreDefilant,
  CaseACocher,
  Champ,
  ChampDate,
  ChampMontant,
  Selection,
} from '../composants/index.ts'

/** Empty lines offered after those filled. */
const LIGNES_LIBRES = 2
const LIGNES_MONTREES = 3

/** One control, alone or in a cell. */
function Controle({
  champ,
  nom,
  libelle,
  valeur,
  invalide,
  erreur,
  aide,
  muet = false,
}: {
  champ: ChampDeFormulaire | Colonne
  nom: string
  libelle: string
  valeur: Simple | undefined
  /** What was typed and could not be read. */
  invalide: string | undefined
  erreur: string | undefined
  aide?: ReactNode
  muet?: boolean
}): ReactElement | null {
  const commun = { nom, libelle, libre: true, libelleMuet: muet, erreur, ...(aide === undefined ? {} : { aide }) }
  const texte = invalide ?? enControle(champ, valeur)
  switch (champ.genre) {
    case 'texte_long':
      return <Champ {...commun} lignes={5} valeur={texte} longueurMax={longueurDe(champ)} />
    case 'entier':
    case 'annee':
      return <Champ {...commun} court chiffres valeur={texte} completion="off" />
    case 'montant':
      return <ChampMontant {...commun} valeur={invalide ?? (typeof valeur === 'number' ? valeur : undefined)} />
    case 'date':
      // The native control holds only real days: what could not be read is shown as it was typed.
      return invalide === undefined ? (
        <ChampDate {...commun} valeur={texte === '' ? undefined : texte} />
      ) : (
        <Champ {...commun} court valeur={invalide} />
      )
    case 'mois':
      return (
        <Champ {...commun} court valeur={texte} completion="off" aide={aide ?? 'Mois et année, par exemple 09/2026.'} />
      )
    case 'oui_non':
      return muet ? (
        <Selection {...commun} vide="Ne sait pas" valeur={texte} options={OUI_NON} />
      ) : (
        <BoutonsRadio
          nom={nom}
          libelle={libelle}
          libre
          erreur={erreur}
          {...(aide === undefined ? {} : { aide })}
          valeur={texte}
          options={[...OUI_NON, { valeur: '', libelle: 'Ne sait pas' }]}
        />
      )
    case 'choix':
      return (
        <Selection
          {...commun}
          vide="Non renseigné"
          valeur={texte}
          options={(champ.options ?? []).map(({ code, libelle: dit }) => ({ valeur: code, libelle: dit }))}
        />
      )
    case 'choix_multiple': {
      const choisis = (Array.isArray(valeur) ? valeur : []) as readonly string[]
      return (
        <fieldset className="champ">
          <legend className={muet ? 'sr' : undefined}>{libelle}</legend>
          {aide !== undefined && <p className="aide">{aide}</p>}
          <div className="choix-liste">
            {(champ.options ?? []).map((option, rang) => (
              <CaseACocher
                key={option.code}
                nom={nom}
                id={rang === 0 ? `c-${nom}` : `c-${nom}-${option.code}`}
                libelle={option.libelle}
                valeur={option.code}
                cochee={choisis.includes(option.code)}
                {...(option.aide === undefined ? {} : { aide: option.aide })}
              />
            ))}
          </div>
        </fieldset>
      )
    }
    case 'texte':
      return <Champ {...commun} valeur={texte} longueurMax={longueurDe(champ)} completion="off" />
    default:
      return null
  }
}

const OUI_NON = [
  { valeur: 'oui', libelle: 'Oui' },
  { valeur: 'non', libelle: 'Non' },
] as const

/** What a form gives to its controls. */
export type EtatFormulaire = Pick<Formulaire, 'modele' | 'valeurs' | 'invalides' | 'reprises' | 'calculs'>

function Grille({
  champ,
  formulaire,
  aide,
}: {
  champ: ChampDeFormulaire
  formulaire: EtatFormulaire
  aide: ReactNode
}): ReactElement {
  const { invalides } = formulaire
  const colonnes = champ.colonnes ?? []
  const valeur = formulaire.valeurs[champ.code]
  const lignes = (Array.isArray(valeur) ? valeur : []) as readonly Ligne[]
  const parRang = (Array.isArray(valeur) ? {} : (valeur ?? {})) as Readonly<Record<string, Ligne>>
  const rangees =
    champ.genre === 'tableau'
      ? (champ.rangs ?? []).map(({ code, libelle, aide: dite }) => ({ cle: code, libelle, dite, ligne: parRang[code] }))
      : Array.from(
          { length: Math.min(lignesMax(champ), Math.max(lignes.length + LIGNES_LIBRES, LIGNES_MONTREES)) },
          (_, rang) => ({ cle: String(rang), libelle: `${rang + 1}`, dite: undefined, ligne: lignes[rang] }),
        )
  const entete = champ.genre === 'tableau' ? 'Rubrique' : 'Ligne'
  return (
    <fieldset className="champ grille" id={`c-${champ.code}`}>
      <legend>{champ.libelle}</legend>
      {aide !== undefined && <p className="aide">{aide}</p>}
      <CadreDefilant libelle={champ.libelle}>
        <table className={colonnes.length > 2 ? 'moyen' : 'etroit'}>
          <caption className="sr">{champ.libelle}</caption>
          <thead>
            <tr>
              <th scope="col">{entete}</th>
              {colonnes.map(({ code, libelle }) => (
                <th scope="col" key={code}>
                  {libelle}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rangees.map(({ cle, libelle, dite, ligne }) => (
              <tr key={cle}>
                <th scope="row">
                  {libelle}
                  {dite !== undefined && <small>{dite}</small>}
                </th>
                {colonnes.map((colonne) => {
                  const nom = nomControle(champ.code, cle, colonne.code)
                  const invalide = invalides[nom]
                  return (
                    <td key={colonne.code}>
                      <Controle
                        champ={colonne}
                        nom={nom}
                        libelle={`${champ.genre === 'tableau' ? libelle : `${champ.libelle}, ligne ${libelle}`} : ${colonne.libelle}`}
                        valeur={ligne?.[colonne.code]}
                        invalide={invalide}
                        erreur={invalide === undefined ? undefined : direErreur([champ], nom, invalide)}
                        muet
                      />
                    </td>
                  )
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </CadreDefilant>
    </fieldset>
  )
}

/** A computed line, recomputed by the server each time something is saved. */
function LigneCalculee({ champ, formulaire }: { champ: ChampDeFormulaire; formulaire: EtatFormulaire }): ReactElement {
  const calcul = formulaire.calculs.get(champ.code) ?? { valeur: null, manque: [] }
  return (
    <div className="calcul">
      <p>
        <span>{champ.libelle}</span>
        <output name={champ.code} data-calcul={champ.code} className="num">
          {ecrireCalcul(champ, calcul)}
        </output>
      </p>
      <p className="note">
        {champ.formule}
        <span data-manque={champ.code}>{ecrireManque(calcul.manque, champ.formule !== undefined)}</span>
      </p>
    </div>
  )
}

/** What a result leaves out. */
export const ecrireManque = (manque: readonly string[], suite = true): string =>
  manque.length === 0 ? '' : `${suite ? '. ' : ''}Sans ce qui n’est pas connu : ${manque.join(' ; ')}`

/** A condition as the script of the page reads it. */
export const conditionEnPage = (si: ChampDeFormulaire['si']): Readonly<Record<`data-${string}`, string | undefined>> =>
  si ? { 'data-si': si.champ, 'data-parmi': si.parmi?.join(' '), 'data-sauf': si.sauf?.join(' ') } : {}

/** One question of a form, with where its answer was taken from. */
export function Question({
  champ,
  formulaire,
  niveau,
}: {
  champ: ChampDeFormulaire
  formulaire: EtatFormulaire
  /** Level of completeness, to mark what it asks for. */
  niveau?: { readonly code: string; readonly libelle: string } | undefined
}): ReactElement | null {
  const { code } = champ
  const repris = formulaire.reprises[code]
  const requis = niveau !== undefined && champ.requis_pour?.includes(niveau.code)
  const aide =
    champ.aide !== undefined || repris !== undefined || requis ? (
      <>
        {champ.aide}
        {requis && <span className="requis">Nécessaire pour {niveau?.libelle}.</span>}
        {repris !== undefined && <span className="repris">Repris : {repris}. À corriger si besoin.</span>}
      </>
    ) : undefined
  const invalide = formulaire.invalides[code]
  const contenu =
    champ.genre === 'calcul' ? (
      <LigneCalculee champ={champ} formulaire={formulaire} />
    ) : champ.genre === 'lignes' || champ.genre === 'tableau' ? (
      <Grille champ={champ} formulaire={formulaire} aide={aide} />
    ) : (
      <Controle
        champ={champ}
        nom={code}
        libelle={champ.libelle}
        valeur={formulaire.valeurs[code] as Simple | undefined}
        invalide={invalide}
        erreur={invalide === undefined ? undefined : direErreur([champ], code, invalide)}
        aide={aide}
      />
    )
  // Without scripts, what depends on another answer stays on the page, set back: nobody has to save to see it.
  return champ.si ? (
    <div className="si" {...conditionEnPage(champ.si)}>
      {contenu}
    </div>
  ) : (
    contenu
  )
}
