// Who works when: as it was recorded, where a trace has it, and as the reader's curve has
// it: a simulated operation of n workers.
// The serial part is done by the first worker while the others wait; the rest are
// equal tasks; what a law costs beyond that all workers wait for together.
import { el, shape, number, percent, seconds, count, calm } from './dom.js';
import { scaleOf } from './scale.js';
import { laws } from './laws.js';
import { speedupAt } from './model.js';

// mostRows and mostTasks bound what is drawn.
const mostRows = 64, mostTasks = 2048;

// simulate lays out one operation in units of its time with one worker, on work that
// is fixed; on work that grows, in units of its time with n workers. It returns the
// end, and bars {worker, from, to, kind} of kind 'serial' or 'task'.
export function simulate(c, n, tasks) {
  const name = laws[c.law].params[0];
  const end = 1 / speedupAt(c, n);
  const share = name === 'sigma' ? Math.min(c.params[0], end) : name === 's' ? c.params[0] * end : 0;
  const bars = share > 0 ? [{ worker: 0, from: 0, to: share, kind: 'serial' }] : [];
  const parallel = name === 's' ? (1 - c.params[0]) * end * n : 1 - share;
  const each = parallel / tasks;
  const room = name === 'nstar' ? Math.min(Math.floor(c.params[0]) || 1, n) : name === 'c' ? 1 : n;
  let most = 0;
  const free = Array(n).fill(share);
  for (let i = 0; i < tasks; i++) {
    const worker = room < n ? i % room : free.indexOf(Math.min(...free));
    bars.push({ worker, from: free[worker], to: free[worker] + each, kind: 'task' });
    free[worker] += each;
    most = Math.max(most, free[worker]);
  }
  return { end: Math.max(end, most), bars };
}

// drawTimeline draws the workers of a simulated operation and says who waits. It
// returns the elements; play moves a line through them.
export function drawTimeline(c, n, tasks, width, color) {
  const rows = Math.min(n, mostRows), { end, bars } = simulate(c, n, Math.min(tasks, mostTasks));
  const height = rows > 24 ? 6 : rows > 8 ? 10 : 15, gap = rows > 24 ? 1 : 2;
  const h = rows * (height + gap) + 24;
  const x = scaleOf(false, 0, end, 2, width - 2);
  const paths = { serial: '', task: '' };
  let busy = 0;
  for (const b of bars) {
    busy += b.to - b.from;
    if (b.worker < rows) {
      const inset = (x.to(b.to) - x.to(b.from)) > 3 ? 0.6 : 0;
      paths[b.kind] += `M${x.to(b.from).toFixed(1)} ${b.worker * (height + gap)}H${(x.to(b.to) - inset).toFixed(1)}v${height}H${x.to(b.from).toFixed(1)}z`;
    }
  }
  const share = busy / (end * n);
  const text = `${count(n, 'worker')}: ${number(speedupAt(c, n))} times as fast as one. ${percent(share)} of the worker time computes, ${percent(1 - share)} waits.`;
  const line = shape('path', { d: `M0 0V${h - 20}`, class: 'now', visibility: 'hidden' });
  const svg = shape('svg', { viewBox: `0 0 ${width} ${h}`, width, height: h, class: 'live-drawing', role: 'img', 'aria-label': `${text} Simulated from your curve.` },
    shape('path', { d: Array.from({ length: rows }, (_, i) => `M2 ${i * (height + gap)}H${width - 2}v${height}H2z`).join(''), class: 'idle' }),
    shape('path', { d: paths.serial, class: 'serial', fill: color }), shape('path', { d: paths.task, fill: color, class: 'task' }), line,
    shape('text', { x: 2, y: h - 4, class: 'tick' }, '0'),
    shape('text', { x: width - 2, y: h - 4, class: 'tick', 'text-anchor': 'end' }, `${percent(end)} of the time of one worker${n > rows ? `; ${rows} of ${n} workers shown` : ''}`));
  return { node: el('div', {}, el('p', { class: 'said' }, text), svg), play: player(line, x, end, Math.min(end, 1)) };
}

// player moves a line through a drawing, in up to four seconds for a share of 1. For a
// reader who wants no motion it does nothing.
function player(line, x, end, share) {
  let frame = 0;
  return () => {
    cancelAnimationFrame(frame);
    if (calm()) return;
    const begin = performance.now(), lasts = 400 + 3600 * share;
    line.setAttribute('visibility', 'visible');
    const step = (now) => {
      const t = Math.min((now - begin) / lasts, 1);
      line.setAttribute('transform', `translate(${x.to(t * end).toFixed(1)} 0)`);
      if (t < 1) frame = requestAnimationFrame(step);
    };
    frame = requestAnimationFrame(step);
  };
}

// drawRecorded draws an operation as it was recorded, in columns of equal length that
// have the colour of what lasted longest in them; longest is the time of the longest one
// of the series.
export function drawRecorded(rec, causes, longest, width) {
  const height = rec.rows.length > 24 ? 6 : rec.rows.length > 8 ? 10 : 15, gap = rec.rows.length > 24 ? 1 : 2;
  const h = rec.rows.length * (height + gap) + 24, x = scaleOf(false, 0, rec.time, 2, width - 2);
  const paths = new Map();
  rec.rows.forEach((row, i) => {
    let at = 0;
    for (let k = 0; k < row.runs.length; k += 2) {
      const [cause, columns] = row.runs.slice(k, k + 2), [from, to] = [at, at + columns].map((c) => x.to(rec.time * c / rec.columns).toFixed(1));
      at += columns;
      if (cause >= 0) paths.set(cause, `${paths.get(cause) ?? ''}M${from} ${i * (height + gap)}H${to}v${height}H${from}z`);
    }
  });
  const shares = Object.entries(rec.c).sort((a, b) => b[1] - a[1]);
  const text = `Recorded: an operation of ${count(rec.n, 'worker')} took ${seconds(rec.time)}. Of the time of its lanes ${shares.slice(0, 3).map(([k, share]) => `${percent(share)} is ${causes[k].title}`).join(', ')}.`;
  const line = shape('path', { d: `M0 0V${h - 20}`, class: 'now', visibility: 'hidden' });
  const svg = shape('svg', { viewBox: `0 0 ${width} ${h}`, width, height: h, class: 'live-drawing recorded', role: 'img', 'aria-label': text },
    shape('path', { d: rec.rows.map((_, i) => `M2 ${i * (height + gap)}H${width - 2}v${height}H2z`).join(''), class: 'idle' }),
    ...[...paths].map(([k, d]) => shape('path', { d, class: `cause-${causes[k].name}` })), line,
    shape('text', { x: 2, y: h - 4, class: 'tick' }, '0'),
    shape('text', { x: width - 2, y: h - 4, class: 'tick', 'text-anchor': 'end' }, `${seconds(rec.time)}${rec.lanes > rec.rows.length ? `; ${rec.rows.length} of ${rec.lanes} lanes shown` : ''}`));
  const legend = el('ul', { class: 'legend' }, ...shares.map(([k]) => el('li', {}, shape('svg', { class: 'key', viewBox: '0 0 26 12' }, shape('rect', { width: 26, height: 9, y: 1, class: `cause-${causes[k].name}` })), causes[k].title)));
  return { node: el('div', {}, el('p', { class: 'said' }, text), svg, legend), play: player(line, x, rec.time, rec.time / longest) };
}
