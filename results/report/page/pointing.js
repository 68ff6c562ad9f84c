// What the reader points at, by pointer or by keys, and what lights up with it.
import { shape } from './dom.js';
import { wordsOf, light, visible, nearestLevel } from './figure.js';

// hover lights a mark, and its level wherever it is shown.
export function hover(f, mark) {
  f.hover = mark;
  const n = mark && f.group.series[mark.series].levels[mark.level].n;
  for (const panel of f.panels) {
    light(f, panel, n, mark);
    if (mark && panel.cursor) sayCursor(f, panel.cursor, mark);
  }
  const also = f.lit ? f.lit(n) : '';
  f.said.textContent = mark ? [wordsOf(f, mark), also].filter(Boolean).join(' ') : 'Point at a sample, or move to it with the arrow keys.';
  if (!f.state.workers && f.followed) f.followed(n);
}

function sayCursor(f, cursor, mark) {
  const { levels } = f.group.series[mark.series];
  cursor.setAttribute('aria-valuemax', levels.length);
  cursor.setAttribute('aria-valuenow', mark.level + 1);
  cursor.setAttribute('aria-valuetext', wordsOf(f, mark));
}

// cursorFor lets a panel be read by keys: left and right are levels, up and down
// samples, page keys series. Thousands of samples are one stop of the Tab key.
export function cursorFor(f, panel) {
  const { box, svg } = panel;
  const cursor = shape('rect', {
    x: box.left, y: box.top, width: box.right - box.left, height: box.bottom - box.top, class: 'cursor', role: 'slider', tabindex: 0,
    'aria-label': `samples, ${panel.view}`, 'aria-valuemin': 1, 'aria-valuemax': 1, 'aria-valuenow': 1, 'aria-valuetext': 'none', 'data-focus': `cursor ${panel.view}`,
  });
  const start = () => f.hover ?? { series: visible(f)[0], level: 0, sample: -1 };
  cursor.addEventListener('focus', () => { if (visible(f).length) hover(f, start()); });
  cursor.addEventListener('keydown', (event) => {
    if (!visible(f).length || event.ctrlKey || event.altKey || event.metaKey) return;
    const m = { ...start() }, { levels } = f.group.series[m.series], level = levels[m.level];
    const order = [-1, ...[...level.t, ...(level.out ?? []).map((o) => o.t)].map((t, i) => [t, i]).sort((a, b) => a[0] - b[0]).map((p) => p[1])];
    const step = (by) => order[(order.indexOf(m.sample) + by + order.length) % order.length];
    const all = visible(f), at = all.indexOf(m.series);
    const to = (i, sample) => ({ ...m, level: Math.min(Math.max(i, 0), levels.length - 1), sample });
    const keys = {
      ArrowLeft: () => to(m.level - 1, -1), ArrowRight: () => to(m.level + 1, -1), Home: () => to(0, -1), End: () => to(levels.length - 1, -1),
      ArrowUp: () => to(m.level, step(1)), ArrowDown: () => to(m.level, step(-1)),
      PageUp: () => other(f, m, all[(at + 1) % all.length]), PageDown: () => other(f, m, all[(at - 1 + all.length) % all.length]),
      Escape: () => null,
    };
    if (!Object.hasOwn(keys, event.key)) return;
    event.preventDefault();
    hover(f, keys[event.key]());
  });
  panel.cursor = cursor;
  svg.append(cursor);
  cursor.after(panel.handles);
  const near = (event) => {
    const r = svg.getBoundingClientRect(), k = svg.viewBox.baseVal.width / r.width;
    const x = (event.clientX - r.left) * k, y = (event.clientY - r.top) * k;
    let best = null, least = 32 ** 2;
    for (const m of panel.marks) {
      const d = (m.x - x) ** 2 + (m.y - y) ** 2 - (m.sample < 0 ? 30 : 0);
      if (d < least) [best, least] = [m, d];
    }
    return best && { series: best.series, level: best.level, sample: best.sample };
  };
  svg.addEventListener('pointermove', (event) => {
    const mark = near(event);
    if (mark) hover(f, mark);
  });
  svg.addEventListener('pointerdown', (event) => hover(f, near(event)));
}

// other is the mark of another series at the nearest level.
function other(f, m, i) {
  const n = f.group.series[m.series].levels[m.level].n, { levels } = f.group.series[i];
  const nearest = nearestLevel(levels.map((l) => l.n), n);
  return { series: i, level: levels.findIndex((l) => l.n === nearest), sample: -1 };
}
