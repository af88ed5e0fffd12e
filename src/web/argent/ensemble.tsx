import type { ReactElement } from 'react'
import { noterIndices, PRESENCES, type Presence, peutCorriger } from '#apurements'
import { ecrireSource } from '#procedure'
import { formatDate, formatInstant, formatMontant } from '#socle/typography'
import { tenter } from '../accompagner/saisie.ts'
import {
  Actions,
  Bouton,
  Carte,
  Compteurs,
  Etiquette,
  Formulaire,
  ListeDefinition,
  Message,
  Pile,
  Section,
  Selection,
  Tableau,
  type Ton,
} from '../composants/index.ts'
import { CadreDossier, ouvrirDossier } from '../espaces.tsx'
import { BoutonsExport } from '../export.tsx'
import { champ, page, type Reponse, type Requete, redirection } from '../route.ts'
import { adresseArgent, ESPACE, marqueEnvoi, peutTenir } from './commun.tsx'
import { type Adaptation, type Argent, lireArgent } from './lecture.ts'
import { AvertissementVisale, CarteReprise, GrandLivre, ListePlans } from './parties.tsx'

/** GET /dossiers/:reference/argent (DOS-06, DOS-07, DOS-08). */
export async function montrerArgent(requete: Requete): Promise<Reponse> {
  const argent = await lireArgent(requete)
  const { dossier, ecritures, alertes, plans, affectation } = argent
  const tenir = peutTenir(requete, dossier)
  return page(
    <CadreDossier
      requete={requete}
      dossier={dossier}
      espace={ESPACE}
      titre="Dette et plans"
      chapo={`Au ${formatDate(requete.session.jour)}. Une ligne saisie n’est jamais effacée : elle se corrige par une autre, avec le motif.`}
      actions={
        <>
          {tenir && (
            <Bouton genre="principal" href={adresseArgent(dossier, '/lignes')}>
              Ajouter des lignes
            </Bouton>
          )}
          {tenir && <Bouton href={adresseArgent(dossier, '/plan')}>Préparer un plan</Bouton>}
          {ecritures.length > 0 && <Bouton href={adresseArgent(dossier, '/avis')}>Avis d’échéance</Bouton>}
        </>
      }
    >
      <Pile>
        {alertes.map(({ exigence, texte }) => (
          <Message ton={exigence === 'OUT-21' ? 'info' : 'bientot'} key={exigence + texte}>
            <p>{texte}</p>
          </Message>
        ))}
        <Chiffres argent={argent} />
        {dossier.menage.garantieVisale && <AvertissementVisale />}
        <CarteReprise affectation={affectation} ecritures={ecritures} />
        <Section titre="Dette et versements" id="livre">
          <Pile>
            <GrandLivre
              dossier={dossier}
              ecritures={ecritures}
              corrigeable={(ecriture) => tenir && peutCorriger(requete.session, ecriture)}
            />
            {ecritures.length > 0 && (
              <Actions>
                <BoutonsExport quoi="ces lignes" lien={(format) => adresseArgent(dossier, `/releve.${format}`)} />
              </Actions>
            )}
          </Pile>
        </Section>
        <Carte titre="Plans d’apurement" id="plans">
          <ListePlans dossier={dossier} plans={plans} />
        </Carte>
        {argent.litLeBudget && <CarteAdaptation requete={requete} argent={argent} tenir={tenir} />}
        <CarteBonneFoi requete={requete} argent={argent} tenir={tenir} />
      </Pile>
    </CadreDossier>,
  )
}

function Chiffres({ argent }: { argent: Argent }): ReactElement {
  const { dossier, solde, affectation, plans, adaptation, ecritures } = argent
  const [lecture] = affectation.lectures
  const enCours = plans.find(({ plan }) => plan.fin === null)
  return (
    <Compteurs
      libelle="L’essentiel"
      compteurs={[
        {
          cle: 'solde',
          // Nothing entered is not a debt of nothing.
          nombre: ecritures.length === 0 ? 'Inconnu' : formatMontant(solde),
          libelle: 'reste dû, selon les lignes saisies',
          ...(dossier.dette === null || dossier.dette_le === null
            ? {}
            : { note: `Dernier signal : ${formatMontant(dossier.dette)} au ${formatDate(dossier.dette_le)}` }),
        },
        {
          cle: 'reprise',
          nombre:
            lecture.reprise.etat === 'indetermine' ? 'Inconnu' : lecture.reprise.etat === 'repris' ? 'Oui' : 'Non',
          libelle: 'loyer courant repris',
          ...(affectation.divergent ? { note: 'Deux lectures' } : {}),
          href: '#reprise',
        },
        {
          cle: 'plan',
          nombre: enCours ? formatMontant(enCours.plan.mensualite) : 'Aucun',
          libelle: enCours ? 'par mois, plan en cours' : 'plan en cours',
          href: '#plans',
        },
        ...(adaptation && adaptation.budget.disponibleReel !== null
          ? [
              {
                cle: 'disponible',
                nombre: formatMontant(adaptation.budget.disponibleReel),
                libelle: `disponible par mois${adaptation.budget.personnes === null ? '' : `, pour ${adaptation.budget.personnes} personne${adaptation.budget.personnes > 1 ? 's' : ''}`}`,
                href: '#adaptation',
              },
            ]
          : []),
      ]}
    />
  )
}

const CONSTATS = {
  dans_le_seuil: ['tenu', 'dans le seuil'],
  hors_du_seuil: ['bientot', 'hors du seuil'],
  sans_seuil: ['neutre', 'seuil non donné'],
  non_calculable: ['neutre', 'non calculable'],
} as const satisfies Record<Adaptation['indicateurs'][number]['constat'], readonly [Ton, string]>

function CarteAdaptation({
  requete,
  argent,
  tenir,
}: {
  requete: Requete
  argent: Argent
  tenir: boolean
}): ReactElement {
  const { dossier, adaptation } = argent
  const noter = tenir && (
    <Bouton href={adresseArgent(dossier, '/budget')}>
      {adaptation ? 'Noter un nouveau budget' : 'Noter le budget du ménage'}
    </Bouton>
  )
  if (!adaptation)
    return (
      <Carte titre="Le logement est-il adapté ?" id="adaptation">
        <p>Ni ressources ni charges ne sont notées : le taux d’effort et le disponible ne sont pas calculables.</p>
        {noter && <Actions>{noter}</Actions>}
      </Carte>
    )
  const { releve, budget, reste, indicateurs, formule } = adaptation
  const sansSeuil = indicateurs.filter((indicateur) => indicateur.sansSeuil !== null)
  return (
    <Carte
      titre="Le logement est-il adapté ?"
      id="adaptation"
      aside={`Budget du ${formatDate(releve.le)}, noté par ${releve.auteur}, ${releve.organisme_nom}`}
    >
      <Pile>
        <Tableau
          legende="Mesures de l’adaptation du logement, avec le barème du département"
          largeur="moyen"
          cle={({ id }) => id}
          lignes={indicateurs}
          colonnes={[
            {
              cle: 'libelle',
              titre: 'Mesure',
              principale: true,
              large: true,
              rendre: ({ libelle, calcul, constat, source, reserve }) => (
                <>
                  {libelle}
                  <small>
                    {calcul}
                    {constat === 'dans_le_seuil' || constat === 'hors_du_seuil'
                      ? `. Seuil : ${source}${reserve === null ? '' : ` (${reserve})`}.`
                      : ''}
                  </small>
                </>
              ),
            },
            { cle: 'valeur', titre: 'Valeur', numerique: true, rendre: ({ valeur }) => valeur ?? '—' },
            { cle: 'seuil', titre: 'Seuil', rendre: ({ seuil }) => seuil ?? '—' },
            {
              cle: 'constat',
              titre: 'Constat',
              rendre: ({ constat }) => <Etiquette ton={CONSTATS[constat][0]}>{CONSTATS[constat][1]}</Etiquette>,
            },
          ]}
        />
        <ListeDefinition
          lignes={[
            { terme: 'Disponible du formulaire', valeur: budget.disponibleEnMots },
            {
              terme: 'Reste pour vivre par personne',
              valeur: reste.parPersonne === null ? 'non calculable' : `${formatMontant(reste.parPersonne)} par mois`,
            },
            {
              terme: 'Par unité de consommation',
              valeur: reste.parUnite === null ? 'non calculable' : `${formatMontant(reste.parUnite)} par mois`,
            },
          ]}
        />
        <div>
          {sansSeuil.length > 0 && (
            <p className="note">
              {sansSeuil.length === indicateurs.length
                ? 'Le département n’a donné aucun seuil : les valeurs sont montrées seules.'
                : 'Pour certaines mesures, le département n’a pas donné de seuil : la valeur est montrée seule.'}
            </p>
          )}
          {[...budget.reserves, ...reste.reserves].map((reserve) => (
            <p className="note" key={reserve}>
              {reserve}
            </p>
          ))}
          <p className="note">
            Calcul : {ecrireSource(formule)}. Ces mesures éclairent une appréciation, elles ne décident de rien.
          </p>
        </div>
        {noter && <Actions>{noter}</Actions>}
        {requete.session.jour.since(releve.le, { largestUnit: 'months' }).months >= 6 && (
          <Message ton="reserve">
            <p>Ce budget a plus de six mois.</p>
          </Message>
        )}
      </Pile>
    </Carte>
  )
}

function CarteBonneFoi({
  requete,
  argent: { dossier, bonneFoi },
  tenir,
}: {
  requete: Requete
  argent: Argent
  tenir: boolean
}): ReactElement | null {
  if (!bonneFoi) return null
  return (
    <Carte titre="Indices de bonne foi" id="bonne-foi">
      <p>
        Signes notés pour une appréciation collégiale. Ils ne sont ni comptés ni pondérés. Source : {bonneFoi.source}.{' '}
        {bonneFoi.reserve}
      </p>
      <Formulaire
        action={adresseArgent(dossier, '/bonne-foi')}
        jeton={requete.connecte.jetonFormulaire}
        champs={{ envoi: marqueEnvoi() }}
        libelle="Noter les indices de bonne foi"
      >
        <div className="champs">
          {bonneFoi.indices.map(({ id, libelle, note }) => (
            <Selection
              key={id}
              nom={`indice-${id}`}
              libelle={libelle}
              facultatif
              vide="Ne rien noter"
              aide={
                note
                  ? `${PRESENCES[note.presence]}, noté par ${note.auteur}, ${note.organisme_nom}, le ${formatInstant(note.a)}`
                  : 'Rien de noté'
              }
              options={Object.entries(PRESENCES).map(([valeur, texte]) => ({ valeur, libelle: texte }))}
            />
          ))}
        </div>
        {tenir && (
          <Actions>
            <Bouton>Noter ces signes</Bouton>
          </Actions>
        )}
      </Formulaire>
    </Carte>
  )
}

const estPresence = (texte: string): texte is Presence => Object.hasOwn(PRESENCES, texte)

/** POST /dossiers/:reference/argent/bonne-foi (OUT-11). */
export async function noterBonneFoi(requete: Requete): Promise<Reponse> {
  const dossier = await ouvrirDossier(requete)
  const notes = Object.fromEntries(
    Object.keys(requete.champs)
      .filter((nom) => nom.startsWith('indice-'))
      .flatMap((nom) => {
        const presence = champ(requete, nom)
        return estPresence(presence) ? [[nom.slice('indice-'.length), presence] as const] : []
      }),
  )
  const refusee = await tenter(
    requete.session,
    'bonne_foi.noter',
    () => '',
    () => noterIndices(requete.session, dossier, notes, champ(requete, 'envoi')),
  )
  return redirection(`${adresseArgent(dossier)}#bonne-foi`, {
    texte: refusee ? refusee.message : 'Signes notés.',
    ...(refusee ? { ton: 'retard' as const } : {}),
  })
}
