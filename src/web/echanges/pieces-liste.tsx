import type { ReactElement } from 'react'
import type { Dossier } from '#dossiers'
import { cerclesEchange, formats, genresPiece, type Piece } from '#echanges'
import { formatDate, formatInstant, formatNombre } from '#socle/typography'
import { Bouton, Etiquette, ListeSobre } from '../composants/index.ts'
import type { Requete } from '../route.ts'
import { adresseDe } from './commun.tsx'

function ecrireTaille(octets: number): string {
  return octets < 1_000_000
    ? `${formatNombre(Math.max(1, Math.round(octets / 1000)))} ko`
    : `${formatNombre(octets / 1_000_000, 1)} Mo`
}

/** Documents, each with what it is, who reads it, and the button that takes it out. */
export function ListePieces({
  requete,
  dossier,
  pieces,
}: {
  requete: Requete
  dossier: Dossier
  pieces: readonly Piece[]
}): ReactElement {
  return (
    <ListeSobre
      lignes={pieces.map((piece) => ({
        cle: piece.id,
        titre: genresPiece[piece.genre],
        note: piece.retiree_a ? (
          <>
            <s>{piece.nom}</s>. Pièce retirée le {formatInstant(piece.retiree_a)}. Motif : {piece.retiree_motif}
          </>
        ) : (
          <>
            {piece.nom}, {formats[piece.format].libelle}, {ecrireTaille(piece.taille)}
            {piece.date_piece && `, datée du ${formatDate(piece.date_piece)}`}. Déposée par {piece.auteur},{' '}
            {piece.organisme_nom}, le {formatInstant(piece.a)}. Cercle {piece.cercle},{' '}
            {cerclesEchange[piece.cercle].toLowerCase()} ; lue aussi par : {piece.lecteurs.join(', ')}
            {piece.visible_jusqu_au !== null && `, jusqu’au ${formatDate(piece.visible_jusqu_au)}`}.
          </>
        ),
        droite: piece.retiree_a ? (
          <Etiquette>Retirée</Etiquette>
        ) : (
          <span className="ets">
            <Bouton
              petit
              icone="import"
              fichier
              href={adresseDe(dossier, `/pieces/${piece.id}`)}
              libelleLu={`Télécharger ${piece.nom}`}
            >
              Télécharger
            </Bouton>
            {piece.organisme === requete.acteur.organisme && (
              <Bouton
                petit
                genre="tertiaire"
                href={adresseDe(dossier, `/pieces/${piece.id}/retirer`)}
                libelleLu={`Retirer ${piece.nom}`}
              >
                Retirer
              </Bouton>
            )}
          </span>
        ),
      }))}
    />
  )
}
