// The page comes to life: each figure that comes near the window gets its panels and
// controls. Nothing of what Go has written is hidden before its replacement stands.
import { el, chip, controlGroup, count, number } from './dom.js';
import { laws } from './laws.js';
import { newState, readFragment, readState, writeState, groupIn } from './state.js';
import { fitAgain, lawsFor, startOf } from './model.js';
import { drawPanel, visible, nearestLevel } from './figure.js';
import { hover, cursorFor } from './pointing.js';
import { drawOwn } from './handles.js';
import { drawLost } from './lost.js';
import { drawTimeline, drawRecorded } from './timeline.js';
import { askedFor, comparison, drawPredict } from './predict.js';
import { toolbar, ownPanel, workersSlider } from './controls.js';

const page = { data: null, figures: new Map(), predicting: false, title: '' };

// save writes the state of a figure into the address.
function save(f) {
  history.replaceState(null, '', writeState(f.group, f.state, page.predicting));
}

// firstSeries is the series that a curve belongs to before the reader chooses: the
// first one with most levels.
const firstSeries = (group) => group.series.reduce((best, s, i) => (s.levels.length > (group.series[best]?.levels.length ?? 0) ? i : best), 0);

// newFigure makes the state of a group, and what its parts need of one another.
function newFigure(part, group) {
  const f = { part, group, state: newState(), panels: [], updates: [], hover: null, revealed: false, lit: null };
  f.state.series = firstSeries(group);
  let known = null; // the fit, for what it was made of
  const reference = () => {
    const s = f.state, series = group.series[s.series];
    s.law ??= lawsFor(group).includes(series.law) ? series.law : group.weak ? 'gustafson' : 'amdahl';
    const key = JSON.stringify([s.series, s.law, [...s.levels], [...s.rounds]]);
    if (known?.key === key) return known;
    const start = startOf(series, s.law);
    const ghost = s.levels.size || s.rounds.size ? fitAgain(group, series, s.law, s) : start.fitted ? start : null;
    known = { key, start, ghost };
    return known;
  };
  f.ghost = () => reference().ghost;
  f.curve = () => {
    const { start, ghost } = reference(), from = ghost ?? start;
    return { law: f.state.law, params: f.state.params ?? from.params, t1: f.state.t1 ?? from.t1 };
  };
  f.setParam = (k, v) => {
    const c = f.curve(), [least, most] = laws[c.law].ranges[k];
    f.state.params = c.params.map((p, i) => (i === k ? Math.min(Math.max(v, least), Math.min(most, 1e6)) : p));
  };
  f.setT1 = (v) => { f.state.t1 = Math.min(Math.max(v, 1e-15), 1e9); };
  f.moved = (done) => {
    for (const u of f.updates) u();
    if (done) save(f);
  };
  f.changed = () => {
    draw(f);
    save(f);
  };
  f.save = () => save(f);
  f.choose = (i) => {
    Object.assign(f.state, { series: i, law: null, params: null, t1: null, levels: new Set(), rounds: new Set(), guess: new Map() });
    f.state.off.delete(i);
    f.changed();
  };
  f.point = (n) => {
    const i = visible(f).includes(f.state.series) ? f.state.series : visible(f)[0];
    if (i == null) return;
    const { levels } = group.series[i], nearest = nearestLevel(levels.map((l) => l.n), n);
    hover(f, { series: i, level: levels.findIndex((l) => l.n === nearest), sample: -1 });
  };
  f.predict = (on) => predict(on, f);
  f.host = el('div', { class: 'explorer' });
  new ResizeObserver(() => requestAnimationFrame(() => { // a drawing changes the height of what is observed
    const width = f.host.clientWidth;
    if (width > 0 && f.width && width !== f.width) draw(f);
  })).observe(f.host);
  part.querySelector('.drawn').before(f.host);
  return f;
}

// draw makes all of a figure anew, and gives the focus back to what had it.
function draw(f) {
  const width = f.host.clientWidth;
  if (width === 0) return;
  f.width = width;
  const held = f.host.contains(document.activeElement) ? document.activeElement.getAttribute('data-focus') : null;
  f.updates = [];
  f.panels = [];
  f.lit = f.followed = null;
  if (page.predicting && !f.revealed) drawPrediction(f, width);
  else drawFigure(f, width);
  f.part.classList.add('live');
  if (held) [...f.host.querySelectorAll('[data-focus]')].find((e) => e.getAttribute('data-focus') === held)?.focus({ preventScroll: true });
}

function drawFigure(f, width) {
  const { state, group } = f;
  const shown = state.views.filter((v) => v === 'time' || group.series.some((s) => s.levels.some((l) => l.s)) || group.series.some((s) => s.fits.length));
  if (!shown.length) shown.push('time');
  const abreast = width >= 720 && shown.length > 1 ? 2 : 1;
  const w = abreast === 2 ? Math.floor((width - 24) / 2) : Math.min(width, 900), h = Math.round(Math.min(Math.max(w * 0.62, 240), 360));
  const panels = el('div', { class: 'panels' });
  if (!(group.series[state.series]?.levels.length > 1)) state.own = false;
  const first = ['speedup', 'efficiency', 'time'].find((v) => shown.includes(v));
  for (const view of shown) {
    const panel = drawPanel(f, view, w, h);
    cursorFor(f, panel);
    if (state.own) f.updates.push(drawOwn(f, panel, view === first));
    f.panels.push(panel);
    panels.append(el('div', { class: 'panel' }, panel.svg));
  }
  f.said = el('p', { class: 'said pointed' });
  const kept = [...f.part.querySelectorAll(group.series.length > 1 ? '.drawn .legend, .drawn figcaption' : '.drawn figcaption')].map((e) => e.cloneNode(true)); // what Go says of the figure
  const children = [page.predicting ? revealedWords(f) : null, toolbar(f), panels, f.said, ...kept];
  if (state.own) children.push(ownPanel(f, page.data));
  const played = state.own || group.series[state.series]?.rec ? state.series : group.series.findIndex((s) => s.rec);
  if (played >= 0) children.push(timelineOf(f, width, group.series[played]));
  f.host.replaceChildren(...children.filter(Boolean));
  const lost = f.part.querySelector('.lost');
  if (lost && group.series.some((s) => s.lost)) {
    f.lostHost ??= lost.querySelector('h4').parentNode.insertBefore(el('div', { class: 'lost-live' }), lost.querySelector('.lost-drawn'));
    f.lit = drawLost(f, f.lostHost, page.data.causes, f.lostHost.clientWidth || width);
    lost.classList.add('live');
  }
  for (const u of f.updates) u();
  hover(f, f.hover && visible(f).includes(f.hover.series) ? f.hover : null);
}

// timelineOf is who works when: what was recorded at the level nearest to n, and the
// simulated workers of the reader's curve.
function timelineOf(f, width, series) {
  const { state, group } = f, of = group.series.length > 1 ? `: ${series.name}` : '', last = series.levels.at(-1).n;
  const most = Math.min(Math.max(Math.round(last * 2), 8), 1024);
  const host = el('div', {}), wide = Math.min(width - 2, 1100), recorded = series.rec ?? [];
  let shown = Math.min(Math.max(Math.round(state.workers ?? last), 1), most), lines;
  const show = () => {
    const parts = [];
    lines = [];
    if (recorded.length) {
      const nearest = nearestLevel(recorded.map((r) => r.n), shown);
      lines.push(drawRecorded(recorded.find((r) => r.n === nearest), page.data.causes, Math.max(...recorded.map((r) => r.time)), wide));
      parts.push(nearest === shown ? null : el('p', { class: 'said' }, `Nothing was recorded with ${count(shown, 'worker')}: this is with ${number(nearest)}.`), lines[0].node);
    }
    if (state.own) {
      const tasks = Math.max(Math.round(nearTasks(series, shown)), 1);
      lines.push(drawTimeline(f.curve(), shown, tasks > 1 ? tasks : 24 * shown, wide, `var(--${series.color})`));
      if (recorded.length) parts.push(el('p', { class: 'said' }, 'Simulated from your curve:'));
      parts.push(lines.at(-1).node);
      if (!recorded.length) parts.push(el('p', { class: 'said muted' }, 'This is simulated, not recorded: amdahl report --trace FILE plays a trace here.'));
    }
    host.replaceChildren(...parts.filter(Boolean));
  };
  f.updates.push(show);
  const slider = workersSlider(f, shown, most, (n, done) => {
    shown = state.workers = n;
    f.moved(done);
  });
  f.followed = (n) => {
    const to = Math.min(Math.max(Math.round(n ?? last), 1), most);
    if (to === shown) return;
    shown = to;
    slider.querySelector('input').value = to;
    slider.querySelector('output').textContent = to;
    show();
  };
  return el('div', { class: 'timeline' }, el('h4', {}, recorded.length ? `Who works when${of}` : 'Who works when, simulated from your curve'), slider,
    el('div', { class: 'controls' }, el('button', { type: 'button', class: 'chip', 'data-focus': 'play', click: () => lines.forEach((l) => l.play()) }, 'Play')), host);
}

// nearTasks are the tasks of an operation at the level nearest to n.
function nearTasks(series, n) {
  const nearest = nearestLevel(series.levels.map((l) => l.n), n);
  return series.levels.find((l) => l.n === nearest).tasks ?? 1;
}

function drawPrediction(f, width) {
  const { state, group } = f, series = group.series[state.series];
  const box = el('div', { class: 'predict' });
  if (!askedFor(series ?? { levels: [] }).length) {
    f.host.replaceChildren(el('p', { class: 'said' }, 'There is no speedup to predict here.'));
    return;
  }
  drawPredict(f, box, width);
  f.host.replaceChildren(
    controlGroup('Predict', ...group.series.map((s, i) => (askedFor(s).length ? chip(s.name, i === state.series, () => f.choose(i), { 'data-focus': `of ${i}` }) : null))),
    box,
    el('div', { class: 'controls' }, el('button', { type: 'button', class: 'chip strong', 'data-focus': 'compare', click: () => reveal(f) }, 'Compare with what was measured')));
}

// reveal shows one figure with all that belongs to it, beside what was predicted.
function reveal(f) {
  f.revealed = true;
  f.part.classList.add('revealed');
  draw(f);
  save(f);
  f.host.querySelector('.verdict')?.focus();
}

function revealedWords(f) {
  const c = comparison(f);
  return el('div', { class: 'verdict', tabindex: -1, role: 'status' }, el('h4', {}, c.head), el('ul', {}, ...c.list.map((t) => el('li', {}, t))));
}

// predict begins predict mode, or ends it and shows everything.
function predict(on, f) {
  page.predicting = on;
  document.documentElement.classList.toggle('predicting', on);
  document.title = on ? 'Predict first' : page.title;
  for (const g of page.figures.values()) {
    g.revealed = false;
    g.part.classList.remove('revealed');
    if (g.width) draw(g);
  }
  banner();
  if (f) {
    save(f);
    f.part.scrollIntoView({ block: 'start' });
  }
}

// banner says at the top that results are hidden, and how to see them.
function banner() {
  document.querySelector('.banner')?.remove();
  if (!page.predicting) return;
  document.querySelector('header').prepend(el('div', { class: 'banner' }, el('h1', {}, 'Predict first'),
    el('p', {}, 'What was measured is hidden. Draw or type your curve in a figure, then compare.'),
    el('button', { type: 'button', class: 'chip', click: () => { predict(false); history.replaceState(null, '', location.pathname + location.search); } }, 'Show everything')));
}

// curved reports whether a group has a curve. The drawing of one without is that of
// Go: bars by name.
const curved = (group) => group.series.some((s) => s.levels.length > 1);

// begin gives a figure its panels, unless it has them.
function begin(part) {
  const group = page.data.groups[Number(part.dataset.group)];
  if (page.figures.has(part)) return page.figures.get(part);
  if (!group || !curved(group)) return undefined;
  const f = newFigure(part, group);
  page.figures.set(part, f);
  draw(f);
  return f;
}

// follow does what the fragment of the address says.
function follow(parts) {
  const fragment = readFragment(location.hash);
  if (!fragment) {
    if (page.predicting && !location.hash) predict(false);
    return;
  }
  const i = groupIn(fragment, page.data.groups);
  const on = fragment.has('predict');
  const part = parts.find((p) => (i < 0 ? curved(page.data.groups[Number(p.dataset.group)]) : Number(p.dataset.group) === i));
  const f = part && begin(part);
  if (f && i >= 0) {
    f.state = readState(fragment, f.group, laws);
    if (!fragment.has('s')) f.state.series = firstSeries(f.group);
    if (!f.group.series[f.state.series]?.levels.length) f.state.series = firstSeries(f.group);
  }
  if (on !== page.predicting) predict(on);
  if (!f) return;
  draw(f);
  f.part.scrollIntoView({ block: 'start' });
}

function start() {
  const text = document.getElementById('data')?.textContent;
  if (!text) return;
  page.data = JSON.parse(text);
  page.title = document.querySelector('header h1').textContent;
  const parts = [...document.querySelectorAll('.part')];
  const near = new IntersectionObserver((entries) => {
    for (const e of entries) {
      if (!e.isIntersecting) continue;
      near.unobserve(e.target);
      begin(e.target);
    }
  }, { rootMargin: '500px' });
  for (const part of parts) near.observe(part);
  follow(parts);
  if (!page.predicting) predict(false); // whatever the address looked like at first
  addEventListener('hashchange', () => follow(parts));
}

if (typeof document !== 'undefined') start();
