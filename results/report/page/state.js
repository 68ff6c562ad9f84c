// What the reader has set, and how it stands in the fragment of the address: a link
// shows the same again. Only what the reader sets is in it, and nothing in it depends
// on a default.

// views are the quantities that a panel can show.
export const views = { time: 'time', speedup: 'speedup', efficiency: 'efficiency', serial: 'Karp–Flatt fraction' };

// newState is the state of a group that nobody has touched.
//   series   index of the series that the reader's curve belongs to
//   off      indices of series that are switched off
//   views    names of views, at least one
//   x, y     'log' or 'lin'
//   own      whether the reader's curve is shown, with law, params and t1; params
//            null is the fit
//   levels, rounds  that are left out
//   guess    in predict mode: speedups by number of workers
//   workers  of the timeline; null is the largest level
export const newState = () => ({
  series: 0, off: new Set(), views: ['time', 'speedup'], x: 'log', y: 'log', own: false,
  law: null, params: null, t1: null, levels: new Set(), rounds: new Set(), guess: new Map(), workers: null,
});

// names are written so that commas and the signs of a fragment in them do not matter.
const escaped = encodeURIComponent;

// writeState makes a fragment of the state of a group.
export function writeState(group, s, predict) {
  const parts = [`g=${escaped(group.id)}`];
  const add = (key, value) => { if (value) parts.push(`${key}=${value}`); };
  if (predict) parts.push('predict');
  if (group.series[s.series]) add('s', escaped(group.series[s.series].name));
  add('off', [...s.off].map((i) => escaped(group.series[i].name)).join(','));
  add('view', s.views.join(','));
  add('x', s.x);
  add('y', s.y);
  if (s.own) {
    add('law', s.law);
    if (s.params) add('p', s.params.map(short).join(','));
    if (s.t1) add('t1', short(s.t1));
    add('levels', [...s.levels].map(short).join(','));
    add('rounds', [...s.rounds].join(','));
    if (s.workers) add('n', short(s.workers));
  }
  add('guess', [...s.guess].map(([n, v]) => `${short(n)}:${short(v)}`).join(','));
  return `#${parts.join('&')}`;
}

const short = (v) => String(Number(v.toPrecision(6)));

// readFragment takes a fragment apart: a map of keys to values; null where it is the
// id of an element.
export function readFragment(hash) {
  const text = hash.replace(/^#/, '');
  if (!/^(g=|predict(&|$))/.test(text)) return null;
  const all = new Map();
  for (const part of text.split('&')) {
    const at = part.indexOf('=');
    all.set(at < 0 ? part : part.slice(0, at), at < 0 ? '' : part.slice(at + 1));
  }
  return all;
}

function unescaped(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const list = (text) => (text ? text.split(',') : []);
const numbers = (text, ok) => list(text).map(Number).filter((v) => Number.isFinite(v) && ok(v));

// groupIn finds the group that a fragment names; undefined if there is none.
export const groupIn = (fragment, groups) => {
  const id = unescaped(fragment.get('g') ?? '');
  return groups.findIndex((g) => g.id === id);
};

// readState makes the state of a group of a fragment. What is not known there is
// ignored; laws are those of the script.
export function readState(fragment, group, laws) {
  const s = newState();
  const index = (name) => group.series.findIndex((x) => x.name === unescaped(name));
  s.series = Math.max(index(fragment.get('s') ?? ''), 0);
  s.off = new Set(list(fragment.get('off')).map(index).filter((i) => i >= 0));
  const shown = [...new Set(list(fragment.get('view')))].filter((v) => Object.hasOwn(views, v));
  if (shown.length) s.views = shown;
  if (fragment.get('x') === 'lin') s.x = 'lin';
  if (fragment.get('y') === 'lin') s.y = 'lin';
  const law = fragment.get('law');
  if (law && Object.hasOwn(laws, law) && laws[law].params.length && (laws[law].weak ?? group.weak) === group.weak) {
    s.law = law;
    s.own = true;
    const { ranges } = laws[law];
    const p = numbers(fragment.get('p'), () => true);
    if (p.length === ranges.length && p.every((v, k) => v >= ranges[k][0] && v <= ranges[k][1])) s.params = p;
    const [t1] = numbers(fragment.get('t1'), (v) => v > 0 && v < 1e9);
    if (t1) s.t1 = t1;
    s.levels = new Set(numbers(fragment.get('levels'), (v) => v > 0));
    s.rounds = new Set(numbers(fragment.get('rounds'), (v) => v > 0));
    const [n] = numbers(fragment.get('n'), (v) => v >= 1 && v <= 1e6);
    if (n) s.workers = Math.round(n);
  }
  for (const pair of list(fragment.get('guess'))) {
    const [n, v] = pair.split(':').map(Number);
    if (n > 1 && n < 1e6 && v > 0 && v < 1e6) s.guess.set(n, v);
  }
  return s;
}
