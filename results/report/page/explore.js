// The explorer: a law under the reader's hands, tasks on workers simulated as the
// sliders move, and the reader's own numbers. The document has the places; this fills
// them.
import { el, number, percent, seconds, count, chip, controlGroup } from './dom.js';
import { laws } from './laws.js';
import { fit } from './fit.js';
import { readOut, speedupAt } from './model.js';
import { simulateJob, makeJob } from './sim.js';
import { readText, shorten, mostBytes } from './parse.js';
import { newPlot, drawPlot, drawLanes, numbersTable, plotViews } from './plot.js';

const titles = JSON.parse(document.getElementById('laws').textContent); // {name: {title, formula, docs}}
const place = (id) => document.getElementById(id);

// A slider has positions from 0 to 1000. Shares are finer near 0; a cost has a true 0 at
// its left end.
const share = { value: (p) => (p / 1000) ** 2, position: (v) => 1000 * Math.sqrt(v), write: percent };
const upTo = (most) => ({ value: (p) => most ** (p / 1000), position: (v) => 1000 * Math.log(v) / Math.log(most), write: number });
const scalesOf = {
  sigma: share, s: share, nstar: upTo(1024), c: upTo(50),
  kappa: { value: (p) => (p < 1 ? 0 : 10 ** (6 * (p - 1) / 999 - 6)), position: (v) => (v < 1e-6 ? 0 : 1 + 999 * (Math.log10(v) + 6) / 6), write: percent },
};
const clamp = (v, lo, hi) => Math.min(Math.max(v, lo), hi);
const rounded = (v) => Number(v.toPrecision(3));

const jobParts = {
  tasks: { label: 'tasks', least: 1, most: 256, start: 40 },
  workers: { label: 'workers', least: 1, most: 32, start: 4 },
  serial: { label: 'serial part', least: 0, most: 100, start: 5, unit: ' %' },
  uneven: { label: 'unevenness of the tasks', least: 0, most: 100, start: 30, unit: ' %' },
  lock: { label: 'under one lock, of each task', least: 0, most: 100, start: 0, unit: ' %' },
  handing: { label: 'handing out, of a task', least: 0, most: 50, start: 0, unit: ' %' },
  processors: { label: 'processors', least: 0, most: 32, start: 0, none: 'one for each worker' },
};
const jobLevels = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32];

const state = {
  law: 'amdahl', most: 64, view: 'speedup', log: true,
  params: { ideal: [], amdahl: [0.05], usl: [0.05, 0.0005], log: [0.05, 0.01], bottleneck: [12], convoy: [2], random: [], gustafson: [0.1] },
  job: Object.fromEntries(Object.entries(jobParts).map(([key, part]) => [key, part.start])), jobLaw: 'amdahl',
  own: null, series: 0, ownLaw: 'amdahl', ownCurve: null, ownMessage: '',
};

// The fragment holds the law and the job, never the reader's numbers.
function readFragment() {
  const all = new URLSearchParams(location.hash.slice(1));
  const numbers = (key) => (all.get(key) ?? '').split(',').map(Number);
  const name = all.get('law');
  if (name && Object.hasOwn(laws, name)) {
    state.law = name;
    const p = numbers('p'), { ranges } = laws[name];
    if (p.length === ranges.length && p.every((v, k) => v >= ranges[k][0] && v <= Math.min(ranges[k][1], 1e6))) state.params[name] = p;
  }
  const most = Number(all.get('n'));
  if (most >= 2 && most <= 1024) state.most = Math.round(most);
  if (Object.hasOwn(plotViews, all.get('view'))) state.view = all.get('view');
  if (all.has('axes')) state.log = all.get('axes') !== 'lin';
  const job = numbers('job'), keys = Object.keys(jobParts);
  if (job.length === keys.length) keys.forEach((key, i) => { if (Number.isFinite(job[i])) state.job[key] = clamp(Math.round(job[i]), jobParts[key].least, jobParts[key].most); });
}

function writeFragment() {
  const p = state.params[state.law].map(rounded).join(',');
  history.replaceState(null, '', `#law=${state.law}${p && `&p=${p}`}&n=${state.most}&view=${state.view}&axes=${state.log ? 'log' : 'lin'}&job=${Object.values(state.job).join(',')}`);
}

// once calls a function at most once a frame.
function once(f) {
  let due = false;
  return () => {
    if (due) return;
    due = true;
    requestAnimationFrame(() => {
      due = false;
      f();
    });
  };
}

// slider makes a labelled range input; show sets it and its text.
function slider(label, { least = 0, most = 1000, step = 1 }, input, done = writeFragment) {
  const id = `slider-${label.replace(/\W+/g, '-')}-${document.querySelectorAll('input').length}`;
  const text = el('span');
  const range = el('input', { id, type: 'range', min: least, max: most, step, input: () => input(Number(range.value)), change: done });
  const row = el('div', { class: 'dial' }, el('label', { for: id }, label), range, text);
  row.show = (position, words) => {
    range.value = position;
    range.setAttribute('aria-valuetext', words);
    text.textContent = words;
  };
  return row;
}

// choices makes buttons of which one is pressed.
function choices(label, list, pressed, choose) {
  const all = list.map(([value, text]) => chip(text, value === pressed(), () => choose(value), { value }));
  const group = controlGroup(label, ...all);
  group.show = () => all.forEach((b) => b.setAttribute('aria-pressed', String(b.value === String(pressed()))));
  return group;
}

// saysOf is what a curve says at n workers, as a list.
function saysOf(curve, n) {
  const pairs = curve.params.length ? readOut(curve, n, 'task') : [[`at ${count(n, 'worker')}`, `${number(n)} ×`], ['ceiling', 'none']];
  return el('dl', { class: 'reads' }, ...pairs.map(([name, text]) => el('div', {}, el('dt', {}, name), el('dd', {}, text))));
}

// handlesOf are the handles on a curve that the reader may move.
function handlesOf(curve, most, set, done) {
  const law = laws[curve.law];
  return law.params.map((name, k) => {
    const scale = scalesOf[name], value = curve.params[k], doc = titles[curve.law].docs[k];
    const put = (v) => set(curve.params.map((old, j) => (j === k ? rounded(clamp(v, law.ranges[k][0], Math.min(law.ranges[k][1], scale.value(1000)))) : old)));
    return {
      name, symbol: law.symbols[k], n: law.params.length === 1 ? Math.max(most * 0.8, 1.5) : k === 0 ? Math.sqrt(most) : most * 0.9, moved: put, done,
      key: (by) => {
        put(scale.value(clamp(Math.round(scale.position(value)) + by, 0, 1000)));
        done();
      },
      slider: {
        'aria-label': `${law.symbols[k]}: ${doc}`, 'aria-valuemin': 0, 'aria-valuemax': 1000, 'aria-valuenow': Math.round(scale.position(value)),
        'aria-valuetext': `${law.symbols[k]} is ${scale.write(value)}`, 'aria-orientation': 'vertical',
      },
    };
  });
}

// The card of a law.
function lawCard() {
  const plot = newPlot(place('law-figure'), 'speedup of the law');
  const draw = once(redraw);
  const named = choices('law', Object.keys(laws).map((name) => [name, titles[name].title]), () => state.law, (name) => {
    state.law = name;
    sliders();
    draw();
    writeFragment();
  });
  const view = choices('show', Object.keys(plotViews).map((v) => [v, v]), () => state.view, (v) => {
    state.view = v;
    draw();
    writeFragment();
  });
  const axes = choices('axes', [['true', 'logarithmic'], ['false', 'linear']], () => String(state.log), (v) => {
    state.log = v === 'true';
    draw();
    writeFragment();
  });
  const most = slider('largest number of workers', { least: 10, most: 100 }, (p) => {
    state.most = Math.round(2 ** (p / 10));
    draw();
  });
  let rows = [];
  function sliders() {
    const law = laws[state.law];
    rows = law.params.map((name, k) => slider(`${law.symbols[k]}, ${titles[state.law].docs[k]}`, {}, (p) => {
      state.params[state.law][k] = rounded(scalesOf[name].value(p));
      draw();
    }));
    place('law-sliders').replaceChildren(...rows, most);
  }
  function redraw() {
    const curve = { law: state.law, params: state.params[state.law], t1: 1, class: 'law own' };
    drawPlot(plot, {
      view: state.view, log: state.log, most: state.most, curves: [curve], points: [],
      handles: handlesOf(curve, state.most, (p) => {
        state.params[state.law] = p;
        draw();
      }, writeFragment),
    });
    rows.forEach((row, k) => {
      const scale = scalesOf[laws[state.law].params[k]];
      row.show(scale.position(curve.params[k]), scale.write(curve.params[k]));
    });
    most.show(10 * Math.log2(state.most), number(state.most));
    for (const group of [named, view, axes]) group.show();
    place('law-formula').textContent = titles[state.law].formula;
    place('law-says').replaceChildren(saysOf(curve, state.most));
    const levels = powers(state.most);
    swapTable('law-table', 'The numbers of this law', ['workers', 'speedup', 'efficiency', 'T(n)/T(1)'], levels.map((n) => {
      const s = speedupAt(curve, n);
      return [number(n), number(s), percent(s / n), number(1 / s)];
    }));
  }
  place('law-controls').append(named, view, axes);
  sliders();
  redraw();
}

function powers(most) {
  const all = [];
  for (let n = 1; n < most; n *= 2) all.push(n);
  return [...all, most];
}

// swapTable puts a table in the place of another, open if that was.
function swapTable(id, summary, heads, rows) {
  const table = numbersTable(summary, heads, rows), old = place(id).firstElementChild;
  if (old?.open) table.open = true;
  if (old?.contains(document.activeElement)) {
    old.lastChild.replaceWith(table.lastChild); // the focus is on the summary, which stays
    return;
  }
  place(id).replaceChildren(table);
}

// The card of tasks on workers.
function jobCard() {
  const plot = newPlot(place('job-figure'), 'speedup of the simulated tasks');
  const draw = once(redraw);
  const rows = Object.entries(jobParts).map(([key, part]) => {
    const row = slider(part.label, part, (v) => {
      state.job[key] = v;
      draw();
    });
    row.update = () => row.show(state.job[key], part.none && !state.job[key] ? part.none : number(state.job[key]) + (part.unit ?? ''));
    return row;
  });
  const law = choices('fit to the points', Object.keys(laws).filter((name) => laws[name].params.length && !laws[name].weak).map((name) => [name, name]), () => state.jobLaw, (name) => {
    state.jobLaw = name;
    draw();
  });
  place('job-sliders').append(...rows);
  place('job-controls').append(law);
  function run(job, workers) {
    return simulateJob(job, workers, { cores: state.job.processors, dispatch: Math.round(1e9 / state.job.tasks * state.job.handing / 100) });
  }
  function redraw() {
    const j = state.job;
    const job = makeJob({ tasks: j.tasks, serial: j.serial / 100, uneven: j.uneven / 100, lock: j.lock / 100 });
    const one = run(job, 1).time, here = run(job, j.workers);
    const points = jobLevels.map((n) => ({ n, r: run(job, n).time / one, class: 'dot' }));
    const f = fit(state.jobLaw, points.map((p) => ({ n: p.n, samples: [{ t: p.r, round: 0 }] })));
    drawPlot(plot, { view: 'speedup', log: true, most: 32, curves: [{ law: f.law, params: f.params, class: 'law' }], points, handles: [] });
    const paid = here.time * j.workers, s = one / here.time;
    drawLanes(place('job-lanes'), j.workers, here.time, here.slices, `What ${count(j.workers, 'worker')} did when`);
    rows.forEach((row) => row.update());
    law.show();
    const symbols = laws[f.law].symbols.map((symbol, k) => `${symbol} = ${scalesOf[laws[f.law].params[k]].write(f.params[k])}`).join(', ');
    const worst = Math.max(...points.map((p) => Math.abs(f.t1 * laws[f.law].time(f.params, p.n) / p.r - 1)));
    place('job-says').textContent = `${count(j.workers, 'worker')} ${j.workers === 1 ? 'is' : 'are'} ${number(s)} times as fast as one (${percent(s / j.workers)} efficient). ${titles[f.law].title} fitted to the points says ${symbols}; ${j.serial} % were planted. It misses a point by up to ${percent(worst)}.`;
    const causes = [['useful', 'computed'], ['serial', 'idle during the serial part'], ['lock', 'waited for the lock'], ['dispatch', 'were handed tasks'], ['queued', 'waited for a processor'], ['imbalance', 'idle at the end']];
    swapTable('job-table', 'Where the time of the workers went', ['', 'share'], causes.map(([key, words]) => [words, percent(here.parts[key] / paid)]));
  }
  redraw();
  new ResizeObserver(draw).observe(place('job-lanes'));
}

const example = [1, 2, 3, 4, 6, 8].flatMap((n) => [0, 1, 2, 3, 4, 5].map((i) => `BenchmarkIndex-${n}\t100\t${Math.round(8e6 * (0.07 + 0.93 / n) * (1 + (i * 7 + n * 3) % 11 / 500))} ns/op`)).join('\n');

// The card of the reader's own numbers.
function ownCard() {
  const plot = newPlot(place('own-figure'), 'speedup of your numbers');
  const draw = once(redraw);
  const area = place('own-text'), message = place('own-message');
  const take = (text, bytes) => {
    const found = readText(text, bytes);
    state.own = found.error ? null : found;
    state.series = 0;
    state.ownCurve = null;
    state.ownMessage = found.error ?? `${found.series.length} series. ${found.notes.map((n) => `${n[0].toUpperCase()}${n.slice(1)}.`).join(' ')}`;
    build();
    redraw();
  };
  const file = async (f) => {
    if (!f) return;
    const text = f.size > mostBytes ? '' : await f.text();
    if (text) area.value = text;
    take(text, f.size);
  };
  place('own-show').addEventListener('click', () => take(area.value));
  place('own-file').addEventListener('change', (event) => file(event.target.files[0]));
  place('own-example').addEventListener('click', () => {
    area.value = example;
    take(example);
  });
  const drop = place('own');
  drop.addEventListener('dragover', (event) => {
    event.preventDefault();
    drop.classList.add('over');
  });
  drop.addEventListener('dragleave', () => drop.classList.remove('over'));
  drop.addEventListener('drop', (event) => {
    event.preventDefault();
    drop.classList.remove('over');
    const text = event.dataTransfer.getData('text/plain');
    if (event.dataTransfer.files.length) file(event.dataTransfer.files[0]);
    else if (text) {
      area.value = text;
      take(text);
    }
  });
  let groups = [];
  function build() {
    groups = [];
    if (state.own) {
      const { series } = state.own;
      if (series.length > 1) groups.push(choices('series', series.slice(0, 40).map((s, i) => [String(i), shorten(s.name)]), () => String(state.series), (i) => pick(() => { state.series = Number(i); })));
      groups.push(choices('law', Object.keys(laws).map((name) => [name, titles[name].title]), () => state.ownLaw, (name) => pick(() => { state.ownLaw = name; })));
    }
    place('own-controls').replaceChildren(...groups);
  }
  function pick(change) {
    change();
    state.ownCurve = null;
    draw();
  }
  function redraw() {
    message.textContent = state.ownMessage;
    place('own-result').hidden = !state.own;
    if (!state.own) return;
    groups.forEach((g) => g.show());
    const series = state.own.series[state.series];
    const f = fit(state.ownLaw, series.points, { relative: series.relative });
    const medians = series.points.map((p) => ({ n: p.n, t: median(p.samples.map((s) => s.t)), samples: p.samples }));
    const t1 = medians.find((m) => m.n === 1)?.t ?? f.t1 ?? medians[0].t * medians[0].n;
    const last = medians.at(-1).n, most = Math.max(last * 1.5, 2);
    const fitted = f.ok ? { law: f.law, params: f.params, t1: f.t1 } : null;
    const own = state.ownCurve ?? fitted;
    const toR = (c) => ({ ...c, class: 'law own' });
    const curves = own ? [toR(own)] : [];
    if (state.ownCurve && fitted) curves.push({ ...fitted, class: 'law ghost' });
    drawPlot(plot, {
      view: 'speedup', log: true, most, curves,
      points: [...medians.flatMap((m) => m.samples.map((s) => ({ n: m.n, r: s.t / t1, class: 'dot faint' }))), ...medians.map((m) => ({ n: m.n, r: m.t / t1, class: 'dot' }))],
      handles: own ? handlesOf(own, most, (params) => {
        state.ownCurve = { ...own, params };
        draw();
      }, () => {}) : [],
    });
    const law = laws[state.ownLaw];
    const words = (params) => law.symbols.map((symbol, k) => `${symbol} = ${scalesOf[law.params[k]].write(params[k])}`).join(', ') || 'no parameter';
    const text = [];
    if (!fitted) text.push(`${titles[state.ownLaw].title} needs ${law.levels} numbers of workers; there are ${medians.length}.`);
    else {
      text.push(`${titles[f.law].title}, fitted: ${words(f.params)}, T(1) = ${series.relative ? number(f.t1) : seconds(f.t1)}.`);
      if (f.rounds) text.push(`${count(f.rounds, 'whole round')} are the unit of the fit.`);
      if (f.misfit !== null && f.misfit < 0.05) text.push('The law misses the points by more than the spread of the samples explains.');
    }
    if (state.ownCurve) text.push(`Your curve: ${words(state.ownCurve.params)}.`);
    text.push('There are no intervals here, and no law is chosen for you: amdahl fit does both.');
    place('own-says').textContent = text.join(' ');
    place('own-read').replaceChildren(...(own ? [saysOf(own, last)] : []));
    swapTable('own-table', 'What was read', [series.x, 'samples', 'median', 'speedup'], medians.map((m) => [number(m.n), String(m.samples.length), series.relative ? number(m.t) : seconds(m.t), number(t1 / m.t)]));
  }
  build();
  redraw();
}

function median(list) {
  const s = [...list].sort((a, b) => a - b), k = s.length >> 1;
  return s.length % 2 ? s[k] : (s[k - 1] + s[k]) / 2;
}

readFragment();
lawCard();
jobCard();
ownCard();
document.documentElement.classList.add('ready');
