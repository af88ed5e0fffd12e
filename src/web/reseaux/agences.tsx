import { aLeDroit } from '#acces'
import {
  type Agence,
  LONGUEURS_LOGEMENT,
  listerAgences,
  listerAgencesPossibles,
  secteursLogement,
  tenirAgence,
} from '#echanges'
import { libelleTerritoire } from '#referentiel'
import { Conflit } from '#socle/errors'
import { formatDate, pluriel } from '#socle/typography'
import { type Erreur, lireJourSaisi, messageDe, tenter } from '../accompagner/saisie.ts'
import {
  Actions,
  Bouton,
  Carte,
  Champ,
  ChampDate,
  EtatVide,
  Etiquette,
  Formulaire,
  Pile,
  ResumeErreurs,
  Selection,
  Tableau,
} from '../composants/index.ts'
import { ouConflit } from '../conflit.tsx'
import { Cases } from '../echanges/commun.tsx'
import { champ, page, type Reponse, type Requete, redirection } from '../route.ts'
import { CadrePartager } from './cadre-partager.tsx'
import { exigerTenue, LOGEMENTS } from './logements.tsx'

const AGENCES = `${LOGEMENTS}/agences`

interface Saisie {
  readonly organisme: string
  readonly secteurs: readonly string[]
  readonly territoires: readonly string[]
  readonly joindre: string
  readonly accord: string
}

async function pageAgences(
  requete: Requete,
  typee: Saisie | null,
  erreurs: readonly Erreur[] = [],
  statut?: number,
): Promise<Reponse> {
  const { session, acteur, connecte } = requete
  const tient = aLeDroit(acteur, 'logement.tenir')
  const toutes = await listerAgences(session, { retirees: true })
  const agences = toutes.filter(({ retiree_a }) => tient || retiree_a === null)
  const choisie = tient ? requete.recherche.agence : (acteur.organisme ?? undefined)
  const actuelle: Agence | undefined = toutes.find(({ organisme }) => organisme === (typee?.organisme ?? choisie))
  const possibles = tient ? await listerAgencesPossibles(session) : []
  const territoires = session.referentiel.departements.get(session.dept)?.territoires
  const nommer = (id: string) => (territoires ? libelleTerritoire(territoires, id) : id)
  const ecrit = tient || aLeDroit(acteur, 'logement.repondre')
  const saisie: Saisie = typee ?? {
    organisme: actuelle?.organisme ?? (tient ? '' : (acteur.organisme ?? '')),
    secteurs: actuelle?.secteurs ?? [],
    territoires: actuelle?.territoires ?? [],
    joindre: actuelle?.joindre ?? '',
    accord: (actuelle?.accord_le ?? session.jour).toString(),
  }
  session.consigner({ action: 'logements.lister', details: { agences: agences.length } })
  return page(
    <CadrePartager
      requete={requete}
      partie="logements"
      titre={tient || !ecrit ? 'Agences du réseau' : 'Ce que mon agence propose'}
      fil={[{ libelle: tient || !ecrit ? 'Agences du réseau' : 'Ce que mon agence propose' }]}
      chapo="Agences et gestionnaires de biens qui acceptent d’être sollicités par les travailleurs sociaux."
      erreur={erreurs.length > 0}
    >
      <ResumeErreurs erreurs={erreurs} titre="Le réseau n’a pas changé" />
      <Pile>
        {agences.length === 0 ? (
          <EtatVide titre="Aucune agence">
            {ecrit
              ? 'Inscrire ci-dessous la première qui accepte d’être sollicitée.'
              : 'Le secrétariat et les pilotes inscrivent les agences qui acceptent.'}
          </EtatVide>
        ) : (
          <Tableau
            legende={`Agences du réseau : ${pluriel(agences.length, 'agence', 'agences')}`}
            largeur="moyen"
            lignes={agences}
            cle={({ organisme }) => organisme}
            colonnes={[
              {
                cle: 'nom',
                titre: 'Agence',
                principale: true,
                rendre: ({ organisme, nom }) =>
                  tient ? <a href={`${AGENCES}?agence=${organisme}#agence`}>{nom}</a> : nom,
              },
              {
                cle: 'secteurs',
                titre: 'Logements',
                large: true,
                rendre: ({ secteurs }) => secteurs.map((un) => secteursLogement[un]).join(', '),
              },
              {
                cle: 'ou',
                titre: 'Territoires',
                rendre: ({ territoires: siens }) => (siens.length === 0 ? 'Tous' : siens.map(nommer).join(', ')),
              },
              { cle: 'joindre', titre: 'Joindre', rendre: ({ joindre }) => joindre },
              {
                cle: 'accord',
                titre: 'A accepté le',
                rendre: ({ accord_le, retiree_a }) =>
                  retiree_a ? <Etiquette>Retirée du réseau</Etiquette> : formatDate(accord_le),
              },
            ]}
          />
        )}
        {ecrit && (
          <Carte titre={actuelle ? `Modifier : ${actuelle.nom}` : 'Inscrire une agence'} id="agence">
            <Formulaire
              action={AGENCES}
              jeton={connecte.jetonFormulaire}
              champs={{
                version: String(actuelle?.version ?? 0),
                ...(actuelle || !tient ? { organisme: saisie.organisme } : {}),
              }}
            >
              {!actuelle && tient && (
                <Selection
                  nom="organisme"
                  libelle="Agence ou gestionnaire"
                  vide="Choisir"
                  valeur={saisie.organisme}
                  erreur={messageDe(erreurs, 'organisme')}
                  options={possibles
                    .filter(({ id }) => !toutes.some(({ organisme }) => organisme === id))
                    .map(({ id, nom }) => ({ valeur: id, libelle: nom }))}
                />
              )}
              <Cases
                nom="secteurs"
                legende="Logements proposés"
                options={Object.entries(secteursLogement).map(([valeur, libelle]) => ({ valeur, libelle }))}
                choisies={saisie.secteurs}
                erreurs={erreurs}
              />
              <Cases
                nom="territoires"
                legende="Territoires (aucun coché : tous)"
                facultatif
                options={(territoires?.territoires ?? []).map(({ id }) => ({ valeur: id, libelle: nommer(id) }))}
                choisies={saisie.territoires}
              />
              <Champ
                nom="joindre"
                libelle="Qui joindre, et comment"
                longueurMax={LONGUEURS_LOGEMENT.joindre}
                valeur={saisie.joindre}
                erreur={messageDe(erreurs, 'joindre')}
              />
              <ChampDate
                nom="accord"
                libelle="A accepté d’être sollicitée le"
                valeur={lireJourSaisi(saisie.accord) ?? undefined}
                max={session.jour}
                erreur={messageDe(erreurs, 'accord')}
              />
              <Actions>
                <Bouton genre="principal" nom="acte" valeur="enregistrer">
                  {actuelle ? 'Enregistrer' : 'Inscrire dans le réseau'}
                </Bouton>
                {actuelle && !actuelle.retiree_a && (
                  <Bouton nom="acte" valeur="retirer">
                    Retirer du réseau
                  </Bouton>
                )}
              </Actions>
            </Formulaire>
          </Carte>
        )}
      </Pile>
    </CadrePartager>,
    statut ?? (erreurs.length > 0 ? 422 : undefined),
  )
}

/** GET /logements/agences (CHA-43). */
export const montrerAgences = (requete: Requete): Promise<Reponse> => pageAgences(requete, null)

/** POST /logements/agences. */
export async function tenirUneAgence(requete: Requete): Promise<Reponse> {
  const { session } = requete
  const saisie: Saisie = {
    organisme: champ(requete, 'organisme'),
    secteurs: requete.champs.secteurs ?? [],
    territoires: requete.champs.territoires ?? [],
    joindre: champ(requete, 'joindre'),
    accord: champ(requete, 'accord'),
  }
  exigerTenue(requete, saisie.organisme)
  const retirer = champ(requete, 'acte') === 'retirer'
  const issue = await ouConflit(requete, 'agence.tenir', () =>
    tenter(
      session,
      'agence.tenir',
      (code) => code.replace('agence.', ''),
      () =>
        tenirAgence(session, {
          ...saisie,
          accordLe: lireJourSaisi(saisie.accord),
          version: Number(champ(requete, 'version')) || 0,
          retirer,
        }),
    ),
  )
  if (issue instanceof Conflit) return pageAgences(requete, saisie, [{ nom: 'joindre', message: issue.message }], 409)
  if (issue) return pageAgences(requete, saisie, [issue])
  return redirection(AGENCES, {
    texte: retirer ? 'Agence retirée du réseau : elle n’est plus sollicitée.' : 'Réseau mis à jour.',
    ton: 'tenu',
  })
}
