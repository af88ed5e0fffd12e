import type { ReactElement } from 'react'
import { type Engagement, MODES_ENGAGEMENT, type Partenaire, PREUVES, PUBLICS_ENGAGEMENT } from '#referentiel'
import { pluriel } from '#socle/typography'
import {
  CaseACocher,
  Champ,
  type Colonne,
  EtatVide,
  Filtres,
  Message,
  Selection,
  Tableau,
} from '../composants/index.ts'
import { BoutonsExport } from '../export.tsx'
import { majuscule } from '../regles/regles.tsx'
import { page, type Reponse, type Requete } from '../route.ts'
import { CadreCharte } from './cadre-charte.tsx'
import {
  CASES,
  type Choix,
  CLES_CASES,
  chercherEngagements,
  decrireChoix,
  lireChoix,
  lireOrdre,
  nommerStadeChoisi,
  type Ordre,
  ordreEnChamps,
  repondAuTexte,
  sans,
  TOUTE_L_ASSIGNATION,
  TRIS,
} from './filtre.ts'
import { type LectureCharte, lireCharte } from './lecture.ts'
import { cheminEngagement, ecrirePublics, etapeCourte, etapesDe, MODES_COURTS, MODES_LONGS } from './libelles.ts'
import { BilanPreuves } from './preuve.tsx'
import { LienTenue } from './tenue.tsx'
import { ecrireTerme } from './terme.tsx'

/** GET /charte/engagements. */
export async function listerLesEngagements(requete: Requete): Promise<Reponse> {
  const lecture = lireCharte(requete)
  const choix = lireChoix(requete.recherche, lecture.charte)
  const ordre = lireOrdre(requete.recherche)
  return page(<PageListe requete={requete} lecture={lecture} choix={choix} ordre={ordre} />)
}

function titrer(nombre: number, { q }: Choix): string {
  const engagements = pluriel(nombre, 'engagement', 'engagements')
  return q === undefined ? engagements : `${engagements} pour « ${q} »`
}

function FiltresEngagements({
  requete,
  lecture,
  choix,
  ordre,
  nombre,
}: {
  requete: Requete
  lecture: LectureCharte
  choix: Choix
  ordre: Ordre
  nombre: number
}): ReactElement {
  const { charte, lien } = lecture
  const etapes = etapesDe(charte)
  const { charte: cle } = requete.recherche
  const champs = Object.fromEntries(
    Object.entries({ ...ordreEnChamps(ordre), charte: cle || undefined }).flatMap(([nom, valeur]) =>
      valeur === undefined ? [] : [[nom, valeur]],
    ),
  )
  return (
    <Filtres
      action="/charte/engagements"
      libelle="Filtrer les engagements"
      resultat={pluriel(nombre, 'engagement', 'engagements')}
      champs={champs}
      actifs={decrireChoix(choix, charte).map(({ cle: filtre, libelle }) => ({
        libelle,
        retirer: lien('/charte/engagements', { ...sans(choix, filtre), ...ordreEnChamps(ordre) }),
      }))}
      toutRetirer={lien('/charte/engagements', ordreEnChamps(ordre))}
      plus={CLES_CASES.map((une) => (
        <CaseACocher key={une} nom={une} libelle={CASES[une]} cochee={choix[une] !== undefined} />
      ))}
    >
      <Champ nom="q" genre="search" libelle="Mots, partenaire et numéro" libre valeur={choix.q} longueurMax={120} />
      <Selection
        nom="partenaire"
        libelle="Partenaire"
        libre
        vide="Tous"
        valeur={choix.partenaire}
        options={charte.partenaires.map(({ id, nom }) => ({ valeur: id, libelle: nom }))}
      />
      <Selection
        nom="stade"
        libelle="Étape"
        libre
        vide="Toutes"
        valeur={choix.stade}
        options={[
          ...etapes.map((stade) => ({ valeur: stade as string, libelle: etapeCourte(stade) })),
          ...(etapes.includes('audience') || etapes.includes('jugement')
            ? [{ valeur: TOUTE_L_ASSIGNATION, libelle: nommerStadeChoisi(TOUTE_L_ASSIGNATION) }]
            : []),
        ]}
      />
      <Selection
        nom="public"
        libelle="Pour qui"
        libre
        vide="Tous"
        valeur={choix.public}
        options={Object.entries(PUBLICS_ENGAGEMENT).map(([valeur, libelle]) => ({
          valeur,
          libelle: majuscule(libelle),
        }))}
      />
      <Selection
        nom="mode"
        libelle="Portage prévu"
        libre
        vide="Tous"
        valeur={choix.mode}
        options={Object.entries(MODES_ENGAGEMENT).map(([valeur]) => ({
          valeur,
          libelle: MODES_LONGS[valeur as keyof typeof MODES_LONGS],
        }))}
      />
    </Filtres>
  )
}

/** What bounds an engagement, in a word each. */
function ecrireBornes({ si, appreciation, facultatif, limite }: Engagement): string {
  const bornes = [(si || appreciation) && 'condition', limite && 'limite', facultatif && 'facultatif']
  return majuscule(bornes.filter((borne) => typeof borne === 'string').join(', '))
}

function colonnes(
  { charte, lien, jourUtile }: LectureCharte,
  delais: Requete['session']['delais'],
): readonly Colonne<Engagement>[] {
  const partenaires = new Map(charte.partenaires.map((partenaire) => [partenaire.id, partenaire]))
  const court = (engagement: Engagement): string =>
    partenaires.get(engagement.partenaire)?.court ?? engagement.partenaire
  return [
    {
      cle: 'partenaire',
      titre: 'Partenaire, n°',
      triable: true,
      rendre: (engagement) => (
        <span className="nb">
          {court(engagement)} {engagement.numero}
        </span>
      ),
    },
    {
      cle: 'libelle',
      titre: 'Engagement',
      triable: true,
      principale: true,
      large: true,
      rendre: (engagement) => <a href={lien(cheminEngagement(engagement))}>{engagement.libelle}</a>,
    },
    { cle: 'etape', titre: 'Étape', triable: true, rendre: ({ stade }) => etapeCourte(stade) },
    { cle: 'public', titre: 'Pour qui', rendre: ({ publics }) => ecrirePublics(publics) },
    { cle: 'mode', titre: 'Portage prévu', triable: true, rendre: ({ mode }) => MODES_COURTS[mode] },
    {
      cle: 'terme',
      titre: 'Terme',
      rendre: (engagement) => ecrireTerme(delais, engagement, jourUtile),
    },
    {
      cle: 'bornes',
      titre: 'Bornes',
      rendre: (engagement) => <span className="note">{ecrireBornes(engagement)}</span>,
    },
  ]
}

/** General engagements that answer the same words: they are at every step, and so in no step of the list. */
function trouverGeneraux({ charte }: LectureCharte, { q, ...autres }: Choix): number {
  if (q === undefined || Object.keys(autres).length > 0) return 0
  return charte.generaux.flatMap((groupe) =>
    groupe.engagements.filter((engagement) =>
      repondAuTexte(engagement, { complement: groupe.complement, nom: groupe.libelle }, q),
    ),
  ).length
}

function PageListe({
  requete,
  lecture,
  choix,
  ordre,
}: {
  requete: Requete
  lecture: LectureCharte
  choix: Choix
  ordre: Ordre
}): ReactElement {
  const { charte, lien } = lecture
  const engagements = chercherEngagements(charte, choix, ordre)
  const nombre = engagements.length
  const generaux = trouverGeneraux(lecture, choix)
  if (charte.engagements.length === 0) {
    return (
      <CadreCharte
        requete={requete}
        lecture={lecture}
        partie="engagements"
        titre="Aucun engagement numéroté"
        fil={[{ libelle: 'Engagements' }]}
      >
        <EtatVide
          titre="Ce document n’en contient pas"
          geste={charte.fiches.length > 0 ? { href: lien('/charte/fiches'), libelle: 'Lire les fiches' } : undefined}
        >
          « {charte.titre} » ne donne pas de liste d’engagements par partenaire.
        </EtatVide>
      </CadreCharte>
    )
  }
  return (
    <CadreCharte
      requete={requete}
      lecture={lecture}
      partie="engagements"
      titre={titrer(nombre, choix)}
      fil={[{ libelle: 'Engagements' }]}
      chapo={charte.titre}
      actions={
        nombre > 0 && (
          <>
            <LienTenue lecture={lecture} />
            <BoutonsExport
              quoi={nombre === 1 ? 'cet engagement' : `ces ${pluriel(nombre, 'engagement', 'engagements')}`}
              lien={(format) => lien(`/charte/engagements/export.${format}`, { ...choix, ...ordreEnChamps(ordre) })}
            />
          </>
        )
      }
    >
      <div>
        <FiltresEngagements requete={requete} lecture={lecture} choix={choix} ordre={ordre} nombre={nombre} />
        {generaux > 0 && (
          <Message>
            <p>
              {pluriel(generaux, 'engagement général répond', 'engagements généraux répondent')} aussi à ces mots : ils
              valent à toute étape. <a href={lien('/charte#generaux')}>Voir les engagements généraux</a>
            </p>
          </Message>
        )}
        <BilanPreuves preuves={engagements} singulier="engagement" auPluriel="engagements" />
        <Tableau<Engagement>
          legende={`${titrer(nombre, choix)}, par ${TRIS[ordre.tri]}${ordre.sens === 'croissant' ? '' : ', ordre inverse'}`}
          colonnes={colonnes(lecture, requete.session.delais)}
          lignes={engagements}
          cle={({ id }) => id}
          tri={{
            cle: ordre.tri,
            sens: ordre.sens,
            lien: (cle, sens) =>
              lien('/charte/engagements', { ...choix, ...ordreEnChamps({ tri: cle as Ordre['tri'], sens }) }),
          }}
          vide="Aucun engagement ne répond à ces filtres. Retirer un filtre, ou chercher avec moins de mots."
        />
      </div>
    </CadreCharte>
  )
}

/** Name of a group of partners. */
export const nommerPartenaire = (partenaires: readonly Partenaire[], id: string): string =>
  partenaires.find((un) => un.id === id)?.nom ?? id

/** What closes an engagement, in words. */
export const ecrirePreuve = ({ preuve }: Pick<Engagement, 'preuve'>): string =>
  preuve === undefined ? '' : majuscule(PREUVES[preuve])
