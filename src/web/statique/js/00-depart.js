// Tells the style sheet that scripts run: `.avec-js` appears, `.sans-js` goes.
document.documentElement.classList.add('js')

// On a narrow screen the banner and the tabs scroll: bring the current one into view.
for (const courante of document.querySelectorAll('.menu a[aria-current], .vues a[aria-current]')) {
  const cadre = courante.closest('nav')
  if (cadre && cadre.scrollWidth > cadre.clientWidth) cadre.scrollLeft = courante.offsetLeft - cadre.clientWidth / 3
}

// A message already in the page when it loads is not read out: put it back.
for (const message of document.querySelectorAll('[role="status"][data-redire]')) {
  const contenu = [...message.childNodes]
  message.replaceChildren()
  setTimeout(() => message.append(...contenu), 150)
}
