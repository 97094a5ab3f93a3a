"""What is asked about a viewer is read once a request, and never kept longer."""

from backend.resources.viewer import ANONYMOUS, Caller, once


def test_a_caller_is_asked_once_and_any_other_viewer_every_time(cast):
    asked = []

    def read():
        asked.append(1)
        return len(asked)

    caller = Caller.of(cast.owner)
    assert (caller.id, caller.is_staff) == (cast.owner.pk, False)
    assert [once(caller, "age", read), once(caller, "age", read), once(caller, "size", read)] == [1, 1, 2]
    assert [once(ANONYMOUS, "age", read), once(cast.owner, "age", read)] == [3, 4]


def test_a_caller_made_of_a_caller_knows_nothing(cast):
    caller = Caller.of(cast.owner)
    once(caller, "age", lambda: 1)
    assert once(Caller.of(caller), "age", lambda: 2) == 2
