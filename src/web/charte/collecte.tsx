import type { ReactElement } from 'react'
import { aLeDroit } from '#acces'
import {
  type Collecte,
  cloreCollecte,
  type DemandeIndicateurs,
  LONGUEURS_COLLECTE,
  lireDemandeIndicateurs,
  listerCollectes,
  listerDemandesIndicateurs,
  ouvrirCollecte,
  prevoirCollecte,
  relancerCollecte,
  repondreCollecte,
} from '#charte'
import { UNITES_INDICATEUR, VENTILATIONS } from '#referentiel'
import { Conflit, Introuvable } from '#socle/errors'
import { date, number, text } from '#socle/tableur'
import { bearsHouseholdNumber, isUuid } from '#socle/text'
import { parisDay } from '#socle/time'
import { formatDate, formatInstant, pluriel } from '#socle/typography'
import { type Erreur, lireJourSaisi, messageDe, tenter } from '../accompagner/saisie.ts'
import {
  Actions,
  Bouton,
  BoutonPost,
  Carte,
  Champ,
  ChampDate,
  EtatVide,
  Etiquette,
  Formulaire,
  ListeDefinition,
  Message,
  Pile,
  Plus,
  ResumeErreurs,
  Tableau,
} from '../composants/index.ts'
import { BoutonsExport, enFichier, type FormatExport } from '../export.tsx'
import { champ, page, type Reponse, type Requete, redirection } from '../route.ts'
import { CadreCharte } from './cadre-charte.tsx'
import { lireCharte } from './lecture.ts'

const COLLECTE = '/charte/collecte'

/** What an organisme must do, or did, in a few words. */
function Etat({
  demande,
  collecte,
  jour,
}: {
  demande: DemandeIndicateurs
  collecte: Collecte
  jour: Temporal.PlainDate
}) {
  if (demande.rendue_a) return <Etiquette ton="tenu">Rendus le {formatInstant(demande.rendue_a)}</Etiquette>
  if (collecte.close_a) return <Etiquette>Non rendus</Etiquette>
  return Temporal.PlainDate.compare(collecte.avant, jour) < 0 ? (
    <Etiquette ton="retard">En retard</Etiquette>
  ) : (
    <Etiquette ton="bientot">Attendus</Etiquette>
  )
}

interface Ouverture {
  readonly annee: string
  readonly avant: string
  readonly mot: string
}

async function montrer(requete: Requete, typee: Ouverture, erreurs: readonly Erreur[] = []): Promise<Reponse> {
  const { session, acteur, connecte } = requete
  const lecture = lireCharte(requete)
  const conduit = aLeDroit(acteur, 'collecte.conduire')
  const collectes = await listerCollectes(session)
  const demandes = Map.groupBy(
    await listerDemandesIndicateurs(
      session,
      collectes.map(({ id }) => id),
    ),
    ({ collecte }) => collecte,
  )
  const prevues = conduit ? await prevoirCollecte(session) : []
  return page(
    <CadreCharte
      requete={requete}
      lecture={lecture}
      partie="indicateurs"
      titre="Chiffres de l’année"
      fil={[{ libelle: 'Indicateurs', href: lecture.lien('/charte/indicateurs') }, { libelle: 'Chiffres de l’année' }]}
      chapo="Une fois par an, l’État et le Département demandent aux partenaires les chiffres qu’Amont ne peut pas compter dans les dossiers. Aucun ménage n’y est nommé."
      actions={
        demandes.size > 0 && <BoutonsExport quoi="ces chiffres" lien={(format) => `${COLLECTE}/export.${format}`} />
      }
    >
      <ResumeErreurs titre="Rien n’a été demandé" erreurs={erreurs} />
      {collectes.length === 0 && (
        <EtatVide titre="Aucun chiffre demandé">
          {conduit
            ? 'Choisir l’année et le jour, puis demander : chaque partenaire est prévenu dans ses notifications.'
            : 'Quand l’État ou le Département demandera ses chiffres à votre organisme, la demande paraîtra ici.'}
        </EtatVide>
      )}
      {collectes.map((collecte) => (
        <UneCollecte
          key={collecte.id}
          requete={requete}
          collecte={collecte}
          demandes={demandes.get(collecte.id) ?? []}
          conduit={conduit}
        />
      ))}
      {conduit && (
        <Carte titre="Demander les chiffres d’une année" id="demander">
          <Formulaire action={COLLECTE} jeton={connecte.jetonFormulaire} libelle="Demander les chiffres d’une année">
            <Champ
              nom="annee"
              libelle="Année des chiffres"
              court
              chiffres
              valeur={typee.annee}
              erreur={messageDe(erreurs, 'annee')}
            />
            <ChampDate
              nom="avant"
              libelle="À rendre avant le"
              valeur={lireJourSaisi(typee.avant) ?? undefined}
              min={session.jour.add({ days: 1 })}
              erreur={messageDe(erreurs, 'avant')}
            />
            <Champ
              nom="mot"
              libelle="Mot aux partenaires"
              facultatif
              lignes={3}
              longueurMax={LONGUEURS_COLLECTE.mot}
              valeur={typee.mot}
              erreur={messageDe(erreurs, 'mot')}
            />
            <Plus libelle={`À qui : ${pluriel(prevues.length, 'demande', 'demandes')}`}>
              <ul>
                {prevues.map(({ nom, organisme, indicateurs }) => (
                  <li key={nom}>
                    {nom} : {pluriel(indicateurs.length, 'chiffre', 'chiffres')}
                    {organisme === null ? ', hors d’Amont : à demander par un autre moyen' : ''}
                  </li>
                ))}
              </ul>
            </Plus>
            <Actions>
              <Bouton genre="principal">Demander ces chiffres</Bouton>
            </Actions>
          </Formulaire>
        </Carte>
      )}
    </CadreCharte>,
    erreurs.length > 0 ? 422 : undefined,
  )
}

function UneCollecte({
  requete,
  collecte,
  demandes,
  conduit,
}: {
  requete: Requete
  collecte: Collecte
  demandes: readonly DemandeIndicateurs[]
  conduit: boolean
}): ReactElement | null {
  const { session, connecte } = requete
  const attendues = demandes.filter(({ rendue_a }) => rendue_a === null).length
  if (demandes.length === 0) return null
  return (
    <Carte
      titre={`Année ${collecte.annee}`}
      aside={collecte.close_a ? 'close' : pluriel(attendues, 'réponse attendue', 'réponses attendues')}
    >
      <Pile>
        <p>
          À rendre avant le {formatDate(collecte.avant)}. Demandés par {collecte.ouverte_par_nom} le{' '}
          {formatInstant(collecte.ouverte_a)}.{collecte.mot ? ` « ${collecte.mot} »` : ''}
        </p>
        <Tableau
          legende={`Chiffres de ${collecte.annee}, par partenaire`}
          largeur="moyen"
          lignes={demandes}
          cle={({ id }) => id}
          colonnes={[
            {
              cle: 'nom',
              titre: 'Partenaire',
              principale: true,
              rendre: ({ id, nom }) => <a href={`${COLLECTE}/${id}`}>{nom}</a>,
            },
            {
              cle: 'chiffres',
              titre: 'Chiffres',
              rendre: ({ reponses, indicateurs }) => `${Object.keys(reponses).length} sur ${indicateurs.length}`,
            },
            {
              cle: 'etat',
              titre: 'État',
              rendre: (demande) => <Etat demande={demande} collecte={collecte} jour={session.jour} />,
            },
            {
              cle: 'relance',
              titre: 'Relances',
              rendre: ({ relances, relancee_le, organisme }) =>
                [
                  relancee_le ? `${relances}, la dernière le ${formatDate(relancee_le)}` : '',
                  organisme === null ? 'hors d’Amont' : '',
                ]
                  .filter(Boolean)
                  .join(', '),
            },
          ]}
        />
        {conduit && (
          <Actions>
            {!collecte.close_a && attendues > 0 && (
              <BoutonPost
                action={`${COLLECTE}/relancer`}
                jeton={connecte.jetonFormulaire}
                champs={{ collecte: collecte.id }}
              >
                Relancer ceux qui n’ont pas répondu
              </BoutonPost>
            )}
            <BoutonPost
              action={`${COLLECTE}/clore`}
              jeton={connecte.jetonFormulaire}
              champs={{
                collecte: collecte.id,
                version: String(collecte.version),
                close: collecte.close_a ? 'non' : 'oui',
              }}
            >
              {collecte.close_a ? 'Rouvrir la collecte' : 'Clore la collecte'}
            </BoutonPost>
          </Actions>
        )}
      </Pile>
    </Carte>
  )
}

/** GET /charte/collecte: what is asked this year: of everybody for those who lead it, of one's own organisme for the others. */
export const montrerCollecte = (requete: Requete): Promise<Reponse> =>
  montrer(requete, { annee: String(requete.session.jour.year - 1), avant: '', mot: '' })

/** GET /charte/collecte/export.<format>: each figure asked, of every year on the page, with what was given. */
export const exporterCollecte =
  (format: FormatExport) =>
  async ({ session }: Requete): Promise<Reponse> => {
    const collectes = await listerCollectes(session)
    const demandes = await listerDemandesIndicateurs(
      session,
      collectes.map(({ id }) => id),
    )
    const annees = new Map(collectes.map(({ id, annee }) => [id, annee]))
    const lignes = demandes.flatMap(({ collecte, nom, indicateurs, reponses, rendue_a }) =>
      indicateurs.map((id) => ({ annee: annees.get(collecte) ?? 0, nom, id, reponse: reponses[id], rendue_a })),
    )
    return enFichier(
      'chiffres-de-l-annee',
      {
        name: 'Chiffres',
        header: ['Année', 'Partenaire', 'Chiffre', 'Réponse', 'Rendu le'],
        rows: lignes
          .toSorted((un, autre) => autre.annee - un.annee)
          .map(({ annee, nom, id, reponse, rendue_a }) => [
            number(annee),
            text(nom),
            text(session.referentiel.indicateurs.get(id)?.libelle ?? id),
            text(reponse),
            date(rendue_a && parisDay(rendue_a)),
          ]),
      },
      format,
    )
  }

/** POST /charte/collecte. */
export async function ouvrirLaCollecte(requete: Requete): Promise<Reponse> {
  const { session } = requete
  const typee = { annee: champ(requete, 'annee'), avant: champ(requete, 'avant'), mot: champ(requete, 'mot') }
  let demandes = 0
  const erreur = await tenter(
    session,
    'collecte.ouvrir',
    (code) => (code === 'collecte.avant' ? 'avant' : code === 'collecte.mot' ? 'mot' : 'annee'),
    async () => {
      const annee = /^\d{4}$/.test(typee.annee) ? Number(typee.annee) : 0
      demandes = await ouvrirCollecte(session, { annee, avant: lireJourSaisi(typee.avant), mot: typee.mot })
    },
  )
  if (erreur) return montrer(requete, typee, [erreur])
  return redirection(COLLECTE, { texte: `${pluriel(demandes, 'demande envoyée', 'demandes envoyées')}.`, ton: 'tenu' })
}

function identifiant(texte: string): string {
  if (!isUuid(texte)) throw new Introuvable()
  return texte
}

/** POST /charte/collecte/relancer. */
export async function relancerLaCollecte(requete: Requete): Promise<Reponse> {
  const relancees = await relancerCollecte(requete.session, identifiant(champ(requete, 'collecte')))
  const dehors = relancees.filter(({ organisme }) => organisme === null).map(({ nom }) => nom)
  return redirection(COLLECTE, {
    texte:
      relancees.length === 0
        ? 'Déjà relancés aujourd’hui.'
        : `${pluriel(relancees.length, 'partenaire relancé', 'partenaires relancés')}.${dehors.length > 0 ? ` Hors d’Amont, à relancer par un autre moyen : ${dehors.join(', ')}.` : ''}`,
  })
}

/** POST /charte/collecte/clore. */
export async function cloreLaCollecte(requete: Requete): Promise<Reponse> {
  const close = champ(requete, 'close') === 'oui'
  await cloreCollecte(
    requete.session,
    identifiant(champ(requete, 'collecte')),
    Number(champ(requete, 'version')) || 0,
    close,
  )
  return redirection(COLLECTE, { texte: close ? 'Collecte close.' : 'Collecte rouverte.' })
}

const champDe = (indicateur: string): string => `chiffre-${indicateur}`

async function montrerUne(
  requete: Requete,
  typees: Readonly<Record<string, string>> | null,
  erreur: Erreur | null,
  statut?: number,
): Promise<Reponse> {
  const { session, acteur, connecte } = requete
  const { collecte, demande } = await lireDemandeIndicateurs(session, identifiant(requete.parametres.demande ?? ''))
  const lecture = lireCharte(requete)
  const repond =
    collecte.close_a === null &&
    (demande.organisme === null ? aLeDroit(acteur, 'collecte.conduire') : demande.organisme === acteur.organisme)
  const suivis = new Map(lecture.charte.indicateurs.map((suivi) => [suivi.indicateur.id, suivi]))
  session.consigner({ action: 'page.lire', objet: 'collecte_demande', objetId: demande.id })
  return page(
    <CadreCharte
      requete={requete}
      lecture={lecture}
      partie="indicateurs"
      titre={`Chiffres de ${collecte.annee} : ${demande.nom}`}
      fil={[
        { libelle: 'Indicateurs', href: lecture.lien('/charte/indicateurs') },
        { libelle: 'Chiffres de l’année', href: COLLECTE },
        { libelle: demande.nom },
      ]}
      chapo={`À rendre avant le ${formatDate(collecte.avant)}. Une personne répond pour tout l’organisme. Un chiffre qui n’existe pas : écrire « indisponible », et pourquoi.`}
    >
      <ResumeErreurs titre="Rien n’a été enregistré" erreurs={erreur ? [erreur] : []} />
      {demande.rendue_a && (
        <Message ton="tenu">
          <p>
            Rendus le {formatInstant(demande.rendue_a)}
            {demande.rendue_par_nom ? ` par ${demande.rendue_par_nom}` : ''}.
          </p>
        </Message>
      )}
      <Carte titre="Chiffres demandés">
        {repond ? (
          <Formulaire
            action={`${COLLECTE}/${demande.id}`}
            jeton={connecte.jetonFormulaire}
            libelle="Chiffres demandés"
            champs={{ version: String(demande.version) }}
          >
            {demande.indicateurs.map((id) => {
              const indicateur = session.referentiel.indicateurs.get(id)
              const garde = demande.reponses[id] ?? ''
              const typee = typees?.[id]
              const coupes = (suivis.get(id)?.ventilations ?? []).map((une) => VENTILATIONS[une]).join(', ')
              const aide = [
                indicateur?.question,
                indicateur ? `En ${UNITES_INDICATEUR[indicateur.unite]}.` : '',
                coupes ? `Par : ${coupes}.` : '',
                indicateur?.lignes ? `Une ligne pour chacun : ${indicateur.lignes.join(', ')}.` : '',
                typee !== undefined && typee !== garde ? `Enregistré : ${garde === '' ? 'rien' : `« ${garde} »`}.` : '',
              ]
                .filter(Boolean)
                .join(' ')
              return (
                <Champ
                  key={id}
                  nom={champDe(id)}
                  libelle={indicateur?.libelle ?? id}
                  aide={aide}
                  lignes={2}
                  libre
                  longueurMax={LONGUEURS_COLLECTE.reponse}
                  valeur={typee ?? garde}
                  erreur={erreur ? messageDe([erreur], champDe(id)) : undefined}
                />
              )
            })}
            <Actions>
              <Bouton genre="principal" nom="geste" valeur="rendre">
                Rendre ces chiffres
              </Bouton>
              <Bouton nom="geste" valeur="garder">
                Garder sans rendre
              </Bouton>
            </Actions>
          </Formulaire>
        ) : (
          <ListeDefinition
            lignes={demande.indicateurs.map((id) => ({
              terme: session.referentiel.indicateurs.get(id)?.libelle ?? id,
              valeur: demande.reponses[id] ?? 'pas encore donné',
            }))}
          />
        )}
      </Carte>
    </CadreCharte>,
    statut,
  )
}

/** GET /charte/collecte/:demande. */
export const montrerDemandeIndicateurs = (requete: Requete): Promise<Reponse> => montrerUne(requete, null, null)

/** POST /charte/collecte/:demande. */
export async function repondreALaCollecte(requete: Requete): Promise<Reponse> {
  const { session } = requete
  const id = identifiant(requete.parametres.demande ?? '')
  const { demande } = await lireDemandeIndicateurs(session, id)
  const reponses = Object.fromEntries(
    demande.indicateurs.map((un) => [un, champ(requete, champDe(un)).replace(/\r\n/g, '\n')]),
  )
  const rendue = champ(requete, 'geste') !== 'garder'
  const version = Number(champ(requete, 'version')) || 0
  try {
    const erreur = await tenter(
      session,
      'collecte.repondre',
      (code) =>
        champDe(
          demande.indicateurs.find((un) =>
            code === 'collecte.longueur'
              ? (reponses[un] ?? '').length > LONGUEURS_COLLECTE.reponse
              : code === 'collecte.numero'
                ? bearsHouseholdNumber(reponses[un] ?? '')
                : reponses[un] === '',
          ) ?? '',
        ),
      () => repondreCollecte(session, id, { version, reponses, rendue }),
    )
    if (erreur) return montrerUne(requete, reponses, erreur, 422)
  } catch (cause) {
    if (!(cause instanceof Conflit)) throw cause
    session.consigner({ action: 'collecte.repondre', resultat: 'refuse', details: { code: cause.code } })
    return montrerUne(requete, reponses, { nom: '', message: cause.message }, 409)
  }
  return redirection(rendue ? COLLECTE : `${COLLECTE}/${id}`, {
    texte: rendue ? 'Chiffres rendus. Ils se corrigent tant que la collecte n’est pas close.' : 'Chiffres gardés.',
    ton: 'tenu',
  })
}
