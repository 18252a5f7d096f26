"""Everything that can be set, read once: defaults, then dangol.toml, then DANGOL_* variables."""

import difflib
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from dangol.app.problem import ProblemError
from dangol.app.setting_urls import SCHEMES, WEB, check_url
from dangol.app.vendor_settings import VENDOR_URLS, VendorSettings

PREFIX: Final = "DANGOL_"
# Variables of ours that are not settings.
OTHER_VARIABLES: Final = frozenset({"DANGOL_CONFIG", "DANGOL_CHILD", "DANGOL_DEBUG"})
# Belong to the machine that runs the tests.
FOREIGN_PREFIXES: Final = ("DANGOL_CI_", "DANGOL_TEST_")
CONFIG_FILE: Final = "dangol.toml"

Port = Annotated[int, Meta(ge=1, le=65535)]
Seconds = Annotated[float, Meta(gt=0, le=3600)]
Count = Annotated[int, Meta(ge=1)]
Limit = Annotated[int, Meta(ge=0)]


class Settings(VendorSettings, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One frozen answer to "how is this installation set up"."""

    database_url: Annotated[
        str,
        Meta(
            description="PostgreSQL 15 or newer, as postgresql://user:password@host:5432/name. "
            "Empty: Dangol runs its own PostgreSQL in the data folder."
        ),
    ] = ""
    data_folder: Annotated[
        Path,
        Meta(description="Where everything is kept that is not kept elsewhere. Back this up."),
    ] = Path("dangol-data")
    lake_url: Annotated[
        str,
        Meta(
            description="Where the history (Delta tables) is kept: a folder, or s3://bucket/prefix "
            "in an S3-compatible store. Empty: lake/ in the data folder."
        ),
    ] = ""
    lake_endpoint: Annotated[
        str,
        Meta(
            description="The address of an S3-compatible store other than Amazon's, as "
            "https://storage.example:9000. The store must refuse to overwrite where it is asked "
            "to (conditional put)."
        ),
    ] = ""
    lake_region: Annotated[
        str, Meta(description="The region of the bucket. Empty: as AWS_REGION says.")
    ] = ""
    lake_access_key: Annotated[
        str,
        Meta(
            description="The access key id for the bucket. Empty: as AWS_ACCESS_KEY_ID or the "
            "machine's role says."
        ),
    ] = ""
    lake_secret_key: Annotated[
        str,
        Meta(
            description="The secret that belongs to lake_access_key; better in the environment "
            "than in a file."
        ),
    ] = ""
    anchor_folder: Annotated[
        str,
        Meta(
            description="Where the head of the consent ledger's chain is written every night: a "
            "folder, or s3://bucket/prefix in the store that the lake's settings name; best one "
            "that keeps what is written (Object Lock) and that the database's administrator "
            "cannot change. Empty: anchors/ beside the lake's tables."
        ),
    ] = ""
    engine: Annotated[
        str,
        Meta(
            description="What computes over the history: duckdb, in this process, or spark, on "
            "this machine or many (docs/guides/scale.md). Both give the same answers.",
            pattern="^(duckdb|spark)$",
        ),
    ] = "duckdb"
    spark_master: Annotated[
        str,
        Meta(
            description="Where Spark computes: local[*] for all cores of this machine, or a "
            "cluster, as spark://host:7077. All else is in the spark-defaults.conf of "
            "SPARK_CONF_DIR.",
            min_length=1,
        ),
    ] = "local[*]"
    key_file: Annotated[
        str,
        Meta(
            description="The keys that seal contact data; made at the first start, readable by "
            "its owner only. Lost key, lost addresses. Empty: dangol.key in the data folder."
        ),
    ] = ""
    erasure_log: Annotated[
        str,
        Meta(
            description="The file that remembers who was forgotten, so that a restored backup "
            "forgets them again. Never restore an older copy of it. "
            "Empty: dangol.erasures beside the key file."
        ),
    ] = ""
    machine_name: Annotated[
        str, Meta(description="What the fence calls this machine. Empty: as it calls itself.")
    ] = ""
    host: Annotated[str, Meta(description="The address the HTTP server listens on.")] = "127.0.0.1"
    port: Annotated[Port, Meta(description="The port the HTTP server listens on.")] = 8700
    base_url: Annotated[
        str,
        Meta(
            description="How customers reach this server: unsubscribe and tracked links begin "
            "with it. Empty: http://HOST:PORT, good on one machine only."
        ),
    ] = ""
    smtp_url: Annotated[
        str,
        Meta(
            description="The mail server, as smtp://user:password@host:587 (STARTTLS when "
            "offered) or smtps://user:password@host:465. Empty: allowed mail waits."
        ),
    ] = ""
    fcm_account_file: Annotated[
        str,
        Meta(
            description="Push by Firebase Cloud Messaging: the JSON file of a service account. "
            "Empty: no push to Firebase's tokens (docs/guides/push.md)."
        ),
    ] = ""
    fcm_url: Annotated[
        str, Meta(description="Where FCM is, for a stand-in of yours. Empty: Google's.")
    ] = ""
    apns_key_file: Annotated[
        str,
        Meta(
            description="Push to Apple's devices: the .p8 file of the team's signing key. Empty: "
            "no push to Apple's tokens."
        ),
    ] = ""
    apns_key_id: Annotated[str, Meta(description="The ten characters Apple names that key by.")] = (
        ""
    )
    apns_team_id: Annotated[str, Meta(description="The ten characters of the team.")] = ""
    apns_topic: Annotated[str, Meta(description="The app's bundle id.")] = ""
    apns_environment: Annotated[
        str,
        Meta(
            description="production, or development for apps that were installed from Xcode: "
            "tokens of the one are worthless in the other.",
            pattern="^(production|development)$",
        ),
    ] = "production"
    apns_url: Annotated[
        str, Meta(description="Where APNs is, for a stand-in of yours. Empty: Apple's.")
    ] = ""
    webpush_key_file: Annotated[
        str,
        Meta(
            description="Push to browsers: a private key on P-256, as PEM. `dangol doctor` says "
            "its public half, with which your pages subscribe. Empty: no push to browsers."
        ),
    ] = ""
    webpush_contact: Annotated[
        str,
        Meta(
            description="Whom push services turn to when something goes wrong, as "
            "mailto:somebody@your.shop."
        ),
    ] = ""
    bounce_domain: Annotated[
        str,
        Meta(
            description="Undeliverable mail returns to b+TOKEN@this domain; have your mail server "
            "post it to /callbacks/smtp/bounce. Empty: the domain of the sender's address."
        ),
    ] = ""
    email_price_krw: Annotated[
        float,
        Meta(
            ge=0,
            description="What one mail costs you, in KRW: `dangol backtest` adds it up.",
        ),
    ] = 0
    mailbox_folder: Annotated[
        str,
        Meta(
            description="Where a demonstration's mail server keeps what it took; the console "
            "shows it. Empty in production."
        ),
    ] = ""
    browser_events_per_second: Annotated[
        Limit,
        Meta(
            description="How many events a second one browser key may send to one serving "
            "process, with gusts of ten seconds' worth; beyond it the answer is 429. Whoever sees "
            "your pages can use the key, so keep a limit. 0: no limit."
        ),
    ] = 1_000
    server_events_per_second: Annotated[
        Limit,
        Meta(description="The same for one server key. 0: no limit but what the machine can take."),
    ] = 0
    egress_loopback: Annotated[
        bool,
        Meta(
            description="Whether webhooks may also call this machine, by http too. For trying "
            "things out only: whoever may add an endpoint could then reach every service here."
        ),
    ] = False
    webhook_keep_days: Annotated[
        Count,
        Meta(description="Days a webhook call that is over is kept; so long it can be replayed."),
    ] = 30
    tick_seconds: Annotated[Seconds, Meta(description="Pause between two ticks.")] = 1.0
    tick_batch: Annotated[
        Count, Meta(description="At most this many events, enrollments or messages a tick.")
    ] = 20_000
    delivery_batch: Annotated[
        Count,
        Meta(
            description="At most this many messages are claimed at once; fewer while the mail "
            "server is slow, so that nobody who opts out waits for long."
        ),
    ] = 2_000
    flush_seconds: Annotated[
        Seconds, Meta(description="Events reach the history within this many seconds.")
    ] = 15.0
    refresh_seconds: Annotated[Seconds, Meta(description="Segments are refreshed this often.")] = (
        60.0
    )
    event_keep_days: Annotated[
        Count,
        Meta(description="Days an event stays in PostgreSQL after the history has it."),
    ] = 3
    membership_keep_days: Annotated[
        Count,
        Meta(
            description="Days it is remembered that a customer was in a segment, after they left "
            "it: who was in on a given day can be asked for as long."
        ),
    ] = 730
    query_memory_mb: Annotated[
        Count,
        Meta(
            description="Memory, in MB, that one process may use to ask the history a question; "
            "what needs more goes by way of the disk."
        ),
    ] = 4_096
    workers: Annotated[
        Count, Meta(description="How many `dangol work` processes `dangol up` starts.")
    ] = 1
    serve_workers: Annotated[
        Count,
        Meta(
            description="How many processes answer HTTP. Events come in fastest with one for "
            "each core; each may open `pool_size` connections."
        ),
    ] = 1
    pool_size: Annotated[
        Count, Meta(description="Database connections each serving process may open.")
    ] = 8
    log_level: Annotated[
        str,
        Meta(
            description="The least severe message that is logged: debug, info, warning or error.",
            pattern="^(debug|info|warning|error)$",
        ),
    ] = "info"

    @property
    def mail_services(self) -> tuple[str, ...]:
        """The services that take mail by HTTP, where any is set."""
        named = [self.mail_service] if self.mail_service else []
        return ("ses", *named) if self.ses_access_key else tuple(named)

    @property
    def lake_folder(self) -> str:
        """Where the Delta tables are."""
        return self.lake_url or str(self.data_folder / "lake")

    @property
    def anchor_place(self) -> str:
        """Where anchors are."""
        return self.anchor_folder or f"{self.lake_folder}/anchors"

    @property
    def key_path(self) -> Path:
        """Where the master key is."""
        return Path(self.key_file) if self.key_file else self.data_folder / "dangol.key"

    @property
    def erasure_path(self) -> Path:
        """Where it is remembered who was forgotten."""
        given = self.erasure_log
        return Path(given) if given else self.key_path.with_name("dangol.erasures")

    @property
    def fence_path(self) -> Path:
        """Where this machine remembers which installation is its own."""
        return self.key_path.with_name("dangol.fence")

    @property
    def public_url(self) -> str:
        """What links begin with; never ends with a slash."""
        return (self.base_url or f"http://{self.host}:{self.port}").rstrip("/")


def load_settings(environment: Mapping[str, str], *, folder: Path) -> Settings:
    """Read the settings of this process.

    Raises:
        ProblemError: naming the key, its value and the remedy.
    """
    path = Path(environment.get("DANGOL_CONFIG", str(folder / CONFIG_FILE)))
    given = {**_from_file(path, must_exist="DANGOL_CONFIG" in environment)}
    given.update(_from_environment(environment))
    settings = convert(given)
    _check_urls(settings)
    return settings


def convert(given: Mapping[str, object]) -> Settings:
    """Check and convert values by name; raises ProblemError for the first that is wrong."""
    for name, value in given.items():
        _check_value(name, value)
    return msgspec.convert(given, Settings, strict=False, dec_hook=_to_path)


def as_environment(settings: Settings) -> dict[str, str]:
    """Return the variables that give a child process exactly these settings."""
    return {
        f"{PREFIX}{name.upper()}": str(getattr(settings, name))
        for name in Settings.__struct_fields__
    }


def _from_file(path: Path, *, must_exist: bool) -> dict[str, object]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        if must_exist:
            raise ProblemError(
                f"DANGOL_CONFIG names {path}, which does not exist. Write it or unset the variable."
            ) from None
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ProblemError(f"{path} is not valid TOML: {error}. Correct that line.") from error
    except OSError as error:
        raise ProblemError(f"{path} cannot be read: {error.strerror}. Allow reading it.") from error


def _from_environment(environment: Mapping[str, str]) -> dict[str, object]:
    return {
        name.removeprefix(PREFIX).lower(): value
        for name, value in environment.items()
        if name.startswith(PREFIX)
        and name not in OTHER_VARIABLES
        and not name.startswith(FOREIGN_PREFIXES)
    }


def _check_value(name: str, value: object) -> None:
    if name not in Settings.__struct_fields__:
        near = difflib.get_close_matches(name, Settings.__struct_fields__, n=1)
        hint = f"Did you mean {near[0]}?" if near else "See docs/reference/settings.md."
        raise ProblemError(f"There is no setting {name} (value {value!r}). {hint}")
    try:
        _ = msgspec.convert({name: value}, Settings, strict=False, dec_hook=_to_path)
    except msgspec.ValidationError as error:
        why = str(error).partition(" - at")[0]
        raise ProblemError(
            f"The setting {name} is {value!r}: {why}. "
            f"Correct {PREFIX}{name.upper()} or {name} in {CONFIG_FILE}."
        ) from error


def _to_path(kind: type, value: object) -> object:
    if kind is Path and isinstance(value, str):
        return Path(value)
    raise NotImplementedError


def _check_urls(settings: Settings) -> None:
    for name in (*SCHEMES, *VENDOR_URLS):
        check_url(name, getattr(settings, name), schemes=SCHEMES.get(name, WEB))
    for name, url in (("lake_url", settings.lake_url), ("anchor_folder", settings.anchor_folder)):
        if "://" in url:
            check_url(name, url, schemes=("s3",))
