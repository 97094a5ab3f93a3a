"""What is told when a transaction is committed: once, though every change in it asks for it."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass

from django.db import transaction


@dataclass(slots=True, eq=False)
class Promise:
    """Kept at most once; promises of one `subject` say the same."""

    subject: Hashable
    keep: Callable[[], None]
    is_kept: bool = False

    def __call__(self) -> None:
        if not self.is_kept:
            self.is_kept = True
            self.keep()


def promise(subject: Hashable, keep: Callable[[], None]) -> None:
    """Calls `keep` on commit, unless this transaction has promised the same already."""
    # Asked for again by each change: an earlier one may be undone alone, to a savepoint.
    transaction.on_commit(_promised(subject) or Promise(subject, keep))


def _promised(subject: Hashable) -> Promise | None:
    for _, said, _ in reversed(transaction.get_connection().run_on_commit):
        if isinstance(said, Promise) and said.subject == subject and not said.is_kept:
            return said
    return None
