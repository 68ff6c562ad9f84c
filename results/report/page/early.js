// This runs before the page is drawn: a link to predict mode must not show for a
// moment what it hides. If any script fails, everything is shown.
if (/[#&]predict(&|=|$)/.test(location.hash)) {
  document.documentElement.classList.add('predicting');
  document.title = 'Predict first';
}
const showAll = () => document.documentElement.classList.remove('predicting');
addEventListener('error', showAll);
addEventListener('load', () => { if (!document.querySelector('.banner')) showAll(); });
