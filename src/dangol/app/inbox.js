/* Shows the notes that wait for this page's visitor: one a visit, never twice.
   <script src="https://YOUR-DANGOL/inbox.js" data-key="dk_b_…" data-user-token="…" defer></script>
   It asks while somebody looks and does not type. What it shows is text; nothing of it is run. */
(() => {
  "use strict";
  const me = document.currentScript;
  if (!me || !me.dataset.key || window.dangolInbox) return;
  const base = new URL(me.src).origin;
  // Seconds after the page came: what it tells of the visit has acted by then.
  const LOOKS = [2, 8, 20, 60, 180];
  const WORDS = {
    ko: { close: "닫기", stop: "광고 수신 거부", label: "알림" },
    en: { close: "Close", stop: "Stop advertising", label: "Notice" },
  };
  const STYLE = `
    :host{all:initial}
    section{position:fixed;z-index:2147483000;right:16px;bottom:16px;width:min(24rem,calc(100vw - 32px));
      max-height:calc(100vh - 32px);overflow:auto;box-sizing:border-box;padding:20px 22px;border-radius:14px;
      border:1px solid #e6ddd2;background:#fff;color:#2b2520;box-shadow:0 8px 32px rgba(0,0,0,.22);
      font:16px/1.6 Pretendard,"Apple SD Gothic Neo","Malgun Gothic","Noto Sans KR",system-ui,sans-serif;
      word-break:keep-all;overflow-wrap:anywhere}
    h2{margin:0 40px 8px 0;font-size:1.1rem;line-height:1.4}
    p{margin:0 0 14px;white-space:pre-line}
    a.go{display:block;padding:11px 18px;border-radius:10px;background:#a8441f;color:#fff;font-weight:700;
      text-align:center;text-decoration:none}
    a.stop{display:inline-block;margin-top:10px;padding:6px 0;color:#6b6058;font-size:.88rem}
    button{position:absolute;top:8px;right:8px;width:44px;height:44px;border:0;border-radius:10px;
      background:transparent;color:inherit;font:24px/1 sans-serif;cursor:pointer}
    :focus-visible{outline:3px solid #a8441f;outline-offset:2px}
    @media (prefers-color-scheme:dark){
      section{background:#282320;color:#f2ebe3;border-color:#453c35}
      a.go{background:#e38a5f;color:#1d1916} a.stop{color:#b9aca0}
      :focus-visible{outline-color:#e38a5f}}
    @media (prefers-reduced-motion:no-preference){section{animation:in .2s ease-out}
      @keyframes in{from{opacity:0;transform:translateY(8px)}}}`;
  let done = false;
  let asking = false;

  const keep = (store, name, make) => {
    try {
      const known = store.getItem(name);
      if (known) return known;
      const made = make();
      if (made) store.setItem(name, made);
      return made;
    } catch {
      return make();
    }
  };
  const random = () =>
    Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16)).join("-");
  const visit = keep(sessionStorage, "dangol_visit", random);

  // The id that the page's analytics client has given this browser.
  const anonymousId = () => {
    const user = window.analytics && window.analytics.user && window.analytics.user();
    const told = user && user.anonymousId && user.anonymousId();
    if (told) return told;
    const known = keep(localStorage, "ajs_anonymous_id", () => null);
    try {
      return known && JSON.parse(known);
    } catch {
      return known;
    }
  };

  // Plain text, so that a browser asks no permission first.
  const post = (path, body) =>
    fetch(base + path, {
      method: "POST",
      body: JSON.stringify(body || {}),
      headers: { "Content-Type": "text/plain" },
      credentials: "omit",
      keepalive: true,
    });

  const types = () => {
    const at = document.activeElement;
    return Boolean(at && (at.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(at.tagName)));
  };

  const element = (tag, text, more) => {
    const made = document.createElement(tag);
    if (text) made.textContent = text;
    return Object.assign(made, more || {});
  };

  const show = (note) => {
    const words = WORDS[note.locale] || WORDS.en;
    const host = element("div", "", { lang: note.locale, id: "dangol-note" });
    const root = host.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    root.adoptedStyleSheets = [sheet];
    const box = element("section");
    const title = element("h2", note.title, { id: "title" });
    const body = element("p", note.body, { id: "body" });
    box.setAttribute("role", "dialog");
    box.setAttribute("aria-modal", "false");
    box.setAttribute(note.title ? "aria-labelledby" : "aria-label", note.title ? "title" : words.label);
    box.setAttribute("aria-describedby", "body");
    box.tabIndex = -1;
    const close = element("button", "×", { type: "button" });
    close.setAttribute("aria-label", words.close);
    box.append(title, body);
    if (note.button && /^https?:/.test(note.url)) box.append(element("a", note.button, { href: note.url, className: "go" }));
    if (note.stopUrl) box.append(element("a", words.stop, { href: note.stopUrl, className: "stop", rel: "nofollow" }));
    box.append(close);
    root.append(box);
    const said = element("div", "", { lang: note.locale });
    said.setAttribute("role", "status");
    said.style.cssText = "position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)";

    const end = () => {
      const inside = document.activeElement === host;
      host.remove();
      said.remove();
      document.removeEventListener("keydown", escape);
      if (inside && before && before.focus) before.focus();
      post(`/v1/inbox/${note.token}/dismissed`).catch(() => {});
    };
    const escape = (event) => {
      if (event.key === "Escape") end();
    };
    const before = document.activeElement;
    close.addEventListener("click", end);
    document.addEventListener("keydown", escape);
    // First in the page, so that the next Tab leads to it; the focus stays where it is.
    document.body.prepend(host, said);
    setTimeout(() => {
      said.textContent = `${note.title}. ${note.body}`;
    }, 100);
    post(`/v1/inbox/${note.token}/shown`).catch(() => {});
  };

  const look = async () => {
    if (done || asking || document.hidden || types()) return;
    const id = anonymousId();
    const token = me.dataset.userToken;
    if (!id && !token) return;
    asking = true;
    try {
      const asked = { writeKey: me.dataset.key, visit, page: location.pathname + location.hash };
      if (token) asked.userToken = token;
      else asked.anonymousId = id;
      const answer = await post("/v1/inbox", asked);
      const { note } = answer.ok ? await answer.json() : { note: null };
      if (note) {
        done = true;
        show(note);
      }
    } catch {
      // The page is not ours: what goes wrong here must not be seen there.
    } finally {
      asking = false;
    }
  };

  window.dangolInbox = { look };
  for (const seconds of LOOKS) setTimeout(look, seconds * 1000);
})();
