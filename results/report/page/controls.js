// What stands around a figure: what is shown, the reader's curve with its sliders,
// what it says, what is left out of the fit, and the simulated workers.
import { el, shape, number, seconds, count, marker, chip, controlGroup } from './dom.js';
import { laws } from './laws.js';
import { titleOf } from './figure.js';
import { clamped, paramWords } from './handles.js';
import { lawsFor, readOut, samplesOf, startOf } from './model.js';
import { views } from './state.js';

const sample = (series) => shape('svg', { class: 'sample', viewBox: '-8 -8 16 16', 'aria-hidden': 'true' }, marker(series, 0, 0, 5));

// toggle adds a value to a set, or removes it.
function toggle(set, v) {
  if (!set.delete(v)) set.add(v);
}

// toolbar chooses series, views and axes.
export function toolbar(f) {
  const { group, state } = f;
  const bar = el('div', { class: 'toolbar' });
  bar.append(controlGroup('Series', ...group.series.map((s, i) => (s.sound
    ? chip([sample(s), s.name], !state.off.has(i), () => { toggle(state.off, i); f.changed(`series ${i}`); }, { 'data-focus': `series ${i}`, class: state.off.has(i) ? 'chip gone' : 'chip' })
    : el('span', { class: 'chip gone' }, `${s.name}: not sound, not drawn`)))));
  bar.append(controlGroup('Show', ...Object.keys(views).map((v) => chip(titleOf(v, group), state.views.includes(v), () => {
    const on = state.views.includes(v);
    const next = on ? state.views.filter((x) => x !== v) : Object.keys(views).filter((x) => x === v || state.views.includes(x));
    if (next.length) state.views = next;
    f.changed();
  }, { 'data-focus': `view ${v}` })),
  ...['x', 'y'].map((a) => chip(`${a === 'x' ? group.x : 'values'} logarithmic`, state[a] === 'log', () => { state[a] = state[a] === 'log' ? 'lin' : 'log'; f.changed(); }, { 'data-focus': `axis ${a}` }))));
  const can = group.series.some((s) => s.levels.length > 1);
  if (can) {
    bar.append(controlGroup('Try', chip('Your own curve', state.own, () => { state.own = !state.own; f.changed(); }, { 'data-focus': 'own' }),
      el('button', { type: 'button', class: 'chip', click: () => f.predict(true) }, 'Predict first')));
  }
  return bar;
}

// slider is a range with its name and its value in words. to and from turn a value
// into a place from 0 to 1000 and back.
function slider(f, label, id, read, write, to, from, words) {
  const out = el('output', {});
  const input = el('input', {
    type: 'range', min: 0, max: 1000, step: 'any', 'aria-label': label, 'data-focus': id,
    input: () => { write(from(Number(input.value))); f.moved(false); },
    change: () => f.moved(true),
  });
  f.updates.push(() => {
    const v = read();
    input.value = to(v);
    input.setAttribute('aria-valuetext', words());
    out.textContent = id === 't1' ? seconds(v) : number(v);
  });
  return el('label', { class: 'slider' }, el('span', {}, label), input, out);
}

// placesOf maps a parameter to a slider: shares evenly, all others by their
// logarithms, with a true 0 at the left end where it can be 0.
function slides(name, [least, most], value) {
  if (most === 1) return [(v) => 1000 * v, (p) => p / 1000];
  const lo = name === 'kappa' ? 1e-6 : Math.max(least, 1), hi = name === 'kappa' ? 1 : Math.max(1000, value * 10);
  const k = 1000 / Math.log(hi / lo);
  if (name === 'kappa') return [(v) => (v < lo ? 0 : 20 + (k * 0.98) * Math.log(v / lo)), (p) => (p < 20 ? 0 : lo * Math.exp((p - 20) / (k * 0.98)))];
  return [(v) => k * Math.log(v / lo), (p) => lo * Math.exp(p / k)];
}

// ownPanel is everything about the reader's curve.
export function ownPanel(f, data) {
  const { group, state } = f, series = group.series[state.series], c = f.curve(), law = laws[c.law];
  const choose = controlGroup('Curve of', ...group.series.map((s, i) => (s.levels.length > 1
    ? chip([sample(s), s.name], i === state.series, () => { f.choose(i); }, { 'data-focus': `of ${i}` }) : null)));
  const which = controlGroup('Law', ...lawsFor(group).map((name) => chip(data.laws[name].title, name === c.law, () => {
    Object.assign(state, { law: name, params: null, t1: null });
    f.changed();
  }, { 'data-focus': `law ${name}`, title: data.laws[name].formula })));
  const sliders = el('div', { class: 'sliders' });
  law.params.forEach((name, k) => {
    sliders.append(slider(f, law.symbols[k], `slider ${name}`, () => f.curve().params[k], (v) => f.setParam(k, clamped(c, k, v)), ...slides(name, law.ranges[k], c.params[k]), () => paramWords(f.curve(), k)));
  });
  const t1 = startOf(series, c.law).t1;
  sliders.append(slider(f, 'T(1)', 't1', () => f.curve().t1, (v) => f.setT1(v), (v) => 500 + 500 * Math.log(v / t1) / Math.log(4), (p) => t1 * 4 ** ((p - 500) / 500), () => `one worker takes ${seconds(f.curve().t1)} a ${group.per}`));
  const says = el('dl', { class: 'reads' });
  f.updates.push(() => says.replaceChildren(...readOut(f.curve(), state.workers ?? series.levels.at(-1).n).map(([k, v]) => el('div', {}, el('dt', {}, k), el('dd', {}, v)))));
  const rounds = [...new Set(series.levels.flatMap((l) => samplesOf(group, l).map((s) => s.round)))].filter((r) => r > 0).sort((a, b) => a - b);
  const leave = (label, values, set) => controlGroup(label, ...values.map((v) => chip(number(v), !set.has(v), () => { toggle(set, v); Object.assign(state, { params: null, t1: null }); f.changed(); }, { 'data-focus': `${label} ${v}`, class: set.has(v) ? 'chip gone' : 'chip' })));
  return el('div', { class: 'own-panel' },
    el('div', {}, el('h4', {}, 'Your curve'), choose, which, sliders,
      el('div', { class: 'controls' }, el('button', { type: 'button', class: 'chip', click: () => { Object.assign(state, { params: null, t1: null }); state.levels.clear(); state.rounds.clear(); f.changed(); } }, 'Back to the fit'))),
    el('div', {}, el('h4', {}, 'What it says'), says, el('h4', {}, 'Leave out, and fit again'),
      leave('levels', series.levels.map((l) => l.n), state.levels), rounds.length > 1 && rounds.length <= 60 ? leave('rounds', rounds, state.rounds) : null,
      el('p', { class: 'said', role: 'status' }, fitWords(f, data))));
}

// fitWords says what the reader's curve began with.
export function fitWords(f, data) {
  const { group, state } = f, series = group.series[state.series], c = f.curve();
  const { title } = data.laws[c.law];
  const values = (x) => [...x.params.map((v, k) => `${laws[c.law].symbols[k]} ${number(v)}`), `T(1) ${seconds(x.t1)}`].join(', ');
  const start = startOf(series, c.law), ghost = f.ghost();
  const out = [state.levels.size && `${state.levels.size === 1 ? 'level' : 'levels'} ${[...state.levels].map(number).join(', ')}`, state.rounds.size && `${state.rounds.size === 1 ? 'round' : 'rounds'} ${[...state.rounds].join(', ')}`].filter(Boolean);
  if (!out.length) {
    return start.fitted ? `Fitted to all that counts: ${values(start)}. Switch a level or a round off, and the law is fitted again.`
      : `Too few levels for a fit of this law: the curve is yours. It begins at the time with ${count(series.levels.at(-1).n, 'worker')}.`;
  }
  const without = `Without ${out.join(' and ')}`;
  if (!ghost) return `${without} too little is left to fit this law to: the curve is yours.`;
  return `${without}, the same law refitted (${title}): ${values(ghost)}${start.fitted ? `; with all it was ${values(start)}` : ''}. ` +
    `${ghost.rounds ? `${count(ghost.rounds, 'whole round')} are the unit of the fit.` : 'Fewer than six whole rounds are left, so that samples are the unit of the fit.'} The law is not chosen again, and there are no intervals.`;
}

// workersSlider chooses the workers of the timeline.
export function workersSlider(f, n, most, change) {
  const out = el('output', {}, String(n));
  const input = el('input', {
    type: 'range', min: 1, max: most, step: 1, value: n, 'aria-label': 'workers of the timeline', 'aria-valuetext': count(n, 'worker'), 'data-focus': 'workers',
    input: () => { out.textContent = input.value; input.setAttribute('aria-valuetext', count(Number(input.value), 'worker')); change(Number(input.value), false); },
    change: () => change(Number(input.value), true),
  });
  return el('label', { class: 'slider' }, el('span', {}, 'n'), input, out);
}
