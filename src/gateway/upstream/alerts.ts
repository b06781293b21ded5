/** Something an administrator has to look at, until it is over. */
export type Alert = { readonly code: string; readonly message: string; readonly since: number };

export type Alerts = {
  raise(code: string, subject: string, message: string): void;
  clear(code: string, subject: string): void;
  list(): readonly Alert[];
};

/** The alerts of this node. Raising one again keeps the time it began. */
export const createAlerts = (now: () => number, onRaise: (alert: Alert) => void): Alerts => {
  const raised = new Map<string, Alert>();
  return {
    raise: (code, subject, message) => {
      const key = `${code} ${subject}`;
      if (raised.has(key)) return;
      const alert = { code, message, since: now() };
      raised.set(key, alert);
      onRaise(alert);
    },
    clear: (code, subject) => {
      if (raised.size > 0) raised.delete(`${code} ${subject}`);
    },
    list: () => [...raised.values()],
  };
};
