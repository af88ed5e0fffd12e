import type { ReactElement, ReactNode } from 'react'
import type { AvisCommission, Charte } from '#referentiel'
import { formatNombre, pluriel } from '#socle/typography'
import { EtatVide, Etiquette, ListeSobre, Section, Tableau } from '../composants/index.ts'
import { page, type Reponse, type Requete } from '../route.ts'
import { CadreCharte } from './cadre-charte.tsx'
import { type LectureCharte, lireCharte } from './lecture.ts'
import { nommerEtape } from './libelles.ts'
import { LigneProvenance } from './preuve.tsx'

/** GET /charte/document: aims, opinions, signatories, acronyms. */
export async function montrerDocument(requete: Requete): Promise<Reponse> {
  return page(<PageDocument requete={requete} lecture={lireCharte(requete)} />)
}

function Absent({ quoi, children }: { quoi: string; children: ReactNode }): ReactElement {
  return (
    <EtatVide titre={quoi} niveau={3}>
      {children}
    </EtatVide>
  )
}

const PARCS = { prive: 'parc privé', social: 'parc social' } as const

function SectionObjectifs({ charte, lien }: LectureCharte): ReactElement {
  const { objectifs } = charte
  return (
    <Section
      titre="Objectifs à chaque étape"
      compte={objectifs ? pluriel(objectifs.stades.length, 'étape', 'étapes') : undefined}
      id="objectifs"
    >
      {objectifs ? (
        <>
          <Tableau
            legende="Objectifs des partenaires, étape par étape"
            largeur="etroit"
            lignes={objectifs.stades}
            cle={({ stade }) => stade}
            colonnes={[
              {
                cle: 'stade',
                titre: 'Étape',
                principale: true,
                rendre: ({ stade, reference }) => (
                  <>
                    <b>{nommerEtape(stade)}</b>
                    <small>{reference}</small>
                  </>
                ),
              },
              {
                cle: 'objectifs',
                titre: 'Ce que les partenaires visent',
                large: true,
                rendre: (ligne) => (
                  <ul className="puces">
                    {ligne.objectifs.map(({ libelle, parc }) => (
                      <li key={`${libelle} ${parc ?? ''}`}>
                        {libelle} {parc && <span className="note">({PARCS[parc]})</span>}
                      </li>
                    ))}
                  </ul>
                ),
              },
              ...(charte.engagements.length > 0
                ? [
                    {
                      cle: 'engagements',
                      titre: 'Engagements',
                      numerique: true,
                      rendre: ({ stade }: { stade: Charte['stades'][number] }) => {
                        const nombre = charte.engagements.filter((un) => un.stade === stade).length
                        return (
                          <a
                            href={lien('/charte/engagements', { stade })}
                            aria-label={`${pluriel(nombre, 'engagement', 'engagements')} à l’étape ${nommerEtape(stade)}`}
                          >
                            {formatNombre(nombre)}
                          </a>
                        )
                      },
                    },
                  ]
                : []),
            ]}
          />
          <LigneProvenance provenance={objectifs} />
        </>
      ) : (
        <Absent quoi="Pas d’objectif par étape">
          Ce document n’en donne pas, ou ils ne sont pas encore écrits dans les données du département.
        </Absent>
      )}
    </Section>
  )
}

function ListeAvis({ lignes }: { lignes: AvisCommission['avis'] | AvisCommission['recommandations'] }): ReactElement {
  return (
    <ListeSobre
      lignes={lignes.map(({ id, libelle, precision, reference }) => ({
        cle: id,
        titre: libelle,
        note: precision === undefined ? reference : `${precision}. ${reference}`,
      }))}
    />
  )
}

function SectionAvis({ charte }: LectureCharte): ReactElement {
  const { avis } = charte
  return (
    <Section titre="Avis et recommandations de la commission" id="avis">
      {avis ? (
        <>
          <div className="colonnes-moities">
            <section className="carte" aria-labelledby="avis-fermes">
              <div className="carte-t">
                <h3 id="avis-fermes">Avis</h3>
                <span className="note">{formatNombre(avis.avis.length)}, liste fermée</span>
              </div>
              <ListeAvis lignes={avis.avis} />
            </section>
            <section className="carte" aria-labelledby="recommandations">
              <div className="carte-t">
                <h3 id="recommandations">Recommandations</h3>
                <span className="note">{formatNombre(avis.recommandations.length)}, liste ouverte</span>
              </div>
              <ListeAvis lignes={avis.recommandations} />
              <p className="note mt2">La commission peut en écrire d’autres.</p>
            </section>
          </div>
          <LigneProvenance provenance={avis} />
        </>
      ) : (
        <Absent quoi="Pas de liste d’avis">Ce document ne liste ni avis ni recommandations de la commission.</Absent>
      )}
    </Section>
  )
}

const QUALITES = { signataire: 'Signataire', engage: 'Engagé, sans signature' } as const

function SectionSignataires({ charte, lien }: LectureCharte): ReactElement {
  const { signataires } = charte
  const engages = signataires?.signataires.filter(({ qualite }) => qualite === 'engage').length ?? 0
  return (
    <Section
      titre="Signataires"
      compte={
        signataires &&
        `${pluriel(signataires.signataires.length - engages, 'organisme', 'organismes')}${engages > 0 ? `, et ${formatNombre(engages)} avec des engagements sans signature` : ''}`
      }
      id="signataires"
    >
      {signataires ? (
        <>
          <Tableau
            legende="Organismes signataires, et ceux qui ont des engagements sans avoir signé"
            largeur="moyen"
            lignes={signataires.signataires}
            cle={({ organisme }) => organisme}
            colonnes={[
              {
                cle: 'organisme',
                titre: 'Organisme',
                principale: true,
                large: true,
                rendre: ({ organisme }) => <b>{organisme}</b>,
              },
              {
                cle: 'qualite',
                titre: 'Qualité',
                rendre: ({ qualite }) =>
                  qualite === 'signataire' ? (
                    QUALITES[qualite]
                  ) : (
                    <Etiquette ton="bientot" icone="info">
                      {QUALITES[qualite]}
                    </Etiquette>
                  ),
              },
              {
                cle: 'engagements',
                titre: 'Ses engagements',
                rendre: ({ partenaire }) => {
                  const trouve = charte.partenaires.find(({ id }) => id === partenaire)
                  if (!trouve) return <span className="note">Généraux seulement</span>
                  const nombre = charte.engagements.filter((un) => un.partenaire === trouve.id).length
                  return (
                    <a href={lien('/charte/engagements', { partenaire: trouve.id })}>
                      {trouve.court}, {formatNombre(nombre)}
                    </a>
                  )
                },
              },
              {
                cle: 'remarque',
                titre: 'Remarque',
                large: true,
                rendre: ({ remarque }) => <span className="note">{remarque}</span>,
              },
            ]}
          />
          <p className="note mt2">
            Des organismes, jamais des personnes. Un engagement sans signature est proposé : il n’est pas compté comme
            un manquement.
          </p>
          <LigneProvenance provenance={signataires} />
        </>
      ) : (
        <Absent quoi="Pas de signataire">
          {charte.nature === 'charte'
            ? 'La liste des signataires n’est pas encore écrite dans les données du département.'
            : 'Des fiches-actions n’ont pas de signataire : chaque fiche dit qui la pilote.'}
        </Absent>
      )}
    </Section>
  )
}

function SectionSigles({ charte }: LectureCharte): ReactElement {
  const { sigles } = charte
  const tries = (sigles?.sigles ?? []).toSorted((a, b) => a.sigle.localeCompare(b.sigle, 'fr'))
  return (
    <Section titre="Sigles" compte={sigles ? formatNombre(tries.length) : undefined} id="sigles">
      {sigles ? (
        <>
          <div className="carte">
            <dl className="sigles">
              {tries.map(({ sigle, sens, remarque }) => (
                <div key={`${sigle} ${sens}`}>
                  <dt translate="no">{sigle}</dt>
                  <dd>
                    {sens}
                    {remarque !== undefined && <small>{remarque}</small>}
                  </dd>
                </div>
              ))}
            </dl>
          </div>
          <LigneProvenance provenance={sigles} />
        </>
      ) : (
        <Absent quoi="Pas de sigle">Ce document n’a pas de liste de sigles.</Absent>
      )}
    </Section>
  )
}

function PageDocument({ requete, lecture }: { requete: Requete; lecture: LectureCharte }): ReactElement {
  const ancres = [
    ['objectifs', 'Objectifs à chaque étape'],
    ['avis', 'Avis et recommandations'],
    ['signataires', 'Signataires'],
    ['sigles', 'Sigles'],
  ] as const
  return (
    <CadreCharte
      requete={requete}
      lecture={lecture}
      partie="document"
      titre="Ce que dit le document"
      fil={[{ libelle: 'Le document' }]}
      chapo={lecture.charte.titre}
    >
      <nav aria-label="Dans cette page" className="sans-impression">
        <ul className="sommaire">
          {ancres.map(([id, libelle]) => (
            <li key={id}>
              <a href={`#${id}`}>{libelle}</a>
            </li>
          ))}
        </ul>
      </nav>
      <SectionObjectifs {...lecture} />
      <SectionAvis {...lecture} />
      <SectionSignataires {...lecture} />
      <SectionSigles {...lecture} />
    </CadreCharte>
  )
}
