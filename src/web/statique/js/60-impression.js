// « Imprimer » opens the browser's own dialog. Without scripts the button does not show, and its menu does the same.
for (const bouton of document.querySelectorAll('[data-imprimer]')) bouton.addEventListener('click', () => print())
