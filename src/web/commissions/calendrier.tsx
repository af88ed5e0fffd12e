import { randomUUID } from 'node:crypto'
import type { ReactElement } from 'react'
import { aLeDroit, listerOrganismes, type Organisme } from '#acces'
import {
  creerCommission,
  lireCommission,
  listerCommissions,
  listerSeances,
  listerSeancesDuMembre,
  modifierCommission,
  type NiveauCommission,
  niveauxCommission,
  type SaisieCommission,
  type Seance,
} from '#commission'
import { Conflit } from '#socle/errors'
import { formatDate, formatDateLongue, pluriel } from '#socle/typography'
import { type Erreur, messageDe, tenter } from '../accompagner/saisie.ts'
import { Cadre } from '../cadre.tsx'
import {
  Actions,
  Bouton,
  BoutonsRadio,
  Carte,
  CaseACocher,
  Champ,
  EtatVide,
  Etiquette,
  Formulaire,
  ListeSobre,
  Message,
  Pagination,
  Pile,
  ResumeErreurs,
  Selection,
  Tableau,
} from '../composants/index.ts'
import { pageConflit } from '../conflit.tsx'
import { champ, page, type Reponse, type Requete, redirection } from '../route.ts'
import { optionsTerritoires } from '../saisine/liste.tsx'
import {
  adresseCommission,
  adresseSeance,
  COMMISSIONS,
  direQuand,
  EtatDeSeance,
  nommerTerritoire,
  OngletsReunir,
} from './commun.tsx'

const anneeDemandee = ({ recherche, session }: Requete): number => {
  const demandee = Number(recherche.annee)
  return Number.isInteger(demandee) && demandee >= 2000 && demandee <= 2100 ? demandee : session.jour.year
}

/** The sessions of a year, by commission for those who run several. */
export function TableauSeances({
  seances,
  legende,
  avecCommission = true,
  miennes,
}: {
  seances: readonly Seance[]
  legende: string
  avecCommission?: boolean
  miennes?: ReadonlyMap<string, { readonly fiches: number; readonly attendus: number }>
}): ReactElement {
  return (
    <Tableau
      legende={legende}
      largeur="moyen"
      lignes={seances}
      cle={({ id }) => id}
      colonnes={[
        {
          cle: 'le',
          titre: 'Séance',
          principale: true,
          rendre: (seance) => <a href={adresseSeance(seance.id)}>{direQuand(seance)}</a>,
        },
        ...(avecCommission
          ? [{ cle: 'commission', titre: 'Commission', rendre: ({ commission_nom }: Seance) => commission_nom }]
          : []),
        { cle: 'lieu', titre: 'Lieu', rendre: ({ lieu }) => lieu || 'à préciser' },
        { cle: 'etat', titre: 'État', rendre: (seance) => <EtatDeSeance seance={seance} /> },
        {
          cle: 'ordre',
          titre: 'Ordre du jour',
          rendre: ({ id, odj_numero }) => {
            const mien = miennes?.get(id)
            if (mien)
              return `${pluriel(mien.fiches, 'fiche', 'fiches')}, ${pluriel(mien.attendus, 'réponse attendue', 'réponses attendues')}`
            return odj_numero === null ? 'pas encore envoyé' : `envoyé, version ${odj_numero}`
          },
        },
      ]}
    />
  )
}

/** GET /commissions: the commissions of the département, and the calendar of a year. */
export async function montrerCalendrier(requete: Requete): Promise<Reponse> {
  const { session, acteur } = requete
  const annee = anneeDemandee(requete)
  const [commissions, seances, miennes] = await Promise.all([
    listerCommissions(session),
    listerSeances(session, annee),
    aLeDroit(acteur, 'seance.participer') ? listerSeancesDuMembre(session) : [],
  ])
  const tient = aLeDroit(acteur, 'commission.tenir')
  session.consigner({ action: 'seances.lister', details: { annee, nombre: seances.length } })
  const aVenir = seances.filter(
    ({ le, etat }) => etat !== 'annulee' && Temporal.PlainDate.compare(le, session.jour) >= 0,
  )
  const prochaine = aVenir[0]
  return page(
    <Cadre
      requete={requete}
      titre={
        prochaine
          ? `Commissions : prochaine séance le ${formatDateLongue(prochaine.le)}`
          : 'Commissions : aucune séance à venir'
      }
      chapo="Les séances de l’année, et qui siège. Un ordre du jour se prépare depuis sa séance."
      courante="reunir"
      large
      actions={
        tient && commissions.length > 0 ? (
          <Bouton href={`${COMMISSIONS}/nouvelle`}>Créer une commission</Bouton>
        ) : undefined
      }
    >
      <OngletsReunir requete={requete} />
      {commissions.length === 0 ? (
        <EtatVide
          titre="Aucune commission n’est encore créée"
          geste={tient ? { href: `${COMMISSIONS}/nouvelle`, libelle: 'Créer la première commission' } : undefined}
        >
          {tient
            ? 'Commencer par la nommer et lui donner ses territoires. Ses membres, son règlement et ses séances viennent ensuite, sur sa page.'
            : 'Le secrétariat et les présidents la créeront ici.'}
        </EtatVide>
      ) : (
        <Pile>
          <Carte titre={`Séances de ${annee}`} id="annee" aside={pluriel(seances.length, 'séance', 'séances')}>
            {seances.length === 0 ? (
              <EtatVide titre={`Aucune séance en ${annee}`} niveau={3}>
                Une séance s’ajoute depuis la page de sa commission.
              </EtatVide>
            ) : (
              <TableauSeances
                seances={seances}
                legende={`Calendrier de ${annee}`}
                miennes={new Map(miennes.map((une) => [une.id, une]))}
              />
            )}
            <Pagination
              libelle="Années du calendrier"
              position={`Année ${annee}`}
              precedents={`${COMMISSIONS}?annee=${annee - 1}`}
              suivants={`${COMMISSIONS}?annee=${annee + 1}`}
            />
          </Carte>
          <Carte titre="Commissions" id="commissions">
            <ListeSobre
              lignes={commissions.map((commission) => ({
                cle: commission.id,
                titre: <a href={adresseCommission(commission.id)}>{commission.nom}</a>,
                note: `${commission.territoires.map((un) => nommerTerritoire(requete, un)).join(', ')} ; secrétariat : ${commission.secretariat_nom}`,
                droite: (
                  <Etiquette ton="neutre">
                    {commission.fermee_le === null
                      ? niveauxCommission[commission.niveau]
                      : `A pris fin le ${formatDate(commission.fermee_le)}`}
                  </Etiquette>
                ),
              }))}
            />
          </Carte>
        </Pile>
      )}
    </Cadre>,
  )
}

function lireSaisie(requete: Requete): SaisieCommission {
  const niveau = champ(requete, 'niveau')
  return {
    nom: champ(requete, 'nom'),
    niveau: Object.hasOwn(niveauxCommission, niveau) ? (niveau as NiveauCommission) : 'territoriale',
    territoires: requete.champs.territoires ?? [],
    secretariat: champ(requete, 'secretariat'),
    lieu: champ(requete, 'lieu'),
  }
}

const SECRETARIATS = ['secretariat', 'prefecture', 'sous_prefecture']

async function PageFormulaire(
  requete: Requete,
  saisie: SaisieCommission,
  erreurs: readonly Erreur[],
  sur: { readonly id: string; readonly vu: string } | { readonly envoi: string },
): Promise<Reponse> {
  const modifiee = 'id' in sur ? sur : null
  const organismes: readonly Organisme[] = (await listerOrganismes(requete.session)).filter(({ type }) =>
    SECRETARIATS.includes(type),
  )
  const erreurTerritoires = messageDe(erreurs, 'territoires')
  return page(
    <Cadre
      requete={requete}
      titre={modifiee ? `Modifier ${saisie.nom}` : 'Créer une commission'}
      courante="reunir"
      fil={[{ libelle: 'Commissions', href: COMMISSIONS }, { libelle: modifiee ? 'Modifier' : 'Créer' }]}
      erreur={erreurs.length > 0}
    >
      <ResumeErreurs
        erreurs={erreurs.map((une) => (une.nom === 'territoires' ? { ...une, id: 'c-territoires-0' } : une))}
      />
      <Formulaire
        action={modifiee ? `${adresseCommission(modifiee.id)}/modifier` : COMMISSIONS}
        jeton={requete.connecte.jetonFormulaire}
        champs={'id' in sur ? { vu: sur.vu } : sur}
        libelle="Commission"
      >
        <Champ
          nom="nom"
          libelle="Nom"
          aide="Par exemple : Commission territoriale du Nord."
          longueurMax={120}
          valeur={saisie.nom}
          erreur={messageDe(erreurs, 'nom')}
        />
        <BoutonsRadio
          nom="niveau"
          libelle="Niveau"
          valeur={saisie.niveau}
          options={[
            {
              valeur: 'departementale',
              libelle: niveauxCommission.departementale,
              aide: 'Bilan, harmonisation, avis sur la charte.',
            },
            {
              valeur: 'territoriale',
              libelle: niveauxCommission.territoriale,
              aide: 'Examine les situations des ménages de ses territoires.',
            },
          ]}
        />
        <fieldset className="champ">
          <legend>Territoires</legend>
          {erreurTerritoires && <p className="erreur">{erreurTerritoires}</p>}
          {optionsTerritoires(requete).map(({ valeur, libelle }, rang) => (
            <CaseACocher
              key={valeur}
              nom="territoires"
              id={`c-territoires-${rang}`}
              valeur={valeur}
              libelle={libelle}
              cochee={saisie.territoires.includes(valeur)}
            />
          ))}
        </fieldset>
        <Selection
          nom="secretariat"
          libelle="Secrétariat"
          vide="Choisir"
          valeur={saisie.secretariat || undefined}
          options={organismes.map(({ id, nom }) => ({ valeur: id, libelle: nom }))}
          erreur={messageDe(erreurs, 'secretariat')}
        />
        <Champ
          nom="lieu"
          libelle="Lieu habituel des séances"
          facultatif
          longueurMax={200}
          valeur={saisie.lieu}
          erreur={messageDe(erreurs, 'lieu')}
        />
        <Actions>
          <Bouton genre="principal">{modifiee ? 'Enregistrer' : 'Créer la commission'}</Bouton>
          <Bouton href={modifiee ? adresseCommission(modifiee.id) : COMMISSIONS}>Annuler</Bouton>
        </Actions>
      </Formulaire>
      {!modifiee && (
        <Message>
          <p>La composition, le règlement intérieur et les séances s’écrivent ensuite sur la page de la commission.</p>
        </Message>
      )}
    </Cadre>,
    erreurs.length > 0 ? 422 : undefined,
  )
}

const VIDE: SaisieCommission = { nom: '', niveau: 'territoriale', territoires: [], secretariat: '', lieu: '' }
const nomDuChamp = (code: string): string => code.replace(/^\w+\./, '')

/** GET /commissions/nouvelle. */
export const proposerCommission = (requete: Requete): Promise<Reponse> =>
  PageFormulaire(requete, VIDE, [], { envoi: randomUUID() })

/** POST /commissions (COM-01). */
export async function creer(requete: Requete): Promise<Reponse> {
  const saisie = lireSaisie(requete)
  const envoi = champ(requete, 'envoi')
  let id = ''
  const erreur = await tenter(requete.session, 'commission.tenir', nomDuChamp, async () => {
    id = await creerCommission(requete.session, saisie, envoi)
  })
  if (erreur) return PageFormulaire(requete, saisie, [erreur], { envoi })
  return redirection(adresseCommission(id), {
    ton: 'tenu',
    texte: `${saisie.nom} est créée. Lui donner maintenant ses membres et son règlement.`,
  })
}

/** GET /commissions/:commission/modifier. */
export async function proposerModification(requete: Requete): Promise<Reponse> {
  const { version, ...saisie } = await lireCommission(requete.session, requete.parametres.commission ?? '')
  return PageFormulaire(requete, saisie, [], { id: saisie.id, vu: String(version) })
}

/** POST /commissions/:commission/modifier. */
export async function modifier(requete: Requete): Promise<Reponse> {
  const { session } = requete
  const avant = await lireCommission(session, requete.parametres.commission ?? '')
  const saisie = lireSaisie(requete)
  const vu = champ(requete, 'vu')
  try {
    const erreur = await tenter(session, 'commission.tenir', nomDuChamp, () =>
      modifierCommission(session, avant.id, Number(vu), saisie),
    )
    if (erreur) return PageFormulaire(requete, saisie, [erreur], { id: avant.id, vu })
  } catch (erreur) {
    if (!(erreur instanceof Conflit)) throw erreur
    session.consigner({ action: 'commission.tenir', resultat: 'refuse', details: { code: erreur.code } })
    const action = `${adresseCommission(avant.id)}/modifier`
    const organismes = await listerOrganismes(session)
    const tenuPar = ({ secretariat }: SaisieCommission) => organismes.find(({ id }) => id === secretariat)?.nom ?? ''
    const dire = (un: SaisieCommission) => un.territoires.map((code) => nommerTerritoire(requete, code)).join(', ')
    return pageConflit(requete, {
      message: erreur.message,
      quoi: `Commission « ${avant.nom} »`,
      courante: 'reunir',
      fil: [{ libelle: 'Commissions', href: COMMISSIONS }, { libelle: avant.nom }],
      versions: [
        { cle: 'nom', libelle: 'Nom', saisie: saisie.nom, enregistree: avant.nom },
        {
          cle: 'niveau',
          libelle: 'Niveau',
          saisie: niveauxCommission[saisie.niveau],
          enregistree: niveauxCommission[avant.niveau],
        },
        { cle: 'territoires', libelle: 'Territoires', saisie: dire(saisie), enregistree: dire(avant) },
        { cle: 'secretariat', libelle: 'Secrétariat', saisie: tenuPar(saisie), enregistree: tenuPar(avant) },
        { cle: 'lieu', libelle: 'Lieu', saisie: saisie.lieu, enregistree: avant.lieu },
      ],
      conseil: 'Garder ce qui est enregistré, ou le remplacer par votre saisie.',
      garder: { libelle: 'Garder ce qui est enregistré', href: adresseCommission(avant.id) },
      remplacer: {
        libelle: 'Remplacer par ma saisie',
        action,
        champs: { ...saisie, vu: String(avant.version) },
      },
    })
  }
  return redirection(adresseCommission(avant.id), { ton: 'tenu', texte: 'La commission est enregistrée.' })
}
