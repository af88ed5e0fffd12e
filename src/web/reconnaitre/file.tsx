import type { ReactElement } from 'react'
import { aLeDroit } from '#acces'
import { type LigneDoute, listerDoutes, listerDoutesTranches } from '#rapprochement'
import { libellesTypes } from '#signalements'
import { parisDay } from '#socle/time'
import { formatDate, formatInstant, formatNombre, pluriel } from '#socle/typography'
import { Cadre } from '../cadre.tsx'
import { Bouton, BoutonPost, type Colonne, EtatVide, Pile, Section, Tableau } from '../composants/index.ts'
import { lireNavigation } from '../navigation.ts'
import { page, type Reponse, type Requete } from '../route.ts'
import { tronquer } from './rapport.ts'

const DOUTES_MONTRES = 200
const TRANCHES_MONTRES = 30

type Tranche = Awaited<ReturnType<typeof listerDoutesTranches>>[number]

const REPONSES: Readonly<Record<string, string>> = {
  meme: 'C’est le même ménage',
  autre: 'Ce n’est pas le même',
  nouveau: 'Nouveau ménage',
}

/** How long it has waited, in words. */
function ecrireAge(cree: Temporal.Instant, jour: Temporal.PlainDate): string {
  const jours = parisDay(cree).until(jour).total('days')
  return jours <= 0 ? 'aujourd’hui' : jours === 1 ? 'hier' : `il y a ${formatNombre(jours)} jours`
}

function colonnesDoutes(jour: Temporal.PlainDate, question: boolean): readonly Colonne<LigneDoute>[] {
  return [
    {
      cle: 'menage',
      titre: 'Ménage signalé',
      principale: true,
      rendre: ({ id, nom, commune, jointes }) => (
        <a href={`/reconnaitre/${id}`}>
          <span translate="no">{nom || '(sans nom)'}</span>
          <small>
            {commune}
            {jointes > 0 && `, et ${pluriel(jointes, 'autre signal', 'autres signaux')} du même ménage`}
          </small>
        </a>
      ),
    },
    { cle: 'nature', titre: 'Nature', rendre: ({ type }) => libellesTypes[type as keyof typeof libellesTypes] ?? type },
    { cle: 'emetteur', titre: 'Émetteur', rendre: ({ organisme_nom }) => organisme_nom },
    { cle: 'score', titre: 'Ressemblance', numerique: true, rendre: ({ score }) => formatNombre(tronquer(score), 2) },
    { cle: 'proches', titre: 'Ménages proches', numerique: true, rendre: ({ candidats }) => formatNombre(candidats) },
    ...(question
      ? [{ cle: 'question', titre: 'Question posée', large: true, rendre: (doute: LigneDoute) => doute.question ?? '' }]
      : []),
    {
      cle: 'depuis',
      titre: 'En attente depuis',
      rendre: ({ cree_a }) => `${formatDate(parisDay(cree_a))}, ${ecrireAge(cree_a, jour)}`,
    },
  ]
}

function Tranches({ requete, tranches }: { requete: Requete; tranches: readonly Tranche[] }): ReactElement {
  const defait = aLeDroit(requete.acteur, 'rattachement.defaire')
  const colonnes: readonly Colonne<Tranche>[] = [
    {
      cle: 'menage',
      titre: 'Ménage',
      principale: true,
      rendre: ({ nom }) => <span translate="no">{nom || '(sans nom)'}</span>,
    },
    { cle: 'reponse', titre: 'Réponse', rendre: ({ reponse }) => REPONSES[reponse] ?? reponse },
    { cle: 'quand', titre: 'Quand', rendre: ({ repondu_a }) => formatInstant(repondu_a) },
    { cle: 'qui', titre: 'Par', rendre: ({ auteur }) => auteur ?? '' },
    ...(defait
      ? [
          {
            cle: 'geste',
            titre: 'Geste',
            rendre: ({ id, nom }: Tranche) => (
              <BoutonPost
                action={`/reconnaitre/${id}/defaire`}
                jeton={requete.connecte.jetonFormulaire}
                petit
                icone="annuler"
                libelleLu={`Défaire la réponse pour ${nom || 'ce ménage'}`}
              >
                Défaire
              </BoutonPost>
            ),
          },
        ]
      : []),
  ]
  return (
    <Section titre="Dernières réponses" compte="Chacune peut être défaite, sans perte.">
      <Tableau
        legende="Dernières réponses données, que l’on peut défaire"
        colonnes={colonnes}
        lignes={tranches}
        cle={({ id }) => id}
        largeur="moyen"
      />
    </Section>
  )
}

/** GET /reconnaitre: doubts to settle, those put aside with their question, and the answers given, each with its way back. */
export async function montrerFile(requete: Requete): Promise<Reponse> {
  const { session } = requete
  const navigation = await lireNavigation(session)
  const doutes = await listerDoutes(session, DOUTES_MONTRES)
  const tranches = await listerDoutesTranches(session, TRANCHES_MONTRES)
  const aLever = doutes.filter(({ mis_de_cote_a }) => mis_de_cote_a === null)
  const deCote = doutes.filter(({ mis_de_cote_a }) => mis_de_cote_a !== null)
  const premier = doutes[0]
  const total = Math.max(navigation.doutes, doutes.length)
  const [derniere] = tranches
  session.consigner({ action: 'doutes.lister', details: { doutes: [...doutes, ...tranches].map(({ id }) => id) } })
  return page(
    <Cadre
      requete={requete}
      courante="reconnaitre"
      titre={total === 0 ? 'Aucun doute à lever' : `${pluriel(total, 'doute', 'doutes')} à lever`}
      chapo="Deux fiches se ressemblent sans que rien ne soit certain : une personne dit si c’est le même ménage. Rien n’est rattaché avant."
      actions={
        premier ? (
          <Bouton href={`/reconnaitre/${premier.id}`} genre="principal" iconeApres="fd">
            Ouvrir le premier
          </Bouton>
        ) : undefined
      }
      large
    >
      <Pile>
        {total === 0 && (
          <EtatVide titre="Chaque signal a son ménage" geste={{ href: '/recevoir', libelle: 'Recevoir un fichier' }}>
            {derniere
              ? `La dernière réponse date du ${formatInstant(derniere.repondu_a)}.`
              : 'Les doutes du prochain fichier paraîtront ici.'}
          </EtatVide>
        )}
        {aLever.length > 0 && (
          <Section
            titre="À lever"
            compte={
              aLever.length + deCote.length < total
                ? `${aLever.length} montrés, sur ${formatNombre(total)}`
                : formatNombre(aLever.length)
            }
          >
            <Tableau
              legende="Signaux dont le ménage n’est pas certain"
              colonnes={colonnesDoutes(session.jour, false)}
              lignes={aLever}
              cle={({ id }) => id}
            />
          </Section>
        )}
        {deCote.length > 0 && (
          <Section titre="Mis de côté, avec une question" compte={formatNombre(deCote.length)}>
            <Tableau
              legende="Doutes mis de côté et question posée"
              colonnes={colonnesDoutes(session.jour, true)}
              lignes={deCote}
              cle={({ id }) => id}
            />
          </Section>
        )}
        {tranches.length > 0 && <Tranches requete={requete} tranches={tranches} />}
      </Pile>
    </Cadre>,
  )
}
