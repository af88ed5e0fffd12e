import type { ReactElement } from 'react'
import { aLeDroit, type Session } from '#acces'
import {
  approuverReleve,
  type ContenuReleve,
  cloreSeance,
  composerReleve,
  coteDePresidence,
  direReport,
  imprimerReleve,
  lireDocument,
  lirePoste,
  lireReleve,
  listerReleves,
  type Poste,
  publierReleve,
  type Releve,
  redigerReleve,
  refaireReleve,
} from '#commission'
import { noterExpertisesRendues } from '#requisitions'
import { Introuvable } from '#socle/errors'
import { formatDateLongue, formatInstant, formatNombre, pluriel } from '#socle/typography'
import { Cadre } from '../cadre.tsx'
import {
  Actions,
  Bouton,
  BoutonPost,
  Carte,
  Compteurs,
  Etiquette,
  ListeDefinition,
  ListeSobre,
  Message,
  Pile,
  Plus,
  Section,
} from '../composants/index.ts'
import { ouConflit, pageConflit } from '../conflit.tsx'
import { sortir } from '../export.tsx'
import { champ, page, type Reponse, type Requete, redirection } from '../route.ts'

const adresse = (seance: string, suite = ''): string => `/seances/${seance}/releve${suite}`

function Dossiers({
  contenu,
  corriger,
}: {
  contenu: ContenuReleve
  /** Address where the decision of a dossier is corrected; none for whoever does not hold the session, or before it is closed. */
  corriger: ReadonlyMap<string, string>
}): ReactElement {
  return (
    <Section titre="Dossier par dossier" compte={pluriel(contenu.lignes.length, 'dossier', 'dossiers')}>
      <Pile>
        {contenu.lignes.map((ligne) => (
          <Carte
            key={`${ligne.rang} ${ligne.reference}`}
            titre={`${ligne.rang}. ${ligne.menage}`}
            id={`d-${ligne.rang}-${ligne.reference}`}
            niveau={3}
            aside={`${ligne.reference}, ${ligne.commune}`}
          >
            {ligne.correction !== undefined && <p className="note">Décision corrigée : {ligne.correction}</p>}
            {ligne.report !== null && <p>{direReport(ligne)}</p>}
            {ligne.questions.length > 0 && (
              <ListeDefinition lignes={ligne.questions.map(([terme, valeur]) => ({ terme, valeur }))} />
            )}
            {ligne.discours !== '' && (
              <p>
                <b>Discours à tenir.</b> {ligne.discours}
              </p>
            )}
            {ligne.prononces.length > 0 && (
              <ul>
                {ligne.prononces.map(({ quoi, texte, destinataire, avant }) => (
                  <li key={`${quoi} ${texte} ${destinataire}`}>
                    <b>{[quoi, texte].filter(Boolean).join('. ')}</b>, pour {destinataire}
                    {avant === '' ? '' : `, retour le ${avant}`}
                  </li>
                ))}
              </ul>
            )}
            {ligne.report === null && corriger.has(ligne.dossier ?? '') && (
              <Actions>
                <Bouton
                  petit
                  href={corriger.get(ligne.dossier ?? '') ?? ''}
                  libelleLu={`Corriger la décision sur ${ligne.menage}`}
                >
                  Corriger
                </Bouton>
              </Actions>
            )}
          </Carte>
        ))}
      </Pile>
    </Section>
  )
}

function Approbations({ releve }: { releve: Releve }): ReactElement {
  const cote = (nom: string | null, a: Temporal.Instant | null) =>
    a === null ? (
      <Etiquette ton="bientot">Attendue</Etiquette>
    ) : (
      <Etiquette ton="tenu" icone="ok">
        {nom}, {formatInstant(a)}
      </Etiquette>
    )
  return (
    <Carte titre="Approbation" id="approbation">
      <ListeDefinition
        lignes={[
          { terme: 'État, coprésident', valeur: cote(releve.etat_nom, releve.etat_a) },
          { terme: 'Département, coprésident', valeur: cote(releve.departement_nom, releve.departement_a) },
          { terme: 'Établi le', valeur: formatInstant(releve.etabli_a) },
          { terme: 'Empreinte du document', valeur: <code>{releve.empreinte.slice(0, 16)}</code> },
        ]}
      />
    </Carte>
  )
}

/** Who approved, for the document: the content is the one both sealed, known by the fingerprint of what they read. */
const approbationsDe = (releve: Releve): string[] => [
  ...(releve.etat_a ? [`pour l’État, ${releve.etat_nom}, ${formatInstant(releve.etat_a)}`] : []),
  ...(releve.departement_a
    ? [`pour le Département, ${releve.departement_nom}, ${formatInstant(releve.departement_a)}`]
    : []),
  `empreinte du document approuvé : ${releve.empreinte}`,
]

/** The statements a rectified one took the place of: each as it was approved. */
function Versions({
  poste,
  versions,
  montree,
}: {
  poste: Poste
  versions: Awaited<ReturnType<typeof listerReleves>>
  montree: number
}): ReactElement | null {
  if (versions.length < 2) return null
  return (
    <Carte titre="Versions du relevé" id="versions">
      <ListeSobre
        lignes={versions.map(({ numero, etat, etabli_a }) => ({
          cle: String(numero),
          titre:
            numero === montree ? (
              `Version ${numero}, affichée`
            ) : (
              <a href={`${adresse(poste.id)}?version=${numero}`}>Version {numero}</a>
            ),
          note: `établie le ${formatInstant(etabli_a)}`,
          droite: (
            <Etiquette ton={etat === 'approuve' ? 'tenu' : 'bientot'}>
              {etat === 'approuve' ? 'Approuvée' : 'À approuver'}
            </Etiquette>
          ),
        }))}
      />
    </Carte>
  )
}

/** The version an address asks; null: the last. */
const versionDemandee = ({ recherche }: Requete): number | null => {
  const numero = Number(recherche.version)
  return Number.isInteger(numero) && numero > 0 && numero < 1000 ? numero : null
}

const dossiersLus = ({ lignes }: ContenuReleve): string[] => lignes.flatMap(({ dossier }) => dossier ?? [])

function fil(poste: Poste) {
  return [
    { libelle: 'Commissions', href: '/commissions' },
    { libelle: `Séance du ${formatDateLongue(poste.le)}`, href: `/seances/${poste.id}` },
    { libelle: 'Relevé' },
  ]
}

/** GET /seances/:seance/releve: what stands so far, then what is to approve, then what was approved. */
export async function montrerReleve(requete: Requete): Promise<Reponse> {
  const { session, acteur, connecte } = requete
  const poste = await lirePoste(session, requete.parametres.seance ?? '')
  const demandee = versionDemandee(requete)
  const releve = await lireReleve(session, poste.id, demandee)
  const tient = aLeDroit(acteur, 'deliberation.tenir')
  if (!releve && (!tient || demandee !== null)) throw new Introuvable()
  const versions = await listerReleves(session, poste.id)
  // An earlier version is read as it was: it is not what stands, nor is to be approved.
  const derniere = releve === undefined || releve.numero === versions[0]?.numero
  const cote = releve && derniere ? await coteDePresidence(session, poste.id) : null
  // Out of date, it still shows as it was drawn up to whoever approves: only the secretariat reads what is being corrected.
  const contenu =
    releve && !(releve.perime && derniere && tient) ? releve.contenu : await composerReleve(session, poste)
  const corriger = new Map(
    tient && derniere && poste.close_a !== null
      ? poste.lignes.map(({ dossier, inscription }) => [dossier, adresse(poste.id, `/corriger/${inscription}`)])
      : [],
  )
  const restants = poste.lignes.filter(({ etat }) => etat === 'inscrit').length
  session.consigner({
    action: 'releve.lire',
    objet: 'seance',
    objetId: poste.id,
    dossiers: dossiersLus(contenu),
  })
  const decides = contenu.lignes.filter(({ report }) => report === null)
  const jeton = connecte.jetonFormulaire
  const aApprouver = releve && cote !== null && releve[`${cote}_a`] === null && releve.etat === 'a_approuver'
  return page(
    <Cadre
      requete={requete}
      titre={
        releve
          ? releve.numero > 1
            ? `Relevé de décisions rectifié, version ${releve.numero}`
            : 'Relevé de décisions'
          : 'Projet de relevé de décisions'
      }
      courante="reunir"
      chapo={`${poste.nom}, séance du ${formatDateLongue(poste.le)}.`}
      fil={fil(poste)}
      large
      papier="portrait"
      actions={
        <Actions>
          {tient && poste.close_a === null && <Bouton href={`/seances/${poste.id}/poste`}>Poste de séance</Bouton>}
          <Bouton
            icone="import"
            fichier
            href={adresse(poste.id, `.pdf${demandee === null ? '' : `?version=${demandee}`}`)}
          >
            Télécharger le PDF
          </Bouton>
          <Bouton
            icone="import"
            fichier
            href={adresse(poste.id, `.docx${demandee === null ? '' : `?version=${demandee}`}`)}
          >
            Pour traitement de texte
          </Bouton>
        </Actions>
      }
    >
      <Pile>
        <Compteurs
          libelle="Séance"
          compteurs={[
            { cle: 'decides', nombre: formatNombre(decides.length), libelle: 'dossiers décidés' },
            {
              cle: 'reportes',
              nombre: formatNombre(contenu.lignes.length - decides.length),
              libelle: 'reportés ou à décider',
            },
            {
              cle: 'prononces',
              nombre: formatNombre(decides.reduce((n, { prononces }) => n + prononces.length, 0)),
              libelle: 'avis et recommandations',
            },
          ]}
        />
        {!releve && tient && (
          <Message ton={restants > 0 ? 'bientot' : 'info'}>
            <p>
              {restants > 0
                ? `${pluriel(restants, 'dossier n’est pas décidé', 'dossiers ne sont pas décidés')} : clore les reporte « faute de temps ».`
                : 'Tous les dossiers sont décidés ou reportés.'}{' '}
              Le relevé part ensuite à l’approbation des deux coprésidents ; personne n’est prévenu avant.
            </p>
            <Plus libelle="Clore la séance">
              <p>
                Une séance close ne se rouvre pas. Une décision s’y corrige ensuite avec sa raison ; après une
                approbation, les deux coprésidents approuvent de nouveau.
              </p>
              <BoutonPost
                action={`/seances/${poste.id}/clore`}
                jeton={jeton}
                champs={{ restants: String(restants) }}
                genre="principal"
              >
                Clore la séance et établir le relevé
              </BoutonPost>
            </Plus>
          </Message>
        )}
        {releve && <Approbations releve={releve} />}
        {releve && !derniere && (
          <Message ton="bientot">
            <p>
              Version {releve.numero} : une correction l’a remplacée.{' '}
              <a href={adresse(poste.id)}>Lire la version en cours</a>
            </p>
          </Message>
        )}
        {releve?.perime && derniere && (
          <Message ton="bientot">
            <p>
              {!tient
                ? 'En cours de correction : ce relevé, tel qu’il a été établi, ne s’approuve pas. Le secrétariat établit le suivant.'
                : releve.etat_a === null && releve.departement_a === null
                  ? 'Une décision a été corrigée depuis : établir de nouveau le relevé avant qu’un coprésident l’approuve. Ci-dessous, ce qu’il dira.'
                  : 'Une décision est ouverte à la correction : établir le relevé rectifié, que les deux coprésidents approuveront. Jusque-là, ce qui a été notifié reste. Ci-dessous, ce qu’il dira.'}
            </p>
            {tient && (
              <BoutonPost action={adresse(poste.id, '/refaire')} jeton={jeton}>
                {releve.etat_a === null && releve.departement_a === null
                  ? 'Établir de nouveau le relevé'
                  : 'Établir le relevé rectifié'}
              </BoutonPost>
            )}
          </Message>
        )}
        {aApprouver && !releve.perime && (
          <Message>
            <p>
              Approuver engage {cote === 'etat' ? 'l’État' : 'le Département'}. Après les deux approbations, le relevé
              est figé et chaque destinataire lit ce qui le concerne.
            </p>
            <BoutonPost
              action={adresse(poste.id, '/approuver')}
              jeton={jeton}
              champs={{ vu: String(releve.version) }}
              genre="principal"
            >
              Approuver ce relevé
            </BoutonPost>
          </Message>
        )}
        {releve?.etat === 'approuve' && derniere && !releve.perime && (
          <Message ton="tenu">
            <p>Approuvé par les deux coprésidents. Chaque destinataire lit sa part dans « Suites ».</p>
          </Message>
        )}
        <ListeDefinition
          lignes={[
            ...(contenu.tenue ?? []),
            { terme: 'Présents', valeur: contenu.presents.join(', ') || 'non renseigné' },
            { terme: 'Excusés ou absents', valeur: contenu.excuses.join(', ') || 'non renseigné' },
          ]}
        />
        {(contenu.points ?? []).map(({ titre, avis, conclusion }, rang) => (
          <Carte key={titre} titre={titre} id={`point-${rang}`} niveau={2}>
            {avis !== '' && (
              <p>
                <b>{avis}</b>
              </p>
            )}
            {conclusion !== '' && <p className="libre">{conclusion}</p>}
          </Carte>
        ))}
        <Dossiers contenu={contenu} corriger={corriger} />
        {releve && <Versions poste={poste} versions={versions} montree={releve.numero} />}
      </Pile>
    </Cadre>,
  )
}

/** The bytes of a statement: a draft when there is one, what was drawn up until both approved, then with who approved it. */
function ecrirePdf(session: Session, releve: Releve | undefined, brouillon: ContenuReleve | null): Promise<Uint8Array> {
  if (brouillon !== null) return imprimerReleve(brouillon, { projet: true, approbations: [] })
  if (releve === undefined) throw new Introuvable()
  return releve.etat === 'approuve'
    ? imprimerReleve(releve.contenu, { projet: false, approbations: approbationsDe(releve), numero: releve.numero })
    : lireDocument(session, releve)
}

interface Telecharge {
  readonly poste: Poste
  readonly releve: Releve | undefined
  /** What is being corrected, or not closed yet: a draft of the next. */
  readonly brouillon: ContenuReleve | null
}

/** What of a statement this person may take away: the last one, or the version its address names. */
async function prendre(requete: Requete): Promise<Telecharge> {
  const { session, acteur } = requete
  const poste = await lirePoste(session, requete.parametres.seance ?? '')
  const demandee = versionDemandee(requete)
  const releve = await lireReleve(session, poste.id, demandee)
  const tient = aLeDroit(acteur, 'deliberation.tenir')
  if (!releve && (!tient || demandee !== null)) throw new Introuvable()
  const brouillon =
    releve && !(releve.perime && tient && demandee === null) ? null : await composerReleve(session, poste)
  session.consigner({
    action: 'releve.imprimer',
    objet: 'releve',
    objetId: releve?.id ?? poste.id,
    dossiers: releve ? dossiersLus(releve.contenu) : poste.lignes.map(({ dossier }) => dossier),
  })
  return { poste, releve, brouillon }
}

const nommerFichier = ({ poste, releve }: Telecharge, extension: string): string =>
  `releve-${poste.le}${releve && releve.numero > 1 ? `-version-${releve.numero}` : ''}.${extension}`

/** GET /seances/:seance/releve.pdf: the document as drawn up; before that, a draft said to be one. */
export async function telechargerReleve(requete: Requete): Promise<Reponse> {
  const pris = await prendre(requete)
  return sortir(requete, {
    nombre: pris.releve?.contenu.lignes.length ?? pris.poste.lignes.length,
    filtre: `relevé de la séance du ${pris.poste.le}`,
    construire: async () => ({
      nom: nommerFichier(pris, 'pdf'),
      type: 'application/pdf',
      octets: await ecrirePdf(requete.session, pris.releve, pris.brouillon),
    }),
  })
}

/** GET /seances/:seance/releve.docx: the same words for a word processor, a working copy. */
export async function redigerEnTexte(requete: Requete): Promise<Reponse> {
  const pris = await prendre(requete)
  const { poste, releve, brouillon } = pris
  const contenu = brouillon ?? releve?.contenu
  if (!contenu) throw new Introuvable()
  return sortir(requete, {
    nombre: contenu.lignes.length,
    filtre: `relevé de la séance du ${poste.le}, en texte`,
    construire: async (marque) => ({
      nom: nommerFichier(pris, 'docx'),
      type: DOCX,
      octets: await redigerReleve(
        contenu,
        {
          projet: brouillon !== null,
          approbations: brouillon === null && releve?.etat === 'approuve' ? approbationsDe(releve) : [],
          numero: brouillon === null ? (releve?.numero ?? 1) : 1,
        },
        marque?.lignes ?? [],
      ),
    }),
  })
}

const DOCX = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'

/** Shows that somebody acted in between, or goes back to the statement. */
async function faire(requete: Requete, action: string, acte: () => Promise<Reponse>): Promise<Reponse> {
  const resultat = await ouConflit(requete, action, acte)
  if (!(resultat instanceof Error)) return resultat
  const vers = adresse(requete.parametres.seance ?? '')
  return pageConflit(requete, {
    message: resultat.message,
    quoi: 'Relevé de décisions',
    courante: 'reunir',
    fil: [{ libelle: 'Relevé', href: vers }, { libelle: 'Deux versions' }],
    versions: [],
    conseil: 'Relire le relevé tel qu’il est maintenant.',
    garder: { libelle: 'Relire le relevé', href: vers },
    remplacer: null,
  })
}

/** POST /seances/:seance/clore. */
export const clore = (requete: Requete): Promise<Reponse> =>
  faire(requete, 'seance.clore', async () => {
    const seance = requete.parametres.seance ?? ''
    await cloreSeance(requete.session, seance, Number(champ(requete, 'restants')) || 0)
    return redirection(adresse(seance), { texte: 'Séance close. Le relevé attend l’approbation des coprésidents.' })
  })

/** POST /seances/:seance/releve/refaire. */
export const refaire = (requete: Requete): Promise<Reponse> =>
  faire(requete, 'releve.etablir', async () => {
    const seance = requete.parametres.seance ?? ''
    await refaireReleve(requete.session, seance)
    return redirection(adresse(seance), { texte: 'Relevé établi de nouveau : il attend les deux coprésidents.' })
  })

/** POST /seances/:seance/releve/approuver. The second approval tells the addressees; a job written with it does so should this try fail. */
export const approuver = (requete: Requete): Promise<Reponse> =>
  faire(requete, 'releve.approuver', async () => {
    const { session, application, acteur, parametres } = requete
    const seance = parametres.seance ?? ''
    const complet = await approuverReleve(session, seance, Number(champ(requete, 'vu')) || 0)
    return {
      genre: 'redirection',
      vers: adresse(seance),
      message: {
        texte: complet
          ? 'Relevé approuvé par les deux coprésidents. Chaque destinataire lit sa part.'
          : 'Relevé approuvé pour votre côté. L’autre coprésident reste à approuver.',
      },
      ...(complet
        ? {
            apres: () =>
              publierReleve(application, acteur.dept, seance)
                .then(() => noterExpertisesRendues(application, acteur.dept))
                .then(
                  () => {},
                  () => {},
                ),
          }
        : {}),
    }
  })
