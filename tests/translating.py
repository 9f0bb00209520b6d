"""Pages that the browser translates: what Chrome's and Firefox's translators do to the nodes of a page, and worse."""

from browser import Person

TRANSLATED = "\u2248"
"""Stands before everything that was translated."""
_WALK = """
const left = new Set(["SCRIPT", "STYLE", "TEXTAREA", "TITLE", "OPTION"]);
const isOurs = (node) => node.data.trim() && !node.data.startsWith(MARK) && !left.has(node.parentNode.tagName)
  && !node.parentNode.closest("[translate=no]");
const textsIn = (root) => {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) if (isOurs(walker.currentNode)) found.push(walker.currentNode);
  return found;
};
const font = (...children) => {
  const node = document.createElement("font");
  node.style.verticalAlign = "inherit";
  node.append(...children);
  return node;
};
"""
TRANSLATORS = {
    "wraps": "textsIn(root).forEach((node) => node.replaceWith(font(font(MARK + node.data))))",
    "replaces": "textsIn(root).forEach((node) => node.replaceWith(document.createTextNode(MARK + node.data)))",
    "merges": """for (const block of root.querySelectorAll(".said, .word, li, p, h1, h2, blockquote, label, [role=status]")) {
      const [first, ...others] = textsIn(block);
      if (!first) continue;
      const text = [first, ...others].map(({ data }) => data).join(" ");
      others.forEach((node) => node.remove());
      first.replaceWith(font(MARK + text));
    }""",
    "copies": """for (const text of textsIn(root)) {
      const { parentNode } = text;
      text.replaceWith(font(MARK + text.data));
      if (parentNode.matches("p.note, p.text, p.done")) parentNode.after(font(MARK + text.data));
    }""",
}
"""Chrome wraps; Firefox replaces text nodes; both join what stands in one sentence; some leave words where none were."""


async def translates(person: Person, how: str) -> None:
    """From now on, and all that comes later."""
    await person.page.evaluate(
        f"""() => {{
      const MARK = {TRANSLATED!r};
      {_WALK}
      const translate = (root) => {{ {TRANSLATORS[how]} }};
      const options = {{ childList: true, characterData: true, subtree: true }};
      const observer = new MutationObserver(() => {{
        observer.disconnect();
        translate(document.body);
        observer.observe(document.body, options);
      }});
      translate(document.body);
      observer.observe(document.body, options);
    }}"""
    )


async def reads_translated(person: Person, *words: str) -> None:
    """They stand on the page, and a translator has had them."""
    for some in words:
        text = person.page.get_by_text(some).filter(has_text=TRANSLATED, visible=True)
        await text.first.wait_for()
