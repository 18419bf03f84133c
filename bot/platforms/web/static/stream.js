// One stream of events for all tabs of this browser: a leader by lock listens, the others are told.

const RECONNECT_AFTER = 1500;
const NAMES = ["queued", "progress", "completed", "failed", "cancelled", "marked", "deleted"];

// `hear(name, data)` is told every event; `link(state)` whether there is a connection: "live",
// "restarting" (the server said so), "lost" or "offline" (this machine says so).
export class Stream {
  constructor({ hear, link }) {
    this.tell = { hear, link };
    this.state = null;
    this.source = null;
    this.where = `photoplay ${new URL(".", location.href).pathname}`;
  }

  open() {
    this.channel = new BroadcastChannel(this.where);
    this.channel.onmessage = ({ data }) => this.take(data);
    this.end = new AbortController();
    addEventListener("offline", () => this.pass({ link: "offline" }));
    addEventListener("online", () => this.source && this.reconnect());
    addEventListener("pagehide", () => this.close());
    addEventListener("pageshow", (event) => event.persisted && location.reload());
    if (navigator.locks) this.lead();
    else this.listenWhileSeen(); // no locks where the page came over plain HTTP from elsewhere
    this.channel.postMessage({ ask: true });
  }

  lead() {
    const { signal } = this.end;
    const held = () => {
      this.connect();
      return new Promise((resolve) => signal.addEventListener("abort", resolve));
    };
    navigator.locks.request(this.where, { signal }, held).catch(() => {});
  }

  listenWhileSeen() {
    const choose = () => {
      if (document.hidden) this.disconnect();
      else if (!this.source) this.connect();
    };
    document.addEventListener("visibilitychange", choose);
    choose();
  }

  close() {
    this.end.abort();
    this.disconnect();
    this.channel.close();
  }

  // What happened while nobody listened is asked for, once there is a connection again.
  connect() {
    clearTimeout(this.later);
    this.pass({ deaf: true });
    this.source = new EventSource("v1/events");
    for (const name of NAMES) {
      this.source.addEventListener(name, ({ data }) => this.pass({ name, data: JSON.parse(data) }));
    }
    this.source.addEventListener("restarting", () => this.pass({ link: "restarting" }));
    this.source.onopen = () => this.pass({ link: "live" });
    this.source.onerror = () => this.lost();
  }

  // The browser itself comes back with the id of the last event: ends that were missed are told then.
  lost() {
    if (!navigator.onLine) this.pass({ link: "offline" });
    else if (this.state !== "restarting") this.pass({ link: "lost" });
    if (this.source?.readyState === EventSource.CLOSED) {
      this.later = setTimeout(() => this.source && this.reconnect(), RECONNECT_AFTER);
    }
  }

  reconnect() {
    this.disconnect();
    this.connect();
  }

  disconnect() {
    clearTimeout(this.later);
    this.source?.close();
    this.source = null;
  }

  pass(news) {
    this.channel.postMessage(news);
    this.take(news);
  }

  take({ name, data, link, ask, deaf }) {
    if (ask) {
      if (this.source && this.state) this.channel.postMessage({ link: this.state });
    } else if (deaf) {
      if (this.state === "live") this.state = "deaf";
    } else if (link) {
      const before = this.state;
      this.state = link;
      if (link !== before) this.tell.link(link, before);
    } else {
      this.tell.hear(name, data);
    }
  }
}
