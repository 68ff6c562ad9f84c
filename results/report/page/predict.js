// Predict first: what was measured stays hidden until the reader has drawn or typed a
// curve; then the two are compared in words. The axes span from no speedup to the
// ideal one, and the curve begins half way between them, so that neither gives
// anything away.
import { el, shape, number, range, count, path } from './dom.js';
import { axes } from './figure.js';
import { draggable, knobOf, place, say } from './handles.js';
import { baseOf } from './model.js';

// mostGuesses is how many levels are asked for.
const mostGuesses = 8;

// askedFor are the levels that a prediction is about: those above one worker.
export function askedFor(series) {
  const all = series.levels.map((l) => l.n).filter((n) => n > 1);
  const step = Math.ceil(all.length / mostGuesses);
  return all.filter((_, i) => (all.length - 1 - i) % step === 0);
}

// guessAt is the speedup that the reader predicts; before, half way on a logarithmic
// axis between none and the ideal.
export const guessAt = (state, n) => state.guess.get(n) ?? Math.sqrt(n);

// comparison says level by level how a prediction and the measurement differ.
export function comparison(f) {
  const series = f.group.series[f.state.series], base = baseOf(series), list = [];
  let sum = 0;
  for (const n of askedFor(series)) {
    const level = series.levels.find((l) => l.n === n), s = level.s?.[0] ?? base / level.m[0];
    if (!(s > 0)) continue;
    const said = guessAt(f.state, n), miss = Math.log(said / s);
    sum += Math.abs(miss);
    const inside = level.s && level.s[1] != null && level.s[2] != null && said >= level.s[1] && said <= level.s[2];
    const off = inside ? 'inside the interval' : Math.abs(miss) < 0.05 ? 'within 5 %' : `${number(Math.exp(Math.abs(miss)))} times too ${miss > 0 ? 'high' : 'low'}`;
    list.push({ n, text: `At ${count(n, 'worker')} you said ${number(said)}; measured ${number(s)}${level.s ? range(level.s[1], level.s[2], number) : ''}: ${off}.` });
  }
  const typical = Math.exp(sum / Math.max(list.length, 1));
  const head = !list.length ? 'There is no measured speedup to compare with.'
    : typical < 1.05 ? 'Your curve is the measured one, to 5 %.' : `Your curve is off by a factor of ${number(typical)} on average.`;
  return { head, list: list.map((l) => l.text) };
}

// drawPredict draws the figure to be filled in, with a knob and a field a level.
export function drawPredict(f, host, width) {
  const series = f.group.series[f.state.series], levels = askedFor(series);
  const last = Math.max(levels.at(-1) ?? 2, 2), w = Math.min(width, 760), h = Math.min(Math.max(w * 0.55, 230), 380);
  const svg = shape('svg', { viewBox: `0 0 ${w} ${h}`, width: w, height: h, class: 'live-drawing', role: 'group', 'aria-label': 'Your prediction of the speedup' });
  const lim = { x: [0.92, last * 1.15], y: [0.5, last * 1.15], log: true };
  const panel = { ...axes(svg, w, h, lim, { log: true, name: f.group.x }, 'your speedup', [1, ''], true), svg };
  const { sx, sy } = panel;
  const color = `var(--${series.color})`;
  svg.append(shape('path', { d: path([[sx.to(1), sy.to(1)], [sx.to(last), sy.to(last)]]), class: 'reference' }),
    shape('path', { d: path([[sx.to(1), sy.to(1)], [sx.to(last), sy.to(1)]]), class: 'reference' }));
  const line = shape('path', { class: 'own', stroke: color });
  svg.append(line);
  const updates = [];
  const set = (n, v) => {
    f.state.guess.set(n, Math.min(Math.max(v, 0.5), last * 1.15));
    update();
  };
  const fields = el('div', { class: 'fields' });
  for (const n of levels) {
    const knob = knobOf(`your speedup at ${count(n, 'worker')}`, color, `guess ${n}`);
    svg.append(knob);
    draggable(knob, svg, (px) => set(n, sy.from(Math.min(Math.max(px, panel.box.top), panel.box.bottom))), (event) => {
      const v = guessAt(f.state, n);
      const to = { ArrowUp: v * 1.03, ArrowRight: v * 1.03, ArrowDown: v / 1.03, ArrowLeft: v / 1.03, PageUp: v * 1.3, PageDown: v / 1.3, Home: 1, End: n };
      if (!Object.hasOwn(to, event.key)) return false;
      set(n, to[event.key]);
      return true;
    }, () => f.save());
    const input = el('input', {
      type: 'number', min: 0.5, step: 'any', inputmode: 'decimal',
      change: () => {
        if (Number(input.value) > 0) set(n, Number(input.value));
        f.save();
      },
    });
    fields.append(el('label', {}, `at ${number(n)}`, input));
    updates.push(() => {
      const v = guessAt(f.state, n);
      place(panel, knob, n, v, '');
      say(knob, v, 0.5, last, `${number(v)} times as fast with ${count(n, 'worker')}`);
      input.value = number(v);
    });
  }
  function update() {
    line.setAttribute('d', path([[sx.to(1), sy.to(1)], ...levels.map((n) => [sx.to(n), sy.to(guessAt(f.state, n))])]));
    for (const u of updates) u();
  }
  update();
  const what = f.group.weak ? 'How many times as much work in the same time' : 'How many times as fast as one worker';
  host.replaceChildren(
    el('p', {}, `${what} will it be? Drag the points, use the arrow keys, or type. What was measured stays hidden until you compare.`),
    svg, el('div', { class: 'controls', role: 'group', 'aria-label': 'Speedups' }, el('span', { class: 'label' }, 'Speedup'), fields));
}
