"""axe-core over a page as it stands, in light and in dark."""

from playwright.sync_api import Page

from build_assets import ROOT
from tests.browser.palette import wear

AXE = (ROOT / "node_modules/axe-core/axe.min.js").read_text("utf-8")

RUN = """async (rules) => {
  const options = { resultTypes: ["violations"], ...(rules && { runOnly: rules }) };
  const { violations } = await axe.run(document, options);
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${help}\\n  ${target.join(" ")}\\n  ${failureSummary}`));
}"""


def findings(page: Page) -> list[str]:
    """What axe objects to, best practices too. Dark is another palette, so there only its contrast is asked."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE)
    wear(page, "light")
    found: list[str] = page.evaluate(RUN, None)
    wear(page, "dark")
    found += [f"dark, {finding}" for finding in page.evaluate(RUN, ["color-contrast"])]
    wear(page, "light")
    return found
