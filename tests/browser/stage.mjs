// The demonstration, on which vendors' tests play: started once for all files of one run, with a
// browser, somebody signed in at the practice, and the letters as the mailbox gets them.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, dirname } from 'node:path';
import { after, before } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { simpleParser } from 'mailparser';
import { chromium } from 'playwright-core';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const binary = process.env.DUECARE_BINARY_FOR_TESTS ?? join(root, 'target', 'debug', 'duecare');
// Settings of the machine must not leak into the test.
const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('DUECARE_')));
let demo;

export const folder = mkdtempSync(join(tmpdir(), 'duecare-stage-'));
export let base, browser, staff;

const freePort = () => new Promise((resolve) => {
  const probe = createServer().listen(0, '127.0.0.1', () => {
    const { port } = probe.address();
    probe.close(() => resolve(port));
  });
});

export async function waitFor(what, tries = 100, pause = 100) {
  for (let left = tries; left > 0; left -= 1) {
    const found = await what();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
  throw new Error('waited in vain');
}

before(async () => {
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

// A command beside the running demonstration, on its data.
export async function duecare(...words) {
  const { stdout } = await promisify(execFile)(binary, [...words, '--data-dir', folder, '--base-url', base], { env, encoding: 'utf8' });
  return stdout;
}

// The newest letter with these words in its subject, as the Outbox page shows it.
export async function letter(words) {
  await staff.goto(`${base}/outbox?q=${encodeURIComponent(words)}`);
  const found = staff.locator('main tbody a', { hasText: words }).first();
  if (!await found.count()) return undefined;
  await found.click();
  return staff.textContent('main');
}

// The letters that came to mailboxes, oldest first: their names begin with their time.
function letters() {
  const place = join(folder, 'mail');
  return existsSync(place) ? readdirSync(place).filter((name) => name.endsWith('.eml')).sort() : [];
}

// The letter with this subject that comes because of a deed.
export async function mailed(subject, deed) {
  const had = letters().length;
  await deed();
  return waitFor(async () => {
    const come = letters().slice(had).map((name) => simpleParser(readFileSync(join(folder, 'mail', name))));
    return (await Promise.all(come)).find((mail) => subject.test(mail.subject ?? ''));
  }, 100, 150);
}

export const linkIn = (mail) => base + mail.text.match(/\/i\/\S+/)[0];

// The link in the newest letter to a vendor that has not begun.
export async function link(vendor) {
  await staff.goto(`${base}/vendors?q=${encodeURIComponent(vendor)}`);
  await staff.click('main tbody th a');
  await staff.click('main button:has-text("Send a fresh link"), main button:has-text("Ask now")');
  await staff.goto(`${base}/outbox`);
  await staff.locator('main tbody a').first().click();
  return base + await staff.getAttribute('main a[href^="/i/"]', 'href');
}

// Starts in a telephone's browser, without JavaScript unless it is asked for.
export async function respond(address, { javaScriptEnabled = false } = {}) {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, javaScriptEnabled });
  const page = await context.newPage();
  page.setDefaultTimeout(8000);
  await page.goto(address);
  await page.click('main form button');
  return { context, page };
}

// The digits that are mailed when a deed asks for them.
export async function digits(deed) {
  return (await mailed(/^Your code/, deed)).text.match(/\b\d{6}\b/)[0];
}

// Shows the code from the mailbox.
export async function verify(page, next = '') {
  await page.goto(`${base}/respond/code?next=${next}`);
  await page.fill('#code', await digits(() => page.click('main form button')));
  await page.click('main form button');
}

export async function sign(page) {
  await page.goto(`${base}/respond/sign`);
  await page.fill('#name', 'Pat Morgan');
  await page.fill('#job_title', 'Office manager');
  await page.fill('#email', 'pat@vendor.example');
  await page.check('input[name=authority]');
  await page.click('main form button');
  assert.match(page.url(), /\/respond\/receipt$/);
}

// A vendor is put on a practice's list and asked; gives the link of the letter.
export async function asked(vendor, address, { practice, by = staff } = {}) {
  const list = join(folder, `${practice ?? 'list'}.csv`);
  writeFileSync(list, `name,contact_name,contact_email,services,ba_status,phi_elements,volume,access,criticality,subcontractors,offshore\n${vendor},Pat Morgan,${address},Hosting,business associate,clinical notes,"5,000-49,999",hosts,72h,1-2,none\n`);
  await duecare('import', 'vendors', list, '--practice', practice ?? 'maple-family-practice');
  await by.goto(`${base}/vendors?q=${encodeURIComponent(vendor)}`);
  await by.click('main tbody th a');
  return linkIn(await mailed(/self-check/i, () => by.click('main button:has-text("Ask now")')));
}
