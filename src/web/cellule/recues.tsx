import { randomUUID } from 'node:crypto'
import type { ReactElement } from 'react'
import {
  type Consultation,
  type ConsultationLue,
  type ConsultationPrevue,
  lireConsultation,
  listerConsultationsRecues,
  ouvrirConsultation,
  prevoirConsultation,
  repondreConsultation,
  retirerConsultation,
  retirerPosition,
  reunionEnVigueur,
  trouverConsultation,
} from '#commission'
import { type Dossier, lireDossier } from '#dossiers'
import {
  type ChampCompose,
  deposerPiece,
  type GenrePiece,
  genresPiece,
  lireChampsDuLocataire,
  listerLecteursPossibles,
  listerPieces,
  type Piece,
  trouverDossierDuLocataire,
} from '#echanges'
import { TYPES_ORGANISME, type TypeOrganisme } from '#referentiel'
import { Conflit, Introuvable } from '#socle/errors'
import { formatInstant } from '#socle/typography'
import { nommerDossier } from '../accompagner/menage.ts'
import { type Erreur, messageDe, tenter } from '../accompagner/saisie.ts'
import { Cadre } from '../cadre.tsx'
import {
  Actions,
  Bouton,
  Carte,
  ChampFichier,
  EtatVide,
  Formulaire,
  type LigneDefinition,
  ListeDefinition,
  ListeSobre,
  Message,
  Pile,
  ResumeErreurs,
  Selection,
} from '../composants/index.ts'
import { ouConflit } from '../conflit.tsx'
import { avecToutLeDepartement } from '../perimetre.ts'
import { champ, page, type Reponse, type Requete, redirection } from '../route.ts'
import { direIssue, direReunion, EtatDeConsultation, lignesDeConsultation } from './commun.tsx'
import {
  conflitDePosition,
  evenementDe,
  FormulairePosition,
  FormulaireRetrait,
  relectureDuRetrait,
} from './consultation.tsx'
import {
  CHAMPS_CONSULTATION,
  ChampsConsultation,
  champsDe,
  enDemande,
  lireSaisie,
  NomsDesLecteurs,
  RecapConsultation,
  type SaisieConsultation,
} from './ouvrir.tsx'
import { champsRecus, Relire, RelireConsultation } from './relire.tsx'

const RECUES = '/cellule/recues'
const CHAPO =
  'Les questions de la cellule technique adressées à votre organisme. Vous lisez la question et le nom du ménage, jamais son dossier.'

/** GET /cellule/recues: what is addressed to an organisme that reads no dossier. */
export async function montrerRecues(requete: Requete): Promise<Reponse> {
  const recues = await listerConsultationsRecues(requete.session)
  requete.session.consigner({
    action: 'consultations.lister',
    dossiers: [...new Set(recues.map(({ dossier }) => dossier))],
    details: { nombre: recues.length },
  })
  return page(
    <Cadre requete={requete} titre="Cellule technique" courante="cellule-recues" chapo={CHAPO}>
      {recues.length === 0 ? (
        <EtatVide titre="Rien ne vous est adressé">
          Une consultation paraît ici quand la cellule vous invite, ou quand vous la consultez pour un de vos
          locataires.
        </EtatVide>
      ) : (
        <Carte titre="Consultations" id="recues">
          <ListeSobre
            lignes={recues.map((une) => ({
              cle: une.id,
              titre: <a href={`${RECUES}/${une.id}`}>{une.regles.objet.libelle}</a>,
              note: `${une.organisme_nom}, ${formatInstant(une.ouverte_a)} ; répondre avant : ${formatInstant(une.echeance_a)}`,
              droite: <EtatDeConsultation {...une} />,
            }))}
          />
        </Carte>
      )}
    </Cadre>,
  )
}

/** The household as its reader may see it: a landlord, the fields of its own list; a guest, its name and where it lives. */
interface MenageVu {
  readonly nom: string
  readonly lignes: readonly LigneDefinition[]
}

function vuDuBailleur(champs: readonly ChampCompose[]): MenageVu {
  const nom = champs.find(({ champ: cle }) => cle === 'menage.nom')?.valeur ?? 'votre locataire'
  return { nom, lignes: champs.map(({ libelle, valeur }) => ({ terme: libelle, valeur })) }
}

function vuDUnInvite(dossier: Dossier): MenageVu {
  const nom = nommerDossier(dossier)
  return { nom, lignes: [{ terme: 'Ménage', valeur: nom, note: `${dossier.adresse}, ${dossier.commune}` }] }
}

interface Recue {
  readonly consultation: Consultation
  readonly lue: ConsultationLue
  readonly menage: MenageVu
  /** Documents of the reader's organisme since the consultation was opened: those it joined. */
  readonly pieces: readonly Piece[]
}

/**
 * What an organisme outside the dossier reads of a consultation: found under its own rights, then opened under the whole département, in its name. The policies still
 * hide what the others answered.
 */
async function lireRecue(requete: Requete): Promise<Recue> {
  const consultation = await trouverConsultation(requete.session, requete.parametres.consultation ?? '')
  if (!consultation.invites.includes(requete.acteur.organisme ?? '')) throw new Introuvable()
  const champs =
    consultation.organisme === requete.acteur.organisme
      ? await lireChampsDuLocataire(requete.session, consultation.dossier)
      : null
  return avecToutLeDepartement(requete, 'cellule.recevoir', async (large) => {
    const lue = await lireConsultation(large, consultation.dossier, consultation.id)
    // Under the whole département the mask opens; what is near health stays hidden to whoever did not write it.
    const situations =
      consultation.organisme === requete.acteur.organisme
        ? lue.contenu.situations
        : lue.contenu.situations.filter(({ sante }) => !sante)
    const pieces = (await listerPieces(large, consultation.dossier)).filter(
      ({ organisme, a, retiree_a: retiree }) =>
        organisme === requete.acteur.organisme &&
        retiree === null &&
        Temporal.Instant.compare(a, consultation.ouverte_a) >= 0,
    )
    return {
      consultation,
      pieces,
      lue: { ...lue, contenu: { ...lue.contenu, situations } },
      menage: champs === null ? vuDUnInvite(await lireDossier(large, consultation.dossier)) : vuDuBailleur(champs),
    }
  })
}

function PageRecue({
  requete,
  recue,
  erreurs,
  formulaire = 'position',
}: {
  requete: Requete
  recue: Recue
  erreurs: readonly Erreur[]
  /** Which form was refused, or came back to be corrected. */
  formulaire?: 'position' | 'retirer' | 'piece'
}): ReactElement {
  const { lue, menage } = recue
  const { consultation, contenu, actes } = lue
  const adresse = `${RECUES}/${consultation.id}`
  const reunion = reunionEnVigueur(actes)
  const conclusion = actes.findLast(({ genre }) => genre === 'conclusion')
  return (
    <Cadre
      requete={requete}
      titre={`Cellule technique : ${menage.nom}`}
      courante="cellule-recues"
      erreur={erreurs.length > 0}
      fil={[{ libelle: 'Cellule technique', href: RECUES }, { libelle: 'Consultation' }]}
    >
      <ResumeErreurs
        titre="Rien n’a été enregistré"
        erreurs={erreurs.map(({ nom, message }) => ({ id: `c-${formulaire}-${nom}`, message }))}
      />
      <Pile>
        <Carte titre="Ce qui est demandé" id="question" aside={<EtatDeConsultation {...consultation} />}>
          <p className="texte-libre">{contenu.question}</p>
          <ListeDefinition lignes={[...menage.lignes, ...lignesDeConsultation(consultation)]} />
        </Carte>
        {reunion && (
          <Carte titre="Réunion" id="reunion">
            <ListeDefinition
              lignes={[
                { terme: 'Quand', valeur: direReunion(reunion) },
                { terme: 'Où', valeur: reunion.texte },
              ]}
            />
            <Actions>
              <Bouton fichier href={`${adresse}/reunion.ics`}>
                Ajouter à l’agenda
              </Bouton>
            </Actions>
          </Carte>
        )}
        {conclusion && consultation.issue !== null && (
          <Carte titre="Conclusion" id="conclusion">
            <Message ton={consultation.issue === 'accord' ? 'tenu' : 'info'}>
              <p>
                <b>{direIssue(consultation)}.</b> {conclusion.texte}
                {consultation.regularisation === 'attendue' && ' La commission suivante confirme ou non.'}
              </p>
            </Message>
          </Carte>
        )}
        <FormulairePosition
          requete={requete}
          lue={lue}
          action={`${adresse}/position`}
          erreurs={formulaire === 'position' ? erreurs : []}
        />
        <PiecesJointes requete={requete} recue={recue} erreurs={formulaire === 'piece' ? erreurs : []} />
        {consultation.organisme === requete.acteur.organisme && (
          <FormulaireRetrait
            requete={requete}
            lue={lue}
            action={`${adresse}/retirer`}
            erreurs={formulaire === 'retirer' ? erreurs : null}
          />
        )}
      </Pile>
    </Cadre>
  )
}

/** Documents an organisme outside the dossier joins: those it joined, and the form for one more. It reads no document of the others. */
function PiecesJointes({
  requete,
  recue: { lue, pieces },
  erreurs,
}: {
  requete: Requete
  recue: Recue
  erreurs: readonly Erreur[]
}): ReactElement | null {
  const { etat, id } = lue.consultation
  const ouverte = etat === 'ouverte' || etat === 'a_conclure'
  if (!ouverte && pieces.length === 0) return null
  return (
    <Carte titre="Pièces jointes par votre organisme" id="pieces">
      {pieces.length === 0 ? (
        <p>Aucune pour l’instant.</p>
      ) : (
        <ListeSobre
          lignes={pieces.map((piece) => ({
            cle: piece.id,
            titre: piece.nom,
            note: `${genresPiece[piece.genre]}, ${formatInstant(piece.a)}, ${piece.auteur}`,
          }))}
        />
      )}
      {ouverte && (
        <Formulaire
          action={`${RECUES}/${id}/piece`}
          jeton={requete.connecte.jetonFormulaire}
          libelle="Joindre une pièce"
          champs={{ envoi: randomUUID() }}
          fichiers
        >
          <Selection
            nom="genre"
            id="c-piece-genre"
            libelle="Ce que c’est"
            vide="Choisir"
            valeur={erreurs.length > 0 ? champ(requete, 'genre') : undefined}
            erreur={messageDe(erreurs, 'genre')}
            options={Object.entries(genresPiece).map(([valeur, libelle]) => ({ valeur, libelle }))}
          />
          <ChampFichier
            nom="fichier"
            id="c-piece-fichier"
            libelle="Fichier"
            formats=".pdf,.png,.jpg,.jpeg,.odt,.ods,.docx,.xlsx"
            aide="PDF, image ou document, 10 Mo au plus. Lu par ceux qui lisent la consultation avec le dossier."
            erreur={messageDe(erreurs, 'fichier')}
          />
          <Actions>
            <Bouton icone="deposer">Joindre cette pièce</Bouton>
          </Actions>
        </Formulaire>
      )}
    </Carte>
  )
}

/** GET /cellule/recues/:consultation (CEL-03). */
export async function montrerRecue(requete: Requete): Promise<Reponse> {
  return page(<PageRecue requete={requete} recue={await lireRecue(requete)} erreurs={[]} />)
}

/** POST /cellule/recues/:consultation/position. */
export async function repondreRecue(requete: Requete): Promise<Reponse> {
  const recue = await lireRecue(requete)
  const reponse = await ouConflit(requete, 'consultation.repondre', () =>
    tenter(
      requete.session,
      'consultation.repondre',
      (code) => code.split('.')[1] ?? 'motif',
      () =>
        avecToutLeDepartement(requete, 'cellule.repondre', (large) =>
          repondreConsultation(large, {
            dossier: recue.consultation.dossier,
            consultation: recue.consultation.id,
            envoi: champ(requete, 'envoi'),
            sens: champ(requete, 'sens'),
            motif: champ(requete, 'motif'),
            vu: champ(requete, 'vu'),
          }),
        ),
    ),
  )
  const retour = `${RECUES}/${recue.consultation.id}`
  if (reponse === null) return redirection(retour, { texte: 'Position enregistrée.' })
  if (!(reponse instanceof Conflit)) return page(<PageRecue requete={requete} recue={recue} erreurs={[reponse]} />, 422)
  if (reponse.code !== 'consultation.position')
    return page(
      <PageRecue
        requete={requete}
        recue={await lireRecue(requete)}
        erreurs={[{ nom: 'motif', message: reponse.message }]}
      />,
      409,
    )
  return conflitDePosition(requete, (await lireRecue(requete)).lue, reponse.message, {
    action: `${retour}/position`,
    retour,
    fil: [{ libelle: 'Cellule technique', href: RECUES }, { libelle: 'Position' }],
  })
}

const estGenre = (texte: string): texte is GenrePiece => Object.hasOwn(genresPiece, texte)

/** POST /cellule/recues/:consultation/piece: a document for those who read the consultation with the dossier (CEL-05). */
export async function joindrePiece(requete: Requete): Promise<Reponse> {
  const recue = await lireRecue(requete)
  const { consultation } = recue
  const genre = champ(requete, 'genre')
  const [fichier] = requete.fichiers
  const ouverte = consultation.etat === 'ouverte' || consultation.etat === 'a_conclure'
  const erreurs: Erreur[] = [
    ...(ouverte ? [] : [{ nom: 'fichier', message: 'Cette consultation est terminée : plus rien ne s’y joint.' }]),
    ...(estGenre(genre) ? [] : [{ nom: 'genre', message: 'Choisir ce qu’est cette pièce.' }]),
    ...(fichier ? [] : [{ nom: 'fichier', message: 'Choisir le fichier à joindre.' }]),
  ]
  if (erreurs.length === 0 && fichier && estGenre(genre)) {
    const refusee = await tenter(
      requete.session,
      'piece.deposer',
      (code) => (code === 'piece.genre' ? 'genre' : 'fichier'),
      () =>
        avecToutLeDepartement(requete, 'cellule.repondre', async (large) => {
          const dossier = await lireDossier(large, consultation.dossier)
          const possibles = await listerLecteursPossibles(large, dossier, 3)
          const destinataires = possibles.map(({ id }) => id).filter((id) => consultation.lecteurs.includes(id))
          await deposerPiece(large, {
            dossier: dossier.id,
            genre,
            datePiece: null,
            fichier,
            vers: { cercle: 3, destinataires },
            envoi: champ(requete, 'envoi'),
          })
        }),
    )
    if (!refusee) return redirection(`${RECUES}/${consultation.id}`, { texte: 'Pièce jointe.' })
    erreurs.push(refusee)
  }
  return page(<PageRecue requete={requete} recue={recue} erreurs={erreurs} formulaire="piece" />, 422)
}

/** POST /cellule/recues/:consultation/position/retirer: it is expected again; giving it once more undoes this. */
export async function retirerPositionRecue(requete: Requete): Promise<Reponse> {
  const recue = await lireRecue(requete)
  const { dossier, id: consultation } = recue.consultation
  const reponse = await ouConflit(requete, 'consultation.repondre', () =>
    tenter(
      requete.session,
      'consultation.repondre',
      () => 'motif',
      () =>
        avecToutLeDepartement(requete, 'cellule.repondre', (large) =>
          retirerPosition(large, { dossier, consultation, envoi: champ(requete, 'envoi'), vu: champ(requete, 'vu') }),
        ),
    ),
  )
  if (reponse === null)
    return redirection(`${RECUES}/${consultation}`, { texte: 'Position retirée : elle est de nouveau attendue.' })
  return page(
    <PageRecue
      requete={requete}
      recue={await lireRecue(requete)}
      erreurs={[{ nom: 'motif', message: reponse.message }]}
    />,
    reponse instanceof Conflit ? 409 : 422,
  )
}

/** POST /cellule/recues/:consultation/retirer: the landlord that asked takes its question back, once read again. */
export async function retirerRecue(requete: Requete): Promise<Reponse> {
  const recue = await lireRecue(requete)
  const { consultation } = recue
  // Whoever is only asked takes back its position, never the question.
  if (consultation.organisme !== requete.acteur.organisme) throw new Introuvable()
  const retour = `${RECUES}/${consultation.id}`
  const etape = champ(requete, 'etape')
  if (etape === 'corriger') return page(<PageRecue requete={requete} recue={recue} erreurs={[]} formulaire="retirer" />)
  const simuler = etape !== 'confirmer'
  const reponse = await ouConflit(requete, 'consultation.retirer', () =>
    tenter(
      requete.session,
      'consultation.retirer',
      () => 'motif',
      () =>
        avecToutLeDepartement(requete, 'cellule.solliciter', (large) =>
          retirerConsultation(large, {
            dossier: consultation.dossier,
            consultation: consultation.id,
            envoi: champ(requete, 'envoi'),
            motif: champ(requete, 'motif'),
            simuler,
          }),
        ),
    ),
  )
  if (reponse !== null)
    return page(
      <PageRecue
        requete={requete}
        recue={await lireRecue(requete)}
        erreurs={[{ nom: 'motif', message: reponse.message }]}
        formulaire="retirer"
      />,
      reponse instanceof Conflit ? 409 : 422,
    )
  if (!simuler) return redirection(retour, { texte: 'Consultation retirée : chacun est prévenu.' })
  const relecture = relectureDuRetrait(requete)
  return page(
    <Cadre
      requete={requete}
      titre={relecture.titre}
      courante="cellule-recues"
      chapo="Relire, puis confirmer. Rien n’est encore enregistré."
      fil={[
        { libelle: 'Cellule technique', href: RECUES },
        { libelle: 'Consultation', href: retour },
        { libelle: 'Retirer' },
      ]}
    >
      <Relire
        relecture={relecture}
        action={`${retour}/retirer`}
        jeton={requete.connecte.jetonFormulaire}
        champs={champsRecus(requete)}
      />
    </Cadre>,
  )
}

/** GET /cellule/recues/:consultation/reunion.ics. */
export async function telechargerReunionRecue(requete: Requete): Promise<Reponse> {
  const { lue } = await lireRecue(requete)
  return { genre: 'fichier', type: 'text/calendar; charset=utf-8', ...evenementDe(requete, lue, RECUES) }
}

function PageSolliciter({
  requete,
  menage,
  saisie,
  prevue,
  erreurs,
  type,
}: {
  requete: Requete
  menage: MenageVu
  saisie: SaisieConsultation
  prevue: ConsultationPrevue | null
  erreurs: readonly Erreur[]
  type: string
}): ReactElement {
  const jeton = requete.connecte.jetonFormulaire
  const action = `/locataires/${requete.parametres.locataire ?? ''}/cellule`
  return (
    <Cadre
      requete={requete}
      titre={`Consulter la cellule technique : ${menage.nom}`}
      courante="locataires"
      erreur={erreurs.length > 0}
      chapo="L’accord de la cellule se demande avant de signer un second protocole de cohésion sociale. Sa décision est provisoire jusqu’à la commission suivante."
      fil={[{ libelle: 'Mes locataires', href: '/locataires' }, { libelle: 'Consulter la cellule' }]}
    >
      <ResumeErreurs titre="La consultation n’est pas partie" erreurs={erreurs} />
      {prevue === null ? (
        <Carte titre="La consultation">
          <Formulaire action={action} jeton={jeton} champs={{ envoi: saisie.envoi, etape: 'relire' }}>
            <ChampsConsultation requete={requete} saisie={saisie} erreurs={erreurs} bailleur={type} />
            <Actions>
              <Bouton genre="principal">Relire avant d’envoyer</Bouton>
              <Bouton genre="tertiaire" href="/locataires">
                Revenir
              </Bouton>
            </Actions>
          </Formulaire>
        </Carte>
      ) : (
        <RelireConsultation
          recap={<RecapConsultation requete={requete} saisie={saisie} prevue={prevue} />}
          lecteurs={<NomsDesLecteurs prevue={prevue} />}
          action={action}
          jeton={jeton}
          champs={{ ...champsDe(saisie), marque: prevue.marque }}
        />
      )}
    </Cadre>
  )
}

const typeDe = ({ acteur }: Requete): TypeOrganisme => {
  const type = TYPES_ORGANISME.find((un) => un === acteur.organismeType)
  if (type === undefined) throw new Introuvable()
  return type
}

/** GET and POST /locataires/:locataire/cellule: a social landlord consults the cell for its tenant (CEL-07, CEL-08, BS 14), without reading the dossier. */
export async function solliciter(requete: Requete): Promise<Reponse> {
  const id = await trouverDossierDuLocataire(requete.session, requete.parametres.locataire ?? '')
  const menage = vuDuBailleur(await lireChampsDuLocataire(requete.session, id))
  const type = typeDe(requete)
  const envoyee = Object.keys(requete.champs).length > 0
  const saisie: SaisieConsultation = {
    ...lireSaisie(requete),
    situations: [],
    invites: [],
    pieces: [],
    mode: 'dematerialise',
    envoi: champ(requete, 'envoi') || randomUUID(),
  }
  const demande = { ...enDemande(saisie), seul: type }
  const etape = envoyee ? champ(requete, 'etape') : 'corriger'
  return avecToutLeDepartement(requete, 'cellule.solliciter', async (large) => {
    const dossier = await lireDossier(large, id)
    const montrer = (prevue: ConsultationPrevue | null, erreurs: readonly Erreur[], statut?: number) =>
      page(
        <PageSolliciter
          requete={requete}
          menage={menage}
          saisie={saisie}
          prevue={prevue}
          erreurs={erreurs}
          type={type}
        />,
        statut,
      )
    if (etape === 'corriger') return montrer(null, [])
    let prevue: ConsultationPrevue | null = null
    let ouverte = ''
    const agir = () =>
      tenter(
        large,
        'consultation.ouvrir',
        (code) => CHAMPS_CONSULTATION[code] ?? 'objet',
        async () => {
          if (etape === 'confirmer')
            ouverte = await ouvrirConsultation(large, dossier, {
              ...demande,
              envoi: saisie.envoi,
              marque: champ(requete, 'marque'),
            })
          else prevue = await prevoirConsultation(large, dossier, demande)
        },
      )
    const reponse = await ouConflit({ session: large }, 'consultation.ouvrir', agir)
    if (reponse instanceof Conflit) {
      prevue = await prevoirConsultation(large, dossier, demande)
      return montrer(prevue, [{ nom: 'objet', message: reponse.message }], 409)
    }
    if (reponse) return montrer(null, [reponse], 422)
    if (ouverte === '') return montrer(prevue, [])
    return redirection(`${RECUES}/${ouverte}`, { texte: 'La cellule est consultée. Sa conclusion s’affichera ici.' })
  })
}
