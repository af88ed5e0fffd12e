import type { ReactElement } from 'react'
import { aLeDroit, listerOrganismes, type Organisme } from '#acces'
import { SERVICES } from '#referentiel'
import {
  type ChargeService,
  type ComptesVeille,
  compterCharge,
  compterVeille,
  type Liste,
  type ListePrevue,
  listerListes,
  prevoirListes,
} from '#repartition'
import { accorder, formatDate, formatDateLongue, formatNombre, pluriel } from '#socle/typography'
import { Cadre } from '../cadre.tsx'
import {
  Bouton,
  Carte,
  Compteurs,
  EtatVide,
  Etiquette,
  FileTaches,
  Filtres,
  Pagination,
  Pile,
  PuceEcheance,
  Section,
  Selection,
  Tableau,
} from '../composants/index.ts'
import { page, type Reponse, type Requete } from '../route.ts'
import { compterLignes, TableauPrevu } from './figer.tsx'
import { echeanceReponse, etapeCourte, jourDesTableaux } from './libelles.ts'

const LIMITE = 60

/** GET /tableaux: what to freeze and who carries what, for those who dispatch; what to answer first, for a service. */
export function montrerTableaux(requete: Requete): Promise<Reponse> {
  return aLeDroit(requete.acteur, 'liste.repondre') && requete.acteur.organisme !== null
    ? montrerAuService(requete)
    : montrerARepartir(requete)
}

interface Historique {
  readonly listes: readonly Liste[]
  /** Set when older lists remain. */
  readonly suivante: Temporal.PlainDate | null
}

function lireJour(texte: string | undefined): Temporal.PlainDate | undefined {
  if (texte === undefined || !/^\d{4}-\d{2}-\d{2}$/.test(texte)) return undefined
  try {
    return Temporal.PlainDate.from(texte, { overflow: 'reject' })
  } catch {
    return undefined
  }
}

/** Lists of one page of history: whole days only, so that a day is never cut in two. */
async function lireHistorique({ session, recherche }: Requete, organisme: string | undefined): Promise<Historique> {
  const listes = await listerListes(session, { organisme, avant: lireJour(recherche.avant), limite: LIMITE + 1 })
  const derniere = listes.at(-1)
  if (listes.length <= LIMITE || !derniere) return { listes, suivante: null }
  const entieres = listes.filter(({ date_liste }) => !date_liste.equals(derniere.date_liste))
  if (entieres.length === 0) return { listes, suivante: derniere.date_liste }
  return { listes: entieres, suivante: entieres.at(-1)?.date_liste ?? null }
}

/** The newest list of each service and step: the one to answer. Older ones are taken up by it. */
function estLaDerniere(listes: readonly Liste[]): (liste: Liste) => boolean {
  const dernieres = new Map<string, string>()
  for (const liste of listes) {
    const cle = `${liste.organisme} ${liste.stade}`
    if (!dernieres.has(cle)) dernieres.set(cle, liste.id)
  }
  return (liste) => dernieres.get(`${liste.organisme} ${liste.stade}`) === liste.id
}

async function montrerARepartir(requete: Requete): Promise<Reponse> {
  const { session, recherche, acteur } = requete
  const organismes = (await listerOrganismes(session)).filter(({ type }) => type in SERVICES)
  const choisi = organismes.find(({ code }) => code === recherche.service)
  const peutFiger = aLeDroit(acteur, 'liste.figer')
  const prevues = await prevoirListes(session, { date: session.jour })
  const charge = await compterCharge(session)
  const veille = await compterVeille(session)
  const historique = await lireHistorique(requete, choisi?.id)
  return page(
    <PageRepartir requete={requete} vue={{ organismes, choisi, peutFiger, prevues, charge, veille, historique }} />,
  )
}

interface VueRepartir {
  readonly organismes: readonly Organisme[]
  readonly choisi: Organisme | undefined
  readonly peutFiger: boolean
  readonly prevues: readonly ListePrevue[]
  readonly charge: readonly ChargeService[]
  readonly veille: ComptesVeille
  readonly historique: Historique
}

function PageRepartir({ requete, vue }: { requete: Requete; vue: VueRepartir }): ReactElement {
  const { session } = requete
  const { prevues, charge, historique, choisi, peutFiger } = vue
  const menages = compterLignes(prevues)
  const attendues = charge.reduce((somme, { sans_reponse }) => somme + sans_reponse, 0)
  // A service has one list a day and step: what was given to it since waits for the next one.
  const aSuivre = menages === 0 ? charge.reduce((somme, { a_transmettre }) => somme + a_transmettre, 0) : 0
  return (
    <Cadre
      requete={requete}
      titre={`Répartir : ${pluriel(menages, 'ménage', 'ménages')} à transmettre, ${pluriel(attendues, 'réponse attendue', 'réponses attendues')}`}
      chapo={`Semaine ${session.jour.weekOfYear ?? ''}, ${formatDateLongue(session.jour)}. Les tableaux se figent d’eux-mêmes chaque ${jourDesTableaux(session)} matin, ou à la demande.`}
      courante="repartir"
      large
      actions={
        peutFiger &&
        menages > 0 && (
          <Bouton href="/tableaux/figer" genre="principal" icone="envoi">
            Figer les tableaux de la semaine
          </Bouton>
        )
      }
    >
      <Pile>
        <Section
          titre="Prochains tableaux"
          compte={menages > 0 ? `${pluriel(menages, 'ménage attend', 'ménages attendent')} d’être transmis` : undefined}
        >
          {menages === 0 ? (
            <EtatVide titre={aSuivre > 0 ? 'Les tableaux du jour sont figés' : 'Rien à transmettre'} niveau={3}>
              {aSuivre > 0
                ? `${pluriel(aSuivre, 'ménage confié depuis attend', 'ménages confiés depuis attendent')} le tableau suivant : un service n’en reçoit qu’un par étape et par jour. À figer dès demain, ou ${jourDesTableaux(session)} matin.`
                : 'Tous les ménages confiés à un service sont déjà dans un tableau figé. Les nouveaux paraîtront ici à l’arrivée des signalements.'}
            </EtatVide>
          ) : (
            <TableauPrevu prevues={prevues} legende="Ce qui serait transmis aujourd’hui, par service et par étape" />
          )}
        </Section>
        <Section titre="Charge des services" compte="Ménages confiés, aujourd’hui">
          <TableauCharge charge={charge} veille={vue.veille} />
        </Section>
        <Section titre="Tableaux figés" id="s-figes">
          <Filtres
            action="/tableaux"
            libelle="Filtrer les tableaux"
            resultat={
              historique.listes.length === 0
                ? 'Aucun tableau'
                : `${pluriel(historique.listes.length, 'tableau', 'tableaux')}${historique.suivante ? ', les plus récents' : ''}`
            }
            actifs={choisi ? [{ libelle: `Service : ${choisi.nom}`, retirer: '/tableaux#s-figes' }] : []}
          >
            <Selection
              nom="service"
              libelle="Service"
              libre
              vide="Tous les services"
              valeur={choisi?.code}
              options={vue.organismes.map(({ code, nom }) => ({ valeur: code, libelle: nom }))}
            />
          </Filtres>
          <TableauListes requete={requete} historique={historique} service={choisi?.code} />
        </Section>
      </Pile>
    </Cadre>
  )
}

/** Load of each service, then those nobody has. */
function TableauCharge({ charge, veille }: { charge: readonly ChargeService[]; veille: ComptesVeille }): ReactElement {
  const somme = (
    cle: 'a_transmettre' | 'sans_reponse' | 'reponse_en_retard' | 'en_cours' | 'diagnostic_en_retard' | 'rendus',
  ) => formatNombre(charge.reduce((total, ligne) => total + ligne[cle], 0))
  const nombre = (valeur: number, alerte = false) =>
    alerte && valeur > 0 ? (
      <Etiquette ton="retard" icone="retard">
        {formatNombre(valeur)}
      </Etiquette>
    ) : (
      formatNombre(valeur)
    )
  return (
    <Tableau
      legende="Ménages de chaque service : à transmettre, sans réponse, pris en charge, en retard"
      lignes={charge}
      cle={({ organisme }) => organisme}
      vide="Aucun ménage n’est confié à un service."
      colonnes={[
        {
          cle: 'service',
          titre: 'Service',
          principale: true,
          rendre: ({ organisme_nom }) => organisme_nom,
          pied: 'Total',
        },
        {
          cle: 'a_transmettre',
          titre: 'À transmettre',
          numerique: true,
          rendre: (ligne) => nombre(ligne.a_transmettre),
          pied: somme('a_transmettre'),
        },
        {
          cle: 'sans_reponse',
          titre: 'Sans réponse',
          numerique: true,
          rendre: (ligne) => nombre(ligne.sans_reponse),
          pied: somme('sans_reponse'),
        },
        {
          cle: 'reponse_en_retard',
          titre: 'dont en retard',
          numerique: true,
          rendre: (ligne) => nombre(ligne.reponse_en_retard, true),
          pied: somme('reponse_en_retard'),
        },
        {
          cle: 'en_cours',
          titre: 'En cours',
          note: 'diagnostic à rendre',
          numerique: true,
          rendre: (ligne) => nombre(ligne.en_cours),
          pied: somme('en_cours'),
        },
        {
          cle: 'diagnostic_en_retard',
          titre: 'dont en retard',
          numerique: true,
          rendre: (ligne) => nombre(ligne.diagnostic_en_retard, true),
          pied: somme('diagnostic_en_retard'),
        },
        {
          cle: 'rendus',
          titre: 'Diagnostic clos',
          note: 'toujours suivis',
          numerique: true,
          rendre: (ligne) => nombre(ligne.rendus),
          pied: somme('rendus'),
        },
      ]}
      apres={
        <div className="pages">
          <a href="/a-faire?file=sans_preneur&territoire=tous">
            {veille.sans_preneur === 0
              ? 'Aucun ménage sans preneur'
              : `${pluriel(veille.sans_preneur, 'ménage', 'ménages')} sans preneur : aucun des services que la règle désigne ne ${accorder(veille.sans_preneur, 'l’a pris', 'les a pris')}`}
          </a>
        </div>
      }
    />
  )
}

function TableauListes({
  requete,
  historique,
  service,
}: {
  requete: Requete
  historique: Historique
  service: string | undefined
}): ReactElement {
  const { session } = requete
  const { listes, suivante } = historique
  const derniere = estLaDerniere(listes)
  const adresse = (avant: string | null) =>
    `/tableaux?${new URLSearchParams({ ...(service ? { service } : {}), ...(avant ? { avant } : {}) })}#s-figes`
  const avant = lireJour(requete.recherche.avant)
  const recule = avant !== undefined
  return (
    <Tableau
      legende="Tableaux figés, le plus récent d’abord"
      lignes={listes}
      cle={({ id }) => id}
      vide={recule ? 'Aucun tableau plus ancien.' : 'Aucun tableau n’a encore été figé.'}
      colonnes={[
        {
          cle: 'tableau',
          titre: 'Tableau',
          principale: true,
          rendre: (liste) => (
            <>
              <a href={`/tableaux/${liste.id}`}>
                {liste.organisme_nom}, n° {liste.numero}
              </a>
              <small>{etapeCourte(liste.stade)}</small>
            </>
          ),
        },
        { cle: 'date', titre: 'Figé le', numerique: true, rendre: ({ date_liste }) => formatDate(date_liste) },
        { cle: 'lignes', titre: 'Ménages', numerique: true, rendre: ({ lignes }) => formatNombre(lignes) },
        { cle: 'nouveaux', titre: 'Nouveaux', numerique: true, rendre: ({ nouveaux }) => formatNombre(nouveaux) },
        { cle: 'changes', titre: 'Changés', numerique: true, rendre: ({ changes }) => formatNombre(changes) },
        {
          cle: 'repris',
          titre: 'Repris',
          note: 'sans réponse avant',
          numerique: true,
          rendre: ({ sans_reponse }) => formatNombre(sans_reponse),
        },
        { cle: 'repondus', titre: 'Répondus', numerique: true, rendre: ({ repondues }) => formatNombre(repondues) },
        {
          cle: 'reponse',
          titre: 'Réponse attendue',
          rendre: (liste) => {
            const echeance = echeanceReponse(session, liste)
            if (liste.en_attente === 0) return <Etiquette ton="tenu">Plus rien à répondre</Etiquette>
            if (!derniere(liste))
              return <span className="note">{formatNombre(liste.en_attente)} repris dans un tableau plus récent</span>
            return (
              <>
                {pluriel(liste.en_attente, 'ménage', 'ménages')}{' '}
                {echeance && <PuceEcheance echeance={echeance} aujourdhui={session.jour} />}
              </>
            )
          },
        },
      ]}
      apres={
        (suivante || recule) && (
          <Pagination
            libelle="Tableaux plus anciens ou plus récents"
            position={avant ? `Avant le ${formatDate(avant)}` : 'Les plus récents'}
            precedents={recule ? adresse(null) : undefined}
            suivants={suivante ? adresse(suivante.toString()) : undefined}
          />
        )
      }
    />
  )
}

async function montrerAuService(requete: Requete): Promise<Reponse> {
  const { session, acteur } = requete
  const organisme = acteur.organisme ?? undefined
  const historique = await lireHistorique(requete, organisme)
  const [charge] = await compterCharge(session, { organisme: organisme ?? null })
  return page(<PageRepondre requete={requete} historique={historique} charge={charge} />)
}

function PageRepondre({
  requete,
  historique,
  charge,
}: {
  requete: Requete
  historique: Historique
  charge: ChargeService | undefined
}): ReactElement {
  const { session } = requete
  const derniere = estLaDerniere(historique.listes)
  const aRepondre = historique.listes.filter((liste) => liste.en_attente > 0 && derniere(liste))
  const attendues = charge?.sans_reponse ?? 0
  const enRetard = (liste: Liste) =>
    liste.repondre_avant !== null && Temporal.PlainDate.compare(liste.repondre_avant, session.jour) < 0
  return (
    <Cadre
      requete={requete}
      titre={
        attendues === 0
          ? 'Répondre : aucun ménage n’attend'
          : `Répondre : ${pluriel(attendues, 'ménage attend', 'ménages attendent')} votre réponse`
      }
      chapo={`${requete.acteur.organismeNom}, ${formatDateLongue(session.jour)}. Un tableau arrive chaque ${jourDesTableaux(session)} matin.`}
      courante="repondre"
      large
    >
      <Pile>
        <Carte titre="Vos ménages">
          <Compteurs
            libelle="Charge de votre service"
            compteurs={[
              {
                cle: 'sans',
                nombre: formatNombre(attendues),
                libelle: 'Sans réponse',
                note: charge?.reponse_en_retard
                  ? `dont ${formatNombre(charge.reponse_en_retard)} en retard`
                  : undefined,
              },
              {
                cle: 'cours',
                nombre: formatNombre(charge?.en_cours ?? 0),
                libelle: 'En cours',
                note: charge?.diagnostic_en_retard
                  ? `dont ${formatNombre(charge.diagnostic_en_retard)} diagnostics en retard`
                  : 'diagnostic à rendre',
                href: '/a-faire',
              },
              {
                cle: 'rendus',
                nombre: formatNombre(charge?.rendus ?? 0),
                libelle: 'Diagnostic clos',
                note: 'toujours suivis',
              },
            ]}
          />
        </Carte>
        <Section titre="À répondre" compte={pluriel(aRepondre.length, 'tableau', 'tableaux')}>
          {aRepondre.length === 0 ? (
            <EtatVide titre="Aucune réponse n’est attendue" niveau={3}>
              Chaque ménage de vos tableaux a reçu une réponse, ou n’est plus confié à votre service.
            </EtatVide>
          ) : (
            <FileTaches
              retard={aRepondre.some(enRetard)}
              taches={aRepondre.map((liste) => {
                const echeance = echeanceReponse(session, liste)
                return {
                  cle: liste.id,
                  icone: 'table' as const,
                  titre: `${etapeCourte(liste.stade)}, tableau n° ${liste.numero} : répondre pour ${pluriel(liste.en_attente, 'ménage', 'ménages')}`,
                  texte: `Figé le ${formatDate(liste.date_liste)} : ${pluriel(liste.nouveaux, 'nouveau', 'nouveaux')}, ${pluriel(liste.changes, 'changé', 'changés')}, ${pluriel(liste.sans_reponse, 'repris', 'repris')} d’un tableau précédent.`,
                  echeance: echeance && <PuceEcheance echeance={echeance} aujourdhui={session.jour} />,
                  geste: (
                    <Bouton href={`/tableaux/${liste.id}`} petit genre="principal">
                      Répondre
                    </Bouton>
                  ),
                }
              })}
            />
          )}
        </Section>
        <Section titre="Tous vos tableaux" id="s-figes">
          <TableauListes requete={requete} historique={historique} service={undefined} />
        </Section>
      </Pile>
    </Cadre>
  )
}
