import type { ReactElement } from 'react'
import { ErreurDonnees, lireRepartition, type Probleme, type Repartition } from '#referentiel'
import { type BilanSimulation, simulerRegles } from '#repartition'
import { formatNombre, pluriel } from '#socle/typography'
import { Cadre } from '../cadre.tsx'
import {
  Actions,
  Bouton,
  Champ,
  ChampFichier,
  Compteurs,
  EtatVide,
  Formulaire,
  Message,
  Pile,
  Plus,
  ResumeErreurs,
  Section,
  Tableau,
} from '../composants/index.ts'
import { page, type Reponse, type Requete } from '../route.ts'
import { avecNavigation } from '../tableaux/lecture.ts'
import { nommerMois } from './mois.ts'
import { lireTexteRegles } from './regles.tsx'

/** How the text under test is named in messages. */
const NOM = 'repartition-a-simuler.yaml'

/** GET /regles/simuler: the rules in force, to change and try. */
export async function proposerSimulation(requete: Requete): Promise<Reponse> {
  const enVigueur = await lireTexteRegles(requete.session)
  return page(<PageSimuler requete={requete} texte={enVigueur?.texte ?? ''} problemes={[]} />)
}

/** POST /regles/simuler. Writes nothing: the same dossiers, on the same day, with other rules. */
export async function simuler(requete: Requete): Promise<Reponse> {
  const connecte = await avecNavigation(requete)
  const recu = lireTexte(requete)
  if ('refus' in recu)
    return page(<PageSimuler requete={connecte} texte={recu.texte} problemes={[]} refus={recu.refus} />, 422)
  let regles: Repartition
  try {
    regles = lireRepartition(recu.texte, NOM)
  } catch (erreur) {
    if (!(erreur instanceof ErreurDonnees)) throw erreur
    return page(<PageSimuler requete={connecte} texte={recu.texte} problemes={erreur.problemes} />, 422)
  }
  const bilan = await simulerRegles(requete.session, regles)
  return page(<PageResultat requete={connecte} texte={recu.texte} bilan={bilan} />)
}

/** The file wins over the text when there is one. */
function lireTexte({ fichiers, champs }: Requete): { texte: string } | { texte: string; refus: string } {
  const saisi = (champs.regles?.[0] ?? '').replaceAll('\r\n', '\n')
  const fichier = fichiers[0]
  if (fichier && fichier.octets.length > 0) {
    try {
      return {
        texte: new TextDecoder('utf-8', { fatal: true })
          .decode(fichier.octets)
          .replace(/^\ufeff/, '')
          .replaceAll('\r\n', '\n'),
      }
    } catch {
      return { texte: saisi, refus: 'Ce fichier n’est pas un texte écrit en UTF-8.' }
    }
  }
  return saisi.trim() === ''
    ? { texte: saisi, refus: 'Écrire les règles à simuler, ou choisir un fichier.' }
    : { texte: saisi }
}

const MARGE = 2

/** What is wrong in a text, each with the lines around it. */
export function Problemes({ texte, problemes }: { texte: string; problemes: readonly Probleme[] }): ReactElement {
  return (
    <>
      {problemes.map((probleme) => (
        <Message key={`${probleme.ligne}:${probleme.colonne}:${probleme.message}`} ton="retard">
          <p>
            <b>
              Ligne {probleme.ligne}, colonne {probleme.colonne}.
            </b>{' '}
            {probleme.message}
          </p>
          <div className="defile defile--toujours">
            <pre>{extraire(texte, probleme)}</pre>
          </div>
        </Message>
      ))}
    </>
  )
}

/** The lines around a problem, numbered, with a mark under the column. */
function extraire(texte: string, { ligne, colonne }: Probleme): string {
  const lignes = texte.split('\n')
  const debut = Math.max(1, ligne - MARGE)
  const largeur = String(Math.min(lignes.length, ligne + MARGE)).length
  return lignes
    .slice(debut - 1, ligne + MARGE)
    .flatMap((contenu, i) => {
      const numero = debut + i
      const ecrite = `${numero === ligne ? '>' : ' '} ${String(numero).padStart(largeur)} | ${contenu}`
      return numero === ligne ? [ecrite, `${' '.repeat(largeur + 5 + Math.max(0, colonne - 1))}^`] : [ecrite]
    })
    .join('\n')
}

function FormulaireRegles({
  requete,
  texte,
  problemes,
}: {
  requete: Requete
  texte: string
  problemes: readonly Probleme[]
}): ReactElement {
  const erreur =
    problemes[0] && `Ligne ${problemes[0].ligne}, colonne ${problemes[0].colonne} : ${problemes[0].message}`
  return (
    <Formulaire action="/regles/simuler" jeton={requete.connecte.jetonFormulaire} fichiers libelle="Règles à simuler">
      <ChampFichier
        nom="fichier"
        libelle="Fichier de règles"
        formats=".yaml,.yml"
        libre
        aide="S’il est choisi, il remplace le texte ci-dessous."
      />
      <Champ
        nom="regles"
        libelle="Règles de répartition"
        lignes={26}
        valeur={texte}
        libre
        erreur={erreur}
        aide={
          <>
            Le texte des règles en vigueur sert de départ (<a href="/regles/repartition.yaml">le télécharger</a>). Les
            mots admis dans les conditions sont dans <a href="/regles#mots">Mots des règles</a>.
          </>
        }
      />
      <Actions>
        <Bouton genre="principal" icone="reglages">
          Simuler sur les dossiers présents
        </Bouton>
        <Bouton href="/regles">Revenir aux règles</Bouton>
      </Actions>
    </Formulaire>
  )
}

const fil = (dernier: string) => [{ libelle: 'Règles et critères', href: '/regles' }, { libelle: dernier }]

function PageSimuler({
  requete,
  texte,
  problemes,
  refus,
}: {
  requete: Requete
  texte: string
  problemes: readonly Probleme[]
  refus?: string
}): ReactElement {
  return (
    <Cadre
      requete={requete}
      titre="Simuler un changement de règles"
      chapo="La simulation rejoue la répartition de chaque dossier ouvert avec ces règles, comme s’il arrivait aujourd’hui. Rien n’est changé, rien n’est gardé."
      erreur={problemes.length > 0 || refus !== undefined}
      large
      fil={fil('Simuler')}
    >
      <ResumeErreurs
        titre={
          problemes.length > 0
            ? `Ces règles ne peuvent pas être lues : ${pluriel(problemes.length, 'problème', 'problèmes')}`
            : 'La simulation n’a pas été faite'
        }
        erreurs={
          refus !== undefined
            ? [{ nom: 'regles', message: refus }]
            : problemes.map(({ ligne, colonne, message }) => ({
                nom: 'regles',
                message: `Ligne ${ligne}, colonne ${colonne} : ${message}`,
              }))
        }
      />
      <Pile>
        <Problemes texte={texte} problemes={problemes} />
        <FormulaireRegles requete={requete} texte={texte} problemes={problemes} />
      </Pile>
    </Cadre>
  )
}

const LARGEUR = 1000

/** Two bars on one scale: before above, after below. The figures stand in the same row. */
function Barres({
  avant,
  apres,
  maximum,
  libelle,
}: {
  avant: number
  apres: number
  maximum: number
  libelle: string
}): ReactElement {
  const longueur = (valeur: number) => (maximum === 0 ? 0 : Math.round((valeur / maximum) * LARGEUR))
  return (
    <svg className="barres" viewBox={`0 0 ${LARGEUR} 22`} preserveAspectRatio="none" role="img" aria-label={libelle}>
      <rect className="v-neutre" x="0" y="1" width={longueur(avant)} height="9" />
      <rect className="v-info" x="0" y="12" width={longueur(apres)} height="9" />
    </svg>
  )
}

interface Charge {
  readonly cle: string
  readonly avant: number
  readonly apres: number
}

/** A difference with its sign. */
export const ecrireEcart = (ecart: number): string =>
  ecart === 0 ? 'inchangé' : `${ecart > 0 ? '+' : '−'}${formatNombre(Math.abs(ecart))}`

/** `2026-11` → « novembre 2026 ». */
export function ecrireMois(mois: string): string {
  const [annee, numero] = mois.split('-')
  return `${nommerMois(Number(numero))} ${annee ?? ''}`
}

function TableauCharge({
  legende,
  titre,
  lignes,
}: {
  legende: string
  titre: string
  lignes: readonly Charge[]
}): ReactElement {
  const maximum = Math.max(...lignes.map(({ avant, apres }) => Math.max(avant, apres)), 0)
  const somme = (cote: 'avant' | 'apres') => lignes.reduce((total, ligne) => total + ligne[cote], 0)
  return (
    <Tableau
      legende={legende}
      largeur="moyen"
      lignes={lignes}
      cle={({ cle }) => cle}
      colonnes={[
        { cle: 'cle', titre, principale: true, rendre: ({ cle }) => cle, pied: 'Total' },
        {
          cle: 'avant',
          titre: 'Règles en vigueur',
          numerique: true,
          rendre: ({ avant }) => formatNombre(avant),
          pied: formatNombre(somme('avant')),
        },
        {
          cle: 'apres',
          titre: 'Règles simulées',
          numerique: true,
          rendre: ({ apres }) => formatNombre(apres),
          pied: formatNombre(somme('apres')),
        },
        {
          cle: 'ecart',
          titre: 'Écart',
          numerique: true,
          rendre: ({ avant, apres }) => ecrireEcart(apres - avant),
          pied: ecrireEcart(somme('apres') - somme('avant')),
        },
        {
          cle: 'barres',
          titre: 'Avant au-dessus, après au-dessous',
          large: true,
          rendre: ({ cle, avant, apres }) => (
            <Barres avant={avant} apres={apres} maximum={maximum} libelle={`${cle} : ${avant} avant, ${apres} après`} />
          ),
          pied: '',
        },
      ]}
    />
  )
}

/** Sums of the months, by service, the most changed first. */
function parService(bilan: BilanSimulation): { service: string; total: Charge; mois: Charge[] }[] {
  return [...Map.groupBy(bilan.charge, ({ service }) => service)]
    .map(([service, lignes]) => ({
      service,
      total: {
        cle: service,
        avant: lignes.reduce((s, { avant }) => s + avant, 0),
        apres: lignes.reduce((s, { apres }) => s + apres, 0),
      },
      mois: lignes.map(({ mois, avant, apres }) => ({ cle: ecrireMois(mois), avant, apres })),
    }))
    .sort(
      (a, b) =>
        Math.abs(b.total.apres - b.total.avant) - Math.abs(a.total.apres - a.total.avant) ||
        a.service.localeCompare(b.service, 'fr'),
    )
}

/** What a simulation of the dispatch gives: who changes service, the load of each, examples. */
export function BilanRepartition({ bilan }: { bilan: BilanSimulation }): ReactElement {
  const services = parService(bilan)
  const part = bilan.dossiers === 0 ? 0 : Math.round((bilan.changent / bilan.dossiers) * 100)
  return (
    <>
      <Compteurs
        libelle="Résultat de la simulation"
        compteurs={[
          { cle: 'dossiers', nombre: formatNombre(bilan.dossiers), libelle: 'Dossiers rejoués' },
          {
            cle: 'changent',
            nombre: formatNombre(bilan.changent),
            libelle: 'Changent de service',
            note: `${formatNombre(part)} %`,
          },
          { cle: 'restent', nombre: formatNombre(bilan.dossiers - bilan.changent), libelle: 'Gardent le même' },
        ]}
      />
      {bilan.dossiers === 0 && (
        <EtatVide titre="Aucun dossier ouvert">
          La simulation rejoue les dossiers présents : il n’y en a pas encore.
        </EtatVide>
      )}
      {bilan.changent > 0 && (
        <Section
          titre="De quel service vers quel service"
          compte={pluriel(bilan.passages.length, 'passage', 'passages')}
        >
          <Tableau
            legende="Ménages qui changent de service, par passage"
            largeur="moyen"
            lignes={bilan.passages}
            cle={({ de, vers }) => `${de}|${vers}`}
            colonnes={[
              { cle: 'de', titre: 'De', principale: true, rendre: ({ de }) => de, pied: 'Total' },
              { cle: 'vers', titre: 'Vers', rendre: ({ vers }) => vers },
              {
                cle: 'dossiers',
                titre: 'Ménages',
                numerique: true,
                rendre: ({ dossiers }) => formatNombre(dossiers),
                pied: formatNombre(bilan.changent),
              },
            ]}
          />
        </Section>
      )}
      {services.length > 0 && (
        <Section titre="Charge par service" compte="Premier service sollicité">
          <TableauCharge
            legende="Ménages par service, avant et après"
            titre="Service"
            lignes={services.map(({ total }) => total)}
          />
        </Section>
      )}
      {services.length > 0 && (
        <Section titre="Charge par service et par mois" compte="Mois du premier signalement">
          {services.map(({ service, total, mois }) => (
            <Plus
              key={service}
              libelle={`${service} : ${formatNombre(total.avant)} avant, ${formatNombre(total.apres)} après (${ecrireEcart(total.apres - total.avant)})`}
              ouvert={total.avant !== total.apres}
            >
              <TableauCharge legende={`${service}, par mois, avant et après`} titre="Mois" lignes={mois} />
            </Plus>
          ))}
        </Section>
      )}
      {bilan.exemples.length > 0 && (
        <Section
          titre="Exemples"
          compte={`${pluriel(bilan.exemples.length, 'ménage', 'ménages')} parmi ceux qui changent`}
        >
          <Tableau
            legende="Exemples de ménages qui changeraient de service"
            lignes={bilan.exemples}
            cle={({ reference }) => reference}
            colonnes={[
              {
                cle: 'reference',
                titre: 'Dossier',
                principale: true,
                rendre: ({ reference }) => <a href={`/dossiers/${reference}`}>{reference}</a>,
              },
              { cle: 'de', titre: 'De', rendre: ({ de }) => de },
              { cle: 'vers', titre: 'Vers', rendre: ({ vers }) => vers },
              { cle: 'motif', titre: 'Pourquoi', large: true, rendre: ({ motif }) => motif },
            ]}
          />
        </Section>
      )}
    </>
  )
}

function PageResultat({
  requete,
  texte,
  bilan,
}: {
  requete: Requete
  texte: string
  bilan: BilanSimulation
}): ReactElement {
  return (
    <Cadre
      requete={requete}
      titre={
        bilan.changent === 0
          ? `Simulation : aucun des ${pluriel(bilan.dossiers, 'ménage', 'ménages')} ne change de service`
          : `Simulation : ${formatNombre(bilan.changent)} ${bilan.changent < 2 ? 'ménage change' : 'ménages changent'} de service`
      }
      chapo="Rien n’a été changé. Chaque dossier ouvert a été réparti deux fois, avec les mêmes faits et le même jour : par les règles en vigueur, puis par celles-ci."
      large
      fil={fil('Résultat de la simulation')}
    >
      <Pile>
        <BilanRepartition bilan={bilan} />
        <Plus libelle="Corriger ces règles et simuler encore">
          <FormulaireRegles requete={requete} texte={texte} problemes={[]} />
        </Plus>
      </Pile>
    </Cadre>
  )
}
