// Follows the files of `amdahl view`: loads the page again when they have changed,
// and keeps the fragment, what is unfolded, the focus and the place on the page.
// It is a script of its own, in pages that amdahl view serves and in no others.
const version = document.querySelector('meta[name=amdahl-live]').content;
const kept = 'amdahl-live';
const note = document.createElement('p');
note.className = 'live-note';
note.setAttribute('role', 'status');
document.querySelector('header, main').append(note);

history.scrollRestoration = 'manual';
let held = false, lastKey = 0, leaving = false;
addEventListener('pointerdown', () => { held = true; });
for (const end of ['pointerup', 'pointercancel']) addEventListener(end, () => { held = false; });
addEventListener('keydown', () => { lastKey = performance.now(); });

// again loads the page again, once the reader neither drags nor types.
function again() {
  if (leaving) return;
  if (held || performance.now() - lastKey < 1500) {
    setTimeout(again, 300);
    return;
  }
  leaving = true;
  const unfolded = [...document.querySelectorAll('details')].map((d) => d.open);
  sessionStorage.setItem(kept, JSON.stringify({ y: scrollY, unfolded, focus: document.activeElement?.id ?? '' }));
  location.reload();
}

// restore puts back what again has kept.
function restore() {
  const text = sessionStorage.getItem(kept);
  sessionStorage.removeItem(kept);
  if (!text) return;
  const { y, unfolded, focus } = JSON.parse(text);
  document.querySelectorAll('details').forEach((d, i) => { if (unfolded[i]) d.open = true; });
  if (focus) document.getElementById(focus)?.focus({ preventScroll: true });
  scrollTo({ top: y, behavior: 'instant' });
}
restore();

const source = new EventSource('events?have=' + encodeURIComponent(version));
source.addEventListener('changed', again);
source.addEventListener('end', () => {
  source.close();
  note.textContent = 'amdahl view has ended. The page stays as it is.';
});
source.addEventListener('error', () => { if (!leaving) note.textContent = 'amdahl view does not answer. Trying again …'; });
source.addEventListener('open', () => { note.textContent = 'Follows the measurement.'; });
