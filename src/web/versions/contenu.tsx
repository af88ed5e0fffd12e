import type { ReactElement } from 'react'
import {
  CLES_PARAMETRES,
  type CleParametre,
  type Criteres,
  definitionParametre,
  MISSIONS,
  type Repartition,
  SERVICES,
  type SourceReglementaire,
  type VersionLue,
} from '#referentiel'
import { formatNombre } from '#socle/typography'
import { Carte, EtatVide, Etiquette, Pile, Tableau } from '../composants/index.ts'
import { ecrireCondition, type LireParametre } from '../regles/phrase.ts'
import { EnPhrases, ecrireReglage, ecrireSource, majuscule, periode } from '../regles/regles.tsx'

function Quand({ texte, lire }: { texte: string | undefined; lire: LireParametre }): ReactElement {
  if (texte === undefined) return <>Sans condition</>
  return (
    <div className="texte">
      <EnPhrases phrase={ecrireCondition(texte, lire)} />
    </div>
  )
}

const note = (texte: string) => <span className="note">{texte}</span>

function ReglesLisibles({ version, lire }: { version: Repartition; lire: LireParametre }): ReactElement {
  return (
    <Pile>
      {version.volets.map((volet, rang) => {
        const memes = version.volets.find(({ id }) => id === volet.memes_regles_que)
        const regles = volet.regles ?? []
        return (
          <Carte
            key={volet.id}
            titre={`${rang + 1}. ${volet.libelle}`}
            id={`volet-${volet.id}`}
            aside={volet.mission && majuscule(MISSIONS[volet.mission])}
          >
            {volet.si && (
              <div className="texte">
                Quand : <EnPhrases phrase={ecrireCondition(volet.si.texte, lire)} />
              </div>
            )}
            {volet.sans_prise_en_charge && (
              <p className="mt2">
                <b>Aucun service n’est désigné.</b> {volet.sans_prise_en_charge.motif}{' '}
                {note(volet.sans_prise_en_charge.reference)}
              </p>
            )}
            {memes && (
              <p className="mt2">
                Mêmes services, dans le même ordre, que « <a href={`#volet-${memes.id}`}>{memes.libelle}</a> ».
              </p>
            )}
            {regles.length > 0 && (
              <Tableau
                legende={`Services sollicités : ${volet.libelle}`}
                largeur="moyen"
                lignes={regles}
                cle={({ id }) => id}
                colonnes={[
                  {
                    cle: 'rang',
                    titre: 'Rang',
                    numerique: true,
                    rendre: (regle) => formatNombre(regles.indexOf(regle) + 1),
                  },
                  {
                    cle: 'service',
                    titre: 'Service',
                    principale: true,
                    rendre: ({ service }) => majuscule(SERVICES[service]),
                  },
                  {
                    cle: 'libelle',
                    titre: 'Pourquoi',
                    large: true,
                    rendre: ({ libelle, modalite }) => (
                      <>
                        {libelle}
                        {modalite !== undefined && <small>{modalite}</small>}
                      </>
                    ),
                  },
                  {
                    cle: 'quand',
                    titre: 'Quand',
                    large: true,
                    rendre: ({ si }) => <Quand texte={si?.texte} lire={lire} />,
                  },
                  { cle: 'source', titre: 'Source', rendre: ({ reference }) => note(reference) },
                ]}
              />
            )}
            {volet.recours && (
              <p className="mt2">
                <b>Si tous ont répondu non :</b> {volet.recours.libelle} {note(volet.recours.reference)}
              </p>
            )}
          </Carte>
        )
      })}
      {version.offres && version.offres.length > 0 && (
        <Carte titre="Aides proposées à côté" aside="Sans prise en charge">
          <Tableau
            legende="Aides proposées, par service"
            largeur="moyen"
            lignes={version.offres}
            cle={({ id }) => id}
            colonnes={[
              {
                cle: 'service',
                titre: 'Service',
                principale: true,
                rendre: ({ service }) => majuscule(SERVICES[service]),
              },
              { cle: 'libelle', titre: 'Aide', large: true, rendre: ({ libelle }) => libelle },
              { cle: 'quand', titre: 'Quand', large: true, rendre: ({ si }) => <Quand texte={si.texte} lire={lire} /> },
              { cle: 'source', titre: 'Source', rendre: ({ reference }) => note(reference) },
            ]}
          />
        </Carte>
      )}
    </Pile>
  )
}

function CriteresLisibles({ version, lire }: { version: Criteres; lire: LireParametre }): ReactElement {
  if (version.groupes.length === 0)
    return <EtatVide titre="Aucun critère">{version.remarque ?? 'Cette version ne fixe aucun critère.'}</EtatVide>
  return (
    <Pile>
      {version.remarque !== undefined && <p>{version.remarque}</p>}
      {version.groupes.map((groupe) => (
        <Carte key={groupe.id} titre={groupe.libelle}>
          {groupe.champ && (
            <div className="texte">
              Seulement quand : <EnPhrases phrase={ecrireCondition(groupe.champ.texte, lire)} />
            </div>
          )}
          <Tableau
            legende={`Critères : ${groupe.libelle}`}
            largeur="moyen"
            lignes={groupe.criteres}
            cle={({ id }) => id}
            colonnes={[
              { cle: 'libelle', titre: 'Critère', principale: true, rendre: ({ libelle }) => libelle },
              {
                cle: 'quand',
                titre: 'Retenu quand',
                large: true,
                rendre: ({ si }) =>
                  si ? (
                    <Quand texte={si.texte} lire={lire} />
                  ) : (
                    'Laissé à l’appréciation du secrétariat, qui en écrit le motif.'
                  ),
              },
              { cle: 'source', titre: 'Source', rendre: ({ reference }) => note(reference) },
            ]}
          />
        </Carte>
      ))}
    </Pile>
  )
}

/** One setting as it stands: its value, its dates, its source. */
export interface ReglageMontre {
  readonly cle: CleParametre
  readonly valeur: string | number | boolean | null
  readonly du: Temporal.PlainDate
  readonly jusqu_au?: Temporal.PlainDate | null | undefined
  readonly source: SourceReglementaire
  readonly remarque?: string | undefined
}

export function ReglagesLisibles({ reglages }: { reglages: readonly ReglageMontre[] }): ReactElement {
  return (
    <Tableau
      legende="Valeurs réglées par le département"
      largeur="moyen"
      lignes={reglages}
      cle={({ cle }) => cle}
      vide="Aucune valeur."
      colonnes={[
        {
          cle: 'sens',
          titre: 'Réglage',
          principale: true,
          large: true,
          rendre: ({ cle }) => majuscule(definitionParametre(cle).sens),
        },
        {
          cle: 'valeur',
          titre: 'Valeur',
          rendre: ({ cle, valeur }) =>
            valeur === null ? (
              <Etiquette ton="bientot">à compléter</Etiquette>
            ) : (
              <b>{majuscule(ecrireReglage(cle, valeur))}</b>
            ),
        },
        { cle: 'periode', titre: 'Valable', rendre: (reglage) => periode(reglage) },
        {
          cle: 'source',
          titre: 'Source',
          large: true,
          rendre: ({ source, remarque }) => (
            <>
              {note(ecrireSource(source))}
              {remarque !== undefined && <small>{remarque}</small>}
            </>
          ),
        },
      ]}
    />
  )
}

/** The content of a version in plain French, open and in order: to read, to print, to send. */
export function ContenuLisible({ lue, lire }: { lue: VersionLue; lire: LireParametre }): ReactElement {
  switch (lue.genre) {
    case 'repartition':
      return <ReglesLisibles version={lue.valeur} lire={lire} />
    case 'criteres':
      return <CriteresLisibles version={lue.valeur} lire={lire} />
    case 'parametres': {
      const { reglages } = lue.valeur
      return (
        <ReglagesLisibles
          reglages={CLES_PARAMETRES.flatMap((cle) => {
            const reglage = reglages[cle]
            return reglage ? [{ cle, ...reglage }] : []
          })}
        />
      )
    }
  }
}
