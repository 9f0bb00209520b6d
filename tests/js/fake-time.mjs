/** A clock that only moves when told: `{now, later, cancel, pass}` in milliseconds. */
export function fakeTime() {
  let now = 0;
  let last = 0;
  const timers = new Map();

  return {
    now: () => now,
    later(action, ms) {
      last += 1;
      timers.set(last, { at: now + ms, action });
      return last;
    },
    cancel: (timer) => timers.delete(timer),
    pass(ms) {
      const end = now + ms;
      for (;;) {
        const due = Array.from(timers).filter(([, { at }]) => at <= end).sort((a, b) => a[1].at - b[1].at)[0];
        if (!due) break;
        timers.delete(due[0]);
        now = due[1].at;
        due[1].action();
      }
      now = end;
    },
  };
}
