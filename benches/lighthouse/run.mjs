// Plays a vendor's respondent on the demonstration, and has Lighthouse look at four pages.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import lighthouse, { desktopConfig } from 'lighthouse';
import { chromium } from 'playwright-core';

const [binary, runs] = process.argv.slice(2);
const GOALS = { performance: 99, accessibility: 100, 'best-practices': 100 };
const folder = mkdtempSync(join(tmpdir(), 'duecare-lighthouse-'));

const freePort = async () => {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  await once(probe, 'close');
  return port;
};
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const median = (all) => [...all].sort((a, b) => a - b)[Math.floor(all.length / 2)];

const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('DUECARE_')));
const demo = spawn(binary, ['demo', '--folder', folder, '--port', String(await freePort())], { env, stdio: ['ignore', 'ignore', 'pipe'] });
let log = '';
demo.stderr.on('data', (text) => { log += text; });
const port = await freePort();
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', `--remote-debugging-port=${port}`] });

async function look(address, context) {
  const cookies = await context.cookies();
  const extraHeaders = { Cookie: cookies.map(({ name, value }) => `${name}=${value}`).join('; ') };
  const found = {};
  for (const [screen, config] of [['mobile', undefined], ['desktop', desktopConfig]]) {
    const all = [];
    for (let run = 0; run < Number(runs); run += 1) {
      const { lhr } = await lighthouse(address, { port, extraHeaders, onlyCategories: Object.keys(GOALS), logLevel: 'error' }, config);
      all.push(lhr);
    }
    found[screen] = all;
  }
  return found;
}

function tell(name, found) {
  let good = true;
  for (const [screen, all] of Object.entries(found)) {
    const of = (pick) => median(all.map(pick));
    const scores = Object.keys(GOALS).map((category) => [category, Math.round(100 * of((lhr) => lhr.categories[category].score))]);
    const paint = of((lhr) => lhr.audits['largest-contentful-paint'].numericValue);
    const bytes = of((lhr) => lhr.audits['total-byte-weight'].numericValue);
    console.log(`| ${name} | ${screen} | ${scores.map(([, score]) => score).join(' | ')} | ${(paint / 1000).toFixed(2)} s | ${(bytes / 1024).toFixed(1)} KB |`);
    for (const [category, score] of scores.filter(([one, score]) => score < GOALS[one])) {
      good = false;
      const refs = all[0].categories[category].auditRefs.filter(({ id, weight }) => weight > 0 && (all[0].audits[id].score ?? 1) < 1);
      console.log(`  ${category} ${score}: ${refs.map(({ id }) => `${id} ${all[0].audits[id].displayValue ?? ''}`).join(', ')}`);
    }
  }
  return good;
}

async function play() {
  while (!/\/welcome\/\S+/.test(log)) await pause(100);
  const welcome = log.match(/http\S+\/welcome\/\S+/)[0];
  const base = new URL(welcome).origin;
  const staff = await (await browser.newContext()).newPage();
  await staff.goto(welcome);
  await staff.click('main button[type=submit]');
  const newest = async (words) => {
    for (;;) {
      await staff.goto(`${base}/outbox`);
      const first = staff.locator('main tbody a').first();
      if (words.test(await first.textContent())) { await first.click(); await staff.waitForURL(/\/outbox\/./); return; }
      await pause(250);
    }
  };
  await staff.goto(`${base}/vendors?q=${encodeURIComponent('Fernhill Remote Monitoring')}`);
  await staff.click('main tbody th a');
  await staff.click('main button:has-text("Send a fresh link"), main button:has-text("Ask now")');
  await newest(/./);
  const link = base + await staff.getAttribute('main a[href^="/i/"]', 'href');

  console.log(`| page | screen | ${Object.keys(GOALS).join(' | ')} | largest paint | bytes |\n|---|---|---|---|---|---|---|`);
  const context = await browser.newContext();
  const page = await context.newPage();
  const good = [tell('invitation', await look(link, context))];
  await page.goto(link);
  await page.click('main form button');
  await page.goto(`${base}/respond/encryption`);
  await page.locator('main input[type=radio][value=yes]').first().check();
  await page.click('main form .buttons button:not([name])');
  good.push(tell('questions', await look(`${base}/respond/encryption`, context)));
  good.push(tell('check', await look(`${base}/respond/check`, context)));
  await page.goto(`${base}/respond/code?next=sign`);
  await page.click('main form button');
  await newest(/^Your code/);
  await page.fill('#code', (await staff.textContent('main')).match(/\b\d{6}\b/)[0]);
  await page.click('main form button');
  for (const [field, value] of [['#name', 'Pat Morgan'], ['#job_title', 'Office manager'], ['#email', 'pat@vendor.example']]) await page.fill(field, value);
  await page.check('input[name=authority]');
  await page.click('main form button');
  await page.waitForURL(/\/respond\/receipt$/);
  good.push(tell('receipt', await look(`${base}/respond/receipt`, context)));
  return good.every(Boolean);
}

try {
  process.exitCode = await play() ? 0 : 1;
} finally {
  await browser.close();
  demo.kill('SIGTERM');
  await once(demo, 'exit');
  rmSync(folder, { recursive: true, force: true });
}
