"""What can be done to assets and accounts at the GraphQL door, and that a refusal is typed and changes nothing."""

import pytest

from backend.accounts.models import Token, User
from backend.accounts.throttle import MOST_TRIES
from backend.accounts.tokens import authenticate
from backend.assets.models import Asset, Envelope, Vote
from backend.bus.events import AssetChanged, SoundscapeChanged
from backend.listening.models import Stream
from backend.resources.viewer import ANONYMOUS
from backend.visits.models import Event, Session
from schema.ids import global_id
from tests.cast import make_asset, make_envelope, make_session
from tests.schema.asking import ask, data, do


@pytest.fixture
def visit(walk, cast):
    return make_session(walk.project, cast.contributor)


@pytest.fixture
def curator(cast, quick_passwords):
    cast.curator.set_password("a long secret")
    cast.curator.save()
    return cast.curator


def gid(row):
    return global_id(type(row).__name__, row.pk)


def world():
    """All that the verbs write."""
    models = (Asset, Envelope, Envelope.assets.through, Vote, Event, Session, Stream, Token)
    return [list(model.objects.order_by("pk").values()) for model in models]


class TestAccounts:
    def test_whoever_knows_the_password_gets_the_account_and_a_token(self, curator):
        answer = do("login", "token user { id }", ANONYMOUS, username="curator", password="a long secret")
        assert authenticate(answer["token"]) == curator
        assert answer["user"] == {"id": gid(curator)}

    @pytest.mark.parametrize(("username", "password"), [("curator", "wrong"), ("nobody", "a long secret")])
    def test_whoever_does_not_learns_neither_name_nor_password(self, curator, username, password):
        answer = do("login", "token", ANONYMOUS, username=username, password=password, clientMutationId="mine")
        assert answer == {
            "__typename": "NotAuthenticatedError",
            "code": "NOT_AUTHENTICATED",
            "message": "Unable to log in with provided credentials.",
            "field": None,
            "clientMutationId": "mine",
        }
        assert not Token.objects.exists()

    def test_many_tries_in_one_document_are_as_many(self, curator):
        tries = " ".join(
            f'a{n}: login(input: {{username: "curator", password: "{n}"}}) {{ ... on Error {{ code }} }}'
            for n in range(MOST_TRIES + 1)
        )
        codes = [each["code"] for each in data(f"mutation {{ {tries} }}").values()]
        assert codes == ["NOT_AUTHENTICATED"] * MOST_TRIES + ["LOGIN_THROTTLED"]
        refused = do("login", "token", ANONYMOUS, username="curator", password="a long secret")
        assert (refused["__typename"], refused["code"]) == ("RefusedError", "LOGIN_THROTTLED")

    @pytest.mark.parametrize("named_by", ["itself", "its id", "its old id"])
    def test_a_token_is_taken_back(self, curator, named_by):
        raw_token = do("login", "token", ANONYMOUS, username="curator", password="a long secret")["token"]
        row = Token.objects.get()
        token = {"itself": raw_token, "its id": gid(row), "its old id": str(row.pk)}[named_by]
        answer = do("revokeToken", "token { id revokedAt }", curator, token=token)
        assert answer["token"]["id"] == gid(row)
        assert answer["token"]["revokedAt"] is not None
        assert authenticate(raw_token) is None

    @pytest.mark.parametrize("who", ["stranger", "contributor", "nobody"])
    def test_nobody_takes_anothers_back(self, cast, curator, who):
        raw_token = do("login", "token", ANONYMOUS, username="curator", password="a long secret")["token"]
        viewer = ANONYMOUS if who == "nobody" else getattr(cast, who)
        for token in (raw_token, gid(Token.objects.get()), global_id("User", 1)):
            answer = do("revokeToken", "token { id }", viewer, token=token)
            assert (answer["__typename"], answer["field"]) == ("NotFoundError", "token")
        assert authenticate(raw_token) == curator

    def test_a_device_tells_who_carries_it(self, db):
        given = {"deviceId": "a-device", "firstName": "Aino", "lastName": "Virtanen", "email": "aino@example.org"}
        do("registerDevice", "token", ANONYMOUS, **given)
        user = User.objects.get(device_profile__device_id="a-device")
        assert (user.first_name, user.last_name, user.email) == ("Aino", "Virtanen", "aino@example.org")


def test_a_visit_says_all_that_may_be_said_of_it(walk, cast):
    finnish = walk.project.languages.create(code="fi")
    given = {
        "projectId": gid(walk.project),
        "languageId": gid(finnish),
        "clientType": "kiosk",
        "demoStreamEnabled": True,
    }
    selection = "session { clientType demoStreamEnabled language { code } }"
    answer = do("createSession", selection, cast.contributor, **given)
    assert answer["session"] == {"clientType": "kiosk", "demoStreamEnabled": True, "language": {"code": "fi"}}
    refused = do("createSession", selection, cast.contributor, **{**given, "languageId": gid(walk.project)})
    assert (refused["__typename"], refused["field"]) == ("NotFoundError", "languageId")


class TestVotes:
    SELECTION = "wasRemoved vote { voteType value voter { id } session { id } } asset { id }"

    def vote(self, walk, visit, viewer, **given):
        given = {"sessionId": gid(visit), "assetId": gid(walk.asset), "voteType": "LIKE", **given}
        return do("voteAsset", self.SELECTION, viewer, **given)

    def test_a_vote_is_given_and_taken_back(self, walk, cast, visit):
        voter, session = {"id": gid(cast.contributor)}, {"id": gid(visit)}
        assert self.vote(walk, visit, cast.contributor, clientMutationId="x") == {
            "__typename": "VoteAssetSuccess",
            "wasRemoved": False,
            "vote": {"voteType": "LIKE", "value": None, "voter": voter, "session": session},
            "asset": {"id": gid(walk.asset)},
        }
        again = self.vote(walk, visit, cast.contributor)
        assert (again["wasRemoved"], again["vote"]) == (True, None)
        assert again["asset"] == {"id": gid(walk.asset)}
        assert not Vote.objects.exists()

    def test_a_mark_is_changed(self, walk, cast, visit):
        marks = [
            self.vote(walk, visit, cast.contributor, voteType="RATE", value=value)["vote"]["value"] for value in (2, 5)
        ]
        assert marks == [2, 5]
        assert Vote.objects.get().value == 5


def test_editors_decide_about_many_assets(walk, cast, recording_bus, django_capture_on_commit_callbacks):
    waiting = [make_asset(walk.project, submitted=False) for _ in range(3)]
    with django_capture_on_commit_callbacks(execute=True):
        answer = do(
            "moderateAssets",
            "assets(first: 2) { totalCount nodes { id submitted version } pageInfo { hasNextPage } }",
            cast.owner,
            ids=[gid(waiting[0]), str(waiting[1].pk), gid(waiting[2])],
            submitted=True,
            reason="Well said",
        )
    assert answer["assets"] == {
        "totalCount": 3,
        "nodes": [{"id": gid(asset), "submitted": True, "version": 2} for asset in waiting[:2]],
        "pageInfo": {"hasNextPage": True},
    }
    assert set(Asset.objects.filter(submitted=True).values_list("moderation_reason", flat=True)) == {"", "Well said"}
    told = [AssetChanged(walk.project.pk, asset.pk, False, True) for asset in waiting]
    assert recording_bus.sent == [*told, SoundscapeChanged(walk.project.pk)]


def test_an_event_is_noted(walk, cast, visit):
    selection = "event { eventType clientTime latitude longitude tagIds data session { id } }"
    given = {
        "sessionId": gid(visit),
        "eventType": "start_record",
        "clientTime": "2026-05-01T10:00:00+03:00",
        "latitude": 60.17,
        "longitude": 24.94,
        "tagIds": [gid(tag) for tag in walk.tags],
        "data": "x",
    }
    assert do("logEvent", selection, cast.contributor, **given)["event"] == {
        "eventType": "start_record",
        "clientTime": "2026-05-01T10:00:00+03:00",
        "latitude": "60.17",
        "longitude": "24.94",
        "tagIds": ",".join(str(tag.pk) for tag in walk.tags),
        "data": "x",
        "session": {"id": gid(visit)},
    }
    assert Event.objects.get().position.coords == (24.94, 60.17)


def test_an_event_may_say_next_to_nothing(walk, cast, visit):
    answer = do(
        "logEvent", "event { clientTime latitude tagIds }", cast.contributor, sessionId=gid(visit), eventType="x"
    )
    assert answer["event"] == {"clientTime": None, "latitude": None, "tagIds": None}


def test_an_asset_joins_an_envelope(walk, cast, visit):
    asset, envelope = make_asset(walk.project, user=cast.contributor), make_envelope(visit)
    answer = do(
        "addAssetToEnvelope",
        "envelope { id assets { nodes { id } } } asset { id session { id } }",
        cast.contributor,
        envelopeId=gid(envelope),
        assetId=gid(asset),
    )
    assert answer["envelope"] == {"id": gid(envelope), "assets": {"nodes": [{"id": gid(asset)}]}}
    assert answer["asset"] == {"id": gid(asset), "session": {"id": gid(visit)}}


def test_a_visit_ends(cast, visit):
    answer = do("endSession", "session { id endedAt }", cast.contributor, sessionId=gid(visit))
    assert answer["session"]["id"] == gid(visit)
    assert answer["session"]["endedAt"] is not None


BLOCKED = "query ($id: ID!) { blockedAssets(sessionId: $id) { totalCount nodes { id } } }"


def test_what_a_visitor_has_blocked_is_listed(walk, cast, visit):
    named, left = (make_asset(walk.project, user=cast.stranger) for _ in range(2))
    given = {"sessionId": gid(visit), "assetId": gid(named), "voteType": "BLOCK_USER"}
    do("voteAsset", "wasRemoved", cast.contributor, **given)
    assert data(BLOCKED, cast.contributor, id=gid(visit))["blockedAssets"] == {
        "totalCount": 2,
        "nodes": [{"id": gid(named)}, {"id": gid(left)}],
    }


@pytest.mark.parametrize(
    ("who", "code"), [("stranger", "NOT_FOUND"), ("nobody", "NOT_FOUND"), ("owner", "NOT_PERMITTED")]
)
def test_what_another_has_blocked_is_not(cast, visit, who, code):
    answer = ask(BLOCKED, ANONYMOUS if who == "nobody" else getattr(cast, who), id=gid(visit))
    assert answer["errors"][0]["extensions"] == {"code": code, "field": "sessionId"}
    assert answer["data"] is None


NOT_FOUND, NOT_PERMITTED = ("NotFoundError", "NOT_FOUND"), ("NotPermittedError", "NOT_PERMITTED")
NOT_AUTHENTICATED = ("NotAuthenticatedError", "NOT_AUTHENTICATED")
OF_A_VISIT = {"stranger": NOT_FOUND, "owner": NOT_PERMITTED, "nobody": NOT_FOUND}
# What each verb says to those of whom it is none of their business.
REFUSALS = {
    "voteAsset": OF_A_VISIT,
    "logEvent": OF_A_VISIT,
    "endSession": OF_A_VISIT,
    "moderateAssets": {"stranger": NOT_FOUND, "contributor": NOT_PERMITTED, "nobody": NOT_AUTHENTICATED},
}


@pytest.mark.parametrize(("mutation", "who"), [(verb, who) for verb, refusals in REFUSALS.items() for who in refusals])
def test_nobody_does_anything_that_is_anothers(walk, cast, visit, mutation, who):
    hidden = make_asset(walk.project, submitted=False, user=cast.contributor)
    given = {
        "voteAsset": {"sessionId": gid(visit), "assetId": gid(walk.asset), "voteType": "LIKE"},
        "logEvent": {"sessionId": gid(visit), "eventType": "x"},
        "endSession": {"sessionId": gid(visit)},
        "moderateAssets": {"ids": [gid(walk.asset), gid(hidden)], "submitted": True},
    }
    before = world()
    answer = do(mutation, "clientMutationId", ANONYMOUS if who == "nobody" else getattr(cast, who), **given[mutation])
    assert (answer["__typename"], answer["code"]) == REFUSALS[mutation][who]
    assert world() == before


@pytest.mark.parametrize("who", ["stranger", "owner", "nobody"])
def test_nobody_puts_anything_into_anothers_envelope(walk, cast, visit, who):
    envelope = make_envelope(visit)
    given = {"envelopeId": gid(envelope), "assetId": gid(walk.asset)}
    before = world()
    answer = do("addAssetToEnvelope", "asset { id }", ANONYMOUS if who == "nobody" else getattr(cast, who), **given)
    assert (answer["__typename"], answer["field"]) in {
        ("NotFoundError", "envelopeId"),
        ("NotPermittedError", "envelopeId"),
    }
    assert world() == before
