import type { ReactElement } from 'react'
import { type Champ, ecrireCalcul, ecrireValeur, estRemplie, type Formulaire, type Ligne } from '#formulaires'
import { Carte, Pile, Tableau } from '../composants/index.ts'

type Lu = Pick<Formulaire, 'modele' | 'valeurs' | 'calculs'>

function TableauLu({ champ, formulaire }: { champ: Champ; formulaire: Lu }): ReactElement {
  const valeur = formulaire.valeurs[champ.code]
  const lignes = Array.isArray(valeur)
    ? (valeur as readonly Ligne[]).map((ligne, rang) => ({ cle: String(rang), libelle: `${rang + 1}`, ligne }))
    : (champ.rangs ?? []).flatMap(({ code, libelle }) => {
        const ligne = (valeur as Readonly<Record<string, Ligne>> | undefined)?.[code]
        return ligne ? [{ cle: code, libelle, ligne }] : []
      })
  return (
    <Tableau
      legende={champ.libelle}
      legendeMontree
      largeur="etroit"
      lignes={lignes}
      cle={({ cle }) => cle}
      colonnes={[
        {
          cle: 'rang',
          titre: champ.genre === 'tableau' ? 'Rubrique' : 'Ligne',
          principale: true,
          rendre: ({ libelle }) => libelle,
        },
        ...(champ.colonnes ?? []).map((colonne) => ({
          cle: colonne.code,
          titre: colonne.libelle,
          numerique: colonne.genre === 'montant',
          rendre: ({ ligne }: (typeof lignes)[number]) => {
            const cellule = ligne[colonne.code]
            return cellule === undefined ? '' : ecrireValeur({ ...colonne }, cellule)
          },
        })),
      ]}
    />
  )
}

/** A form to read: the answers given, group by group. A group with no answer says so in one line. */
export function VueFormulaire({ formulaire }: { formulaire: Lu }): ReactElement {
  const { modele, valeurs, calculs } = formulaire
  const groupes = modele.groupes.filter((groupe) => estRemplie(groupe.si, valeurs))
  return (
    <Pile>
      {groupes.map((groupe) => {
        const utiles = groupe.champs.filter((champ) => estRemplie(champ.si, valeurs))
        const dits = utiles.filter(
          ({ code, genre }) =>
            valeurs[code] !== undefined || (genre === 'calcul' && calculs.get(code)?.valeur !== null),
        )
        const simples = dits.filter(({ genre }) => genre !== 'lignes' && genre !== 'tableau')
        const tableaux = dits.filter(({ genre }) => genre === 'lignes' || genre === 'tableau')
        return (
          <Carte key={groupe.code} titre={groupe.titre} id={`g-${groupe.code}`}>
            {dits.length === 0 && <p className="note">Rien n’est renseigné.</p>}
            {simples.length > 0 && (
              <dl className="fiche">
                {simples.map((champ) => (
                  <div className="reponse" key={champ.code}>
                    <dt>{champ.libelle}</dt>
                    <dd className={champ.genre === 'montant' || champ.genre === 'calcul' ? 'num' : undefined}>
                      {champ.genre === 'calcul'
                        ? ecrireCalcul(champ, calculs.get(champ.code) ?? { valeur: null })
                        : ecrireValeur(champ, valeurs[champ.code])}
                    </dd>
                  </div>
                ))}
              </dl>
            )}
            {tableaux.map((champ) => (
              <TableauLu key={champ.code} champ={champ} formulaire={formulaire} />
            ))}
          </Carte>
        )
      })}
    </Pile>
  )
}
