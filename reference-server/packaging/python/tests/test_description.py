"""The types have the keys that control.openapi.yaml describes."""

import os
from pathlib import Path

import pytest
import yaml
from lavalink_mock import types

DESCRIPTION = os.environ.get("LAVALINK_MOCK_DESCRIPTION", "../../control.openapi.yaml")
SCHEMAS = yaml.safe_load(Path(DESCRIPTION).read_text(encoding="utf-8"))["components"]["schemas"]


def keys(of):
    return set(of["properties"])


STATS = SCHEMAS["Stats"]["properties"]
PLAYS = SCHEMAS["Track"]["properties"]["plays"]["oneOf"][1]


@pytest.mark.parametrize(
    ("own", "described"),
    [
        (types.Match, SCHEMAS["Match"]),
        (types.Recorded, SCHEMAS["Recorded"]),
        (types.Fault, SCHEMAS["Fault"]),
        (types.Session, SCHEMAS["Session"]),
        (types.LavalinkException, SCHEMAS["Exception"]),
        (types.CatalogueEntry, SCHEMAS["Entry"]),
        (types.Playlist, SCHEMAS["Entry"]["properties"]["playlist"]),
        (types.Track, SCHEMAS["Track"]),
        (types.Fails, PLAYS),
        (types.Info, SCHEMAS["Info"]),
        (types.Stats, SCHEMAS["Stats"]),
        (types.Memory, STATS["memory"]),
        (types.Cpu, STATS["cpu"]),
        (types.FrameStats, STATS["frameStats"]),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_keys_are_those_of_the_description(own, described):
    assert set(own.__annotations__) | inherited(own) == keys(described)


def inherited(own):
    return {
        key for base in getattr(own, "__orig_bases__", ()) for key in getattr(base, "__annotations__", {})
    }


def test_what_a_reset_keeps():
    assert set(types.Resettable.__args__) == set(SCHEMAS["Resettable"]["enum"])
