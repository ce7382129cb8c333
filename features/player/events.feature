Feature: What a player tells over the socket
  Events and playerUpdates, their content and their order, as far as no frames flow.

  @LL-PLAYER-100 @must
  Rule: A track that starts is announced to its own session
    Sources: Lavalink docs, api/websocket.md "TrackStartEvent"; docs/observed/players.md#events; fixtures/recordings/rest/player_play_without_voice.json; document §1.3

    @LL-PLAYER-100.a @needs-http-source
    Scenario: TrackStartEvent has guild and track
      Given a connected client
      And the player may be heard
      And a loaded track "tone-30s.wav"
      When the client updates the player with {"track": {"encoded": "${track}"}}
      Then the client receives "TrackStartEvent" with:
        """
        {
          "op": "event",
          "guildId": "${guild}",
          "track": {
            "encoded": "#string",
            "info": {"uri": "${media}/tone-30s.wav"}
          }
        }
        """
      And no "TrackStartEvent" follows

    @LL-PLAYER-100.b @needs-http-source
    Scenario: Other sessions do not hear of it
      Given a connected client
      And the player may be heard
      And a connected client "B"
      And a loaded track "tone-30s.wav"
      When the client updates the player with {"track": {"encoded": "${track}"}}
      And the client receives "TrackStartEvent"
      Then no "event" follows for client "B"
      And no "playerUpdate" follows for client "B"

  @LL-PLAYER-101 @must
  Rule: The end of a track that is replaced is told, and the start of its successor
    Sources: Lavalink docs, api/websocket.md "Track End Reason"; docs/observed/players.md#events; fixtures/recordings/rest/player_replace_and_noreplace.json; document §1.3

    @LL-PLAYER-101.a @needs-http-source
    Scenario: The reason is replaced
      Given a connected client
      And a loaded track "tone-5s.wav" remembered as "other"
      And a playing track "tone-30s.wav"
      When the client updates the player with {"track": {"encoded": "${other}"}}
      Then the client receives in any order:
        | kind            | with                                                                        |
        | TrackEndEvent   | {"reason": "replaced", "track": {"info": {"uri": "${media}/tone-30s.wav"}}} |
        | TrackStartEvent | {"track": {"info": {"uri": "${media}/tone-5s.wav"}}}                        |

    @LL-PLAYER-101.b @needs-http-source
    Scenario: The same track again replaces itself
      Given a connected client
      And a playing track "tone-30s.wav"
      When the client updates the player with {"track": {"encoded": "${track}"}}
      Then the client receives in any order:
        | kind            | with                   |
        | TrackEndEvent   | {"reason": "replaced"} |
        | TrackStartEvent |                        |

    @LL-PLAYER-101.c @needs-http-source
    Scenario: The event of the old track has its own userData
      Given a connected client
      And the player may be heard
      And a loaded track "tone-30s.wav"
      And the client updates the player with {"track": {"encoded": "${track}", "userData": {"n": 1}}}
      And the client receives "TrackStartEvent"
      When the client updates the player with {"track": {"encoded": "${track}", "userData": {"n": 2}}}
      Then the client receives in any order:
        | kind            | with                           |
        | TrackEndEvent   | {"track": {"userData": {"n": 1}}} |
        | TrackStartEvent | {"track": {"userData": {"n": 2}}} |

  @LL-PLAYER-134 @observed
  Rule: A replaced track ends before its successor starts, and nothing else is told
    The documentation promises no order.
    Sources: docs/observed/players.md#events; fixtures/recordings/rest/player_replace_and_noreplace.json; document §1.3

    @LL-PLAYER-134.a @needs-http-source
    Scenario: End and start
      Given a connected client
      And a playing track "tone-30s.wav"
      When the client updates the player with {"track": {"encoded": "${track}"}}
      Then the client receives in this order:
        | kind            | with                   |
        | TrackEndEvent   | {"reason": "replaced"} |
        | TrackStartEvent |                        |
      And no "event" follows

  @LL-PLAYER-102 @observed
  Rule: A track that starts gives two playerUpdates at once
    One from the PATCH and one from the new timer; either may come before the event.
    Sources: docs/observed/players.md#playerupdates; fixtures/recordings/rest/player_play_without_voice.json

    @LL-PLAYER-102.a @needs-http-source
    Scenario: Two and no third
      Given a connected client
      And a loaded track "tone-30s.wav"
      When the client updates the player with {"track": {"encoded": "${track}"}}
      Then the client receives in any order:
        | kind            | with                                                                                         |
        | TrackStartEvent | {"guildId": "${guild}"}                                                                      |
        | playerUpdate    | {"guildId": "${guild}", "state": {"time": "#now", "connected": false, "ping": -1}}           |
        | playerUpdate    | {"guildId": "${guild}", "state": {"time": "#now", "connected": false, "ping": -1}}           |
      And no "playerUpdate" follows

    @LL-PLAYER-102.b @needs-http-source
    Scenario: A replaced track gives two again
      Given a connected client
      And a track that nobody hears "tone-30s.wav"
      When the client updates the player with {"track": {"encoded": "${track}"}}
      Then the client receives 2 "playerUpdate" messages with {"guildId": "${guild}"}
      And no "playerUpdate" follows

  @LL-PLAYER-103 @must
  Rule: While there is a track, playerUpdates come at an interval
    Five seconds unless playerUpdateInterval says otherwise.
    Sources: Lavalink docs, api/websocket.md "Player Update OP"; Lavalink docs, configuration/config/file.md "Example application.yml"; docs/observed/players.md#playerupdates; document §1.6

    @LL-PLAYER-103.a @needs-http-source @slow
    Scenario: Some seconds after the one before
      Given a connected client
      And a playing track "tone-30s.wav"
      Then the client receives "playerUpdate" within 6.5 seconds with {"guildId": "${guild}", "state": {"time": "#now"}}
      And no "playerUpdate" follows within 3 seconds
      And the client receives "playerUpdate" within 3.5 seconds with {"guildId": "${guild}", "state": {"time": "#now"}}

    @LL-PLAYER-103.b @needs-http-source @slow
    Scenario: Also while it is paused
      Given a connected client
      And a playing track "tone-30s.wav"
      When the client updates the player with {"paused": true}
      Then the client receives "playerUpdate" within 6.5 seconds with {"guildId": "${guild}"}
      And the client receives "playerUpdate" within 6.5 seconds with {"guildId": "${guild}"}

  @LL-PLAYER-135 @observed
  Rule: The interval counts from the start of a track, and ends with it
    The documentation says that they come every few seconds, of whatever player.
    Sources: docs/observed/players.md#playerupdates; document §1.6

    @LL-PLAYER-135.a @needs-http-source @slow
    Scenario: None once the track has ended
      Given a connected client
      And a track that nobody hears "tone-30s.wav"
      When the client updates the player with {"track": {"encoded": null}}
      Then no "playerUpdate" follows within 7 seconds

    @LL-PLAYER-135.b @slow
    Scenario: None for an idle player
      Given a connected client
      And a player
      Then no "playerUpdate" follows within 7 seconds

    @LL-PLAYER-135.c @needs-http-source @slow
    Scenario: A replaced track takes its interval with it
      Given a connected client
      And a track that nobody hears "tone-30s.wav"
      And 3 seconds pass
      When the client updates the player with {"track": {"encoded": "${track}"}}
      And the client receives 2 "playerUpdate" messages with {"guildId": "${guild}"}
      Then no "playerUpdate" follows within 3 seconds
      And the client receives "playerUpdate" within 4 seconds with {"guildId": "${guild}"}

  @LL-PLAYER-104 @observed
  Rule: Filters and seeking send a playerUpdate at once, other changes do not
    Sources: docs/observed/players.md#playerupdates

    @LL-PLAYER-104.a
    Scenario Outline: Sent to an idle player: <case>
      Given a connected client
      And a player
      When the client updates the player with <body>
      Then the client receives "playerUpdate" with {"guildId": "${guild}", "state": {"position": 0}}
      And no "playerUpdate" follows

      @needs-filter-volume
      Examples:
        | case       | body                        |
        | filters    | {"filters": {"volume": 0.9}} |

      Examples:
        | case       | body                        |
        | no filters | {"filters": {}}              |

    @LL-PLAYER-104.b
    Scenario Outline: Not sent to an idle player: <case>
      Given a connected client
      And a player
      When the client updates the player with <body>
      Then the answer is 200
      And no "playerUpdate" follows

      Examples:
        | case     | body                             |
        | nothing  | {}                               |
        | no track | {"track": {"encoded": null}}     |
        | volume   | {"volume": 80}                   |
        | paused   | {"paused": true}                 |
        | position | {"position": 3000}               |
        | end time | {"endTime": 50000}               |
        | userData | {"track": {"userData": {"a": 1}}} |

    @LL-PLAYER-104.c @needs-http-source
    Scenario: A seek on a track
      Given a connected client
      And a track that nobody hears "tone-30s.wav"
      When the client updates the player with {"position": 10000}
      Then the answer is 200
      And the client receives "playerUpdate" with {"guildId": "${guild}"}
      And no "playerUpdate" follows

    @LL-PLAYER-104.d @needs-http-source
    Scenario Outline: Not sent to a player with a track: <case>
      Given a connected client
      And a track that nobody hears "tone-30s.wav"
      When the client updates the player with <body>
      Then the answer is 200
      And no "playerUpdate" follows

      Examples:
        | case        | body                              |
        | nothing     | {}                                |
        | empty track | {"track": {}}                     |
        | volume      | {"volume": 80}                    |
        | paused      | {"paused": true}                  |
        | not paused  | {"paused": false}                 |
        | end time    | {"endTime": 50000}                |
        | no end time | {"endTime": null}                 |
        | userData    | {"track": {"userData": {"a": 1}}} |

  @LL-PLAYER-105 @observed
  Rule: Filters in the body of a track give a third playerUpdate, before the track starts
    Sources: docs/observed/players.md#playerupdates

    @LL-PLAYER-105.a @needs-http-source @needs-filter-volume
    Scenario: Three in all
      Given a connected client
      And a loaded track "tone-30s.wav"
      When the client updates the player with {"track": {"encoded": "${track}"}, "filters": {"volume": 0.5}}
      Then the client receives in this order:
        | kind            | with                    |
        | playerUpdate    | {"guildId": "${guild}"} |
        | TrackStartEvent | {"guildId": "${guild}"} |

    @LL-PLAYER-105.b @needs-http-source @needs-filter-volume
    Scenario: And no fourth
      Given a connected client
      And a loaded track "tone-30s.wav"
      When the client updates the player with {"track": {"encoded": "${track}"}, "filters": {"volume": 0.5}}
      Then the client receives 3 "playerUpdate" messages with {"guildId": "${guild}"}
      And no "playerUpdate" follows

  @LL-PLAYER-106 @observed
  Rule: A destroyed player with a track ends it
    The document's table has DELETE without an event, and Lavalink's documentation does not say. But the
    track does end.
    Sources: Lavalink docs, api/websocket.md "TrackEndEvent"; docs/observed/players.md#events; fixtures/recordings/rest/player_replace_and_noreplace.json; document §1.3

    @LL-PLAYER-106.a @needs-http-source
    Scenario: TrackEndEvent
      Given a connected client
      And a playing track "tone-30s.wav"
      When the client destroys the player
      Then the client receives "TrackEndEvent" with {"guildId": "${guild}", "reason": "#/(stopped)?(cleanup)?/"}

  @LL-PLAYER-137 @observed
  Rule: The track of a destroyed player ends with the reason stopped
    Lavalink's documentation has cleanup, too.
    Sources: docs/observed/players.md#events; fixtures/recordings/rest/player_replace_and_noreplace.json

    @LL-PLAYER-137.a @needs-http-source
    Scenario: TrackEndEvent stopped
      Given a connected client
      And a playing track "tone-30s.wav"
      When the client destroys the player
      Then the client receives "TrackEndEvent" with {"reason": "stopped"}

  @LL-PLAYER-136 @observed
  Rule: An idle player that is destroyed goes silently
    Sources: docs/observed/players.md#events

    @LL-PLAYER-136.a
    Scenario: Without a voice channel
      Given a connected client
      And a player
      When the client destroys the player
      Then no "event" follows
      And no "playerUpdate" follows

  @LL-PLAYER-107 @observed
  Rule: Without a voice connection the position stays 0
    Nobody takes frames, so nothing is played. A start or seek position is shown at first.
    Sources: docs/observed/players.md#without-a-voice-connection; fixtures/recordings/rest/player_play_without_voice.json

    @LL-PLAYER-107.a @needs-http-source
    Scenario: Time does not pass for the track
      Given a connected client
      And a track that nobody hears "tone-30s.wav"
      When 1 seconds pass
      Then the player contains {"track": {"info": {"position": 0}}, "state": {"position": 0, "connected": false, "ping": -1}}

    @LL-PLAYER-107.b @needs-http-source @quirk
    Scenario: A start position is announced
      Given a connected client
      And a loaded track "tone-30s.wav"
      When the client updates the player with {"track": {"encoded": "${track}"}, "position": 2000, "paused": true}
      Then the client receives in any order:
        | kind            | with                                           |
        | TrackStartEvent | {"track": {"info": {"position": 2000}}}        |
        | playerUpdate    | {"state": {"position": "#in [0, 2000]"}}       |
        | playerUpdate    | {"state": {"position": "#in [0, 2000]"}}       |
      And the player contains {"state": {"position": "#in [0, 2000]"}}

    @LL-PLAYER-107.c @needs-http-source @slow
    Scenario: A short track does not end
      Given a connected client
      And a track that nobody hears "tone-1s.wav"
      Then no "TrackEndEvent" follows within 4 seconds
      And the player contains {"track": {"info": {"uri": "${media}/tone-1s.wav"}}}

    @LL-PLAYER-107.d @needs-http-source @slow
    Scenario: An end time is not reached
      Given a connected client
      And a track that nobody hears "tone-30s.wav"
      When the client updates the player with {"endTime": 500}
      Then no "TrackEndEvent" follows within 4 seconds

  @LL-PLAYER-141 @observed
  Rule: A track starts though nobody hears it
    A server may as well wait until the player is in a voice channel.
    Sources: docs/observed/players.md#without-a-voice-connection; fixtures/recordings/rest/player_play_without_voice.json

    @LL-PLAYER-141.a @needs-http-source
    Scenario: Seconds of a tone
      Given a connected client
      Then a track that nobody hears "tone-30s.wav"

  @LL-PLAYER-108 @observed
  Rule: A track that nobody listens to ends with cleanup after 60 to 70 seconds
    The server looks every ten seconds for tracks whose frames nobody took for a minute.
    Sources: docs/observed/players.md#without-a-voice-connection

    @LL-PLAYER-108.a @needs-http-source @slow
    Scenario: Not before, and once
      Given a connected client
      And a track that nobody hears "tone-30s.wav"
      Then no "TrackEndEvent" follows within 55 seconds
      And the client receives "TrackEndEvent" within 20 seconds with {"guildId": "${guild}", "reason": "cleanup", "track": {"info": {"position": 0}}}
      And the player contains {"track": null, "paused": false}
      And no "playerUpdate" follows within 6 seconds

    @LL-PLAYER-108.b @needs-http-source @slow
    Scenario: A paused one too, and it stays paused
      Given a connected client
      And a track that nobody hears "tone-30s.wav"
      When the client updates the player with {"paused": true}
      Then the client receives "TrackEndEvent" within 75 seconds with {"guildId": "${guild}", "reason": "cleanup"}
      And the player contains {"track": null, "paused": true}

    @LL-PLAYER-108.c @needs-http-source @slow
    Scenario: Seeking, volume and fetching do not put it off
      Given a connected client
      And a track that nobody hears "tone-30s.wav"
      When 40 seconds pass
      And the client updates the player with {"position": 5000, "volume": 50}
      And the client fetches the player
      Then the client receives "TrackEndEvent" within 35 seconds with {"guildId": "${guild}", "reason": "cleanup"}

  @LL-PLAYER-120 @observed
  Rule: A position and filters in one body give an update each
    Sources: docs/observed/players.md#playerupdates; fixtures/recordings/playback/15_which_patch_sends_playerUpdate.json

    @LL-PLAYER-120.a @needs-http-source
    Scenario: On a track: two
      Given a connected client
      And a track that nobody hears "tone-30s.wav"
      When the client updates the player with {"position": 4000, "filters": {}}
      Then the client receives 2 "playerUpdate" messages with {"guildId": "${guild}"}
      And no "playerUpdate" follows

    @LL-PLAYER-120.b
    Scenario: On an idle player: one
      Given a connected client
      And a player
      When the client updates the player with {"position": 4000, "filters": {}}
      Then the client receives "playerUpdate" with {"guildId": "${guild}", "state": {"position": 0}}
      And no "playerUpdate" follows

  @LL-PLAYER-121 @observed
  Rule: A seek without voice is shown at first and then forgotten
    Nobody takes frames from there.
    Sources: docs/observed/players.md#without-a-voice-connection; fixtures/recordings/rest/player_play_without_voice.json

    @LL-PLAYER-121.a @needs-http-source @quirk
    Scenario: The position afterwards
      Given a connected client
      And a track that nobody hears "tone-30s.wav"
      When the client updates the player with {"position": 10000}
      Then the client receives "playerUpdate" with {"state": {"position": "#in [0, 10000]"}}
      And the player contains {"state": {"position": "#in [0, 10000]"}}

  @LL-PLAYER-125 @observed
  Rule: A new track puts cleanup off
    The minute counts from the start of the track that is there.
    Sources: docs/observed/players.md#without-a-voice-connection

    @LL-PLAYER-125.a @needs-http-source @slow
    Scenario: Replaced after 40 seconds
      Given a connected client
      And a track that nobody hears "tone-30s.wav"
      When 40 seconds pass
      And the client updates the player with {"track": {"encoded": "${track}"}}
      Then the client receives "TrackEndEvent" with {"reason": "replaced"}
      And no "TrackEndEvent" follows within 50 seconds
