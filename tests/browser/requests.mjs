// One mailbox asked by two practices: a page lists the requests, and what was just signed for
// one is offered to the other, question by question.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { look } from './look.mjs';
import { asked, base, browser, duecare, respond, sign, verify } from './stage.mjs';

test('what was signed for one practice is released to the next only where it is ticked', async () => {
  const practice = JSON.parse(await duecare('practice', 'add', '--name', 'Elm Street Pediatrics', '--timezone', 'America/Chicago', '--admin', 'sam@elmstreet.example', '--json'));
  const elm = await (await browser.newContext({ javaScriptEnabled: false })).newPage();
  await elm.goto(practice.link);
  for (const [field, value] of [['#name', 'Sam Ito'], ['#password', 'four quiet green teapots'], ['#email', 'sam@elmstreet.example']]) {
    if (await elm.locator(field).count() && await elm.locator(field).isEditable()) await elm.fill(field, value);
  }
  await elm.click('main button[type=submit]');

  // Signed for Maple first.
  const { context, page } = await respond(await asked('Dogwood Dictation', 'pat@dogwood.example'));
  await page.goto(`${base}/respond/people`);
  for (const yes of await page.locator('main input[type=radio][value=yes]').all()) await yes.check();
  await page.click('main form .buttons button:not([name])');
  await verify(page);
  await sign(page);
  await look(browser, context, page, 'requests-receipt');
  assert.doesNotMatch(await page.textContent('main'), /Other requests/);
  await context.close();

  // Elm Street asks, too.
  const link = await asked('Dogwood Dictation LLC', 'pat@dogwood.example', { practice: practice.slug, by: elm });
  const there = await respond(link);
  assert.doesNotMatch(await there.page.textContent('main'), /Maple|elsewhere/, 'the link alone tells of nobody else');
  await verify(there.page);
  await there.page.goto(`${base}/respond`);
  assert.match(await there.page.textContent('main'), /Take over answers you signed elsewhere/);
  await there.page.click('main a[href="/respond/requests"]');
  assert.match(await there.page.textContent('main'), /Maple Family Practice/);
  await look(browser, there.context, there.page, 'requests');

  await there.page.goto(`${base}/respond/reuse`);
  assert.equal(await there.page.locator('main input:checked').count(), 0, 'nothing is ticked beforehand');
  await look(browser, there.context, there.page, 'reuse');
  await there.page.click('main form button');
  assert.match(await there.page.textContent('[role=alert]'), /Tick/);
  const box = there.page.locator('main input[name=take]').first();
  const slug = await box.getAttribute('value');
  await box.check();
  await there.page.click('main form button');
  await there.page.goto(`${base}/respond/check`);
  assert.equal(await there.page.locator('.answers > div', { hasText: 'Taken over from own answers' }).count(), 1);
  assert.match(await there.page.textContent(`[id="${slug}"]`), /Yes/);
  await look(browser, there.context, there.page, 'reuse-check');
  // From the page of requests the signed copy of the other practice opens.
  await there.page.goto(`${base}/respond/requests`);
  await there.page.click('main form button');
  await there.page.goto(`${base}/respond/receipt`);
  assert.match(await there.page.textContent('main'), /Other requests to you/);
  await look(browser, there.context, there.page, 'receipt-requests');
  await there.context.close();
  await elm.context().close();
});
