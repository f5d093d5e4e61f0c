# SPDX-License-Identifier: GPL-2.0-only
"""
Opens reports in Chromium and writes TAP: open.py PAGE TAME HOSTILE [PICTURES]
PAGE is a report; TAME and HOSTILE are those of the two recordings that hostile.py makes.
PICTURES: where pictures of PAGE go, for somebody to look at.
"""

import pathlib
import sys

from chromium import Chromium

# Elements, and their attributes that do more than to name something. A long name has a
# title in the timeline, too.
TREE = """[...document.querySelectorAll('*')].filter(e => e.tagName != 'title').map(e => e.tagName + ' ' +
    e.getAttributeNames().filter(a => a != 'title' && a != 'aria-label').sort().join(' ')).sort()"""
TAGS = "[...new Set([...document.querySelectorAll('*')].map(e => e.tagName.toLowerCase()))].sort()"
HANDLERS = """[...document.querySelectorAll('*')].flatMap(e => e.getAttributeNames())
    .filter(a => /^on|^href$|^src$|^style$|^action$/.test(a))"""
# What sticks out of the page, unless it can be scrolled to where it is
TOO_WIDE = """[...document.querySelectorAll('main *')].filter(e => !e.closest('.wide') &&
    e.getBoundingClientRect().right > innerWidth + 1).map(e => e.tagName)"""
CONTRAST = """(() => {
    const rgb = c => c.match(/[\\d.]+/g).slice(0, 3).map(v => v / 255)
        .map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
    const light = c => { const [r, g, b] = rgb(c); return .2126 * r + .7152 * g + .0722 * b; };
    const under = e => { for (; e; e = e.parentElement) {
        const c = getComputedStyle(e).backgroundColor;
        if (!/, 0\\)$/.test(c)) return c; } return 'rgb(255,255,255)'; };
    let least = 21;
    for (const e of document.querySelectorAll('main *')) {
        if (![...e.childNodes].some(n => n.nodeType == 3 && n.data.trim())) continue;
        const svg = e.closest('svg'), s = getComputedStyle(e);
        if ((svg && e.tagName != 'text') || !e.checkVisibility()) continue;
        const [a, b] = [light(svg ? s.fill : s.color), light(under(e))].sort((x, y) => y - x);
        least = Math.min(least, (a + .05) / (b + .05));
    }
    return least; })()"""

FAILED = False


def test(name, is_so, seen):
    """One line of TAP"""
    global FAILED
    FAILED |= not is_so
    print(f"{'ok' if is_so else 'not ok'} - {name}")
    if not is_so:
        print(f"# {str(seen)[:800]}")


def is_quiet(browser, name):
    """Nothing was asked for but the page, no policy was broken, and no script ran or failed."""
    urls = [e["request"]["url"] for e in browser.told("Network.requestWillBeSent")]
    test(f"{name}: nothing but the page is asked for", len(urls) == 1 and urls[0].startswith("file:"),
         urls)
    said = [e["entry"]["text"] for e in browser.told("Log.entryAdded")]
    said += [e["exceptionDetails"]["text"] for e in browser.told("Runtime.exceptionThrown")]
    said += browser.told("Runtime.consoleAPICalled")
    test(f"{name}: the browser has nothing to complain of", not said, said)


def look(browser, width, dark, pictures):
    """The page so wide, in the light or in the dark"""
    name = f"{width} px, {'dark' if dark else 'light'}"
    browser.look(width, dark=dark)
    wide = browser.value("document.documentElement.scrollWidth")
    test(f"{name}: nothing is wider than the page", wide <= width and not browser.value(TOO_WIDE),
         (wide, browser.value(TOO_WIDE)))
    least = browser.value(CONTRAST)
    test(f"{name}: all text stands out, 4.5 to 1", least >= 4.5, least)
    if pictures:
        browser.picture(pathlib.Path(pictures) / f"{width}{'-dark' if dark else ''}.png")


def main():
    """All that is to be seen of the three pages"""
    page, tame, hostile = sys.argv[1:4]
    pictures = sys.argv[4] if len(sys.argv) > 4 else None
    with Chromium() as browser:
        browser.open(page)
        is_quiet(browser, "a report")
        for width in (1280, 400):
            for dark in (False, True):
                look(browser, width, dark, pictures)
        paper = browser.printed()
        test("on paper: it is printed", paper.startswith(b"%PDF") and len(paper) > 10000, len(paper))
        if pictures:
            (pathlib.Path(pictures) / "paper.pdf").write_bytes(paper)

        browser.open(tame)
        tree, tags = browser.value(TREE), browser.value(TAGS)
        browser.open(hostile)
        is_quiet(browser, "hostile names")
        title = browser.value("document.title")
        test("hostile names: no script has run", title != "broken", title)
        test("hostile names: no element that tame ones do not have", browser.value(TAGS) == tags,
             set(browser.value(TAGS)) ^ set(tags))
        # In another order, as rows are ordered by names
        test("hostile names: as many elements of each kind", browser.value(TREE) == tree,
             (len(browser.value(TREE)), len(tree), set(browser.value(TREE)) ^ set(tree)))
        test("hostile names: nothing that acts", not browser.value(HANDLERS), browser.value(HANDLERS))
        for width in (1280, 400):
            browser.look(width)
            test(f"hostile names: nothing is wider than {width} px",
                 browser.value("document.documentElement.scrollWidth") <= width
                 and not browser.value(TOO_WIDE), browser.value(TOO_WIDE))
        text = browser.value("document.body.textContent")
        test("hostile names: they are there, as text", "</script><script>" in text
             and "]]><img src=x" in text and "\u202e" not in text, text[:200])
    sys.exit(FAILED)


main()
