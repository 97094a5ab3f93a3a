"""`python -m schema.compatibility`: what clients relied on is still there, or a fragment in `changes/` says why not.

Compares `schema/schema.graphql` with its version before the last commit that changed it, or with a file that is named.
"""

import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from graphql import build_schema
from graphql.utilities import find_breaking_changes

ROOT = Path(__file__).resolve().parents[1]
SNAPSHOT = "schema/schema.graphql"
MARK = "Breaking: "


def unannounced(before: str, after: str, fragments: Iterable[str]) -> list[str]:
    """The breaking changes between two schemas that no fragment names, as sentences."""
    announced = {line.strip() for text in fragments for line in text.splitlines()}
    found = find_breaking_changes(build_schema(before), build_schema(after))
    return [change.description for change in found if MARK + change.description not in announced]


def earlier_schema(root: Path = ROOT) -> str | None:
    """The newest committed schema that differs from the present one; None where no commit has such."""
    present = (root / SNAPSHOT).read_text()
    for commit in _git(root, "log", "--format=%H", "--", SNAPSHOT).split():
        text = _git(root, "show", f"{commit}:{SNAPSHOT}")
        if text != present:
            return text
    return None


def _git(root: Path, *arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=root, capture_output=True, text=True, check=False)
    return done.stdout if done.returncode == 0 else ""


def main() -> None:
    """Exits with 1 when something is missing in `changes/`."""
    before = Path(sys.argv[1]).read_text() if len(sys.argv) > 1 else earlier_schema()
    if before is None:
        print("This clone holds no earlier schema: there is nothing to compare with.")
        return
    fragments = [path.read_text() for path in sorted((ROOT / "changes").glob("*.md"))]
    missing = unannounced(before, (ROOT / SNAPSHOT).read_text(), fragments)
    if missing:
        print("Clients may rely on what this takes away. Undo it, or say why in a file of changes/, with these lines:")
        print("\n".join(MARK + each for each in missing))
        sys.exit(1)


if __name__ == "__main__":
    main()
