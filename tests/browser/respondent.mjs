// What a vendor's respondent meets, on the demonstration: two clicks to the first answer, a page
// that saves itself, and a workbook that goes out and comes back.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, dirname } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const binary = process.env.DUECARE_BINARY_FOR_TESTS ?? join(root, 'target', 'debug', 'duecare');
const folder = mkdtempSync(join(tmpdir(), 'duecare-respondent-'));
let demo, base, browser, staff;

const freePort = () => new Promise((resolve) => {
  const probe = createServer().listen(0, '127.0.0.1', () => {
    const { port } = probe.address();
    probe.close(() => resolve(port));
  });
});

async function waitFor(what, tries = 100, pause = 100) {
  for (let left = tries; left > 0; left -= 1) {
    const found = await what();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
  throw new Error('waited in vain');
}

before(async () => {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('DUECARE_')));
  const log = [];
  demo = spawn(binary, ['demo', '--folder', folder, '--port', String(await freePort())], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  demo.stderr.on('data', (text) => log.push(text.toString()));
  const welcome = await waitFor(() => log.join('').match(/http\S+\/welcome\/\S+/)?.[0], 1800);
  base = new URL(welcome).origin;
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
  staff = await (await browser.newContext({ javaScriptEnabled: false })).newPage();
  await staff.goto(welcome);
  await staff.click('main button[type=submit]');
});

after(async () => {
  await browser?.close();
  demo?.kill('SIGTERM');
  await new Promise((resolve) => demo.once('exit', resolve));
  rmSync(folder, { recursive: true, force: true });
});

// The newest letter with these words in its subject, as the Outbox page shows it.
async function letter(words) {
  await staff.goto(`${base}/outbox?q=${encodeURIComponent(words)}`);
  const found = staff.locator('main tbody a', { hasText: words }).first();
  if (!await found.count()) return undefined;
  await found.click();
  return staff.textContent('main');
}

// The link in the newest letter to a vendor that has not begun.
async function link(vendor) {
  await staff.goto(`${base}/vendors?q=${encodeURIComponent(vendor)}`);
  await staff.click('main tbody th a');
  await staff.click('main button:has-text("Send a fresh link"), main button:has-text("Ask now")');
  await staff.goto(`${base}/outbox`);
  await staff.locator('main tbody a').first().click();
  return base + await staff.getAttribute('main a[href^="/i/"]', 'href');
}

test('the first answer is two clicks from the mail, without an account', async () => {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(await link('Dunmore Receivables'));
  await page.click('main form button');
  await page.click('ul.tasks a');
  assert.ok(await page.locator('main form input[type=radio], main form input[type=text]').count() > 0, 'the first question is there');
  await context.close();
});

test('a page saves itself, says so only when it is so, and tries again', async () => {
  const context = await browser.newContext({ viewport: { width: 1366, height: 768 } });
  const page = await context.newPage();
  await page.goto(await link('Fernhill Remote Monitoring'));
  await page.click('main form button');
  for (const topic of await page.$$eval('ul.tasks a', (all) => all.map((one) => one.href))) {
    await page.goto(topic);
    if (await page.locator('main input[type=radio][value=partial]').count()) break;
  }
  const here = page.url();
  const says = page.locator('[data-saved]');
  const radio = page.locator('main input[type=radio][value=yes]').first();
  const began = Date.now();
  await radio.check();
  await waitFor(async () => /^Saved \d/.test(await says.textContent()));
  assert.ok(Date.now() - began < 2000, 'within two seconds');
  // The network goes away, and comes back.
  await page.route('**/respond/**', (route) => route.abort());
  const partly = page.locator('main input[type=radio][value=partial]').first();
  await partly.check();
  await waitFor(async () => (await says.textContent()) === 'Not saved, trying again.');
  await page.unroute('**/respond/**');
  await waitFor(async () => /^Saved \d/.test(await says.textContent()), 200);
  // Closed without a press, opened again: nothing is lost.
  await page.goto(`${base}/respond`);
  await page.goto(here);
  assert.ok(await page.locator('main input[type=radio][value=partial]').first().isChecked());
  // The button still saves the whole page, right after the script did.
  await page.locator('main input[type=radio][value=no]').first().check();
  await page.click('main form .buttons button:not([name])');
  assert.notEqual(page.url(), here);
  await page.goto(here);
  assert.ok(await page.locator('main input[type=radio][value=no]').first().isChecked());
  await context.close();
});
