"""Kakao on loopback: it tells who added or blocked a channel, and can be asked."""

from collections import deque
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Final

from typing_extensions import override

from dangol.providers.kakao.callback import SCHEME
from dangol.providers.kakao.relation import PATH
from dangol.providers.wire.fake import MOST_KEPT, Asked, FakeVendor, Reply, Route

if TYPE_CHECKING:
    from dangol.providers.wire.call import Json

ADMIN_KEY: Final = "fake-kakao-admin-key"
CHANNEL: Final = "_ZeUTxl"
UUID: Final = "@shop"


class FakeKakao(FakeVendor):
    """Kakao with one app and one channel."""

    name = "kakao"

    def __init__(
        self, *, clock: Callable[[], datetime], host: str = "127.0.0.1", port: int = 0
    ) -> None:
        super().__init__(clock=clock, host=host, port=port)
        self.relations: dict[str, tuple[str, str]] = {}
        # Who has never signed in to the app, or left it.
        self.strangers: set[str] = set()
        # About whom was asked, the oldest first.
        self.asked_about: deque[str] = deque(maxlen=MOST_KEPT)
        # Whether webhooks use the field names of before.
        self.speaks_old = False

    @override
    def routes(self) -> list[Route]:
        return [Route(method="GET", path=PATH, handle=self.show_relations)]

    @override
    def refuse(self, asked: Asked) -> Reply | None:
        if asked.headers.get("authorization") != f"{SCHEME}{ADMIN_KEY}":
            return Reply(status=401, said={"code": -401, "msg": "wrong appKey format"})
        return None

    @override
    def hook_headers(self, body: bytes) -> Mapping[str, str]:
        return {
            "Authorization": f"{SCHEME}{ADMIN_KEY}",
            "X-Kakao-Resource-ID": "fake",
            "User-Agent": "KakaoOpenAPI/1.0",
        }

    @override
    def settings(self) -> Mapping[str, str]:
        return {"DANGOL_KAKAO_URL": self.url, "DANGOL_KAKAO_ADMIN_KEY": ADMIN_KEY}

    @override
    def do(self, act: str, who: str) -> bool:
        events = {"add": "added", "block": "blocked"}
        if act in events:
            self.change(who, events[act])
        return act in events

    def change(self, user_id: str, event: str) -> None:
        """Let somebody add (``added``) or block (``blocked``) the channel; it is due to be told."""
        at = self.clock()
        self.relations[user_id] = (event.upper(), at.isoformat())
        prefix = "plus_friend" if self.speaks_old else "channel"
        told: Json = {
            "event": event,
            "id": user_id,
            "id_type": "app_user_id",
            f"{prefix}_public_id": CHANNEL,
            f"{prefix}_uuid": UUID,
        }
        if self.speaks_old:
            self.due.append({**told, "timestamp": int(at.timestamp() * 1_000)})
        else:
            self.due.append({**told, "updated_at": at.isoformat().replace("+00:00", "Z")})

    def show_relations(self, asked: Asked) -> Reply:
        """Tell how somebody stands to the channel."""
        person = asked.query.get("target_id", "")
        self.asked_about.append(person)
        if person in self.strangers:
            said = {"code": -101, "msg": "NotRegisteredUserException"}
            return Reply(status=400, said=said)
        relation, since = self.relations.get(person, ("NONE", ""))
        channel = {
            "channel_uuid": UUID,
            "channel_public_id": CHANNEL,
            "relation": relation,
            "updated_at": since,
        }
        return Reply(said={"user_id": person, "channels": [channel]})
