// The whole journey on real parts: a list comes in, the sweep runs, the letter is received by
// a real SMTP server, its link is opened in Chromium with JavaScript off, answered and
// signed; the dashboard then shows the score and the flags. axe finds nothing on any page.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { promisify } from 'node:util';
import { mkdtempSync, writeFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, dirname } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { SMTPServer } from 'smtp-server';
import { simpleParser } from 'mailparser';
import { look } from './look.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const binary = process.env.DUECARE_BINARY_FOR_TESTS ?? join(root, 'target', 'debug', 'duecare');
const folder = mkdtempSync(join(tmpdir(), 'duecare-journey-'));
const PASSWORD = 'four quiet green teapots';

let smtp, mailPort, server, base, browser, env;
const received = [];

const freePort = () => new Promise((resolve) => {
  const probe = createServer().listen(0, '127.0.0.1', () => {
    const { port } = probe.address();
    probe.close(() => resolve(port));
  });
});

// Settings of the machine must not leak into the test.
const plainEnv = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('DUECARE_')));

before(async () => {
  smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    onData(stream, session, done) {
      const chunks = [];
      stream.on('data', (chunk) => chunks.push(chunk));
      stream.on('end', async () => {
        const mail = await simpleParser(Buffer.concat(chunks));
        received.push({ mail, to: session.envelope.rcptTo.map((to) => to.address) });
        done();
      });
    },
  });
  await new Promise((resolve) => smtp.listen(0, '127.0.0.1', resolve));
  mailPort = smtp.server.address().port;
  const port = await freePort();
  base = `http://127.0.0.1:${port}`;
  env = {
    ...plainEnv,
    DUECARE_DATA_DIR: folder,
    DUECARE_LISTEN: `127.0.0.1:${port}`,
    DUECARE_SMTP_URL: `smtp://127.0.0.1:${mailPort}?tls=none`,
    DUECARE_MAIL_FROM: 'requests@duecare.example',
  };
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
  // Connections kept for the next letter are not waited for.
  smtp.connections.forEach((connection) => connection._socket.destroy());
  await new Promise((resolve) => smtp.close(resolve));
  rmSync(folder, { recursive: true, force: true });
});

// Not the blocking kind: the mail server that the command talks to lives in this process.
const duecare = async (...words) => (await promisify(execFile)(binary, words, { env, encoding: 'utf8' })).stdout;

async function waitFor(what, tries, pause = 100) {
  for (let left = tries; left > 0; left -= 1) {
    const found = await what();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
  throw new Error('waited in vain');
}

const check = (context, page, name, more) => look(browser, context, page, name, more);

const LIST = `name,contact_name,contact_email,services,ba_status,phi_elements,volume,access,criticality,subcontractors,offshore,baa_signed_on,baa_ends_on,owner
Northwind Transcription,Pat Morgan,pat@northwind.example,Transcription,business associate,clinical notes,"5,000-49,999",hosts,72h,1-2,none,2025-03-03,,Dana Reyes
Shred Right,Lee Stone,lee@shred.example,Shredding,business associate,contact,<500,occasional paper or file,longer,none,none,,,Dana Reyes
`;

test('a practice administrator and a vendor go through one whole year', async () => {
  const log = [];
  const serve = () => {
    server = spawn(binary, ['serve'], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    server.stderr.on('data', (text) => log.push(text.toString()));
    server.stdout.on('data', (text) => log.push(text.toString()));
  };
  serve();
  const welcome = await waitFor(() => log.join('').match(/http\S+\/welcome\/\S+/)?.[0], 100);

  // First run, with JavaScript off throughout.
  const staff = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 1366, height: 768 } });
  const page = await staff.newPage();
  await page.goto(welcome);
  await check(staff, page, 'welcome');
  await page.fill('#practice_name', 'Maple Family Practice');
  await page.fill('#name', 'Dana Reyes');
  await page.fill('#email', 'dana@maple.example');
  await page.fill('#password', PASSWORD);
  await page.click('main button[type=submit]');
  assert.equal(page.url(), `${base}/setup`);
  await check(staff, page, 'setup');
  await page.goto(`${base}/setup/mail`);
  await page.click('main button[type=submit]');
  assert.match(await page.textContent('main'), /The mail server answered:\s*250/);
  await check(staff, page, 'mail-test');
  await page.goto(`${base}/practice`);
  await check(staff, page, 'practice');
  await page.goto(`${base}/`);
  await check(staff, page, 'dashboard-empty');

  // Bring in a list: one with a broken address first, which is asked about.
  await page.goto(`${base}/vendors/import`);
  await check(staff, page, 'import');
  const broken = join(folder, 'broken.csv');
  writeFileSync(broken, LIST.replace('pat@northwind.example', 'pat@@northwind'));
  await page.setInputFiles('#file', broken);
  await page.click('main form button[type=submit]');
  assert.match(await page.textContent('main'), /contact_email/);
  await check(staff, page, 'import-questions', { form: true });
  const list = join(folder, 'vendors.csv');
  writeFileSync(list, LIST);
  await page.goto(`${base}/vendors/import`);
  await page.setInputFiles('#file', list);
  await page.click('main form button[type=submit]');
  assert.match(await page.textContent('main'), /Bring in 2 vendors/);
  await check(staff, page, 'import-preview', { form: true });
  await page.click('main form.act button[type=submit]');
  assert.match(page.url(), /\/vendors\?new=2&changed=0$/);
  await check(staff, page, 'vendors');
  assert.match(await duecare('import', 'vendors', list, '--practice', 'maple-family-practice'), /0 new, 0 changed, 2 unchanged/);

  // Ask. The round page says who; the button sends.
  await page.goto(`${base}/round`);
  await check(staff, page, 'round');
  await page.click('main form.act button[type=submit]');
  assert.match(page.url(), /asked=2$/);
  assert.match(await duecare('sweep'), / 0 asked/);
  const letter = await waitFor(() => received.find((one) => one.to.includes('pat@northwind.example')), 100);
  await waitFor(() => received.length === 3, 100);
  assert.equal(letter.mail.headers.get('auto-submitted'), 'auto-generated');
  assert.match(letter.mail.text, /Maple Family Practice/);
  assert.match(letter.mail.html, /Maple Family Practice/);
  const link = letter.mail.text.match(/http:\/\/\S+\/i\/\S+/)[0];
  const code = letter.mail.text.match(/\b[A-Z2-9]{4}-[A-Z2-9]{4}\b/)[0];

  // A mail gateway is there first: it opens the link in a browser with scripts, and submits
  // the first forms that it finds.
  const gateway = await browser.newContext();
  const robot = await gateway.newPage();
  await robot.goto(link);
  const submit = () => Promise.all([
    robot.waitForNavigation(),
    robot.evaluate(() => document.querySelector('main form').submit()),
  ]);
  await submit();
  await robot.goto(base + await robot.getAttribute('ul.tasks a', 'href'));
  await submit();

  // Answer, on a telephone, with JavaScript off.
  const vendor = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 390, height: 844 } });
  const reply = await vendor.newPage();
  await reply.goto(`${base}/verify`);
  await check(vendor, reply, 'verify');
  await reply.fill('#code', code);
  await reply.click('main form button.button');
  assert.match(await reply.textContent('main'), /Northwind Transcription/);
  await reply.goto(link);
  await check(vendor, reply, 'invitation');
  await reply.click('main form button.button');
  assert.equal(reply.url(), `${base}/respond`);
  await check(vendor, reply, 'tasks');
  page.setDefaultTimeout(8000);
  reply.setDefaultTimeout(8000);
  const topics = await reply.$$eval('ul.tasks a', (links) => links.map((one) => one.getAttribute('href')));
  const pages = topics.filter((href) => !/\/respond\/(check|sign|saved)$/.test(href));
  assert.ok(pages.length > 10, `${pages.length} topics`);
  for (const [at, topic] of pages.entries()) {
    await reply.goto(base + topic);
    await answer(reply, topic);
    if (at < 3) await check(vendor, reply, `topic-${at}`);
    if (at === 1) {
      await reply.click('button[name=action][value=later]');
      assert.match(reply.url(), /\/respond\/saved$/);
      await check(vendor, reply, 'saved');
      await reply.goto(link);
      await reply.click('main form button.button');
      continue;
    }
    await reply.click('button.button:not([name])');
    assert.ok(!/There is a problem/.test(await reply.textContent('main')), `${topic}: ${await reply.textContent('main')}`);
    if (at === 2) {
      // What was acknowledged outlives the program, and whoever answers notices nothing.
      const killed = new Promise((resolve) => server.once('exit', resolve));
      server.kill('SIGKILL');
      await killed;
      serve();
      await waitFor(() => fetch(`${base}/readyz`).then((ready) => ready.ok, () => false), 200);
      await reply.goto(base + topic);
      assert.ok(await reply.locator('main form :is(input:checked, input[type=text]:not([value=""]))').count() > 0, 'a saved answer was lost');
    }
  }
  await reply.goto(`${base}/respond/check`);
  await check(vendor, reply, 'check');
  // Before signing, and in a browser that saved nothing, a code from the mailbox is asked for.
  await robot.goto(`${base}/respond/check`);
  assert.match(robot.url(), /\/respond\/code/);
  assert.ok(!/Change/.test(await robot.textContent('main')), 'the gateway sees no answer');
  await gateway.close();
  await reply.goto(`${base}/respond/sign`);
  await check(vendor, reply, 'code');
  await reply.click('main form button.button');
  await check(vendor, reply, 'code-typed');
  const coded = await waitFor(() => received.find((one) => /^Your code/.test(one.mail.subject)), 100);
  assert.deepEqual(coded.to, ['pat@northwind.example']);
  await reply.fill('#code', coded.mail.text.match(/\b\d{6}\b/)[0]);
  await reply.click('main form button.button');
  assert.match(reply.url(), /\/respond\/sign\?done=code$/);
  await reply.click('main form button.button');
  assert.match(await reply.textContent('main'), /There is a problem/);
  await check(vendor, reply, 'sign-errors', { form: true });
  await reply.fill('#name', 'Pat Morgan');
  await reply.fill('#job_title', 'Office manager');
  await reply.fill('#email', 'pat@northwind.example');
  await reply.check('input[name=authority]');
  await reply.click('main form button.button');
  assert.match(reply.url(), /\/respond\/receipt$/);
  await check(vendor, reply, 'receipt');
  const receipt = await reply.textContent('main');
  assert.match(receipt, /DC-[A-Z2-9]{4}-[A-Z2-9]{4}/);
  assert.match(receipt, /[0-9a-f]{64}/);
  await waitFor(() => received.some((one) => /DC-/.test(one.mail.text)), 100);

  // The dashboard shows the score and the flags.
  await page.goto(`${base}/`);
  await check(staff, page, 'dashboard');
  assert.match(await page.textContent('main'), /Northwind Transcription|Shred Right/);
  await page.goto(`${base}/vendors?q=northwind`);
  await page.click('main tbody a');
  const standing = await page.textContent('main');
  assert.match(standing, /Up to date/);
  assert.match(standing, /High|Do not share|Critical/);
  await check(staff, page, 'vendor');
  await page.click('main tbody th a[href^="/assessments/"]');
  await check(staff, page, 'scorecard');
  await page.goto(`${base}/flags`);
  assert.match(await page.textContent('main'), /No business associate agreement/);
  assert.match(await page.textContent('main'), /Northwind Transcription/);
  await check(staff, page, 'flags');
  await page.goto(`${base}/outbox`);
  await check(staff, page, 'outbox');
  await page.click('main tbody a');
  assert.ok(!(await page.content()).includes(link.split('/i/')[1]), 'staff do not see a vendor’s token');
  await check(staff, page, 'letter');
  await page.goto(`${base}/vendors/new`);
  await check(staff, page, 'vendor-form');
  await page.goto(`${base}/practice`);
  await check(staff, page, 'practice');
  await page.goto(`${base}/no/such/page`);
  await check(staff, page, 'missing');

  // Out, and in again by password.
  await page.goto(`${base}/`);
  await page.click('form.who button');
  await check(staff, page, 'sign-in');
  await page.fill('#email', 'dana@maple.example');
  await page.fill('#password', PASSWORD);
  await page.click('main form button[type=submit]');
  assert.equal(page.url(), `${base}/`);

  // Nothing personal reached the log.
  const written = log.join('');
  for (const secret of [link.split('/i/')[1], 'pat@northwind', 'Northwind', PASSWORD, 'dana@maple']) {
    assert.ok(!written.includes(secret), `the log holds ${secret}`);
  }
});

// Fills one topic: yes to what is graded, the first choice elsewhere, but no training.
async function answer(page, topic) {
  const questions = await page.$$eval('main form fieldset[id]', (sets) => sets.map((set) => set.id));
  assert.ok(questions.length > 0, `${topic} shows no question`);
  for (const slug of questions) {
    const field = (part) => page.locator(`[name="${slug}${part}"]`);
    const value = slug === 'adm.training' ? 'no' : 'yes';
    const main = field('');
    if (await main.count()) {
      const type = await main.first().getAttribute('type');
      if (type === 'radio') {
        const wanted = page.locator(`[name="${slug}"][value="${value}"]`);
        await (await wanted.count() ? wanted : main).first().check();
      } else if (type === 'checkbox') {
        await main.first().check();
      } else {
        const mode = await main.first().getAttribute('inputmode');
        await main.first().fill(mode === 'numeric' ? '24' : '2026-10-01');
      }
    } else if (await field(':name').count()) {
      await field(':name').fill('Sam Lee');
      await field(':email').fill('sam@northwind.example');
      await field(':phone').fill('555 010 0199');
    } else if (await field(':none').count()) {
      await field(':none').check();
    }
    if (await field(':detail').count() && await field(':detail').first().isVisible()) await field(':detail').first().fill('12');
  }
}

test('the keyboard alone starts and answers a topic', async () => {
  const letter = received.find((one) => one.to.includes('lee@shred.example'));
  const link = letter.mail.text.match(/http:\/\/\S+\/i\/\S+/)[0];
  const context = await browser.newContext({ viewport: { width: 1366, height: 768 } });
  const page = await context.newPage();
  await page.goto(link);
  const press = async (until) => {
    for (let tries = 0; tries < 60; tries += 1) {
      await page.keyboard.press('Tab');
      const at = await page.evaluate(() => ({ tag: document.activeElement?.tagName, type: document.activeElement?.type, text: document.activeElement?.textContent?.trim(), href: document.activeElement?.getAttribute('href'), outline: getComputedStyle(document.activeElement).outlineStyle }));
      if (until(at)) {
        return at;
      }
    }
    throw new Error('not reached by Tab');
  };
  await press((at) => at.tag === 'BUTTON');
  await page.keyboard.press('Enter');
  await page.waitForURL(`${base}/respond`);
  await press((at) => at.tag === 'A' && at.href?.startsWith('/respond/') && at.href !== '/respond/check');
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/respond\/.+/);
  await press((at) => at.type === 'radio');
  await page.keyboard.press('Space');
  assert.ok(await page.locator('input[type=radio]:checked').count());
  await context.close();
});

test('a page of the demonstration shows every component', async () => {
  const port = await freePort();
  const demoFolder = mkdtempSync(join(tmpdir(), 'duecare-demo-'));
  const log = [];
  const demo = spawn(binary, ['demo', '--folder', demoFolder, '--port', String(port)], { env: plainEnv, stdio: ['ignore', 'pipe', 'pipe'] });
  demo.stderr.on('data', (text) => log.push(text.toString()));
  try {
    const welcome = await waitFor(() => log.join('').match(/http\S+\/welcome\/\S+/)?.[0], 1800);
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(welcome);
    await page.click('main button[type=submit]');
    const here = new URL(page.url()).origin;
    for (const [path, name] of [['/', 'demo-dashboard'], ['/vendors', 'demo-vendors'], ['/flags', 'demo-flags'], ['/outbox', 'demo-outbox'], ['/design', 'demo-design'], ['/round', 'demo-round'], ['/agreements', 'demo-agreements'], ['/documents', 'demo-documents'], ['/history', 'demo-history'], ['/people', 'demo-people'], ['/account', 'demo-account'], ['/practice', 'demo-practice'], ['/setup', 'demo-setup'], ['/practices', 'demo-practices'], ['/vendors/duplicates', 'demo-duplicates']]) {
      await page.goto(here + path);
      await check(context, page, name);
    }
    // Everything that hangs on one vendor.
    await page.goto(`${here}/vendors?q=gearbox`);
    await page.click('main tbody th a');
    const vendor = page.url().split('?')[0];
    for (const part of ['', '/agreements', '/decision', '/tier', '/contacts', '/documents', '/life', '/subcontractors', '/merge']) {
      await page.goto(vendor + part);
      await check(context, page, `demo-vendor${part.replace('/', '-')}`);
    }
    // Ended with a checklist, step by step, without JavaScript.
    await page.goto(`${vendor}/life`);
    await page.check('input[value=ending]');
    await page.fill('[name=last_day]', '2030-01-31');
    await page.fill('[name=reason]', 'We bring the work home');
    await page.click('main form button[type=submit]');
    await page.goto(`${vendor}/ending`);
    await check(context, page, 'demo-ending');
    // Many at once: choose, confirm, undo.
    await page.goto(`${here}/vendors`);
    await page.check('tbody tr:nth-child(1) input[type=checkbox]');
    await page.check('tbody tr:nth-child(2) input[type=checkbox]');
    await page.click('main form button:has-text("Continue")');
    await check(context, page, 'demo-bulk', { form: page.url().endsWith('/bulk') });
    // The letter's link opens the vendor's page.
    await page.goto(`${here}/outbox`);
    await page.click('main tbody a');
    await page.click('main .notice a[href^="/i/"]');
    assert.match(page.url(), /\/i\//);
  } finally {
    demo.kill('SIGTERM');
    await new Promise((resolve) => demo.once('exit', resolve));
    rmSync(demoFolder, { recursive: true, force: true });
  }
});
