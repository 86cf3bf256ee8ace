// Passkeys and second steps in a real browser, with Chromium's own software authenticator:
// a passkey is added, signs in alone, and is asked for before something dangerous; a session
// that is left idle warns, and keeps what was typed.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, dirname } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const binary = process.env.DUECARE_BINARY_FOR_TESTS ?? join(root, 'target', 'debug', 'duecare');
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const folder = mkdtempSync(join(tmpdir(), 'duecare-passkeys-'));
const pictures = join(root, 'tests', 'browser', 'out', 'pictures');
const PASSWORD = 'four quiet green teapots';
const plainEnv = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('DUECARE_')));

let server, base, browser;
const log = [];

before(async () => {
  mkdirSync(pictures, { recursive: true });
  const port = await new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
  // Browsers keep passkeys for a name, not for a number.
  base = `http://localhost:${port}`;
  const env = { ...plainEnv, DUECARE_DATA_DIR: folder, DUECARE_LISTEN: `127.0.0.1:${port}`, DUECARE_BASE_URL: base };
  server = spawn(binary, ['serve'], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  for (const stream of [server.stdout, server.stderr]) stream.on('data', (text) => log.push(text.toString()));
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
});

after(async () => {
  await browser?.close();
  if (server) {
    server.kill('SIGTERM');
    await new Promise((resolve) => server.once('exit', resolve));
  }
  rmSync(folder, { recursive: true, force: true });
});

async function looked(page, name) {
  const cookies = await page.context().cookies();
  for (const [width, height, scheme] of [[1366, 768, 'light'], [390, 844, 'dark']]) {
    const twin = await browser.newContext({ viewport: { width, height }, colorScheme: scheme, bypassCSP: true, javaScriptEnabled: true });
    await twin.addCookies(cookies);
    const other = await twin.newPage();
    await other.goto(page.url());
    await other.addScriptTag({ content: axeSource });
    const { violations } = await other.evaluate(() => axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }));
    const told = violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`);
    await other.screenshot({ path: join(pictures, `${name}-${width}.png`), fullPage: true });
    assert.deepEqual(told, [], `${name} at ${width}`);
    const sideways = await other.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    assert.ok(sideways <= 0, `${name} scrolls sideways by ${sideways} px at ${width}`);
    await twin.close();
  }
}

test('a passkey is added, signs in alone, and proves who sits there', async () => {
  let welcome;
  for (let left = 100; left > 0 && !welcome; left -= 1) {
    welcome = log.join('').match(/http\S+\/welcome\/\S+/)?.[0];
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const context = await browser.newContext({ viewport: { width: 1366, height: 768 } });
  const page = await context.newPage();
  const devices = await context.newCDPSession(page);
  await devices.send('WebAuthn.enable');
  await devices.send('WebAuthn.addVirtualAuthenticator', {
    options: { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
  });
  await page.goto(welcome);
  await page.fill('#practice_name', 'Maple Family Practice');
  await page.fill('#name', 'Dana Reyes');
  await page.fill('#email', 'dana@maple.example');
  await page.fill('#password', PASSWORD);
  await page.click('main button[type=submit]');
  await page.waitForURL(`${base}/setup`);

  for (const [name, path] of [['account', '/account'], ['second-step', '/account/second-step'], ['people', '/people'], ['practices', '/practices'], ['password', '/account/password'], ['prove', '/prove?next=/people'], ['kept', '/kept']]) {
    await page.goto(`${base}${path}`);
    await looked(page, name);
  }

  // Added; the recovery codes are shown once.
  await page.goto(`${base}/account/passkeys`);
  await looked(page, 'passkeys-none');
  await page.fill('#name', 'Front desk');
  await page.click('main form.form button[type=submit]');
  await page.waitForSelector('ol.codes');
  assert.equal(await page.locator('ol.codes li').count(), 10);
  await page.goto(`${base}/account/passkeys`);
  await page.waitForSelector('text=Front desk');
  await looked(page, 'passkeys');

  // It signs in alone.
  await page.click('.who button[type=submit]');
  await page.waitForURL(`${base}/sign-in`);
  await page.click('text=Sign in with a passkey');
  await page.waitForURL(`${base}/`);

  // The password alone does not any more.
  await page.click('.who button[type=submit]');
  await page.waitForURL(`${base}/sign-in`);
  await page.fill('#email', 'dana@maple.example');
  await page.fill('#password', PASSWORD);
  await page.click('main button:has-text("Sign in") >> nth=0');
  await page.waitForURL(`${base}/sign-in/code`);
  await page.click('button:has-text("Use your passkey")');
  await page.waitForURL(`${base}/`);

  // It proves once more who sits there.
  await page.goto(`${base}/prove?next=/people`);
  await page.click('button:has-text("Use your passkey")');
  await page.waitForURL(`${base}/people`);

  // And is taken away again.
  await page.goto(`${base}/account/passkeys`);
  await page.click('summary');
  await page.click('text=Remove this passkey');
  await page.waitForSelector('text=No passkeys yet');
  await context.close();
});

test('without JavaScript the page says that passkeys need it, and the password works', async () => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(`${base}/sign-in`);
  assert.match(await page.content(), /Passkeys need JavaScript/);
  assert.equal(await page.locator('form[data-passkeys]').isVisible(), false);
  await looked(page, 'sign-in-passkeys');
  await page.goto(`${base}/forgot`);
  await looked(page, 'forgot');
  await page.goto(`${base}/sign-in`);
  await page.fill('#email', 'dana@maple.example');
  await page.fill('#password', PASSWORD);
  await page.click('main button[type=submit]');
  assert.equal(page.url(), `${base}/`);
  await context.close();
});

test('two minutes before an idle session ends a dialog asks, and typed text outlives the end', async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.clock.install();
  await page.goto(`${base}/sign-in`);
  await page.fill('#email', 'dana@maple.example');
  await page.fill('#password', PASSWORD);
  await page.click('main button:has-text("Sign in") >> nth=0');
  await page.waitForURL(`${base}/`);
  // The server's clock does not move: what it would say is said for it.
  let left = 900;
  let stayed = 0;
  await page.route('**/stay', (route) => {
    if (route.request().method() === 'POST') stayed += 1;
    else if (left > 0) return route.fulfill({ json: { seconds: left } });
    return route.continue();
  });
  await page.goto(`${base}/vendors/new`);
  await page.fill('#name', 'Typed before the end');
  left = 118;
  await page.clock.runFor(782_000);
  await page.waitForSelector('dialog[open]');
  left = 900;
  await page.click('text=Stay signed in');
  await page.waitForSelector('dialog[open]', { state: 'detached' });
  for (let tries = 50; tries > 0 && stayed === 0; tries -= 1) await new Promise((resolve) => setTimeout(resolve, 100));
  assert.equal(stayed > 0, true);
  // Signed out elsewhere: the page must not show what it holds, nor lose it.
  assert.equal(await page.inputValue('#name'), 'Typed before the end');
  await context.close();
});
