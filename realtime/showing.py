"""Who of those who follow the same sees what: asked once for all, and of one by one where it makes a difference."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from backend.resources.viewer import ANONYMOUS, Viewer
from realtime.feeds import Feed
from realtime.happening import Happening
from realtime.sight import Rights, as_of_now, as_they_are_now

# Whether its payload differs between those who see it.
IsPersonal = Callable[[Happening], bool]


@dataclass(frozen=True, slots=True)
class Shown:
    """A happening as some are told it, all by one payload: what `viewer` gets to see. `to` are their ids; None: all."""

    happening: Happening
    viewer: Viewer
    to: frozenset[int | None] | None = None

    def is_for(self, viewer: Viewer) -> bool:
        """Whether this one is told."""
        return self.to is None or viewer.id in self.to


def shown(
    feed: Feed, happenings: Sequence[Happening], viewers: Collection[Viewer], is_personal: IsPersonal
) -> list[Shown]:
    """What these viewers, each another, are told of them, in their order. For database threads."""
    if len(viewers) == 1:
        (now,) = map(as_of_now, viewers)
        return [Shown(each, now) for each in feed.seen(happenings, now)]
    # What nobody known sees as it is, everybody does.
    public = feed.seen(happenings, ANONYMOUS)
    given, seen = {id(each) for each in happenings}, {id(each) for each in public}
    told = [Shown(each, ANONYMOUS) for each in public if id(each) in given and not is_personal(each)]
    if len(told) < len(happenings):
        rights = as_they_are_now(viewers)
        told += [each for one in public if id(one) in given and is_personal(one) for each in _for_each(one, rights)]
        others = [each for each in public if id(each) not in given]
        hidden = [each for each in happenings if id(each) not in seen]
        for happening, whom in _told_of_hidden(feed, hidden, others, rights) if hidden else ():
            told += _for_each(happening, whom) if is_personal(happening) else [_for_all(happening, whom)]
    return sorted(told, key=lambda each: each.happening.serial)


def _told_of_hidden(
    feed: Feed, hidden: Sequence[Happening], others: Sequence[Happening], rights: Rights
) -> list[tuple[Happening, dict[int | None, Viewer]]]:
    """Of what nobody known sees as it is; `others` are what these are told instead."""
    concerned = feed.concerned(hidden, rights)
    told = [(each, {key: right for key, right in rights.items() if key not in concerned}) for each in others]
    for key in concerned:
        for happening in feed.seen(hidden, rights[key]):
            known = next((whom for each, whom in told if each == happening), None)
            if known is None:
                told.append((happening, {key: rights[key]}))
            else:
                known[key] = rights[key]
    return [each for each in told if each[1]]


def _for_each(happening: Happening, whom: Rights) -> list[Shown]:
    return [Shown(happening, viewer, frozenset({key})) for key, viewer in whom.items()]


def _for_all(happening: Happening, whom: Rights) -> Shown:
    return Shown(happening, next(iter(whom.values())), frozenset(whom))
