/**
 * Passwords of twelve characters or more that guessing starts with: keyboard rows, sequences, words with a year, and those of this trade.
 * Written by hand from well-known habits; compared without case, accents nor signs.
 */
export const motsDePasseCourants: ReadonlySet<string> = new Set(
  `
    000000000000 0123456789ab 098765432109 111111111111 112233445566 123123123123 123456789012 1234567890123
    12345678901234 1234567891011 123456789123 1a2z3e4r5t6y 1q2w3e4r5t6y 1q2w3e4r5t6y7u 1qaz2wsx3edc 1qazxsw23edc
    987654321012 aaaaaaaaaaaa abc123456789 abcd12345678 abcdefgh1234 abcdefghijkl abcdefghijklm admin1234567
    adminadmin12 administrateur administrateur1 administrator amont1234567 amontamontamont aqwzsxedcrfv asdfghjkl123
    asdfghjklqwe automne20262 azerty123456 azertyuiop12 azertyuiop123 azertyuiopqs azertyuiopqsdfghjklm bienvenue123
    bienvenue1234 bienvenue2024 bienvenue2025 bienvenue2026 bonjour12345 bonjour123456 bonjourbonjour bordeaux3300
    camille12345 ccapex123456 ccapexccapex changeme1234 changementmdp changemoi123 changezmoi12 chouchou1234
    conseildepartemental correcthorsebatterystaple decembre2026 demonstrationamont departement71 departement71000
    doudoudoudou dragon123456 expulsion2026 footballfootball iloveyou1234 janvier20262 jetaime12345 jetaimejetaime
    letmein12345 liberteegalitefraternite loulouloulou lyonlyonlyon marseille1300 marseille2024 michael12345
    monmotdepasse motdepasse12 motdepasse123 motdepasse1234 motdepasse2024 motdepasse2025 motdepasse2026
    motdepassefort nicolas12345 novembre2026 olympiquedemarseille p4ssw0rd1234 parissaintgermain passw0rd1234
    password1234 password12345 password123456 password2024 password2025 password2026 passwordpassword prefecture12
    prefecture123 prefecture2026 prefecture71 preventionexpulsion princess1234 printemps2025 printemps2026
    qazwsxedcrfv qwerty123456 qwertyasdfgh qwertyuiop12 qwertyuiop123 republiquefrancaise saoneetloire
    saoneetloire71 secretariat1 secretariat12 secretariat123 septembre2025 septembre2026 servicesocial
    servicesocial71 soleil123456 soleilsoleil sunshine1234 superman1234 test12345678 testtesttest toulouse3131
    trustno1trustno1 utilisateur1 utilisateur12 utilisateur123 vacances2026 welcome12345 welcome123456 zxcvbnm12345
  `
    .trim()
    .split(/\s+/),
)
