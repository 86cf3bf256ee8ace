// A reviewer goes through a whole reply by keys: no mouse, and the focus is always to be seen.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { look } from './look.mjs';
import { base, browser, staff } from './stage.mjs';

const at = () => {
  const one = document.activeElement;
  const box = one.getBoundingClientRect();
  return { id: one.id, seen: getComputedStyle(one).outlineStyle !== 'none' && box.bottom > 0 && box.top < innerHeight };
};

test('a reviewer gets through every answer without the mouse', async () => {
  const context = await browser.newContext({ storageState: await staff.context().storageState(), viewport: { width: 1366, height: 768 } });
  const page = await context.newPage();
  page.setDefaultTimeout(8000);
  await page.goto(`${base}/vendors?review=waiting&q=Brandt`);
  await page.click('main tbody th a');
  await page.click('main a[href$="/review"]');
  await look(browser, context, page, 'review');

  const rows = await page.locator('[data-row]').count();
  assert.ok(rows > 15, `${rows} answers`);
  let decided = 0;
  for (let row = 0; row < rows; row += 1) {
    await page.keyboard.press('j');
    const { id, seen } = await page.evaluate(at);
    assert.ok(id.startsWith('q:') && seen, `nobody sees the focus on ${id}`);
    if (await page.locator(`[id="${id}"] [value=accept]`).count()) {
      await page.keyboard.press('a');
      decided += 1;
    }
  }
  assert.ok(decided > 0, 'something does not apply');
  await page.keyboard.press('k');
  await page.keyboard.press('x');
  assert.equal(await page.locator('[name=ask]:checked').count(), 1);
  await page.keyboard.press('x');
  assert.equal(await page.locator('[name=ask]:checked').count(), 0);
  await page.keyboard.press('?');
  assert.ok(await page.locator('#keys').isVisible());
  await page.keyboard.press('Escape');
  await page.keyboard.press('s');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.waitForURL(/done=accepted/);
  assert.doesNotMatch(await page.textContent('main'), /Provisional/);
  await look(browser, context, page, 'scorecard-reviewed');
  await context.close();
});
