import { randomUUID } from 'node:crypto'
import type { ReactElement } from 'react'
import { aLeDroit, type Organisme } from '#acces'
import type { Dossier } from '#dossiers'
import {
  type EtatPoint,
  etatsPoint,
  type IssueMesure,
  issuesMesure,
  type LoyerPoint,
  lireMesure,
  listerMesures,
  listerPoints,
  listerSollicitables,
  loyersPoint,
  type MesureSuivie,
  type NatureMesure,
  naturesMesure,
  noterPoint,
  PERIODICITE,
  type PointSuivi,
  periodiciteProposee,
  reglerPeriodicite,
  suivreMesure,
  terminerMesure,
} from '#echanges'
import { Conflit } from '#socle/errors'
import { isUuid } from '#socle/text'
import { formatDate, pluriel } from '#socle/typography'
import { type Erreur, lireJourSaisi, messageDe, tenter } from '../accompagner/saisie.ts'
import {
  Actions,
  Bouton,
  BoutonsRadio,
  Carte,
  Champ,
  ChampDate,
  EtatVide,
  Etiquette,
  Formulaire,
  ListeDefinition,
  ListeSobre,
  Pile,
  Plus,
  ResumeErreurs,
  Selection,
} from '../composants/index.ts'
import { ouConflit, pageConflit } from '../conflit.tsx'
import { adresseDossier, CadreDossier, ouvrirDossier } from '../espaces.tsx'
import { champ, page, type Reponse, type Requete, redirection } from '../route.ts'
import { EcheanceDuPoint } from './liste.tsx'

const ESPACE = 'mesures'
const SUIVENT = ['departement', 'ccas', 'association', 'caf', 'msa', 'point_conseil_budget']
const adresseDe = (dossier: Pick<Dossier, 'reference'>, suite = ''): string =>
  `${adresseDossier(dossier)}/${ESPACE}${suite}`
const enOptions = (table: Readonly<Record<string, string>>) =>
  Object.entries(table).map(([valeur, libelle]) => ({ valeur, libelle }))
const marque = (recue: string): string => (isUuid(recue) ? recue : randomUUID())

/** What was typed in one of the forms of a measure, which comes back with its errors. */
interface Saisie {
  readonly mesure: string
  readonly formulaire: '' | 'point' | 'periodicite' | 'terminer'
  readonly valeurs: Readonly<Record<string, string>>
  readonly erreurs: readonly Erreur[]
}
const RIEN: Saisie = { mesure: '', formulaire: '', valeurs: {}, erreurs: [] }

const NOMS_POINT = ['le', 'etat', 'loyer', 'texte', 'envoi'] as const

function CarteMesure({
  requete,
  dossier,
  mesure,
  points,
  saisie,
  large,
}: {
  requete: Requete
  dossier: Dossier
  mesure: MesureSuivie
  points: readonly PointSuivi[]
  saisie: Saisie
  /** Several measures on the page: fields carry the rank of theirs. */
  large: number
}): ReactElement {
  const { session } = requete
  const ici = saisie.mesure === mesure.id ? saisie : RIEN
  const action = adresseDe(dossier, `/${mesure.id}`)
  const jeton = requete.connecte.jetonFormulaire
  const commun = { vu: String(mesure.version) }
  const lire = (formulaire: Saisie['formulaire'], nom: string): string =>
    ici.formulaire === formulaire ? (ici.valeurs[nom] ?? '') : ''
  const erreur = (formulaire: Saisie['formulaire'], nom: string) =>
    ici.formulaire === formulaire ? messageDe(ici.erreurs, nom) : undefined
  const id = (nom: string) => (large === 0 ? undefined : `c-${nom}-m${large}`)
  const tient = aLeDroit(requete.acteur, 'mesure.tenir') && mesure.terminee_le === null && dossier.clos_le === null
  return (
    <Carte
      titre={naturesMesure[mesure.nature]}
      id={`mesure-${mesure.id}`}
      aside={
        mesure.terminee_le ? <Etiquette>Terminée</Etiquette> : <EcheanceDuPoint mesure={mesure} jour={session.jour} />
      }
    >
      <ListeDefinition
        lignes={[
          { terme: 'Suivie par', valeur: mesure.organisme_nom },
          { terme: 'Jugement', valeur: formatDate(mesure.jugement_le) },
          { terme: 'Commencée le', valeur: formatDate(mesure.debut_le) },
          { terme: 'Un point tous les', valeur: `${mesure.periodicite_jours} jours` },
          {
            terme: 'Terminée',
            valeur: mesure.issue ? issuesMesure[mesure.issue] : null,
            note: mesure.terminee_le ? `le ${formatDate(mesure.terminee_le)}` : undefined,
          },
        ]}
      />
      {points.length === 0 ? (
        <p className="note">Aucun point n’est encore noté.</p>
      ) : (
        <ListeSobre
          lignes={points.map((point) => ({
            cle: point.id,
            titre: `${formatDate(point.le)} : ${etatsPoint[point.etat]}`,
            note: (
              <>
                <span className="texte-libre">{point.texte}</span>
                {point.loyer && ` ${loyersPoint[point.loyer]}.`} {point.auteur}, {point.organisme_nom}.
                {Temporal.PlainDate.compare(point.le, point.prevu_le) > 0 &&
                  ` Attendu le ${formatDate(point.prevu_le)}.`}
              </>
            ),
          }))}
        />
      )}
      {tient && (
        <>
          <Plus libelle="Noter un point" ouvert={ici.formulaire === 'point'}>
            <Formulaire
              action={`${action}/points`}
              jeton={jeton}
              champs={{ ...commun, envoi: lire('point', 'envoi') || randomUUID() }}
              libelle={`Noter un point : ${naturesMesure[mesure.nature]}`}
            >
              <ChampDate
                nom="le"
                id={id('le')}
                libelle="Point fait le"
                max={session.jour}
                valeur={lire('point', 'le') || session.jour.toString()}
                erreur={erreur('point', 'le')}
              />
              <BoutonsRadio
                nom="etat"
                id={id('etat')}
                libelle="Comment va la mesure"
                valeur={lire('point', 'etat')}
                options={enOptions(etatsPoint)}
                erreur={erreur('point', 'etat')}
              />
              <Selection
                nom="loyer"
                id={id('loyer')}
                libelle="Loyer courant"
                libre
                vide="Non connu"
                valeur={lire('point', 'loyer')}
                options={enOptions(loyersPoint)}
                erreur={erreur('point', 'loyer')}
              />
              <Champ
                nom="texte"
                id={id('texte')}
                libelle="Où en est le ménage"
                lignes={3}
                longueurMax={1500}
                aide="Lu par l’organisme qui suit la mesure et par le secrétariat. Ni santé, ni violences, ni enfance."
                valeur={lire('point', 'texte')}
                erreur={erreur('point', 'texte')}
              />
              <Actions>
                <Bouton genre="principal">Noter le point</Bouton>
              </Actions>
            </Formulaire>
          </Plus>
          <Plus libelle="Changer l’intervalle" ouvert={ici.formulaire === 'periodicite'}>
            <Formulaire
              action={`${action}/periodicite`}
              jeton={jeton}
              champs={commun}
              libelle={`Changer l’intervalle : ${naturesMesure[mesure.nature]}`}
            >
              <Champ
                nom="periodicite"
                id={id('periodicite')}
                libelle="Un point tous les (jours)"
                chiffres
                court
                aide={`De ${PERIODICITE.min} à ${PERIODICITE.max} jours. Le prochain point se compte depuis le dernier.`}
                valeur={lire('periodicite', 'periodicite') || String(mesure.periodicite_jours)}
                erreur={erreur('periodicite', 'periodicite')}
              />
              <Actions>
                <Bouton>Enregistrer l’intervalle</Bouton>
              </Actions>
            </Formulaire>
          </Plus>
          <Plus libelle="Terminer ce suivi" ouvert={ici.formulaire === 'terminer'}>
            <Formulaire
              action={`${action}/terminer`}
              jeton={jeton}
              champs={commun}
              libelle={`Terminer : ${naturesMesure[mesure.nature]}`}
            >
              <ChampDate
                nom="fin"
                id={id('fin')}
                libelle="Terminée le"
                max={session.jour}
                valeur={lire('terminer', 'fin') || session.jour.toString()}
                erreur={erreur('terminer', 'fin')}
              />
              <Selection
                nom="issue"
                id={id('issue')}
                libelle="Comment elle s’est terminée"
                vide="Choisir"
                valeur={lire('terminer', 'issue')}
                options={enOptions(issuesMesure)}
                erreur={erreur('terminer', 'issue')}
              />
              <p className="note">Aucun point ne sera plus attendu. Ce qui est noté reste, et ne se rouvre pas.</p>
              <Actions>
                <Bouton>Terminer le suivi</Bouton>
              </Actions>
            </Formulaire>
          </Plus>
        </>
      )}
    </Carte>
  )
}

async function montrer(requete: Requete, dossier: Dossier, saisie: Saisie): Promise<Reponse> {
  const { session } = requete
  const mesures = await listerMesures(session, { dossier: dossier.id })
  const points = await Promise.all(mesures.map((mesure) => listerPoints(session, mesure)))
  const commence = aLeDroit(requete.acteur, 'mesure.tenir') && dossier.clos_le === null
  return page(
    <CadreDossier
      requete={requete}
      dossier={dossier}
      espace={ESPACE}
      titre="Suivi après jugement"
      chapo={`Les mesures d’accompagnement et leurs points de suivi : ${pluriel(mesures.length, 'mesure', 'mesures')}. Lus par l’organisme qui suit et par le secrétariat.`}
      actions={
        commence && (
          <Bouton genre="principal" href={adresseDe(dossier, '/nouvelle')}>
            Suivre une mesure
          </Bouton>
        )
      }
    >
      <Pile>
        <ResumeErreurs erreurs={saisie.erreurs} titre="Rien n’a été enregistré" />
        {mesures.length === 0 ? (
          <EtatVide titre="Aucune mesure suivie">
            Après un jugement, l’association ou le service qui accompagne le ménage dit à intervalles réguliers comment
            va la mesure.
          </EtatVide>
        ) : (
          mesures.map((mesure, rang) => (
            <CarteMesure
              key={mesure.id}
              requete={requete}
              dossier={dossier}
              mesure={mesure}
              points={points[rang] ?? []}
              saisie={saisie}
              large={rang}
            />
          ))
        )}
      </Pile>
    </CadreDossier>,
    saisie.erreurs.length > 0 ? 422 : undefined,
  )
}

/** GET /dossiers/:reference/mesures. */
export async function montrerMesures(requete: Requete): Promise<Reponse> {
  return montrer(requete, await ouvrirDossier(requete), RIEN)
}

/** Who may follow a measure here: one's own organisme, or for the secretariat those engaged on the dossier. */
async function listerSuiveurs(requete: Requete, dossier: Dossier): Promise<readonly Pick<Organisme, 'id' | 'nom'>[]> {
  const { acteur, session } = requete
  if (acteur.role !== 'secretariat')
    return acteur.organisme ? [{ id: acteur.organisme, nom: acteur.organismeNom ?? '' }] : []
  return (await listerSollicitables(session, dossier)).filter(({ type }) => SUIVENT.includes(type))
}

interface Nouvelle {
  readonly nature: string
  readonly organisme: string
  readonly jugement: string
  readonly debut: string
  readonly periodicite: string
  readonly envoi: string
  readonly erreurs: readonly Erreur[]
}

async function montrerNouvelle(requete: Requete, dossier: Dossier, saisie: Nouvelle): Promise<Reponse> {
  const { session } = requete
  const suiveurs = await listerSuiveurs(requete, dossier)
  const proposee = periodiciteProposee(session)
  const { erreurs } = saisie
  return page(
    <CadreDossier
      requete={requete}
      dossier={dossier}
      espace={ESPACE}
      titre="Suivre une mesure après le jugement"
      acte="Nouvelle mesure"
      chapo="Le premier point est attendu un intervalle après le début de la mesure, puis après chaque point."
    >
      <ResumeErreurs erreurs={erreurs} titre="Le suivi n’a pas commencé" />
      {suiveurs.length === 0 ? (
        <EtatVide titre="Personne pour suivre cette mesure">
          Aucun service ni association n’est engagé sur ce dossier : en inviter un d’abord.
        </EtatVide>
      ) : (
        <Carte titre="La mesure">
          <Formulaire
            action={adresseDe(dossier)}
            jeton={requete.connecte.jetonFormulaire}
            champs={{ envoi: saisie.envoi }}
            libelle="Suivre une mesure"
          >
            <div className="champs">
              <Selection
                nom="nature"
                libelle="Mesure"
                vide="Choisir"
                valeur={saisie.nature}
                options={enOptions(naturesMesure)}
                erreur={messageDe(erreurs, 'nature')}
              />
              <Selection
                nom="organisme"
                libelle="Suivie par"
                {...(suiveurs.length > 1 ? { vide: 'Choisir' } : {})}
                valeur={saisie.organisme}
                options={suiveurs.map(({ id, nom }) => ({ valeur: id, libelle: nom }))}
                erreur={messageDe(erreurs, 'organisme')}
              />
              <ChampDate
                nom="jugement"
                libelle="Jugement rendu le"
                max={session.jour}
                valeur={saisie.jugement || undefined}
                erreur={messageDe(erreurs, 'jugement')}
              />
              <ChampDate
                nom="debut"
                libelle="Mesure commencée le"
                valeur={saisie.debut || undefined}
                erreur={messageDe(erreurs, 'debut')}
              />
              <Champ
                nom="periodicite"
                libelle="Un point tous les (jours)"
                chiffres
                court
                aide={
                  proposee.etat === 'valeur'
                    ? `Proposé : ${proposee.valeur} jours (${proposee.source.titre}). Réglable.`
                    : 'Le département ne propose pas d’intervalle.'
                }
                valeur={saisie.periodicite}
                erreur={messageDe(erreurs, 'periodicite')}
              />
            </div>
            <Actions>
              <Bouton genre="principal">Commencer le suivi</Bouton>
              <Bouton genre="tertiaire" href={adresseDe(dossier)}>
                Revenir au suivi
              </Bouton>
            </Actions>
          </Formulaire>
        </Carte>
      )}
    </CadreDossier>,
    erreurs.length > 0 ? 422 : undefined,
  )
}

/** GET /dossiers/:reference/mesures/nouvelle. */
export async function proposerMesure(requete: Requete): Promise<Reponse> {
  const dossier = await ouvrirDossier(requete)
  const proposee = periodiciteProposee(requete.session)
  const jugement = dossier.actes.findLast(({ type }) => type === 'jugement')?.le
  return montrerNouvelle(requete, dossier, {
    nature: '',
    organisme: '',
    jugement: jugement ?? '',
    debut: '',
    periodicite: proposee.etat === 'valeur' ? String(proposee.valeur) : '',
    envoi: randomUUID(),
    erreurs: [],
  })
}

const CHAMPS: Readonly<Record<string, string>> = {
  'mesure.nature': 'nature',
  'mesure.jugement': 'jugement',
  'mesure.debut': 'debut',
  'mesure.periodicite': 'periodicite',
  'mesure.issue': 'issue',
  'mesure.fin': 'fin',
  'point.le': 'le',
  'point.etat': 'etat',
  'point.loyer': 'loyer',
  'point.texte': 'texte',
}
const lireEntier = (texte: string): number => (/^\d{1,4}$/.test(texte.trim()) ? Number(texte) : Number.NaN)

/** POST /dossiers/:reference/mesures (DOS-35). */
export async function suivreUneMesure(requete: Requete): Promise<Reponse> {
  const { session } = requete
  const dossier = await ouvrirDossier(requete)
  const saisie = {
    nature: champ(requete, 'nature'),
    organisme: champ(requete, 'organisme'),
    jugement: champ(requete, 'jugement'),
    debut: champ(requete, 'debut'),
    periodicite: champ(requete, 'periodicite'),
    envoi: marque(champ(requete, 'envoi')),
  }
  const [jugementLe, debutLe] = [lireJourSaisi(saisie.jugement), lireJourSaisi(saisie.debut)]
  const erreurs: Erreur[] = []
  if (!Object.hasOwn(naturesMesure, saisie.nature)) erreurs.push({ nom: 'nature', message: 'Choisir la mesure.' })
  if (!(await listerSuiveurs(requete, dossier)).some(({ id }) => id === saisie.organisme))
    erreurs.push({ nom: 'organisme', message: 'Choisir qui suit cette mesure.' })
  if (!jugementLe) erreurs.push({ nom: 'jugement', message: 'Donner la date du jugement.' })
  if (!debutLe) erreurs.push({ nom: 'debut', message: 'Donner la date de début de la mesure.' })
  if (erreurs.length > 0 || !jugementLe || !debutLe) return montrerNouvelle(requete, dossier, { ...saisie, erreurs })
  const refusee = await tenter(
    session,
    'mesure.tenir',
    (code) => CHAMPS[code] ?? 'nature',
    () =>
      suivreMesure(session, dossier, {
        nature: saisie.nature as NatureMesure,
        organisme: saisie.organisme,
        jugementLe,
        debutLe,
        periodicite: lireEntier(saisie.periodicite),
        envoi: saisie.envoi,
      }),
  )
  if (refusee) return montrerNouvelle(requete, dossier, { ...saisie, erreurs: [refusee] })
  return redirection(adresseDe(dossier), { texte: 'Suivi commencé : le prochain point est daté ci-dessous.' })
}

/** One act on a measure, from the page that showed it. */
async function agir(
  requete: Requete,
  formulaire: Exclude<Saisie['formulaire'], ''>,
  noms: readonly string[],
  fait: string,
  acte: (mesure: MesureSuivie, vue: number) => Promise<void>,
  avant: () => readonly Erreur[] = () => [],
): Promise<Reponse> {
  const { session } = requete
  const dossier = await ouvrirDossier(requete)
  const mesure = await lireMesure(session, dossier.id, requete.parametres.mesure ?? '')
  const valeurs = Object.fromEntries(noms.map((nom) => [nom, champ(requete, nom)]))
  const erreurs = avant()
  if (erreurs.length > 0) return montrer(requete, dossier, { mesure: mesure.id, formulaire, valeurs, erreurs })
  const issue = await ouConflit(requete, 'mesure.tenir', () =>
    tenter(
      session,
      'mesure.tenir',
      (code) => CHAMPS[code] ?? noms[0] ?? '',
      () => acte(mesure, lireEntier(champ(requete, 'vu'))),
    ),
  )
  if (issue === null) return redirection(`${adresseDe(dossier)}#mesure-${mesure.id}`, { texte: fait })
  if (!(issue instanceof Conflit))
    return montrer(requete, dossier, { mesure: mesure.id, formulaire, valeurs, erreurs: [issue] })
  const [dernier] = await listerPoints(session, mesure)
  return pageConflit(requete, {
    message: issue.message,
    quoi: naturesMesure[mesure.nature],
    courante: 'accompagner',
    fil: [
      { libelle: 'Dossiers', href: '/dossiers' },
      { libelle: 'Suivi après jugement', href: adresseDe(dossier) },
    ],
    versions: [
      {
        cle: 'texte',
        libelle: 'Suivi',
        saisie: valeurs.texte || null,
        enregistree: dernier?.texte ?? null,
        qui: dernier && `${dernier.auteur}, ${dernier.organisme_nom}, le ${formatDate(dernier.le)}`,
      },
    ],
    conseil: 'Relire le suivi, puis noter de nouveau ce qui manque.',
    garder: { libelle: 'Relire le suivi', href: adresseDe(dossier) },
    remplacer: null,
  })
}

/** POST …/mesures/:mesure/points (DOS-35). */
export function noterUnPoint(requete: Requete): Promise<Reponse> {
  const le = lireJourSaisi(champ(requete, 'le'))
  const loyer = champ(requete, 'loyer')
  return agir(
    requete,
    'point',
    NOMS_POINT,
    'Point noté : le suivant est daté ci-dessous.',
    (mesure, vue) =>
      noterPoint(requete.session, mesure, {
        vue,
        le: le ?? requete.session.jour,
        etat: champ(requete, 'etat') as EtatPoint,
        loyer: loyer === '' ? null : (loyer as LoyerPoint),
        texte: champ(requete, 'texte'),
        envoi: marque(champ(requete, 'envoi')),
      }),
    () => (le === null ? [{ nom: 'le', message: 'Donner la date du point.' }] : []),
  )
}

/** POST …/mesures/:mesure/periodicite. */
export function reglerUneMesure(requete: Requete): Promise<Reponse> {
  return agir(requete, 'periodicite', ['periodicite'], 'Intervalle changé.', (mesure, vue) =>
    reglerPeriodicite(requete.session, mesure, { vue, periodicite: lireEntier(champ(requete, 'periodicite')) }),
  )
}

/** POST …/mesures/:mesure/terminer. */
export function terminerUneMesure(requete: Requete): Promise<Reponse> {
  const le = lireJourSaisi(champ(requete, 'fin'))
  return agir(
    requete,
    'terminer',
    ['fin', 'issue'],
    'Suivi terminé : aucun point n’est plus attendu.',
    (mesure, vue) =>
      terminerMesure(requete.session, mesure, {
        vue,
        le: le ?? requete.session.jour,
        issue: champ(requete, 'issue') as IssueMesure,
      }),
    () => (le === null ? [{ nom: 'fin', message: 'Donner la date de fin.' }] : []),
  )
}
