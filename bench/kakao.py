"""How many Alimtalks a second the SOLAPI sender hands over, against the fake in this process.

Sender and fake share this process's one core, so the figure is a floor. ``--messages`` (200,000).
"""

import argparse
import asyncio
import json
import time

from dangol.app.clock import machine_time
from dangol.providers.solapi.account import SolapiAccount
from dangol.providers.solapi.fake import KEY, SECRET, FakeSolapi
from dangol.providers.solapi.sender import MOST, SolapiSender
from dangol.providers.vendor import AlimtalkNote, Fate, Outgoing


def main() -> None:
    """Send, and print the rate as the last line."""
    parser = argparse.ArgumentParser(description=__doc__)
    _ = parser.add_argument("--messages", type=int, default=200_000)
    total: int = parser.parse_args().messages
    note = AlimtalkNote(template_code="KA01TP1", variables={"name": "민지"}, text="민지님, 안녕")
    accepted = 0
    with FakeSolapi(clock=machine_time) as fake:
        account = SolapiAccount(
            key=KEY, secret=SECRET, clock=machine_time, url=fake.url, channel="KA01PF1"
        )
        began = time.perf_counter()
        for start in range(0, total, 2 * MOST):
            batch = [
                Outgoing(
                    delivery_id=number,
                    vendor_id=f"key-{number}",
                    sender="",
                    recipient=f"+8210{10_000_000 + number}",
                    content=note,
                )
                for number in range(start, min(start + 2 * MOST, total))
            ]
            outcomes = asyncio.run(SolapiSender(account).send(batch))
            accepted += sum(outcome.fate is Fate.ACCEPTED for outcome in outcomes)
        seconds = time.perf_counter() - began
    print(json.dumps({"accepted": accepted, "messages_per_second": round(accepted / seconds)}))


if __name__ == "__main__":
    main()
