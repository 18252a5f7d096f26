"""Sends with segment-analytics-python: ADDRESS KEY VISITS; prints the message ids it sent."""

import json
import sys

from segment.analytics.client import Client


def main(address: str, key: str, visits: str) -> None:
    lost: list[str] = []
    client = Client(
        key,
        host=address,
        gzip=True,
        upload_size=100 if int(visits) > 1_000 else 5,
        upload_interval=0.1,
        on_error=lambda error, _: lost.append(str(error)),
    )
    answers = [
        client.identify("minji", {"email": "minji@shop.example", "name": "민지"}),
        client.page("minji", "shop", "Home", {"url": "https://shop.example/"}),
        client.screen("minji", "app", "Basket"),
        client.group("minji", "regulars", {"size": 3}),
        client.alias("anonymous-1", "minji"),
    ]
    answers += [client.track("minji", "Visited", {"n": n}) for n in range(int(visits))]
    client.shutdown()
    print(json.dumps({"sent": [call["messageId"] for _, call in answers], "lost": lost}))  # noqa: T201


if __name__ == "__main__":
    main(*sys.argv[1:])  # noqa: TID251
