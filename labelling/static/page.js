// What the label page does beyond plain forms: keys, drafts, the lease, copying. Every page works without it.

const root = document.documentElement;
root.classList.add("scripted");

const SAVE_AFTER = 700; // milliseconds without typing
const store = {
  get(key) { try { return localStorage.getItem(key); } catch { return null; } },
  set(key, value) { try { localStorage.setItem(key, value); } catch { /* private windows keep nothing */ } },
  drop(key) { try { localStorage.removeItem(key); } catch { /* as above */ } },
};

// --- The invitation: it stands behind the # of its link, which browsers send to nobody.

const invitation = document.getElementById("invitation");
if (invitation && location.hash.length > 1) {
  invitation.value = location.hash.slice(1);
  history.replaceState(null, "", location.pathname);
}

// --- A label that is in needs no draft any more.

const forget = document.querySelector("[data-forget-draft]");
if (forget) store.drop(`draft:${forget.dataset.forgetDraft}`);

// --- Keys. One letter each; they can be switched off, and never act while somebody types.

const keysOn = () => store.get("keys") !== "off";
const showKeys = () => root.classList.toggle("keys-on", keysOn());
showKeys();

const page = document.querySelector(".document");
const form = document.getElementById("label-form");
const score = document.getElementById("score");
const help = document.getElementById("help");

function typing(target) {
  return target.matches?.("textarea, select, input:not([type=radio], [type=checkbox], [type=hidden])");
}

document.addEventListener("keydown", (event) => {
  if (form && event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    form.requestSubmit();
    return;
  }
  if (event.key === "Escape" && typing(event.target)) { event.target.blur(); return; }
  if (event.ctrlKey || event.metaKey || event.altKey || !keysOn() || help?.open) return;
  // The score takes digits only, so letters go on meaning what they mean elsewhere.
  const inScore = event.target === score && /^[a-z?]$/i.test(event.key);
  if (typing(event.target) && !inScore) return;
  if (act(event.key.toLowerCase())) event.preventDefault();
});

function act(key) {
  if (page && "123".includes(key)) return show(key);
  if (page && key === "u") return nextClaim();
  if (score && key === "s") { score.focus(); score.select(); return true; }
  if (page && key === "t") { document.getElementById("note").focus(); return true; }
  const target = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (!target) return false;
  target.click();
  if (target.matches("[type=radio]")) target.focus();
  if (target.matches("summary")) target.parentElement.querySelector("select, input:not([type=hidden])")?.focus();
  return true;
}

function show(number) {
  const pane = document.querySelector(`[data-pane="${number}"]`);
  document.getElementById(pane.id.replace("pane", "tab")).checked = true;
  pane.focus();
  return true;
}

let claim = -1;
function nextClaim() {
  const claims = [...document.querySelectorAll("mark.claim[id]")];
  if (!claims.length) return false;
  claim = (claim + 1) % claims.length;
  show("3");
  claims[claim].scrollIntoView({ block: "center" });
  claims[claim].focus({ preventScroll: true });
  light(claims[claim].closest(".line"));
  return true;
}

if (help) {
  document.querySelector("[data-help]").addEventListener("click", () => help.showModal());
  const choice = help.querySelector("[data-keys-on]");
  choice.checked = keysOn();
  choice.addEventListener("change", () => { store.set("keys", choice.checked ? "on" : "off"); showKeys(); });
}

// --- A generated line and the source lines that it comes from are lit together.

function light(line) {
  document.querySelectorAll(".lit").forEach((each) => each.classList.remove("lit"));
  if (!line) return;
  line.classList.add("lit");
  const sources = (line.dataset.sources ?? "").split(" ").filter(Boolean).map((n) => document.getElementById(`source-${n}`));
  sources.forEach((each) => each.classList.add("lit"));
  const pane = document.getElementById("pane-source");
  const first = sources[0];
  if (first && pane.scrollHeight > pane.clientHeight) {
    pane.scrollTo({ top: first.offsetTop - pane.offsetTop - pane.clientHeight / 3 });
  }
}

document.getElementById("generated-text")?.addEventListener("click", (event) => light(event.target.closest(".line")));
document.addEventListener("click", (event) => {
  const source = event.target.closest?.('a[href^="#source-"]');
  if (source) document.getElementById("tab-source").checked = true;
  const back = event.target.closest?.('a[href^="#claim-"]');
  if (back) document.getElementById("tab-resume").checked = true;
});

// --- Copying

document.querySelector("[data-copy]")?.addEventListener("click", async (event) => {
  if (!navigator.clipboard) return; // the link opens the text instead
  event.preventDefault();
  const link = event.currentTarget;
  try {
    await navigator.clipboard.writeText(document.getElementById(link.dataset.copy).dataset.text);
    say("The text is copied.");
  } catch {
    window.open(link.href, "_blank", "noopener");
  }
});

// --- The draft and the lease of an open document

function say(text) { const status = document.querySelector("[data-draft-status]"); if (status) status.textContent = text; }

function clock(date) { return date.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" }); }

async function send(what, body = new URLSearchParams()) {
  const headers = { "X-Form-Token": page.dataset.formToken };
  return fetch(`${page.dataset.path}/${what}`, { method: "POST", headers, body });
}

if (form) {
  const key = `draft:${page.dataset.draft}`;
  const fields = () => new URLSearchParams(["score", "truthfulness", "note", "seconds"].map((n) => [n, form.elements[n].value]));

  // This browser's own draft is newer than the server's, if there is one.
  const kept = new URLSearchParams(store.get(key) ?? "");
  for (const [name, value] of kept) if (value && !form.querySelector("[aria-invalid]")) form.elements[name].value = value;

  // Time counts while the page is looked at.
  let worked = Number(form.elements.seconds.value) || 0;
  let since = document.hidden ? null : performance.now();
  const count = () => {
    if (since !== null) { worked += (performance.now() - since) / 1000; since = performance.now(); }
    form.elements.seconds.value = worked.toFixed(1);
  };
  document.addEventListener("visibilitychange", () => { count(); since = document.hidden ? null : performance.now(); });

  let timer;
  async function keep() {
    count();
    store.set(key, fields());
    try {
      const answer = await send("draft", fields());
      if (answer.ok) say(`Draft kept at ${clock(new Date())}.`);
      else say((await answer.json()).error + " What you typed is kept in this browser.");
    } catch {
      say("The server does not answer. What you typed is kept in this browser.");
    }
  }
  form.addEventListener("input", () => {
    count();
    store.set(key, fields());
    clearTimeout(timer);
    timer = setTimeout(keep, SAVE_AFTER);
  });
  form.addEventListener("submit", () => { count(); store.set(key, fields()); clearTimeout(timer); });

  const end = document.querySelector("[data-lease-end]");
  const tell = (until) => { end.dateTime = until; end.textContent = clock(new Date(until)); };
  tell(end.dateTime);
  setInterval(async () => {
    if (document.hidden) return;
    try {
      const answer = await send("renew");
      const said = await answer.json();
      if (answer.ok) tell(said.until); else say(said.error);
    } catch { say("The server does not answer. What you typed is kept in this browser."); }
  }, Math.max(5, page.dataset.lease / 3) * 1000);
}
