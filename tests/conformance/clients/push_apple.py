"""A client for APNs that others wrote: signs with a team's key and sends to each device."""

import asyncio
import json
import ssl
import sys
from pathlib import Path

from aioapns import APNs, NotificationRequest
from aioapns.connection import APNsProductionClientProtocol

port, certificate, key, key_id, team_id, topic, *devices = sys.argv[1:]  # noqa: TID251 - a program of its own
secret = Path(key).read_text()
# The client has the address as a constant.
APNsProductionClientProtocol.APNS_SERVER = "127.0.0.1"
APNsProductionClientProtocol.APNS_PORT = int(port)


async def notify() -> list[list[str | None]]:
    client = APNs(
        key=secret,
        key_id=key_id,
        team_id=team_id,
        topic=topic,
        ssl_context=ssl.create_default_context(cafile=certificate),
    )
    note = {"aps": {"alert": {"title": "단골가게", "body": "안녕하세요"}}}
    results = [
        await client.send_notification(NotificationRequest(device_token=device, message=note))
        for device in devices
    ]
    return [[result.status, result.description] for result in results]


print(json.dumps(asyncio.run(notify())))  # noqa: T201 - what the test reads
