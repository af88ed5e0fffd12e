import type { ReactElement, ReactNode } from 'react'
import { aLeDroit } from '#acces'
import {
  type Delai,
  ETAPES_DROIT,
  ecrireComputation,
  ecrireDuree,
  FIABILITES,
  NATURES,
  SITUATIONS,
  type Valeur,
} from '#procedure'
import type { DepartementCharge } from '#referentiel'
import { Introuvable } from '#socle/errors'
import { accorder, formatDate, formatNombre } from '#socle/typography'
import { Cadre } from '../cadre.tsx'
import {
  AxePeriodes,
  Carte,
  Colonnes,
  Etiquette,
  type LigneDefinition,
  ListeDefinition,
  ListeSobre,
  Message,
  Pile,
  Section,
  Tableau,
} from '../composants/index.ts'
import { page, type Reponse, type Requete } from '../route.ts'
import { GENRES, listerRegles, type RegleMontree, trouverRegle, type VersionMontree } from './lecture.ts'
import { EtiquettesRegle, ecrirePeriode, enPeriodes, Fiabilite, Source, Texte } from './parties.tsx'
import {
  type CasMontre,
  ecrireCasDelai,
  ecrireCasSeuil,
  ecrireCasValeur,
  majuscule,
  nommerFait,
  nommerFaits,
} from './phrases.ts'
import { listerUsages } from './usages.ts'

/** GET /droit/:genre/:nom. */
export async function montrerRegle(requete: Requete): Promise<Reponse> {
  const { genre, nom } = requete.parametres
  const regles = listerRegles(requete.session)
  const regle = regles.find((une) => une.genre === genre && une.nom === nom)
  if (!regle) throw new Introuvable()
  return page(<PageRegle requete={requete} regle={regle} regles={regles} />)
}

function lireCas({ session }: Requete, regle: RegleMontree): readonly CasMontre[] {
  if (regle.delai) return ecrireCasDelai(regle.delai, session.delais)
  if (regle.valeur) return ecrireCasValeur(regle.valeur)
  const seuil = session.referentiel.seuils.get(regle.id)
  return seuil ? ecrireCasSeuil(session.referentiel, session.dept, seuil) : []
}

function Versions({ regle, jour }: { regle: RegleMontree; jour: Temporal.PlainDate }): ReactElement {
  const saisons = regle.genre === 'calendrier'
  const montrees = saisons ? regle.versions.filter((version) => estProche(version, jour)) : regle.versions
  const periodes = enPeriodes(montrees)
  const premier = montrees[0]?.du ?? jour
  const dernier = montrees.flatMap(({ du, jusquAu }) => [du, jusquAu ?? du]).reduce(plusTard, jour)
  const criteres = regle.versions.some(({ pour }) => pour !== '')
  return (
    <Section
      titre="Dans le temps"
      compte={`${formatNombre(regle.versions.length)} ${saisons ? 'saisons' : accorder(regle.versions.length, 'version', 'versions')}`}
      id="versions"
    >
      <Pile>
        <div className="carte axe-cadre">
          <AxePeriodes
            id="axe"
            titre={`Versions de « ${regle.court} » dans le temps`}
            periodes={periodes}
            aujourdhui={jour}
            debut={Temporal.PlainDate.from({ year: premier.year, month: 1, day: 1 })}
            fin={Temporal.PlainDate.from({ year: dernier.year + 1, month: 12, day: 31 })}
          />
        </div>
        <Tableau
          legende="Versions, avec leur source"
          largeur="moyen"
          lignes={regle.versions}
          cle={({ cle }) => cle}
          colonnes={[
            {
              cle: 'dates',
              titre: 'Dates d’effet',
              principale: true,
              rendre: (version) => majuscule(ecrirePeriode(version, jour)),
            },
            {
              cle: 'valeur',
              titre: 'Valeur',
              large: true,
              rendre: (version) => (
                <>
                  {version.seconde && 'Seconde lecture : '}
                  <Texte version={version} />
                  {version.reserve !== null && <small>{version.reserve}</small>}
                  {version.ensuite !== null && <small>Ensuite : {version.ensuite}</small>}
                </>
              ),
            },
            ...(criteres
              ? [{ cle: 'pour', titre: 'Pour', rendre: ({ pour }: { pour: string }) => majuscule(pour) }]
              : []),
            { cle: 'source', titre: 'Source', large: true, rendre: (version) => <Source version={version} /> },
            { cle: 'fiabilite', titre: 'Fiabilité', rendre: (version) => <Fiabilite version={version} /> },
          ]}
        />
      </Pile>
    </Section>
  )
}

/** Seasons of the truce around a day: the others are in the table. */
const SAISONS_AUTOUR = 3

function estProche({ du }: VersionMontree, jour: Temporal.PlainDate): boolean {
  return Math.abs(du.year - jour.year) <= SAISONS_AUTOUR
}

const minuscule = (texte: string): string => texte.charAt(0).toLowerCase() + texte.slice(1)

const plusTard = (a: Temporal.PlainDate, b: Temporal.PlainDate): Temporal.PlainDate =>
  Temporal.PlainDate.compare(a, b) >= 0 ? a : b

/** How the version is chosen and the days counted, in words. */
function listerReglages({ genre, delai, valeur, rattachement }: RegleMontree): readonly LigneDefinition[] {
  return [
    {
      terme: 'La version se choisit sur',
      valeur: genre === 'calendrier' ? null : majuscule(nommerFaits(rattachement)),
    },
    ...(delai ? reglagesDelai(delai) : []),
    ...(valeur ? reglagesValeur(valeur) : []),
  ]
}

function reglagesDelai(delai: Delai): readonly LigneDefinition[] {
  const methodes = Map.groupBy(delai.versions, ({ computation }) => ecrireComputation(computation))
  const nommer = (faits: Delai['tenuPar']) =>
    faits.length === 0 ? null : majuscule(faits.map(nommerFait).join(', ou '))
  return [
    { terme: 'Le délai part de', valeur: majuscule(nommerFaits(delai.depart)) },
    {
      terme: 'Comment on compte',
      valeur: [...methodes].map(([methode, versions]) => (
        <p key={methode}>
          {methodes.size > 1 && `${[...new Set(versions.map(({ duree }) => ecrireDuree(duree)))].join(', ')} : `}
          {methodes.size > 1 ? minuscule(methode) : methode}
        </p>
      )),
    },
    { terme: 'Nature', valeur: majuscule(NATURES[delai.nature]) },
    {
      terme: 'Date imprimée sur l’acte',
      valeur: delai.imprime && 'Elle l’emporte sur le calcul ; un écart est signalé.',
    },
    { terme: 'Tenu par', valeur: nommer(delai.tenuPar) },
    { terme: 'Sans objet après', valeur: nommer(delai.sansObjetApres) },
    { terme: 'Seulement pour', valeur: delai.seulementSi && majuscule(SITUATIONS[delai.seulementSi].oui) },
    {
      terme: 'Avancé par',
      valeur: delai.auPlusTard && <a href={`/droit/delais/${delai.auPlusTard.nom}`}>{delai.auPlusTard.libelleCourt}</a>,
    },
    { terme: 'Sa fin établit', valeur: delai.etablit && majuscule(nommerFait(delai.etablit)) },
  ]
}

function reglagesValeur({ seulementSi, mesures }: Valeur): readonly LigneDefinition[] {
  const compares = { dette: 'la dette', rappel_aide: 'le rappel d’aide' } as const
  return [
    { terme: 'Seulement pour', valeur: seulementSi && majuscule(SITUATIONS[seulementSi].oui) },
    {
      terme: 'Comparé avec',
      valeur: mesures.length === 0 ? null : majuscule(mesures.map((mesure) => compares[mesure]).join(', ou ')),
    },
  ]
}

/** What the law leaves open, or what must be asked. */
function listerDoutes({ delai, valeur }: RegleMontree): readonly { readonly cle: string; readonly texte: ReactNode }[] {
  const regle = delai ?? valeur
  if (!regle) return []
  const { rattachementDiscute: discute, transition } = regle
  return [
    ...(discute
      ? [
          {
            cle: 'discute',
            texte: (
              <>
                {discute.reserve} Seconde date : {nommerFait(discute.fait)}.{' '}
                <span className="note">
                  Source : {discute.source.titre}. {FIABILITES[discute.fiabilite]}.
                </span>
              </>
            ),
          },
        ]
      : []),
    ...(transition
      ? [
          {
            cle: 'transition',
            texte: `${transition.reserve} Si la ${nommerFait(transition.closPar)} est connue et antérieure, rien n’est à confirmer.`,
          },
        ]
      : []),
    ...(delai?.versions ?? []).flatMap(({ effetDiffere: effet, du }) =>
      effet
        ? [
            {
              cle: `effet ${du}`,
              texte: (
                <>
                  {effet.libelle} par la trêve hivernale, des délais accordés ou un protocole.{' '}
                  <span className="note">
                    Source : {effet.source.titre}, {effet.source.reference}. {FIABILITES[effet.fiabilite]}.
                  </span>
                </>
              ),
            },
          ]
        : [],
    ),
    ...(delai?.alertes ?? []).map(({ texte }) => ({ cle: texte, texte })),
    ...(valeur?.alertes ?? []).map(({ texte }) => ({ cle: texte, texte })),
  ]
}

/** What prefects set before the national threshold: kept to replay old files. */
function Arretes({ arretes }: { arretes: DepartementCharge['arretes'] }): ReactElement {
  return (
    <Section titre="Arrêtés du préfet" compte="avant le seuil national" id="arretes">
      <Tableau
        legende="Arrêtés du préfet qui fixaient le seuil dans ce département"
        largeur="moyen"
        lignes={arretes}
        cle={({ id }) => id}
        colonnes={[
          {
            cle: 'dates',
            titre: 'Dates d’effet',
            principale: true,
            rendre: ({ du, jusqu_au: fin }) =>
              fin ? `Du ${formatDate(du)} au ${formatDate(fin)}` : `Depuis le ${formatDate(du)}`,
          },
          {
            cle: 'seuil',
            titre: 'Seuil',
            large: true,
            rendre: ({ seuil }) =>
              seuil ? (
                <b>{`${seuil.mois} mois d’impayé, ou ${seuil.loyers} fois le loyer hors charges`}</b>
              ) : (
                <Etiquette ton="reserve">non connu</Etiquette>
              ),
          },
          {
            cle: 'source',
            titre: 'Source',
            large: true,
            rendre: ({ source }) => [source.titre, source.reference].filter((mot) => mot !== null).join(', '),
          },
        ]}
      />
    </Section>
  )
}

function Exemples({ cas }: { cas: readonly CasMontre[] }): ReactElement {
  const avecDonnees = cas.some(({ donnees }) => donnees !== '')
  const nommes = cas.some(({ cas: nom }) => !/^\d+$/.test(nom))
  return (
    <Section
      titre="Cas travaillés"
      compte={`${formatNombre(cas.length)} ${accorder(cas.length, 'cas', 'cas')}, vérifiés à chaque version d’Amont`}
      id="exemples"
    >
      <Tableau
        legende="Cas travaillés : ce qui est connu, ce que la règle répond"
        largeur="etroit"
        lignes={cas}
        cle={({ cas: nom, donnees }) => `${nom} ${donnees}`}
        colonnes={[
          ...(nommes ? [{ cle: 'cas', titre: 'Cas', principale: true, rendre: (un: CasMontre) => un.cas }] : []),
          ...(avecDonnees
            ? [
                {
                  cle: 'donnees',
                  titre: 'Ce qui est connu',
                  principale: !nommes,
                  rendre: (un: CasMontre) => un.donnees,
                },
              ]
            : []),
          {
            cle: 'reponse',
            titre: 'Ce que la règle répond',
            rendre: ({ reponse, aVerifier }) => (
              <>
                {reponse} {aVerifier && <Etiquette ton="reserve">à vérifier</Etiquette>}
              </>
            ),
          },
        ]}
      />
    </Section>
  )
}

function PageRegle({
  requete,
  regle,
  regles,
}: {
  requete: Requete
  regle: RegleMontree
  regles: readonly RegleMontree[]
}): ReactElement {
  const { session, acteur } = requete
  const cas = lireCas(requete, regle)
  const doutes = listerDoutes(regle)
  const usages = listerUsages(regle, regles, session, (droit) => aLeDroit(acteur, droit))
  const liees = (regle.delai ?? regle.valeur)?.voir.flatMap((nom) => trouverRegle(regles, nom) ?? []) ?? []
  const arretes = (session.referentiel.departements.get(session.dept)?.arretes ?? []).filter(
    ({ precise }) => precise === regle.id,
  )
  const exceptions = regle.genre === 'calendrier' ? session.delais.calendrier.exceptionsTreve : []
  return (
    <Cadre
      requete={requete}
      titre={regle.libelle}
      chapo={`${majuscule(GENRES[regle.genre])}, étape « ${ETAPES_DROIT[regle.etape]} ».`}
      fil={[{ libelle: 'Délais, seuils et valeurs du droit', href: '/droit' }, { libelle: regle.court }]}
      large
    >
      <Pile>
        <EtiquettesRegle regle={regle} jour={session.jour} />
        {regle.remarques.length > 0 && (
          <Message
            ton={regle.etats.has('expire') ? 'retard' : regle.etats.has('bientot') ? 'bientot' : 'reserve'}
            icone="doute"
          >
            <ul>
              {regle.remarques.map(({ genre, libelle, detail }) => (
                <li key={`${genre} ${libelle} ${detail}`}>{majuscule(detail).replace(/\.?$/, '.')}</li>
              ))}
            </ul>
          </Message>
        )}
        <Versions regle={regle} jour={session.jour} />
        {arretes.length > 0 && <Arretes arretes={arretes} />}
        <Colonnes genre="moities">
          <Pile>
            <Carte titre="Comment elle s’applique">
              <ListeDefinition lignes={listerReglages(regle)} />
              {exceptions.length > 0 && (
                <div className="texte mt2">
                  <p>La trêve suspend l’exécution, pas la procédure. Elle ne vaut pas dans ces cas :</p>
                  <ul>
                    {exceptions.map((exception) => (
                      <li key={exception}>{exception}</li>
                    ))}
                  </ul>
                </div>
              )}
            </Carte>
            {doutes.length > 0 && (
              <Carte titre="Ce que le droit laisse ouvert, ce qu’il faut demander">
                <div className="texte">
                  <ul>
                    {doutes.map(({ cle, texte }) => (
                      <li key={cle}>{texte}</li>
                    ))}
                  </ul>
                </div>
              </Carte>
            )}
          </Pile>
          <Pile>
            <Carte titre="Où elle sert">
              <ListeSobre
                lignes={usages.map(({ libelle, href }) => ({
                  cle: libelle,
                  titre: href === null ? libelle : <a href={href}>{libelle}</a>,
                }))}
              />
              <p className="note mt2">
                Fichier : <code>{`donnees/${regle.id}.yaml`}</code>
              </p>
            </Carte>
            {liees.length > 0 && (
              <Carte titre="À lire avec elle">
                <ListeSobre
                  lignes={liees.map(({ id, href, court, libelle }) => ({
                    cle: id,
                    titre: <a href={href}>{court}</a>,
                    note: libelle === court ? undefined : libelle,
                  }))}
                />
              </Carte>
            )}
          </Pile>
        </Colonnes>
        {cas.length > 0 && <Exemples cas={cas} />}
        <p className="note">
          Au {formatDate(session.jour)}. Amont ne rend pas d’avis juridique : une irrégularité probable se signale, elle
          ne bloque rien.
        </p>
      </Pile>
    </Cadre>
  )
}
