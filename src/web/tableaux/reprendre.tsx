import { type RepriseTardive, reprendreReponses } from '#repartition'
import { Introuvable } from '#socle/errors'
import { pluriel } from '#socle/typography'
import { avecToutLeDepartement } from '../perimetre.ts'
import { champ, type Message, page, type Reponse, type Requete, redirection } from '../route.ts'
import { avecNavigation, champsVusRecus, lireSaisie, lireTableau, listerAEnvoyer } from './lecture.ts'
import { lireDebut, PageTableau } from './tableau.tsx'

const TARDIVES_DITES = 3

/** What was taken back, and what no longer could: each line that is too late with who has the household now. */
function dire(reprises: readonly number[], tardives: readonly RepriseTardive[]): Message {
  const faites =
    reprises.length === 0
      ? ''
      : `${pluriel(reprises.length, 'réponse reprise : le ménage attend', 'réponses reprises : les ménages attendent')} de nouveau la vôtre.`
  const dites = tardives
    .slice(0, TARDIVES_DITES)
    .map(({ rang, titulaire, raison }) => `Trop tard pour la ligne ${rang}, ${titulaire}. ${raison}`)
  const reste = tardives.length - dites.length
  return {
    texte: [
      faites,
      ...dites,
      reste > 0
        ? `Et ${pluriel(reste, 'autre ligne ne peut plus l’être', 'autres lignes ne peuvent plus l’être')}.`
        : '',
      faites === '' && dites.length === 0 ? 'Cette réponse est déjà reprise.' : '',
    ]
      .filter((phrase) => phrase !== '')
      .join(' '),
    ton: tardives.length > 0 ? 'bientot' : faites === '' ? 'info' : 'tenu',
  }
}

/**
 * POST /tableaux/:id/reprendre: one line (`rang`) or everything sent together (`envoi`). The household may be with another service by now: the act runs with the sight of
 * the whole département, in the name of the person, once the list is known to be theirs. Answers typed and not sent come back with the page.
 */
export async function reprendre(requete: Requete): Promise<Reponse> {
  const { acteur } = requete
  const tableau = await lireTableau(requete)
  const { liste } = tableau
  const organisme = acteur.organisme
  if (!tableau.peutRepondre || organisme === null) throw new Introuvable()
  const [rang, envoi] = [Number(champ(requete, 'rang')), champ(requete, 'envoi')]
  const quoi = envoi === '' ? { rangs: Number.isInteger(rang) && rang > 0 ? [rang] : [] } : { envoi }
  const { reprises, tardives } = await avecToutLeDepartement(
    requete,
    'liste.repondre',
    (session) => reprendreReponses(session, { liste: liste.id, organisme, ...quoi }),
    { archive: true },
  )
  const message = dire(reprises, tardives)
  const debut = lireDebut(champ(requete, 'depuis') || String(rang || 1), tableau.lignes)
  // What was ticked elsewhere and not sent; the answer of the line itself is what was taken back.
  const sansElle = { champs: { ...requete.champs, [`r-${rang}`]: [], [`m-${rang}`]: [] } }
  const restee = lireSaisie(sansElle, tableau.lignes)
  if (listerAEnvoyer(tableau.lignes, restee).length === 0) {
    return redirection(debut > 1 ? `/tableaux/${liste.id}?depuis=${debut}` : `/tableaux/${liste.id}`, message)
  }
  const relu = await lireTableau(requete)
  const connecte = await avecNavigation(requete)
  return page(
    <PageTableau
      requete={{ ...connecte, navigation: { ...connecte.navigation, message } }}
      tableau={relu}
      etat={{ saisie: lireSaisie(sansElle, relu.lignes), debut, vus: champsVusRecus(sansElle, relu.lignes) }}
    />,
  )
}
