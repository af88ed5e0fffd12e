import { randomUUID } from 'node:crypto'
import type { ReactElement } from 'react'
import { aLeDroit } from '#acces'
import {
  criteresProposes,
  type Dossier,
  type ExamenComplexe,
  examensComplexes,
  leverComplexite,
  lireDossier,
  listeComplexes,
  listerComplexites,
  marquerComplexe,
  type SituationComplexe,
} from '#dossiers'
import { Introuvable } from '#socle/errors'
import { isUuid } from '#socle/text'
import { formatDate, formatInstant } from '#socle/typography'
import { Cadre } from '../cadre.tsx'
import {
  Actions,
  Bouton,
  BoutonsRadio,
  Carte,
  Champ,
  Etiquette,
  Formulaire,
  ListeDefinition,
  Message,
  Pile,
  ResumeErreurs,
} from '../composants/index.ts'
import { ouConflit, pageConflit } from '../conflit.tsx'
import { Cases } from '../echanges/commun.tsx'
import { champ, page, type Reponse, type Requete, redirection } from '../route.ts'
import { nommerDossier } from './menage.ts'
import { type Erreur, messageDe, tenter } from './saisie.ts'

const adresseDe = ({ reference }: Pick<Dossier, 'reference'>, suite = ''): string =>
  `/dossiers/${reference}/complexe${suite}`
const vivante = (marques: readonly SituationComplexe[]): SituationComplexe | null =>
  marques.find(({ levee_a }) => levee_a === null) ?? null

function Decrire({ marque }: { marque: SituationComplexe }): ReactElement {
  return (
    <ListeDefinition
      lignes={[
        { terme: 'À examiner', valeur: examensComplexes[marque.examen] },
        { terme: 'Pourquoi', valeur: marque.criteres.length > 0 ? marque.criteres.join(' ; ') : null },
        { terme: 'Motif', valeur: <span className="texte-libre">{marque.motif}</span> },
        {
          terme: 'Marquée par',
          valeur: `${marque.auteur}, ${marque.organisme_nom}`,
          note: `le ${formatInstant(marque.a)}`,
        },
        {
          terme: 'Levée',
          valeur: marque.levee_a ? <span className="texte-libre">{marque.levee_motif}</span> : null,
          note: marque.levee_a ? `${marque.levee_auteur ?? ''}, le ${formatInstant(marque.levee_a)}` : undefined,
        },
      ]}
    />
  )
}

/** On the page of a dossier: what was said complex, and the way to say so. */
export function CarteComplexe({
  requete,
  dossier,
  marques,
}: {
  requete: Requete
  dossier: Dossier
  marques: readonly SituationComplexe[]
}): ReactElement | null {
  const marque = vivante(marques)
  const peut =
    aLeDroit(requete.acteur, 'complexe.marquer') && dossier.clos_le === null && !dossier.masques.includes('criteres')
  if (!marque && !peut) return null
  return (
    <Carte
      titre="Situation complexe"
      id="complexe"
      aside={marque ? <Etiquette ton="bientot">Marquée le {formatDate(marque.le)}</Etiquette> : undefined}
    >
      {marque ? <Decrire marque={marque} /> : <p>Cette situation n’est pas marquée complexe.</p>}
      <Actions>
        {marque?.examen === 'cellule' && aLeDroit(requete.acteur, 'cellule.ouvrir') && (
          <Bouton petit href={`/dossiers/${dossier.reference}/cellule/nouvelle?objet=situation-complexe`}>
            Consulter la cellule
          </Bouton>
        )}
        {peut && (
          <Bouton petit href={adresseDe(dossier)}>
            {marque ? 'Relire ou lever la marque' : 'Marquer « situation complexe »'}
          </Bouton>
        )}
      </Actions>
    </Carte>
  )
}

interface Saisie {
  readonly criteres: readonly string[]
  readonly examen: string
  readonly motif: string
  readonly levee: string
  readonly envoi: string
  readonly erreurs: readonly Erreur[]
}
const VIDE = { criteres: [], examen: '', motif: '', levee: '', erreurs: [] }

async function montrer(requete: Requete, dossier: Dossier, saisie: Saisie): Promise<Reponse> {
  const { session, connecte } = requete
  const marques = await listerComplexites(session, dossier)
  const marque = vivante(marques)
  const anciennes = marques.filter(({ levee_a }) => levee_a !== null)
  const liste = listeComplexes(session)
  const { erreurs } = saisie
  return page(
    <Cadre
      requete={requete}
      titre="Situation complexe"
      chapo="Pour que la commission ou la cellule technique examine ce ménage avec ceux qui le suivent. La marque reste jusqu’à ce que quelqu’un la lève."
      courante="accompagner"
      erreur={erreurs.length > 0}
      fil={[
        { libelle: 'Dossiers', href: '/dossiers' },
        { libelle: nommerDossier(dossier), href: `/dossiers/${dossier.reference}` },
        { libelle: 'Situation complexe' },
      ]}
    >
      <ResumeErreurs erreurs={erreurs} titre="Rien n’a été changé" />
      <Pile>
        {marque ? (
          <>
            <Carte titre="Situation marquée complexe">
              <Decrire marque={marque} />
            </Carte>
            <Carte titre="Lever la marque">
              <Formulaire
                action={adresseDe(dossier, '/lever')}
                jeton={connecte.jetonFormulaire}
                champs={{ marque: marque.id }}
                libelle="Lever la marque"
              >
                <Champ
                  nom="levee"
                  libelle="Pourquoi elle est levée"
                  lignes={2}
                  longueurMax={600}
                  aide="La marque et ce motif restent dans l’historique du dossier."
                  valeur={saisie.levee}
                  erreur={messageDe(erreurs, 'levee')}
                />
                <Actions>
                  <Bouton genre="principal">Lever la marque</Bouton>
                </Actions>
              </Formulaire>
            </Carte>
          </>
        ) : liste === null ? (
          <Message ton="reserve">
            <p>Aucune liste de critères n’est en vigueur dans ce département : la demander aux pilotes de la charte.</p>
          </Message>
        ) : (
          <Carte titre="Marquer cette situation">
            <Formulaire
              action={adresseDe(dossier)}
              jeton={connecte.jetonFormulaire}
              champs={{ envoi: saisie.envoi }}
              libelle="Marquer « situation complexe »"
            >
              <Cases
                nom="criteres"
                legende="Ce qui la rend complexe"
                options={criteresProposes(session, dossier).map(({ code, libelle }) => ({ valeur: code, libelle }))}
                choisies={saisie.criteres}
                erreurs={erreurs}
              />
              <Champ
                nom="motif"
                libelle="Motif"
                lignes={3}
                longueurMax={600}
                aide="Les faits utiles pour décider ensemble, sans diagnostic médical ni jugement."
                valeur={saisie.motif}
                erreur={messageDe(erreurs, 'motif')}
              />
              <BoutonsRadio
                nom="examen"
                libelle="Où l’examiner"
                valeur={saisie.examen}
                options={Object.entries(examensComplexes).map(([valeur, libelle]) => ({ valeur, libelle }))}
                erreur={messageDe(erreurs, 'examen')}
              />
              <p className="note">
                Critères depuis le {formatDate(liste.du)} : {liste.source.titre}
                {liste.source.reference ? `, ${liste.source.reference}` : ''}.
              </p>
              <Actions>
                <Bouton genre="principal">Marquer « situation complexe »</Bouton>
                <Bouton genre="tertiaire" href={`/dossiers/${dossier.reference}`}>
                  Revenir au dossier
                </Bouton>
              </Actions>
            </Formulaire>
          </Carte>
        )}
        {anciennes.map((une) => (
          <Carte key={une.id} titre={`Marquée le ${formatDate(une.le)}, levée depuis`}>
            <Decrire marque={une} />
          </Carte>
        ))}
      </Pile>
    </Cadre>,
    erreurs.length > 0 ? 422 : undefined,
  )
}

/** The dossier, for whoever reads its criteria: for the others, this page does not exist. */
async function ouvrir(requete: Requete): Promise<Dossier> {
  const dossier = await lireDossier(requete.session, requete.parametres.reference ?? '')
  if (dossier.masques.includes('criteres')) throw new Introuvable()
  return dossier
}

/** GET /dossiers/:reference/complexe. */
export async function proposerComplexe(requete: Requete): Promise<Reponse> {
  return montrer(requete, await ouvrir(requete), { ...VIDE, envoi: randomUUID() })
}

const CHAMPS: Readonly<Record<string, string>> = { 'complexe.motif': 'motif', 'complexe.examen': 'examen' }

async function direConflit(requete: Requete, dossier: Dossier, message: string, tape: string): Promise<Reponse> {
  const [derniere] = await listerComplexites(requete.session, dossier)
  return pageConflit(requete, {
    message,
    quoi: 'Situation complexe',
    courante: 'accompagner',
    fil: [
      { libelle: 'Dossiers', href: '/dossiers' },
      { libelle: nommerDossier(dossier), href: `/dossiers/${dossier.reference}` },
      { libelle: 'Situation complexe' },
    ],
    versions: [
      {
        cle: 'motif',
        libelle: 'Motif',
        saisie: tape || null,
        enregistree: derniere ? (derniere.levee_motif ?? derniere.motif) : null,
        qui:
          derniere &&
          `${derniere.levee_auteur ?? derniere.auteur}, le ${formatInstant(derniere.levee_a ?? derniere.a)}`,
      },
    ],
    conseil: 'Relire ce qui est enregistré ; lever la marque pour en faire une autre.',
    garder: { libelle: 'Voir la situation', href: adresseDe(dossier) },
    remplacer: null,
  })
}

/** POST /dossiers/:reference/complexe (DOS-27). */
export async function marquerUneSituation(requete: Requete): Promise<Reponse> {
  const { session } = requete
  const dossier = await ouvrir(requete)
  const recu = champ(requete, 'envoi')
  const saisie = {
    ...VIDE,
    criteres: requete.champs.criteres ?? [],
    motif: champ(requete, 'motif'),
    examen: champ(requete, 'examen'),
    envoi: isUuid(recu) ? recu : randomUUID(),
  }
  const issue = await ouConflit(requete, 'complexe.marquer', () =>
    tenter(
      session,
      'complexe.marquer',
      (code) => CHAMPS[code] ?? 'criteres',
      () => marquerComplexe(session, dossier, { ...saisie, examen: saisie.examen as ExamenComplexe }),
    ),
  )
  if (issue === null)
    return redirection(`/dossiers/${dossier.reference}#complexe`, {
      texte:
        saisie.examen === 'cellule'
          ? 'Situation marquée complexe. Consulter maintenant la cellule depuis ce dossier.'
          : 'Situation marquée complexe. Elle sera proposée à l’ordre du jour de la prochaine commission.',
    })
  return 'nom' in issue
    ? montrer(requete, dossier, { ...saisie, erreurs: [issue] })
    : direConflit(requete, dossier, issue.message, saisie.motif)
}

/** POST /dossiers/:reference/complexe/lever. */
export async function leverUneMarque(requete: Requete): Promise<Reponse> {
  const { session } = requete
  const dossier = await ouvrir(requete)
  const levee = champ(requete, 'levee')
  const issue = await ouConflit(requete, 'complexe.marquer', () =>
    tenter(
      session,
      'complexe.marquer',
      () => 'levee',
      () => leverComplexite(session, dossier, { id: champ(requete, 'marque'), motif: levee }),
    ),
  )
  if (issue === null)
    return redirection(`/dossiers/${dossier.reference}`, { texte: 'Marque levée : son motif reste dans l’historique.' })
  return 'nom' in issue
    ? montrer(requete, dossier, { ...VIDE, levee, envoi: randomUUID(), erreurs: [issue] })
    : direConflit(requete, dossier, issue.message, levee)
}
