import type { ReactElement } from 'react'
import { aLeDroit } from '#acces'
import { type Dossier, lireDossier } from '#dossiers'
import {
  type Canal,
  canaux,
  cloreDiagnostic,
  conseillerContact,
  issuesAupres,
  listerContacts,
  type MotifNonRealise,
  motifsNonRealise,
  nommerIssue,
  noterContact,
  retablirContact,
  retirerContact,
  rouvrirDiagnostic,
  type TentativeConseillee,
  type TentativeContact,
} from '#repartition'
import { Introuvable } from '#socle/errors'
import { formatDate, pluriel } from '#socle/typography'
import { Cadre } from '../cadre.tsx'
import {
  Actions,
  Bouton,
  BoutonsRadio,
  Carte,
  Champ,
  ChampDate,
  Formulaire,
  Message,
  ResumeErreurs,
  Selection,
} from '../composants/index.ts'
import { champ, page, type Reponse, type Requete, redirection } from '../route.ts'
import { ecrireCode, libellesCanal } from './libelles.ts'
import { nommerDossier } from './menage.ts'
import { type Erreur, lireJourSaisi, messageDe, tenter } from './saisie.ts'

const adresseDe = ({ reference }: Dossier): string => `/dossiers/${reference}`

const fil = (dossier: Dossier, acte: string) => [
  { libelle: 'Dossiers', href: '/dossiers' },
  { libelle: nommerDossier(dossier), href: adresseDe(dossier) },
  { libelle: acte },
]

const ouvrir = (requete: Requete): Promise<Dossier> => lireDossier(requete.session, requete.parametres.reference ?? '')

interface SaisieContact {
  readonly canal: string
  readonly le: string
  readonly demi_journee: string
  readonly resultat: string
  readonly note: string
  readonly erreurs: readonly Erreur[]
}

function PageContact({
  requete,
  dossier,
  saisie,
  conseil,
}: {
  requete: Requete
  dossier: Dossier
  saisie: SaisieContact
  conseil: TentativeConseillee | null
}): ReactElement {
  const { erreurs } = saisie
  const issues = issuesAupres(requete.session, 'menage')
  return (
    <Cadre
      requete={requete}
      titre={`Noter un contact avec ${nommerDossier(dossier)}`}
      courante="accompagner"
      erreur={erreurs.length > 0}
      fil={fil(dossier, 'Noter un contact')}
    >
      <ResumeErreurs erreurs={erreurs} />
      {conseil && (
        <Message>
          <p>
            <b>Prochaine tentative conseillée : {conseil.libelle}.</b> {conseil.raison}
          </p>
        </Message>
      )}
      <Carte titre="Le contact">
        <Formulaire action={`${adresseDe(dossier)}/contact`} jeton={requete.connecte.jetonFormulaire}>
          <div className="champs">
            <Selection
              nom="canal"
              libelle="Moyen"
              vide="Choisir un moyen"
              valeur={saisie.canal}
              erreur={messageDe(erreurs, 'canal')}
              options={Object.entries(canaux).map(([valeur, libelle]) => ({ valeur, libelle }))}
            />
            <ChampDate
              nom="le"
              libelle="Date"
              valeur={saisie.le}
              max={requete.session.jour}
              erreur={messageDe(erreurs, 'le')}
            />
            <Selection
              nom="demi_journee"
              libelle="Demi-journée"
              facultatif
              vide="Non précisée"
              valeur={saisie.demi_journee}
              options={[
                { valeur: 'matin', libelle: 'Matin' },
                { valeur: 'apres_midi', libelle: 'Après-midi' },
              ]}
            />
          </div>
          <Selection
            nom="resultat"
            libelle="Ce que ce contact a donné"
            vide="Choisir dans la liste"
            valeur={saisie.resultat}
            erreur={messageDe(erreurs, 'resultat')}
            aide="La liste est la même pour tous les services. Une tentative sans réponse compte aussi."
            options={issues.map(({ code, libelle, joint }) => ({
              valeur: code,
              libelle: `${joint ? 'Joint' : 'Pas joint'} : ${libelle}`,
            }))}
          />
          <Champ
            nom="note"
            libelle="Précision"
            facultatif
            lignes={2}
            longueurMax={200}
            aide="Seulement si la liste ne suffit pas, 200 caractères au plus. Ni santé, ni violences, ni enfance."
            valeur={saisie.note}
            erreur={messageDe(erreurs, 'note')}
          />
          <Message ton="reserve">
            <p>
              <b>Qui lira ceci ?</b> Votre organisme et le secrétariat lisent le résultat. Les autres services voient
              seulement le moyen, la date et si le contact a abouti.
            </p>
          </Message>
          <Actions>
            <Bouton genre="principal">Noter ce contact</Bouton>
            <Bouton genre="tertiaire" href={adresseDe(dossier)}>
              Revenir au dossier
            </Bouton>
          </Actions>
        </Formulaire>
      </Carte>
    </Cadre>
  )
}

/** GET /dossiers/:reference/contact. */
export async function proposerContact(requete: Requete): Promise<Reponse> {
  const dossier = await ouvrir(requete)
  const saisie = {
    canal: '',
    le: requete.session.jour.toString(),
    demi_journee: '',
    resultat: '',
    note: '',
    erreurs: [],
  }
  const conseil = await lireConseil(requete, dossier)
  return page(<PageContact requete={requete} dossier={dossier} saisie={saisie} conseil={conseil} />)
}

const lireConseil = async ({ session }: Requete, dossier: Dossier): Promise<TentativeConseillee | null> =>
  conseillerContact(session, await listerContacts(session, dossier.id), dossier)

const CHAMPS_CONTACT: Readonly<Record<string, string>> = {
  'contact.futur': 'le',
  'contact.canal': 'canal',
}

const estCanal = (texte: string): texte is Canal => Object.hasOwn(canaux, texte)

/** POST /dossiers/:reference/contact (DOS-20). */
export async function noterUnContact(requete: Requete): Promise<Reponse> {
  const { session } = requete
  const dossier = await ouvrir(requete)
  const saisie = {
    canal: champ(requete, 'canal'),
    le: champ(requete, 'le'),
    demi_journee: champ(requete, 'demi_journee'),
    resultat: champ(requete, 'resultat'),
    note: champ(requete, 'note'),
  }
  const le = lireJourSaisi(saisie.le)
  const { canal, demi_journee } = saisie
  const erreurs: Erreur[] = []
  if (!estCanal(canal)) erreurs.push({ nom: 'canal', message: 'Choisir le moyen de contact.' })
  if (le === null) erreurs.push({ nom: 'le', message: 'Donner la date du contact, par exemple 20/11/2026.' })
  else if (Temporal.PlainDate.compare(le, session.jour) > 0) {
    erreurs.push({ nom: 'le', message: 'Un contact ne peut pas être noté à une date à venir.' })
  }
  if (saisie.resultat === '')
    erreurs.push({ nom: 'resultat', message: 'Choisir dans la liste ce que ce contact a donné.' })
  if (saisie.note.length > 200)
    erreurs.push({ nom: 'note', message: `Raccourcir à 200 caractères : il y en a ${saisie.note.length}.` })
  if (erreurs.length === 0 && le !== null && estCanal(canal)) {
    let contact = ''
    const refusee = await tenter(
      session,
      'contact.noter',
      (code) => CHAMPS_CONTACT[code] ?? 'resultat',
      async () => {
        const note = await noterContact(session, {
          dossier: dossier.id,
          canal,
          le,
          demiJournee: demi_journee === 'matin' || demi_journee === 'apres_midi' ? demi_journee : null,
          resultat: saisie.resultat,
          note: saisie.note,
        })
        contact = note.contact
      },
    )
    if (refusee === null)
      return redirection(`${adresseDe(dossier)}#contacts`, {
        texte: 'Contact noté.',
        defaire: {
          action: `${adresseDe(dossier)}/contacts/${contact}/retirer`,
          libelle: 'Défaire',
          champs: { motif: 'Noté par erreur' },
        },
      })
    erreurs.push(refusee)
  }
  const conseil = await lireConseil(requete, dossier)
  return page(
    <PageContact requete={requete} dossier={dossier} saisie={{ ...saisie, erreurs }} conseil={conseil} />,
    422,
  )
}

/** A contact of the reader's own organisme that still counts; another organisme's does not exist here. */
async function trouverContact(requete: Requete, dossier: Dossier): Promise<TentativeContact> {
  const contacts = await listerContacts(requete.session, dossier.id)
  const contact = contacts.find(({ id }) => id === requete.parametres.contact)
  if (!contact || contact.organisme !== requete.acteur.organisme) throw new Introuvable()
  return contact
}

function PageRetirerContact({
  requete,
  dossier,
  contact,
  motif,
  erreurs,
}: {
  requete: Requete
  dossier: Dossier
  contact: TentativeContact
  motif: string
  erreurs: readonly Erreur[]
}): ReactElement {
  return (
    <Cadre
      requete={requete}
      titre={`Retirer le contact du ${formatDate(contact.le)}`}
      courante="accompagner"
      erreur={erreurs.length > 0}
      fil={fil(dossier, 'Retirer un contact')}
    >
      <ResumeErreurs erreurs={erreurs} />
      <Carte titre={`${ecrireCode(libellesCanal, contact.canal)}, ${contact.aboutie ? 'abouti' : 'sans suite'}`}>
        <Formulaire
          action={`${adresseDe(dossier)}/contacts/${contact.id}/retirer`}
          jeton={requete.connecte.jetonFormulaire}
        >
          <p>
            {[contact.resultat === null ? null : nommerIssue(requete.session, contact.resultat), contact.issue]
              .filter((un) => un !== null && un !== '')
              .join('. ')}
          </p>
          <Champ
            nom="motif"
            libelle="Pourquoi ce contact est retiré"
            lignes={2}
            longueurMax={200}
            aide="Autre ménage, mauvaise date, noté deux fois… Ni santé, ni violences, ni enfance."
            valeur={motif}
            erreur={messageDe(erreurs, 'motif')}
          />
          <Message>
            <p>
              Il restera dans l’historique, barré, avec votre nom et ce motif. Ni les échéances ni les indicateurs ne le
              compteront plus. Il peut être rétabli.
            </p>
          </Message>
          <Actions>
            <Bouton genre="principal">Retirer ce contact</Bouton>
            <Bouton genre="tertiaire" href={`${adresseDe(dossier)}#contacts`}>
              Revenir au dossier
            </Bouton>
          </Actions>
        </Formulaire>
      </Carte>
    </Cadre>
  )
}

/** GET /dossiers/:reference/contacts/:contact/retirer. */
export async function proposerRetraitContact(requete: Requete): Promise<Reponse> {
  const dossier = await ouvrir(requete)
  const contact = await trouverContact(requete, dossier)
  if (contact.retiree_a)
    return redirection(`${adresseDe(dossier)}#contacts`, { texte: 'Ce contact est déjà retiré.', ton: 'info' })
  return page(<PageRetirerContact requete={requete} dossier={dossier} contact={contact} motif="" erreurs={[]} />)
}

/** POST /dossiers/:reference/contacts/:contact/retirer: a correction is a new fact, the contact stays in sight. */
export async function retirerUnContact(requete: Requete): Promise<Reponse> {
  const { session } = requete
  const dossier = await ouvrir(requete)
  const contact = await trouverContact(requete, dossier)
  const motif = champ(requete, 'motif')
  const refusee = await tenter(
    session,
    'contact.retirer',
    () => 'motif',
    () => retirerContact(session, { dossier: dossier.id, contact: contact.id, motif }),
  )
  if (refusee)
    return page(
      <PageRetirerContact requete={requete} dossier={dossier} contact={contact} motif={motif} erreurs={[refusee]} />,
      422,
    )
  return redirection(`${adresseDe(dossier)}#contacts`, {
    texte: 'Contact retiré : il reste dans l’historique et ne compte plus.',
    defaire: { action: `${adresseDe(dossier)}/contacts/${contact.id}/retablir`, libelle: 'Rétablir' },
  })
}

/** POST /dossiers/:reference/contacts/:contact/retablir. */
export async function retablirUnContact(requete: Requete): Promise<Reponse> {
  const dossier = await ouvrir(requete)
  const contact = await trouverContact(requete, dossier)
  await retablirContact(requete.session, { dossier: dossier.id, contact: contact.id })
  return redirection(`${adresseDe(dossier)}#contacts`, { texte: 'Contact rétabli : il compte de nouveau.' })
}

/** Contacts that count for closing a diagnosis. */
const compterValides = (contacts: readonly TentativeContact[]): number =>
  contacts.filter(({ retiree_a }) => retiree_a === null).length

interface SaisieDiagnostic {
  readonly issue: string
  readonly motif: string
  readonly erreurs: readonly Erreur[]
}

function PageDiagnostic({
  requete,
  dossier,
  contacts,
  saisie,
}: {
  requete: Requete
  dossier: Dossier
  contacts: number
  saisie: SaisieDiagnostic
}): ReactElement {
  const { erreurs } = saisie
  return (
    <Cadre
      requete={requete}
      titre={`Clore le diagnostic de ${nommerDossier(dossier)}`}
      courante="accompagner"
      erreur={erreurs.length > 0}
      fil={fil(dossier, 'Clore le diagnostic')}
    >
      <ResumeErreurs erreurs={erreurs} />
      <Carte titre="Le diagnostic">
        <Formulaire action={`${adresseDe(dossier)}/diagnostic`} jeton={requete.connecte.jetonFormulaire}>
          <BoutonsRadio
            nom="issue"
            libelle="Qu’est devenu le diagnostic ?"
            valeur={saisie.issue}
            erreur={messageDe(erreurs, 'issue')}
            options={[
              { valeur: 'transmis', libelle: 'Transmis' },
              {
                valeur: 'non_realise',
                libelle: 'Non réalisé',
                aide: 'Avec un motif et, sauf si le ménage est parti, au moins une tentative de contact datée.',
              },
            ]}
          />
          <Selection
            nom="motif"
            libelle="Pourquoi il n’a pas pu se faire"
            libre
            aide="Nécessaire quand il n’est pas réalisé ; sans objet quand il est transmis."
            vide="Sans objet : il est transmis"
            valeur={saisie.motif}
            erreur={messageDe(erreurs, 'motif')}
            options={Object.entries(motifsNonRealise).map(([valeur, libelle]) => ({ valeur, libelle }))}
          />
          <p className="note">
            {pluriel(contacts, 'contact noté', 'contacts notés')} dans ce dossier.{' '}
            <a href={`${adresseDe(dossier)}/contact`}>Noter un contact</a>
          </p>
          {aLeDroit(requete.acteur, 'diagnostic.consulter') && (
            <p className="note">
              Un diagnostic rempli ici se remet depuis <a href={`${adresseDe(dossier)}/diagnostics`}>sa page</a> : sa
              remise au secrétariat clôt cette tâche.
            </p>
          )}
          <Actions>
            <Bouton genre="principal">Clore ce diagnostic</Bouton>
            <Bouton genre="tertiaire" href={adresseDe(dossier)}>
              Revenir au dossier
            </Bouton>
          </Actions>
        </Formulaire>
      </Carte>
    </Cadre>
  )
}

/** GET /dossiers/:reference/diagnostic. */
export async function proposerDiagnostic(requete: Requete): Promise<Reponse> {
  const dossier = await ouvrir(requete)
  const contacts = await listerContacts(requete.session, dossier.id)
  const saisie = { issue: '', motif: '', erreurs: [] }
  return page(
    <PageDiagnostic requete={requete} dossier={dossier} contacts={compterValides(contacts)} saisie={saisie} />,
  )
}

const estMotif = (texte: string): texte is MotifNonRealise => Object.hasOwn(motifsNonRealise, texte)

/** POST /dossiers/:reference/diagnostic (REP-15). */
export async function cloreUnDiagnostic(requete: Requete): Promise<Reponse> {
  const { session } = requete
  const dossier = await ouvrir(requete)
  const saisie = { issue: champ(requete, 'issue'), motif: champ(requete, 'motif') }
  const { issue, motif } = saisie
  const erreurs: Erreur[] = []
  if (issue !== 'transmis' && issue !== 'non_realise') {
    erreurs.push({ nom: 'issue', message: 'Dire si le diagnostic est transmis ou n’a pas pu se faire.' })
  }
  if (issue === 'non_realise' && !estMotif(motif)) {
    erreurs.push({ nom: 'motif', message: 'Choisir pourquoi le diagnostic n’a pas pu se faire.' })
  }
  // Nothing typed is dropped in silence.
  if (issue === 'transmis' && motif !== '') {
    erreurs.push({
      nom: 'motif',
      message: 'Un diagnostic transmis n’a pas de motif : le retirer, ou choisir « Non réalisé ».',
    })
  }
  if (erreurs.length === 0) {
    const refusee = await tenter(
      session,
      'diagnostic.clore',
      (code) => (code === 'diagnostic.motif' ? 'motif' : 'issue'),
      () =>
        cloreDiagnostic(session, {
          dossier: dossier.id,
          issue: issue === 'transmis' ? 'transmis' : 'non_realise',
          ...(issue === 'non_realise' && estMotif(motif) ? { motif } : {}),
        }),
    )
    if (refusee === null) {
      const texte = issue === 'transmis' ? 'Diagnostic transmis.' : 'Diagnostic clos : non réalisé.'
      return redirection(adresseDe(dossier), {
        texte,
        defaire: { action: `${adresseDe(dossier)}/diagnostic/rouvrir`, libelle: 'Défaire' },
      })
    }
    erreurs.push(refusee)
  }
  const contacts = await listerContacts(session, dossier.id)
  return page(
    <PageDiagnostic
      requete={requete}
      dossier={dossier}
      contacts={compterValides(contacts)}
      saisie={{ ...saisie, erreurs }}
    />,
    422,
  )
}

/** POST /dossiers/:reference/diagnostic/rouvrir: its date runs again. */
export async function rouvrirUnDiagnostic(requete: Requete): Promise<Reponse> {
  const dossier = await ouvrir(requete)
  const refusee = await tenter(
    requete.session,
    'diagnostic.rouvrir',
    () => '',
    () => rouvrirDiagnostic(requete.session, { dossier: dossier.id }),
  )
  return redirection(
    adresseDe(dossier),
    refusee
      ? { texte: refusee.message, ton: 'bientot' }
      : { texte: 'Diagnostic rouvert : son échéance court de nouveau.' },
  )
}
