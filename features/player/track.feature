Feature: The track of a player
  Which bodies start, stop or change a track, and which are refused.

  @LL-PLAYER-040 @must
  Rule: An encoded track plays at once
    The answer shows the track with its info, and the player has it from then on.
    Sources: Lavalink docs, api/rest.md "Update Player Track"; Lavalink docs, api/rest.md "Track"; docs/observed/players.md#naming-a-track; fixtures/recordings/rest/player_play_without_voice.json; document §1.3

    @LL-PLAYER-040.a @needs-http-source
    Scenario: The track is in the answer and on the player
      Given a connected client
      And the player may be heard
      And a loaded track "tone-30s.wav"
      When the client updates the player with {"track": {"encoded": "${track}"}}
      Then the answer is 200
      And the answer contains {"track": {"info": {"uri": "${media}/tone-30s.wav"}}, "paused": false}
      And the player contains {"track": {"info": {"uri": "${media}/tone-30s.wav"}}}

  @LL-PLAYER-041 @must
  Rule: An identifier is looked up and plays
    It saves a client the lookup of its own.
    Sources: Lavalink docs, api/rest.md "Update Player Track"; docs/observed/players.md#naming-a-track; fixtures/recordings/rest/player_replace_and_noreplace.json; document §1.3

    @LL-PLAYER-041.a @needs-http-source
    Scenario: The identifier of a track
      Given a connected client
      And a loaded track "tone-30s.wav"
      And the player may be heard
      When the client updates the player with {"track": {"identifier": "${media}/tone-30s.wav"}}
      Then the answer is 200
      And the answer contains {"track": {"info": {"uri": "${media}/tone-30s.wav"}}}
      And the client receives "TrackStartEvent" with {"guildId": "${guild}"}

  @LL-PLAYER-042 @must
  Rule: An identifier that gives no track is refused
    A lookup that finds nothing is told from one that breaks by another rule (LL-PLAYER-142).
    Sources: Lavalink docs, api/rest.md "Update Player Track"; docs/observed/players.md#naming-a-track; docs/observed/players.md#refusals; fixtures/recordings/rest/player_patch_validation.json

    @LL-PLAYER-042.a
    Scenario: Nothing known by that name
      Given a connected client
      When the client updates the player with {"track": {"identifier": "no such thing"}}
      Then the answer is a refusal

    @LL-PLAYER-042.d @twin @needs-http-source
    Scenario: Their valid twin
      Given a connected client
      When the client updates the player with {"track": {"identifier": "${media}/tone.mp3"}}
      Then the answer is 200

  @LL-PLAYER-142 @should
  Rule: An identifier for which nothing is found is refused with 400
    The documentation has the status for a playlist, a search result and no tracks. A lookup that breaks is none of
    these, so loadtracks is asked first.
    Sources: Lavalink docs, api/rest.md "Update Player Track"; docs/observed/players.md#refusals; fixtures/recordings/rest/player_patch_validation.json

    @LL-PLAYER-142.a
    Scenario: Nothing known by that name
      Given a connected client
      And the client loads "no such thing"
      And the answer contains {"loadType": "empty"}
      When the client updates the player with {"track": {"identifier": "no such thing"}}
      Then the answer is an error 400

  @LL-PLAYER-043 @must
  Rule: Encoded track and identifier exclude each other
    Sources: Lavalink docs, api/rest.md "Update Player Track"; docs/observed/players.md#refusals; fixtures/recordings/rest/player_patch_validation.json

    @LL-PLAYER-043.a
    Scenario: Both inside track
      Given a connected client
      When the client updates the player with {"track": {"encoded": "QAAA", "identifier": "x"}}
      Then the answer is a refusal

    @LL-PLAYER-043.b
    Scenario: Both in the older form
      Given a connected client
      When the client updates the player with {"encodedTrack": "QAAA", "identifier": "x"}
      Then the answer is a refusal

  @LL-PLAYER-044 @observed
  Rule: The newer and the older form of naming a track exclude each other
    The documentation does not say what both together mean.
    Sources: docs/observed/players.md#refusals; fixtures/recordings/rest/player_patch_validation.json

    @LL-PLAYER-044.a
    Scenario Outline: <case>
      Given a connected client
      When the client updates the player with <body>
      Then the answer is an error 400

      Examples:
        | case       | body                                                    |
        | encoded    | {"encodedTrack": "QAAA", "track": {"encoded": "QAAA"}}  |
        | identifier | {"identifier": "x", "track": {"userData": {}}}          |

  @LL-PLAYER-045 @should
  Rule: The older form still works
    encodedTrack and identifier at the top of the body are deprecated, not gone.
    Sources: Lavalink docs, api/rest.md "Update Player"; docs/observed/players.md#naming-a-track; fixtures/recordings/rest/player_replace_and_noreplace.json

    @LL-PLAYER-045.a @needs-http-source
    Scenario: encodedTrack plays
      Given a connected client
      And the player may be heard
      And a loaded track "tone-30s.wav"
      When the client updates the player with {"encodedTrack": "${track}"}
      Then the answer contains {"track": {"info": {"uri": "${media}/tone-30s.wav"}}}

    @LL-PLAYER-045.c @needs-http-source
    Scenario: A null encodedTrack stops
      Given a connected client
      And a playing track "tone-30s.wav"
      When the client updates the player with {"encodedTrack": null}
      Then the answer contains {"track": null}
      And the client receives "TrackEndEvent" with {"reason": "stopped"}

    @LL-PLAYER-045.b @needs-http-source
    Scenario: identifier plays
      Given a connected client
      And the player may be heard
      And a loaded track "tone-30s.wav"
      When the client updates the player with {"identifier": "${media}/tone-30s.wav"}
      Then the answer contains {"track": {"info": {"uri": "${media}/tone-30s.wav"}}}

  @LL-PLAYER-046 @should
  Rule: A track without anything in it changes nothing
    Each of its fields may be left out.
    Sources: Lavalink docs, api/rest.md "Update Player Track"; docs/observed/players.md#naming-a-track; fixtures/recordings/rest/player_patch_validation.json

    @LL-PLAYER-046.a
    Scenario: On an idle player
      Given a connected client
      And the client updates the player with {"paused": true}
      When the client updates the player with {"track": {}}
      Then the answer contains {"track": null, "paused": true}

    @LL-PLAYER-046.b @needs-http-source
    Scenario: On a playing one
      Given a connected client
      And a playing track "tone-30s.wav"
      When the client updates the player with {"track": {}}
      Then the answer contains {"track": {"info": {"uri": "${media}/tone-30s.wav"}}}
      And no "event" follows

  @LL-PLAYER-047 @observed
  Rule: A track of another shape is refused
    The documentation gives the types, and does not say what becomes of other values.
    Sources: docs/observed/players.md#naming-a-track; fixtures/recordings/rest/player_patch_validation.json

    @LL-PLAYER-047.a
    Scenario Outline: <case>
      Given a connected client
      When the client updates the player with {"track": <track>}
      Then the answer is an error 400

      Examples:
        | case              | track                |
        | null              | null                 |
        | text              | "x"                  |
        | array             | []                   |
        | encoded number    | {"encoded": 5}       |
        | identifier null   | {"identifier": null} |
        | identifier number | {"identifier": 5}    |

  @LL-PLAYER-048 @observed
  Rule: An encoded track that cannot be decoded is an internal error
    Clients see a 500 where they would expect a 400.
    Sources: docs/observed/players.md#refusals; fixtures/recordings/rest/player_patch_validation.json

    @LL-PLAYER-048.a @quirk
    Scenario Outline: <case>
      Given a connected client
      When the client updates the player with {"track": {"encoded": "<encoded>"}}
      Then the answer is an error 500
      And the answer's header "Lavalink-Api-Version" is "4" or absent (quirk)

      Examples:
        | case       | encoded     |
        | not base64 | notbase64!! |
        | too short  | AAAA        |
        | empty      |             |

    @LL-PLAYER-048.b @twin @needs-http-source
    Scenario: The valid twin
      Given a connected client
      And a loaded track "tone-30s.wav"
      When the client updates the player with {"track": {"encoded": "${track}"}}
      Then the answer is 200

  @LL-PLAYER-049 @must
  Rule: userData is given back as it was sent
    Bots keep the requester and the like in it. The document has it on the track, and so it is.
    Sources: Lavalink docs, api/rest.md "Update Player Track"; Lavalink docs, api/rest.md "Track"; docs/observed/players.md#user-data; fixtures/recordings/rest/player_play_without_voice.json; document §5.12

    @LL-PLAYER-049.a @needs-http-source
    Scenario: In the answer, on the player and in the event
      Given a connected client
      And the player may be heard
      And a loaded track "tone-30s.wav"
      When the client updates the player with {"track": {"encoded": "${track}", "userData": {"requester": "me", "n": [1, {"x": null}]}}}
      Then the answer at "/track/userData" is {"requester": "me", "n": [1, {"x": null}]}
      And the client receives "TrackStartEvent"
      And the message at "/track/userData" is {"requester": "me", "n": [1, {"x": null}]}
      And the player contains {"track": {"userData": {"requester": "me"}}}

    @LL-PLAYER-049.b @needs-http-source
    Scenario: It can be replaced while the track plays
      Given a connected client
      And a playing track "tone-30s.wav"
      When the client updates the player with {"track": {"userData": {"replaced": true}}}
      Then the answer is 200
      And the answer at "/track/userData" is {"replaced": true}
      And no "event" follows

    @LL-PLAYER-049.e @needs-http-source
    Scenario: The next track begins without it
      Given a connected client
      And the player may be heard
      And a loaded track "tone-30s.wav"
      And the client updates the player with {"track": {"encoded": "${track}", "userData": {"a": 1}}}
      When the client updates the player with {"track": {"encoded": "${track}"}}
      Then the answer at "/track/userData" is "#none or {}"

  @LL-PLAYER-130 @observed
  Rule: userData without a track are lost
    Sources: docs/observed/players.md#user-data; fixtures/recordings/rest/player_play_without_voice.json

    @LL-PLAYER-130.a
    Scenario: An idle player
      Given a connected client
      When the client updates the player with {"track": {"userData": {"a": 1}}}
      Then the answer is 200
      And the answer at "/track" is null

  @LL-PLAYER-050 @must
  Rule: A null encoded track stops the player
    The player stays, without a track, and keeps its volume and filters.
    Sources: Lavalink docs, api/rest.md "Update Player Track"; Lavalink docs, api/websocket.md "Track End Reason"; docs/observed/players.md#stopping; fixtures/recordings/rest/player_play_without_voice.json; document §1.3

    @LL-PLAYER-050.a @needs-http-source
    Scenario: A playing track is stopped
      Given a connected client
      And a playing track "tone-30s.wav"
      When the client updates the player with {"track": {"encoded": null}}
      Then the answer contains {"track": null}
      And the client receives "TrackEndEvent" with {"guildId": "${guild}", "reason": "stopped", "track": {"info": {"uri": "${media}/tone-30s.wav"}}}

    @LL-PLAYER-050.d @needs-http-source @needs-filter-volume
    Scenario: Volume and filters are kept
      Given a connected client
      And the client updates the player with {"volume": 33, "filters": {"volume": 0.5}}
      And a playing track "tone-30s.wav"
      When the client updates the player with {"track": {"encoded": null}}
      Then the answer contains {"track": null, "volume": 33, "filters": {"volume": 0.5}}

    @LL-PLAYER-050.b
    Scenario: Without a track nothing happens
      Given a connected client
      And a player
      When the client updates the player with {"track": {"encoded": null}}
      Then the answer is 200
      And the answer at "/track" is null
      And no "event" follows

    @LL-PLAYER-050.c @needs-http-source
    Scenario: Stopping twice gives one event
      Given a connected client
      And a playing track "tone-30s.wav"
      When the client updates the player with {"track": {"encoded": null}}
      And the client updates the player with {"track": {"encoded": null}}
      Then the client receives "TrackEndEvent" with {"reason": "stopped"}
      And no "event" follows

  @LL-PLAYER-051 @observed
  Rule: Stopping resumes a paused player unless the body says otherwise
    The document does not tell; a bot that stops a paused player finds it ready to play.
    Sources: docs/observed/players.md#stopping; fixtures/recordings/rest/player_play_without_voice.json

    @LL-PLAYER-051.a @needs-http-source
    Scenario: paused becomes false
      Given a connected client
      And a playing track "tone-30s.wav"
      And the client updates the player with {"paused": true}
      When the client updates the player with {"track": {"encoded": null}}
      Then the answer contains {"track": null, "paused": false}

    @LL-PLAYER-051.b @needs-http-source
    Scenario: paused is kept when the body has it
      Given a connected client
      And a playing track "tone-30s.wav"
      When the client updates the player with {"track": {"encoded": null}, "paused": true}
      Then the answer contains {"track": null, "paused": true}

  @LL-PLAYER-052 @must
  Rule: A track can be started paused
    Sources: Lavalink docs, api/rest.md "Update Player"; docs/observed/players.md#naming-a-track; fixtures/recordings/rest/player_replace_and_noreplace.json; document §1.3, §5.11

    @LL-PLAYER-052.b @needs-http-source
    Scenario: Both in one body
      Given a connected client
      And the player may be heard
      And a loaded track "tone-30s.wav"
      When the client updates the player with {"track": {"encoded": "${track}"}, "paused": true}
      Then the answer contains {"paused": true, "track": {"info": {"uri": "${media}/tone-30s.wav"}}}

  @LL-PLAYER-133 @observed
  Rule: A new track plays even if the player was paused
    The documentation does not tell; clients that think so send paused with the track.
    Sources: docs/observed/players.md#naming-a-track; fixtures/recordings/rest/player_replace_and_noreplace.json; document §1.3, §5.11

    @LL-PLAYER-133.a @needs-http-source
    Scenario: paused is reset
      Given a connected client
      And a playing track "tone-30s.wav"
      And the client updates the player with {"paused": true}
      When the client updates the player with {"track": {"encoded": "${track}"}}
      Then the answer contains {"paused": false}

  @LL-PLAYER-053 @observed
  Rule: What precedes the track in a body stays applied when the track fails
    Volume and filters are set, and pause is reset, before the identifier is looked up.
    Sources: docs/observed/players.md#the-order-of-one-update; fixtures/recordings/rest/player_patch_validation.json

    @LL-PLAYER-053.a @needs-filter-tremolo
    Scenario: An identifier that is not found
      Given a connected client
      And the client updates the player with {"paused": true}
      When the client updates the player with {"track": {"identifier": "no such thing"}, "volume": 44, "filters": {"tremolo": {"depth": 0.25}}}
      Then the answer is an error 400
      And the player contains {"volume": 44, "paused": false, "filters": {"tremolo": {"depth": 0.25}}}

    @LL-PLAYER-053.b
    Scenario: The player exists afterwards
      Given a connected client
      When the client updates the player with {"track": {"identifier": "no such thing"}}
      Then the answer is an error 400
      And the player contains {"track": null}

    @LL-PLAYER-053.c @needs-http-source
    Scenario: The track that played goes on
      Given a connected client
      And a playing track "tone-30s.wav"
      When the client updates the player with {"track": {"identifier": "no such thing"}}
      Then the answer is an error 400
      And no "event" follows
      And the player contains {"track": {"info": {"uri": "${media}/tone-30s.wav"}}}

    @LL-PLAYER-053.d @needs-voice
    Scenario: The voice channel is joined
      Given a connected client
      And a voice channel
      When the client updates the player with {"track": {"identifier": "no such thing"}, "voice": ${voice}}
      Then the answer is an error 400
      And the voice gateway sees "identify"
      And the player contains {"track": null, "voice": ${voice}, "state": {"connected": true}}

  @LL-PLAYER-054 @observed
  Rule: What is checked first is refused before anything is applied
    The documentation does not tell.
    Sources: docs/observed/players.md#the-order-of-one-update

    @LL-PLAYER-054.a
    Scenario Outline: <case>
      Given a connected client
      And the client updates the player with {"volume": 10}
      When the client updates the player with {"volume": 99, "paused": true, <defect>}
      Then the answer is an error 400
      And the player contains {"volume": 10, "paused": false}

      Examples:
        | case      | defect                                                                        |
        | end time  | "endTime": 0                                                                  |
        | both      | "encodedTrack": "QAAA", "identifier": "x"                                     |
        | voice     | "voice": {"token": "", "endpoint": "localhost:1", "sessionId": "s", "channelId": "1"}   |
        | undecoded | "position": null                                                              |

  @LL-PLAYER-055 @observed
  Rule: The encoded track carries the current position
    It is not the text that was sent: playing it again starts there. Compare info, not encoded.
    Sources: docs/observed/players.md#encoded-tracks-of-a-player

    @LL-PLAYER-055.a @needs-http-source
    Scenario: A track that starts at a position
      Given a connected client
      And a loaded track "tone-30s.wav"
      When the client updates the player with {"track": {"encoded": "${track}"}, "position": 2000}
      Then the client receives "TrackStartEvent" with {"track": {"info": {"position": 2000}}}
      And the message at "/track/encoded" is remembered as "started"
      And the encoded track "${started}" reads as {"position": 2000, "length": 30000}

    @LL-PLAYER-055.b @needs-http-source @needs-voice
    Scenario: A track that is heard
      Given a connected client
      And the player plays in a voice channel "tone-30s.wav"
      And 2 seconds pass
      When the client fetches the player
      Then the answer at "/track/info/position" is "#range 1600..2800"
      And the answer at "/track/info/position" is remembered as "position"
      And the answer at "/track/encoded" is remembered as "shown"
      And the encoded track "${shown}" reads as {"position": ${position}, "length": 30000}

    @LL-PLAYER-055.c @needs-http-source @needs-voice
    Scenario: Its end
      Given a connected client
      And the player plays in a voice channel "tone-30s.wav"
      And 2 seconds pass
      And the client fetches the player
      And the answer at "/track/info/position" is remembered as "position"
      When the client updates the player with {"track": {"encoded": null}}
      Then the client receives "TrackEndEvent" with {"reason": "stopped", "track": {"info": {"position": "#range ${position}.."}}}
      And the message at "/track/info/position" is remembered as "last"
      And the message at "/track/encoded" is remembered as "ended"
      And the encoded track "${ended}" reads as {"position": ${last}}

  @LL-PLAYER-056 @observed
  Rule: A null encoded track counts as given when tracks exclude each other
    The server looks whether the key is there, not at its value.
    Sources: docs/observed/players.md#refusals

    @LL-PLAYER-056.a
    Scenario Outline: <case>
      Given a connected client
      When the client updates the player with <body>
      Then the answer is an error 400

      Examples:
        | case       | body                                            |
        | identifier | {"track": {"encoded": null, "identifier": "x"}} |
        | older      | {"encodedTrack": null, "identifier": "x"}       |
        | both forms | {"encodedTrack": null, "track": {}}             |

    @LL-PLAYER-056.b @twin
    Scenario: The valid twin
      Given a connected client
      When the client updates the player with {"track": {"encoded": null}}
      Then the answer is 200
      And the answer at "/track" is null

  @LL-PLAYER-057 @observed
  Rule: A lookup that breaks is refused with the message of its exception
    It is the text that loadtracks gives for the same identifier.
    Sources: docs/observed/players.md#refusals; docs/observed/tracks.md#load-results

    @LL-PLAYER-057.a @needs-http-source
    Scenario: An address that answers 403
      Given a connected client
      When the client updates the player with {"track": {"identifier": "${media}/forbidden.mp3"}}
      Then the answer is 400 "Something went wrong while looking up the track."

    @LL-PLAYER-057.b @needs-http-source
    Scenario: Nothing is played
      Given a connected client
      When the client updates the player with {"track": {"identifier": "${media}/forbidden.mp3"}}
      Then the answer is an error 400
      And the player contains {"track": null}
      And no "event" follows

  @LL-PLAYER-143 @observed
  Rule: A track that cannot be opened stays where it was to begin, or was sought
    Until it ends: with the next frame that somebody asks for, or with the cleanup. Nobody looks at its end time.
    Sources: docs/observed/playback.md#tracks-that-cannot-be-opened

    @LL-PLAYER-143.a @needs-http-source
    Scenario: What is told and shown
      Given a connected client
      And an encoded track remembered as "refused":
        """
        {"sourceName": "http", "identifier": "${media}/missing.mp3", "uri": "${media}/missing.mp3", "probeInfo": "mp3", "position": 400}
        """
      When the client updates the player with {"track": {"encoded": "${refused}"}}
      Then the client receives "TrackExceptionEvent" within 5 seconds with {"track": {"info": {"position": 400}}}
      And the player contains {"state": {"position": 400}, "track": {"info": {"position": 400}}}

    @LL-PLAYER-143.b @needs-http-source
    Scenario Outline: Sought at <position>
      Given a connected client
      And an encoded track remembered as "refused":
        """
        {"sourceName": "http", "identifier": "${media}/missing.mp3", "uri": "${media}/missing.mp3", "probeInfo": "mp3", "position": 400}
        """
      And the client updates the player with {"track": {"encoded": "${refused}"}}
      And the client receives "TrackExceptionEvent" within 5 seconds
      When the client updates the player with {"position": <position>}
      Then the answer contains {"state": {"position": <shown>}}
      And the player contains {"state": {"position": <shown>}, "track": {"info": {"position": <shown>}}}

      Examples:
        | case   | position | shown |
        | behind | 700      | 700   |
        | before | -3       | 0     |

    @LL-PLAYER-143.c @needs-http-source
    Scenario: Sought across its end time
      Given a connected client
      And an encoded track remembered as "refused":
        """
        {"sourceName": "http", "identifier": "${media}/missing.mp3", "uri": "${media}/missing.mp3", "probeInfo": "mp3"}
        """
      And the client updates the player with {"track": {"encoded": "${refused}"}, "endTime": 500}
      And the client receives "TrackExceptionEvent" within 5 seconds
      When the client updates the player with {"position": 700}
      Then no "TrackEndEvent" follows
      And the player contains {"track": {"info": {"position": 700}}}

    @LL-PLAYER-143.d @needs-http-source @needs-voice
    Scenario: In a voice channel
      Given a connected client
      And the player is in a voice channel
      And an encoded track remembered as "refused":
        """
        {"sourceName": "http", "identifier": "${media}/missing.mp3", "uri": "${media}/missing.mp3", "probeInfo": "mp3", "position": 400}
        """
      When the client updates the player with {"track": {"encoded": "${refused}"}}
      Then the client receives in any order within 5 seconds:
        | kind                | with                                  |
        | TrackExceptionEvent | {"track": {"info": {"position": 400}}} |
        | TrackEndEvent       | {"track": {"info": {"position": 400}}} |

  @LL-PLAYER-144 @observed
  Rule: A track that is to begin before its beginning, and a stream, are at 0 once they have begun
    TrackStartEvent comes before, with the position that was asked for.
    Sources: docs/observed/playback.md#starts

    @LL-PLAYER-144.a @needs-http-source
    Scenario: A second before
      Given a connected client
      And a loaded track "tone-30s.wav"
      When the client updates the player with {"track": {"encoded": "${track}"}, "position": -1000}
      Then the answer contains {"state": {"position": 0}, "track": {"info": {"position": 0}}}
      And the client receives "TrackStartEvent" with {"track": {"info": {"position": -1000}}}

    @LL-PLAYER-144.b @needs-http-source
    Scenario: A stream
      Given a connected client
      And an encoded track remembered as "stream":
        """
        {"sourceName": "http", "identifier": "${media}/tone-30s.wav", "uri": "${media}/tone-30s.wav", "probeInfo": "wav", "isStream": true, "position": 400}
        """
      When the client updates the player with {"track": {"encoded": "${stream}"}}
      Then the answer contains {"state": {"position": 0}, "track": {"info": {"position": 0}}}
      And the client receives "TrackStartEvent" with {"track": {"info": {"position": 400}}}

  @LL-PLAYER-145 @observed
  Rule: A stream is not sought, though that is 200 and gives a playerUpdate
    Sources: docs/observed/playback.md#seeks

    @LL-PLAYER-145.a @needs-http-source
    Scenario: What is told and shown
      Given a connected client
      And an encoded track remembered as "stream":
        """
        {"sourceName": "http", "identifier": "${media}/tone-30s.wav", "uri": "${media}/tone-30s.wav", "probeInfo": "wav", "isStream": true}
        """
      And the client updates the player with {"track": {"encoded": "${stream}"}}
      And the client receives 2 "playerUpdate" messages
      When the client updates the player with {"position": 700}
      Then the answer contains {"state": {"position": 0}, "track": {"info": {"position": 0}}}
      And the client receives "playerUpdate" with {"guildId": "${guild}", "state": {"position": 0}}

    @LL-PLAYER-145.b @needs-http-source
    Scenario: Across its end time
      Given a connected client
      And an encoded track remembered as "stream":
        """
        {"sourceName": "http", "identifier": "${media}/tone-30s.wav", "uri": "${media}/tone-30s.wav", "probeInfo": "wav", "isStream": true}
        """
      And the client updates the player with {"track": {"encoded": "${stream}"}, "endTime": 500}
      And the client receives 2 "playerUpdate" messages
      When the client updates the player with {"position": 700}
      Then no "TrackEndEvent" follows
      And the player contains {"track": {"info": {"isStream": true}}}

    @LL-PLAYER-145.c @needs-http-source @needs-voice
    Scenario: It plays on
      Given a connected client
      And the player is in a voice channel
      And an encoded track remembered as "stream":
        """
        {"sourceName": "http", "identifier": "${media}/tone-30s.wav", "uri": "${media}/tone-30s.wav", "probeInfo": "wav", "isStream": true}
        """
      And the client updates the player with {"track": {"encoded": "${stream}"}}
      And 1 seconds pass
      When the client updates the player with {"position": 20000}
      And 1 seconds pass
      Then the player contains {"state": {"position": "#range 1500..3500"}}
