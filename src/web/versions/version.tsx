import type { ReactElement } from 'react'
import { aLeDroit } from '#acces'
import {
  type Controle,
  type Cote,
  controlerVersion,
  defaireApprobation,
  type EvenementVersion,
  exporterVersion,
  type FichierExporte,
  lireCote,
  lireReglesSans,
  lireVersionLocale,
  listerEvenements,
  nommerVersion,
  reprendreVersion,
  retirerVersion,
  simulerVersion,
  situer,
  soumettreVersion,
  type VersionLocale,
} from '#charte'
import { type DepartementCharge, type Ecart, ErreurDonnees, ecrireJour } from '#referentiel'
import { Introuvable, Refus } from '#socle/errors'
import { parisDay } from '#socle/time'
import { formatDate, formatInstant, formatNombre, pluriel } from '#socle/typography'
import { Cadre } from '../cadre.tsx'
import {
  Bouton,
  BoutonPost,
  Carte,
  EtatVide,
  Etiquette,
  ListeDefinition,
  ListeSobre,
  Message,
  Pile,
  Plus,
  Section,
  Tableau,
} from '../composants/index.ts'
import { enVigueur, lireDepartement, periode } from '../regles/regles.tsx'
import { Problemes } from '../regles/simulation.tsx'
import { champ, page, type Reponse, type Requete, redirection } from '../route.ts'
import { avecNavigation } from '../tableaux/lecture.ts'
import { compterEcarts, Difference, lireurAu } from './difference.tsx'
import { ADRESSE, adresseLire, adresseVersion, cleDe, cotes, evenements, nomDe, situations } from './libelles.ts'
import { SimulationMontree } from './simulation.tsx'

/** Everything the page of a version shows. */
export interface VersionMontree {
  readonly version: VersionLocale
  readonly controle: Controle
  readonly sans: DepartementCharge
  readonly evenements: readonly EvenementVersion[]
  readonly fichiers: readonly FichierExporte[]
  readonly cote: Cote | null
}

/** Reads a version and judges it on the day of the session. */
export async function lireMontree(requete: Requete): Promise<VersionMontree> {
  const { session } = requete
  const version = await lireVersionLocale(session, requete.parametres.id ?? '')
  const controle = await controlerVersion(session, version)
  return {
    version,
    controle,
    sans: await lireReglesSans(session, version),
    evenements: await listerEvenements(session, cleDe(session.dept, version)),
    fichiers: controle.lue ? await exporterVersion(session, version) : [],
    cote: await lireCote(session),
  }
}

/** True when the reader is the other side: the one that decides. */
export const peutDecider = ({ version, cote }: VersionMontree, requete: Requete): boolean =>
  version.etat === 'soumise' &&
  cote !== null &&
  aLeDroit(requete.acteur, 'version.approuver') &&
  !version.approbations.some((une) => une.cote === cote || une.compte === requete.acteur.compte)

/** GET /regles/versions/:id. */
export async function montrerVersion(requete: Requete): Promise<Reponse> {
  return page(<PageVersion requete={requete} montree={await lireMontree(requete)} />)
}

/** A refusal that is answered by a page is journalled like those that are thrown. */
export function consignerRefus(requete: Requete, { code }: Refus): void {
  requete.session.consigner({
    action: 'version.decider',
    objet: 'version',
    objetId: requete.parametres.id ?? '',
    resultat: 'refuse',
    details: { code },
  })
}

/** Does an act of the page; when a rule refuses it, the page says why where the person is. */
async function agir(
  requete: Requete,
  acte: (id: string) => Promise<void>,
  suite: Parameters<typeof redirection>[1],
): Promise<Reponse> {
  const id = requete.parametres.id ?? ''
  try {
    await acte(id)
  } catch (erreur) {
    if (!(erreur instanceof Refus)) throw erreur
    await consignerRefus(requete, erreur)
    const montree = await lireMontree(requete)
    return page(
      <PageVersion requete={await avecNavigation(requete)} montree={montree} refus={erreur.message} />,
      erreur.statut,
    )
  }
  return redirection(adresseVersion(id), suite)
}

/** POST /regles/versions/:id/simuler. */
export function simulerLaVersion(requete: Requete): Promise<Reponse> {
  const acte = async (id: string) => {
    try {
      await simulerVersion(requete.session, id)
    } catch (erreur) {
      if (!(erreur instanceof ErreurDonnees)) throw erreur
      throw new Refus('version.illisible', 'Le texte a des fautes : les corriger avant de simuler.')
    }
  }
  return agir(requete, acte, { texte: 'Simulation faite et gardée avec la version. Rien n’a été modifié.' })
}

/** POST /regles/versions/:id/soumettre. */
export function soumettre(requete: Requete): Promise<Reponse> {
  const revision = Number(champ(requete, 'revision')) || 0
  return agir(requete, (id) => soumettreVersion(requete.session, id, revision), {
    texte: 'Version soumise : l’autre pilote l’approuve ou la refuse.',
    defaire: { action: adresseVersion(requete.parametres.id ?? '', '/reprendre'), libelle: 'Reprendre en brouillon' },
  })
}

/** POST /regles/versions/:id/reprendre. */
export const reprendre = (requete: Requete): Promise<Reponse> =>
  agir(requete, (id) => reprendreVersion(requete.session, id), { texte: 'Version reprise en brouillon.' })

/** POST /regles/versions/:id/retirer. */
export const retirer = (requete: Requete): Promise<Reponse> =>
  agir(requete, (id) => retirerVersion(requete.session, id), {
    texte: 'Brouillon abandonné. Il reste dans la liste.',
    defaire: { action: adresseVersion(requete.parametres.id ?? '', '/reprendre'), libelle: 'Le reprendre' },
  })

/** POST /regles/versions/:id/defaire. */
export const defaire = (requete: Requete): Promise<Reponse> =>
  agir(requete, (id) => defaireApprobation(requete.session, id), {
    texte: 'Approbation défaite : la version attend de nouveau une décision, et ne s’appliquera pas sans elle.',
  })

/** GET /regles/versions/:id/fichier: one of the files of the version, as the repository would ship it. */
export async function telechargerFichier(requete: Requete): Promise<Reponse> {
  const version = await lireVersionLocale(requete.session, requete.parametres.id ?? '')
  const fichiers = await exporterVersion(requete.session, version)
  const fichier = fichiers[Number(requete.recherche.n ?? '0')]
  if (!fichier) throw new Introuvable()
  return {
    genre: 'fichier',
    nom: fichier.chemin.split('/').at(-1) ?? 'regles.yaml',
    type: 'application/yaml; charset=utf-8',
    octets: Buffer.from(fichier.texte),
  }
}

function Boutons({ requete, montree }: { requete: Requete; montree: VersionMontree }): ReactElement {
  const { version, controle, cote } = montree
  const jeton = requete.connecte.jetonFormulaire
  const poster = (suite: string) => ({ action: adresseVersion(version.id, suite), jeton, petit: true })
  const modifiable = version.etat === 'brouillon'
  const simulable = controle.lue !== null && (modifiable || version.etat === 'soumise')
  const soumise = version.etat === 'soumise'
  const sienne = version.approbations.some((une) => une.cote === cote)
  const avenir = Temporal.PlainDate.compare(version.du, requete.session.jour) > 0
  return (
    <>
      {modifiable && (
        <Bouton href={adresseVersion(version.id, '/modifier')} petit icone="crayon">
          Modifier
        </Bouton>
      )}
      {simulable && (
        <BoutonPost {...poster('/simuler')} icone="reglages">
          {version.simulation ? 'Simuler à nouveau' : 'Simuler'}
        </BoutonPost>
      )}
      {modifiable && cote !== null && controle.blocages.length === 0 && (
        <BoutonPost
          {...poster('/soumettre')}
          champs={{ revision: String(version.revision) }}
          genre="principal"
          icone="envoi"
        >
          Soumettre à l’autre pilote
        </BoutonPost>
      )}
      {peutDecider(montree, requete) && (
        <Bouton href={adresseVersion(version.id, '/decider')} petit genre="principal" icone="juge">
          Approuver ou refuser
        </Bouton>
      )}
      {((soumise && sienne) || version.etat === 'retiree') && (
        <BoutonPost {...poster('/reprendre')} icone="annuler">
          Reprendre en brouillon
        </BoutonPost>
      )}
      {version.etat === 'approuvee' && avenir && cote !== null && (
        <BoutonPost {...poster('/defaire')} icone="annuler">
          Défaire l’approbation
        </BoutonPost>
      )}
      {modifiable && (
        <BoutonPost {...poster('/retirer')} genre="tertiaire" icone="corbeille">
          Abandonner
        </BoutonPost>
      )}
      {version.etat === 'refusee' && (
        <BoutonPost
          action={`${ADRESSE}/nouvelle`}
          jeton={jeton}
          petit
          icone="crayon"
          champs={{ genre: version.genre, depart: cleDe(requete.session.dept, version) }}
        >
          Repartir de ce texte
        </BoutonPost>
      )}
      {controle.lue && (
        <Bouton href={adresseLire(cleDe(requete.session.dept, version))} petit icone="impr">
          Lire en clair
        </Bouton>
      )}
    </>
  )
}

function Fiche({ montree }: { montree: VersionMontree }): ReactElement {
  const { version } = montree
  const refusee = montree.evenements.findLast(({ type }) => type === 'refuser')
  return (
    <Carte titre="De quoi il s’agit">
      <ListeDefinition
        lignes={[
          { terme: 'Effet', valeur: periode(version) },
          { terme: 'Pourquoi', valeur: version.motif === '' ? <i>à écrire</i> : version.motif },
          {
            terme: 'Validée par',
            valeur:
              version.reference === '' ? (
                <i>à écrire</i>
              ) : (
                `${version.reference}${version.reference_le ? `, le ${formatDate(version.reference_le)}` : ''}`
              ),
          },
          {
            terme: 'Préparée par',
            valeur: version.cree_par_nom ?? 'Amont',
            note: `le ${formatDate(parisDay(version.cree_a))}${version.depart ? `, à partir de ${nommerVersion(version.depart)}` : ''}`,
          },
          {
            terme: 'Accords',
            valeur:
              version.approbations.length === 0
                ? 'aucun encore : il en faut deux, de l’État et du Département'
                : version.approbations
                    .map(
                      ({ cote, nom, organisme_nom, a }) =>
                        `${nom}, ${organisme_nom} (pour ${cotes[cote]}), le ${formatDate(parisDay(a))}`,
                    )
                    .join(' ; '),
          },
          {
            terme: 'Refus',
            valeur:
              version.etat === 'refusee' && typeof refusee?.details.motif === 'string'
                ? `${refusee.details.motif} (${refusee.nom ?? ''}, le ${formatDate(parisDay(refusee.a))})`
                : null,
          },
        ]}
      />
    </Carte>
  )
}

/** What stops the version, and what to think about before deciding. */
export function Avis({ montree, titre }: { montree: VersionMontree; titre: string }): ReactElement | null {
  const { blocages, avertissements } = montree.controle
  const { etat } = montree.version
  const bloque = blocages.length > 0 && (etat === 'brouillon' || etat === 'soumise')
  if (!bloque && avertissements.length === 0) return null
  return (
    <>
      {bloque && (
        <Message ton={etat === 'soumise' ? 'retard' : 'bientot'}>
          <p>
            <b>{titre}</b>
          </p>
          <ul>
            {blocages.map(({ code, message }) => (
              <li key={`${code}${message}`}>{message}</li>
            ))}
          </ul>
        </Message>
      )}
      {avertissements.length > 0 && (
        <Message>
          <p>
            <b>À savoir</b>
          </p>
          <ul>
            {avertissements.map((texte) => (
              <li key={texte}>{texte}</li>
            ))}
          </ul>
        </Message>
      )}
    </>
  )
}

/** The difference with the version it follows. */
export function SectionDifference({ montree }: { montree: VersionMontree }): ReactElement | null {
  const { controle, sans, version } = montree
  if (!controle.lue) return null
  const precedente = controle.precedente
  const ancienne =
    precedente === null ? null : [...sans.repartitions, ...sans.criteres].find(({ id }) => id === precedente)
  return (
    <Section titre="Ce qui change" compte={compterEcarts(controle.changements)} id="difference">
      {version.genre !== 'parametres' && (
        <p className="note">
          {ancienne
            ? `Par rapport à ${nommerVersion(ancienne.id, ancienne.du)}.`
            : 'Aucune version ne la précède : tout est nouveau.'}
        </p>
      )}
      <Difference changements={controle.changements} lire={lireurAu(sans, version.du)} />
    </Section>
  )
}

function SectionExemples({ montree }: { montree: VersionMontree }): ReactElement | null {
  const { essai, lue } = montree.controle
  if (!essai || lue?.genre === 'parametres') return null
  const rates = essai.essais.filter(({ differences }) => differences.length > 0)
  const compte =
    rates.length === 0
      ? `${formatNombre(essai.essais.length)} sur ${formatNombre(essai.essais.length)} conformes`
      : `${pluriel(rates.length, 'exemple ne donne pas', 'exemples ne donnent pas')} le résultat attendu`
  const lignes = essai.essais.map((une, rang) => ({ ...une, rang }))
  const conformes = lignes.filter(({ differences }) => differences.length === 0)
  return (
    <Section titre="Exemples" compte={compte} id="exemples">
      {(rates.length > 0 || lignes.length === 0) && (
        <TableauExemples
          legende="Exemples qui ne donnent pas le résultat attendu"
          lignes={lignes.filter(({ differences }) => differences.length > 0)}
        />
      )}
      {conformes.length > 0 && (
        <Plus libelle={pluriel(conformes.length, 'exemple conforme', 'exemples conformes')}>
          <TableauExemples legende="Exemples conformes" lignes={conformes} />
        </Plus>
      )}
    </Section>
  )
}

function TableauExemples({
  legende,
  lignes,
}: {
  legende: string
  lignes: readonly (Ecart & { readonly rang: number })[]
}): ReactElement {
  return (
    <Tableau
      legende={legende}
      largeur="moyen"
      lignes={lignes}
      cle={({ rang }) => String(rang)}
      vide="Aucun exemple : en écrire au moins un par règle, sous la clé « exemples »."
      colonnes={[
        { cle: 'cas', titre: 'Cas', principale: true, rendre: ({ cas }) => cas },
        {
          cle: 'resultat',
          titre: 'Résultat',
          rendre: ({ differences }) =>
            differences.length === 0 ? (
              <Etiquette ton="tenu">conforme</Etiquette>
            ) : (
              <Etiquette ton="retard">différent</Etiquette>
            ),
        },
        { cle: 'ecart', titre: 'Écart', large: true, rendre: ({ differences }) => differences.join(' ') },
      ]}
    />
  )
}

/** The simulation kept with the text, or how to get one. */
export function SectionSimulation({ requete, montree }: { requete: Requete; montree: VersionMontree }): ReactElement {
  const { version } = montree
  const { simulation } = version
  const territoires = lireDepartement(requete.session).territoires
  return (
    <>
      <Section titre="Simulation" id="simulation">
        {simulation === null ? (
          <EtatVide titre="Pas encore simulée" niveau={3}>
            La simulation dit combien de ménages changent de service ou de critère. Elle se fait avant de soumettre.
          </EtatVide>
        ) : (
          simulation.empreinte !== version.empreinte && (
            <Message ton="bientot">
              <p>Le texte a changé depuis cette simulation : elle est à refaire.</p>
            </Message>
          )
        )}
      </Section>
      {simulation && <SimulationMontree simulation={simulation} territoires={territoires} />}
    </>
  )
}

function SectionFichiers({ montree }: { montree: VersionMontree }): ReactElement | null {
  const { fichiers, version } = montree
  if (fichiers.length === 0) return null
  return (
    <Section titre="En fichiers" compte="pour les ranger avec les données livrées" id="fichiers">
      <ListeSobre
        lignes={fichiers.map(({ chemin, nouveau }, rang) => ({
          cle: chemin,
          titre: <code>donnees/{chemin}</code>,
          note: nouveau ? 'nouveau fichier' : 'fichier livré, modifié',
          droite: (
            <Bouton href={adresseVersion(version.id, `/fichier?n=${rang}`)} petit fichier icone="doc">
              Télécharger
            </Bouton>
          ),
        }))}
      />
    </Section>
  )
}

export function Historique({ montree }: { montree: Pick<VersionMontree, 'evenements'> }): ReactElement {
  return (
    <Section titre="Historique" id="historique">
      <ListeSobre
        lignes={montree.evenements.map(({ id, type, a, nom, organisme_nom, details }) => ({
          cle: String(id),
          titre: evenements[type] ?? type,
          note: [
            formatInstant(a),
            [nom, organisme_nom].filter((part) => part !== null).join(', '),
            typeof details.motif === 'string' ? details.motif : '',
            typeof details.moyen === 'string' ? details.moyen : '',
          ]
            .filter((part) => part !== '')
            .join(' · '),
        }))}
      />
    </Section>
  )
}

function chapo(montree: VersionMontree, requete: Requete): string {
  const { version } = montree
  const jour = requete.session.jour
  const presente =
    version.genre === 'parametres'
      ? null
      : enVigueur(
          (version.genre === 'repartition' ? montree.sans.repartitions : montree.sans.criteres) as readonly {
            id: string
            du: Temporal.PlainDate
            jusqu_au?: Temporal.PlainDate | null
          }[],
          jour,
        )
  const maintien = presente ? ` D’ici là, ${nommerVersion(presente.id, presente.du)} s’applique.` : ''
  const le = ecrireJour(version.du)
  switch (situer(version, jour)) {
    case 'brouillon':
      return `Brouillon, prévu pour le ${le}.`
    case 'soumise':
      return `Soumise par ${version.approbations.map(({ cote }) => cotes[cote]).join(' et ')}, pour le ${le}. L’autre pilote décide.`
    case 'refusee':
      return 'Refusée : elle ne s’appliquera pas. Son texte peut servir de départ à une autre.'
    case 'retiree':
      return 'Brouillon abandonné : il peut être repris.'
    case 'a_venir':
      return `Approuvée par les deux pilotes : elle s’appliquera le ${le}.${maintien}`
    case 'en_vigueur':
      return `Approuvée par les deux pilotes, appliquée depuis le ${le}. Les décisions prises avant gardent leur version.`
    case 'passee':
      return `Appliquée à partir du ${le}. Les décisions prises sous elle la gardent.`
  }
}

function PageVersion({
  requete,
  montree,
  refus,
}: {
  requete: Requete
  montree: VersionMontree
  refus?: string
}): ReactElement {
  const { version, controle } = montree
  const compose = lireDepartement(requete.session)
  const suite =
    version.genre === 'repartition' ? compose.repartitions : version.genre === 'criteres' ? compose.criteres : []
  const cle = cleDe(requete.session.dept, version)
  const situation = situer(
    version,
    requete.session.jour,
    suite.find(({ id }) => id === cle)?.jusqu_au ?? version.jusqu_au,
  )
  return (
    <Cadre
      requete={requete}
      titre={nomDe(version)}
      chapo={
        <>
          <Etiquette ton={situations[situation].ton}>{situations[situation].mot}</Etiquette> {chapo(montree, requete)}
        </>
      }
      large
      erreur={refus !== undefined}
      fil={[
        { libelle: 'Règles et critères', href: '/regles' },
        { libelle: 'Versions', href: ADRESSE },
        { libelle: nomDe(version) },
      ]}
      actions={<Boutons requete={requete} montree={montree} />}
      vues={{
        libelle: 'Parties de la page',
        onglets: [
          { href: '#difference', libelle: 'Ce qui change' },
          ...(version.genre === 'parametres' ? [] : [{ href: '#exemples', libelle: 'Exemples' }]),
          { href: '#simulation', libelle: 'Simulation' },
          { href: '#fichiers', libelle: 'Fichiers' },
          { href: '#historique', libelle: 'Historique' },
        ].filter(({ href }) => controle.lue !== null || href === '#simulation' || href === '#historique'),
      }}
    >
      <Pile>
        {refus !== undefined && (
          <Message ton="retard">
            <p>
              <b>L’action n’a pas été faite.</b> {refus}
            </p>
          </Message>
        )}
        <Avis
          montree={montree}
          titre={version.etat === 'soumise' ? 'Cette version ne peut pas être approuvée' : 'Avant de soumettre'}
        />
        {controle.problemes.length > 0 && controle.lue === null && version.genre !== 'parametres' && (
          <Problemes texte={version.texte} problemes={controle.problemes.slice(0, 30)} />
        )}
        <Fiche montree={montree} />
        <SectionDifference montree={montree} />
        <SectionExemples montree={montree} />
        <SectionSimulation requete={requete} montree={montree} />
        <SectionFichiers montree={montree} />
        <Section titre="Texte exact" id="texte">
          <Plus libelle="Voir le texte tel qu’il est écrit">
            <div className="texte-exact">
              <pre translate="no">{version.texte}</pre>
            </div>
          </Plus>
        </Section>
        <Historique montree={montree} />
      </Pile>
    </Cadre>
  )
}
