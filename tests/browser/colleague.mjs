// A colleague answers the sections that it was asked for, and nothing else.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { look } from './look.mjs';
import { asked, base, browser, linkIn, mailed, respond, verify } from './stage.mjs';

const topics = (page) => page.$$eval('ul.tasks a', (all) => all.map((one) => new URL(one.href).pathname));

// The first "yes" of a page, saved by its button.
async function answerYes(page, topic) {
  await page.goto(base + topic);
  await page.locator('main input[type=radio][value=yes]').first().check();
  await page.click('main form .buttons button:not([name])');
}

test('a colleague answers a part, cannot sign, and is out when it is taken back', async () => {
  const { context, page } = await respond(await asked('Aspen Grove Hosting', 'pat@aspengrove.example'));
  await verify(page);
  await page.goto(`${base}/respond`);
  const all = await topics(page);
  await answerYes(page, '/respond/self-check');

  // The owner asks; what is missing is said first.
  await page.goto(`${base}/respond/colleagues`);
  await look(browser, context, page, 'colleagues-none');
  await page.fill('#name', 'Kim Lee');
  await page.click('main form .button:not(.small)');
  await look(browser, context, page, 'colleagues-errors', { form: true });
  assert.equal(await page.inputValue('#name'), 'Kim Lee');
  await page.fill('#email', 'kim@aspengrove.example');
  await page.check('input[name=sections][value=adm]');
  const mail = await mailed(/./, () => page.click('main form .button:not(.small)'));
  assert.equal(mail.to.value[0].address, 'kim@aspengrove.example');

  // The colleague, in a browser of its own.
  const visit = await browser.newContext({ javaScriptEnabled: false });
  const first = await visit.newPage();
  await first.goto(linkIn(mail));
  await look(browser, visit, first, 'colleague-invitation');
  await visit.close();
  const kim = await respond(linkIn(mail));
  const part = await topics(kim.page);
  assert.ok(part.length > 0 && part.length < all.length && part.every((topic) => all.includes(topic)), `${part}`);
  await answerYes(kim.page, '/respond/people');
  await kim.page.goto(`${base}/respond`);
  await look(browser, kim.context, kim.page, 'colleague-tasks');
  assert.equal((await kim.page.goto(`${base}/respond/self-check`)).status(), 404);
  for (const closed of ['sign', 'check', 'colleagues']) {
    assert.equal((await kim.page.goto(`${base}/respond/${closed}`)).status(), 403);
    assert.match(await kim.page.textContent('main'), /only|for whoever asked you|nothing else/);
  }
  await look(browser, kim.context, kim.page, 'colleague-not-yours');
  // Done: all of the part is answered.
  for (const topic of part) {
    await kim.page.goto(base + topic);
    for (const unsure of await kim.page.locator('main :is([type=radio][value=unknown], [type=checkbox][value=unknown])').all()) await unsure.check();
    await kim.page.click('main form .buttons button:not([name])');
    assert.doesNotMatch(kim.page.url(), /check|sign/);
  }
  await kim.page.goto(`${base}/respond`);
  await look(browser, kim.context, kim.page, 'colleague-done');
  assert.match(await kim.page.textContent('main'), /Your part is done/);
  assert.match(await kim.page.textContent('#progress'), /(\d+) of \1 questions/);

  // The owner sees who answered what, and takes it back.
  await page.goto(`${base}/respond/colleagues`);
  await page.click('main summary');
  assert.match(await page.textContent('main details'), /Kim Lee answered/);
  assert.match(await page.textContent('main .badge'), /Completed/);
  await look(browser, context, page, 'colleagues-one');
  await page.click('main button:has-text("Take it back")');
  assert.match(await page.textContent('main .badge'), /Taken back/);
  assert.equal((await kim.page.goto(`${base}/respond/people`)).status(), 410);
  await look(browser, kim.context, kim.page, 'colleague-taken-back');
  await page.goto(`${base}/respond/people`);
  assert.ok(await page.locator('main input[value=unknown]:checked').count() > 0, 'what was answered stays');
  await kim.context.close();
  await context.close();
});
