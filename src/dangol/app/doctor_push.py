"""What `dangol doctor` says of push: can each service that is set be used?"""

import asyncio
from collections import Counter
from collections.abc import Iterator
from typing import Final

from dangol.app.clock import machine_time, shifted_clock
from dangol.app.database import list_workspaces
from dangol.app.problem import ProblemError
from dangol.app.push import read_apple, read_firebase, read_vapid
from dangol.app.settings import Settings
from dangol.channels.probes import count_devices
from dangol.providers.egress.client import Limits
from dangol.providers.egress.pool import open_pool
from dangol.providers.fcm.sender import SCOPE, Firebase
from dangol.providers.google import SignInError, Tokens
from dangol.store.connect import Connection

PATIENCE: Final = Limits(seconds=10)
# Check, what was found, and the remedy or nothing.
Found = tuple[str, str, str]


def examine_push(settings: Settings) -> Iterator[Found]:
    """Look at each service that is set up."""
    if settings.fcm_account_file:
        yield examine_firebase(settings)
    if settings.apns_key_file:
        yield examine_apple(settings)
    if settings.webpush_key_file:
        yield examine_browsers(settings)


def examine_firebase(settings: Settings) -> Found:
    """Does Google let the service account in?"""
    try:
        firebase = read_firebase(settings)
        asyncio.run(sign_in(firebase))
    except ProblemError as problem:
        return "fcm", "not usable", str(problem)
    except SignInError as problem:
        remedy = (
            f"{problem}. Download a new key of the service account, and check this machine's clock."
            if problem.ours
            else f"{problem}. Let this machine call Google over https."
        )
        return "fcm", "does not let us in", remedy
    return "fcm", f"lets us in for project {firebase.account.project}", ""


async def sign_in(firebase: Firebase) -> None:
    async with open_pool(
        connections=1, limits=PATIENCE, loopback=firebase.loopback, trust=firebase.trust
    ) as pool:
        _ = await Tokens(firebase.account, scope=SCOPE, clock=machine_time).get(pool)


def examine_apple(settings: Settings) -> Found:
    """Is the key one, and is all set that belongs to it? Only a real device shows more."""
    try:
        apple = read_apple(settings)
    except ProblemError as problem:
        return "apns", "not usable", str(problem)
    return "apns", f"key {apple.key_id} of team {apple.team_id} for {apple.topic}", ""


def examine_browsers(settings: Settings) -> Found:
    """Is the key one? Says its public half, which pages need."""
    try:
        vapid = read_vapid(settings)
    except ProblemError as problem:
        return "web push", "not usable", str(problem)
    return "web push", f"pages subscribe with {vapid.public_key}", ""


def examine_devices(connection: Connection) -> Iterator[Found]:
    """How many apps are there, how many are gone, and how many are asked for?"""
    now = shifted_clock(connection)
    counted = [
        one
        for workspace_id in list_workspaces(connection)
        for one in count_devices(connection, workspace_id=workspace_id, now=now)
    ]
    if not counted:
        return
    of: Counter[str] = Counter()
    for one in counted:
        of[one.state] += one.devices
    silent, asked = sum(one.silent for one in counted), sum(one.asked for one in counted)
    found = (
        f"{of['active']:,} active, {of['suspected']:,} suspected to be gone, "
        f"{of['uninstalled']:,} uninstalled; {asked:,} asked for in 24 hours, {silent:,} wait"
    )
    yield "devices", found, ""
