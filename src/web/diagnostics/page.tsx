import type { ReactElement } from 'react'
import { aLeDroit } from '#acces'
import { type Diagnostic, etatsDiagnostic, formesDiagnostic, remplitLeVolet, volets } from '#diagnostics'
import type { Dossier } from '#dossiers'
import { motifsNonRealise } from '#repartition'
import { formatDate, formatInstant, pluriel } from '#socle/typography'
import type { Erreur } from '../accompagner/saisie.ts'
import {
  Actions,
  Bouton,
  BoutonPost,
  Carte,
  ChampDate,
  Colonnes,
  Etiquette,
  Formulaire,
  ListeDefinition,
  ListeSobre,
  Message,
  Pile,
  Plus,
  PuceEcheance,
  ResumeErreurs,
  Selection,
  type Ton,
} from '../composants/index.ts'
import { adresseDossier, CadreDossier } from '../espaces.tsx'
import type { Requete } from '../route.ts'
import {
  CarteEntretiens,
  CarteFinir,
  CarteObservations,
  CarteReferent,
  CarteReglages,
  CarteRemises,
} from './cartes.tsx'
import type { DiagnosticLu, PlaceLue } from './lecture.ts'
import { CarteLoyer } from './loyer.tsx'
import { CarteRenseignements } from './renseignements.tsx'
import { etatDeForme, type Saisie } from './saisie.ts'

const TONS: Readonly<Record<Diagnostic['etat'], Ton>> = {
  demande: 'bientot',
  en_cours: 'info',
  relu: 'info',
  valide: 'tenu',
  transmis: 'tenu',
  impossible: 'neutre',
}

const ORIGINES = {
  cascade: 'par la cascade des services',
  assignation: 'à l’assignation, saisine du préfet',
  demande: 'sur demande',
} as const

export const adresseDiagnostic = (dossier: Dossier, { id }: Pick<Diagnostic, 'id'>): string =>
  `${adresseDossier(dossier)}/diagnostics/${id}`

function CarteEtat({ requete, dossier, lu }: { requete: Requete; dossier: Dossier; lu: DiagnosticLu }): ReactElement {
  const { diagnostic, echeances, empreinte } = lu
  const fige = empreinte !== null
  return (
    <Carte
      titre={`${diagnostic.actualise ? 'Actualisation' : 'Diagnostic'} n° ${diagnostic.rang}`}
      id="diagnostic"
      aside={<Etiquette ton={TONS[diagnostic.etat]}>{etatsDiagnostic[diagnostic.etat]}</Etiquette>}
    >
      <ListeDefinition
        lignes={[
          { terme: 'Mené par', valeur: diagnostic.organisme_nom },
          { terme: 'Demandé', valeur: `le ${formatDate(diagnostic.saisi_le)}, ${ORIGINES[diagnostic.origine]}` },
          { terme: 'Référent du ménage', valeur: diagnostic.referent_nom },
          {
            terme: 'Relu',
            valeur: diagnostic.relu_a
              ? `le ${formatInstant(diagnostic.relu_a)}, par ${diagnostic.relu_nom ?? ''}`
              : null,
          },
          {
            terme: 'Validé',
            valeur: diagnostic.valide_a
              ? `le ${formatInstant(diagnostic.valide_a)}, par ${diagnostic.valide_nom ?? ''}`
              : null,
            ...(diagnostic.forme === 'menage_absent' ? { note: formesDiagnostic.menage_absent } : {}),
          },
          {
            terme: 'Remis au juge et à la commission',
            valeur: diagnostic.remis_le ? `le ${formatDate(diagnostic.remis_le)}` : null,
          },
          {
            terme: 'Impossible',
            valeur: diagnostic.motif_impossible
              ? motifsNonRealise[diagnostic.motif_impossible]
              : diagnostic.etat === 'impossible'
                ? 'Le service ne suit plus ce dossier'
                : null,
          },
        ]}
      />
      {echeances.length > 0 && (
        <ListeSobre
          lignes={echeances.map((echeance) => ({
            cle: echeance.cle,
            titre: echeance.libelle,
            droite: <PuceEcheance echeance={echeance} aujourdhui={requete.session.jour} />,
          }))}
        />
      )}
      {fige && (
        <>
          <Actions>
            <Bouton petit fichier href={`${adresseDiagnostic(dossier, diagnostic)}/document`}>
              Télécharger le diagnostic (PDF)
            </Bouton>
          </Actions>
          <p className="note mt2">Figé à la validation. Empreinte SHA-256 : {empreinte.slice(0, 16)}</p>
        </>
      )}
    </Carte>
  )
}

function CarteVolets({ requete, dossier, lu }: { requete: Requete; dossier: Dossier; lu: DiagnosticLu }): ReactElement {
  const { session, acteur, connecte } = requete
  const { diagnostic } = lu
  const adresse = adresseDossier(dossier)
  const ouvert = ['demande', 'en_cours', 'relu'].includes(diagnostic.etat)
  const lit = lu.participe
  return (
    <Carte titre="Volets" id="volets" aside="Chaque service remplit le sien.">
      <ListeSobre
        lignes={lu.volets.map((volet) => {
          const sien = aLeDroit(acteur, 'diagnostic.remplir') && remplitLeVolet(session, volet)
          const etat = volet.termine_a
            ? `terminé le ${formatInstant(volet.termine_a)}${volet.termine_nom ? ` par ${volet.termine_nom}` : ''}`
            : volet.formulaire
              ? 'commencé'
              : 'pas commencé'
          const nom = volets[volet.volet].libelle
          return {
            cle: volet.volet,
            titre: nom,
            note: `${volet.organisme_nom} : ${etat}`,
            droite: volet.formulaire ? (
              lit && (
                <Bouton
                  petit
                  href={`${adresse}/diagnostics/${volet.formulaire}`}
                  libelleLu={`${sien && !volet.termine_a ? 'Continuer' : 'Lire'} : ${nom}`}
                >
                  {sien && !volet.termine_a ? 'Continuer' : 'Lire'}
                </Bouton>
              )
            ) : sien && ouvert ? (
              <BoutonPost
                petit
                genre="principal"
                action={`${adresseDiagnostic(dossier, diagnostic)}/volets/${volet.volet}`}
                jeton={connecte.jetonFormulaire}
                libelleLu={`Commencer : ${nom}`}
              >
                Commencer
              </BoutonPost>
            ) : undefined,
          }
        })}
      />
      {diagnostic.actualise && ouvert && (
        <p className="note mt2">
          Un volet commencé part du diagnostic d’avant : ce qui change y est montré, les deux restent.
        </p>
      )}
    </Carte>
  )
}

function CarteOuvrir({
  requete,
  place,
  saisie,
}: {
  requete: Requete
  place: PlaceLue
  saisie: Saisie | null
}): ReactElement {
  const { acteur, session } = requete
  const { dossier, services, prise } = place
  const { valeur, erreur } = etatDeForme(saisie, 'ouvrir')
  const social = acteur.role === 'service_social'
  const siens = services.filter(({ id }) => !social || id === acteur.organisme)
  const depart = siens.find(({ id }) => id === prise?.organisme)?.id ?? (siens.length === 1 ? siens[0]?.id : '')
  const actualise = place.diagnostics[0]?.etat === 'transmis' && place.diagnostics[0].forme === 'complet'
  return (
    <Carte titre={actualise ? 'Actualiser le diagnostic' : 'Demander un diagnostic'} id="ouvrir">
      {siens.length === 0 ? (
        <p>
          Aucun service qui fait les diagnostics ne suit ce dossier. Le confier à un service, ou en inviter un, d’abord.
        </p>
      ) : (
        <Formulaire action={`${adresseDossier(dossier)}/diagnostics`} jeton={requete.connecte.jetonFormulaire}>
          <div className="champs">
            <Selection
              nom="organisme"
              libelle="Service qui mène le diagnostic"
              vide="Choisir un service"
              valeur={valeur('organisme', depart)}
              erreur={erreur('organisme')}
              options={siens.map(({ id, nom }) => ({ valeur: id, libelle: nom }))}
            />
            <ChampDate
              nom="saisi_le"
              libelle="Service saisi le"
              max={session.jour}
              valeur={valeur('saisi_le', (prise?.le ?? session.jour).toString())}
              erreur={erreur('saisi_le')}
              aide="À l’assignation, le délai pour proposer un entretien court de ce jour."
            />
            <Selection
              nom="origine"
              libelle="D’où vient la demande"
              valeur={valeur(
                'origine',
                dossier.stade === 'assignation' ? 'assignation' : prise ? 'cascade' : 'demande',
              )}
              erreur={erreur('origine')}
              options={Object.entries(ORIGINES).map(([code, libelle]) => ({
                valeur: code,
                libelle: `${libelle.charAt(0).toUpperCase()}${libelle.slice(1)}`,
              }))}
            />
          </div>
          <p className="note">
            {actualise
              ? 'L’actualisation est une copie : ce qui change sera montré, les deux versions restent.'
              : 'Le volet juridique va à l’ADIL si elle suit ce dossier ; il peut changer de service ensuite.'}
          </p>
          <Actions>
            <Bouton genre="principal">{actualise ? 'Actualiser le diagnostic' : 'Demander ce diagnostic'}</Bouton>
          </Actions>
        </Formulaire>
      )}
    </Carte>
  )
}

/** Where what stopped a form is: its field, its card, or nowhere on the page. */
const situer = ({ nom, message }: Erreur) =>
  nom === '' ? { message } : ['volets', 'valider'].includes(nom) ? { id: nom, message } : { nom, message }

/** The place « Diagnostic » of a dossier. */
export function PageDiagnostics({
  requete,
  place,
  saisie,
}: {
  requete: Requete
  place: PlaceLue
  saisie: Saisie | null
}): ReactElement {
  const { acteur } = requete
  const { dossier, diagnostics, lu, suivi } = place
  const adresse = adresseDossier(dossier)
  const autres = diagnostics.filter(({ id }) => id !== lu?.diagnostic.id)
  return (
    <CadreDossier
      requete={requete}
      dossier={dossier}
      espace="diagnostics"
      titre="Diagnostic de situation de logement"
      chapo={
        dossier.audience_le
          ? `Audience le ${formatDate(dossier.audience_le)}. Le diagnostic est remis au juge et à la commission avant elle ; chaque date est calculée ci-dessous, avec sa source.`
          : 'Trois volets, chacun par son service, et une synthèse à part pour le ménage, le juge et le bailleur.'
      }
      large
    >
      <Pile>
        <ResumeErreurs erreurs={(saisie?.erreurs ?? []).map(situer)} titre="Rien n’a été enregistré" />
        <Colonnes genre="dossier">
          <Pile>
            {suivi?.attente && (
              <Message
                ton="bientot"
                action={
                  aLeDroit(acteur, 'contact.noter') ? (
                    <Bouton petit href={`${adresse}/diagnostics/loyer`}>
                      Répondre
                    </Bouton>
                  ) : undefined
                }
              >
                <p>
                  <b>Le loyer courant est-il entièrement repris, depuis quand ?</b> C’est la condition des délais devant
                  le juge.
                </p>
              </Message>
            )}
            {lu && <CarteEtat requete={requete} dossier={dossier} lu={lu} />}
            {lu && <CarteReferent requete={requete} dossier={dossier} lu={lu} saisie={saisie} />}
            {place.ouvre && <CarteOuvrir requete={requete} place={place} saisie={saisie} />}
            {!lu && !place.ouvre && <p>Aucun diagnostic n’est demandé pour ce ménage.</p>}
            {lu && lu.diagnostic.forme === 'complet' && <CarteVolets requete={requete} dossier={dossier} lu={lu} />}
            {lu && <CarteEntretiens requete={requete} dossier={dossier} lu={lu} saisie={saisie} />}
            {lu && (
              <CarteRenseignements
                requete={requete}
                dossier={dossier}
                diagnostic={lu.diagnostic}
                renseignements={lu.renseignements}
                demande={
                  aLeDroit(acteur, 'diagnostic.remplir') &&
                  lu.volets.some(({ organisme }) => organisme === acteur.organisme) &&
                  ['demande', 'en_cours', 'relu'].includes(lu.diagnostic.etat)
                }
              />
            )}
            {lu && <CarteObservations requete={requete} dossier={dossier} lu={lu} saisie={saisie} />}
            {lu && <CarteFinir requete={requete} dossier={dossier} lu={lu} saisie={saisie} />}
            {lu && <CarteRemises requete={requete} place={place} lu={lu} saisie={saisie} />}
          </Pile>
          <Pile>
            {lu && <CarteReglages requete={requete} place={place} lu={lu} saisie={saisie} />}
            <CarteLoyer requete={requete} dossier={dossier} suivi={suivi} />
            {aLeDroit(acteur, 'contact.noter') && (
              <Carte titre="Bailleur" id="bailleur">
                <p>Un journal distinct de celui des contacts avec le ménage.</p>
                <Actions>
                  <Bouton petit href={`${adresse}/diagnostics/bailleur`}>
                    Échanges avec le bailleur
                  </Bouton>
                </Actions>
              </Carte>
            )}
            {autres.length > 0 && (
              <Carte titre="Autres diagnostics" aside={pluriel(autres.length, 'diagnostic', 'diagnostics')}>
                <ListeSobre
                  lignes={autres.map((un) => ({
                    cle: un.id,
                    titre: (
                      <a href={`${adresse}/diagnostics?rang=${un.rang}`}>
                        Diagnostic n° {un.rang}, {etatsDiagnostic[un.etat].toLowerCase()}
                      </a>
                    ),
                    note: `${un.organisme_nom}, saisi le ${formatDate(un.saisi_le)}`,
                  }))}
                />
              </Carte>
            )}
            <Plus libelle="Qui lit ce diagnostic ?">
              <p>
                Les services qui le remplissent et le secrétariat, chacun pour ce que la matrice d’accès lui ouvre. Le
                préfet et le juge reçoivent la synthèse, le bailleur une synthèse plus courte. Ni le bailleur ni le
                maire ne lisent jamais le diagnostic.
              </p>
            </Plus>
          </Pile>
        </Colonnes>
      </Pile>
    </CadreDossier>
  )
}
