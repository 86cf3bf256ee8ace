// The whole way with the keyboard alone: from the letter's link to the receipt. The focus is
// always to be seen, and never lost.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asked, base, browser, digits, waitFor } from './stage.mjs';

// Runs in the page: where the keyboard is, and whether that can be seen.
function here() {
  const at = document.activeElement;
  if (!at || at === document.body) return undefined;
  const box = at.getBoundingClientRect();
  const style = getComputedStyle(at);
  const hidden = box.width < 4 || box.height < 4 || box.bottom <= 0 || box.top >= innerHeight || style.visibility === 'hidden' || at.closest('[aria-hidden=true]');
  return {
    tag: at.tagName.toLowerCase(), type: at.type ?? '', name: at.name ?? '', value: at.value ?? '', href: at.getAttribute('href') ?? '', says: at.textContent.trim(), role: at.getAttribute('role'),
    html: at.outerHTML.slice(0, 120),
    seen: !hidden && style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
  };
}

class Keys {
  constructor(page) { this.page = page; }

  async at() {
    const at = await this.page.evaluate(here);
    assert.ok(at, `the focus is lost on ${this.page.url()}`);
    assert.ok(at.seen, `nobody sees the focus on ${at.html} of ${this.page.url()}`);
    return at;
  }

  // Goes on until something is reached, looking at every stop.
  async to(wanted, key = 'Tab') {
    for (let tries = 0; tries < 150; tries += 1) {
      await this.page.keyboard.press(key);
      const at = await this.at();
      if (wanted(at)) return at;
    }
    throw new Error(`not reached by ${key} on ${this.page.url()}`);
  }

  async press(key, next) {
    await this.page.keyboard.press(key);
    if (next) await this.page.waitForURL(next);
  }

  // The first stop of a page leads past its head.
  async skips() {
    await this.page.keyboard.press('Tab');
    const first = await this.at();
    assert.deepEqual([first.tag, first.href], ['a', '#main'], `the first stop of ${this.page.url()}`);
    await this.press('Enter');
    await this.page.keyboard.press('Tab');
    const inside = await this.page.evaluate(() => Boolean(document.activeElement.closest('main, footer')));
    assert.ok(inside, `behind the head of ${this.page.url()}`);
    await this.page.keyboard.press('Shift+Tab');
  }

  // A page of errors has the keyboard on its summary, from which the first field is one stop away.
  async told(says) {
    await this.page.waitForSelector('[role=alert]');
    assert.equal((await this.at()).role, 'alert', `the summary of ${this.page.url()} has the keyboard`);
    await this.page.keyboard.press('Tab');
    assert.match((await this.at()).says, says);
    await this.press('Enter');
    const field = await this.at();
    assert.ok(['input', 'textarea', 'select', 'fieldset'].includes(field.tag), field.html);
    return field;
  }
}

const button = (says) => (at) => at.tag === 'button' && says.test(at.says);
const goesTo = (href) => (at) => at.tag === 'a' && href.test(at.href);

test('from the letter to the receipt with the keyboard alone', async () => {
  const context = await browser.newContext({ viewport: { width: 1366, height: 768 } });
  const page = await context.newPage();
  page.setDefaultTimeout(8000);
  const keys = new Keys(page);
  await page.goto(await asked('Elder Creek Records', 'pat@eldercreek.example'));
  await keys.skips();
  await keys.to(button(/^Start$/));
  await keys.press('Enter', `${base}/respond`);
  await keys.skips();
  await keys.to(goesTo(/\/respond\/encryption$/));
  await keys.press('Enter', /\/respond\/encryption$/);
  await keys.skips();

  // One topic: choices by Space and arrows, a fold-out, back by Shift and Tab; a date that is none.
  await keys.to((at) => at.tag === 'summary');
  await keys.press('Enter');
  assert.ok(await page.locator('main details[open]').count());
  const radio = await keys.to((at) => at.type === 'radio');
  await keys.press('Space');
  await keys.press('ArrowDown');
  await keys.press('ArrowDown');
  await waitFor(async () => /planned/.test((await keys.at()).value) || keys.press('ArrowDown'), 6, 10);
  const date = await keys.to((at) => at.name.endsWith(':by'));
  await page.keyboard.type('soon');
  await keys.to((at) => at.type === 'radio' && at.name === radio.name, 'Shift+Tab');
  assert.equal(await page.inputValue(`[name="${date.name}"]`), 'soon');
  await keys.to(button(/^Save and continue$/));
  await keys.press('Enter');
  await keys.told(/date|2026/);
  await keys.press('Control+A');
  await page.keyboard.type('2027-03-31');
  await keys.to(button(/^Save and continue$/));
  await keys.press('Enter', (at) => !at.pathname.endsWith('/encryption'));

  // Through the list of topics to the check page, and from there to the code.
  await keys.to(goesTo(/^\/respond$/));
  await keys.press('Enter', `${base}/respond`);
  await keys.to(goesTo(/\/respond\/check$/));
  await keys.press('Enter', /\/respond\/check$/);
  await keys.skips();
  await keys.to(goesTo(/back=check/));
  await keys.to(goesTo(/\/respond\/sign$/));
  await keys.press('Enter', /\/respond\/code/);
  await keys.to(button(/Send me a code/));
  const code = await digits(() => keys.press('Enter'));
  await page.waitForSelector('#code');
  await keys.skips();
  await keys.to((at) => at.name === 'code');
  await page.keyboard.type('abc');
  await keys.press('Enter');
  assert.equal((await keys.told(/./)).name, 'code');
  await keys.press('Control+A');
  await page.keyboard.type(code);
  await keys.press('Enter', /\/respond\/sign\?done=code$/);

  // The address that was asked is known; signing with nothing typed is a page of errors first.
  await keys.skips();
  await keys.to(button(/^Sign and send/));
  await keys.press('Enter');
  assert.equal((await keys.told(/name/i)).name, 'name');
  await page.keyboard.type('Pat Morgan');
  await keys.to((at) => at.name === 'job_title');
  await page.keyboard.type('Office manager');
  await keys.to((at) => at.name === 'email');
  await page.keyboard.type('pat@eldercreek.example');
  await keys.to((at) => at.name === 'authority');
  await keys.press('Space');
  await keys.to(button(/^Sign and send/));
  await keys.press('Enter', /\/respond\/receipt$/);
  await keys.skips();
  await keys.to(goesTo(/\/respond\/correct$/));
  await context.close();
});
