import { randomUUID } from 'node:crypto'
import type { ReactElement } from 'react'
import {
  ajouterPoint,
  avisCharte,
  ecrirePoint,
  genresPoint,
  listerPoints,
  type Point,
  retirerPoint,
  type SaisiePoint,
  type Seance,
} from '#commission'
import { pluriel } from '#socle/typography'
import { messageDe } from '../accompagner/saisie.ts'
import {
  Actions,
  Bouton,
  BoutonPost,
  Carte,
  Champ,
  EtatVide,
  Etiquette,
  Formulaire,
  ListeSobre,
  Pile,
  Plus,
  Selection,
} from '../composants/index.ts'
import type { VersionsDUneChose } from '../conflit.tsx'
import { champ, type Reponse, type Requete, redirection } from '../route.ts'
import { agirSurSeance, dejaTyper, erreursDe, prefixeDe, type Typee } from './acte.tsx'
import { adresseSeance } from './commun.tsx'

const options = (mots: Readonly<Record<string, string>>) =>
  Object.entries(mots).map(([valeur, libelle]) => ({ valeur, libelle }))

function ChampsPoint({
  de,
  valeurs,
  typee,
}: {
  /** Name of the form: its identifiers follow from it. */
  de: string
  valeurs: SaisiePoint
  typee: Typee | null
}): ReactElement {
  const erreurs = erreursDe(typee, de)
  const prefixe = prefixeDe(de)
  const valeur = (nom: keyof SaisiePoint) => dejaTyper(typee, de, nom) ?? valeurs[nom]
  return (
    <>
      <Selection
        nom="genre"
        id={`${prefixe}-genre`}
        libelle="De quoi s’agit-il"
        valeur={valeur('genre') || undefined}
        options={options(genresPoint)}
        erreur={messageDe(erreurs, 'genre')}
      />
      <Champ
        nom="titre"
        id={`${prefixe}-titre`}
        libelle="Objet"
        aide="Sans nommer un ménage : chaque membre le lit."
        longueurMax={200}
        valeur={valeur('titre')}
        erreur={messageDe(erreurs, 'titre')}
      />
      <Selection
        nom="avis"
        id={`${prefixe}-avis`}
        libelle="Avis, sur la charte ou un avenant"
        libre
        vide="Aucun avis à rendre, ou pas encore"
        valeur={valeur('avis') || undefined}
        options={options(avisCharte)}
        erreur={messageDe(erreurs, 'avis')}
      />
      <Champ
        nom="conclusion"
        id={`${prefixe}-conclusion`}
        libelle="Ce qui est dit ou décidé"
        facultatif
        lignes={4}
        longueurMax={4000}
        valeur={valeur('conclusion')}
        erreur={messageDe(erreurs, 'conclusion')}
      />
    </>
  )
}

const VIDE: SaisiePoint = { genre: 'bilan', titre: '', avis: '', conclusion: '' }
const enSaisie = ({ genre, titre, avis, conclusion }: Point): SaisiePoint => ({
  genre,
  titre,
  avis: avis ?? '',
  conclusion,
})

/** What a plenary session speaks of besides files: shown for the departmental commission, and wherever there is a point. */
export function CartePoints({
  requete,
  seance,
  points,
  modifiable,
  typee,
}: {
  requete: Requete
  seance: Seance
  points: readonly Point[]
  modifiable: boolean
  typee: Typee | null
}): ReactElement | null {
  if (points.length === 0 && (seance.niveau !== 'departementale' || !modifiable)) return null
  const adresse = `${adresseSeance(seance.id)}/points`
  const jeton = requete.connecte.jetonFormulaire
  return (
    <Carte titre="Points de la séance" id="points" aside={pluriel(points.length, 'point', 'points')}>
      <Pile>
        {points.length === 0 ? (
          <EtatVide titre="Aucun point hors dossiers" niveau={3}>
            Le bilan de l’année, les groupes de travail, les échanges de pratiques, l’actualité, l’avis sur la charte.
          </EtatVide>
        ) : (
          <ListeSobre
            lignes={points.map((point) => ({
              cle: point.id,
              titre: point.titre,
              note: [genresPoint[point.genre], point.conclusion].filter(Boolean).join('. '),
              droite: point.avis && (
                <Etiquette ton="info">Avis {avisCharte[point.avis].toLocaleLowerCase('fr')}</Etiquette>
              ),
            }))}
          />
        )}
        {modifiable &&
          points.map((point) => (
            <Plus
              key={point.id}
              libelle={`Écrire sur « ${point.titre} »`}
              ouvert={typee?.formulaire === `points/${point.id}`}
            >
              <Formulaire
                action={`${adresse}/${point.id}`}
                jeton={jeton}
                champs={{ vu: dejaTyper(typee, `points/${point.id}`, 'vu') ?? String(point.version) }}
                libelle={`Point « ${point.titre} »`}
              >
                <ChampsPoint de={`points/${point.id}`} valeurs={enSaisie(point)} typee={typee} />
                <Actions>
                  <Bouton genre="principal">Enregistrer ce point</Bouton>
                </Actions>
              </Formulaire>
              <BoutonPost
                action={`${adresse}/${point.id}/retirer`}
                jeton={jeton}
                champs={{ vu: String(point.version) }}
              >
                Retirer ce point
              </BoutonPost>
            </Plus>
          ))}
        {modifiable && (
          <Plus libelle="Ajouter un point" ouvert={typee?.formulaire === 'points'}>
            <Formulaire
              action={adresse}
              jeton={jeton}
              champs={{ envoi: dejaTyper(typee, 'points', 'envoi') ?? randomUUID() }}
              libelle="Ajouter un point"
            >
              <ChampsPoint de="points" valeurs={VIDE} typee={typee} />
              <Actions>
                <Bouton genre="principal">Ajouter le point</Bouton>
              </Actions>
            </Formulaire>
          </Plus>
        )}
      </Pile>
    </Carte>
  )
}

const lireSaisie = (requete: Requete): SaisiePoint => ({
  genre: champ(requete, 'genre'),
  titre: champ(requete, 'titre'),
  avis: champ(requete, 'avis'),
  conclusion: champ(requete, 'conclusion').replace(/\r\n/g, '\n'),
})

const mot = (mots: Readonly<Record<string, string>>, code: string): string | null => mots[code] ?? null

async function comparer(requete: Requete, seance: string, point: string | null): Promise<VersionsDUneChose[]> {
  const saisie = lireSaisie(requete)
  const la = (await listerPoints(requete.session, seance)).find(({ id }) => id === point)
  const enregistre = la ? enSaisie(la) : null
  return [
    {
      cle: 'genre',
      libelle: 'De quoi s’agit-il',
      saisie: mot(genresPoint, saisie.genre),
      enregistree: enregistre && mot(genresPoint, enregistre.genre),
    },
    { cle: 'titre', libelle: 'Objet', saisie: saisie.titre || null, enregistree: enregistre?.titre || null },
    {
      cle: 'avis',
      libelle: 'Avis',
      saisie: mot(avisCharte, saisie.avis),
      enregistree: enregistre && mot(avisCharte, enregistre.avis),
    },
    {
      cle: 'conclusion',
      libelle: 'Ce qui est dit ou décidé',
      saisie: saisie.conclusion || null,
      enregistree: enregistre?.conclusion || null,
    },
  ]
}

type Refuser = (typee: Typee) => Promise<Reponse>
const retour = (requete: Requete, texte: string): Reponse =>
  redirection(`${adresseSeance(requete.parametres.seance ?? '')}#points`, { ton: 'tenu', texte })

/** POST /seances/:seance/points (COM-23, COM-24). `refuser`: the page of the session, with what was typed. */
export const ajouterUnPoint =
  (refuser: (requete: Requete) => Refuser) =>
  async (requete: Requete): Promise<Reponse> => {
    const seance = requete.parametres.seance ?? ''
    const arrete = await agirSurSeance(
      requete,
      { seance, formulaire: 'points', refuser: refuser(requete), versions: () => comparer(requete, seance, null) },
      () => ajouterPoint(requete.session, seance, { ...lireSaisie(requete), envoi: champ(requete, 'envoi') }),
    )
    return arrete ?? retour(requete, 'Ce point est à la séance.')
  }

/** POST /seances/:seance/points/:point. */
export const ecrireUnPoint =
  (refuser: (requete: Requete) => Refuser) =>
  async (requete: Requete): Promise<Reponse> => {
    const { seance = '', point = '' } = requete.parametres
    const vu = Number(champ(requete, 'vu')) || 0
    const versionActuelle = (await listerPoints(requete.session, seance)).find(({ id }) => id === point)?.version
    const arrete = await agirSurSeance(
      requete,
      {
        seance,
        formulaire: `points/${point}`,
        refuser: refuser(requete),
        versions: () => comparer(requete, seance, point),
        champs: { vu: String(versionActuelle ?? 0) },
      },
      () => ecrirePoint(requete.session, seance, point, vu, lireSaisie(requete)),
    )
    return arrete ?? retour(requete, 'Ce point est enregistré.')
  }

/** POST /seances/:seance/points/:point/retirer. */
export const retirerUnPoint =
  (refuser: (requete: Requete) => Refuser) =>
  async (requete: Requete): Promise<Reponse> => {
    const { seance = '', point = '' } = requete.parametres
    const la = (await listerPoints(requete.session, seance)).find(({ id }) => id === point)
    const arrete = await agirSurSeance(
      requete,
      {
        seance,
        formulaire: `points/${point}/retirer`,
        refuser: refuser(requete),
        versions: () => [{ cle: 'point', libelle: 'Point', saisie: 'Retiré', enregistree: la?.titre ?? 'Retiré' }],
        champs: { vu: String(la?.version ?? 0) },
      },
      () => retirerPoint(requete.session, seance, point, Number(champ(requete, 'vu')) || 0),
    )
    return arrete ?? retour(requete, 'Ce point est retiré.')
  }
