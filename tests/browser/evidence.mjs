// Files under an answer, with the script and without: a result for each, and a page that says
// what is the matter with one that is not kept.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { look } from './look.mjs';
import { asked, base, browser, respond } from './stage.mjs';

const pdf = (name, words) => ({ name, mimeType: 'application/pdf', buffer: Buffer.from(`%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\n% ${words}\nxref\n0 0\ntrailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n`) });
const text = (name, words) => ({ name, mimeType: 'text/plain', buffer: Buffer.from(words) });
const spoiled = { name: 'report.pdf', mimeType: 'application/pdf', buffer: Buffer.from('GIF89a this is no report') };

// The page of files under the answer in this place of a topic.
async function files(page, topic, at) {
  await page.goto(`${base}/respond/${topic}`);
  await page.locator('main .files button').nth(at).click();
  assert.match(page.url(), /\/respond\/evidence\//);
}

const SEND = 'main form[enctype] button';

test('files go up with progress and a word for each, and are used again', async () => {
  const address = await asked('Birch Lane Storage', 'pat@birchlane.example');
  const { context, page } = await respond(address, { javaScriptEnabled: true });
  await files(page, 'encryption', 0);
  await look(browser, context, page, 'evidence-none');

  // Nothing said about them: the same page says what is missing, and the keyboard is there.
  await page.setInputFiles('#file', [pdf('SOC 2.pdf', 'first'), text('policy.txt', 'We encrypt.')]);
  await page.check('input[name=kind][value=certificate]');
  await page.click(SEND);
  await page.waitForSelector('[role=alert]');
  assert.ok(await page.evaluate(() => document.activeElement.matches('[role=alert]')), 'the summary has the keyboard');
  assert.match(await page.textContent('main .error[id=ends_on-error]'), /last day/);
  assert.ok(await page.isChecked('input[name=kind][value=certificate]'), 'what was chosen stays');
  await look(browser, context, page, 'evidence-errors', { form: true });

  // A slow line shows how far it is. One of three is spoiled: the others are kept all the same.
  const line = await context.newCDPSession(page);
  await line.send('Network.enable');
  await line.send('Network.emulateNetworkConditions', { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: 200_000 });
  await page.evaluate(() => {
    window.said = [];
    const note = () => window.said.push([document.querySelector('[data-says]')?.textContent, document.querySelector('form progress')?.hidden]);
    new MutationObserver(note).observe(document.querySelector('main form[enctype]'), { subtree: true, childList: true, characterData: true });
  });
  await page.fill('#ends_on', '2027-03-31');
  await page.setInputFiles('#file', [pdf('SOC 2.pdf', 'x'.repeat(300_000)), text('policy.txt', 'We encrypt.'), spoiled]);
  await page.click(SEND);
  await page.waitForSelector('#results');
  const said = await page.evaluate(() => window.said);
  assert.ok(said.some(([words, hidden]) => /^\d+% sent$/.test(words) && hidden === false), `${JSON.stringify(said)}`);
  const results = await page.locator('#results li').allTextContents();
  assert.equal(results.length, 3);
  assert.match(results[0], /SOC 2\.pdf: kept/);
  assert.match(results[1], /policy\.txt: kept/);
  assert.match(results[2], /report\.pdf: not kept\. .*(PDF|picture|GIF)/);
  assert.equal(await page.locator('.papers-list li').count(), 2);
  await look(browser, context, page, 'evidence-results', { form: true });
  await line.detach();

  // All kept: back at the question, which lists them.
  await page.check('input[name=kind][value=evidence]');
  await page.fill('#ends_on', '');
  await page.setInputFiles('#file', [text('test result.txt', 'All good.')]);
  await page.click(SEND);
  await page.waitForURL(/\/respond\/encryption/);
  assert.match(await page.locator('main .files').first().textContent(), /test result\.txt/);
  await look(browser, context, page, 'evidence-listed');
  await context.close();
});

test('without JavaScript files go up, are used for another answer, and are taken off', async () => {
  const { context, page } = await respond(await asked('Cherry Hill Copies', 'pat@cherryhill.example'));
  await files(page, 'encryption', 0);
  await page.setInputFiles('#file', [pdf('SOC 2.pdf', 'no script'), spoiled]);
  await page.check('input[name=kind][value=certificate]');
  await page.click(SEND);
  assert.match(await page.textContent('[role=alert]'), /last day/);
  await page.fill('#ends_on', '3/31/2027');
  await page.setInputFiles('#file', [pdf('SOC 2.pdf', 'no script'), spoiled]);
  await page.click(SEND);
  assert.deepEqual((await page.locator('#results li').allTextContents()).map((one) => one.includes('not kept')), [false, true]);

  await files(page, 'encryption', 1);
  assert.match(await page.textContent('main'), /None yet/);
  await page.click('main form[action*="/reuse"] button');
  assert.match(await page.textContent('[role=alert]'), /Tick the file/);
  await look(browser, context, page, 'evidence-reuse', { form: true });
  await page.check('main input[type=checkbox][name=file]');
  await page.click('main form[action*="/reuse"] button');
  assert.match(await page.locator('main .files').nth(1).textContent(), /SOC 2\.pdf/);

  await files(page, 'encryption', 0);
  await page.click('main .papers-list button');
  assert.match(page.url(), /\/respond\/encryption/);
  assert.doesNotMatch(await page.locator('main .files').first().textContent(), /SOC 2/);
  assert.match(await page.locator('main .files').nth(1).textContent(), /SOC 2\.pdf/, 'it stays under the other answer');
  await context.close();
});
