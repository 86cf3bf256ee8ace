// What a vendor's respondent meets, on the demonstration: two clicks to the first answer, a page
// that saves itself, and a workbook that goes out and comes back.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';
import { look } from './look.mjs';
import { base, browser, folder, letter, link, respond, sign, staff, verify, waitFor } from './stage.mjs';

test('the first answer is two clicks from the mail, without an account', async () => {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(await link('Dunmore Receivables'));
  await page.click('main form button');
  await page.click('ul.tasks a');
  assert.ok(await page.locator('main form input[type=radio], main form input[type=text]').count() > 0, 'the first question is there');
  await context.close();
});

// The browser that began to answer: another one is asked for the code first.
let begun;

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
  begun = { context, page };
});

test('a half-typed answer is not called saved, and leaving the page asks first', async () => {
  const { context, page } = begun;
  await page.goto(`${base}/respond`);
  const typed = page.locator('main input[inputmode=numeric]:visible').first();
  for (const topic of await page.$$eval('ul.tasks a', (all) => all.map((one) => one.href))) {
    await page.goto(topic);
    if (await typed.count()) break;
  }
  await typed.click();
  await page.keyboard.type('a few');
  const says = page.locator('[data-saved]');
  await waitFor(async () => /^Not all of this page is saved: one answer is not whole yet/.test(await says.textContent()));
  const asked = [];
  page.once('dialog', async (dialog) => {
    asked.push(dialog.type());
    await dialog.accept();
  });
  await page.click('a.back');
  await page.waitForURL(/\/respond$/);
  assert.deepEqual(asked, ['beforeunload']);
  await context.close();
});

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
    for (const address of await page.locator('main input[type=email]:visible').all()) if (!await address.inputValue()) await address.fill('pat@vendor.example');
    for (const area of await page.locator('main textarea:visible').all()) if (!await area.inputValue()) await area.fill('Nothing more');
    await page.click('main form .buttons button');
  }
  await look(browser, context, page, 'notice-check');
  // A file goes along, also without a script.
  await page.click('main a[href="/tell/files"]');
  await page.check('input[name=kind][value=other]');
  await page.setInputFiles('#file', [{ name: 'Where it goes.txt', mimeType: 'text/plain', buffer: Buffer.from('To Basalt.') }, { name: 'tool.exe', mimeType: '', buffer: Buffer.from('MZ') }]);
  await page.click('main form.card button');
  await look(browser, context, page, 'notice-files-partly', { form: true });
  assert.match(await page.textContent('#results'), /Where it goes\.txt: kept\.[^]*tool\.exe: not kept/);
  await page.goto(`${base}/tell/files`);
  await look(browser, context, page, 'notice-files');
  await page.click('main a.button.secondary');
  assert.match(await page.textContent('main'), /Where it goes\.txt/);
  await page.click('main a.button:not(.secondary)');
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
  const tasks = await page.$$eval('ul.tasks a', (all) => all.map((one) => one.href));
  await page.click('main .notice a');
  await page.fill('textarea[name$=":reply"]', 'Since Monday, yes.');
  await look(browser, context, page, 'respondent-remark', { form: true });
  await page.click('main form .buttons button:not([name])');
  // The other one was not looked at: nothing is signed before.
  await page.goto(`${base}/respond/sign`);
  assert.match(await page.textContent('main'), /Please look at these first/);
  for (const task of tasks) {
    await page.goto(task);
    const reply = page.locator('textarea[name$=":reply"]').first();
    if (await reply.inputValue()) continue;
    await reply.fill('It is as we said.');
    await page.click('main form .buttons button:not([name])');
  }
  await page.goto(`${base}/respond/check`);
  await look(browser, context, page, 'respondent-check');
  await sign(page);
  await look(browser, context, page, 'respondent-receipt');
  assert.match(await page.textContent('main'), /Earlier versions/);
  await page.click('main a[href="/respond/correct"]');
  await look(browser, context, page, 'respondent-correct');
  await staff.goto(`${base}/vendors?q=bluebell`);
  await staff.click('main tbody th a');
  await staff.click('main tbody th a[href^="/assessments/"]');
  assert.match(await staff.textContent('main'), /Since Monday, yes\./);
  await look(browser, staff.context(), staff, 'scorecard-versions');
  await staff.goto(`${staff.url().split('?')[0]}/return`);
  await look(browser, staff.context(), staff, 'send-back');
  await context.close();
});
