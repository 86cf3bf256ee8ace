// What whoever is not the respondent gets to see, and what a page costs that is seen first.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asked, base, browser, respond } from './stage.mjs';

// Opens a link with scripts, as mail gateways do, and submits what it finds. Gives all it saw.
async function gateway(link) {
  const context = await browser.newContext();
  const page = await context.newPage();
  const seen = [];
  const submit = async () => {
    if (!await page.locator('main form').count()) return;
    await Promise.all([page.waitForNavigation(), page.evaluate(() => document.querySelector('main form').submit())]);
    seen.push(await page.content());
  };
  await page.goto(link);
  seen.push(await page.content());
  await submit();
  await submit();
  for (const place of ['', '/encryption', '/people', '/check', '/sign', '/receipt', '/colleagues', '/requests', '/questions']) {
    await page.goto(`${base}/respond${place}`);
    seen.push(await page.content());
    if (place !== '/sign') await submit();
  }
  await context.close();
  return seen;
}

test('a mail gateway that opens the link and submits forms sees and spoils no answer', async () => {
  const link = await asked('Fir Valley Scanning', 'pat@firvalley.example');
  const { context, page } = await respond(link);
  await page.goto(`${base}/respond/encryption`);
  await page.locator('main input[type=radio][value=planned]').first().check();
  await page.locator('main input[name$=":by"]').first().fill('2031-07-09');
  await page.click('main form .buttons button:not([name])');
  await page.goto(`${base}/respond/check`);
  const before = await page.textContent('main');
  assert.match(before, /July 9, 2031/);

  for (const content of await gateway(link)) {
    assert.doesNotMatch(content, /2031|July 9|pat@firvalley/);
    assert.doesNotMatch(content, /<input[^>]* checked/);
  }
  await page.reload();
  assert.equal(await page.textContent('main'), before, 'nothing is spoilt');
  await context.close();
});

test('the first question page costs no more than 25 KB and four requests', async () => {
  const link = await asked('Ginkgo Fax', 'pat@ginkgofax.example');
  // The session is another browser’s: this one has nothing in store.
  const begun = await respond(link);
  const context = await browser.newContext({ viewport: { width: 390, height: 844 } });
  await context.addCookies(await begun.context.cookies());
  const page = await context.newPage();
  const line = await context.newCDPSession(page);
  const sizes = new Map();
  await line.send('Network.enable');
  line.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => sizes.set(requestId, encodedDataLength));
  const asks = [];
  line.on('Network.requestWillBeSent', ({ requestId, request }) => asks.push([requestId, request.url]));
  await page.goto(`${base}/respond/encryption`, { waitUntil: 'networkidle' });
  const bytes = [...sizes.values()].reduce((sum, one) => sum + one, 0);
  assert.ok(asks.length <= 4, `${asks.map(([, url]) => url)}`);
  assert.equal(sizes.size, asks.length, 'all of them came');
  assert.ok(bytes <= 25 * 1024, `${bytes} bytes`);
  await context.close();
  await begun.context.close();
});
