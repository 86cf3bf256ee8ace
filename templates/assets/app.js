// Small comforts; every page works without this file.
document.addEventListener("submit", (event) => {
  // A second press within three seconds is a slip of the finger. The server guards too.
  const form = event.target;
  const last = Number(form.dataset.sentAt || 0);
  if (event.timeStamp - last < 3000 && last > 0) event.preventDefault();
  else form.dataset.sentAt = event.timeStamp;
});
addEventListener("pageshow", () => {
  for (const form of document.forms) delete form.dataset.sentAt;
});
// What only holds with this file is said only with it.
for (const part of document.querySelectorAll("[data-script]")) part.hidden = false;
// A form that came back with something to put right: going back to it later opens the page
// itself, and nothing asks whether to send the old form again.
const back = document.querySelector("main [role=alert]") && document.querySelector("main form[method=post][novalidate]");
if (back && new URL(back.getAttribute("action"), location).pathname === location.pathname) history.replaceState(null, "");
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}

// A page of answers saves itself while it is filled in. Its button saves all of it, and says
// what is the matter with an answer that could not be kept.
const page = document.querySelector("form[data-autosave]");
if (page) {
  const says = page.querySelector("[data-saved]");
  let changed = false;
  let pause = 1000;
  let later, sending;
  let open = 0;
  const send = async (last) => {
    changed = false;
    const body = new URLSearchParams([...new FormData(page), ["action", "auto"]]);
    try {
      // Not `page.action`, which is a button here. The last one outlives its page.
      const answer = await fetch(page.getAttribute("action"), { method: "POST", body, redirect: "manual", keepalive: last });
      if (answer.status >= 500) throw answer.status;
      if (!answer.ok) return "Not saved. Press “Save and continue” to see why.";
      const { seen, waiting } = await answer.json();
      page.elements.seen.value = seen;
      pause = 1000;
      const time = new Date().toLocaleTimeString([], { hour: "numeric", minute: "2-digit" });
      open = waiting;
      if (!open) return `Saved ${time}.`;
      return `Not all of this page is saved: ${open === 1 ? "one answer is" : `${open} answers are`} not whole yet. Press “Save and continue” to see what is missing. The rest was saved ${time}.`;
    } catch {
      changed = true;
      pause = Math.min(2 * pause, 30000);
      return "Not saved, trying again.";
    }
  };
  const save = async (last) => {
    clearTimeout(later);
    if (!changed || sending) return sending;
    sending = send(last === true);
    says.textContent = await sending;
    sending = undefined;
    if (changed) later = setTimeout(save, pause);
  };
  page.addEventListener("input", () => {
    changed = true;
    clearTimeout(later);
    if (!sending) later = setTimeout(save, pause);
  });
  page.addEventListener("submit", (event) => {
    clearTimeout(later);
    changed = false;
    if (!sending) return;
    // Two at once would look like two people with two answers.
    event.preventDefault();
    event.stopPropagation();
    sending.finally(() => page.requestSubmit(event.submitter));
  });
  // A row that is half typed is kept nowhere else.
  addEventListener("beforeunload", (event) => (open || (changed && pause > 1000)) && !page.dataset.sentAt && event.preventDefault());
  addEventListener("online", () => save());
  addEventListener("pagehide", () => save(true));
  document.addEventListener("visibilitychange", () => document.hidden && save(true));
}

// The list of vendors: shows what is found while one types. It asks for the same page that
// the button would, and puts its parts in place.
const live = document.querySelector("form[data-live]");
let waiting, search;
const find = async () => {
  search?.abort();
  search = new AbortController();
  const fields = new URLSearchParams([...new FormData(live)].filter(([, value]) => value)).toString();
  const address = live.action + (fields && `?${fields}`);
  try {
    const answer = await fetch(address, { signal: search.signal });
    if (!answer.ok || answer.redirected) return location.assign(address);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const id of ["found", "views", "list"]) {
      const part = page.getElementById(id);
      if (part) document.getElementById(id).replaceChildren(...part.childNodes);
    }
    live.querySelector("[data-says]").textContent = document.getElementById("found").textContent;
    history.replaceState(null, "", address);
    offerAll();
  } catch {
    // Out of reach: the button still works. A newer search took over: nothing to do.
  }
};
live?.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(find, 250);
});
const offerAll = () => document.querySelector("[data-all]")?.removeAttribute("hidden");
offerAll();
document.addEventListener("change", ({ target }) => {
  if (target.matches("[data-all]")) for (const box of document.getElementsByName("pick")) box.checked = target.checked;
});
// Passkeys: the browser is asked, its answer goes into the form.
const knows = window.PublicKeyCredential?.parseRequestOptionsFromJSON;
for (const form of document.querySelectorAll("form[data-passkeys]")) form.hidden = !knows;
const asking = document.querySelector("form[data-passkey]");
if (asking && knows) {
  const { passkey: verb, options } = asking.dataset;
  const says = asking.querySelector("[data-says]");
  const ask = async () => {
    says.textContent = "Look at what your browser asks.";
    try {
      const read = verb === "create" ? "parseCreationOptionsFromJSON" : "parseRequestOptionsFromJSON";
      const publicKey = PublicKeyCredential[read](JSON.parse(options));
      asking.elements.credential.value = JSON.stringify(await navigator.credentials[verb]({ publicKey }));
      asking.submit();
    } catch {
      says.textContent = "That did not work, or was stopped. Try again, or go back.";
    }
  };
  asking.querySelector("button").hidden = false;
  asking.addEventListener("submit", (event) => {
    event.preventDefault();
    ask();
  });
  if (asking.parentElement.querySelector("[role=alert]")) says.textContent = "";
  else ask();
}

// Left idle, a session ends. Typing counts as use; two minutes before, a dialog asks.
const idle = document.getElementById("idle");
if (idle) {
  const csrf = document.querySelector(".who [name=csrf]").value;
  let told = Date.now();
  let timer;
  const stay = () => {
    told = Date.now();
    return fetch("/stay", { method: "POST", body: new URLSearchParams({ csrf }) });
  };
  // What is on the page is sent on: the server keeps it for after signing in.
  const leave = () => {
    const changed = (field) => (field.type === "checkbox" || field.type === "radio" ? field.checked !== field.defaultChecked : "defaultValue" in field && field.type !== "hidden" && field.value !== field.defaultValue);
    const form = [...document.forms].find((one) => one.method === "post" && one.enctype.includes("urlencoded") && [...one.elements].some(changed));
    if (form) form.submit();
    else location.reload();
  };
  const look = async () => {
    clearTimeout(timer);
    let left = 60;
    try {
      // Asking prolongs nothing; another window may have.
      const answer = await fetch("/stay", { redirect: "manual" });
      if (answer.ok) left = (await answer.json()).seconds;
      else if (answer.type === "opaqueredirect") return leave();
    } catch {
      // The server is away: ask again later.
    }
    if (left > 120 && idle.open) idle.close("used elsewhere");
    else if (left <= 120 && !idle.open) {
      idle.returnValue = "";
      idle.showModal();
    }
    timer = setTimeout(look, 1000 * (left > 120 ? left - 119 : Math.min(left + 1, 20)));
  };
  idle.addEventListener("close", () => idle.returnValue || stay().then(look, look));
  idle.querySelector("button").addEventListener("click", () => idle.close(""));
  for (const use of ["keydown", "pointerdown"]) {
    addEventListener(use, () => {
      if (!idle.open && Date.now() - told > 60000) stay().catch(() => {});
    });
  }
  addEventListener("visibilitychange", () => document.hidden || look());
  timer = setTimeout(look, 1000 * (document.body.dataset.idle - 119));
}

// Files under an answer: shows how much of them is sent. A failed try leaves them chosen.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || !form.dataset.upload || !form.elements.file.files.length) return;
  event.preventDefault();
  const [says, bar, button] = ["[data-says]", "progress", "button"].map((part) => form.querySelector(part));
  const request = new XMLHttpRequest();
  let told = 0;
  const failed = () => {
    delete form.dataset.sentAt;
    button.disabled = false;
    bar.hidden = true;
    says.textContent = "That did not get through. Your files are still chosen: press the button to try again.";
  };
  request.upload.addEventListener("progress", ({ loaded, total }) => {
    bar.value = (100 * loaded) / total;
    // Read out in quarters: each percent would drown everything else.
    const quarter = Math.floor((4 * loaded) / total) * 25;
    if (quarter > told) says.textContent = quarter < 100 ? `${quarter}% sent` : "Sent. We are looking into it…";
    told = Math.max(told, quarter);
  });
  request.addEventListener("error", failed);
  request.addEventListener("timeout", failed);
  request.addEventListener("load", () => {
    // Kept: the answer came from the page that we were led to, or has a word about one of them.
    if (request.status < 400 && request.responseURL !== form.action) return location.assign(form.dataset.upload);
    const page = new DOMParser().parseFromString(request.responseText, "text/html");
    if (!page.getElementById("main")) return failed();
    document.title = page.title;
    document.getElementById("main").replaceWith(page.getElementById("main"));
    document.querySelector("[role=alert], #results")?.focus();
  });
  button.disabled = true;
  bar.hidden = false;
  says.textContent = "Sending…";
  request.open("POST", form.action);
  request.send(new FormData(form));
});
