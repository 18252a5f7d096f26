"""The webhooks' commands and routes: what their owner can ask for, and what is said."""

import json

import pytest
from tests.build import NOON
from tests.webhooks.receiver import receiving
