// Keys on a reviewer's page, which works without this file.
const form = document.querySelector("form[data-review]");
const keys = document.getElementById("keys");
if (form && keys) {
  const rows = [...form.querySelectorAll("[data-row]")];
  const says = form.querySelector("[data-says]");
  const use = document.getElementById("use-keys");
  const kept = (value) => {
    try {
      return value ? localStorage.setItem("review-keys", value) : localStorage.getItem("review-keys");
    } catch {
      return null;
    }
  };
  use.checked = kept() !== "off";
  use.addEventListener("change", () => kept(use.checked ? "on" : "off"));
  const opener = document.querySelector("[data-keys]");
  opener.hidden = false;
  opener.addEventListener("click", () => keys.showModal());
  let at = -1;
  form.addEventListener("focusin", ({ target }) => {
    const row = rows.findIndex((one) => one.contains(target));
    if (row >= 0) at = row;
  });
  const go = (step) => {
    at = Math.min(Math.max(at + step, 0), rows.length - 1);
    rows[at]?.focus();
  };
  const mark = (field, otherwise) => {
    if (!field) return (says.textContent = otherwise);
    field.click();
    const label = field.closest("label").innerText.trim();
    says.textContent = field.checked ? `Marked: ${label}` : `Not marked: ${label}`;
  };
  const here = (selector) => rows[at]?.querySelector(selector);
  const none = "This answer does not say “does not apply”.";
  const acts = {
    j: () => go(1),
    ArrowDown: () => go(1),
    k: () => go(-1),
    ArrowUp: () => go(-1),
    a: () => mark(here("[type=radio][value=accept]"), none),
    r: () => mark(here("[type=radio][value=reject]"), none),
    c: () => mark(here("[name^='checked:']"), "No file in date stands under this answer."),
    x: () => mark(here("[name=ask]"), "This question cannot be returned now."),
    s: () => document.getElementById("end")?.focus(),
    "?": () => keys.showModal(),
  };
  addEventListener("keydown", (event) => {
    const { key, target } = event;
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    if (!Object.hasOwn(acts, key) || (!use.checked && key !== "?")) return;
    // Arrows move among radio buttons, and letters are typed into fields.
    if (target.matches("select, textarea, input:not([type=checkbox], [type=radio])")) return;
    if (target.matches("[type=radio]") && key.startsWith("Arrow")) return;
    event.preventDefault();
    acts[key]();
  });
}
