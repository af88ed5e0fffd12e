import { aLeDroit } from '#acces'
import {
  type DossierConserve,
  ETATS_CONSERVATION,
  type Gel,
  gelerDossier,
  LONGUEUR_MOTIF,
  leverGel,
  lireConserve,
  listerGels,
  RAISONS_GEL,
} from '#conservation'
import { parisDay } from '#socle/time'
import { formatDate } from '#socle/typography'
import { type Erreur, lireJourSaisi, messageDe, tenter } from '../accompagner/saisie.ts'
import { Cadre } from '../cadre.tsx'
import {
  Actions,
  Bouton,
  BoutonPost,
  Carte,
  Champ,
  ChampDate,
  Formulaire,
  ListeDefinition,
  ListeSobre,
  Pile,
  ResumeErreurs,
  Selection,
} from '../composants/index.ts'
import { champ, page, type Reponse, type Requete, redirection } from '../route.ts'

interface Saisie {
  readonly raison: string
  readonly precision: string
  readonly jusqu_au: string
  readonly erreurs: readonly Erreur[]
}
const VIDE: Saisie = { raison: '', precision: '', jusqu_au: '', erreurs: [] }
const CHAMPS: Readonly<Record<string, string>> = {
  'gel.raison': 'raison',
  'gel.precision': 'precision',
  'gel.jusqu-au': 'jusqu_au',
}

const direGel = ({ raison, jusqu_au, leve_a, precision }: Gel): string =>
  [
    RAISONS_GEL[raison],
    precision,
    jusqu_au === null ? '' : `jusqu’au ${formatDate(jusqu_au)}`,
    leve_a === null ? '' : `levée le ${formatDate(parisDay(leve_a))}`,
  ]
    .filter((part) => part !== '')
    .join(', ')

async function montrer(requete: Requete, conserve: DossierConserve, saisie: Saisie): Promise<Reponse> {
  const { session, acteur, connecte } = requete
  const { dossier, reference, etat, clos_le, dernier_contact_le, archivable_le, archive_le, eliminable_le } = conserve
  const gels = await listerGels(session, dossier)
  session.consigner({ action: 'conservation.lister', objet: 'dossier', objetId: dossier, dossiers: [dossier] })
  const { erreurs } = saisie
  const ouvrable = etat !== 'efface'
  const peutGeler = aLeDroit(acteur, 'conservation.geler') && ouvrable
  return page(
    <Cadre
      requete={requete}
      courante="conservation"
      titre={`Conservation du dossier ${reference}`}
      erreur={erreurs.length > 0}
      fil={[{ libelle: 'Conservation', href: '/conservation' }, { libelle: reference }]}
    >
      <ResumeErreurs erreurs={erreurs} titre="La suspension n’a pas été enregistrée" />
      <Pile>
        <Carte titre="Où il en est">
          <ListeDefinition
            lignes={[
              { terme: 'État', valeur: ETATS_CONSERVATION[etat] },
              { terme: 'Clos le', valeur: formatDate(clos_le) },
              { terme: 'Dernier contact', valeur: formatDate(dernier_contact_le) },
              { terme: 'Base active', valeur: `jusqu’au ${formatDate(archivable_le)}` },
              { terme: 'En archive', valeur: archive_le && `depuis le ${formatDate(archive_le)}` },
              { terme: 'Terme de l’archive', valeur: eliminable_le && formatDate(eliminable_le) },
              {
                terme: 'Contenu',
                valeur:
                  aLeDroit(acteur, 'archive.consulter') && ouvrable ? (
                    <a href={`/dossiers/${reference}`}>Ouvrir le dossier</a>
                  ) : null,
                note: 'La lecture est notée dans le journal.',
              },
            ]}
          />
        </Carte>
        {gels.length > 0 && (
          <Carte titre="Suspensions">
            <ListeSobre
              lignes={gels.map((gel) => ({
                cle: gel.id,
                titre: direGel(gel),
                note: `Par ${gel.par}, le ${formatDate(parisDay(gel.a))}`,
                droite:
                  peutGeler && gel.leve_a === null ? (
                    <BoutonPost
                      action={`/conservation/dossiers/${reference}/gels/${gel.id}/lever`}
                      jeton={connecte.jetonFormulaire}
                      genre="secondaire"
                    >
                      Lever
                    </BoutonPost>
                  ) : undefined,
              }))}
            />
          </Carte>
        )}
        {peutGeler && (
          <Carte titre="Suspendre l’effacement">
            <Formulaire action={`/conservation/dossiers/${reference}/geler`} jeton={connecte.jetonFormulaire}>
              <Selection
                nom="raison"
                libelle="Raison"
                vide="Choisir"
                valeur={saisie.raison}
                erreur={messageDe(erreurs, 'raison')}
                options={Object.entries(RAISONS_GEL).map(([valeur, libelle]) => ({ valeur, libelle }))}
              />
              <Champ
                nom="precision"
                libelle="Précision"
                facultatif
                longueurMax={LONGUEUR_MOTIF}
                aide="Juridiction, numéro de l’affaire. Ne nommer personne."
                valeur={saisie.precision}
                erreur={messageDe(erreurs, 'precision')}
              />
              <ChampDate
                nom="jusqu_au"
                libelle="Jusqu’au"
                facultatif
                min={session.jour}
                valeur={saisie.jusqu_au}
                erreur={messageDe(erreurs, 'jusqu_au')}
              />
              <Actions>
                <Bouton genre="principal">Suspendre l’effacement</Bouton>
                <Bouton genre="tertiaire" href="/conservation">
                  Revenir à la liste
                </Bouton>
              </Actions>
            </Formulaire>
          </Carte>
        )}
      </Pile>
    </Cadre>,
    erreurs.length > 0 ? 422 : undefined,
  )
}

/** GET /conservation/dossiers/:reference: dates and reasons, never what the dossier says. */
export async function montrerConserve(requete: Requete): Promise<Reponse> {
  return montrer(requete, await lireConserve(requete.session, requete.parametres.reference ?? ''), VIDE)
}

/** POST /conservation/dossiers/:reference/geler. */
export async function geler(requete: Requete): Promise<Reponse> {
  const { session } = requete
  const conserve = await lireConserve(session, requete.parametres.reference ?? '')
  const saisie = {
    raison: champ(requete, 'raison'),
    precision: champ(requete, 'precision'),
    jusqu_au: champ(requete, 'jusqu_au'),
  }
  const jusquAu = saisie.jusqu_au === '' ? null : lireJourSaisi(saisie.jusqu_au)
  const erreur =
    saisie.jusqu_au !== '' && jusquAu === null
      ? { nom: 'jusqu_au', message: 'Écrire une date, ou laisser vide.' }
      : await tenter(
          session,
          'conservation.geler',
          (code) => CHAMPS[code] ?? 'raison',
          () => gelerDossier(session, { dossier: conserve.dossier, ...saisie, jusquAu }),
        )
  if (erreur) return montrer(requete, conserve, { ...saisie, erreurs: [erreur] })
  return redirection(`/conservation/dossiers/${conserve.reference}`, {
    texte: 'Effacement suspendu : ce dossier ne sera pas détruit tant que la raison vaut.',
  })
}

/** POST /conservation/dossiers/:reference/gels/:gel/lever. */
export async function lever(requete: Requete): Promise<Reponse> {
  const conserve = await lireConserve(requete.session, requete.parametres.reference ?? '')
  await leverGel(requete.session, conserve.dossier, requete.parametres.gel ?? '')
  return redirection(`/conservation/dossiers/${conserve.reference}`, { texte: 'Suspension levée.' })
}
