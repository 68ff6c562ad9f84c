// A simulator of tasks on workers, for the explorer: the same as the Go package
// amdahl/results/replay without its quantum and interpreter lock.
//
// First the serial tasks run one by one. Then every worker that has nothing to do
// takes the next task from one queue. What happens at the same instant happens
// in the order of the workers. Nothing is random. Times are whole numbers of any
// unit.

// simulateJob runs a job {serial, tasks} on workers. A task is a list of phases
// {kind, time}: 'compute', 'locked' (under the one lock of all tasks), or 'wait'.
// cores is how many phases can compute at once, 0 for no limit; dispatch is what
// it costs to hand out a task, one at a time. It returns
//   time    from the start to the end of the last task
//   parts   where workers × time went: useful, io, serial, lock, queued, dispatch,
//           imbalance
//   slices  {worker, task, kind, start, end}: who did what when, by worker; the serial
//           tasks come first, on worker 0; kind is of a phase, or 'dispatch',
//           'lock wait' or 'core wait'
export function simulateJob(job, workers, { cores = 0, dispatch = 0 } = {}) {
  const slices = [];
  const parts = { useful: 0, io: 0, serial: 0, lock: 0, queued: 0, dispatch: 0, imbalance: 0 };
  const causes = { compute: 'useful', locked: 'useful', wait: 'io', dispatch: 'dispatch', 'lock wait': 'lock', 'core wait': 'queued' };
  const note = (worker, task, kind, start, end) => {
    if (start === end) return;
    parts[causes[kind]] += end - start;
    slices.push({ worker, task, kind, start, end });
  };
  let now = 0;
  job.serial.forEach((task, i) => {
    for (const phase of task) note(0, i, phase.kind, now, (now += phase.time));
  });
  const serial = now;
  parts.serial = (workers - 1) * serial;

  const tasks = job.tasks;
  const active = Math.min(workers, tasks.length);
  const limit = cores >= active ? 0 : cores;
  const all = [];
  for (let i = 0; i < active; i++) all.push({ number: i, kind: 'idle', since: now, at: Infinity, task: -1, phase: 0, section: null });
  let taken = 0, handed = 0, holder = null, computing = 0;
  const lockQueue = [], coreQueue = [];

  const enter = (w, kind, at) => {
    w.kind = kind;
    w.at = at;
  };
  const leave = (w) => {
    note(w.number, job.serial.length + w.task, w.kind, w.since, now);
    w.since = now;
  };
  const wantCore = (w) => {
    if (limit && computing === limit) {
      enter(w, 'core wait', Infinity);
      coreQueue.push(w);
      return;
    }
    computing++;
    enter(w, w.section.kind, now + w.section.time);
  };
  const begin = (w, phase) => {
    w.section = phase;
    if (phase.kind === 'wait') enter(w, 'wait', now + phase.time);
    else if (phase.kind === 'locked' && holder) {
      enter(w, 'lock wait', Infinity);
      lockQueue.push(w);
    } else {
      if (phase.kind === 'locked') holder = w;
      wantCore(w);
    }
  };
  // advance starts the worker's next phase, or its next task.
  const advance = (w) => {
    for (;;) {
      while (w.task >= 0 && w.phase < tasks[w.task].length) {
        const phase = tasks[w.task][w.phase++];
        if (phase.time > 0) return begin(w, phase);
      }
      if (taken === tasks.length) return enter(w, 'idle', Infinity);
      w.task = taken++;
      w.phase = 0;
      if (dispatch > 0) {
        handed = Math.max(handed, now) + dispatch;
        return enter(w, 'dispatch', handed);
      }
    }
  };
  all.forEach(advance);
  for (;;) {
    let next = null;
    for (const w of all) if (w.at < (next ? next.at : Infinity)) next = w;
    if (!next) break;
    now = next.at;
    const kind = next.kind;
    leave(next);
    if (kind === 'compute' || kind === 'locked') {
      computing--;
      if (coreQueue.length) {
        const w = coreQueue.shift();
        leave(w);
        wantCore(w);
      }
      if (kind === 'locked') {
        holder = lockQueue.shift() ?? null;
        if (holder) {
          leave(holder);
          wantCore(holder);
        }
      }
    }
    advance(next);
  }
  for (const w of all) parts.imbalance += now - w.since;
  parts.imbalance += (workers - active) * (now - serial);
  slices.sort((a, b) => a.worker - b.worker || a.start - b.start);
  return { time: now, parts, slices };
}

// makeJob is a job of that many tasks, which take total together. serial is the
// share of total that runs first, one by one. Of each task the share lock is under
// the lock, in its middle. uneven, from 0 to 1, is how far the length of a task is
// from the mean at most, as a share; the lengths follow the golden ratio, so that
// long and short ones alternate without a pattern.
export function makeJob({ tasks, serial, uneven, lock, total = 1e9 }) {
  const round = Math.round;
  const lengths = [];
  for (let i = 0; i < tasks; i++) lengths.push(1 + uneven * (2 * ((i + 1) * 0.6180339887498949 % 1) - 1));
  const sum = lengths.reduce((a, b) => a + b, 0);
  return {
    serial: serial > 0 ? [[{ kind: 'compute', time: round(total * serial) }]] : [],
    tasks: lengths.map((length) => {
      const time = round(total * (1 - serial) * length / sum), locked = round(time * lock);
      const before = round((time - locked) / 2);
      return [
        { kind: 'compute', time: before },
        { kind: 'locked', time: locked },
        { kind: 'compute', time: time - locked - before },
      ];
    }),
  };
}
