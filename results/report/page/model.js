// What follows from the data of a group and from a law: values of views, where a
// curve begins, what it says, and the law fitted again without some levels or rounds.
import { fit } from './fit.js';
import { laws, invert, karpFlatt } from './laws.js';
import { count, number, percent } from './dom.js';

// samplesOf are the samples of a level: {t, round, order}, 0 where unknown.
export const samplesOf = (group, level) => level.t.map((t, i) => ({ t, round: (level.r ?? group.rounds)[i] ?? 0, order: level.o?.[i] ?? 0 }));

export const fitOf = (series, law) => series.fits.find((f) => f.law === law);

// baseOf is the T(1) on which the speedups of a series stand: the median at one
// worker or, without that level, the fitted one. It is undefined without both.
export const baseOf = (series) => series.levels.find((l) => l.n === 1)?.m[0] ?? (fitOf(series, series.law) ?? series.fits[0])?.t1;

// valueOf is what a view shows of a time at n workers; undefined where it has no
// value there.
export function valueOf(view, weak, n, t, base) {
  if (view === 'time') return t;
  if (!(base > 0)) return undefined;
  const s = base / t;
  if (view === 'speedup') return s;
  if (view === 'efficiency') return s / n;
  if (n === 1) return undefined;
  return weak ? (n - s) / (n - 1) : karpFlatt(s, n);
}

// lawsFor are the names of the laws that a reader can move, for the kind of a group.
export const lawsFor = (group) => Object.keys(laws).filter((name) => laws[name].params.length > 0 && (laws[name].weak ?? group.weak) === group.weak);

// startOf is where the curve of a law begins: the fit of Go, or, where there is none,
// the curve through the time at the largest level. fitted says which.
export function startOf(series, name) {
  const law = laws[name], known = fitOf(series, name);
  if (known) return { law: name, params: [...known.p], t1: known.t1, fitted: true };
  const t1 = baseOf(series) ?? series.levels[0]?.m[0] ?? 1;
  const params = law.ranges.map((r) => r[0]);
  const last = series.levels.at(-1);
  if (last && last.n > 1) params[0] = invert(name, law.params[0], params, last.n, last.m[0] / t1);
  return { law: name, params, t1, fitted: false };
}

// fitAgain fits a law again without the levels and rounds that the reader has left
// out, as Go does; null where too little is left.
export function fitAgain(group, series, name, s) {
  const points = [];
  for (const level of series.levels) {
    if (s.levels.has(level.n)) continue;
    const samples = samplesOf(group, level).filter((x) => !s.rounds.has(x.round));
    if (samples.length) points.push({ n: level.n, samples });
  }
  const f = fit(name, points, { relative: group.relative });
  return f.ok ? { law: name, params: f.params, t1: f.t1, rounds: f.rounds, fitted: true } : null;
}

export const timeAt = (c, n) => c.t1 * laws[c.law].time(c.params, n);
export const speedupAt = (c, n) => 1 / laws[c.law].time(c.params, n);

// halved is the same curve with half of what is serial; for a bottleneck, with twice
// its room. name is what was changed.
function halved(c) {
  const params = [...c.params];
  if (c.law === 'bottleneck') {
    params[0] *= 2;
    return { name: 'twice n*', curve: { ...c, params } };
  }
  params[0] = Math.max(params[0] / 2, laws[c.law].ranges[0][0]);
  return { name: `half of ${laws[c.law].symbols[0]}`, curve: { ...c, params } };
}

// readOut is what a curve says, as pairs of a name and a text.
export function readOut(c, n) {
  const s = speedupAt(c, n), law = laws[c.law], most = law.ceiling(c.params), peak = law.peak(c.params), h = halved(c);
  const gain = speedupAt(h.curve, n);
  return [
    [`at ${count(n, 'worker')}`, `${number(s)} × (${percent(s / n)} efficient)`],
    ['ceiling', most < 1e6 ? `${number(most)} ×` : 'none'],
    ['peak', peak < 1e6 ? `at ${count(Math.round(peak), 'worker')}` : 'none: more is faster'],
    [h.name, `${number(gain)} × at ${number(n)}, ${gain > s * 1.0005 ? `${percent(gain / s - 1)} faster` : 'no faster'}`],
  ];
}
