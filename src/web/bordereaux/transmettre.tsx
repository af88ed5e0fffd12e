import type { ReactElement } from 'react'
import { aLeDroit, type Session } from '#acces'
import { type GenreBordereau, genresPour, type LigneDue, listerDus } from '#bordereaux'
import { prevoirListes } from '#repartition'
import { diffuseEnTreve, listerOctroisADire, type OctroiADire } from '#requisitions'
import { formatDate, formatJourMois, formatNombre, pluriel } from '#socle/typography'
import { Cadre } from '../cadre.tsx'
import { Bouton, Carte, EtatVide, Etiquette, ListeSobre, Message, Pile, Section, Tableau } from '../composants/index.ts'
import { page, type Reponse, type Requete } from '../route.ts'
import { adresseGenre, ongletsDe } from './commun.tsx'

interface Compte {
  readonly genre: GenreBordereau
  readonly lignes: number
  readonly destinataires: readonly string[]
  readonly retenues: number
}

function compter(genre: GenreBordereau, dus: readonly LigneDue[]): Compte {
  const partants = dus.filter(({ retenu }) => retenu === null)
  return {
    genre,
    lignes: new Set(partants.map(({ du, cle }) => `${du.dossier} ${cle}`)).size,
    destinataires: [...new Set(partants.map(({ vers }) => vers.nom))],
    retenues: new Set(dus.filter(({ retenu }) => retenu !== null).map(({ du }) => du.dossier)).size,
  }
}

/** Weekly lists are frozen on their own screen: here, that they wait. */
async function listesEnAttente(session: Session): Promise<number> {
  if (!aLeDroit(session.acteur, 'liste.figer')) return 0
  return (await prevoirListes(session, { date: session.jour })).length
}

/** GET /transmettre: what this organisme owes the others today, by kind. */
export async function montrerATransmettre(requete: Requete): Promise<Reponse> {
  const { session, acteur } = requete
  const genres = genresPour(session)
  const comptes: Compte[] = []
  for (const genre of genres)
    if (genre.lignes !== 'dossier') comptes.push(compter(genre, await listerDus(session, genre)))
  const listes = await listesEnAttente(session)
  const octrois = aLeDroit(acteur, 'requisition.instruire') ? await listerOctroisADire(session) : []
  const surDemande = genres.filter(({ lignes }) => lignes === 'dossier')
  const total = comptes.reduce((n, { lignes }) => n + lignes, 0) + octrois.length
  session.consigner({ action: 'bordereaux.lister', details: { genres: comptes.length } })
  return page(
    <Cadre
      requete={requete}
      titre={total === 0 ? 'À transmettre' : `À transmettre : ${pluriel(total, 'ligne', 'lignes')}`}
      courante="transmettre"
      large
      chapo="Ce que votre organisme doit aux autres, préparé quand son événement arrive. Rien ne part sans être relu ; chaque envoi est gardé avec sa preuve."
      vues={ongletsDe(requete, 'a-transmettre')}
    >
      <Pile>
        {listes > 0 && (
          <Message action={<Bouton href="/tableaux/figer">Relire les tableaux</Bouton>}>
            <p>
              {pluriel(listes, 'tableau hebdomadaire attend', 'tableaux hebdomadaires attendent')} d’être transmis aux
              services.
            </p>
          </Message>
        )}
        {octrois.length > 0 && <Octrois session={session} octrois={octrois} />}
        {comptes.length === 0 && surDemande.length === 0 && octrois.length === 0 ? (
          <EtatVide titre="Rien à transmettre">Aucune remise n’est prévue pour votre organisme.</EtatVide>
        ) : null}
        {comptes.length > 0 && (
          <Section titre="Préparé par Amont">
            <Tableau
              legende="Ce qui est à transmettre, par sorte"
              largeur="moyen"
              lignes={comptes}
              cle={({ genre }) => genre.code}
              colonnes={[
                {
                  cle: 'genre',
                  titre: 'Quoi',
                  principale: true,
                  large: true,
                  rendre: ({ genre }) => (
                    <>
                      <a href={adresseGenre(genre.code)}>{genre.libelle}</a>
                      <small>{genre.sens}</small>
                    </>
                  ),
                },
                { cle: 'lignes', titre: 'À relire', numerique: true, rendre: ({ lignes }) => formatNombre(lignes) },
                {
                  cle: 'retenues',
                  titre: 'Retenus',
                  note: 'il manque quelque chose',
                  numerique: true,
                  rendre: ({ retenues }) => formatNombre(retenues),
                },
                {
                  cle: 'vers',
                  titre: 'Vers',
                  rendre: ({ destinataires }) =>
                    destinataires.length > 3
                      ? pluriel(destinataires.length, 'destinataire', 'destinataires')
                      : destinataires.join(', '),
                },
              ]}
            />
          </Section>
        )}
        {surDemande.length > 0 && (
          <Carte titre="Sur demande, depuis un dossier">
            <p>Ouvrir le dossier du ménage, puis « Transmettre ».</p>
            <ListeSobre
              lignes={surDemande.map(({ code, libelle, sens }) => ({ cle: code, titre: libelle, note: sens }))}
            />
          </Carte>
        )}
      </Pile>
    </Cadre>,
  )
}

function Octrois({ session, octrois }: { session: Session; octrois: readonly OctroiADire[] }): ReactElement {
  const [premier] = octrois
  const treve = premier && diffuseEnTreve(session, premier.decidee_le)
  return (
    <Section titre="Concours accordés, à communiquer" compte={pluriel(octrois.length, 'octroi', 'octrois')}>
      {treve && (
        <p className="note">
          À partir du {formatJourMois(`2000-${treve.du}`)}, les commissaires de justice et les bailleurs sociaux
          concernés sont prévenus aussi ({[treve.source, treve.reserve].filter(Boolean).join(' ; ')}).
        </p>
      )}
      <ListeSobre
        lignes={octrois.map(({ requisition, reference, titulaire, decidee_le }) => ({
          cle: requisition,
          titre: (
            <a href={`/dossiers/${reference}/force-publique/${requisition}/diffuser`}>{titulaire || 'Nom inconnu'}</a>
          ),
          note: `Accordé le ${formatDate(decidee_le)}`,
          droite: diffuseEnTreve(session, decidee_le)?.oui ? (
            <Etiquette ton="bientot">Commissaires de justice et bailleurs aussi</Etiquette>
          ) : undefined,
        }))}
      />
    </Section>
  )
}
