// What a vendor's respondent meets, on the demonstration: two clicks to the first answer, a page
// that saves itself, and a workbook that goes out and comes back.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, dirname } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';
import { chromium } from 'playwright-core';
import { look } from './look.mjs';

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

// Starts in a telephone's browser without JavaScript, and shows the code from the mailbox.
async function respond(address, { javaScriptEnabled = false } = {}) {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, javaScriptEnabled });
  const page = await context.newPage();
  await page.goto(address);
  await page.click('main form button');
  return { context, page };
}

async function verify(page, next = '') {
  await page.goto(`${base}/respond/code?next=${next}`);
  await page.click('main form button');
  const digits = await waitFor(async () => (await letter('Your code'))?.match(/\b\d{6}\b/)?.[0], 40, 250);
  await page.fill('#code', digits);
  await page.click('main form button');
}

async function sign(page) {
  await page.goto(`${base}/respond/sign`);
  await page.fill('#name', 'Pat Morgan');
  await page.fill('#job_title', 'Office manager');
  await page.fill('#email', 'pat@vendor.example');
  await page.check('input[name=authority]');
  await page.click('main form button');
  assert.match(page.url(), /\/respond\/receipt$/);
}

test('last year’s answers stand beside the questions, and still true is one press', async () => {
  const { context, page } = await respond(await link('Dunmore Receivables'));
  await verify(page, 'last-year');
  await page.goto(`${base}/respond`);
  let offered = 0;
  for (const topic of await page.$$eval('ul.tasks a', (all) => all.map((one) => one.href))) {
    await page.goto(topic);
    const same = page.locator('input[value=same]');
    offered = await same.count();
    if (!offered) continue;
    await look(browser, context, page, 'respondent-last-year');
    await same.first().check();
    break;
  }
  assert.ok(offered, 'an earlier answer may be confirmed');
  await page.click('main form .buttons button:not([name])');
  await page.goto(`${base}/respond`);
  assert.match(await page.textContent('#progress'), /1 of \d+ still true/);
  await look(browser, context, page, 'respondent-tasks');
  await context.close();
});

// The workbook with one answer written by another hand than ours.
function filledIn(bytes) {
  const parts = unzipSync(new Uint8Array(bytes));
  const words = [...strFromU8(parts['xl/sharedStrings.xml']).matchAll(/<si>.*?<\/si>/gs)].map((one) => one[0].replace(/<[^>]*>/g, ''));
  const name = 'xl/worksheets/sheet2.xml';
  let filled = 0;
  const sheet = strFromU8(parts[name]).replace(/<c r="A(\d+)"[^>]*t="s"[^>]*><v>(\d+)<\/v><\/c>.*?<\/row>/gs, (row, number, word) => {
    if (words[Number(word)] !== 'org.self-check.done') return row;
    return row.replace(new RegExp(`<c r="I${number}"( s="\\d+")?(?: t="s")?(?:/>|>.*?</c>)`, 's'), (cell, style) => {
      filled += 1;
      return `<c r="I${number}"${style ?? ''} t="inlineStr"><is><t>Partly</t></is></c>`;
    });
  });
  assert.equal(filled, 1, 'the question is in the workbook');
  return zipSync({ ...parts, [name]: strToU8(sheet) });
}

test('a workbook goes out, is filled in elsewhere, and comes back', async () => {
  const { context, page } = await respond(await link('Papertrail Scanning'));
  await verify(page);
  await page.goto(`${base}/respond/questions`);
  await look(browser, context, page, 'respondent-questions');
  const [taken] = await Promise.all([page.waitForEvent('download'), page.click('main a[href$=".xlsx"]')]);
  const file = join(folder, 'filled in.xlsx');
  writeFileSync(file, filledIn(readFileSync(await taken.path())));
  await page.goto(`${base}/respond/upload`);
  await look(browser, context, page, 'respondent-upload');
  await page.setInputFiles('main input[type=file]', file);
  await page.click('main form button');
  assert.match(await page.textContent('main'), /Partly/);
  await look(browser, context, page, 'respondent-uploaded', { form: true });
  await page.click('main form .buttons button');
  await page.goto(`${base}/respond/check`);
  assert.match(await page.textContent('#org\\.self-check\\.done'), /Partly/);
  await context.close();
});

test('a vendor tells of a change from its questionnaire', async () => {
  const { context, page } = await respond(await link('Tandem Mailing House'));
  await verify(page);
  await page.goto(`${base}/respond/notice`);
  await look(browser, context, page, 'notice-start');
  await page.click('main form button');
  await page.check('input[value="service.ending"]');
  await page.fill('[name="what"]', 'We stop at the end of the year.');
  await look(browser, context, page, 'notice-kind', { form: true });
  await page.click('main form .buttons button');
  for (let pages = 0; pages < 6 && !/\/tell\/(check|sign)$/.test(page.url()); pages += 1) {
    await look(browser, context, page, `notice-page-${pages}`);
    for (const field of await page.locator('main input[type=text]:visible').all()) if (!await field.inputValue()) await field.fill(/(\.on|ends|starts|since)$/.test(await field.getAttribute('name')) ? '2026-12-31' : 'Nothing more');
    for (const area of await page.locator('main textarea:visible').all()) if (!await area.inputValue()) await area.fill('Nothing more');
    await page.click('main form .buttons button');
  }
  await look(browser, context, page, 'notice-check');
  await page.click('main a.button');
  await page.fill('#name', 'Pat Morgan');
  await page.fill('#job_title', 'Office manager');
  await page.fill('#email', 'pat@vendor.example');
  await page.check('input[name=authority]');
  await page.click('main form button');
  await look(browser, context, page, 'notice-receipt');
  await staff.goto(`${base}/flags`);
  assert.match(await staff.textContent('main'), /the service ends/);
  await context.close();
});

test('a question that was sent back is answered alone, and signed again', async () => {
  await waitFor(() => letter('asks about 2 questions'));
  const address = base + await staff.getAttribute('main a[href^="/i/"]', 'href');
  const { context, page } = await respond(address);
  await verify(page);
  await page.goto(`${base}/respond`);
  await look(browser, context, page, 'respondent-returned');
  assert.equal(await page.locator('ul.tasks a').count(), 2);
  await page.click('main .notice a');
  await page.fill('textarea[name$=":reply"]', 'Since Monday, yes.');
  await look(browser, context, page, 'respondent-remark', { form: true });
  await page.click('main form .buttons button:not([name])');
  await page.goto(`${base}/respond/check`);
  await look(browser, context, page, 'respondent-check');
  await sign(page);
  await look(browser, context, page, 'respondent-receipt');
  assert.match(await page.textContent('main'), /Earlier versions/);
  await page.click('main a[href="/respond/correct"]');
  await look(browser, context, page, 'respondent-correct');
  await staff.goto(`${base}/vendors?q=bluebell`);
  await staff.click('main tbody th a');
  await staff.click('main a[href^="/assessments/"]');
  assert.match(await staff.textContent('main'), /Since Monday, yes\./);
  await look(browser, staff.context(), staff, 'scorecard-versions');
  await staff.goto(`${staff.url().split('?')[0]}/return`);
  await look(browser, staff.context(), staff, 'send-back');
  await context.close();
});
