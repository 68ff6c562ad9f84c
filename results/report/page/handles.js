// The reader's curve in the panels: the curve, the fit as a ghost behind it, and
// handles on it. Each handle is a slider for the keyboard too.
import { laws, invert } from './laws.js';
import { shape, number, percent, seconds } from './dom.js';
import { curvePath } from './figure.js';
import { valueOf, timeAt } from './model.js';

// leastKappa is the first step of a cost per worker above nothing.
const leastKappa = 1e-6;

// stepped is a parameter one step up or down: a share of T(1) in half percents, all
// others in tenths of themselves.
export function stepped(name, value, up, big) {
  if (name === 'sigma' || name === 's') return value + (up ? 1 : -1) * (big ? 0.05 : 0.005);
  const k = name === 't1' ? (big ? 1.1 : 1.01) : big ? 2 : 1.1;
  if (name === 'kappa' && value < leastKappa) return up ? leastKappa : 0;
  return up ? value * k : value / k;
}

// paramWords says what a parameter of a curve means, for those who cannot see it.
export function paramWords(c, k) {
  const v = c.params[k], name = laws[c.law].params[k];
  const most = laws[c.law].ceiling(c.params);
  const then = most < 1e6 ? `at most ${number(most)} times as fast` : 'without a ceiling';
  if (name === 'sigma') return `${percent(v)} of the work is serial: ${then}`;
  if (name === 's') return `${percent(v)} of the time is serial`;
  if (name === 'kappa') return v === 0 ? 'further workers cost nothing' : `a further worker costs ${percent(v)} of T(1): ${then}`;
  if (name === 'nstar') return `full with ${number(v)} workers`;
  return `${number(v)}: ${then}`;
}

// clamped is a parameter inside the range of its law.
export function clamped(c, k, v) {
  const [least, most] = laws[c.law].ranges[k];
  return Math.min(Math.max(v, least), Math.min(most, 1e6));
}

// keyMove is what a key does to a slider: the value after it, or null for another key.
export function keyMove(event, name, value, least, most) {
  switch (event.key) {
    case 'ArrowUp': case 'ArrowRight': return stepped(name, value, true, false);
    case 'ArrowDown': case 'ArrowLeft': return stepped(name, value, false, false);
    case 'PageUp': return stepped(name, value, true, true);
    case 'PageDown': return stepped(name, value, false, true);
    case 'Home': return least;
    case 'End': return most;
  }
  return null;
}

// draggable lets a knob be moved by pointer along y and by keys. move gets a pixel,
// key gets an event and reports whether it did something; end ends a drag.
export function draggable(knob, svg, move, key, end) {
  let waiting = 0, last = 0;
  const at = (event) => {
    const r = svg.getBoundingClientRect();
    return (event.clientY - r.top) * (svg.viewBox.baseVal.height / r.height);
  };
  knob.addEventListener('pointerdown', (event) => {
    event.preventDefault();
    event.stopPropagation();
    knob.setPointerCapture(event.pointerId);
    knob.focus({ preventScroll: true });
  });
  knob.addEventListener('pointermove', (event) => {
    if (!knob.hasPointerCapture(event.pointerId)) return;
    event.stopPropagation();
    last = at(event);
    waiting ||= requestAnimationFrame(() => { waiting = 0; move(last); });
  });
  for (const name of ['pointerup', 'pointercancel']) {
    knob.addEventListener(name, () => {
      if (waiting) move(last);
      cancelAnimationFrame(waiting);
      waiting = 0;
      end();
    });
  }
  knob.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || !key(event)) return;
    event.preventDefault();
    end();
  });
}

// knobOf makes a handle that can be seen and one around it that can be hit.
export function knobOf(label, color, id) {
  return shape('g', { class: 'knob', role: 'slider', tabindex: 0, 'aria-label': label, 'aria-orientation': 'vertical', 'data-focus': id },
    shape('circle', { r: 16, class: 'target' }),
    shape('circle', { r: 7.5, fill: 'var(--paper)', stroke: color, 'stroke-width': 3 }),
    shape('text', { x: 12, y: -10, class: 'knob-label' }));
}

// place moves a knob to what it stands for; at the edge where that is outside.
export function place(panel, knob, n, v, label) {
  const { sx, sy, box } = panel;
  const y = v == null || sy.log && v <= 0 ? box.bottom : Math.min(Math.max(sy.to(v), box.top), box.bottom);
  knob.setAttribute('transform', `translate(${sx.to(n).toFixed(1)} ${y.toFixed(1)})`);
  const text = knob.lastChild;
  text.textContent = label;
  const late = sx.to(n) > box.right - 44;
  text.setAttribute('x', late ? -12 : 12);
  text.setAttribute('text-anchor', late ? 'end' : 'start');
  text.setAttribute('y', y < box.top + 14 ? 22 : -10);
}

// say tells assistive technology what a slider stands at.
export function say(knob, value, least, most, words) {
  knob.setAttribute('aria-valuenow', String(Number(value.toPrecision(6))));
  knob.setAttribute('aria-valuemin', String(least));
  if (most < 1e6) knob.setAttribute('aria-valuemax', String(most));
  knob.setAttribute('aria-valuetext', words);
}

// placesOf are the numbers of workers at which the handles of a law stand: behind the
// last level, where they hide no point; the first of two at the root of it.
const placesOf = (law, last) => (laws[law].params.length > 1 ? [Math.max(Math.sqrt(last), 1.5), last * 1.35] : [last * 1.35]);

// ratioOf is T(n)/T(1) of a value that a view shows.
function ratioOf(view, c, n, v) {
  if (view === 'time') return v / c.t1;
  return view === 'speedup' ? 1 / v : 1 / (v * n);
}

// drawOwn draws the reader's curve into a panel and returns a function that brings it
// up to date. knobs says whether the parameters have their handles here.
export function drawOwn(f, panel, knobs) {
  const series = f.group.series[f.state.series], { view } = panel, weak = f.group.weak;
  const color = `var(--${series.color})`;
  const from = Math.min(1, series.levels[0].n);
  const show = (c) => curvePath(panel, (n) => valueOf(view, weak, n, timeAt(c, n), c.t1), from);
  const line = shape('path', { class: 'own', stroke: color });
  const ghost = f.ghost();
  if (ghost) panel.moving.append(shape('path', { d: show(ghost), class: 'ghost', stroke: color }));
  panel.moving.append(line);
  const parts = [];
  const handle = (name, symbol, n, read, write, about) => {
    const knob = knobOf(symbol, color, `${view} ${name}`);
    panel.handles.append(knob);
    const set = (v, done) => { write(v); f.moved(done); };
    draggable(knob, panel.svg, (px) => {
      const v = panel.sy.from(Math.min(Math.max(px, panel.box.top), panel.box.bottom));
      set(name === 't1' ? Math.max(v, 1e-12) : invert(f.curve().law, name, f.curve().params, n, Math.max(ratioOf(view, f.curve(), n, Math.max(v, 1e-9)), 1e-9)));
    }, (event) => {
      const v = keyMove(event, name, read(), ...about.range());
      if (v != null) set(v);
      return v != null;
    }, () => f.moved(true));
    parts.push(() => {
      const c = f.curve();
      place(panel, knob, n, valueOf(view, weak, n, timeAt(c, n), c.t1), symbol);
      say(knob, read(), ...about.range(), about.words());
    });
  };
  if (knobs) {
    const { law } = f.curve();
    placesOf(law, panel.last).forEach((n, k) => {
      handle(laws[law].params[k], laws[law].symbols[k], n, () => f.curve().params[k], (v) => f.setParam(k, v),
        { range: () => laws[law].ranges[k].map((v) => Math.min(v, 1e6)), words: () => paramWords(f.curve(), k) });
    });
  }
  if (view === 'time') {
    handle('t1', 'T(1)', Math.max(panel.sx.lo, 1), () => f.curve().t1, (v) => f.setT1(v),
      { range: () => panel.sy.log ? [panel.sy.lo, panel.sy.hi] : [panel.sy.hi / 1000, panel.sy.hi], words: () => `one worker takes ${seconds(f.curve().t1)} a ${f.group.per}` });
  }
  return () => {
    line.setAttribute('d', show(f.curve()));
    for (const part of parts) part();
  };
}
