import { randomUUID } from 'node:crypto'
import type { ReactElement } from 'react'
import { aLeDroit, type Lecteur } from '#acces'
import type { Dossier } from '#dossiers'
import {
  type Candidats,
  cercles,
  collegues,
  type Ecrit,
  ecrireNote,
  exigerCles,
  LONGUEUR_ECRIT,
  LONGUEUR_MOTIF,
  lecteursDe,
  lireCandidats,
  lireEcrit,
  listerServicesInstructeurs,
  type Portee,
  partagerSuivi,
  porteeDeNote,
  porteeDeTransmission,
  type ServiceInstructeur,
  tientPageReservee,
  transmettre,
  verifierNote,
  verifierTexte,
  verifierTransmission,
} from '#echanges'
import { isUuid } from '#socle/text'
import { pluriel } from '#socle/typography'
import { nommerDossier } from '../accompagner/menage.ts'
import { type Erreur, messageDe, tenter } from '../accompagner/saisie.ts'
import { Cadre } from '../cadre.tsx'
import {
  Actions,
  Bouton,
  Carte,
  CaseACocher,
  Champ,
  ChoixCercle,
  Formulaire,
  Message,
  Pile,
  ResumeErreurs,
} from '../composants/index.ts'
import { champ, page, type Reponse, type Requete, redirection } from '../route.ts'
import {
  adresseDe,
  Cercle,
  compterLecteurs,
  ecritsDe,
  empreinteLecteurs,
  fil,
  Lecteurs,
  ouvrir,
  PAPIER,
  Texte,
  valeurs,
} from './commun.tsx'

type CercleEcrit = 'note' | 'transmission' | 'suivi'

interface Saisie {
  readonly cercle: CercleEcrit | 'synthese'
  readonly texte: string
  readonly motif: string
  readonly equipe: readonly string[]
  readonly auService: boolean
  readonly organismes: readonly string[]
  readonly note: string | null
  readonly repondA: string | null
  readonly envoi: string
}

/** What the form needs besides what was typed: the dossier, who could read, and the writing it starts from. */
interface Contexte {
  readonly dossier: Dossier
  readonly candidats: Candidats
  readonly services: readonly ServiceInstructeur[]
  readonly origine: Ecrit | null
  readonly offerts: readonly (keyof typeof cercles)[]
}

const identifiant = (texte: string | undefined): string | null => (texte !== undefined && isUuid(texte) ? texte : null)

async function preparer(requete: Requete, { note, repondA }: Pick<Saisie, 'note' | 'repondA'>): Promise<Contexte> {
  const { session, acteur, application } = requete
  const dossier = await ouvrir(requete)
  const candidats = await lireCandidats(session, dossier.id)
  const depart = repondA ?? note
  return {
    dossier,
    candidats,
    services: await listerServicesInstructeurs(session, dossier, candidats),
    origine: depart === null ? null : await lireEcrit(session, exigerCles(application), dossier.id, depart),
    offerts:
      repondA !== null
        ? ['transmission']
        : note !== null
          ? ['transmission', 'suivi']
          : [
              ...(aLeDroit(acteur, 'note.tenir') ? (['note', 'transmission'] as const) : []),
              'suivi',
              ...(aLeDroit(acteur, 'synthese.produire') ? (['synthese'] as const) : []),
            ],
  }
}

/** Readers announced beside each circle, before anything is typed. */
function annoncer(requete: Requete, { candidats, services }: Contexte, cercle: keyof typeof cercles): string {
  const { acteur } = requete
  switch (cercle) {
    case 'note': {
      const nombre = collegues(candidats, acteur).length
      return nombre === 0
        ? 'Vous seul : aucun collègue ne suit ce dossier avec vous'
        : `Vous, et les collègues que vous nommez parmi ${nombre}`
    }
    case 'transmission':
      return `${services.map(({ nom, lecteurs }) => `${nom} : ${lecteurs.length}`).join(' ; ')}. Une copie, par un acte daté.`
    case 'suivi':
      return `Organismes qui suivent ce dossier : ${pluriel(lecteursDe(candidats, { cercle: 'suivi' }).length, 'personne', 'personnes')}`
    case 'synthese':
      return 'Bailleur, juge ou ménage : une liste fermée, sans texte libre'
  }
}

function PageEcrire({
  requete,
  contexte,
  saisie,
  erreurs,
}: {
  requete: Requete
  contexte: Contexte
  saisie: Saisie
  erreurs: readonly Erreur[]
}): ReactElement {
  const { dossier, candidats, services, origine, offerts } = contexte
  const { session, acteur, connecte } = requete
  const equipe = collegues(candidats, acteur)
  const repond = saisie.repondA !== null
  const service = tientPageReservee(candidats, session)
    ? lecteursDe(candidats, porteeDeNote(session, { equipe: [], auService: true }))
    : []
  return (
    <Cadre
      requete={requete}
      titre={repond ? 'Répondre à une transmission' : `Écrire dans le dossier de ${nommerDossier(dossier)}`}
      courante="accompagner"
      erreur={erreurs.length > 0}
      fil={fil(dossier, repond ? 'Répondre' : 'Écrire')}
      papier={PAPIER}
    >
      <Pile>
        <ResumeErreurs erreurs={erreurs} />
        {origine && (
          <Carte
            titre={repond ? 'Vous répondez à' : 'Votre point de départ'}
            aside={<Cercle cercle={origine.cercle} />}
          >
            <Texte texte={origine.texte} />
            {!repond && (
              <p className="note mt2">
                Cette note garde ses lecteurs. Recopier ou reformuler plus bas le strict nécessaire : c’est ce texte-là
                qui part, et lui seul.
              </p>
            )}
          </Carte>
        )}
        <Carte titre="Votre écrit">
          <Formulaire
            action={`${adresseDe(dossier)}/ecrits`}
            jeton={connecte.jetonFormulaire}
            champs={{ note: saisie.note ?? '', repond: saisie.repondA ?? '' }}
          >
            <ChoixCercle
              nom="cercle"
              choisi={cercles[saisie.cercle].rang}
              options={offerts.map((cercle) => ({
                rang: cercles[cercle].rang,
                libelle: cercles[cercle].libelle,
                lecteurs: annoncer(requete, contexte, cercle),
              }))}
            />
            <Champ
              nom="texte"
              libelle="Votre texte"
              lignes={9}
              longueurMax={LONGUEUR_ECRIT}
              valeur={saisie.texte}
              erreur={messageDe(erreurs, 'texte')}
              aide="Ni santé, ni violences, ni enfance dans le suivi partagé : ces éléments restent dans la note professionnelle."
            />
            {offerts.includes('note') && (
              <fieldset className="champ">
                <legend>Pour une note : qui d’autre que vous la lira ?</legend>
                <p className="aide">Personne, si rien n’est coché.</p>
                {equipe.map(({ compte, nom }) => (
                  <CaseACocher
                    key={compte}
                    nom="equipe"
                    id={`equipe-${compte}`}
                    libelle={nom}
                    valeur={compte}
                    cochee={saisie.equipe.includes(compte)}
                  />
                ))}
                {service.length > 0 && (
                  <CaseACocher
                    nom="au_service"
                    libelle="Page réservée du rapport sur le concours de la force publique"
                    aide={`Tout le service social du Département la lit, et lui seul : ${pluriel(service.length, 'personne', 'personnes')}.`}
                    cochee={saisie.auService}
                  />
                )}
                {messageDe(erreurs, 'equipe') && <p className="erreur">{messageDe(erreurs, 'equipe')}</p>}
              </fieldset>
            )}
            {offerts.includes('transmission') && !repond && (
              <fieldset className="champ">
                <legend>Pour une transmission : à quels services ?</legend>
                {services.map(({ id, nom, lecteurs }) => (
                  <CaseACocher
                    key={id}
                    nom="organismes"
                    id={`organismes-${id}`}
                    libelle={nom}
                    aide={
                      lecteurs.length === 0
                        ? 'Aucun compte ouvert : personne ne lirait.'
                        : lecteurs.map((lecteur) => lecteur.nom).join(', ')
                    }
                    valeur={id}
                    cochee={saisie.organismes.includes(id)}
                  />
                ))}
                {messageDe(erreurs, 'organismes') && <p className="erreur">{messageDe(erreurs, 'organismes')}</p>}
              </fieldset>
            )}
            <Champ
              nom="motif"
              libelle="Pourquoi d’autres que vous doivent le lire"
              facultatif={offerts.includes('note')}
              lignes={2}
              longueurMax={LONGUEUR_MOTIF}
              valeur={saisie.motif}
              erreur={messageDe(erreurs, 'motif')}
              aide="À écrire dès que le texte a un autre lecteur que vous. Seuls les lecteurs du texte voient ce motif."
            />
            <Actions>
              <Bouton genre="principal">Relire avant d’enregistrer</Bouton>
              <Bouton genre="tertiaire" href={ecritsDe(dossier)}>
                Revenir au dossier
              </Bouton>
            </Actions>
          </Formulaire>
        </Carte>
      </Pile>
    </Cadre>
  )
}

const ACTES: Readonly<Record<CercleEcrit, string>> = {
  note: 'Garder cette note',
  transmission: 'Transmettre',
  suivi: 'Partager',
}

function PageRelire({
  requete,
  contexte,
  saisie,
  lecteurs,
  change,
}: {
  requete: Requete
  contexte: Contexte
  saisie: Saisie & { readonly cercle: CercleEcrit }
  lecteurs: readonly Lecteur[]
  change: boolean
}): ReactElement {
  const { dossier } = contexte
  const { acteur, connecte } = requete
  const { cercle, texte, motif } = saisie
  const phrase = compterLecteurs(lecteurs, acteur)
  return (
    <Cadre
      requete={requete}
      titre="Qui lira ceci ?"
      courante="accompagner"
      fil={fil(dossier, 'Relire')}
      papier={PAPIER}
    >
      <Pile>
        {change && (
          <Message ton="bientot">
            <p>
              <b>Les lecteurs ont changé depuis votre relecture.</b> Rien n’est enregistré. Relire la liste.
            </p>
          </Message>
        )}
        <Carte
          titre={`Seront lecteurs : ${phrase.charAt(0).toLowerCase()}${phrase.slice(1)}`}
          aside={<Cercle cercle={cercle} />}
        >
          <Lecteurs lecteurs={lecteurs} moi={acteur} />
          <p className="note mt2">
            {cercle === 'note'
              ? 'Ni le secrétariat, ni la préfecture, ni un autre organisme ne la lisent, et rien ne leur dit qu’elle existe. Elle n’entre dans aucune recherche, aucune liste, aucun export.'
              : cercle === 'transmission'
                ? 'Une transmission ne se modifie pas et ne se reprend pas : une correction est une nouvelle transmission.'
                : 'Un organisme engagé plus tard sur ce dossier le lira aussi. Un suivi partagé ne se modifie pas.'}
          </p>
        </Carte>
        <Carte titre="Le texte">
          <Texte texte={texte} />
          {motif !== '' && (
            <p className="mt2">
              <b>Motif :</b> {motif}
            </p>
          )}
          <Formulaire
            action={`${adresseDe(dossier)}/ecrits`}
            jeton={connecte.jetonFormulaire}
            champs={{
              cercle: String(cercles[cercle].rang),
              texte,
              motif,
              equipe: saisie.equipe,
              au_service: saisie.auService ? 'oui' : '',
              organismes: saisie.organismes,
              note: saisie.note ?? '',
              repond: saisie.repondA ?? '',
              lecteurs: empreinteLecteurs(lecteurs),
              envoi: saisie.envoi,
            }}
          >
            <Actions>
              <Bouton genre="principal" nom="etape" valeur="enregistrer">
                {ACTES[cercle]}
              </Bouton>
              <Bouton nom="etape" valeur="corriger">
                Corriger
              </Bouton>
              <Bouton genre="tertiaire" href={ecritsDe(dossier)}>
                Abandonner
              </Bouton>
            </Actions>
          </Formulaire>
        </Carte>
      </Pile>
    </Cadre>
  )
}

/** GET /dossiers/:reference/ecrits/nouveau: `note` starts a transmission from a note, `repond` answers one. */
export async function proposerEcrit(requete: Requete): Promise<Reponse> {
  const note = identifiant(requete.recherche.note)
  const repondA = identifiant(requete.recherche.repond)
  const contexte = await preparer(requete, { note, repondA })
  const saisie: Saisie = {
    cercle: contexte.offerts[0] ?? 'suivi',
    texte: '',
    motif: '',
    equipe: [],
    auService: false,
    // The secretariat of the territory first: the narrowest of the useful recipients.
    organismes: contexte.services.slice(0, 1).map(({ id }) => id),
    note,
    repondA,
    envoi: randomUUID(),
  }
  return page(<PageEcrire requete={requete} contexte={contexte} saisie={saisie} erreurs={[]} />)
}

const CHAMPS: Readonly<Record<string, string>> = {
  'ecrit.texte': 'texte',
  'ecrit.motif': 'motif',
  'ecrit.equipe': 'equipe',
  'ecrit.destinataires': 'organismes',
}

function lireSaisie(requete: Requete): Saisie {
  const rang = Number(champ(requete, 'cercle'))
  const cercle = (['note', 'transmission', 'suivi', 'synthese'] as const).find((un) => cercles[un].rang === rang)
  return {
    cercle: cercle ?? 'note',
    texte: champ(requete, 'texte'),
    motif: champ(requete, 'motif'),
    // Only what the chosen circle asks for: a box ticked for another circle opens nothing.
    equipe: cercle === 'note' ? valeurs(requete, 'equipe') : [],
    auService: cercle === 'note' && champ(requete, 'au_service') !== '',
    organismes: cercle === 'transmission' ? valeurs(requete, 'organismes') : [],
    note: identifiant(champ(requete, 'note')),
    repondA: identifiant(champ(requete, 'repond')),
    envoi: identifiant(champ(requete, 'envoi')) ?? randomUUID(),
  }
}

/** POST /dossiers/:reference/ecrits: shows the readers by name, then saves what was re-read. */
export async function enregistrerEcrit(requete: Requete): Promise<Reponse> {
  const { session, application } = requete
  const saisie = lireSaisie(requete)
  const contexte = await preparer(requete, saisie)
  const { dossier, candidats, services, offerts } = contexte
  const { cercle } = saisie
  if (cercle === 'synthese') return redirection(`${adresseDe(dossier)}/syntheses/nouvelle`)
  const remontrer = (erreurs: readonly Erreur[]) =>
    page(
      <PageEcrire requete={requete} contexte={contexte} saisie={saisie} erreurs={erreurs} />,
      erreurs.length > 0 ? 422 : 200,
    )
  if (!offerts.includes(cercle)) return remontrer([{ nom: 'cercle', message: 'Choisir qui lira ce texte.' }])
  const etape = champ(requete, 'etape')
  if (etape === 'corriger') return remontrer([])

  const cles = exigerCles(application)
  const note = { dossier: dossier.id, ...saisie }
  const refusee = await tenter(
    session,
    cercle === 'note' ? 'note.ecrire' : cercle === 'transmission' ? 'transmission.faire' : 'suivi.partager',
    (code) => CHAMPS[code] ?? 'cercle',
    async () => {
      if (cercle === 'transmission') verifierTransmission(session, services, note)
      else if (cercle === 'note') verifierNote(session, candidats, note)
      else verifierTexte(saisie.texte, saisie.motif, true)
    },
  )
  if (refusee) return remontrer([refusee])
  const portee: Portee =
    cercle === 'note'
      ? porteeDeNote(session, saisie)
      : cercle === 'transmission'
        ? await porteeDeTransmission(session, cles, note)
        : { cercle: 'suivi' }
  const lecteurs = lecteursDe(candidats, portee)
  const relue = champ(requete, 'lecteurs')
  const change = relue !== '' && relue !== empreinteLecteurs(lecteurs)
  if (etape !== 'enregistrer' || relue === '' || change) {
    return page(
      <PageRelire
        requete={requete}
        contexte={contexte}
        saisie={{ ...saisie, cercle }}
        lecteurs={lecteurs}
        change={change}
      />,
      change ? 409 : 200,
    )
  }
  if (cercle === 'note') await ecrireNote(session, cles, candidats, note)
  else if (cercle === 'transmission') await transmettre(session, cles, { candidats, services }, note)
  else await partagerSuivi(session, cles, candidats, note)
  const phrase = compterLecteurs(lecteurs, requete.acteur)
  return redirection(ecritsDe(dossier), {
    texte: `${{ note: 'Note gardée', transmission: 'Transmission faite', suivi: 'Suivi partagé' }[cercle]}. Lecteurs : ${phrase.charAt(0).toLowerCase()}${phrase.slice(1)}.`,
  })
}
