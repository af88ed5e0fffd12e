/** What happened to a referral, in words. */
export const LIBELLES_ACTES: Readonly<Record<string, string>> = {
  deposee: 'Saisine déposée',
  incomplete: 'Déclarée incomplète',
  completee: 'Complétée par une nouvelle version',
  complete: 'Déclarée complète',
  inscrite: 'Inscrite à une séance',
  desinscrite: 'Retirée de la séance',
  classee: 'Classée',
  rouverte: 'Rouverte',
}
