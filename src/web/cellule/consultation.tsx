import { randomUUID } from 'node:crypto'
import type { ReactElement } from 'react'
import { aLeDroit } from '#acces'
import {
  type ConsultationLue,
  conclureConsultation,
  debutDeReunion,
  estEchue,
  etatsRegularisation,
  issueDesPositions,
  issuesConsultation,
  LONGUEUR_MOTIF_CELLULE,
  lireConsultation,
  ouvrirFicheDeReunion,
  positionsEnVigueur,
  type Regularisation,
  regulariser,
  repondreConsultation,
  retirerConsultation,
  retirerPosition,
  reunionEnVigueur,
  reunirCellule,
  sensPosition,
  trouverConsultation,
  trouverRegularisation,
  voixDe,
} from '#commission'
import type { Dossier } from '#dossiers'
import { listerPieces, type Piece } from '#echanges'
import { Conflit, Introuvable } from '#socle/errors'
import { type CalendarEvent, writeCalendar } from '#socle/ical'
import { formatDate, formatInstant } from '#socle/typography'
import { type Erreur, lireJourSaisi, messageDe, tenter } from '../accompagner/saisie.ts'
import {
  Actions,
  Bouton,
  BoutonPost,
  BoutonsRadio,
  Carte,
  Champ,
  ChampDate,
  Colonnes,
  Formulaire,
  ListeDefinition,
  ListeSobre,
  Message,
  Pile,
  Plus,
  ResumeErreurs,
} from '../composants/index.ts'
import { ouConflit, pageConflit } from '../conflit.tsx'
import { adresseDossier, CadreDossier, ouvrirDossier } from '../espaces.tsx'
import { champ, page, type Reponse, type Requete, redirection } from '../route.ts'
import {
  adresseConsultation,
  adresseDe,
  direDecompte,
  direReunion,
  ESPACE,
  EtatDeConsultation,
  Histoire,
  lignesDeConsultation,
  lignesDesRegles,
  Positions,
} from './commun.tsx'
import { champsRecus, type Relecture, Relire } from './relire.tsx'

/** Which form of the page was refused, with what was typed in it. */
type Formulaires = 'position' | 'reunion' | 'conclure' | 'retirer' | 'regulariser'

interface Refuse {
  readonly formulaire: Formulaires
  readonly erreurs: readonly Erreur[]
}

interface Lue extends ConsultationLue {
  readonly regularisation: Regularisation | null
  /** Documents joined since the opening by those it names without the dossier. */
  readonly pieces: readonly Piece[]
}

const idDe = (formulaire: Formulaires, nom: string): string => `c-${formulaire}-${nom}`

/** The form where an organisme gives or corrects its position; the same for members and for guests without the dossier. */
export function FormulairePosition({
  requete,
  lue,
  action,
  erreurs,
}: {
  requete: Requete
  lue: ConsultationLue
  action: string
  erreurs: readonly Erreur[]
}): ReactElement | null {
  const { acteur, connecte, session } = requete
  const membre = lue.membres.find(({ organisme }) => organisme === acteur.organisme)
  const ouverte = lue.consultation.etat === 'ouverte' || lue.consultation.etat === 'a_conclure'
  if (!ouverte || !aLeDroit(acteur, 'cellule.repondre')) return null
  if (membre?.qualite !== 'permanent' && membre?.qualite !== 'invite') return null
  const mienne = positionsEnVigueur(lue.actes).get(membre.organisme)
  const typee = (nom: string, sinon: string | null | undefined) =>
    erreurs.length > 0 ? champ(requete, nom) : (sinon ?? undefined)
  return (
    <Carte
      titre={mienne ? 'Corriger la position de votre organisme' : 'Donner la position de votre organisme'}
      id="position"
    >
      {estEchue(lue.consultation, session.maintenant) && (
        <Message ton="bientot">
          <p>
            L’échéance est passée : la position sera notée comme arrivée après, et reste utile jusqu’à la conclusion.
          </p>
        </Message>
      )}
      <Formulaire
        action={action}
        jeton={connecte.jetonFormulaire}
        libelle="Position"
        champs={{ envoi: randomUUID(), vu: mienne?.id ?? '' }}
      >
        <BoutonsRadio
          nom="sens"
          id={idDe('position', 'sens')}
          libelle="Position"
          valeur={typee('sens', mienne?.sens)}
          erreur={messageDe(erreurs, 'sens')}
          options={Object.entries(sensPosition).map(([valeur, libelle]) => ({ valeur, libelle }))}
        />
        <Champ
          nom="motif"
          id={idDe('position', 'motif')}
          libelle="Pourquoi"
          lignes={3}
          longueurMax={LONGUEUR_MOTIF_CELLULE}
          aide="Lu par ceux qui lisent la consultation avec le dossier. Ni diagnostic ni soin."
          valeur={typee('motif', mienne?.texte)}
          erreur={messageDe(erreurs, 'motif')}
        />
        <Actions>
          <Bouton genre="principal">{mienne ? 'Enregistrer la correction' : 'Donner cette position'}</Bouton>
        </Actions>
      </Formulaire>
      {mienne && (
        <BoutonPost
          action={`${action}/retirer`}
          champs={{ envoi: randomUUID(), vu: mienne.id }}
          jeton={connecte.jetonFormulaire}
          petit
        >
          Retirer cette position
        </BoutonPost>
      )}
    </Carte>
  )
}

function Reunion({ requete, dossier, lue, refuse }: ProprietesPage): ReactElement | null {
  const { consultation, actes } = lue
  const { acteur, connecte, session } = requete
  const adresse = adresseConsultation(dossier, consultation.id)
  const reunion = reunionEnVigueur(actes)
  const ouverte = consultation.etat === 'ouverte' || consultation.etat === 'a_conclure'
  const reunit = ouverte && (aLeDroit(acteur, 'cellule.conclure') || consultation.organisme === acteur.organisme)
  const voulue = consultation.mode === 'reunion' || actes.some(({ sens }) => sens === 'reunion')
  if (!reunion && !reunit) return null
  const erreurs = refuse?.formulaire === 'reunion' ? refuse.erreurs : []
  const typee = (nom: string, sinon: string | undefined) => (erreurs.length > 0 ? champ(requete, nom) : sinon)
  return (
    <Carte titre="Réunion" id="reunion">
      {reunion ? (
        <>
          <ListeDefinition
            lignes={[
              { terme: 'Quand', valeur: direReunion(reunion) },
              { terme: 'Où', valeur: reunion.texte },
            ]}
          />
          <Actions>
            <Bouton fichier href={`/cellule/consultations/${consultation.id}/reunion.ics`}>
              Ajouter à l’agenda
            </Bouton>
          </Actions>
        </>
      ) : (
        <p>{voulue ? 'Une réunion est demandée : en fixer la date.' : 'Aucune réunion n’est prévue.'}</p>
      )}
      {reunit && (
        <Plus libelle={reunion ? 'Déplacer ou annuler la réunion' : 'Fixer une réunion'} ouvert={erreurs.length > 0}>
          <Formulaire
            action={`${adresse}/reunion`}
            jeton={connecte.jetonFormulaire}
            libelle="Fixer la réunion"
            champs={{ envoi: randomUUID(), vu: String(consultation.version) }}
          >
            <div className="champs">
              <ChampDate
                nom="le"
                id={idDe('reunion', 'le')}
                libelle="Jour"
                min={session.jour}
                valeur={typee('le', reunion?.donnees.le) || undefined}
                erreur={messageDe(erreurs, 'le')}
              />
              <Champ
                nom="heure"
                id={idDe('reunion', 'heure')}
                libelle="Heure"
                court
                aide="Par exemple 14:30"
                valeur={typee('heure', reunion?.donnees.heure)}
                erreur={messageDe(erreurs, 'heure')}
              />
              <Champ
                nom="minutes"
                id={idDe('reunion', 'minutes')}
                libelle="Durée, en minutes"
                court
                chiffres
                valeur={typee('minutes', String(reunion?.donnees.minutes ?? 45))}
                erreur={messageDe(erreurs, 'minutes')}
              />
            </div>
            <Champ
              nom="lieu"
              id={idDe('reunion', 'lieu')}
              libelle="Lieu, ou adresse de la visioconférence"
              longueurMax={200}
              aide="Sans le nom du ménage : ce lieu part dans les agendas."
              valeur={typee('lieu', reunion?.texte ?? undefined)}
              erreur={messageDe(erreurs, 'lieu')}
            />
            <Actions>
              <Bouton genre="principal">{reunion ? 'Déplacer la réunion' : 'Fixer la réunion'}</Bouton>
              {reunion && (
                <Bouton genre="destructeur" nom="annuler" valeur="oui">
                  Annuler la réunion
                </Bouton>
              )}
            </Actions>
          </Formulaire>
        </Plus>
      )}
      {consultation.fiche === null
        ? ouverte && (
            <BoutonPost
              action={`${adresse}/fiche`}
              champs={{ envoi: randomUUID() }}
              jeton={connecte.jetonFormulaire}
              petit
            >
              Préparer la fiche de réunion
            </BoutonPost>
          )
        : null}
      {consultation.fiche !== null && (
        <p className="mt2">
          <a href={adresseDe(dossier, `/${consultation.fiche}`)}>Ouvrir la fiche de réunion</a>
        </p>
      )}
    </Carte>
  )
}

function Conclure({ requete, dossier, lue, refuse }: ProprietesPage): ReactElement | null {
  const { consultation } = lue
  const { acteur, connecte, session } = requete
  if (!aLeDroit(acteur, 'cellule.conclure') || (consultation.etat !== 'ouverte' && consultation.etat !== 'a_conclure'))
    return null
  const voix = voixDe(lue)
  const echue = estEchue(consultation, session.maintenant)
  const saisi = refuse?.formulaire === 'conclure'
  const erreurs = saisi ? refuse.erreurs : []
  const calculee = issueDesPositions(consultation.regles, voix, echue)
  return (
    <Carte titre="Conclure" id="conclure">
      {!echue && voix.some(({ sens }) => sens === null) ? (
        <p>La conclusion s’écrit quand tous ont répondu, ou à l’échéance. Pour l’instant : {direDecompte(lue)}.</p>
      ) : (
        <Formulaire
          action={`${adresseConsultation(dossier, consultation.id)}/conclure`}
          jeton={connecte.jetonFormulaire}
          libelle="Conclure la consultation"
          champs={{ envoi: randomUUID(), vu: String(consultation.version) }}
        >
          <p>
            {direDecompte(lue)}.{' '}
            {consultation.regles.decision
              ? `Règle : ${consultation.regles.decision.libelle}.`
              : 'La charte ne fixe pas de règle de décision.'}
            {calculee !== null && ` Elle donne : ${issuesConsultation[calculee].toLowerCase()}.`}
          </p>
          <BoutonsRadio
            nom="issue"
            id={idDe('conclure', 'issue')}
            libelle="Conclusion"
            valeur={saisi ? champ(requete, 'issue') : (calculee ?? undefined)}
            erreur={messageDe(erreurs, 'issue')}
            options={Object.entries(issuesConsultation).map(([valeur, libelle]) => ({ valeur, libelle }))}
          />
          <Champ
            nom="motif"
            id={idDe('conclure', 'motif')}
            libelle="Motif"
            lignes={3}
            longueurMax={LONGUEUR_MOTIF_CELLULE}
            aide="Lu par tous ceux qui lisent la consultation, bailleur demandeur compris."
            valeur={saisi ? champ(requete, 'motif') : undefined}
            erreur={messageDe(erreurs, 'motif')}
          />
          <Actions>
            <Bouton genre="principal">Relire avant de conclure</Bouton>
          </Actions>
        </Formulaire>
      )}
    </Carte>
  )
}

function Regulariser({ requete, dossier, lue, refuse }: ProprietesPage): ReactElement | null {
  const { consultation, regularisation } = lue
  if (!regularisation) return null
  const saisi = refuse?.formulaire === 'regulariser'
  const erreurs = saisi ? refuse.erreurs : []
  const attendue = regularisation.etat === 'attendue'
  return (
    <Carte titre="Régularisation par la commission" id="regularisation">
      {attendue ? (
        <Message ton="bientot">
          <p>
            Décision provisoire depuis le {formatDate(regularisation.conclue_le)} : la prochaine commission du
            territoire doit se prononcer.
          </p>
        </Message>
      ) : (
        <ListeDefinition
          lignes={[
            { terme: 'Suite', valeur: etatsRegularisation[regularisation.etat] },
            {
              terme: 'Séance',
              valeur: regularisation.seance_le === null ? null : formatDate(regularisation.seance_le),
            },
            { terme: 'Motif', valeur: regularisation.motif },
          ]}
        />
      )}
      {attendue && aLeDroit(requete.acteur, 'cellule.conclure') && (
        <Plus libelle="Enregistrer ce que la commission a décidé" ouvert={saisi}>
          <Formulaire
            action={`${adresseConsultation(dossier, consultation.id)}/regulariser`}
            jeton={requete.connecte.jetonFormulaire}
            libelle="Régulariser"
            champs={{ vu: String(regularisation.version) }}
          >
            <BoutonsRadio
              nom="etat"
              id={idDe('regulariser', 'etat')}
              libelle="La commission"
              valeur={saisi ? champ(requete, 'etat') : undefined}
              erreur={messageDe(erreurs, 'etat')}
              options={[
                { valeur: 'confirmee', libelle: 'confirme la décision' },
                {
                  valeur: 'infirmee',
                  libelle: 'ne la confirme pas',
                  aide: 'Dire pourquoi : la décision a pu être appliquée.',
                },
              ]}
            />
            <ChampDate
              nom="seance"
              id={idDe('regulariser', 'seance')}
              libelle="Séance du"
              max={requete.session.jour}
              valeur={saisi ? champ(requete, 'seance') || undefined : undefined}
              erreur={messageDe(erreurs, 'seance')}
            />
            <Champ
              nom="motif"
              id={idDe('regulariser', 'motif')}
              libelle="Motif"
              libre
              lignes={2}
              longueurMax={1000}
              valeur={saisi ? champ(requete, 'motif') : undefined}
              erreur={messageDe(erreurs, 'motif')}
            />
            <Actions>
              <Bouton genre="principal">Relire avant d’enregistrer</Bouton>
            </Actions>
          </Formulaire>
        </Plus>
      )}
    </Carte>
  )
}

function Retirer({ requete, dossier, lue, refuse }: ProprietesPage): ReactElement | null {
  const { consultation } = lue
  const { acteur } = requete
  const sienne = consultation.organisme === acteur.organisme && aLeDroit(acteur, 'cellule.ouvrir')
  if (!sienne && !(dossier.clos_le !== null && aLeDroit(acteur, 'cellule.conclure'))) return null
  return (
    <FormulaireRetrait
      requete={requete}
      lue={lue}
      action={`${adresseConsultation(dossier, consultation.id)}/retirer`}
      erreurs={refuse?.formulaire === 'retirer' ? refuse.erreurs : null}
    />
  )
}

/** Takes a consultation back, with a reason, after it was read again; nothing once it ended. `erreurs` null: the form was not sent. */
export function FormulaireRetrait({
  requete,
  lue,
  action,
  erreurs,
}: {
  requete: Requete
  lue: ConsultationLue
  action: string
  erreurs: readonly Erreur[] | null
}): ReactElement | null {
  const { etat } = lue.consultation
  if (etat !== 'ouverte' && etat !== 'a_conclure') return null
  return (
    <Plus libelle="Retirer cette consultation" ouvert={erreurs !== null}>
      <Formulaire
        action={action}
        jeton={requete.connecte.jetonFormulaire}
        libelle="Retirer la consultation"
        champs={{ envoi: randomUUID() }}
      >
        <Champ
          nom="motif"
          id={idDe('retirer', 'motif')}
          libelle="Pourquoi la retirer"
          lignes={2}
          longueurMax={LONGUEUR_MOTIF_CELLULE}
          valeur={erreurs === null ? undefined : champ(requete, 'motif')}
          erreur={messageDe(erreurs ?? [], 'motif')}
        />
        <Actions>
          <Bouton genre="destructeur">Relire avant de retirer</Bouton>
        </Actions>
      </Formulaire>
    </Plus>
  )
}

interface ProprietesPage {
  readonly requete: Requete
  readonly dossier: Dossier
  readonly lue: Lue
  readonly refuse: Refuse | null
}

function PageConsultation(proprietes: ProprietesPage): ReactElement {
  const { requete, dossier, lue, refuse } = proprietes
  const { consultation, contenu, membres, actes } = lue
  const conclusion = actes.findLast(({ genre }) => genre === 'conclusion')
  const retrait = actes.findLast(({ genre }) => genre === 'retrait')
  const adresse = adresseConsultation(dossier, consultation.id)
  return (
    <CadreDossier
      requete={requete}
      dossier={dossier}
      espace={ESPACE}
      titre={`Cellule technique : ${consultation.regles.objet.libelle.toLowerCase()}`}
      acte="Consultation"
      large
    >
      <ResumeErreurs
        titre="Rien n’a été enregistré"
        erreurs={(refuse?.erreurs ?? []).map(({ nom, message }) => ({
          id: idDe(refuse?.formulaire ?? 'position', nom),
          message,
        }))}
      />
      <Colonnes genre="dossier">
        <Pile>
          <Carte titre="Ce qui est demandé" id="question" aside={<EtatDeConsultation {...consultation} />}>
            <p className="texte-libre">{contenu.question}</p>
            <ListeDefinition
              lignes={[
                ...lignesDeConsultation(consultation),
                {
                  terme: 'Situation',
                  valeur:
                    contenu.situations.length === 0
                      ? null
                      : contenu.situations.map(({ libelle }) => libelle).join(', '),
                },
              ]}
            />
          </Carte>
          {lue.pieces.length > 0 && (
            <Carte titre="Pièces jointes par ceux qui ne lisent pas le dossier" id="pieces">
              <ListeSobre
                lignes={lue.pieces.map((piece) => ({
                  cle: piece.id,
                  titre: <a href={`${adresseDossier(dossier)}/echanges/pieces/${piece.id}`}>{piece.nom}</a>,
                  note: `${piece.organisme_nom}, ${formatInstant(piece.a)}`,
                }))}
              />
            </Carte>
          )}
          {conclusion && (
            <Carte titre="Conclusion" id="conclusion">
              <Message ton={consultation.issue === 'accord' ? 'tenu' : 'info'}>
                <p>
                  <b>{consultation.issue === null ? '' : issuesConsultation[consultation.issue]}.</b> {conclusion.texte}
                </p>
              </Message>
              <p className="note">
                {conclusion.auteur}, {conclusion.organisme_nom}
              </p>
            </Carte>
          )}
          {retrait && (
            <Message>
              <p>
                {retrait.donnees.clos === true
                  ? 'Consultation retirée : le dossier est clos.'
                  : `Consultation retirée par ${retrait.organisme_nom} : ${retrait.texte ?? ''}`}
              </p>
            </Message>
          )}
          <Carte titre="Positions" id="positions" aside={direDecompte(lue)}>
            <Positions lue={lue} />
          </Carte>
          <FormulairePosition
            requete={requete}
            lue={lue}
            action={`${adresse}/position`}
            erreurs={refuse?.formulaire === 'position' ? refuse.erreurs : []}
          />
          <Conclure {...proprietes} />
          <Regulariser {...proprietes} />
        </Pile>
        <Pile>
          <Reunion {...proprietes} />
          <Carte titre="Règles" id="regles">
            <ListeDefinition lignes={lignesDesRegles(consultation.regles)} />
            <p className="note mt2">Telles que la charte les donnait le jour de la consultation.</p>
          </Carte>
          <Carte titre="Qui la lit" id="lecteurs">
            <p>{membres.map(({ nom }) => nom).join(', ')}. Personne d’autre.</p>
          </Carte>
          <Plus libelle={`Ce qui s’est passé : ${actes.length} ${actes.length > 1 ? 'actes' : 'acte'}`}>
            <Histoire actes={actes} />
          </Plus>
          <Retirer {...proprietes} />
        </Pile>
      </Colonnes>
    </CadreDossier>
  )
}

async function lire(requete: Requete): Promise<{ dossier: Dossier; lue: Lue }> {
  const { session } = requete
  const dossier = await ouvrirDossier(requete)
  const lue = await lireConsultation(session, dossier.id, requete.parametres.consultation ?? '')
  // What was addressed alone is read on its own page.
  if (!lue.consultation.lecteurs.includes(requete.acteur.organisme ?? '')) throw new Introuvable()
  const { invites, ouverte_a: ouverte } = lue.consultation
  const pieces =
    invites.length === 0 || !aLeDroit(requete.acteur, 'echange.lire')
      ? []
      : (await listerPieces(session, dossier.id)).filter(
          ({ organisme, a, retiree_a: retiree }) =>
            invites.includes(organisme) && retiree === null && Temporal.Instant.compare(a, ouverte) >= 0,
        )
  return { dossier, lue: { ...lue, pieces, regularisation: await trouverRegularisation(session, lue.consultation) } }
}

/** GET /dossiers/:reference/cellule/consultations/:consultation (CEL-12). */
export async function montrerConsultation(requete: Requete): Promise<Reponse> {
  return page(<PageConsultation requete={requete} {...(await lire(requete))} refuse={null} />)
}

/**
 * Runs an act of the page: what stops it is shown in its form, what changed meanwhile is a 409 with the page as it is now. `final`: an act nobody undoes is read again
 * first, on a page of its own, after it was tried.
 */
async function agir(
  requete: Requete,
  formulaire: Formulaires,
  action: string,
  texte: string,
  acte: (dossier: Dossier, simuler: boolean) => Promise<void>,
  final?: Relecture,
): Promise<Reponse> {
  const { session } = requete
  const dossier = await ouvrirDossier(requete)
  const etape = champ(requete, 'etape')
  const id = requete.parametres.consultation ?? ''
  const revenir = async (erreurs: readonly Erreur[], statut?: number) =>
    page(<PageConsultation requete={requete} {...(await lire(requete))} refuse={{ formulaire, erreurs }} />, statut)
  if (final && etape === 'corriger') return revenir([])
  const simuler = final !== undefined && etape !== 'confirmer'
  const reponse = await ouConflit(requete, action, () =>
    tenter(
      session,
      action,
      (code) => code.split('.')[1] ?? 'motif',
      () => acte(dossier, simuler),
    ),
  )
  if (reponse === null && final && simuler)
    return page(
      <CadreDossier
        requete={requete}
        dossier={dossier}
        espace={ESPACE}
        titre={final.titre}
        acte="Relire"
        chapo="Relire, puis confirmer. Rien n’est encore enregistré."
      >
        <Relire
          relecture={final}
          action={`${adresseConsultation(dossier, id)}/${formulaire}`}
          jeton={requete.connecte.jetonFormulaire}
          champs={champsRecus(requete)}
        />
      </CadreDossier>,
    )
  if (reponse === null) return redirection(adresseConsultation(dossier, id), { texte })
  const erreur =
    reponse instanceof Conflit
      ? { nom: formulaire === 'regulariser' ? 'etat' : 'motif', message: reponse.message }
      : reponse
  return revenir([erreur], reponse instanceof Conflit ? 409 : 422)
}

const cle = (requete: Requete, dossier: Dossier) => ({
  dossier: dossier.id,
  consultation: requete.parametres.consultation ?? '',
  envoi: champ(requete, 'envoi'),
})

const ecrirePosition = (sens: string | null | undefined, motif: string | null | undefined): string | null =>
  sens
    ? `${Object.hasOwn(sensPosition, sens) ? sensPosition[sens as keyof typeof sensPosition] : sens}${motif ? ` : ${motif}` : ''}`
    : null

/** Two colleagues answered: both positions, and the ways out. */
export function conflitDePosition(
  requete: Requete,
  lue: ConsultationLue,
  message: string,
  { action, retour, fil }: { action: string; retour: string; fil: readonly { libelle: string; href?: string }[] },
): Promise<Reponse> {
  const enregistree = positionsEnVigueur(lue.actes).get(requete.acteur.organisme ?? '')
  const [sens, motif] = [champ(requete, 'sens'), champ(requete, 'motif')]
  return pageConflit(requete, {
    message,
    quoi: 'Position de votre organisme à la cellule technique',
    courante: 'accompagner',
    fil,
    versions: [
      {
        cle: 'position',
        libelle: 'Position',
        saisie: ecrirePosition(sens, motif),
        enregistree: ecrirePosition(enregistree?.sens, enregistree?.texte),
        qui: enregistree?.auteur ?? undefined,
      },
    ],
    conseil: 'Garder la position enregistrée, ou la remplacer par la vôtre : la précédente reste dans l’historique.',
    garder: { libelle: 'Garder la position enregistrée', href: retour },
    remplacer: {
      libelle: 'Remplacer par la mienne',
      action,
      champs: { sens, motif, vu: enregistree?.id ?? '', envoi: randomUUID() },
    },
  })
}

/** POST …/position (CEL-05). */
export async function donnerPosition(requete: Requete): Promise<Reponse> {
  try {
    return await agir(requete, 'position', 'consultation.repondre', 'Position enregistrée.', async (dossier) => {
      try {
        await repondreConsultation(requete.session, {
          ...cle(requete, dossier),
          sens: champ(requete, 'sens'),
          motif: champ(requete, 'motif'),
          vu: champ(requete, 'vu'),
        })
      } catch (erreur) {
        throw erreur instanceof Conflit && erreur.code === 'consultation.position' ? new DeuxPositions(erreur) : erreur
      }
    })
  } catch (erreur) {
    if (!(erreur instanceof DeuxPositions)) throw erreur
    const { dossier, lue } = await lire(requete)
    requete.session.consigner({
      action: 'consultation.repondre',
      resultat: 'refuse',
      details: { code: erreur.conflit.code },
    })
    const retour = adresseConsultation(dossier, lue.consultation.id)
    return conflitDePosition(requete, lue, erreur.conflit.message, {
      action: `${retour}/position`,
      retour,
      fil: [{ libelle: 'Cellule technique', href: adresseDe(dossier) }, { libelle: 'Position' }],
    })
  }
}

class DeuxPositions extends Error {
  readonly conflit: Conflit
  constructor(conflit: Conflit) {
    super(conflit.message)
    this.conflit = conflit
  }
}

/** POST …/reunion (CEL-06). */
export const fixerReunion = (requete: Requete): Promise<Reponse> => {
  const annuler = champ(requete, 'annuler') !== ''
  return agir(
    requete,
    'reunion',
    'consultation.reunir',
    annuler ? 'Réunion annulée : chacun est prévenu.' : 'Réunion fixée : chacun est prévenu.',
    (dossier) =>
      reunirCellule(requete.session, {
        ...cle(requete, dossier),
        vu: Number(champ(requete, 'vu')),
        le: lireJourSaisi(champ(requete, 'le')),
        heure: champ(requete, 'heure'),
        minutes: Number(champ(requete, 'minutes')),
        lieu: champ(requete, 'lieu'),
        annuler,
      }),
  )
}

/** POST …/conclure: read again, then final. */
export const conclure = (requete: Requete): Promise<Reponse> => {
  const issue = champ(requete, 'issue')
  return agir(
    requete,
    'conclure',
    'consultation.conclure',
    'Consultation conclue. La décision est inscrite pour la prochaine commission du territoire.',
    (dossier, simuler) =>
      conclureConsultation(requete.session, {
        ...cle(requete, dossier),
        vu: Number(champ(requete, 'vu')),
        issue,
        motif: champ(requete, 'motif'),
        simuler,
      }),
    {
      titre: 'Relire avant de conclure',
      avertissement:
        'Une conclusion ne se défait pas : les positions se ferment, ses lecteurs sont prévenus, les invités ne lisent plus. Seule la commission pourra ne pas la confirmer.',
      lignes: [
        { terme: 'Conclusion', valeur: issuesConsultation[issue as keyof typeof issuesConsultation] ?? issue },
        { terme: 'Motif, lu par tous ceux qui lisent la consultation', valeur: champ(requete, 'motif') },
      ],
      bouton: 'Conclure, à régulariser en commission',
    },
  )
}

/** What a withdrawal does, before it does. */
export const relectureDuRetrait = (requete: Requete): Relecture => ({
  titre: 'Relire avant de retirer',
  avertissement:
    'Un retrait ne se défait pas : plus personne n’est attendu, ceux que la consultation faisait lire le dossier ne le lisent plus, et chacun est prévenu. Une autre consultation peut être ouverte.',
  lignes: [{ terme: 'Motif', valeur: champ(requete, 'motif') }],
  bouton: 'Retirer la consultation',
  destructeur: true,
})

/** POST …/retirer: read again, then final. */
export const retirer = (requete: Requete): Promise<Reponse> =>
  agir(
    requete,
    'retirer',
    'consultation.retirer',
    'Consultation retirée : chacun est prévenu.',
    (dossier, simuler) =>
      retirerConsultation(requete.session, { ...cle(requete, dossier), motif: champ(requete, 'motif'), simuler }),
    relectureDuRetrait(requete),
  )

/** POST …/regulariser (CEL-11): read again, then final. */
export const enregistrerRegularisation = (requete: Requete): Promise<Reponse> => {
  const [etat, seanceLe] = [champ(requete, 'etat'), lireJourSaisi(champ(requete, 'seance'))]
  return agir(
    requete,
    'regulariser',
    'consultation.regulariser',
    'Suite de la commission enregistrée.',
    (dossier, simuler) =>
      regulariser(requete.session, {
        dossier: dossier.id,
        consultation: requete.parametres.consultation ?? '',
        vu: Number(champ(requete, 'vu')),
        etat,
        seanceLe,
        motif: champ(requete, 'motif'),
        simuler,
      }),
    {
      titre: 'Relire avant d’enregistrer',
      avertissement:
        'Ce que la commission a décidé s’enregistre une fois : la décision n’est plus provisoire, ses membres sont prévenus et ne lisent plus le dossier pour elle.',
      lignes: [
        { terme: 'La commission', valeur: etat === 'confirmee' ? 'confirme la décision' : 'ne la confirme pas' },
        { terme: 'Séance du', valeur: seanceLe === null ? null : formatDate(seanceLe) },
        { terme: 'Motif', valeur: champ(requete, 'motif') || null },
      ],
      bouton: 'Enregistrer la suite',
    },
  )
}

/** POST …/position/retirer: the position is expected again; giving it once more undoes this. */
export const retirerSaPosition = (requete: Requete): Promise<Reponse> =>
  agir(requete, 'position', 'consultation.repondre', 'Position retirée : elle est de nouveau attendue.', (dossier) =>
    retirerPosition(requete.session, { ...cle(requete, dossier), vu: champ(requete, 'vu') }),
  )

/** POST …/fiche: begins the sheet of the meeting, or opens the one there is (CEL-09). */
export async function commencerFiche(requete: Requete): Promise<Reponse> {
  const { dossier, lue } = await lire(requete)
  const fiche = await ouvrirFicheDeReunion(requete.session, dossier, lue.consultation.id, champ(requete, 'envoi'))
  return redirection(adresseDe(dossier, `/${fiche}`))
}

/** The meeting as a calendar file: when, where, which page; no household, no reason. */
export function evenementDe(
  requete: Requete,
  lue: ConsultationLue,
  page: string,
): { readonly nom: string; readonly octets: Uint8Array } {
  const acte = lue.actes.findLast(({ genre }) => genre === 'reunion')
  if (!acte) throw new Introuvable('Aucune réunion n’est prévue.')
  const { le = '', heure = '', minutes = 0, sequence = 0, annulee = false } = acte.donnees
  const site = requete.application.acces?.adresse
  const evenement: CalendarEvent = {
    uid: `consultation-${lue.consultation.id}@amont`,
    sequence,
    stamp: acte.a,
    start: debutDeReunion({ le, heure }),
    minutes,
    summary: 'CCAPEX : réunion de la cellule technique',
    location: acte.texte ?? undefined,
    ...(site === undefined ? {} : { url: `${site}${page}` }),
    cancelled: annulee,
  }
  return { nom: `reunion-cellule-${le}.ics`, octets: writeCalendar([evenement]) }
}

/** GET /cellule/consultations/:consultation/reunion.ics. */
export async function telechargerReunion(requete: Requete): Promise<Reponse> {
  const { session } = requete
  const consultation = await trouverConsultation(session, requete.parametres.consultation ?? '')
  const lue = await lireConsultation(session, consultation.dossier, consultation.id)
  return { genre: 'fichier', type: 'text/calendar; charset=utf-8', ...evenementDe(requete, lue, '/cellule') }
}
