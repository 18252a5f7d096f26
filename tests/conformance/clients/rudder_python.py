"""Sends with rudder-sdk-python: ADDRESS KEY VISITS; prints the message ids it sent."""

import json
import sys

from rudderstack.analytics.client import Client


def main(address: str, key: str, visits: str) -> None:
    lost: list[str] = []
    client = Client(
        key,
        host=address,
        upload_size=5,
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
    client.flush()
    client.join()
    print(json.dumps({"sent": [call["messageId"] for _, call in answers], "lost": lost}))  # noqa: T201


if __name__ == "__main__":
    main(*sys.argv[1:])  # noqa: TID251
