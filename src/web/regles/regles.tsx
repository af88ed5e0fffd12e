import type { ReactElement, ReactNode } from 'react'
import { aLeDroit, type Session } from '#acces'
import { lireTexteVersion } from '#charte'
import {
  CLES_PARAMETRES,
  type CleParametre,
  type Criteres,
  type DepartementCharge,
  definitionParametre,
  ecrireJour,
  ecrireValeur,
  MISSIONS,
  parametre,
  type Repartition,
  SERVICES,
  type SourceReglementaire,
  VOCABULAIRE,
} from '#referentiel'
import { Introuvable } from '#socle/errors'
import { accorder, formatDate, formatJourMois, formatNombre } from '#socle/typography'
import { Cadre } from '../cadre.tsx'
import {
  Bouton,
  Carte,
  EtatVide,
  Etiquette,
  ListeDefinition,
  Message,
  Pile,
  Plus,
  Section,
  Tableau,
} from '../composants/index.ts'
import { page, type Reponse, type Requete } from '../route.ts'
import { nommerMois } from './mois.ts'
import { ecrireCondition, type LireParametre, type Phrase } from './phrase.ts'

/** The département of a session. */
export function lireDepartement({ referentiel, dept }: Pick<Session, 'referentiel' | 'dept'>): DepartementCharge {
  const departement = referentiel.departements.get(dept)
  if (!departement) throw new Error(`département ${dept} absent from the référentiel`)
  return departement
}

interface Dates {
  readonly du: Temporal.PlainDate
  readonly jusqu_au?: Temporal.PlainDate | null | undefined
}

/** The version in force on a day, if any. */
export function enVigueur<V extends Dates>(versions: readonly V[], jour: Temporal.PlainDate): V | null {
  const version = versions.findLast(({ du }) => Temporal.PlainDate.compare(du, jour) <= 0)
  return version && (!version.jusqu_au || Temporal.PlainDate.compare(jour, version.jusqu_au) <= 0) ? version : null
}

/** GET /regles. */
export async function montrerRegles(requete: Requete): Promise<Reponse> {
  return page(<PageRegles requete={requete} departement={lireDepartement(requete.session)} />)
}

/** Text of the dispatch rules in force, as the département keeps them: a file shipped, or a version it approved. */
export async function lireTexteRegles(session: Session): Promise<{ nom: string; texte: string } | null> {
  const version = enVigueur(lireDepartement(session).repartitions, session.jour)
  if (!version) return null
  const nom = version.id.startsWith('local/') ? `repartition-${version.du}` : version.id.split('/').at(-1)
  return { nom: `${nom}.yaml`, texte: await lireTexteVersion(session, version.id) }
}

/** GET /regles/repartition.yaml: the starting point of a simulation. */
export async function telechargerRegles({ session }: Requete): Promise<Reponse> {
  const fichier = await lireTexteRegles(session)
  if (!fichier) throw new Introuvable()
  return {
    genre: 'fichier',
    nom: fichier.nom,
    type: 'application/yaml; charset=utf-8',
    octets: Buffer.from(fichier.texte),
  }
}

/** A period in words: « Du 25 janvier 2021 au 25 janvier 2027 ». */
export const periode = ({ du, jusqu_au }: Dates): string =>
  jusqu_au ? `Du ${ecrireJour(du)} au ${ecrireJour(jusqu_au)}` : `Depuis le ${ecrireJour(du)}`

export interface Preuve {
  readonly source: SourceReglementaire
  readonly fiabilite: string
  readonly verifie_le: Temporal.PlainDate | null
}

/** How far a value may be relied upon, in words. */
export const FIABILITES: Readonly<Record<string, string>> = {
  C: 'confirmée',
  S: 'usage local, lu dans les documents du département',
  C2: 'source de seconde main',
  NC: 'non confirmée',
  defaut: 'valeur posée par Amont',
}

/** « À vérifier », « à compléter », or the day of the check. */
export function EtiquettePreuve({ preuve }: { preuve: Preuve }): ReactElement | null {
  if (preuve.fiabilite === 'defaut') return <Etiquette ton="bientot">à compléter</Etiquette>
  if (preuve.verifie_le === null || preuve.fiabilite === 'NC' || preuve.fiabilite === 'C2')
    return <Etiquette ton="reserve">à vérifier</Etiquette>
  return <Etiquette ton="tenu">vérifié le {formatDate(preuve.verifie_le)}</Etiquette>
}

/** A source in one line. */
export function ecrireSource({ titre, reference }: SourceReglementaire): string {
  return reference === null ? titre : `${titre}, ${reference}`
}

function Provenance({ version }: { version: Dates & Preuve & { readonly libelle?: string } }): ReactElement {
  return (
    <ListeDefinition
      lignes={[
        { terme: 'En vigueur', valeur: periode(version) },
        { terme: 'Source', valeur: ecrireSource(version.source) },
        { terme: 'Fiabilité', valeur: FIABILITES[version.fiabilite] ?? version.fiabilite },
        {
          terme: 'Relecture',
          valeur:
            version.verifie_le === null ? (
              <Etiquette ton="reserve">à vérifier par un juriste</Etiquette>
            ) : (
              `Relue le ${formatDate(version.verifie_le)}`
            ),
        },
      ]}
    />
  )
}

/** A setting in French, days and months of the year included. */
export function ecrireReglage(cle: CleParametre, valeur: string | number | boolean): string {
  const { unite } = definitionParametre(cle)
  if (unite === 'numero_de_mois') return nommerMois(Number(valeur))
  if (unite === 'mois_jour') return formatJourMois(Temporal.PlainDate.from(`2000-${valeur}`))
  return ecrireValeur(`parametre.${cle}`, valeur)
}

/** Value of a setting on the day, in French; null when nobody gave it. */
export function lireurDeParametres(session: Session): LireParametre {
  const departement = lireDepartement(session)
  return (cle) => {
    if (!(CLES_PARAMETRES as readonly string[]).includes(cle)) return null
    const reponse = parametre(departement, cle as CleParametre, session.jour)
    return reponse.etat === 'valeur' ? ecrireReglage(cle as CleParametre, reponse.valeur) : null
  }
}

/** A condition in French, as nested lists. */
export function EnPhrases({ phrase }: { phrase: Phrase }): ReactElement {
  if (phrase.genre === 'fait') return <>{phrase.texte}</>
  return (
    <>
      {phrase.genre === 'toutes' ? 'à la fois :' : 'l’un de ces cas :'}
      <ul>
        {phrase.parts.map((part, rang) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: parts of a sentence, never reordered
          <li key={rang}>
            <EnPhrases phrase={part} />
          </li>
        ))}
      </ul>
    </>
  )
}

/** A condition in French, and as the data file writes it. */
function Condition({ texte, lire }: { texte: string; lire: LireParametre }): ReactElement {
  return (
    <Plus libelle="Condition exacte">
      <div className="texte note">
        <div>
          <EnPhrases phrase={ecrireCondition(texte, lire)} />
        </div>
        <p>
          <code>{texte}</code>
        </p>
      </div>
    </Plus>
  )
}

const ORDRES = {
  deja_connu: 'le connaît déjà',
  profil: 'c’est son public',
  a_defaut: 'prend tous les autres',
} as const

type Volet = Repartition['volets'][number]

function Volet({ volet, regles, lire }: { volet: Volet; regles: Repartition; lire: LireParametre }): ReactElement {
  const memes =
    volet.memes_regles_que === undefined ? undefined : regles.volets.find(({ id }) => id === volet.memes_regles_que)
  const suite = volet.regles ?? []
  return (
    <Carte titre={volet.libelle} niveau={3} id={`volet-${volet.id}`} aside={volet.mission && MISSIONS[volet.mission]}>
      {volet.si && <Condition texte={volet.si.texte} lire={lire} />}
      {volet.sans_prise_en_charge && (
        <p className="mt2">
          <b>Aucun service n’est désigné.</b> {volet.sans_prise_en_charge.motif}{' '}
          <span className="note">{volet.sans_prise_en_charge.reference}</span>
        </p>
      )}
      {memes && (
        <p className="mt2">
          Mêmes services, dans le même ordre, que « <a href={`#volet-${memes.id}`}>{memes.libelle}</a> ».
        </p>
      )}
      {suite.length > 0 && (
        <Tableau
          legende={`Services sollicités : ${volet.libelle}`}
          largeur="moyen"
          lignes={suite}
          cle={({ id }) => id}
          colonnes={[
            { cle: 'rang', titre: 'Rang', numerique: true, rendre: (regle) => formatNombre(suite.indexOf(regle) + 1) },
            {
              cle: 'service',
              titre: 'Service',
              principale: true,
              rendre: ({ service, ordre }) => (
                <>
                  <b>{majuscule(SERVICES[service])}</b>
                  <small>{ORDRES[ordre]}</small>
                </>
              ),
            },
            {
              cle: 'quand',
              titre: 'Quand',
              large: true,
              rendre: ({ libelle, si, modalite }) => (
                <>
                  {libelle}
                  {modalite !== undefined && <small>{modalite}</small>}
                  {si ? (
                    <Condition texte={si.texte} lire={lire} />
                  ) : (
                    <small>Sans condition : personne n’est oublié.</small>
                  )}
                </>
              ),
            },
            { cle: 'source', titre: 'Source', rendre: ({ reference }) => <span className="note">{reference}</span> },
          ]}
        />
      )}
      {volet.recours && (
        <p className="mt2">
          <b>Si tous ont répondu non :</b> {volet.recours.libelle}{' '}
          <span className="note">{volet.recours.reference}</span>
        </p>
      )}
    </Carte>
  )
}

/** First letter in upper case. */
export const majuscule = (texte: string): string => `${texte.charAt(0).toUpperCase()}${texte.slice(1)}`

function SectionRepartition({ session, version }: { session: Session; version: Repartition | null }): ReactElement {
  const lire = lireurDeParametres(session)
  if (!version) {
    return (
      <Section titre="Qui est sollicité" id="repartition">
        <EtatVide titre="Aucune règle en vigueur" niveau={3}>
          Le document du département n’a pas de règle de répartition à cette date : aucun service ne peut être désigné
          tant qu’une nouvelle version n’est pas écrite.
        </EtatVide>
      </Section>
    )
  }
  return (
    <Section titre="Qui est sollicité, dans quel ordre" compte={version.libelle} id="repartition">
      <Pile>
        <Provenance version={version} />
        <Message>
          <p>
            La première situation qui correspond au ménage donne la liste des services, sollicités l’un après l’autre.
            Un service qui répond « pas pour nous », ou qui ne répond pas dans le délai, laisse la place au suivant. Une
            donnée absente se vérifie : elle ne vaut jamais « non ».
          </p>
        </Message>
        {version.volets.map((volet) => (
          <Volet key={volet.id} volet={volet} regles={version} lire={lire} />
        ))}
        {version.offres && version.offres.length > 0 && (
          <Carte titre="Aides proposées à côté" niveau={3} aside="Sans prise en charge">
            <Tableau
              legende="Aides proposées à côté de la cascade"
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
                {
                  cle: 'quand',
                  titre: 'Quand',
                  large: true,
                  rendre: ({ libelle, si }) => (
                    <>
                      {libelle}
                      <Condition texte={si.texte} lire={lire} />
                    </>
                  ),
                },
                {
                  cle: 'source',
                  titre: 'Source',
                  rendre: ({ reference }) => <span className="note">{reference}</span>,
                },
              ]}
            />
          </Carte>
        )}
      </Pile>
    </Section>
  )
}

function SectionCriteres({ session, version }: { session: Session; version: Criteres | null }): ReactElement {
  const lire = lireurDeParametres(session)
  return (
    <Section titre="Critères de la commission" compte={version?.libelle} id="criteres">
      {version === null ? (
        <EtatVide titre="Aucun critère en vigueur" niveau={3}>
          Le document du département n’a pas de critère à cette date.
        </EtatVide>
      ) : (
        <Pile>
          <Provenance version={version} />
          {version.groupes.map((groupe) => (
            <Carte key={groupe.id} titre={groupe.libelle} niveau={3}>
              {groupe.champ && (
                <div className="texte note">
                  Seulement quand : <EnPhrases phrase={ecrireCondition(groupe.champ.texte, lire)} />
                </div>
              )}
              <Tableau
                legende={`Critères : ${groupe.libelle}`}
                largeur="moyen"
                lignes={groupe.criteres}
                cle={({ id }) => id}
                colonnes={[
                  { cle: 'libelle', titre: 'Critère', principale: true, rendre: ({ libelle }) => <b>{libelle}</b> },
                  {
                    cle: 'quand',
                    titre: 'Retenu quand',
                    large: true,
                    rendre: ({ si }): ReactNode =>
                      si ? (
                        <div className="texte">
                          <div>
                            <EnPhrases phrase={ecrireCondition(si.texte, lire)} />
                          </div>
                          <Plus libelle="Écriture exacte">
                            <code>{si.texte}</code>
                          </Plus>
                        </div>
                      ) : (
                        'Laissé à l’appréciation du secrétariat, qui en écrit le motif.'
                      ),
                  },
                  {
                    cle: 'source',
                    titre: 'Source',
                    rendre: ({ reference }) => <span className="note">{reference}</span>,
                  },
                ]}
              />
            </Carte>
          ))}
        </Pile>
      )}
    </Section>
  )
}

function SectionParametres({
  session,
  departement,
}: {
  session: Session
  departement: DepartementCharge
}): ReactElement {
  const lignes = CLES_PARAMETRES.filter((cle) => cle in departement.parametres).map((cle) => {
    const reponse = parametre(departement, cle, session.jour)
    const version = departement.parametres[cle]?.versions.findLast(
      ({ du }) => Temporal.PlainDate.compare(du, session.jour) <= 0,
    )
    return { cle, reponse, version, sens: definitionParametre(cle).sens }
  })
  const vides = lignes.filter(({ reponse }) => reponse.etat !== 'valeur').length
  return (
    <Section
      titre="Valeurs réglées par le département"
      compte={vides === 0 ? 'Toutes sont données' : `${formatNombre(vides)} à compléter`}
      id="parametres"
    >
      <Tableau
        legende="Valeurs réglées par le département, avec leur source"
        lignes={lignes}
        cle={({ cle }) => cle}
        colonnes={[
          { cle: 'sens', titre: 'Réglage', principale: true, large: true, rendre: ({ sens }) => majuscule(sens) },
          {
            cle: 'valeur',
            titre: 'Valeur',
            rendre: ({ cle, reponse }) =>
              reponse.etat === 'valeur' ? (
                <b>{ecrireReglage(cle, reponse.valeur)}</b>
              ) : (
                <Etiquette ton="bientot">à compléter</Etiquette>
              ),
          },
          {
            cle: 'preuve',
            titre: 'Fiabilité',
            rendre: ({ version }) => version && <EtiquettePreuve preuve={version} />,
          },
          {
            cle: 'source',
            titre: 'Source',
            large: true,
            rendre: ({ version }) =>
              version && (
                <>
                  <span className="note">{ecrireSource(version.source)}</span>
                  {version.remarque !== undefined && <small>{version.remarque}</small>}
                </>
              ),
          },
        ]}
        apres={
          vides > 0 && (
            <div className="pages">
              <span className="note">
                Une valeur à compléter n’est jamais remplacée par une autre : ce qui en dépend reste « à vérifier ». Les
                pilotes la donnent en préparant une <a href="/regles/versions#parametres">version</a>.
              </span>
            </div>
          )
        }
      />
    </Section>
  )
}

function SectionVocabulaire(): ReactElement {
  const faits = VOCABULAIRE.filter(({ genre }) => genre === 'fait')
  return (
    <Section titre="Mots des règles" compte={`${formatNombre(faits.length)} mots`} id="mots">
      <Plus libelle="Voir les mots qu’une règle peut lire, et d’où ils viennent">
        <Tableau
          legende="Mots qu’une règle peut lire"
          lignes={faits}
          cle={({ nom }) => nom}
          colonnes={[
            { cle: 'nom', titre: 'Mot', principale: true, rendre: ({ nom }) => <code>{nom}</code> },
            {
              cle: 'sens',
              titre: 'Sens',
              large: true,
              rendre: ({ nom, sens, valeurs }) => (
                <>
                  {majuscule(sens)}
                  {valeurs && <small>{valeurs.map((valeur) => ecrireValeur(nom, valeur)).join(', ')}</small>}
                </>
              ),
            },
            {
              cle: 'origine',
              titre: 'D’où il vient',
              rendre: ({ colonnes, calcule }) => (
                <span className="note">
                  {colonnes.length > 0
                    ? colonnes.map((colonne) => <code key={colonne}>{colonne} </code>)
                    : calcule
                      ? 'calculé'
                      : 'non recueilli par les fichiers'}
                </span>
              ),
            },
          ]}
        />
      </Plus>
    </Section>
  )
}

function PageRegles({ requete, departement }: { requete: Requete; departement: DepartementCharge }): ReactElement {
  const { session, acteur } = requete
  const charte = enVigueur(departement.chartes, session.jour)
  const repartition = enVigueur(departement.repartitions, session.jour)
  const criteres = enVigueur(departement.criteres, session.jour)
  const avenir = departement.repartitions.filter(({ du }) => Temporal.PlainDate.compare(du, session.jour) > 0)
  return (
    <Cadre
      requete={requete}
      titre={`Règles et critères : ${departement.nom}`}
      chapo={
        charte
          ? `${charte.titre}, ${periode(charte).toLowerCase()}. Tout ce qui décide ici vient de ce document, avec sa source.`
          : 'Aucun document en vigueur à cette date.'
      }
      large
      actions={
        <>
          <Bouton href="/droit" petit icone="horloge">
            Délais et seuils du droit
          </Bouton>
          <Bouton href="/charte" petit>
            La charte
          </Bouton>
          {repartition && (
            <Bouton href="/regles/repartition.yaml" petit fichier icone="doc">
              Télécharger les règles
            </Bouton>
          )}
          <Bouton href="/regles/versions" petit icone="horloge">
            Versions
          </Bouton>
          {aLeDroit(acteur, 'regle.simuler') && (
            <Bouton href="/regles/simuler" petit genre="principal" icone="reglages">
              Simuler un changement
            </Bouton>
          )}
        </>
      }
      vues={{
        libelle: 'Parties de la page',
        onglets: [
          { href: '#repartition', libelle: 'Répartition' },
          { href: '#criteres', libelle: 'Critères' },
          { href: '#parametres', libelle: 'Valeurs réglées' },
          { href: '#mots', libelle: 'Mots des règles' },
        ],
      }}
    >
      <Pile>
        {charte?.jusqu_au && Temporal.PlainDate.compare(charte.jusqu_au, session.jour.add({ days: 183 })) <= 0 && (
          <Message ton="bientot">
            <p>
              <b>Ce document prend fin le {ecrireJour(charte.jusqu_au)}.</b>{' '}
              {avenir.length > 0
                ? `La suite est prête : elle commence le ${ecrireJour(avenir[0]?.du ?? session.jour)}.`
                : 'Aucune version suivante n’est écrite : passé ce jour, plus aucun service ne pourra être désigné.'}
            </p>
          </Message>
        )}
        <SectionRepartition session={session} version={repartition} />
        <SectionCriteres session={session} version={criteres} />
        <SectionParametres session={session} departement={departement} />
        <SectionVocabulaire />
        {departement.repartitions.length > 1 && (
          <p className="note">
            {formatNombre(departement.repartitions.length)}{' '}
            {accorder(departement.repartitions.length, 'version connue', 'versions connues')} de la règle de répartition
            ; celle du jour est montrée.
          </p>
        )}
      </Pile>
    </Cadre>
  )
}
