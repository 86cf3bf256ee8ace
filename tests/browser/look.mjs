// Looks at a page as a person would: axe, nothing that runs off to the side, pictures.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { named } from './named.mjs';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const pictures = join(dirname(fileURLToPath(import.meta.url)), 'out', 'pictures');
mkdirSync(pictures, { recursive: true });

// Opens the page once more with JavaScript on, in the same session, and lets axe look.
// How far the page runs off to the side, and what does.
const sideways = () => {
  const edge = document.documentElement.clientWidth;
  const over = document.documentElement.scrollWidth - edge;
  const wide = over > 0 ? [...document.querySelectorAll('body *')].filter((one) => one.getBoundingClientRect().right > edge + 1) : [];
  return { over, what: wide.slice(-3).map((one) => one.outerHTML.slice(0, 120)).join(' | ') };
};

export async function look(browser, context, page, name, { form = false } = {}) {
  const address = page.url();
  const cookies = await context.cookies();
  for (const [width, height, scheme] of [[1366, 768, 'light'], [390, 844, 'dark']]) {
    const twin = await browser.newContext({ viewport: { width, height }, colorScheme: scheme, bypassCSP: true });
    await twin.addCookies(cookies);
    const other = await twin.newPage();
    // What a form answered cannot be asked for again: its HTML is looked at as it came.
    if (form) {
      const html = (await page.content()).replace('<head>', `<head><base href="${new URL(page.url()).origin}">`);
      await other.goto(`${new URL(page.url()).origin}/healthz`);
      await other.setContent(html);
    } else {
      await other.goto(address);
    }
    await other.addScriptTag({ content: axeSource });
    const { violations } = await other.evaluate(() => axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }));
    const told = violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`);
    assert.deepEqual(told, [], `${name} at ${width}`);
    await named(other, name);
    const { over, what } = await other.evaluate(sideways);
    assert.ok(over <= 0, `${name} scrolls sideways by ${over} px at ${width}: ${what}`);
    await other.screenshot({ path: join(pictures, `${name}-${width}.png`), fullPage: true });
    // With letters of twice the size nothing runs off a telephone.
    if (width === 390) {
      await other.addStyleTag({ content: 'html { font-size: 200% }' });
      const large = await other.evaluate(sideways);
      assert.ok(large.over <= 0, `${name} with large letters scrolls sideways by ${large.over} px: ${large.what}`);
    }
    await twin.close();
  }
}
