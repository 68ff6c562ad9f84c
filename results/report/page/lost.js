// Where the worker time went: bars of what was paid at each level, split by cause.
import { el, shape, number, percent, seconds, timeUnit } from './dom.js';
import { scaleOf, ticksOf } from './scale.js';
import { nearestLevel } from './figure.js';

// drawLost draws the bars of all visible series that say where their time went, and
// returns a function that lights the level nearest to a number of workers; it returns
// what it lit, in words.
export function drawLost(f, host, causes, width) {
  const all = f.group.series.filter((s, i) => s.lost && !f.state.off.has(i));
  const most = Math.max(...all.flatMap((s) => s.lost.map((l) => l.paid)), 1e-12);
  const [factor, unit] = timeUnit(most / 2);
  const abreast = width >= 700 && all.length > 1 ? 2 : 1;
  const w = Math.floor((width - 20 * (abreast - 1)) / abreast), h = Math.min(Math.max(w * 0.5, 190), 260);
  const bars = [], seen = new Set();
  const panels = el('div', { class: 'panels' });
  for (const series of all) {
    const svg = shape('svg', { viewBox: `0 0 ${w} ${h}`, width: w, height: h, class: 'live-drawing', role: 'img', 'aria-label': `${series.name}: worker time paid per ${f.group.per}, split by cause. The numbers stand in the table below.` });
    const y = scaleOf(false, 0, most * 1.06, h - 34, 24), step = (w - 64) / series.lost.length;
    svg.append(shape('text', { x: 12, y: 14, class: 'tick title' }, `${series.name}: paid per ${f.group.per} (worker-${unit})`));
    for (const v of ticksOf(y, 4)) {
      svg.append(shape('path', { d: `M50 ${y.to(v).toFixed(1)}H${w - 14}`, class: 'grid' }), shape('text', { x: 43, y: y.to(v) + 4, class: 'tick', 'text-anchor': 'end' }, number(v / factor)));
    }
    for (const [i, l] of series.lost.entries()) {
      const wide = Math.min(step * 0.78, 64), x = 50 + step * (i + 0.5) - wide / 2;
      let low = 0;
      const bar = shape('g', { class: 'stack', 'data-n': l.n });
      for (const [k, share] of Object.entries(l.c)) {
        const top = low + share * l.paid;
        seen.add(Number(k));
        bar.append(shape('rect', { x: x.toFixed(1), y: y.to(top).toFixed(1), width: wide.toFixed(1), height: Math.max(y.to(low) - y.to(top), 0).toFixed(1), class: `cause-${causes[k].name}` },
          shape('title', {}, `${causes[k].title}: ${percent(share)} of ${seconds(l.paid)} at ${number(l.n)} ${f.group.x}`)));
        low = top;
      }
      svg.append(bar, shape('text', { x: (x + wide / 2).toFixed(1), y: h - 18, class: 'tick', 'text-anchor': 'middle' }, number(l.n)));
      bars.push({ bar, series, l, frame: { x: x - 3, y: y.to(l.paid) - 3, width: wide + 6, height: y.to(0) - y.to(l.paid) + 6 } });
      bar.addEventListener('pointerenter', () => f.point(l.n));
    }
    svg.append(shape('text', { x: w / 2, y: h - 3, class: 'tick', 'text-anchor': 'middle' }, f.group.x));
    panels.append(svg);
  }
  const legend = el('ul', { class: 'legend' }, ...[...seen].sort((a, b) => a - b).map((k) =>
    el('li', {}, shape('svg', { class: 'key', viewBox: '0 0 26 12' }, shape('rect', { width: 26, height: 9, y: 1, class: `cause-${causes[k].name}` })), causes[k].title)));
  host.replaceChildren(panels, legend);
  let frames = [];
  return (n) => {
    for (const frame of frames) frame.remove();
    frames = [];
    if (n == null || !bars.length) return '';
    const nearest = nearestLevel(bars.map((b) => b.l.n), n);
    for (const b of bars.filter((x) => x.l.n === nearest)) {
      const frame = shape('rect', { ...b.frame, class: 'ring', rx: 3 });
      b.bar.after(frame);
      frames.push(frame);
    }
    return nearest === n ? '' : `Lost time was recorded at ${number(nearest)}, not at ${number(n)}: that level is marked.`;
  };
}
