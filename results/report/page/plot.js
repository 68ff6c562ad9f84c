// A figure of the explorer: points and laws as speedup, time or efficiency against the
// number of workers, with handles on a law. Everything is a ratio r = T(n)/T(1) until
// it is drawn. Drawn in CSS pixels, so that letters keep their size on any screen.
import { el, shape, number, path } from './dom.js';
import { scaleOf, padded, ticksOf } from './scale.js';
import { laws, invert } from './laws.js';

const frame = { left: 46, right: 18, top: 26, bottom: 40 };

// plotViews are what a figure can show: its title, and to and from r at n.
export const plotViews = {
  speedup: { title: 'speedup', show: (r) => 1 / r, back: (v) => 1 / v },
  time: { title: 'time, T(n)/T(1)', show: (r) => r, back: (v) => v },
  efficiency: { title: 'efficiency', show: (r, n) => 1 / (r * n), back: (v, n) => 1 / (v * n) },
};

// newPlot puts an empty figure into an element. It draws again when the width changes.
export function newPlot(host, label) {
  const svg = shape('svg', { class: 'live-drawing', role: 'group', 'aria-label': label });
  const back = shape('g', { 'aria-hidden': 'true' }), front = shape('g');
  svg.append(back, front);
  host.append(svg);
  const plot = { host, svg, back, front, handles: [], width: 0, spec: null };
  new ResizeObserver(() => {
    const w = host.clientWidth;
    if (w > 1 && w !== plot.width && plot.spec) drawPlot(plot, plot.spec);
  }).observe(host);
  return plot;
}

// drawPlot draws a spec:
//   view, log   what is shown, and whether the axes are logarithmic
//   most        the largest n
//   curves      {law, params, class}
//   points      {n, r, class}
//   handles     {n, name, symbol, moved, done, key}: on the first curve; moved is called with
//               the value of the parameter while it is dragged, done at the end
export function drawPlot(plot, spec) {
  plot.spec = spec;
  const width = plot.host.clientWidth || plot.width || 640;
  plot.width = width;
  const height = Math.round(Math.min(Math.max(width * 0.56, 240), 400));
  for (const [key, value] of Object.entries({ viewBox: `0 0 ${width} ${height}`, width, height })) plot.svg.setAttribute(key, value);
  const view = plotViews[spec.view], ratio = (c, n) => laws[c.law].time(c.params, n);
  const xs = steps(spec.most, spec.log);
  let lo = Infinity, hi = -Infinity;
  const see = (v) => {
    if (!Number.isFinite(v)) return;
    lo = Math.min(lo, v);
    hi = Math.max(hi, v);
  };
  for (const c of spec.curves) for (const n of xs) see(view.show(ratio(c, n), n));
  for (const p of spec.points) see(view.show(p.r, p.n));
  see(1);
  if (spec.view === 'efficiency') see(1.05);
  if (spec.view === 'speedup') hi = Math.max(hi * 1.25, Math.min(spec.most, hi * 2), 2);
  const log = spec.log && spec.view !== 'efficiency';
  if (!log) lo = 0;
  const sx = scaleOf(spec.log, ...padded(spec.log, 1, spec.most, 0.03), frame.left, width - frame.right);
  const sy = scaleOf(log, ...(log ? padded(true, Math.max(lo, hi / 1e6), hi, 0.05) : [0, hi * 1.04]), height - frame.bottom, frame.top);
  plot.sx = sx;
  plot.sy = sy;
  const right = width - frame.right, bottom = height - frame.bottom;
  const text = (x, y, words, anchor) => shape('text', { x: x.toFixed(1), y: y.toFixed(1), 'text-anchor': anchor, class: 'tick' }, words);
  const marks = [];
  let grid = '';
  for (const v of ticksOf(sy, Math.max(Math.floor(height / 46), 3), spec.view === 'speedup')) {
    grid += `M${frame.left} ${sy.to(v).toFixed(1)}H${right}`;
    marks.push(text(frame.left - 7, sy.to(v) + 4, number(v), 'end'));
  }
  for (const v of ticksOf(sx, Math.max(Math.floor(width / 64), 3), true)) {
    grid += `M${sx.to(v).toFixed(1)} ${frame.top}V${bottom}`;
    marks.push(text(sx.to(v), bottom + 17, number(v), 'middle'));
  }
  marks.push(text(6, 15, view.title, 'start'), text((frame.left + right) / 2, height - 5, `workers${spec.log ? ', logarithmic' : ''}`, 'middle'));
  const clip = `plot-clip-${plot.svg.getAttribute('aria-label').replace(/\W+/g, '-')}`;
  const inside = shape('g', { 'clip-path': `url(#${clip})` });
  const line = (of, attributes) => inside.append(shape('path', {
    d: path(xs.map((n) => [sx.to(n), sy.to(of(n))]).filter((p) => Number.isFinite(p[1])).map(([x, y]) => [x, Math.min(Math.max(y, -2000), 4000)])), fill: 'none', ...attributes,
  }));
  if (spec.view !== 'time') line((n) => (spec.view === 'speedup' ? n : 1), { class: 'reference' });
  for (const c of [...spec.curves].reverse()) line((n) => view.show(ratio(c, n), n), { class: c.class });
  const dots = new Map();
  for (const p of spec.points) {
    const y = sy.to(view.show(p.r, p.n));
    if (Number.isFinite(y)) dots.set(p.class, (dots.get(p.class) ?? '') + `M${sx.to(p.n).toFixed(1)} ${y.toFixed(1)}h0`);
  }
  for (const [name, d] of dots) inside.append(shape('path', { d, class: name }));
  plot.back.replaceChildren(
    shape('clipPath', { id: clip }, shape('rect', { x: frame.left - 1, y: frame.top - 8, width: right - frame.left + 10, height: bottom - frame.top + 10 })),
    shape('path', { d: grid, class: 'grid' }), ...marks, inside,
    shape('path', { d: `M${frame.left} ${frame.top}V${bottom}H${right}`, class: 'axis', fill: 'none' }),
  );
  placeHandles(plot, spec, { top: frame.top, bottom });
}

// steps are the n at which curves are drawn.
function steps(most, log) {
  return Array.from({ length: 121 }, (_, i) => (log ? most ** (i / 120) : 1 + (most - 1) * i / 120));
}

// placeHandles moves the handles to their places; the elements stay, so that a drag and
// the focus survive a drawing.
function placeHandles(plot, spec, box) {
  while (plot.handles.length > spec.handles.length) plot.handles.pop().remove();
  while (plot.handles.length < spec.handles.length) {
    const handle = newHandle(plot, plot.handles.length);
    plot.handles.push(handle);
    plot.front.append(handle);
  }
  spec.handles.forEach((h, i) => {
    const c = spec.curves[0], y = plot.sy.to(plotViews[spec.view].show(laws[c.law].time(c.params, h.n), h.n));
    const e = plot.handles[i];
    e.setAttribute('transform', `translate(${plot.sx.to(h.n).toFixed(1)} ${Math.min(Math.max(y, box.top), box.bottom).toFixed(1)})`);
    e.lastChild.textContent = h.symbol;
    for (const [key, value] of Object.entries(h.slider)) e.setAttribute(key, value);
  });
}

function newHandle(plot, i) {
  const now = () => plot.spec.handles[i];
  let held = false, next = null;
  const move = (event) => {
    if (!held) return;
    const first = next === null;
    next = event.clientY;
    if (first) {
      requestAnimationFrame(() => {
        const h = now(), c = plot.spec.curves[0];
        const v = plot.sy.from(next - plot.svg.getBoundingClientRect().top);
        next = null;
        if (!h || !(v > 0)) return;
        h.moved(invert(c.law, h.name, c.params, h.n, plotViews[plot.spec.view].back(v, h.n)));
      });
    }
  };
  const release = () => {
    if (held) requestAnimationFrame(() => now()?.done());
    held = false;
  };
  return shape('g', {
    class: 'knob', tabindex: 0, role: 'slider',
    pointerdown: (event) => {
      if (event.button > 0) return;
      held = true;
      event.currentTarget.setPointerCapture(event.pointerId);
      event.currentTarget.focus();
      event.preventDefault();
    },
    pointermove: move, pointerup: release, pointercancel: release,
    keydown: (event) => {
      const by = { ArrowUp: 10, ArrowRight: 10, ArrowDown: -10, ArrowLeft: -10, PageUp: 100, PageDown: -100, Home: -Infinity, End: Infinity }[event.key];
      if (by === undefined) return;
      event.preventDefault();
      now().key(by);
    },
  }, shape('circle', { r: 18, class: 'target' }), shape('circle', { r: 7.5, class: 'disc' }), shape('text', { y: -13, 'text-anchor': 'middle', class: 'knob-label' }));
}

// laneKinds are what a worker does, as the simulator says it: the class of its colour, and
// words.
const laneKinds = {
  compute: ['cause-useful', 'computes'], locked: ['locked', 'computes under the lock'], 'lock wait': ['cause-lock', 'waits for the lock'],
  dispatch: ['cause-dispatch', 'is handed a task'], 'core wait': ['cause-queued', 'waits for a processor'], idle: ['idle', 'has nothing to do'],
};

// drawLanes draws who did what when, as the simulator gives it, into an element.
export function drawLanes(host, workers, time, slices, label) {
  const width = host.clientWidth || 640, left = 30, row = workers > 16 ? 12 : 18;
  const height = workers * row + 24, end = width - 2, scale = (end - left) / time;
  const svg = shape('svg', { viewBox: `0 0 ${width} ${height}`, width, height, class: 'live-drawing', role: 'img', 'aria-label': label });
  const paths = new Map([['idle', '']]), at = (t) => (left + t * scale).toFixed(2);
  const add = (kind, y, from, to) => paths.set(kind, (paths.get(kind) ?? '') + `M${from} ${y}H${to}v${row - 3}H${from}z`);
  for (let i = 0; i < workers; i++) {
    add('idle', i * row + 1, left, end);
    if (workers <= 16 || i % 4 === 0) svg.append(shape('text', { x: left - 6, y: i * row + row - 5, 'text-anchor': 'end', class: 'tick' }, String(i + 1)));
  }
  const ends = new Map();
  for (const s of slices) {
    add(s.kind, s.worker * row + 1, at(s.start), at(s.end));
    ends.set(`${s.worker} ${s.task}`, s);
  }
  for (const [kind, d] of paths) svg.append(shape('path', { d, class: laneKinds[kind][0] }));
  let borders = '';
  if (ends.size * 5 < width * workers) for (const s of ends.values()) borders += `M${at(s.end)} ${s.worker * row + 1}v${row - 3}`;
  svg.append(shape('path', { d: borders, class: 'border' }), shape('text', { x: left, y: height - 5, class: 'tick' }, '0'), shape('text', { x: end, y: height - 5, 'text-anchor': 'end', class: 'tick' }, 'the last task ends'));
  const legend = [...paths.keys()].sort((a, b) => Object.keys(laneKinds).indexOf(a) - Object.keys(laneKinds).indexOf(b));
  host.replaceChildren(svg, el('ul', { class: 'legend' }, ...legend.map((kind) => el('li', {},
    shape('svg', { viewBox: '0 0 14 14', class: 'sample', 'aria-hidden': 'true' }, shape('path', { d: 'M0 1H14V13H0z', class: laneKinds[kind][0] })), laneKinds[kind][1]))));
}

// numbersTable is a folded table of rows under heads.
export const numbersTable = (summary, heads, rows) => el('details', {}, el('summary', {}, summary),
  el('div', { class: 'scroll', role: 'region', 'aria-label': summary, tabindex: 0 }, el('table', {},
    el('thead', {}, el('tr', {}, ...heads.map((h) => el('th', { scope: 'col' }, h)))),
    el('tbody', {}, ...rows.map(([first, ...rest]) => el('tr', {}, el('th', { scope: 'row' }, first), ...rest.map((c) => el('td', {}, c))))))));
