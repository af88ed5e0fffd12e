import type { ReactElement, ReactNode } from 'react'
import { listerOrganismes, type Organisme } from '#acces'
import type { Dossier } from '#dossiers'
import {
  ajouterLecteur,
  type CercleEchange,
  cerclesEchange,
  type FilLu,
  lireFil,
  listerLecteursPossibles,
  listerPersonnes,
  listerPieces,
  type Message as MessageDuFil,
  type NouveauFil,
  ouvrirFil,
  type Personne,
  type Piece,
  preparerFil,
  repondreFil,
  retirerMessage,
} from '#echanges'
import { Introuvable } from '#socle/errors'
import { formatInstant, pluriel } from '#socle/typography'
import { nommerDossier } from '../accompagner/menage.ts'
import { type Erreur, messageDe, tenter } from '../accompagner/saisie.ts'
import { Cadre } from '../cadre.tsx'
import {
  Actions,
  Bouton,
  Carte,
  Champ,
  EtatVide,
  Etiquette,
  Formulaire,
  Message,
  Onglets,
  Pile,
  Plus,
  PuceCercle,
  ResumeErreurs,
  Selection,
} from '../composants/index.ts'
import { champ, page, type Reponse, type Requete, redirection } from '../route.ts'
import {
  adresseDe,
  ariane,
  Cases,
  decrireContacts,
  lireContacts,
  marqueEnvoi,
  ouvrirDossier,
  QuiLira,
  RAPPEL,
} from './commun.tsx'
import { ListePieces } from './pieces-liste.tsx'

const lireCercle = (texte: string | undefined): CercleEchange => (texte === '2' ? 2 : 3)

interface SaisieFil extends Omit<NouveauFil, 'dossier'> {
  readonly erreurs: readonly Erreur[]
}

function lireSaisieFil(requete: Requete): SaisieFil {
  return {
    cercle: lireCercle(champ(requete, 'cercle')),
    sujet: champ(requete, 'sujet'),
    texte: champ(requete, 'texte'),
    destinataires: requete.champs.destinataires ?? [],
    attention: requete.champs.attention ?? [],
    envoi: champ(requete, 'envoi'),
    erreurs: [],
  }
}

const CHAMPS_FIL: Readonly<Record<string, string>> = {
  'fil.sujet': 'sujet',
  'message.texte': 'texte',
  'message.attention': 'attention',
  'echange.lecteurs': 'destinataires',
  'echange.lecteur-impossible': 'destinataires',
}

const AIDES_CERCLE: Readonly<Record<CercleEchange, string>> = {
  2: 'Ce que la loi permet de fournir aux services qui instruisent, strictement nécessaire à l’évaluation : le secrétariat et la préfecture, choisis ci-dessous.',
  3: 'Entre les organismes engagés sur ce dossier et le secrétariat, ceux que vous choisissez ci-dessous.',
}

async function montrerFormulaire(
  requete: Requete,
  dossier: Dossier,
  saisie: SaisieFil,
  statut?: number,
): Promise<Reponse> {
  const possibles = await listerLecteursPossibles(requete.session, dossier, saisie.cercle)
  const contacts = await lireContacts(requete, dossier)
  const { erreurs } = saisie
  const adresse = adresseDe(dossier, '/fil')
  return page(
    <Cadre
      requete={requete}
      titre={`Écrire à des partenaires au sujet de ${nommerDossier(dossier)}`}
      courante="echanges"
      erreur={erreurs.length > 0}
      fil={ariane(dossier, 'Nouveau fil')}
    >
      <ResumeErreurs erreurs={erreurs} titre="Le message n’est pas parti" />
      <Onglets
        libelle="Cercle"
        onglets={([3, 2] as const).map((cercle) => ({
          href: `${adresse}?cercle=${cercle}`,
          libelle: `${cercle}. ${cerclesEchange[cercle]}`,
          courant: cercle === saisie.cercle,
        }))}
      />
      <Carte titre="Le message">
        {possibles.length === 0 ? (
          <EtatVide titre="Personne à qui écrire dans ce cercle" niveau={3}>
            Aucun autre organisme n’est engagé sur ce dossier. Choisir l’autre cercle, ou demander au secrétariat
            d’inviter un partenaire.
          </EtatVide>
        ) : (
          <Formulaire
            action={adresse}
            jeton={requete.connecte.jetonFormulaire}
            champs={{ cercle: String(saisie.cercle), envoi: saisie.envoi }}
          >
            <p>
              <PuceCercle rang={saisie.cercle} libelle={cerclesEchange[saisie.cercle]} />
            </p>
            <p className="note">{AIDES_CERCLE[saisie.cercle]}</p>
            <Cases
              nom="destinataires"
              legende="Qui lira ce fil, avec votre organisme"
              choisies={saisie.destinataires}
              erreurs={erreurs}
              options={possibles.map(({ id, nom }) => ({
                valeur: id,
                libelle: nom,
                aide: decrireContacts(contacts.get(id)),
              }))}
            />
            <Champ
              nom="sujet"
              libelle="Sujet"
              longueurMax={120}
              aide="En quelques mots, sans nom ni détail."
              valeur={saisie.sujet}
              erreur={messageDe(erreurs, 'sujet')}
            />
            <Champ
              nom="texte"
              libelle="Message"
              lignes={6}
              longueurMax={4000}
              aide={RAPPEL}
              valeur={saisie.texte}
              erreur={messageDe(erreurs, 'texte')}
            />
            <Actions>
              <Bouton genre="principal" nom="etape" valeur="relire">
                Voir qui lira
              </Bouton>
              <Bouton genre="tertiaire" href={adresseDe(dossier)}>
                Revenir aux échanges
              </Bouton>
            </Actions>
            <p className="note">Rien ne part avant la relecture.</p>
          </Formulaire>
        )}
      </Carte>
    </Cadre>,
    statut,
  )
}

/** GET /dossiers/:reference/echanges/fil. */
export async function proposerFil(requete: Requete): Promise<Reponse> {
  const dossier = await ouvrirDossier(requete)
  return montrerFormulaire(requete, dossier, {
    cercle: lireCercle(requete.recherche.cercle),
    sujet: '',
    texte: '',
    destinataires: [],
    attention: [],
    envoi: marqueEnvoi(),
    erreurs: [],
  })
}

function casesPersonnes(
  requete: Requete,
  personnes: readonly Personne[],
  organismes: ReadonlyMap<string, string>,
): { valeur: string; libelle: string }[] {
  return personnes
    .filter(({ id }) => id !== requete.acteur.compte)
    .map(({ id, nom, organisme }) => ({ valeur: id, libelle: `${nom}, ${organismes.get(organisme) ?? ''}` }))
}

function PageRelire({
  requete,
  dossier,
  saisie,
  lecteurs,
  personnes,
}: {
  requete: Requete
  dossier: Dossier
  saisie: SaisieFil
  lecteurs: readonly Organisme[]
  personnes: readonly Personne[]
}): ReactElement {
  const noms = new Map(lecteurs.map(({ id, nom }) => [id, nom]))
  const options = casesPersonnes(
    requete,
    personnes.filter(({ organisme }) => noms.has(organisme)),
    noms,
  )
  return (
    <Cadre
      requete={requete}
      titre="Relire avant d’envoyer"
      chapo={`Au sujet de ${nommerDossier(dossier)}. Rien n’est encore parti.`}
      courante="echanges"
      erreur={saisie.erreurs.length > 0}
      fil={ariane(dossier, 'Relire')}
    >
      <ResumeErreurs erreurs={saisie.erreurs} titre="Le message n’est pas parti" />
      <Carte titre={saisie.sujet} aside={<PuceCercle rang={saisie.cercle} libelle={cerclesEchange[saisie.cercle]} />}>
        <Formulaire
          action={adresseDe(dossier, '/fil')}
          jeton={requete.connecte.jetonFormulaire}
          champs={{
            cercle: String(saisie.cercle),
            envoi: saisie.envoi,
            sujet: saisie.sujet,
            texte: saisie.texte,
            destinataires: saisie.destinataires,
          }}
        >
          <p className="texte-libre">{saisie.texte}</p>
          <QuiLira requete={requete} lecteurs={lecteurs} personnes={personnes} />
          {options.length > 0 && (
            <Cases
              nom="attention"
              legende="Attirer l’attention de"
              facultatif
              options={options}
              choisies={saisie.attention ?? []}
              erreurs={saisie.erreurs}
            />
          )}
          <Actions>
            <Bouton genre="principal" icone="envoi" nom="etape" valeur="envoyer">
              Envoyer à {pluriel(lecteurs.length, 'organisme', 'organismes')}
            </Bouton>
            <Bouton nom="etape" valeur="modifier">
              Modifier
            </Bouton>
          </Actions>
        </Formulaire>
      </Carte>
    </Cadre>
  )
}

/** POST /dossiers/:reference/echanges/fil (ESP-05): reads again, says who will read, then sends. */
export async function envoyerFil(requete: Requete): Promise<Reponse> {
  const { session } = requete
  const dossier = await ouvrirDossier(requete)
  const saisie = lireSaisieFil(requete)
  const etape = champ(requete, 'etape')
  if (etape === 'modifier') return montrerFormulaire(requete, dossier, saisie)
  const demande: NouveauFil = { ...saisie, dossier: dossier.id }
  const champDe = (code: string) => CHAMPS_FIL[code] ?? 'texte'
  let lecteurs: readonly Organisme[] = []
  const refusee = await tenter(session, 'fil.ouvrir', champDe, async () => {
    lecteurs = (await preparerFil(session, demande)).lecteurs
  })
  if (refusee) return montrerFormulaire(requete, dossier, { ...saisie, erreurs: [refusee] }, 422)
  const erreurs: Erreur[] = []
  if (etape === 'envoyer') {
    let fil = ''
    const echec = await tenter(session, 'fil.ouvrir', champDe, async () => {
      fil = (await ouvrirFil(session, demande)).fil
    })
    if (!echec)
      return redirection(adresseDe(dossier, `/fils/${fil}`), {
        texte: `Message envoyé à ${lecteurs.map(({ nom }) => nom).join(', ')}.`,
      })
    erreurs.push(echec)
  }
  const personnes = await listerPersonnes(session, dossier, [
    requete.acteur.organisme ?? '',
    ...lecteurs.map(({ id }) => id),
  ])
  return page(
    <PageRelire
      requete={requete}
      dossier={dossier}
      saisie={{ ...saisie, erreurs }}
      lecteurs={lecteurs}
      personnes={personnes}
    />,
    erreurs.length > 0 ? 422 : undefined,
  )
}

/** « lu par CAF (Camille CAF, le 20/11/2026 à 9 h 00) », one line per message. */
function LuPar({ fil, message }: { fil: FilLu; message: MessageDuFil }): ReactElement | null {
  const lectures = fil.lectures.filter((lecture) => lecture.message === message.id)
  if (message.retire_a || lectures.length === 0) return null
  return (
    <p className="note">
      Lu par{' '}
      {lectures
        .map(({ organisme_nom, personne, a }) => `${organisme_nom} (${personne}, le ${formatInstant(a)})`)
        .join(' ; ')}
    </p>
  )
}

function UnMessage({
  requete,
  dossier,
  fil,
  message,
  rang,
}: {
  requete: Requete
  dossier: Dossier
  fil: FilLu
  message: MessageDuFil
  rang: number
}): ReactElement {
  const mien = message.par === requete.acteur.compte && message.organisme === requete.acteur.organisme
  const corrige = fil.suite.findIndex(({ id }) => id === message.corrige)
  return (
    <li id={`m-${message.id}`}>
      <p>
        <b>
          {rang}. {message.auteur}
        </b>
        , {message.organisme_nom}, le {formatInstant(message.a)}
        {corrige >= 0 && (
          <>
            {' '}
            · corrige le <a href={`#m-${message.corrige}`}>message {corrige + 1}</a>
          </>
        )}
      </p>
      {message.retire_a ? (
        <p className="note">
          Message retiré par {message.auteur} le {formatInstant(message.retire_a)}. Motif : {message.retire_motif}
        </p>
      ) : (
        <>
          {message.attention.length > 0 && (
            <p>
              <Etiquette ton="info" icone="personne">
                À l’attention de {message.attention.join(', ')}
              </Etiquette>
            </p>
          )}
          <p className="texte-libre">{message.texte}</p>
        </>
      )}
      <LuPar fil={fil} message={message} />
      {mien && !message.retire_a && (
        <p>
          <a href={adresseDe(dossier, `/fils/${fil.id}?corrige=${message.id}#repondre`)}>
            Corriger<span className="sr"> le message {rang}</span>
          </a>{' '}
          ·{' '}
          <a href={adresseDe(dossier, `/fils/${fil.id}/messages/${message.id}/retirer`)}>
            Retirer<span className="sr"> le message {rang}</span>
          </a>
        </p>
      )}
    </li>
  )
}

interface SaisieReponse {
  readonly texte: string
  readonly attention: readonly string[]
  readonly corrige: string
  readonly envoi: string
  readonly erreurs: readonly Erreur[]
}

interface FilMontre {
  readonly fil: FilLu
  readonly lecteurs: readonly Organisme[]
  readonly personnes: readonly Personne[]
  readonly pieces: readonly Piece[]
}

async function lireToutFil(requete: Requete, dossier: Dossier): Promise<FilMontre> {
  const { session } = requete
  const fil = await lireFil(session, dossier.id, requete.parametres.fil ?? '')
  const ids = [fil.organisme, ...fil.destinataires]
  const personnes = await listerPersonnes(session, dossier, ids)
  const lecteurs = (await listerOrganismes(session)).filter(
    ({ id }) => id !== requete.acteur.organisme && ids.includes(id),
  )
  const pieces = (await listerPieces(session, dossier.id)).filter((piece) => piece.fil === fil.id)
  return { fil, lecteurs, personnes, pieces }
}

function CarteReponse({
  requete,
  dossier,
  montre,
  saisie,
}: {
  requete: Requete
  dossier: Dossier
  montre: FilMontre
  saisie: SaisieReponse
}): ReactElement {
  const { fil, lecteurs, personnes } = montre
  const noms = new Map(lecteurs.map(({ id, nom }) => [id, nom]))
  noms.set(requete.acteur.organisme ?? '', requete.acteur.organismeNom)
  const rang = fil.suite.findIndex(({ id }) => id === saisie.corrige)
  return (
    <Carte titre={rang >= 0 ? `Corriger le message ${rang + 1}` : 'Répondre'} id="repondre">
      <Formulaire
        action={adresseDe(dossier, `/fils/${fil.id}`)}
        jeton={requete.connecte.jetonFormulaire}
        champs={{ envoi: saisie.envoi, corrige: rang >= 0 ? saisie.corrige : '' }}
      >
        {rang >= 0 && (
          <p className="note">
            Un message envoyé ne se modifie pas : celui-ci s’ajoute et dit lequel il corrige. Pour cacher le premier, le
            retirer ensuite.
          </p>
        )}
        <Champ
          nom="texte"
          libelle="Message"
          lignes={5}
          longueurMax={4000}
          aide={RAPPEL}
          valeur={saisie.texte}
          erreur={messageDe(saisie.erreurs, 'texte')}
        />
        <Plus libelle="Attirer l’attention de quelqu’un" ouvert={saisie.attention.length > 0}>
          <Cases
            nom="attention"
            legende="Attirer l’attention de"
            facultatif
            options={casesPersonnes(requete, personnes, noms)}
            choisies={saisie.attention}
            erreurs={saisie.erreurs}
          />
        </Plus>
        <QuiLira requete={requete} lecteurs={lecteurs} personnes={personnes} />
        <Actions>
          <Bouton genre="principal" icone="envoi">
            Envoyer
          </Bouton>
          <Bouton href={adresseDe(dossier, `/piece?fil=${fil.id}`)} icone="deposer">
            Joindre une pièce
          </Bouton>
        </Actions>
      </Formulaire>
    </Carte>
  )
}

function PageFil({
  requete,
  dossier,
  montre,
  saisie,
}: {
  requete: Requete
  dossier: Dossier
  montre: FilMontre
  saisie: SaisieReponse
}): ReactElement {
  const { fil, pieces } = montre
  const lecteurs = [fil.organisme_nom, ...fil.lecteurs].join(', ')
  return (
    <Cadre
      requete={requete}
      titre={fil.sujet}
      chapo={
        <>
          <PuceCercle rang={fil.cercle} libelle={cerclesEchange[fil.cercle]} /> Lu par : {lecteurs}.
        </>
      }
      courante="echanges"
      erreur={saisie.erreurs.length > 0}
      fil={ariane(dossier, fil.sujet)}
      actions={
        <Bouton petit icone="plus" href={adresseDe(dossier, `/fils/${fil.id}/lecteurs`)}>
          Ajouter un lecteur
        </Bouton>
      }
    >
      <ResumeErreurs erreurs={saisie.erreurs} titre="Le message n’est pas parti" />
      <Pile>
        <ol className="messages" aria-label="Messages">
          {fil.suite.map((message, rang) => (
            <UnMessage
              key={message.id}
              requete={requete}
              dossier={dossier}
              fil={fil}
              message={message}
              rang={rang + 1}
            />
          ))}
        </ol>
        {fil.ajouts.length > 0 && (
          <Carte titre="Lecteurs ajoutés">
            <ul>
              {fil.ajouts.map(({ organisme_nom, auteur, a, motif }) => (
                <li key={`${organisme_nom}${a.toString()}`}>
                  {organisme_nom}, par {auteur} le {formatInstant(a)}. Motif : {motif}
                </li>
              ))}
            </ul>
          </Carte>
        )}
        {pieces.length > 0 && (
          <Carte titre="Pièces de ce fil">
            <ListePieces requete={requete} dossier={dossier} pieces={pieces} />
          </Carte>
        )}
        <CarteReponse requete={requete} dossier={dossier} montre={montre} saisie={saisie} />
      </Pile>
    </Cadre>
  )
}

/** GET /dossiers/:reference/echanges/fils/:fil. What is shown is marked read. */
export async function montrerFil(requete: Requete): Promise<Reponse> {
  const dossier = await ouvrirDossier(requete)
  const montre = await lireToutFil(requete, dossier)
  const corrige = montre.fil.suite.find(
    ({ id, par }) => id === requete.recherche.corrige && par === requete.acteur.compte,
  )
  const saisie = {
    texte: corrige?.texte ?? '',
    attention: [],
    corrige: corrige?.id ?? '',
    envoi: marqueEnvoi(),
    erreurs: [],
  }
  return page(<PageFil requete={requete} dossier={dossier} montre={montre} saisie={saisie} />)
}

/** POST /dossiers/:reference/echanges/fils/:fil. */
export async function repondreAuFil(requete: Requete): Promise<Reponse> {
  const { session } = requete
  const dossier = await ouvrirDossier(requete)
  const fil = requete.parametres.fil ?? ''
  const saisie = {
    texte: champ(requete, 'texte'),
    attention: requete.champs.attention ?? [],
    corrige: champ(requete, 'corrige'),
    envoi: champ(requete, 'envoi'),
  }
  let ecrit = ''
  const refusee = await tenter(
    session,
    'fil.repondre',
    (code) => CHAMPS_FIL[code] ?? 'texte',
    async () => {
      const { message } = await repondreFil(session, {
        ...saisie,
        dossier: dossier.id,
        fil,
        corrige: saisie.corrige === '' ? null : saisie.corrige,
      })
      ecrit = message
    },
  )
  if (!refusee) return redirection(adresseDe(dossier, `/fils/${fil}#m-${ecrit}`), { texte: 'Message envoyé.' })
  const montre = await lireToutFil(requete, dossier)
  return page(
    <PageFil requete={requete} dossier={dossier} montre={montre} saisie={{ ...saisie, erreurs: [refusee] }} />,
    422,
  )
}

/** A page that asks for a reason before an act. */
export function PageMotif({
  requete,
  dossier,
  titre,
  action,
  libelle,
  valeur,
  erreurs,
  bouton,
  retour,
  children,
}: {
  requete: Requete
  dossier: Dossier
  titre: string
  action: string
  libelle: string
  valeur: string
  erreurs: readonly Erreur[]
  bouton: string
  retour: string
  children: ReactNode
}): ReactElement {
  return (
    <Cadre requete={requete} titre={titre} courante="echanges" erreur={erreurs.length > 0} fil={ariane(dossier, titre)}>
      <ResumeErreurs erreurs={erreurs} titre="Rien n’a été changé" />
      <Carte titre="Motif">
        <Formulaire action={action} jeton={requete.connecte.jetonFormulaire}>
          {children}
          <Champ
            nom="motif"
            libelle={libelle}
            lignes={2}
            longueurMax={200}
            valeur={valeur}
            erreur={messageDe(erreurs, 'motif')}
          />
          <Actions>
            <Bouton genre="principal">{bouton}</Bouton>
            <Bouton genre="tertiaire" href={retour}>
              Revenir
            </Bouton>
          </Actions>
        </Formulaire>
      </Carte>
    </Cadre>
  )
}

async function pageRetrait(requete: Requete, dossier: Dossier, motif: string, erreurs: readonly Erreur[]) {
  const fil = await lireFil(requete.session, dossier.id, requete.parametres.fil ?? '')
  const message = fil.suite.find(
    ({ id, par, organisme }) =>
      id === requete.parametres.message && par === requete.acteur.compte && organisme === requete.acteur.organisme,
  )
  if (!message) throw new Introuvable()
  const retour = adresseDe(dossier, `/fils/${fil.id}`)
  if (message.retire_a) return redirection(retour, { texte: 'Ce message est déjà retiré.', ton: 'info' })
  return page(
    <PageMotif
      requete={requete}
      dossier={dossier}
      titre="Retirer un message"
      action={adresseDe(dossier, `/fils/${fil.id}/messages/${message.id}/retirer`)}
      libelle="Pourquoi ce message est retiré"
      valeur={motif}
      erreurs={erreurs}
      bouton="Retirer ce message"
      retour={retour}
    >
      <p className="texte-libre">{message.texte}</p>
      <Message>
        <p>
          Personne ne le lira plus. Une ligne « Message retiré » reste, avec votre nom et ce motif. Cela ne se défait
          pas : écrire un nouveau message.
        </p>
      </Message>
    </PageMotif>,
    erreurs.length > 0 ? 422 : undefined,
  )
}

/** GET /dossiers/:reference/echanges/fils/:fil/messages/:message/retirer. */
export async function proposerRetraitMessage(requete: Requete): Promise<Reponse> {
  return pageRetrait(requete, await ouvrirDossier(requete), '', [])
}

/** POST of the same. */
export async function retirerUnMessage(requete: Requete): Promise<Reponse> {
  const { session, parametres } = requete
  const dossier = await ouvrirDossier(requete)
  const motif = champ(requete, 'motif')
  const refusee = await tenter(
    session,
    'message.retirer',
    () => 'motif',
    () =>
      retirerMessage(session, {
        dossier: dossier.id,
        fil: parametres.fil ?? '',
        message: parametres.message ?? '',
        motif,
      }),
  )
  if (refusee) return pageRetrait(requete, dossier, motif, [refusee])
  return redirection(adresseDe(dossier, `/fils/${parametres.fil}`), { texte: 'Message retiré.' })
}

async function pageLecteurs(
  requete: Requete,
  dossier: Dossier,
  saisie: { organisme: string; motif: string; erreurs: readonly Erreur[] },
): Promise<Reponse> {
  const { session } = requete
  const { fil, pieces } = await lireToutFil(requete, dossier)
  const contacts = await lireContacts(requete, dossier)
  const possibles = (await listerLecteursPossibles(session, dossier, fil.cercle)).filter(
    ({ id }) => id !== fil.organisme && !fil.destinataires.includes(id),
  )
  const { erreurs } = saisie
  const servies = pieces.filter(({ retiree_a }) => retiree_a === null).length
  const retour = adresseDe(dossier, `/fils/${fil.id}`)
  return page(
    <Cadre
      requete={requete}
      titre={`Ajouter un lecteur au fil « ${fil.sujet} »`}
      courante="echanges"
      erreur={erreurs.length > 0}
      fil={ariane(dossier, 'Ajouter un lecteur')}
    >
      <ResumeErreurs erreurs={erreurs} titre="Personne n’a été ajouté" />
      <Carte titre="Le nouveau lecteur">
        {possibles.length === 0 ? (
          <EtatVide titre="Personne à ajouter" niveau={3} geste={{ href: retour, libelle: 'Revenir au fil' }}>
            Tous les organismes que ce cercle admet sur ce dossier lisent déjà ce fil.
          </EtatVide>
        ) : (
          <Formulaire action={adresseDe(dossier, `/fils/${fil.id}/lecteurs`)} jeton={requete.connecte.jetonFormulaire}>
            <Selection
              nom="organisme"
              libelle="Organisme"
              vide="Choisir un organisme"
              valeur={saisie.organisme}
              erreur={messageDe(erreurs, 'organisme')}
              options={possibles.map(({ id, nom }) => ({
                valeur: id,
                libelle: [nom, decrireContacts(contacts.get(id))].filter((part) => part !== undefined).join(' : '),
              }))}
            />
            <Champ
              nom="motif"
              libelle="Pourquoi cet organisme doit lire ce fil"
              lignes={2}
              longueurMax={200}
              valeur={saisie.motif}
              erreur={messageDe(erreurs, 'motif')}
            />
            <Message ton="reserve">
              <p>
                <b>Ce que cet organisme lira :</b>{' '}
                {pluriel(fil.suite.length, 'message déjà écrit', 'messages déjà écrits')}
                {servies > 0 && ` et ${pluriel(servies, 'pièce', 'pièces')}`}, depuis le premier, et tout ce qui suivra.
                Les lecteurs actuels verront cet ajout, votre nom et le motif. Un lecteur ne se retire pas ensuite.
              </p>
            </Message>
            <Actions>
              <Bouton genre="principal">Ajouter ce lecteur</Bouton>
              <Bouton genre="tertiaire" href={retour}>
                Revenir au fil
              </Bouton>
            </Actions>
          </Formulaire>
        )}
      </Carte>
    </Cadre>,
    erreurs.length > 0 ? 422 : undefined,
  )
}

/** GET /dossiers/:reference/echanges/fils/:fil/lecteurs. */
export async function proposerLecteur(requete: Requete): Promise<Reponse> {
  return pageLecteurs(requete, await ouvrirDossier(requete), { organisme: '', motif: '', erreurs: [] })
}

/** POST of the same: a wider circle of readers is an act, with its reason. */
export async function ajouterUnLecteur(requete: Requete): Promise<Reponse> {
  const { session, parametres } = requete
  const dossier = await ouvrirDossier(requete)
  const saisie = { organisme: champ(requete, 'organisme'), motif: champ(requete, 'motif') }
  const refusee = await tenter(
    session,
    'fil.ajouter_lecteur',
    (code) => (code === 'fil.motif' ? 'motif' : 'organisme'),
    () => ajouterLecteur(session, { ...saisie, dossier: dossier.id, fil: parametres.fil ?? '' }),
  )
  if (refusee) return pageLecteurs(requete, dossier, { ...saisie, erreurs: [refusee] })
  return redirection(adresseDe(dossier, `/fils/${parametres.fil}`), { texte: 'Lecteur ajouté à ce fil.' })
}
