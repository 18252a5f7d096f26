"""Google's own client: signs in with an account file and sends to each token it is given."""

import json
import sys

import firebase_admin
from firebase_admin import credentials, exceptions, messaging

address, account_file, *tokens = sys.argv[1:]  # noqa: TID251 - a program of its own
# The client has the address as a constant and reads it when it sends first.
messaging._MessagingService.FCM_URL = address + "/v1/projects/{0}/messages:send"  # noqa: SLF001
app = firebase_admin.initialize_app(credentials.Certificate(account_file))


def send(token: str) -> str:
    note = messaging.Notification(title="단골가게", body="안녕하세요")
    try:
        return messaging.send(messaging.Message(token=token, notification=note, data={"cart": "7"}))
    except exceptions.FirebaseError as error:
        return type(error).__name__


print(json.dumps([send(token) for token in tokens]))  # noqa: T201 - what the test reads
