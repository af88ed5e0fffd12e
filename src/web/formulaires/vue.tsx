import type { ReactElement } from 'react'
import { type Champ, ecrireCalcul, ecrireValeur, estRemplie, type Formulaire, type Ligne, retenir } from '#formulaires'
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

/** A form to read: the answers given, group by group; the groups where nothing is known are named in one line. */
export function VueFormulaire({ formulaire }: { formulaire: Lu }): ReactElement {
  const { modele, calculs } = formulaire
  const valeurs = retenir(modele, formulaire.valeurs)
  const groupes = modele.groupes
    .filter((groupe) => estRemplie(groupe.si, valeurs))
    .map((groupe) => ({
      groupe,
      dits: groupe.champs
        .filter((champ) => estRemplie(champ.si, valeurs))
        .filter(({ code, genre }) =>
          genre === 'calcul' ? (calculs.get(code)?.valeur ?? null) !== null : valeurs[code] !== undefined,
        ),
    }))
  const vides = groupes.filter(({ dits }) => dits.length === 0)
  return (
    <Pile>
      {groupes
        .filter(({ dits }) => dits.length > 0)
        .map(({ groupe, dits }) => (
          <Carte key={groupe.code} titre={groupe.titre} id={`g-${groupe.code}`}>
            {reunir(dits).map((part) =>
              Array.isArray(part) ? (
                <dl className="fiche" key={part[0]?.code}>
                  {part.map((champ) => (
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
              ) : (
                <TableauLu key={part.code} champ={part} formulaire={formulaire} />
              ),
            )}
          </Carte>
        ))}
      {vides.length > 0 && (
        <Carte titre="Rubriques sans réponse" id="g-sans-reponse">
          <p>{vides.map(({ groupe }) => groupe.titre).join(' ; ')}.</p>
        </Carte>
      )}
    </Pile>
  )
}

/** Answers in the order of the form: those of one line together, tables by themselves. */
function reunir(champs: readonly Champ[]): (Champ | Champ[])[] {
  const parts: (Champ | Champ[])[] = []
  for (const champ of champs) {
    const derniere = parts.at(-1)
    if (champ.genre === 'lignes' || champ.genre === 'tableau') parts.push(champ)
    else if (Array.isArray(derniere)) derniere.push(champ)
    else parts.push([champ])
  }
  return parts
}
