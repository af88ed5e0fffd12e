import type { ReactElement } from 'react'
import { aLeDroit } from '#acces'
import {
  colonnesLisibles,
  compterCopies,
  compterRejets,
  corrigerLigne,
  type LigneLot,
  type Lot,
  lireLot,
  listerLignes,
  listerRejets,
  NOMS_COLONNES,
  type NomColonne,
  porteUnActe,
} from '#signalements'
import { Conflit, Introuvable, Refus } from '#socle/errors'
import { formatInstant, formatNombre, pluriel } from '#socle/typography'
import { Cadre } from '../cadre.tsx'
import {
  Actions,
  Bouton,
  Carte,
  type Colonne,
  EtatVide,
  Formulaire,
  Message,
  PiedCadre,
  Pile,
  Plus,
  ResumeErreurs,
  Section,
  Tableau,
} from '../composants/index.ts'
import { champsVus, lireVu, ouConflit, pageConflit } from '../conflit.tsx'
import { champ, page, type Reponse, type Requete, redirection } from '../route.ts'
import { ChampColonne } from './champ-colonne.tsx'
import { adresseLot, estColonne, nommerColonne, nommerLigne, nommerValeur } from './libelles.ts'
import { LigneOrigine, Raisons, suiteDeLigne, VerdictDeLigne } from './lignes.tsx'
import { avecNavigation, ouRefus } from './perimetre.ts'

const REJETS_MONTRES = 100

type Rejet = Awaited<ReturnType<typeof listerRejets>>[number]

/** GET /recevoir/a-corriger: rejected lines of every deposit, the oldest first. */
export async function listerACorriger(requete: Requete): Promise<Reponse> {
  const { session } = requete
  const [, lotPrecedent, lignePrecedente] = /^([0-9a-f-]{36})_(\d{1,9})$/.exec(requete.recherche.apres ?? '') ?? []
  const demandee = lotPrecedent === undefined ? null : { lot: lotPrecedent, ligne: Number(lignePrecedente) }
  const lues = await listerRejets(session, REJETS_MONTRES + 1, demandee)
  // Corrected since, the last ones leave a page empty: the queue starts again.
  const apres = lues.length === 0 ? null : demandee
  const trouves = lues.length === 0 && demandee ? await listerRejets(session, REJETS_MONTRES + 1) : lues
  const total = await compterRejets(session)
  const rejets = trouves.slice(0, REJETS_MONTRES)
  const dernier = trouves.length > REJETS_MONTRES ? rejets.at(-1) : undefined
  requete.session.consigner({
    action: 'rejets.lister',
    details: { lignes: rejets.map(({ lot, ligne }) => `${lot}/${ligne}`) },
  })
  const colonnes: readonly Colonne<Rejet>[] = [
    {
      cle: 'menage',
      titre: 'Ménage et référence',
      principale: true,
      rendre: ({ champs, reference_source }) => (
        <span translate="no">
          {nommerLigne(champs) || '(sans nom)'}
          <small>{reference_source || '(sans référence)'}</small>
        </span>
      ),
    },
    {
      cle: 'fichier',
      titre: 'Fichier',
      rendre: ({ lot, lot_nom, organisme_nom, ligne }) => (
        <>
          <a href={adresseLot(lot)} translate="no">
            {lot_nom}
          </a>{' '}
          <span className="note">
            {organisme_nom}, ligne {formatNombre(ligne)}
          </span>
        </>
      ),
    },
    {
      cle: 'raisons',
      titre: 'Raisons, et que faire',
      large: true,
      rendre: (rejet) => <Raisons ligne={rejet} />,
    },
    {
      cle: 'geste',
      titre: 'Geste',
      rendre: ({ lot, ligne, champs }) => (
        <Bouton
          href={adresseLot(lot, `/lignes/${ligne}`)}
          petit
          icone="crayon"
          libelleLu={`Corriger la ligne ${ligne}, ${nommerLigne(champs) || 'sans nom'}`}
        >
          Corriger
        </Bouton>
      ),
    },
  ]
  const lots = [...new Map(rejets.map((rejet) => [rejet.lot, rejet.lot_nom]))]
  return page(
    <Cadre
      requete={requete}
      courante="recevoir"
      titre={total === 0 ? 'Lignes à corriger' : `${pluriel(total, 'ligne', 'lignes')} à corriger`}
      chapo="Une ligne rejetée n’a créé aucun signalement. Corrigée ici ou dans un fichier déposé à nouveau, elle quitte cette liste."
      fil={[{ libelle: 'Fichiers reçus', href: '/recevoir' }, { libelle: 'Lignes à corriger' }]}
      large
    >
      {rejets.length === 0 ? (
        <EtatVide
          titre="Aucune ligne n’attend de correction"
          geste={{ href: '/recevoir', libelle: 'Revenir aux fichiers reçus' }}
        >
          Toutes les lignes reçues ont créé leur signalement, ou ont été corrigées.
        </EtatVide>
      ) : (
        <Pile>
          <Tableau
            legende="Lignes rejetées qui attendent une correction"
            colonnes={colonnes}
            lignes={rejets}
            cle={({ lot, ligne }) => `${lot}-${ligne}`}
            apres={
              (apres !== null || dernier !== undefined) && (
                <PiedCadre note={`${formatNombre(rejets.length)} montrées sur ${formatNombre(total)}`}>
                  {apres !== null && (
                    <Bouton href="/recevoir/a-corriger" petit icone="fg">
                      Revenir au début
                    </Bouton>
                  )}
                  {dernier !== undefined && (
                    <Bouton href={`/recevoir/a-corriger?apres=${dernier.lot}_${dernier.ligne}`} petit iconeApres="fd">
                      Lignes suivantes
                    </Bouton>
                  )}
                </PiedCadre>
              )
            }
          />
          <Section titre="Corriger dans les fichiers">
            <p className="note">Chaque fichier ne contient que ses lignes rejetées, dans son format d’origine.</p>
            <Actions>
              {lots.map(([id, nom]) => (
                <Bouton key={id} href={adresseLot(id, '/lignes-a-corriger')} petit icone="import" fichier>
                  <span translate="no">{nom}</span>
                </Bouton>
              ))}
            </Actions>
          </Section>
        </Pile>
      )}
    </Cadre>,
  )
}

/** What the form shows: the line, what was typed, and the reasons to answer. */
interface Etat {
  readonly lot: Lot
  readonly ligne: LigneLot
  readonly valeurs: Readonly<Record<string, string>>
  readonly motifs: LigneLot['motifs']
  /** The typed correction was refused. */
  readonly refusee: boolean
  readonly suivante: string | null
  /** Mark of the line as its reader sees it. */
  readonly vu: string
}

/** Columns at fault, in the order of the reasons; a missing name may be given by either of the two. */
function listerFautives(motifs: LigneLot['motifs']): readonly NomColonne[] {
  const colonnes = motifs.flatMap(({ code, colonne }) =>
    code === 'identite_absente' ? ['nom_usage', 'nom_naissance'] : [colonne],
  )
  return [...new Set(colonnes.filter(estColonne))]
}

function PageCorrection({ requete, etat }: { requete: Requete; etat: Etat }): ReactElement {
  const { lot, ligne, valeurs, motifs, refusee, suivante } = etat
  const lisible = colonnesLisibles(requete.session, lot.organisme)
  const fautives = listerFautives(motifs)
  const entieres = motifs.filter(({ colonne }) => !estColonne(colonne))
  const autres = NOMS_COLONNES.filter((nom) => !fautives.includes(nom) && lisible(nom))
  const inconnues = Object.fromEntries(
    Object.entries(ligne.champs).filter(([nom, valeur]) => !estColonne(nom) && valeur !== ''),
  )
  const rendreChamp = (nom: NomColonne) => {
    const cachee = !lisible(nom) && !refusee
    const erreur = motifs
      .filter(({ colonne }) => colonne === nom)
      .map(({ message }) => message)
      .join(' ')
    return <ChampColonne key={nom} nom={nom} valeur={cachee ? '' : (valeurs[nom] ?? '')} erreur={erreur || undefined} />
  }
  return (
    <Cadre
      requete={requete}
      courante="recevoir"
      titre={`Corriger la ligne ${formatNombre(ligne.ligne)}`}
      chapo={
        <>
          <span translate="no">{[nommerLigne(ligne.champs) || '(sans nom)', lot.nom].join(', ')}</span>,{' '}
          {lot.organisme_nom}.{' '}
          {ligne.corrigee_a === null
            ? 'Corrigée, elle crée son signalement et quitte la liste.'
            : 'Déjà corrigée : la nouvelle correction met à jour son signalement, l’ancienne version est gardée.'}
        </>
      }
      fil={[
        { libelle: 'Fichiers reçus', href: '/recevoir' },
        { libelle: lot.nom, href: adresseLot(lot.id) },
        { libelle: `Ligne ${formatNombre(ligne.ligne)}` },
      ]}
      actions={
        suivante === null ? undefined : (
          <Bouton href={suivante} petit iconeApres="fd">
            Passer
          </Bouton>
        )
      }
      erreur={refusee}
    >
      <Formulaire
        action={adresseLot(lot.id, `/lignes/${ligne.ligne}`)}
        jeton={requete.connecte.jetonFormulaire}
        champs={champsVus([[String(ligne.ligne), etat.vu]])}
        classe="pile"
      >
        {refusee && (
          <ResumeErreurs
            titre="La ligne est encore rejetée"
            erreurs={motifs.map(({ colonne, message }) =>
              estColonne(colonne) ? { nom: colonne, message } : { message },
            )}
          />
        )}
        {entieres.length > 0 && !refusee && (
          <Message ton="retard">
            {entieres.map(({ code, message }) => (
              <p key={code}>{message}</p>
            ))}
          </Message>
        )}
        {fautives.length > 0 && (
          <Carte titre={pluriel(fautives.length, 'champ à regarder', 'champs à regarder')}>
            <div className="champs">{fautives.map(rendreChamp)}</div>
          </Carte>
        )}
        <Plus libelle="Toute la ligne" ouvert={fautives.length === 0}>
          <div className="pile mt2">
            <div className="champs">{autres.map(rendreChamp)}</div>
            {Object.keys(inconnues).length > 0 && (
              <Carte titre="Autres colonnes du fichier" niveau={3}>
                <LigneOrigine champs={inconnues} />
              </Carte>
            )}
          </div>
        </Plus>
        <Actions>
          <Bouton genre="principal">Enregistrer la correction</Bouton>
          <Bouton href={adresseLot(lot.id, '?verdict=rejetee')}>Revenir au dépôt</Bouton>
        </Actions>
      </Formulaire>
    </Cadre>
  )
}

/** A line that no longer waits: shown, not corrected. */
function PageLigne({
  requete,
  lot,
  ligne,
  copies,
}: {
  requete: Requete
  lot: Lot
  ligne: LigneLot
  copies: number
}): ReactElement {
  const suite = suiteDeLigne(ligne, { acteur: requete.acteur, lot, doutes: new Map() })
  return (
    <Cadre
      requete={requete}
      courante="recevoir"
      titre={`Ligne ${formatNombre(ligne.ligne)} telle que reçue`}
      fil={[
        { libelle: 'Fichiers reçus', href: '/recevoir' },
        { libelle: lot.nom, href: adresseLot(lot.id) },
        { libelle: `Ligne ${formatNombre(ligne.ligne)}` },
      ]}
    >
      <Pile>
        <Carte titre="Verdict" aside={<VerdictDeLigne ligne={ligne} />}>
          <Raisons ligne={ligne} />
          {suite !== null && <p className="mt2">{suite}</p>}
          {porteUnActe(ligne.champs) && (
            <p className="mt2">
              <a href={adresseLot(lot.id, `/lignes/${ligne.ligne}/copie`)}>
                {copies === 0
                  ? 'Joindre la copie de l’acte'
                  : pluriel(copies, 'copie de l’acte jointe', 'copies de l’acte jointes')}
              </a>
            </p>
          )}
        </Carte>
        {ligne.correction !== null && (
          <Carte
            titre="Correction à l’écran"
            aside={[ligne.corrigee_par_nom, ligne.corrigee_a === null ? null : `le ${formatInstant(ligne.corrigee_a)}`]
              .filter((part) => part !== null)
              .join(', ')}
          >
            <LigneOrigine champs={changements(ligne)} />
            {peutRecorriger(requete, lot, ligne) && (
              <Actions>
                <Bouton petit icone="crayon" href={adresseLot(lot.id, `/lignes/${ligne.ligne}?corriger=encore`)}>
                  Corriger à nouveau
                </Bouton>
              </Actions>
            )}
          </Carte>
        )}
        <Carte titre="Champs reçus">
          <LigneOrigine champs={ligne.champs} reservees={ligne.reservees} />
        </Carte>
      </Pile>
    </Cadre>
  )
}

/** The line an address names, as its reader may see it. */
export async function trouverLigne(requete: Requete, lot: Lot): Promise<LigneLot> {
  const rang = Number(requete.parametres.ligne)
  if (!Number.isInteger(rang) || rang < 1 || rang > 2 ** 31 - 1) throw new Introuvable()
  const [ligne] = await listerLignes(requete.session, lot.id, { apres: rang - 1, limite: 1 })
  if (ligne?.ligne !== rang) throw new Introuvable()
  return ligne
}

/** The next line to correct: further in the same file, otherwise the oldest of the others. */
async function trouverSuivante(requete: Requete, lot: Lot, apres: number): Promise<string | null> {
  const [ici] = await listerLignes(requete.session, lot.id, { enAttente: true, apres, limite: 1 })
  if (ici) return adresseLot(lot.id, `/lignes/${ici.ligne}`)
  const ailleurs = (await listerRejets(requete.session, 2)).find(
    (rejet) => rejet.lot !== lot.id || rejet.ligne !== apres,
  )
  return ailleurs ? adresseLot(ailleurs.lot, `/lignes/${ailleurs.ligne}`) : null
}

/** GET /recevoir/:lot/lignes/premiere: straight to the first line of the file that waits. */
export async function ouvrirPremiere(requete: Requete): Promise<Reponse> {
  const lot = await lireLot(requete.session, requete.parametres.lot ?? '')
  const [premiere] = await listerLignes(requete.session, lot.id, { enAttente: true, limite: 1 })
  return redirection(adresseLot(lot.id, premiere ? `/lignes/${premiere.ligne}` : ''))
}

const attend = (lot: Lot, ligne: LigneLot): boolean =>
  lot.etat !== 'retire' && ligne.verdict === 'rejetee' && ligne.corrigee_a === null

/** A line corrected on screen may be corrected again, by whoever may correct. */
const peutRecorriger = ({ acteur }: Pick<Requete, 'acteur'>, lot: Lot, ligne: LigneLot): boolean =>
  lot.etat !== 'retire' &&
  ligne.verdict === 'rejetee' &&
  ligne.correction !== null &&
  ligne.corrigee_lot === null &&
  aLeDroit(acteur, 'lot.corriger')

/** Fields a correction changed. */
const changements = ({ champs, correction }: LigneLot): Record<string, string> =>
  Object.fromEntries(Object.entries(correction ?? {}).filter(([nom, valeur]) => valeur !== (champs[nom] ?? '')))

/** GET /recevoir/:lot/lignes/:ligne: the fields at fault first, the others behind « Toute la ligne ». */
export async function montrerLigne(requete: Requete): Promise<Reponse> {
  const lot = await lireLot(requete.session, requete.parametres.lot ?? '')
  const ligne = await trouverLigne(requete, lot)
  const encore = requete.recherche.corriger === 'encore' && peutRecorriger(requete, lot, ligne)
  if (!encore && (!attend(lot, ligne) || !aLeDroit(requete.acteur, 'lot.corriger'))) {
    const copies = (await compterCopies(requete.session, lot.id)).get(ligne.ligne) ?? 0
    return page(<PageLigne requete={requete} lot={lot} ligne={ligne} copies={copies} />)
  }
  const suivante = encore ? null : await trouverSuivante(requete, lot, ligne.ligne)
  const valeurs = { ...ligne.champs, ...ligne.correction }
  // The reasons of the verdict are those of the line as received: a corrected one no longer has them.
  const motifs = encore ? [] : ligne.motifs
  return page(
    <PageCorrection
      requete={requete}
      etat={{ lot, ligne, valeurs, motifs, refusee: false, suivante, vu: ligne.marque }}
    />,
  )
}

/** Fields of the form, as typed. One that the form did not carry keeps the value received. */
function lireSaisie(requete: Requete): Record<string, string> {
  return Object.fromEntries(
    NOMS_COLONNES.filter((nom) => requete.champs[nom] !== undefined).map((nom) => [nom, champ(requete, nom)]),
  )
}

/** Two people corrected the same line: what each wrote, where it differs. */
async function comparer(
  requete: Requete,
  { lot, ligne }: { lot: Lot; ligne: LigneLot },
  saisie: Readonly<Record<string, string>>,
  message: string,
): Promise<Reponse> {
  const lisible = colonnesLisibles(requete.session, lot.organisme)
  const actuelle = { ...ligne.champs, ...ligne.correction }
  const differents = Object.entries(saisie).filter(([nom, valeur]) => valeur !== (actuelle[nom] ?? ''))
  const adresse = adresseLot(lot.id, `/lignes/${ligne.ligne}`)
  if (differents.length === 0 || ligne.correction === null) {
    return redirection(adresse, {
      texte:
        ligne.correction === null
          ? 'Cette ligne n’attend plus de correction : elle est arrivée corrigée dans un autre fichier.'
          : 'Cette correction est déjà enregistrée : quelqu’un a écrit la même.',
      ton: 'info',
    })
  }
  const ecrire = (nom: string, valeur: string | undefined): string | null =>
    !valeur ? null : lisible(nom) ? nommerValeur(valeur) : '(réservé)'
  return pageConflit(requete, {
    message,
    quoi: `Ligne ${formatNombre(ligne.ligne)} de ${lot.nom}`,
    courante: 'recevoir',
    fil: [
      { libelle: 'Fichiers reçus', href: '/recevoir' },
      { libelle: lot.nom, href: adresseLot(lot.id) },
      { libelle: `Ligne ${formatNombre(ligne.ligne)}` },
    ],
    versions: differents.map(([nom, valeur]) => ({
      cle: nom,
      libelle: nommerColonne(nom),
      saisie: ecrire(nom, valeur),
      enregistree: ecrire(nom, actuelle[nom]),
      qui:
        ligne.corrigee_a === null
          ? undefined
          : `${ligne.corrigee_par_nom ?? 'Amont'}, le ${formatInstant(ligne.corrigee_a)}`,
    })),
    conseil:
      'Seuls les champs qui diffèrent sont montrés. Enregistrer votre correction met à jour le signalement déjà créé ; l’autre version reste dans son historique.',
    garder: { libelle: 'Garder la correction enregistrée', href: adresse },
    remplacer: peutRecorriger(requete, lot, ligne)
      ? {
          libelle: 'Enregistrer ma correction à la place',
          action: adresse,
          champs: { ...saisie, ...champsVus([[String(ligne.ligne), ligne.marque]]) },
        }
      : null,
  })
}

/** POST /recevoir/:lot/lignes/:ligne: accepted, the signalement exists; still rejected, what was typed stays with the reasons. */
export async function corriger(requete: Requete): Promise<Reponse> {
  const { session } = requete
  const lot = await lireLot(session, requete.parametres.lot ?? '')
  const ligne = await trouverLigne(requete, lot)
  const saisie = lireSaisie(requete)
  const vu = lireVu(requete, String(ligne.ligne))
  const encore = ligne.corrigee_a !== null
  if (vu !== undefined && vu !== ligne.marque && lot.etat !== 'retire')
    return comparer(requete, { lot, ligne }, saisie, 'Quelqu’un a corrigé cette ligne depuis que la page est ouverte.')
  if (!attend(lot, ligne) && !(vu !== undefined && peutRecorriger(requete, lot, ligne))) {
    return redirection(adresseLot(lot.id), { texte: 'Cette ligne n’attend plus de correction.', ton: 'info' })
  }
  const fait = await ouConflit(requete, 'lot.corriger', () =>
    ouRefus(() => corrigerLigne(session, lot.id, ligne.ligne, saisie, vu)),
  )
  if (fait instanceof Conflit)
    return comparer(requete, { lot, ligne: await trouverLigne(requete, lot) }, saisie, fait.message)
  if (fait instanceof Refus)
    return redirection(adresseLot(lot.id, encore ? `/lignes/${ligne.ligne}` : ''), { texte: fait.message, ton: 'info' })
  const suivante = encore ? null : await trouverSuivante(requete, lot, ligne.ligne)
  if (fait.verdict === 'rejetee') {
    const valeurs = { ...ligne.champs, ...ligne.correction, ...saisie }
    return page(
      <PageCorrection
        requete={await avecNavigation(requete)}
        etat={{ lot, ligne, valeurs, motifs: fait.motifs, refusee: true, suivante, vu: vu ?? ligne.marque }}
      />,
      422,
    )
  }
  const [reserve] = fait.motifs
  if (encore)
    return redirection(adresseLot(lot.id, `/lignes/${ligne.ligne}`), {
      texte: `Ligne ${formatNombre(ligne.ligne)} corrigée à nouveau : son signalement est mis à jour.`,
    })
  const restantes = (await lireLot(session, lot.id)).rejets_en_attente
  return redirection(suivante ?? adresseLot(lot.id), {
    texte: [
      `Ligne ${formatNombre(ligne.ligne)} corrigée : son signalement est enregistré.`,
      reserve ? `Avertissement : ${reserve.message}` : '',
      restantes === 0
        ? 'Plus aucune ligne de ce fichier n’attend.'
        : `Il en reste ${formatNombre(restantes)} dans ce fichier.`,
    ]
      .filter((phrase) => phrase !== '')
      .join(' '),
  })
}
