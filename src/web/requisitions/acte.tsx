import type { ReactElement } from 'react'
import type { Dossier } from '#dossiers'
import { exigerCles } from '#echanges'
import {
  type ActeRequisition,
  ajouterActe,
  type ChampActe,
  decrireGenre,
  dernierDuGenre,
  enVigueur,
  type GenreActe,
  genresSaisis,
  lireJour,
  lireRequisition,
  lireTextes,
  listerActes,
  peutNoter,
  peutReprendre,
  type Requisition,
  retirerActe,
  verifierActe,
} from '#requisitions'
import { Conflit, Introuvable } from '#socle/errors'
import { formatDate } from '#socle/typography'
import { type Erreur, messageDe, tenter } from '../accompagner/saisie.ts'
import {
  Actions,
  Bouton,
  BoutonsRadio,
  Carte,
  Champ,
  ChampDate,
  Formulaire,
  ListeDefinition,
  Message,
  ResumeErreurs,
  Selection,
} from '../composants/index.ts'
import { champsVus, lireVu, ouConflit, pageConflit } from '../conflit.tsx'
import { CadreDossier, ouvrirDossier } from '../espaces.tsx'
import { champ, page, type Reponse, type Requete, redirection } from '../route.ts'
import { adresseDe, ESPACE, identifiant, lignesActe, marqueEnvoi } from './commun.tsx'

type Valeurs = Readonly<Record<string, string>>

/** The question of a form, in the control its kind asks for. */
export function ChampDuFait({
  question,
  valeurs,
  erreurs,
  id,
}: {
  question: ChampActe
  valeurs: Valeurs
  erreurs: readonly Erreur[]
  /** When the page has two forms that ask the same. */
  id?: string
}): ReactElement {
  const { nom, libelle, aide, facultatif } = question
  const communs = {
    nom,
    ...(id === undefined ? {} : { id }),
    libelle,
    valeur: valeurs[nom] ?? '',
    erreur: messageDe(erreurs, nom),
    ...(aide === undefined ? {} : { aide }),
    // A question that another answer calls for says so by its help: the server asks again when it is missing.
    facultatif: facultatif === true || question.si !== undefined,
  }
  switch (question.genre) {
    case 'choix': {
      const options = Object.entries(question.options ?? {}).map(([valeur, texte]) => ({ valeur, libelle: texte }))
      return options.length > 4 ? (
        <Selection {...communs} vide="Choisir" options={options} />
      ) : (
        <BoutonsRadio {...communs} options={options} />
      )
    }
    case 'date':
      return <ChampDate {...communs} valeur={communs.valeur || undefined} />
    case 'heure':
      return <Champ {...communs} court aide="Par exemple 09:30." />
    case 'ligne':
      return <Champ {...communs} longueurMax={200} />
    case 'texte':
      return <Champ {...communs} lignes={4} longueurMax={4000} />
  }
}

/** Answers sent with the form of a fact. */
export const lireValeurs = (requete: Requete, genre: GenreActe): Valeurs =>
  Object.fromEntries(decrireGenre(genre).champs.map(({ nom }) => [nom, champ(requete, nom)]))

const LECTEURS = {
  etat: 'Les textes écrits ici sont lus par les services de l’État qui instruisent, et par eux seuls.',
  force: 'Lu par l’État, le secrétariat, et les services engagés sur ce dossier. Jamais par le bailleur ni le maire.',
} as const

interface Saisie {
  readonly le: string
  readonly valeurs: Valeurs
  readonly envoi: string
  readonly corrige: ActeRequisition | null
  readonly vu: string
  readonly erreurs: readonly Erreur[]
}

interface Ouverte {
  readonly dossier: Dossier
  readonly requisition: Requisition
  readonly genre: GenreActe
  readonly actes: readonly ActeRequisition[]
}

async function ouvrir(requete: Requete): Promise<Ouverte> {
  const genre = requete.parametres.fait ?? ''
  if (!genresSaisis(genre) || !peutNoter(requete.session, genre)) throw new Introuvable()
  const dossier = await ouvrirDossier(requete)
  const requisition = await lireRequisition(requete.session, dossier.id, identifiant(requete, 'requisition'))
  return { dossier, requisition, genre, actes: await listerActes(requete.session, requisition.id) }
}

function PageNoter({
  requete,
  ouverte: { dossier, requisition, genre },
  saisie,
}: {
  requete: Requete
  ouverte: Ouverte
  saisie: Saisie
}): ReactElement {
  const { libelle, le, champs, cercle } = decrireGenre(genre)
  const { erreurs, corrige } = saisie
  return (
    <CadreDossier
      requete={requete}
      dossier={dossier}
      espace={ESPACE}
      titre={corrige ? `Corriger : ${libelle.toLowerCase()}` : libelle}
      acte={libelle}
    >
      <ResumeErreurs erreurs={erreurs} />
      {corrige && (
        <Message>
          <p>
            Noté le {formatDate(corrige.le)} par {corrige.auteur}. La correction est un nouveau fait : l’ancien reste
            dans l’historique et ne compte plus.
          </p>
        </Message>
      )}
      <Carte titre={corrige ? 'La correction' : 'Ce qui est noté'}>
        <Formulaire
          action={adresseDe(dossier, `/${requisition.id}/noter/${genre}`)}
          jeton={requete.connecte.jetonFormulaire}
          champs={{
            envoi: saisie.envoi,
            corrige: corrige?.id ?? '',
            ...champsVus([[genre, saisie.vu]]),
          }}
        >
          <ChampDate
            nom="le"
            libelle={le}
            valeur={saisie.le || undefined}
            max={requete.session.jour}
            erreur={messageDe(erreurs, 'le')}
          />
          {champs.map((question) => (
            <ChampDuFait key={question.nom} question={question} valeurs={saisie.valeurs} erreurs={erreurs} />
          ))}
          <Message ton="reserve">
            <p>
              <b>Qui lira ceci ?</b> {LECTEURS[cercle]}
            </p>
          </Message>
          <Actions>
            <Bouton genre="principal">{corrige ? 'Enregistrer la correction' : 'Enregistrer'}</Bouton>
            <Bouton genre="tertiaire" href={adresseDe(dossier)}>
              Revenir
            </Bouton>
          </Actions>
        </Formulaire>
      </Carte>
    </CadreDossier>
  )
}

/** The fact a form corrects: of its kind, and one the reader may take up again. */
const acteCorrige = ({ session }: Requete, { actes, genre }: Ouverte, id: string): ActeRequisition | null =>
  actes.find((acte) => acte.id === id && acte.genre === genre && peutReprendre(session, acte)) ?? null

/** GET /dossiers/:reference/force-publique/:requisition/noter/:fait; `corrige` starts from a fact already noted. */
export async function proposerFait(requete: Requete): Promise<Reponse> {
  const { session, recherche } = requete
  const ouverte = await ouvrir(requete)
  const corrige = acteCorrige(requete, ouverte, recherche.corrige ?? '')
  if (recherche.corrige && (!corrige || !enVigueur(ouverte.actes).includes(corrige))) throw new Introuvable()
  const textes = corrige ? await lireTextes(session, exigerCles(requete.application), ouverte.requisition) : new Map()
  const point = recherche.point ?? ''
  const connu = dernierDuGenre(ouverte.actes, ouverte.genre, { point })
  const valeurs: Valeurs = corrige
    ? { ...corrige.donnees, ...textes.get(corrige.id) }
    : // Same thing as before, said again: the form starts from what is known of it.
      { ...(ouverte.genre === 'preparation' ? connu?.donnees : {}), ...(point === '' ? {} : { point }) }
  return page(
    <PageNoter
      requete={requete}
      ouverte={ouverte}
      saisie={{
        le: (corrige?.le ?? session.jour).toString(),
        valeurs,
        envoi: marqueEnvoi(),
        corrige,
        vu: connu?.id ?? '',
        erreurs: [],
      }}
    />,
  )
}

/** POST, same address: records the fact, or its correction. */
export async function noterFait(requete: Requete): Promise<Reponse> {
  const { session } = requete
  const ouverte = await ouvrir(requete)
  const { genre, dossier, requisition } = ouverte
  const corrige = acteCorrige(requete, ouverte, champ(requete, 'corrige'))
  const vu = lireVu(requete, genre) ?? ''
  const saisie: Saisie = {
    le: champ(requete, 'le'),
    valeurs: lireValeurs(requete, genre),
    envoi: marqueEnvoi(champ(requete, 'envoi')),
    corrige,
    vu,
    erreurs: [],
  }
  const le = lireJour(saisie.le)
  const erreurs: Erreur[] = [...verifierActe(genre, le, saisie.valeurs, session.jour)]
  if (erreurs.length === 0 && le !== null) {
    const cles = exigerCles(requete.application)
    const issue = await ouConflit(requete, 'requisition.noter', () =>
      tenter(
        session,
        'requisition.noter',
        (code) => code.replace('requisition.', ''),
        () =>
          ajouterActe(session, cles, requisition, {
            envoi: saisie.envoi,
            genre,
            le,
            valeurs: saisie.valeurs,
            remplace: corrige?.id ?? (champ(requete, 'corrige') || null),
            ...(corrige ? {} : { vu }),
          }),
      ),
    )
    if (issue instanceof Conflit) return montrerConflit(requete, ouverte, saisie, issue)
    if (!issue) return redirection(adresseDe(dossier), { texte: apresFait(genre, saisie.valeurs, corrige !== null) })
    erreurs.push(issue)
  }
  return page(<PageNoter requete={requete} ouverte={ouverte} saisie={{ ...saisie, erreurs }} />, 422)
}

function apresFait(genre: GenreActe, valeurs: Valeurs, correction: boolean): string {
  if (correction) return 'Correction enregistrée. L’ancien fait reste dans l’historique.'
  if (genre === 'decision' && valeurs.sens === 'accord')
    return 'Concours accordé, noté. Reste à diffuser l’octroi et la date prévue.'
  return `${decrireGenre(genre).libelle} : enregistré.`
}

/** Somebody noted the same thing since: both are shown, and the person chooses. */
async function montrerConflit(
  requete: Requete,
  { dossier, requisition, genre, actes }: Ouverte,
  saisie: Saisie,
  conflit: Conflit,
): Promise<Reponse> {
  const textes = await lireTextes(requete.session, exigerCles(requete.application), requisition)
  const autre = dernierDuGenre(actes, genre, saisie.valeurs)
  const { libelle, champs } = decrireGenre(genre)
  const enregistrees = autre ? lignesActe(autre, textes) : []
  const dire = (question: ChampActe, valeur: string): string =>
    question.genre === 'choix' ? (question.options?.[valeur] ?? valeur) : valeur
  return pageConflit(requete, {
    message: conflit.message,
    quoi: libelle,
    courante: 'accompagner',
    fil: [
      { libelle: 'Dossiers', href: '/dossiers' },
      { libelle: 'Force publique', href: adresseDe(dossier) },
      { libelle },
    ],
    versions: champs.map((question) => {
      const valeur = autre
        ? ({ ...autre.donnees, ...textes.get(autre.id) } as Record<string, string>)[question.nom]
        : undefined
      return {
        cle: question.nom,
        libelle: question.libelle,
        saisie: dire(question, saisie.valeurs[question.nom] ?? '') || null,
        enregistree: valeur ? dire(question, valeur) : null,
        ...(autre && enregistrees.length > 0 ? { qui: `${autre.auteur}, ${autre.organisme_nom}` } : {}),
      }
    }),
    conseil: 'Enregistrer la vôtre ajoute un fait plus récent : l’autre reste dans l’historique.',
    garder: { libelle: 'Garder ce qui est enregistré', href: adresseDe(dossier) },
    remplacer: {
      libelle: 'Enregistrer la mienne',
      action: adresseDe(dossier, `/${requisition.id}/noter/${genre}`),
      champs: {
        ...saisie.valeurs,
        le: saisie.le,
        envoi: saisie.envoi,
        ...champsVus([[genre, autre?.id ?? '']]),
      },
    },
  })
}

/** GET /dossiers/:reference/force-publique/:requisition/retirer/:acte: what would count no more, before it is taken back. */
export async function proposerRetrait(requete: Requete): Promise<Reponse> {
  const { session, application } = requete
  const dossier = await ouvrirDossier(requete)
  const requisition = await lireRequisition(session, dossier.id, identifiant(requete, 'requisition'))
  const acte = enVigueur(await listerActes(session, requisition.id)).find(({ id }) => id === requete.parametres.acte)
  if (!acte || !peutReprendre(session, acte)) throw new Introuvable()
  const textes = await lireTextes(session, exigerCles(application), requisition)
  const { libelle, le } = decrireGenre(acte.genre)
  return page(
    <CadreDossier
      requete={requete}
      dossier={dossier}
      espace={ESPACE}
      titre={`Retirer : ${libelle.toLowerCase()}`}
      acte="Retirer"
    >
      <Carte titre={libelle}>
        <ListeDefinition
          lignes={[
            { terme: le, valeur: formatDate(acte.le), note: `Noté par ${acte.auteur}, ${acte.organisme_nom}` },
            ...lignesActe(acte, textes),
          ]}
        />
        <Message ton="bientot">
          <p>
            Retirer ce qui a été noté par erreur : il reste dans l’historique et ne compte plus
            {acte.acte ? ', et l’acte qu’il a fait naître dans la procédure est retiré avec lui' : ''}.
          </p>
        </Message>
        <Formulaire
          action={adresseDe(dossier, `/${requisition.id}/retirer/${acte.id}`)}
          jeton={requete.connecte.jetonFormulaire}
          champs={{ envoi: marqueEnvoi() }}
        >
          <Actions>
            <Bouton genre="principal">Retirer</Bouton>
            <Bouton genre="tertiaire" href={adresseDe(dossier)}>
              Revenir
            </Bouton>
          </Actions>
        </Formulaire>
      </Carte>
    </CadreDossier>,
  )
}

/** POST, same address: takes back a fact noted by mistake. */
export async function retirerFait(requete: Requete): Promise<Reponse> {
  const { session, application } = requete
  const dossier = await ouvrirDossier(requete)
  const requisition = await lireRequisition(session, dossier.id, identifiant(requete, 'requisition'))
  const acte = await retirerActe(
    session,
    exigerCles(application),
    requisition,
    identifiant(requete, 'acte'),
    marqueEnvoi(champ(requete, 'envoi')),
  )
  return redirection(adresseDe(dossier), {
    texte: `${decrireGenre(acte.genre).libelle} du ${formatDate(acte.le)} : retiré. Il reste dans l’historique.`,
  })
}
