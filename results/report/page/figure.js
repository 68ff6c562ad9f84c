// The panels of one group. Everything is drawn in CSS pixels, so that letters keep
// their size on any screen. What a drag moves is kept apart from what stays.
import { shape, number, percent, seconds, timeUnit, range, count, ordinal, path, marker, dashOf } from './dom.js';
import { scaleOf, padded, ticksOf } from './scale.js';
import { samplesOf, baseOf, valueOf, fitOf, timeAt } from './model.js';
import { views } from './state.js';

const room = { left: 50, right: 14, top: 40, bottom: 40 };

// titleOf is what stands above a panel.
export function titleOf(view, group) {
  if (view === 'time') return group.relative ? 'time over T(1)' : `time per ${group.per}`;
  if (view === 'speedup') return group.weak ? 'scaled speedup' : 'speedup';
  return views[view];
}

// visible are the indices of the series that have levels and are not switched off.
export const visible = (f) => f.group.series.map((_, i) => i).filter((i) => f.group.series[i].levels.length && !f.state.off.has(i));

// spread keeps the medians of several series at one level apart: side by side where
// there is no law to draw, else where they would hide each other. It maps series and
// level to pixels.
function spread(f, view, sx, sy) {
  const shift = new Map(), taken = [], shown = visible(f);
  const curves = shown.some((i) => f.group.series[i].law);
  const step = Math.min(14, 90 / shown.length);
  for (const [k, i] of shown.entries()) {
    const series = f.group.series[i], base = baseOf(series);
    for (const level of series.levels) {
      const at = sx.to(level.n), v = valueOf(view, f.group.weak, level.n, level.m[0], base), y = v == null ? -1e9 : sy.to(v);
      const close = taken.filter((p) => Math.abs(p.at - at) < 9 && Math.abs(p.y - y) < 9).length;
      taken.push({ at, y });
      shift.set(`${i} ${level.n}`, curves ? close * 8 : (k - (shown.length - 1) / 2) * step);
    }
  }
  return shift;
}

// limits are the ranges of the axes of a view.
function limits(f, view) {
  const { group, state } = f;
  let lo = Infinity, hi = -Infinity, first = Infinity, last = 1;
  const see = (v) => {
    if (v == null || !Number.isFinite(v)) return;
    lo = Math.min(lo, v);
    hi = Math.max(hi, v);
  };
  for (const i of visible(f)) {
    const series = group.series[i], base = baseOf(series);
    for (const level of series.levels) {
      first = Math.min(first, level.n);
      last = Math.max(last, level.n);
      for (const t of [...level.t, level.m[0]]) see(valueOf(view, group.weak, level.n, t, base));
    }
  }
  if (!(first <= last)) [first, last] = [1, 2];
  const fitted = visible(f).some((i) => group.series[i].law);
  const reach = last > 1 ? last * (fitted || state.own ? 1.6 : 1) : 2;
  if (view === 'speedup') {
    see(1);
    see(Math.min(reach, Math.max(hi * 1.2, 2)));
  }
  const log = state.y === 'log' && view !== 'efficiency' && view !== 'serial';
  if (view === 'efficiency') [lo, hi] = [Math.min(0, lo), Math.max(1.05, hi)];
  if (view === 'serial') [lo, hi] = [Math.min(0, lo), Math.max(hi, 0.02)];
  if (!(lo <= hi)) [lo, hi] = [0.5, 2];
  if (!log && view !== 'serial') lo = Math.min(lo, 0);
  const y = padded(log, lo, hi, 0.06);
  if (!log && lo === 0) y[0] = 0;
  return { x: state.x === 'log' ? padded(true, first, reach, fitted ? 0.04 : 0.3) : padded(false, Math.min(first, 1), reach, fitted ? 0.03 : 0.3), y, log, last };
}

// axes draws a frame with ticks and returns its scales.
export function axes(svg, w, h, lim, x, title, unit, binary) {
  const sx = scaleOf(x.log, ...lim.x, room.left, w - room.right);
  const sy = scaleOf(lim.log, ...lim.y, h - room.bottom, room.top);
  const text = (at, down, words, attributes) => shape('text', { x: at.toFixed(1), y: down.toFixed(1), class: 'tick', 'aria-hidden': 'true', ...attributes }, words);
  let grid = '';
  const [factor, name] = unit;
  for (const v of ticksOf(sy, Math.max(Math.floor(h / 42), 3), binary && lim.log)) {
    grid += `M${room.left} ${sy.to(v).toFixed(1)}H${w - room.right}`;
    svg.append(text(room.left - 7, sy.to(v) + 4, number(v / factor), { 'text-anchor': 'end' }));
  }
  for (const v of ticksOf(sx, Math.max(Math.floor(w / 62), 3), true)) {
    grid += `M${sx.to(v).toFixed(1)} ${room.top}V${h - room.bottom}`;
    svg.append(text(sx.to(v), h - room.bottom + 17, number(v), { 'text-anchor': 'middle' }));
  }
  svg.prepend(shape('path', { d: grid, class: 'grid' }));
  svg.append(
    shape('path', { d: `M${room.left} ${room.top}V${h - room.bottom}H${w - room.right}`, class: 'axis' }),
    text(room.left - 36, 16, name ? `${title} (${name})` : title, { class: 'title' }),
    text((room.left + w - room.right) / 2, h - 6, `${x.name}${x.log ? ', logarithmic' : ''}`, { 'text-anchor': 'middle' }),
  );
  return { sx, sy, box: { left: room.left, right: w - room.right, top: room.top, bottom: h - room.bottom } };
}

let clips = 0;

// drawPanel draws one view of a group in w by h pixels and returns the panel: its svg,
// its scales, the marks that can be pointed at, and the layer of the reader's curve.
export function drawPanel(f, view, w, h) {
  const { group, state } = f;
  const lim = limits(f, view);
  const title = titleOf(view, group);
  const svg = shape('svg', { viewBox: `0 0 ${w} ${h}`, width: w, height: h, class: 'live-drawing', role: 'group', 'aria-label': title });
  const middle = view === 'time' && !group.relative ? timeUnit(Math.sqrt(Math.max(lim.y[0], lim.y[1] / 1000) * lim.y[1])) : [1, ''];
  const { sx, sy, box } = axes(svg, w, h, lim, { log: state.x === 'log', name: group.x }, title, middle, view === 'speedup');
  const clip = `clip${++clips}`;
  svg.append(shape('clipPath', { id: clip }, shape('rect', { x: box.left - 2, y: box.top - 2, width: box.right - box.left + 4, height: box.bottom - box.top + 4 })));
  const inside = shape('g', { 'clip-path': `url(#${clip})` });
  const panel = { view, svg, sx, sy, box, marks: [], last: lim.last, light: shape('g'), moving: shape('g', { 'clip-path': `url(#${clip})` }), handles: shape('g') };
  svg.append(panel.light, inside);
  references(panel, inside, group, view);
  const shift = spread(f, view, sx, sy), medians = shape('g');
  for (const i of visible(f)) drawSeries(f, panel, i, inside, medians, shift);
  svg.append(panel.moving, medians, panel.handles);
  return panel;
}

// references draws the ideal and the processors of the machine.
function references(panel, into, group, view) {
  const { sx, sy, box } = panel, p = group.processors;
  if (p > 0 && sx.inside(p)) {
    into.append(shape('path', { d: `M${sx.to(p).toFixed(1)} ${box.top}V${box.bottom}`, class: 'reference' }));
    panel.svg.append(shape('text', { x: sx.to(p).toFixed(1), y: box.top - 5, class: 'tick', 'aria-hidden': 'true', 'text-anchor': sx.to(p) < box.left + 60 ? 'start' : 'middle' }, count(p, 'processor')));
  }
  if (view === 'speedup' || view === 'efficiency') into.append(shape('path', { d: curvePath(panel, (n) => (view === 'speedup' ? n : 1), 1), class: 'reference' }));
}

// curvePath is the path of a function of n, from n on.
export function curvePath(panel, of, from) {
  const { sx, box } = panel, points = [];
  const start = Math.max(sx.to(Math.max(from, sx.lo)), box.left);
  for (let i = 0; i <= 90; i++) {
    const px = start + (box.right - start) * i / 90;
    const v = of(sx.from(px));
    if (v == null || !Number.isFinite(v) || panel.sy.log && v <= 0) continue;
    points.push([px, Math.min(Math.max(panel.sy.to(v), box.top - 2000), box.bottom + 2000)]);
  }
  return path(points);
}

// drawSeries draws the samples, the medians and the chosen law of a series.
function drawSeries(f, panel, i, into, medians, shift) {
  const { group, state } = f, series = group.series[i], { sx, sy, view } = panel;
  const base = baseOf(series), color = `var(--${series.color})`;
  const put = (n, t) => {
    const v = valueOf(view, group.weak, n, t, base);
    return v != null && Number.isFinite(v) && (!sy.log || v > 0) ? [sx.to(n) + (shift.get(`${i} ${n}`) ?? 0), sy.to(v)] : null;
  };
  const law = fitOf(series, series.law || series.closest);
  if (law && !(state.own && i === state.series)) {
    into.append(shape('path', {
      d: curvePath(panel, (n) => valueOf(view, group.weak, n, timeAt({ law: law.law, params: law.p, t1: law.t1 }, n), law.t1), series.levels[0].n),
      class: series.law ? 'law' : 'law missing', stroke: color, 'stroke-dasharray': dashOf(series.dash),
    }));
  }
  for (const [at, level] of series.levels.entries()) {
    const gone = state.own && i === state.series && state.levels.has(level.n);
    let dots = '', crosses = '';
    const cross = (p) => { crosses += `M${(p[0] - 3).toFixed(1)} ${(p[1] - 3).toFixed(1)}l6 6m0 -6l-6 6`; };
    for (const [k, s] of samplesOf(group, level).entries()) {
      const p = put(level.n, s.t);
      if (!p) continue;
      if (gone || state.own && i === state.series && state.rounds.has(s.round)) cross(p);
      else dots += `M${p[0].toFixed(1)} ${p[1].toFixed(1)}h0`;
      panel.marks.push({ x: p[0], y: p[1], series: i, level: at, sample: k });
    }
    for (const [k, s] of (level.out ?? []).entries()) {
      const p = put(level.n, s.t);
      if (!p) continue;
      cross(p);
      panel.marks.push({ x: p[0], y: p[1], series: i, level: at, sample: level.t.length + k });
    }
    if (dots) into.append(shape('path', { d: dots, class: 'dots', stroke: color }));
    if (crosses) into.append(shape('path', { d: crosses, class: 'crosses', stroke: color }));
    const m = put(level.n, level.m[0]);
    if (!m) continue;
    const ends = intervalOf(view, level).map((v) => (v == null || sy.log && v <= 0 ? null : sy.to(v)));
    if (ends[0] != null && ends[1] != null) medians.append(shape('path', { d: `M${m[0].toFixed(1)} ${ends[0].toFixed(1)}V${ends[1].toFixed(1)}`, class: 'interval', stroke: color }));
    const mark = marker(series, ...m);
    if (gone) mark.setAttribute('opacity', '.3');
    medians.append(mark);
    panel.marks.push({ x: m[0], y: m[1], series: i, level: at, sample: -1 });
  }
}

// intervalOf is the interval of what a view shows of a level: [low, high].
function intervalOf(view, level) {
  const of = { time: level.m, speedup: level.s, efficiency: level.s?.map((v) => v && v / level.n), serial: level.e }[view];
  return of ? of.slice(1) : [null, null];
}

// wordsOf says what one mark is: a median with all that follows from it, or a sample.
export function wordsOf(f, mark) {
  const { group } = f, series = group.series[mark.series], level = series.levels[mark.level], base = baseOf(series);
  const where = `${series.name} at ${number(level.n)} ${group.x}`;
  const time = group.relative ? (v) => `${number(v)} of T(1)` : seconds; // where speedups were given there are no times
  const follows = (t) => (base > 0 && level.n !== 1 ? `, speedup ${number(base / t)}` : '');
  if (mark.sample >= 0) {
    const kept = mark.sample < level.t.length;
    const s = kept ? samplesOf(group, level)[mark.sample] : level.out[mark.sample - level.t.length];
    const round = kept ? s.round : s.r, order = kept ? s.order : s.o;
    return `${where}, ${kept ? `sample ${mark.sample + 1} of ${level.t.length}` : 'a sample that does not count'}: ${time(s.t)}${follows(s.t)}` +
      `${round ? `; round ${round}` : '; no round is known'}${order ? `, the ${ordinal(order)} measurement in it` : ''}${kept ? '' : `; left out: ${s.why || 'its round was spoilt'}`}.`;
  }
  let text = `${where}: median of ${count(level.t.length, 'sample')} ${time(level.m[0])}${range(level.m[1], level.m[2], time)}`;
  if (level.s && level.n !== 1) text += `; speedup ${number(level.s[0])}${range(level.s[1], level.s[2], number)}; efficiency ${percent(level.s[0] / level.n)}`;
  if (level.e) text += `; Karp–Flatt ${number(level.e[0])}${range(level.e[1], level.e[2], number)}`;
  if (level.out) text += `; ${count(level.out.length, 'sample')} left out`;
  return `${text}.`;
}

// nearestLevel is the level of a list that is closest to n on a logarithmic axis.
export const nearestLevel = (levels, n) => levels.reduce((best, v) => (Math.abs(Math.log(v / n)) < Math.abs(Math.log(best / n)) ? v : best), levels[0]);

// light marks a level in a panel, and the mark that the reader points at there.
export function light(f, panel, n, mark) {
  const { sx, box, light: layer } = panel;
  layer.replaceChildren();
  if (n == null || !sx.inside(n)) return;
  layer.append(shape('rect', { x: (sx.to(n) - 9).toFixed(1), y: box.top, width: 18, height: box.bottom - box.top, class: 'lit' }));
  const here = panel.marks.find((m) => m.series === mark.series && m.level === mark.level && m.sample === mark.sample);
  if (here) layer.append(shape('circle', { cx: here.x.toFixed(1), cy: here.y.toFixed(1), r: 9, class: 'ring' }));
}
