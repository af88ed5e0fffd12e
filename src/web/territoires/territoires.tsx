import type { ReactElement, ReactNode } from 'react'
import { aLeDroit } from '#acces'
import type { MaireVolontaire } from '#commission'
import {
  ecrireJour,
  type Lieu,
  libelleTerritoire,
  listerSecretariats,
  type Secretariat,
  STATUTS_COMMUNE,
  type Territoires,
} from '#referentiel'
import { contracter, formatDate, formatNombre, pluriel } from '#socle/typography'
import { Cadre } from '../cadre.tsx'
import { ongletsCharte } from '../charte/cadre-charte.tsx'
import { lireCharte } from '../charte/lecture.ts'
import {
  Bouton,
  Carte,
  Champ,
  EtatVide,
  Etiquette,
  ListeDefinition,
  ListeSobre,
  Message,
  Pile,
  Section,
  Tableau,
} from '../composants/index.ts'
import { lireDepartement } from '../regles/regles.tsx'
import { page, type Reponse, type Requete } from '../route.ts'
import { direMaire, lieuxDe, lignesDeLaCommune, lireMaires } from './lieux.tsx'
import {
  aConfirmer,
  type CommuneSituee,
  chercherCommune,
  GENRES_ANOMALIE,
  lireRemarque,
  listerAnomalies,
  type ReponseCommune,
} from './recherche.ts'

/** GET /territoires: the search of a commune, then the territories and their secretariats. */
export async function montrerTerritoires(requete: Requete): Promise<Reponse> {
  const departement = lireDepartement(requete.session)
  const { territoires } = departement
  const q = (requete.recherche.q ?? '').trim().slice(0, 120)
  const reponse = q === '' ? null : chercherCommune(territoires, q, requete.session.jour)
  const autour = { lieux: lieuxDe(departement), maires: q === '' ? null : await lireMaires(requete) }
  return page(<PageTerritoires requete={requete} territoires={territoires} q={q} reponse={reponse} autour={autour} />)
}

/** A page about the territories, among the parts of « Mesurer ». */
export function CadreTerritoires({
  requete,
  titre,
  chapo,
  fil,
  actions,
  children,
}: {
  requete: Requete
  titre: string
  chapo?: ReactNode
  fil: readonly { readonly libelle: string; readonly href?: string | undefined }[]
  actions?: ReactNode
  children: ReactNode
}): ReactElement {
  const { session } = requete
  return (
    <Cadre
      requete={requete}
      titre={titre}
      courante="mesurer"
      large
      chapo={chapo}
      actions={actions}
      fil={[{ libelle: 'La charte', href: '/charte' }, ...fil]}
      vues={{
        libelle: 'Parties de la charte',
        onglets: ongletsCharte(lireCharte({ session, recherche: {} }), 'territoires'),
      }}
    >
      <Pile>{children}</Pile>
    </Cadre>
  )
}

/** An office, its address, and what is not known of it. Never a person. */
export function AdresseSecretariat({ secretariat }: { secretariat: Secretariat }): ReactElement {
  const { organisme, service, adresse, telephone, courriel } = secretariat
  return (
    <>
      <b>{organisme}</b>
      <small>{service}</small>
      <small>{adresse.join(', ')}</small>
      <small>
        {telephone === null && courriel === null
          ? 'Ni téléphone ni courriel connus'
          : `${telephone ?? 'Téléphone non connu'}, ${courriel ?? 'courriel non connu'}`}
      </small>
    </>
  )
}

const nommer = (territoires: Territoires, ids: readonly string[]): string =>
  ids.map((id) => libelleTerritoire(territoires, id)).join(', ')

/** « d’Autun », « de Mâcon », « du Creusot », « des Monts ». */
function avecDe(nom: string): string {
  if (nom.startsWith('Le ')) return `du ${nom.slice(3)}`
  if (nom.startsWith('Les ')) return `des ${nom.slice(4)}`
  return /^[AEIOUYÀÂÉÈÊËÎÏÔÛÙ]/i.test(nom) ? `d’${nom}` : `de ${nom}`
}

function FormulaireRecherche({ q }: { q: string }): ReactElement {
  return (
    <search>
      <form className="filtres compact recherche-commune" method="get" action="/territoires#reponse">
        <Champ
          nom="q"
          id="commune"
          genre="search"
          libelle="Où va cette commune ?"
          aide="Nom d’aujourd’hui ou d’hier, hameau, code postal. Les accents et « St » ne comptent pas."
          libre
          valeur={q}
          longueurMax={120}
        />
        <Bouton genre="principal" petit icone="loupe">
          Chercher
        </Bouton>
      </form>
    </search>
  )
}

/** How the dates of a row read: « depuis le 14 février 2020, sans fin connue ». */
function ecrirePeriode(du: Temporal.PlainDate | null, jusquAu: Temporal.PlainDate | null): string {
  if (du === null && jusquAu === null) return 'sans date'
  if (jusquAu === null) return `depuis le ${ecrireJour(du ?? Temporal.PlainDate.from('1900-01-01'))}, sans fin connue`
  return du === null ? `jusqu’au ${ecrireJour(jusquAu)}` : `du ${ecrireJour(du)} au ${ecrireJour(jusquAu)}`
}

/** What serves the communes, and their mayors for whoever reads them. */
interface Autour {
  readonly lieux: readonly Lieu[]
  readonly maires: readonly MaireVolontaire[] | null
}

/** Where one commune belongs. */
function CarteCommune({
  territoires,
  situee,
  autour,
}: {
  territoires: Territoires
  situee: CommuneSituee
  autour: Autour
}): ReactElement {
  const { nom, territoire, possibles, statut, commune, lignes, autresNoms, ancienNom } = situee
  const secretariats = territoire === null ? [] : listerSecretariats(territoires, territoire)
  const codeInsee = commune?.codeInsee ?? lignes[0]?.codeInsee ?? null
  const maires = autour.maires?.filter(({ communes }) => codeInsee !== null && communes.includes(codeInsee))
  const douteux = statut === 'hameau' || statut === 'inconnue'
  return (
    <Carte
      titre={`${nom} : territoire ${territoire === null ? 'à déterminer' : avecDe(libelleTerritoire(territoires, territoire))}`}
      aside={
        douteux || territoire === null ? (
          <Etiquette ton="reserve">à vérifier</Etiquette>
        ) : (
          <Etiquette>{STATUTS_COMMUNE[statut]}</Etiquette>
        )
      }
    >
      <ListeDefinition
        lignes={[
          {
            terme: 'Territoire',
            valeur:
              territoire === null ? (
                <>
                  À déterminer
                  <small>
                    {possibles.length > 0
                      ? `Les listes en donnent plusieurs : ${nommer(territoires, possibles)}. La préfecture choisit ; d’ici là, un dossier attend qu’une personne le dise.`
                      : 'Aucune liste ne nomme cette commune. La préfecture dit son territoire ; d’ici là, un dossier attend qu’une personne le dise.'}
                  </small>
                </>
              ) : (
                <a href={`/territoires/${territoire}`}>{libelleTerritoire(territoires, territoire)}</a>
              ),
          },
          ...secretariats.map((secretariat, rang) => ({
            terme: rang === 0 ? 'Secrétariat' : `Secrétariat ${rang + 1}`,
            valeur: <AdresseSecretariat secretariat={secretariat} />,
          })),
          ...(territoire !== null && secretariats.length === 0
            ? [{ terme: 'Secrétariat', valeur: 'Aucun n’est connu pour ce territoire' }]
            : []),
          {
            terme: 'Commune d’aujourd’hui',
            valeur: commune === null ? 'Non identifiée' : `${commune.nom} (${commune.codeInsee})`,
            note:
              commune === null || commune.codesPostaux.length === 0
                ? undefined
                : `${commune.codesPostaux.join(', ')}${commune.arrondissement === null ? '' : `, arrondissement ${contracter('de', commune.arrondissement)}`}`,
          },
          {
            terme: 'Statut de ce nom',
            valeur: STATUTS_COMMUNE[statut],
            note: ancienNom ? 'Nom absent des listes, retrouvé parmi les anciens noms officiels.' : undefined,
          },
          ...lignes.map((ligne, rang) => ({
            terme: rang === 0 ? 'Liste imprimée' : `Liste imprimée, ${rang + 1}`,
            valeur: (
              <>
                « <span translate="no">{ligne.nomListe}</span> », {libelleTerritoire(territoires, ligne.territoire)}
                <small>
                  {ecrirePeriode(ligne.du, ligne.jusquAu)}
                  {ligne.remarque !== '' && `. ${lireRemarque(territoires, ligne.remarque)}`}
                </small>
              </>
            ),
          })),
          ...(lignes.length === 0 && !ancienNom ? [{ terme: 'Liste imprimée', valeur: 'Ce nom n’y figure pas' }] : []),
          {
            terme: 'Autres noms de la commune',
            valeur:
              autresNoms.length === 0
                ? null
                : autresNoms
                    .map(({ nomListe, territoire: autre }) => `${nomListe} (${libelleTerritoire(territoires, autre)})`)
                    .join(', '),
          },
          ...(territoire === null && codeInsee === null
            ? []
            : lignesDeLaCommune(autour.lieux, { codeInsee, territoire })),
          ...(maires === undefined
            ? []
            : [
                {
                  terme: 'Maire volontaire',
                  valeur: maires.length === 0 ? 'Aucun inscrit' : maires.map(direMaire).join(' ; '),
                },
              ]),
        ]}
      />
    </Carte>
  )
}

function SectionReponse({
  territoires,
  q,
  reponse,
  autour,
}: {
  territoires: Territoires
  q: string
  reponse: ReponseCommune
  autour: Autour
}): ReactElement {
  const { trouvees, proposees } = reponse
  return (
    <section aria-labelledby="reponse" className="pile">
      <h2 id="reponse" tabIndex={-1} className={trouvees.length > 0 ? 'sr' : undefined}>
        {trouvees.length > 0
          ? pluriel(trouvees.length, `commune pour « ${q} »`, `communes pour « ${q} »`)
          : proposees.length > 0
            ? `Aucune commune ne s’appelle « ${q} »`
            : `Rien ne ressemble à « ${q} »`}
      </h2>
      {trouvees.map((situee) => (
        <CarteCommune
          key={`${situee.nom} ${situee.commune?.codeInsee ?? ''}`}
          territoires={territoires}
          situee={situee}
          autour={autour}
        />
      ))}
      {trouvees.length === 0 && proposees.length > 0 && (
        <Carte titre="Noms proches" niveau={3}>
          <ListeSobre
            lignes={proposees.map(({ nom, commune }) => ({
              cle: nom,
              titre: <a href={`/territoires?q=${encodeURIComponent(nom)}#reponse`}>{nom}</a>,
              note: `${STATUTS_COMMUNE[commune.statut]}${commune.nomActuel !== null && commune.nomActuel !== nom ? `, aujourd’hui ${commune.nomActuel}` : ''}`,
              droite: <span className="note">{libelleTerritoire(territoires, commune.territoire)}</span>,
            }))}
          />
        </Carte>
      )}
      {trouvees.length === 0 && proposees.length === 0 && (
        <p>
          Vérifier l’écriture, ou chercher par le code postal. Une commune d’un autre département n’est pas ici : un
          dossier s’y ouvre quand même, « territoire à déterminer ».
        </p>
      )}
    </section>
  )
}

/** How many names the lists give to a territory. */
const compterNoms = ({ lignes }: Territoires, id: string): number =>
  lignes.filter(({ territoire }) => territoire === id).length

/** Files the lists and the official geography come from, each with its day. */
export function SectionSources({ territoires }: { territoires: Territoires }): ReactElement | null {
  if (territoires.sources.length === 0) return null
  return (
    <Section titre="D’où viennent ces listes" id="sources">
      <Carte titre="Sources et millésimes" niveau={3} aside={<Etiquette ton="reserve">à vérifier</Etiquette>}>
        <ListeSobre
          lignes={territoires.sources.map(({ fichier, titre, origine, lien, etatAu, complements }) => ({
            cle: fichier,
            titre,
            note: (
              <>
                {lien === null ? origine : <a href={lien}>{origine}</a>}
                {complements.map((complement) => (
                  <span className="complement" key={complement}>
                    {complement}
                  </span>
                ))}
              </>
            ),
            droite: <span className="note">État au {formatDate(etatAu)}</span>,
          }))}
        />
        <p className="note mt2">
          Les listes n’ont pas de date de fin écrite : elles restent employées jusqu’à ce qu’une autre soit enregistrée,
          et la préfecture doit les confirmer.
        </p>
      </Carte>
    </Section>
  )
}

function PageTerritoires({
  requete,
  territoires,
  q,
  reponse,
  autour,
}: {
  requete: Requete
  territoires: Territoires
  q: string
  reponse: ReponseCommune | null
  autour: Autour
}): ReactElement {
  const controle = aLeDroit(requete.acteur, 'territoire.controler')
  const anomalies = controle ? listerAnomalies(territoires).filter(aConfirmer).length : 0
  return (
    <CadreTerritoires
      requete={requete}
      titre={q === '' ? pluriel(territoires.territoires.length, 'territoire', 'territoires') : `Où va « ${q} » ?`}
      fil={[{ libelle: 'Territoires' }]}
      chapo="Le territoire d’un dossier vient de la commune du logement. Ce n’est pas l’arrondissement officiel."
      actions={
        <>
          {aLeDroit(requete.acteur, 'commission.consulter') && (
            <Bouton petit href="/territoires/maires">
              Maires volontaires
            </Bouton>
          )}
          <Bouton petit href="/territoires/communes">
            Toutes les communes
          </Bouton>
        </>
      }
    >
      <FormulaireRecherche q={q} />
      {reponse && <SectionReponse territoires={territoires} q={q} reponse={reponse} autour={autour} />}
      {anomalies > 0 && (
        <Message
          ton="bientot"
          action={
            <Bouton petit href="/territoires/anomalies">
              Voir les anomalies
            </Bouton>
          }
        >
          <p>
            <b>{pluriel(anomalies, 'nom reste à confirmer', 'noms restent à confirmer')}</b> dans les listes de
            communes.
          </p>
        </Message>
      )}
      <Section
        titre="Territoires et secrétariats"
        compte={`${pluriel(territoires.secretariats.length, 'adresse', 'adresses')}, ${pluriel(territoires.lignes.length, 'nom de commune', 'noms de communes')}`}
        id="liste"
      >
        <Tableau
          legende="Territoires du département, avec leur secrétariat"
          largeur="etroit"
          lignes={territoires.territoires}
          cle={({ id }) => id}
          colonnes={[
            {
              cle: 'territoire',
              titre: 'Territoire',
              principale: true,
              rendre: ({ id, libelle }) => (
                <>
                  <a href={`/territoires/${id}`}>{libelle}</a>
                  <small>{pluriel(compterNoms(territoires, id), 'nom', 'noms')}</small>
                </>
              ),
            },
            {
              cle: 'secretariat',
              titre: 'Secrétariat',
              large: true,
              rendre: ({ id }) => {
                const siens = listerSecretariats(territoires, id)
                return siens.length === 0
                  ? 'Aucun n’est connu'
                  : siens.map((secretariat) => <AdresseSecretariat key={secretariat.id} secretariat={secretariat} />)
              },
            },
          ]}
        />
        {territoires.secretariats[0] && (
          <p className="note provenance">
            {territoires.secretariats.some(({ verifie_le }) => verifie_le === null) && (
              <Etiquette ton="reserve">à vérifier</Etiquette>
            )}{' '}
            Adresses : {territoires.secretariats[0].source.titre}.
          </p>
        )}
      </Section>
      <SectionSources territoires={territoires} />
    </CadreTerritoires>
  )
}

/** GET /territoires/anomalies: what the lists leave to confirm, for those who can have it confirmed. */
export async function montrerAnomalies(requete: Requete): Promise<Reponse> {
  const { territoires } = lireDepartement(requete.session)
  return page(<PageAnomalies requete={requete} territoires={territoires} />)
}

function PageAnomalies({ requete, territoires }: { requete: Requete; territoires: Territoires }): ReactElement {
  const anomalies = listerAnomalies(territoires)
  const genres = Object.entries(Object.groupBy(anomalies, ({ genre }) => genre))
  const nombre = anomalies.filter(aConfirmer).length
  const sansAdresse = territoires.secretariats.filter(({ telephone, courriel }) => !telephone || !courriel)
  const sansSecretariat = territoires.territoires.filter(({ id }) => listerSecretariats(territoires, id).length === 0)
  return (
    <CadreTerritoires
      requete={requete}
      titre={
        nombre === 0
          ? 'Aucun nom à confirmer'
          : pluriel(nombre, 'nom à confirmer dans les listes', 'noms à confirmer dans les listes')
      }
      fil={[{ libelle: 'Territoires', href: '/territoires' }, { libelle: 'Anomalies' }]}
      chapo="Rien n’est corrigé d’office : chaque nom garde le territoire de sa liste tant qu’une personne ne l’a pas confirmé."
    >
      {anomalies.length === 0 && (
        <EtatVide titre="Rien à signaler">Chaque nom des listes mène à une commune, et à un seul territoire.</EtatVide>
      )}
      {genres.map(([genre, lignes]) => {
        const { titre, geste } = GENRES_ANOMALIE[genre as keyof typeof GENRES_ANOMALIE]
        return (
          <Section key={genre} titre={titre} compte={formatNombre(lignes?.length ?? 0)}>
            <p className="note">{geste}</p>
            <Tableau
              legende={`Noms concernés : ${titre}`}
              largeur="etroit"
              lignes={lignes ?? []}
              cle={({ nom, territoires: ids }) => `${nom} ${ids.join(' ')}`}
              colonnes={[
                {
                  cle: 'nom',
                  titre: 'Nom',
                  principale: true,
                  rendre: ({ nom }) => (
                    <a href={`/territoires?q=${encodeURIComponent(nom)}#reponse`} translate="no">
                      {nom}
                    </a>
                  ),
                },
                {
                  cle: 'territoires',
                  titre: 'Territoire',
                  rendre: ({ territoires: ids }) => (ids.length === 0 ? 'Aucun' : nommer(territoires, ids)),
                },
                { cle: 'detail', titre: 'Pourquoi', large: true, rendre: ({ detail }) => detail },
              ]}
            />
          </Section>
        )
      })}
      {(sansAdresse.length > 0 || sansSecretariat.length > 0) && (
        <Section titre="Secrétariats à compléter" compte={formatNombre(sansAdresse.length + sansSecretariat.length)}>
          <Carte titre="Ce qui n’est pas connu" niveau={3}>
            <ListeSobre
              lignes={[
                ...sansSecretariat.map(({ id, libelle }) => ({
                  cle: id,
                  titre: libelle,
                  note: 'Aucun secrétariat n’est connu pour ce territoire.',
                })),
                ...sansAdresse.map(({ id, organisme, service, telephone, courriel }) => ({
                  cle: id,
                  titre: organisme,
                  note: service,
                  droite: (
                    <span className="note">
                      {[!telephone && 'téléphone', !courriel && 'courriel'].filter(Boolean).join(' et ')}
                    </span>
                  ),
                })),
              ]}
            />
          </Carte>
        </Section>
      )}
      <SectionSources territoires={territoires} />
    </CadreTerritoires>
  )
}
