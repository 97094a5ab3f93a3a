"""Every setting of an Earshot machine, with its meaning: read once from the environment (or a `.env` file)."""

from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parents[2]

# What may stand at a server's place. Of PostGIS there are three names, all for the same.
SERVERS = {
    "database_url": ("postgis://", "postgres://", "postgresql://"),
    "redis_url": ("redis://", "rediss://"),
}


class Environment(BaseSettings):
    """The environment variables that Earshot reads; each is named as its field, in capitals."""

    # What was given may hold a password: errors do not show it.
    model_config = SettingsConfigDict(env_file=ROOT / ".env", extra="ignore", frozen=True, hide_input_in_errors=True)

    secret_key: SecretStr = Field(description="Signs cookies and links. Required; never share it between sites.")
    data_dir: Path = Field(ROOT / "data", description="Database file, media, the bank of decoded sounds, the bus.")
    debug: bool = Field(False, description="Django's debug pages. Never on a machine that others reach.")
    demo: bool = Field(False, description="Relaxes what only a demonstration may: known device ids, open CORS.")
    earshot_demo_password: SecretStr | None = Field(
        None, description="The password of the demo's staff account `curator`; unset: a new one at each start, printed."
    )
    allowed_hosts: list[str] = Field(["localhost", "127.0.0.1"], description="Host names this site answers to.")
    public_url: str = Field("http://localhost:8888", description="How the world reaches the gateway.")
    audio_url: str = Field("http://localhost:8000", description="How the world reaches the engine's audio.")
    gateway_host: str = Field("127.0.0.1", description="The address that the gateway listens on.")
    gateway_port: int = Field(8888, description="The port that the gateway listens on.")
    audio_host: str = Field("127.0.0.1", description="The address that the engine's audio listens on.")
    audio_port: int = Field(8000, description="The port that the engine's audio listens on.")
    bank_bytes: int = Field(
        20_000_000_000,
        ge=100_000_000,
        description="The most that decoded sounds may take on disk, and of the memory that they are mapped into.",
    )
    max_listeners_per_stream: int = Field(
        1, ge=1, description="How many may listen to one stream at once; the newest takes the place of the oldest."
    )
    allowed_origins: list[str] = Field(
        [],
        description='Web pages of other hosts that may call the doors, as https://host; ["*"] for any. DEMO: any.',
    )
    database_url: str = Field("", description="postgis://user:password@host:port/name; empty: a SpatiaLite file.")
    redis_url: str = Field("", description="redis://host:port/0 as the bus; empty: a Unix socket in DATA_DIR.")
    allow_known_device_login: bool | None = Field(
        None,
        description="A known device id alone opens its account, as old clients expect (UUIDs and long hex ids only)."
        " Unset: as DEMO.",
    )
    allow_private_sources: bool = Field(
        False, description="Speakers may name sources on private and loopback addresses."
    )
    max_upload_bytes: int = Field(110_000_000, description="The largest request body of any door, in bytes.")
    max_body_bytes: int = Field(
        1_000_000, description="The largest request body of the GraphQL door, and of any door without credentials."
    )
    max_upload_body_bytes: int = Field(
        101_000_000, description="The largest multipart request of the GraphQL door, in bytes: a file and its words."
    )
    graphql_max_cost: int = Field(
        25_000, description="The most points an operation may cost: an object is one, a scalar a tenth, lists multiply."
    )
    graphql_introspection: Literal["everyone", "staff", "nobody"] | None = Field(
        None, description="Who may ask the GraphQL door for its schema. Unset: everyone in a DEMO, else staff."
    )
    graphql_suggestions: bool | None = Field(
        None, description="Tell those who misspell a field which one they may have meant. Unset: as DEMO."
    )
    graphql_documents: Literal["off", "warn", "enforce"] = Field(
        "off", description="What happens to documents that nobody registered: nothing, a line in the log, or a refusal."
    )
    rest_account_rate: str | None = Field(
        None,
        description='How often one account may call the REST door, as in "600/min". Unset: that, and any in a DEMO.',
    )
    rest_anonymous_rate: str | None = Field(
        None, description='How often one address may, without an account. Unset: "120/min"; without end in a DEMO.'
    )
    proxies: int = Field(0, description="How many proxies stand before the gateway, each of which tells who calls it.")
    max_asset_bytes: int = Field(100_000_000, description="The largest file that becomes an asset, in bytes.")
    recording_margin_seconds: float = Field(
        5.0, description="How much longer than its project allows a contributor's recording may be."
    )
    staff_recording_seconds: float = Field(
        3_600.0, description="How long a recording of staff or of a project's owner may be."
    )
    media_link_seconds: int = Field(
        3_600, description="How long the address of a file that is not public is good for, at least."
    )
    stream_idle_seconds: float = Field(
        200.0, gt=0, description="A stream without listener and request for so long ends; the next one brings it back."
    )
    asset_ban_seconds: float = Field(
        600.0, gt=0, description="How long a stream does not repeat an asset, where the audiotrack does not say."
    )
    journal_hours: float = Field(24.0, gt=0, description="How long a project's events are kept for who was away.")
    journal_most_events: int = Field(100_000, ge=1, description="How many events of a project are kept at most.")
    enable_graphiql: bool = Field(True, description="Serve GraphiQL at /graphql/ to browsers.")
    log_level: str = Field("INFO", description="The least severe message that is logged.")

    @field_validator(*SERVERS)
    @classmethod
    def names_a_server(cls, url: str, info: ValidationInfo) -> str:
        """Anything else would be taken for a server of another kind, or for none."""
        known = SERVERS[info.field_name or ""]
        host = url.partition("://")[2].rpartition("@")[2]
        if url and not (url.startswith(known) and host):
            raise ValueError(f"{info.field_name} begins with {' or '.join(known)}, and a host follows; or it is empty")
        return url

    @property
    def is_open_to_all_origins(self) -> bool:
        """Whether pages of any host may call the doors: they are opened by tokens, never by cookies."""
        return self.demo or "*" in self.allowed_origins

    @property
    def bus_socket(self) -> Path:
        """The Unix socket of the local bus. The supervisor serves it; gateway and engine connect."""
        return self.data_dir / "bus.sock"

    @property
    def introspection(self) -> str:
        """Who may ask for the schema: `everyone`, `staff` or `nobody`."""
        return self.graphql_introspection or ("everyone" if self.demo else "staff")

    @property
    def suggestions(self) -> bool:
        """Whether errors tell which field may have been meant."""
        return self.demo if self.graphql_suggestions is None else self.graphql_suggestions

    @property
    def account_rate(self) -> str | None:
        """How often one account may call the REST door; None for any."""
        return self.rest_account_rate or (None if self.demo else "600/min")

    @property
    def anonymous_rate(self) -> str | None:
        """How often an address may call it without an account; None for any."""
        return self.rest_anonymous_rate or (None if self.demo else "120/min")

    @property
    def known_device_login(self) -> bool:
        """Whether a known device id alone opens its account."""
        return self.demo if self.allow_known_device_login is None else self.allow_known_device_login


@cache
def environment() -> Environment:
    """The settings of this process; raises pydantic's ValidationError, which names what is missing."""
    return Environment()
