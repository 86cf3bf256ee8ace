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
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}

// The list of vendors: shows what is found while one types. It asks for the same page that
// the button would, and puts its parts in place.
const live = document.querySelector("form[data-live]");
let waiting, asking;
const find = async () => {
  asking?.abort();
  asking = new AbortController();
  const fields = new URLSearchParams([...new FormData(live)].filter(([, value]) => value)).toString();
  const address = live.action + (fields && `?${fields}`);
  try {
    const answer = await fetch(address, { signal: asking.signal });
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
