// What a screen reader is told: every control has a name, choices that belong together stand in
// a named group, and an error is read with its field.
import assert from 'node:assert/strict';

const CONTROLS = ['button', 'link', 'textbox', 'searchbox', 'combobox', 'listbox', 'radio', 'checkbox', 'spinbutton', 'switch', 'progressbar', 'meter', 'DisclosureTriangle', 'dialog'];

export async function named(page, place) {
  const devtools = await page.context().newCDPSession(page);
  const { nodes } = await devtools.send('Accessibility.getFullAXTree');
  await devtools.detach();
  const controls = nodes.filter((one) => !one.ignored && CONTROLS.includes(one.role?.value));
  const nameless = controls.filter((one) => !one.name?.value.trim()).map((one) => `a ${one.role.value} without a name`);
  assert.deepEqual([...nameless, ...await page.evaluate(untied)], [], place);
  assert.ok(controls.length > 0, `${place} has controls`);
}

// Runs in the page.
function untied() {
  const found = [];
  const says = (list) => (list ?? '').split(/\s+/).map((id) => id && document.getElementById(id)?.textContent.trim()).filter(Boolean).join(' ');
  const names = (group) => group.getAttribute('aria-label') || says(group.getAttribute('aria-labelledby')) || group.querySelector(':scope > legend')?.textContent.trim();
  const boxes = [...document.querySelectorAll('main :is([type=radio], [type=checkbox])')];
  for (const box of boxes) {
    const together = boxes.filter((one) => one.form === box.form && one.name === box.name && one.type === box.type);
    const kinds = 'fieldset, table, [role=group], [role=radiogroup]';
    let group = box.closest(kinds);
    if (together.length < 2 || group?.matches('table')) continue;
    if (!group || !names(group)) found.push(`${box.name} is in no named group`);
    // Many stand under headings, each a named group inside the one of the question.
    while (group && names(group) && !together.every((one) => group.contains(one))) group = group.parentElement.closest(kinds);
    if (!group || !names(group)) found.push(`${box.name} is not in one group`);
  }
  for (const field of document.querySelectorAll('[aria-invalid]')) {
    if (!says(field.getAttribute('aria-describedby'))) found.push(`what is wrong with ${field.name} is not tied to it`);
  }
  const described = [...document.querySelectorAll('[aria-describedby]')].flatMap((one) => one.getAttribute('aria-describedby').split(/\s+/));
  for (const error of document.querySelectorAll('main p.error')) {
    const tied = described.some((id) => document.getElementById(id)?.contains(error));
    if (!tied) found.push(`“${error.textContent}” is tied to no field`);
  }
  return [...new Set(found)];
}
